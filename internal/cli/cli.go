// Package cli is Parity's command line: one file a subcommand, flags in, exit
// code out. It touches the process only through a Process, so that a test runs
// it like any function.
package cli

import (
	"bufio"
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/app"
	"github.com/envparity/parity/internal/fetch"
	"github.com/envparity/parity/internal/parallel"
	"github.com/envparity/parity/internal/render"
)

// Process is what a command is given by the process that runs it, in the
// manner of exec.Cmd.
type Process struct {
	// Dir is the working directory; relative paths of the command line are
	// below it.
	Dir            string
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	// Lookup reads an environment variable.
	Lookup func(name string) (string, bool)
	// ConfigDir is the user's configuration directory; empty where there is
	// none.
	ConfigDir string
	// CacheDir is the user's directory for what can be had again; empty where
	// there is none.
	CacheDir string
	Now      func() time.Time
	// Random gives keys; crypto/rand's reader outside of tests.
	Random io.Reader
	// Width is standard output's in columns, 0 where it is no terminal.
	Width int
	// Progress reports whether standard error is a terminal, where lines may be
	// rewritten.
	Progress bool
	// Interactive reports whether a person at a terminal can be asked.
	Interactive bool
	// Version is the version of the program.
	Version string
	// Worker is the command that starts this program as the process that renders
	// templates: its path and render.Argument. Nil renders in this process, where
	// only time and output are bounded, not memory.
	Worker []string
}

// Run runs the command that args name, without the program's name, and
// returns its exit code: 0 parity holds or the command did what it should,
// 1 parity does not hold, 2 usage or configuration, 3 could not tell. A panic is
// a failure with one message and exit code 3, as any fault of the program's own.
func Run(ctx context.Context, args []string, p Process) int {
	c := &command{Process: p}
	if len(p.Worker) > 0 {
		pool := render.NewPool(p.Worker)
		defer pool.Close()
		c.renderer = pool
	}
	err := parallel.Do(func() error {
		root := c.root()
		root.SetArgs(args)
		root.SetIn(p.Stdin)
		root.SetOut(p.Stdout)
		root.SetErr(p.Stderr)
		return root.ExecuteContext(ctx)
	})
	return c.exit(ctx, err)
}

// command is one run of the program: the process, the flags that every
// subcommand has, and the exit code that a subcommand which did its work sets.
type command struct {
	Process
	project string
	verbose bool
	noCache bool
	// base is the revision that an untrusted comparison obeys; empty is none.
	base string
	// found stands for the parity.yaml of a project that has none.
	found []byte
	// answers reads what a person types; nil until something is asked.
	answers *bufio.Reader
	// fetch gets what the repository names and does not hold.
	fetch bool
	code  int
	// renderer is nil where templates are rendered in this process.
	renderer render.Renderer
}

func (c *command) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "parity",
		Short: "Makes staging predict production",
		Long: `Parity reads what environments declare, compares all of them at once without
noise, and prints the few differences that matter, with the reason for
everything it set aside. It compares what one environment declares with what it
runs in the same way.

Exit codes: 0 parity holds, or the mode is report-only; 1 it does not;
2 usage or configuration; 3 could not tell.`,
		SilenceErrors: true, SuggestionsMinimumDistance: 2,
		SilenceUsage: true,
		Args:         noCommand,
		RunE:         func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	flags := root.PersistentFlags()
	flags.StringVarP(&c.project, "project", "C", "", "directory with parity.yaml (default: the first argument, or the working directory)")
	flags.BoolVarP(&c.verbose, "verbose", "v", false, "log what is read to standard error")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return usageError(cmd, err) })
	root.AddCommand(
		c.initCommand(), c.checkCommand(), c.diffCommand(), c.explainCommand(),
		c.alignCommand(), c.bindingsCommand(), c.snapshotCommand(), c.driftCommand(), c.tracesCommand(),
		c.acceptCommand(), c.allowCommand(), c.collectorsCommand(), c.schemaCommand(), c.versionCommand(), c.manCommand(),
	)
	return root
}

// app makes the application for a project directory.
func (c *command) app(project string) *app.App {
	o := app.Options{
		WorkDir:  c.Dir,
		Project:  project,
		Lookup:   c.Lookup,
		Allow:    c.allowed(project),
		Now:      c.Now().UTC(),
		Random:   c.Random,
		NoCache:  c.noCache,
		Base:     c.base,
		Found:    c.found,
		Version:  c.Version,
		Renderer: c.renderer,
		Log:      c.log(),
	}
	if c.fetch {
		o.Charts = fetch.New(filepath.Join(c.CacheDir, "parity", "charts"))
	}
	return app.New(o)
}

// addFetch adds the flag that lets a command get what is not there.
func (c *command) addFetch(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&c.fetch, "fetch", false, "get the charts that charts and helmfiles name by a version and that are not here, over https, and keep them in the user's directory for caches")
}

// checkFetch returns why nothing can be fetched.
func (c *command) checkFetch() error {
	if c.fetch && c.CacheDir == "" {
		return &parity.Error{Code: parity.CodeUsage, What: "there is no directory to keep what is fetched", Hint: "set HOME or XDG_CACHE_HOME"}
	}
	return nil
}

// log writes to standard error: everything where --verbose is given, else errors.
func (c *command) log() *slog.Logger {
	level := slog.LevelError
	if c.verbose {
		level = slog.LevelDebug
	}
	return slog.New(slog.NewTextHandler(c.Stderr, &slog.HandlerOptions{Level: level, ReplaceAttr: cleanAttr}))
}

// cleanAttr leaves out the time, and hides secrets in what is logged.
func cleanAttr(groups []string, a slog.Attr) slog.Attr {
	if len(groups) == 0 && a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	switch v := a.Value.Any().(type) {
	case string:
		a.Value = slog.StringValue(withoutSecrets(v))
	case error:
		a.Value = slog.StringValue(errorInLog(v))
	}
	return a
}

// abs resolves a path of the command line.
func (c *command) abs(path string) string {
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(c.Dir, path)
}
