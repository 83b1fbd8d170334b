package cli

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/envparity/parity/internal/app"
	"github.com/envparity/parity/internal/report/view"
)

func (c *command) alignCommand() *cobra.Command {
	var all, asJSON bool
	cmd := &cobra.Command{
		Use:   "align [DIRECTORY | PATH PATH...]",
		Short: "Show how the environments' subjects meet",
		Long: `Lists the subjects that meet under different names, those that only one
environment has, and those that could not be paired for sure. With --all, those
too that have the same name everywhere.

Give paths, as to parity diff, where there is no parity.yaml.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, req, err := c.comparison(cmd, args)
			if err != nil {
				return err
			}
			var found *app.Alignment
			err = c.watch(func(progress func(string)) error {
				a := c.app(dir)
				a.Progress = progress
				found, err = a.Align(cmd.Context(), req)
				return err
			})
			if err != nil {
				return err
			}
			if asJSON {
				return view.WriteJSON(c.Stdout, found)
			}
			return c.print(func(w io.Writer) error { return printAlignment(w, found, all) })
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "list subjects of the same name everywhere too")
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return cmd
}

// comparison reads arguments that are one project's directory or several
// paths.
func (c *command) comparison(cmd *cobra.Command, args []string) (dir string, req app.Request, err error) {
	if len(args) > 1 {
		if err := c.noProject(cmd); err != nil {
			return "", req, err
		}
		return c.Dir, app.Request{Paths: args}, nil
	}
	dir, _ = c.projectOf(args, 0)
	return dir, req, c.missingDir(args, dir)
}

func printAlignment(w io.Writer, a *app.Alignment, all bool) error {
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintf(tw, "METHOD\tSURE\tKIND\t%s\n", strings.ToUpper(strings.Join(a.Columns, "\t")))
	same := 0
	for _, s := range a.Subjects {
		if s.Method == "exact" && !s.Alone() && !all {
			same++
			continue
		}
		names := make([]string, len(s.Names))
		for i, n := range s.Names {
			names[i] = view.Line(n)
			if n == "" {
				names[i] = "-"
			}
		}
		method, sure := s.Method, fmt.Sprintf("%.2f", s.Confidence)
		if s.Alone() {
			method, sure = "none", "-"
		}
		fmt.Fprintf(tw, "%s\t%s\t%s\t%s\n", method, sure, view.Line(s.Kind), strings.Join(names, "\t"))
	}
	if err := tw.Flush(); err != nil {
		return err
	}
	if same > 0 {
		fmt.Fprintf(w, "\n%s of the same name everywhere (--all lists them)\n", view.Count(same, "subject", "subjects"))
	}
	for _, m := range a.Ambiguities {
		var candidates []string
		for _, k := range m.Candidates {
			candidates = append(candidates, view.Line(k.String()))
		}
		fmt.Fprintf(w, "\nnot sure: %s in %s could be %s (%.2f)\n", view.Line(m.Subject.String()), m.Column, strings.Join(candidates, " or "), m.Confidence)
		for _, why := range m.Why {
			fmt.Fprintf(w, "  %s\n", view.Line(why))
		}
	}
	return nil
}
