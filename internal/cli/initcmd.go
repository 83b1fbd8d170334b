package cli

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/app"
	"github.com/envparity/parity/internal/report"
	"github.com/envparity/parity/internal/report/view"
)

func (c *command) initCommand() *cobra.Command {
	var force bool
	var observe app.Observe
	cmd := &cobra.Command{
		Use:   "init [DIRECTORY]",
		Short: "Look at a directory and write a first parity.yaml that runs",
		Long: `Looks for kustomize overlays, Helm values, manifests, Compose and dotenv files
by environment, writes a parity.yaml that already runs, and shows the first
lines of a check. What may be an environment it asks about at a terminal, and
writes as a comment elsewhere. It also makes .parity/key, which keys the digests
of secrets and is kept out of git.

With --prometheus it asks a server (Prometheus, Thanos, Mimir, VictoriaMetrics)
which presets fit its metrics of requests, and which label tells the environments
apart, and adds it as a source. With --kube it reads what runs in the context of
the kubeconfig: each context is an environment, and with CONTEXT/NAMESPACE-GLOB
each namespace that fits. Where the directory declares no environments, these make
the parity.yaml. It only reads.`,
		Args: usageArgs(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := c.Dir
			switch {
			case c.project != "":
				dir = c.abs(c.project)
			case len(args) == 1:
				dir = c.abs(args[0])
			}
			if !isDir(dir) {
				return &parity.Error{Code: parity.CodeUsage, Where: dir, What: "is not a directory"}
			}
			var question app.Question
			if c.Interactive {
				question = func(text string) bool { return c.ask(text, false) }
			}
			var done *app.Initialised
			err := c.watch(func(progress func(string)) (err error) {
				a := c.app(dir)
				a.Progress = progress
				done, err = a.Initialise(cmd.Context(), force, observe, question)
				return err
			})
			if err != nil {
				return err
			}
			c.initialised(done)
			return c.firstCheck(cmd.Context(), dir)
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "write over a parity.yaml that is there")
	cmd.Flags().StringArrayVar(&observe.Kube, "kube", nil, "CONTEXT or CONTEXT/NAMESPACE-GLOB of the kubeconfig that runs an environment, or one in each namespace; repeatable")
	cmd.Flags().StringVar(&observe.Prometheus, "prometheus", "", "URL of a server with the Prometheus API that has the environments' metrics")
	return cmd
}

// initialised says what was written and what was left out.
func (c *command) initialised(done *app.Initialised) {
	fmt.Fprintf(c.Stdout, "%s compares %s\n", done.Path, strings.Join(done.Environments, ", "))
	for _, n := range done.Notes {
		fmt.Fprintln(c.Stdout, view.Line(n))
	}
	for _, q := range done.Doubts {
		fmt.Fprintln(c.Stdout, view.Line(q+" It stands in "+done.Path+" as a comment."))
	}
	if done.Key {
		fmt.Fprintln(c.Stdout, ".parity/key keys the digests of secrets; share it with those who compare snapshots, and keep it out of git")
	}
}

// How long the first check may take, and how much of it is shown.
const (
	firstTime  = 10 * time.Second
	firstLines = 30
)

// firstCheck shows the first lines of what a check prints, and the command that
// comes next. What goes wrong is said, and is no failure of init.
func (c *command) firstCheck(ctx context.Context, dir string) error {
	short, cancel := context.WithTimeout(ctx, firstTime)
	defer cancel()
	var result *parity.Result
	err := c.watch(func(progress func(string)) (err error) {
		a := c.app(dir)
		a.Progress = progress
		result, err = a.Check(short, app.Request{})
		return err
	})
	next := "parity check"
	if dir != c.Dir {
		next += " " + view.Line(c.shown(dir))
	}
	switch {
	case ctx.Err() != nil:
		return err
	case short.Err() != nil:
		fmt.Fprintln(c.Stdout, "the first check takes a while\nnext: "+next)
		return nil
	case err != nil:
		fmt.Fprintln(c.Stdout, view.Line("the first check could not be made: "+err.Error())+"\nnext: "+next)
		return nil
	}
	var text strings.Builder
	format, _ := report.Find(formatNames()[0])
	if err := format.Write(&text, result, c.look(&outputFlags{}, true)); err != nil {
		return err
	}
	lines := strings.Split(strings.TrimRight(text.String(), "\n"), "\n")
	fmt.Fprintln(c.Stdout)
	for _, l := range lines[:min(firstLines, len(lines))] {
		fmt.Fprintln(c.Stdout, l)
	}
	fmt.Fprintln(c.Stdout, "\nnext: "+next)
	return nil
}

func (c *command) shown(dir string) string {
	if rel, err := filepath.Rel(c.Dir, dir); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return dir
}
