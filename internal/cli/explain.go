package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
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
	var trusted trustFlags
	cmd := &cobra.Command{
		Use:   "explain [DIRECTORY] FINGERPRINT | WORD | SUBJECT PATH",
		Short: "Tell the whole story of one difference or one fact",
		Long: `Tells what each environment holds, where that was read, which rules gave it its
form, how the subjects met and how sure that is, which bindings took part, and
why it is as severe as it is.

A fingerprint may be cut short. A subject is named by its name, by Kind/name or
by Kind/scope/name, in any environment's spelling; a fact that does not differ
can be explained too, and with the path '' the subject as a whole. Any other word
lists the facts that it occurs in, those that differ first.`,
		Example: `  parity explain 3f9a1c
  parity explain checkout
  parity explain Deployment/checkout '/spec/template/spec/containers[name=app]/image'
  parity explain --of staging.yaml --of production.yaml web /spec/replicas`,
		Args: usageArgs(cobra.RangeArgs(1, 3)),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir, rest := c.projectOf(args, 2)
			if len(paths) == 1 {
				return usageError(cmd, fmt.Errorf("--of is given for each path, and at least twice"))
			}
			if err := trusted.check(cmd); err != nil {
				return err
			}
			if trusted.untrusted && len(paths) > 0 {
				return usageError(cmd, errors.New("--untrusted is about a project, and --of compares paths without one"))
			}
			c.base = trusted.base
			if len(paths) > 0 {
				if err := c.noProject(cmd); err != nil {
					return err
				}
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
			return c.explain(cmd.Context(), c.app(dir), app.Request{Paths: paths}, want, asJSON)
		},
	}
	trusted.add(cmd)
	cmd.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	cmd.Flags().StringArrayVar(&paths, "of", nil, "compare these paths, as parity diff does, in place of a project; the last one is the reference")
	return cmd
}

// explain tells the story of what is wanted, or lists what a word occurs in.
func (c *command) explain(ctx context.Context, a *app.App, req app.Request, want app.Wanted, asJSON bool) error {
	word := want.Fingerprint
	if word == "" || app.IsFingerprint(word) {
		e, err := a.Explain(ctx, req, want)
		if word == "" || !app.NoFingerprint(err) {
			if err != nil {
				return err
			}
			if asJSON {
				return view.WriteJSON(c.Stdout, e)
			}
			return c.print(func(w io.Writer) error {
				printExplanation(w, e)
				return nil
			})
		}
	}
	found, err := a.Search(ctx, req, word)
	if err != nil {
		return err
	}
	if asJSON {
		return view.WriteJSON(c.Stdout, found)
	}
	return c.print(func(w io.Writer) error {
		printFound(w, found)
		return nil
	})
}

// printFound lists what a word occurs in.
func printFound(w io.Writer, found *app.Found) {
	for _, f := range found.Facts {
		at := view.SubjectName(f.Subject)
		if f.Path != "" {
			at += " " + view.Line(f.Path)
		}
		if f.Fingerprint == "" {
			fmt.Fprintf(w, "%8s  %s\n", "", at)
			continue
		}
		what := f.Class
		if f.Change != "" {
			what += ", " + string(f.Change)
		}
		fmt.Fprintf(w, "%8s  %s: %s\n", view.Short(f.Fingerprint), at, what)
	}
	if more := found.Total - len(found.Facts); more > 0 {
		fmt.Fprintf(w, "and %s\n", view.Count(more, "fact more", "facts more"))
	}
	fmt.Fprint(w, "\nparity explain with a fingerprint, or with a subject and a path, tells the whole story.\n")
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
	printMeeting(w, e)
	for i := range e.Sides {
		printSide(w, e, &e.Sides[i])
	}
	printTies(w, e)
	for i := range e.Differences {
		printJudgement(w, &e.Differences[i])
	}
	switch {
	case len(e.Differences) > 0:
	case e.Path == "":
		fmt.Fprint(w, "\nparity explain with a path tells of each of its facts.\n")
	case slices.ContainsFunc(e.Sides, func(s app.ExplainedSide) bool { return s.Class.LowersConfidence() }):
		fmt.Fprint(w, "\nNothing can be said of it where it is unknown, which lowers confidence.\n")
	default:
		fmt.Fprint(w, "\nIt does not count against parity.\n")
	}
}

// meetings says what each method of alignment means.
var meetings = map[string]string{
	"exact":     "the same kind, namespace and name, with the namespaces that parity.yaml maps",
	"declared":  "the same annotation parity.dev/subject",
	"map":       "parity.yaml says so",
	"logical":   "the same name once environments' own words are taken out",
	"generated": "the same name but for a generated suffix",
	"tracking":  "the same Argo CD application tracks both",
	"release":   "the same release holds both",
	"app":       "the same app.kubernetes.io labels",
	"kind":      "the same name in namespaces of other names, or with a namespace on one side only",
	"content":   "most of what they state is the same, and nothing else states it",
	"similar":   "they resemble each other more than any other",
	"kinds":     "the same name, of kinds that stand for each other",
}

func printMeeting(w io.Writer, e *app.Explanation) {
	a := e.Subject.Alignment
	if a.Method == "" || a.Method == "none" {
		fmt.Fprintln(w, "alignment: it met no other subject")
	} else {
		fmt.Fprintf(w, "alignment: %s, confidence %.2f\n", a.Method, a.Confidence)
		if means, ok := meetings[a.Method]; ok {
			fmt.Fprintf(w, "  %s\n", means)
		}
	}
	for _, why := range a.Why {
		fmt.Fprintf(w, "  %s\n", view.Line(why))
	}
	for i := range e.Sides {
		if s := &e.Sides[i]; s.Subject != nil && a.Names != nil {
			fmt.Fprintf(w, "  %s in %s\n", view.Line(s.Subject.String()), view.Line(s.Column))
		}
	}
}

