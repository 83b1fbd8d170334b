package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/envparity/parity/internal/app"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/report/view"
	"github.com/envparity/parity/internal/trust"
)

func (c *command) allowCommand() *cobra.Command {
	var remove bool
	cmd := &cobra.Command{
		Use:   "allow [CREDENTIAL HOST]",
		Short: "Allow a credential to be sent to a host, or list what is allowed",
		Long: `A credential that parity.yaml names (tokenEnv, headersEnv, passwordEnv,
tokenFile) is sent only to hosts that you have bound it to: parity.yaml may come
from somebody else. This command keeps the bindings in your own configuration
directory, in the file parity/allow; the variable ` + trust.Variable + ` binds for one run.

CREDENTIAL is the name of an environment variable, or file: and the absolute path
of a file. HOST is a host with or without a port; without one it is the port that
https, or http on this machine, has by default. A binding of ` + trust.Runbooks + ` lets
the addresses of runbooks be asked for at a host of your own network.

Without arguments it lists what is allowed.`,
		Example: `  parity allow PROMETHEUS_TOKEN prometheus.example.com:9090
  parity allow file:/run/secrets/token logs.example.com
  parity allow --remove PROMETHEUS_TOKEN`,
		Args: usageArgs(cobra.MaximumNArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			file := c.allowFile(c.projectDir())
			switch {
			case len(args) == 0 && !remove:
				return c.listAllowed(file)
			case remove && len(args) > 0:
				return c.disallow(file, args)
			case len(args) == 2:
				return c.allow(file, args[0], args[1])
			}
			return usageError(cmd, fmt.Errorf("name a credential and a host"))
		},
	}
	cmd.Flags().BoolVar(&remove, "remove", false, "take the bindings of a credential away, or the one to a host")
	return cmd
}

func (c *command) allow(file trust.File, credential, host string) error {
	added, err := file.Add(credential, host)
	if err != nil {
		return err
	}
	state := "may be sent to"
	if !added {
		state = "may already be sent to"
	}
	fmt.Fprintf(c.Stdout, "%s %s %s\n", view.Line(credential), state, view.Line(host))
	return nil
}

func (c *command) disallow(file trust.File, args []string) error {
	host := ""
	if len(args) == 2 {
		host = args[1]
	}
	n, err := file.Remove(args[0], host)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.Stdout, "%s removed\n", view.Count(n, "binding", "bindings"))
	return nil
}

// listAllowed lists the bindings of the variable and of the file.
func (c *command) listAllowed(file trust.File) error {
	text, _ := c.Lookup(trust.Variable)
	listed := trust.Load(text, trust.File{})
	if err := listed.Err(); err != nil {
		return err
	}
	own := trust.Load("", file)
	if err := own.Err(); err != nil {
		return err
	}
	tw := tabwriter.NewWriter(c.Stdout, 0, 8, 2, ' ', 0)
	n := 0
	for _, from := range []struct {
		name    string
		allowed trust.Allowed
	}{{trust.Variable, listed}, {file.Path, own}} {
		list := from.allowed.List()
		slices.SortFunc(list, trust.Binding.Compare)
		for _, b := range list {
			if n++; n == 1 {
				fmt.Fprintln(tw, "CREDENTIAL\tHOST\tFROM")
			}
			fmt.Fprintf(tw, "%s\t%s\t%s\n", view.Line(b.Credential), view.Line(b.Host), view.Line(from.name))
		}
	}
	if n == 0 {
		fmt.Fprintln(c.Stdout, "no credential may be sent to any host")
	}
	return tw.Flush()
}

// allowed gives what the user allows a run over a project.
func (c *command) allowed(project string) trust.Allowed {
	text, _ := c.Lookup(trust.Variable)
	return trust.Load(text, c.allowFile(project))
}

// allowFile is the user's file of bindings. It may not lie in the repository
// that holds the project.
func (c *command) allowFile(project string) trust.File {
	return trust.InDir(c.ConfigDir, repositoryOf(project))
}

// projectDir is the directory that -C names, or the working directory.
func (c *command) projectDir() string {
	if c.project != "" {
		return c.abs(c.project)
	}
	return c.Dir
}

// repositoryOf is the nearest directory above a project that has a git
// directory or file, or the project's own; empty where there is neither.
func repositoryOf(project string) string {
	if top, ok := place.RepositoryOf(project); ok {
		return top
	}
	if isFile(filepath.Join(project, app.ConfigName)) {
		return project
	}
	return ""
}
