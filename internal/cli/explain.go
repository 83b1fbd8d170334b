package cli

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/app"
	"github.com/envparity/parity/internal/report/view"
)

func (c *command) explainCommand() *cobra.Command {
	var asJSON bool
	var paths []string
	cmd := &cobra.Command{
		Use:   "explain [DIRECTORY] FINGERPRINT | SUBJECT PATH",
		Short: "Tell the whole story of one difference or one fact",
		Long: `Tells what each environment holds, where that was read, which rules gave it its
form, how the subjects met and how sure that is, which bindings took part, and
why it is as severe as it is.

A fingerprint may be cut short. A subject is named by its name, by Kind/name or
by Kind/scope/name, in any environment's spelling; a fact that does not differ
can be explained too.`,
		Example: `  parity explain 3f9a1c
  parity explain Deployment/checkout '/spec/template/spec/containers[name=app]/image'
  parity explain --of staging.yaml --of production.yaml web /spec/replicas`,
		Args: usageArgs(cobra.RangeArgs(1, 3)),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, rest := c.projectOf(args, 2)
			if len(paths) == 1 {
				return usageError(cmd, fmt.Errorf("--of is given for each path, and at least twice"))
			}
			var want app.Wanted
			switch len(rest) {
			case 1:
				want.Fingerprint = rest[0]
			case 2:
				want.Subject, want.Path = rest[0], rest[1]
			default:
				return usageError(cmd, fmt.Errorf("give a fingerprint, or a subject and a path"))
			}
			e, err := c.app(dir).Explain(cmd.Context(), app.Request{Paths: paths}, want)
			if err != nil {
				return err
			}
			if asJSON {
				return view.WriteJSON(c.Stdout, e)
			}
			printExplanation(c.Stdout, e)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	cmd.Flags().StringArrayVar(&paths, "of", nil, "compare these paths, as parity diff does, in place of a project; the last one is the reference")
	return cmd
}

func printExplanation(w io.Writer, e *app.Explanation) {
	fmt.Fprintf(w, "%s\n", view.Line(view.SubjectName(e.Subject)))
	if e.Path != "" {
		fmt.Fprintf(w, "%s\n", view.Line(e.Path))
	}
	fmt.Fprintf(w, "surface %s", e.Surface)
	if e.Subject.Service != "" {
		fmt.Fprintf(w, ", service %s", view.Line(e.Subject.Service))
	}
	if e.Subject.Owner != "" {
		fmt.Fprintf(w, ", owner %s", view.Line(e.Subject.Owner))
	}
	fmt.Fprintln(w)
	printMeeting(w, e.Subject.Alignment)
	for i := range e.Sides {
		printSide(w, &e.Sides[i])
	}
	for i := range e.Bindings {
		b := &e.Bindings[i]
		fmt.Fprintf(w, "\nbinding %s (%s, %s): %s\n", view.Line(b.ID), view.Line(b.Role), b.Origin, view.Spellings(b.Spellings))
		fmt.Fprintf(w, "  %s\n", view.Support(*b))
	}
	for i := range e.Differences {
		printJudgement(w, &e.Differences[i])
	}
	if len(e.Differences) == 0 {
		fmt.Fprint(w, "\nIt does not count against parity.\n")
	}
}

func printMeeting(w io.Writer, a parity.Alignment) {
	if a.Method == "" || a.Method == "none" {
		fmt.Fprintln(w, "alignment: it met no other subject")
	} else {
		fmt.Fprintf(w, "alignment: %s, confidence %.2f\n", a.Method, a.Confidence)
	}
	for _, why := range a.Why {
		fmt.Fprintf(w, "  %s\n", view.Line(why))
	}
	for _, column := range slices.Sorted(maps.Keys(a.Names)) {
		fmt.Fprintf(w, "  %s in %s\n", view.Line(a.Names[column]), view.Line(column))
	}
}

func printSide(w io.Writer, s *app.ExplainedSide) {
	fmt.Fprintf(w, "\n%s: %s", view.Line(s.Column), s.State)
	if s.State == parity.Present {
		fmt.Fprintf(w, ", %s %s", s.Kind, view.Line(s.Raw))
	}
	fmt.Fprintln(w)
	if s.Canonical != "" && s.Canonical != s.Raw && s.Kind != parity.Reference {
		fmt.Fprintf(w, "  compared as  %s\n", view.Line(s.Canonical))
	}
	for i, source := range s.Sources {
		label := "read from"
		if i > 0 {
			label = "made from"
		}
		fmt.Fprintf(w, "  %-12s %s\n", label, view.Line(source))
	}
	if d := s.Derived; d != nil {
		fmt.Fprintf(w, "  %-12s %s %s\n", "follows from", view.Line(d.Subject.String()), view.Line(d.Path))
		for _, o := range d.Shadows {
			fmt.Fprintf(w, "  %-12s %s %s\n", "in place of", view.Line(o.Subject.String()), view.Line(o.Path))
		}
	}
	printRules(w, "shaped by", s.Shaped)
	class := s.Class.String()
	if s.Change != "" {
		class += ", " + string(s.Change)
	}
	fmt.Fprintf(w, "  %-12s %s\n", "class", class)
	printRules(w, "equal by", s.Equated)
	if len(s.Bindings) > 0 {
		fmt.Fprintf(w, "  %-12s %s\n", "bindings", view.Line(strings.Join(s.Bindings, ", ")))
	}
	if s.Note != "" {
		fmt.Fprintf(w, "  %-12s %s\n", "note", view.Line(s.Note))
	}
}

func printRules(w io.Writer, label string, rules []parity.Rule) {
	for _, r := range rules {
		fmt.Fprintf(w, "  %-12s %s: %s\n", label, r, r.Info().Summary)
	}
}

func printJudgement(w io.Writer, d *parity.Difference) {
	fmt.Fprintf(w, "\n%s, severity %s, in %s\n", view.Kind(d.Class, d.Change), d.Severity, view.Line(strings.Join(d.Columns, ", ")))
	fmt.Fprintf(w, "  %-12s %s\n", "fingerprint", d.Fingerprint)
	for _, row := range [][2]string{{"why", d.Why}, {"note", d.Note}, {"odd one out", d.OddOneOut}} {
		if row[1] != "" {
			fmt.Fprintf(w, "  %-12s %s\n", row[0], view.Line(row[1]))
		}
	}
	if d.Decision != nil {
		fmt.Fprintf(w, "  %-12s %s %s: %s\n", "explained by", d.Decision.Kind, view.Line(d.Decision.Name), view.Line(d.Decision.Reason))
		if d.Decision.Until != "" {
			fmt.Fprintf(w, "  %-12s %s, owner %s, approved by %s\n", "until", d.Decision.Until, view.Line(d.Decision.Owner), view.Line(d.Decision.Approver))
		}
	}
	for _, f := range d.Explains {
		fmt.Fprintf(w, "  %-12s %s %s\n", "explains", view.Line(f.Subject.String()), view.Line(f.Path))
	}
}
