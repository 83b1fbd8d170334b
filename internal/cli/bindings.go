package cli

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/app"
	"github.com/envparity/parity/internal/report/view"
)

func (c *command) bindingsCommand() *cobra.Command {
	var write, asJSON bool
	cmd := &cobra.Command{
		Use:   "bindings [DIRECTORY | PATH PATH...]",
		Short: "Show what is only an environment's own name for a thing, or freeze it",
		Long: `Lists every binding: a role, each environment's spelling of it, where it comes
from, and how many subjects support it.

--write puts what was learned into the section bindings of parity.yaml, for
review. A gate that blocks then learns nothing beside it.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, req, err := c.comparison(cmd, args)
			if err != nil {
				return err
			}
			if write && len(req.Paths) > 0 {
				return usageError(cmd, fmt.Errorf("--write needs a project with a parity.yaml"))
			}
			req.EveryBinding = write
			a := c.app(dir)
			var r *parity.Result
			err = c.watch(func(progress func(string)) error {
				a.Progress = progress
				r, err = a.Bindings(cmd.Context(), req)
				return err
			})
			if err != nil {
				return err
			}
			if write {
				return c.writeBindings(a, r.Bindings)
			}
			if asJSON {
				return view.WriteJSON(c.Stdout, r.Bindings)
			}
			return c.print(func(w io.Writer) error { return printBindings(w, r.Bindings) })
		},
	}
	cmd.Flags().BoolVar(&write, "write", false, "freeze what was learned into parity.yaml")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return cmd
}

func (c *command) writeBindings(a *app.App, bindings []parity.Binding) error {
	n, err := a.WriteBindings(bindings)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.Stdout, "%s in %s: review them like code\n", view.Count(n, "binding is frozen", "bindings are frozen"), app.ConfigName)
	return nil
}

func printBindings(w io.Writer, bindings []parity.Binding) error {
	if len(bindings) == 0 {
		fmt.Fprintln(w, "no bindings")
		return nil
	}
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tw, "ID\tROLE\tORIGIN\tSUPPORT\tFACTS\tSPELLINGS")
	for _, b := range bindings {
		fmt.Fprintf(tw, "%s\t%s\t%s\t%d\t%d\t%s\n", view.Line(b.ID), view.Line(b.Role), b.Origin, b.Support, b.Facts, view.Spellings(b.Spellings))
	}
	return tw.Flush()
}