func printSide(w io.Writer, e *app.Explanation, s *app.ExplainedSide) {
	fmt.Fprintf(w, "\n%s: %s", view.Line(s.Column), s.State)
	switch {
	case s.State != parity.Present:
	case e.Path == "":
		fmt.Fprintf(w, ", with %s", view.Count(s.Facts, "fact", "facts"))
	default:
		fmt.Fprintf(w, ", %s %s", s.Kind, view.Line(s.Raw))
	}
	fmt.Fprintln(w)
	if s.Path != "" {
		row(w, "its path", view.Line(s.Path))
	}
	if s.Canonical != "" && s.Canonical != s.Raw {
		row(w, "compared as", view.Line(s.Canonical))
	}
	if s.Secret != "" {
		row(w, "secret", s.Secret)
	}
	if s.Target != nil {
		row(w, "names", view.Line(s.Target.String()))
	}
	for i, source := range s.Sources {
		label := "read from"
		if i > 0 {
			label = "made from"
		}
		row(w, label, view.Line(source))
	}
	for _, at := range s.SetBy {
		row(w, "set by", view.Line(at))
	}
	printWriters(w, s.Writer)
	if d := s.Derived; d != nil {
		row(w, "follows from", view.Line(d.Subject.String())+" "+view.Line(d.Path))
		for _, o := range d.Shadows {
			row(w, "in place of", view.Line(o.Subject.String())+" "+view.Line(o.Path))
		}
	}
	printRules(w, "shaped by", s.Shaped)
	printClass(w, e, s)
	printRules(w, equalBy, s.Equated)
	if len(s.Bindings) > 0 {
		row(w, "bindings", view.Line(strings.Join(s.Bindings, ", ")))
	}
	if s.Note != "" {
		row(w, "note", view.Line(s.Note))
	}
}

// printWriters says who wrote a value, the last one first.
func printWriters(w io.Writer, by *parity.Writer) {
	for label := "written by"; by != nil; by, label = by.Also, "and by" {
		how := by.Operation
		if by.Subresource != "" {
			how += " through " + by.Subresource
		}
		text := by.Manager
		if how != "" {
			text += " (" + how + ")"
		}
		if !by.Time.IsZero() {
			text += " on " + by.Time.UTC().Format("2006-01-02 15:04 UTC")
		}
		row(w, label, view.Line(text))
	}
}

// printClass says what the side is to the reference.
func printClass(w io.Writer, e *app.Explanation, s *app.ExplainedSide) {
	class := s.Class.String()
	switch {
	case s.Reference:
		class = "the reference, which others are compared with"
		if s.Class == parity.Ambiguous {
			class = s.Class.String()
		}
	case !e.Compared(s):
		class = "none: the reference has it not either"
	case s.Change != "":
		class += ", " + string(s.Change)
	}
	if both := e.Path == "" && !s.Reference && s.State == parity.Present && s.Class == parity.Equal; both {
		class = "none of its own: both have the subject"
	}
	row(w, "class", class)
	var counts []string
	for _, c := range parity.Classes() {
		if n := s.Classes[c]; n > 0 {
			counts = append(counts, fmt.Sprintf("%s %s", view.Int(n), c))
		}
	}
	if len(counts) > 0 {
		row(w, "facts", strings.Join(counts, ", "))
	}
}

// printTies prints what ties the sides to each other, or keeps one from being
// seen: bindings, identifiers and gaps.
func printTies(w io.Writer, e *app.Explanation) {
	for i := range e.Bindings {
		b := &e.Bindings[i]
		fmt.Fprintf(w, "\nbinding %s (%s, %s): %s\n", view.Line(b.ID), view.Line(b.Role), b.Origin, view.Spellings(b.Spellings))
		fmt.Fprintf(w, "  %s\n", view.Support(*b))
	}
	for i := range e.Identifiers {
		p := &e.Identifiers[i]
		fmt.Fprintf(w, "\nidentifier (%s): %s\n", p.Shape, view.Spellings(p.Spellings))
		fmt.Fprintf(w, "  they stand for each other in %s\n", view.Count(p.Facts, "fact", "facts"))
	}
	for i := range e.Gaps {
		g := &e.Gaps[i]
		fmt.Fprintf(w, "\ngap in %s: %s\n", view.Line(g.Column), view.Line(g.Reason))
		for _, r := range [][2]string{{"source", g.Source}, {"where", g.Where}, {"hint", g.Hint}} {
			if r[1] != "" {
				row(w, r[0], view.Line(r[1]))
			}
		}
	}
}

func row(w io.Writer, label, text string) { fmt.Fprintf(w, "  %-12s %s\n", label, text) }

// equalBy is the label of the rules that made a value equivalent; those that
// only paired it with the reference's say so.
const equalBy = "equal by"

func printRules(w io.Writer, label string, rules []parity.Rule) {
	for _, r := range rules {
		label := label
		if label == equalBy && (r == parity.KeyTokens || r == parity.ListAlignment) {
			label = "paired by"
		}
		row(w, label, r.String()+": "+r.Info().Summary)
	}
}

func printJudgement(w io.Writer, d *parity.Difference) {
	fmt.Fprintf(w, "\n%s, severity %s, in %s\n", view.Kind(d.Class, d.Change), d.Severity, view.Line(strings.Join(d.Columns, ", ")))
	row(w, "fingerprint", d.Fingerprint)
	for _, r := range [][2]string{{"why", d.Why}, {"note", d.Note}, {"odd one out", d.OddOneOut}, {"alone", strings.Join(d.Minority, ", ")}, {"within", d.Within}} {
		if r[1] != "" {
			row(w, r[0], view.Line(r[1]))
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
