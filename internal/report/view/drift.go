package view

import (
	"fmt"
	"strings"

	"github.com/envparity/parity"
)

// DriftSentence says what a drift result comes to.
func DriftSentence(r *parity.DriftResult) string {
	n := 0
	for i := range r.Instances {
		n += len(r.Instances[i].Drifts)
	}
	unseen := len(r.Verdict.Unseen) > 0
	switch {
	case n == 0 && r.Verdict.Outcome == parity.Inconclusive && unseen:
		return "Whether what runs is what is declared cannot be told. Nothing else departs from it."
	case n == 0 && r.Verdict.Outcome == parity.Inconclusive:
		return "Too little could be compared to tell."
	case n == 0 && unseen:
		return "What runs is what is declared, as far as it was read."
	case n == 0:
		return "What runs is what is declared."
	}
	s := "What runs departs from what is declared: " + Count(n, "drift", "drifts")
	if r.Verdict.Blocking > 0 && r.Verdict.Mode == "block" {
		return s + ", " + Int(r.Verdict.Blocking) + " of which block."
	}
	return s + "."
}

// DriftHolds says what a side of a drift holds.
func DriftHolds(d *parity.Drift, s parity.Side) Held {
	if s.State == parity.Present && s.Value == nil && len(d.Items) > 0 {
		return Held{Text: strings.Join(clean(d.Items), ", ")}
	}
	if s.State == parity.Present && s.Value == nil && d.Path != "" && d.Facts > 1 {
		return Held{Text: "present, with " + Count(d.Facts, "fact", "facts")}
	}
	return Holds(&parity.Difference{Path: d.Path, Facts: d.Facts}, s)
}

func clean(texts []string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = Line(t)
	}
	return out
}

// DriftKind is the kind of a drift with its kind of change: "changed
// (version)".
func DriftKind(d *parity.Drift) string {
	if d.Change == "" {
		return Line(string(d.Kind))
	}
	return Line(string(d.Kind)) + " (" + Line(string(d.Change)) + ")"
}

// Writer says who wrote a value last: "kubectl-edit (Update), 2h3m ago, on
// 2026-03-04 09:57 UTC; before that helm". Empty where the server does not say.
func Writer(w *parity.Writer, age string) string {
	if w == nil {
		return ""
	}
	s := Line(w.Manager)
	if s == "" {
		s = "somebody without a name"
	}
	var how []string
	for _, x := range []string{w.Operation, w.Subresource} {
		if x != "" {
			how = append(how, Line(x))
		}
	}
	if len(how) > 0 {
		s += " (" + strings.Join(how, ", ") + ")"
	}
	if age != "" {
		s += ", " + Line(age) + " ago"
	}
	if !w.Time.IsZero() {
		s += ", on " + w.Time.UTC().Format("2006-01-02 15:04 UTC")
	}
	var also []string
	for x, n := w.Also, 0; x != nil && n < 3; x, n = x.Also, n+1 {
		also = append(also, Line(x.Manager))
	}
	if len(also) > 0 {
		s += "; owned by " + strings.Join(also, ", ") + " too"
	}
	return s
}

// Reapply says what writing the declared value again would do.
func Reapply(r parity.Reapply) string {
	if r.LowRisk {
		return "low risk: " + Line(r.Why)
	}
	return "not low risk: " + Line(r.Why)
}

// DriftNotes are the sentences beside a drift.
func DriftNotes(d *parity.Drift) []string {
	var out []string
	if d.Note != "" {
		out = append(out, Cut(Line(d.Note), 300))
	}
	if d.FirstSeen != nil {
		out = append(out, "seen since "+d.FirstSeen.UTC().Format("2006-01-02 15:04 UTC"))
	}
	if d.OddOneOut != "" {
		out = append(out, "only in "+Line(d.OddOneOut))
	}
	return out
}

// Owner says who decides, and whether that is sure: "HorizontalPodAutoscaler
// shop/web", "may be MutatingWebhookConfiguration mirrors".
func Owner(o *parity.DriftOwned) string {
	if o.Sure {
		return Line(o.Owner)
	}
	return "may be " + Line(o.Owner)
}

// DriftPlace is where the declared value stands.
func DriftPlace(d *parity.Drift) string { return Line(d.Desired.Source) }

// Unknown says what could not be compared: "12 facts of 3 Secrets: reason".
func Unknown(u *parity.DriftUnknown) string {
	var names []string
	for _, k := range u.Examples {
		names = append(names, Line(k.String()))
	}
	s := fmt.Sprintf("%s of %s: %s", Count(u.Facts, "fact", "facts"), Count(u.Subjects, "subject", "subjects"), Cut(Line(u.Reason), 300))
	if len(names) > 0 {
		s += " (" + strings.Join(names, ", ")
		if u.Subjects > len(names) {
			s += " and " + Int(u.Subjects-len(names)) + " more"
		}
		s += ")"
	}
	return s
}

// DriftIndicator says what an indicator of drift comes to: "M2 config drift
// count of production: 4, at most 0 wanted".
func DriftIndicator(in parity.Indicator) string {
	s := Line(in.ID) + " " + Line(in.Name) + " of " + Line(in.Column) + ": "
	if in.Value == nil {
		return s + "not known, as nothing could be compared"
	}
	s += Int(in.Numerator)
	if in.Target != nil {
		s += ", at most " + trimZero(*in.Target) + " wanted"
	}
	return s
}

// DriftGaps are the gaps of an instance, each reason of a side once.
func DriftGaps(x *parity.DriftInstance) []parity.ColumnGap {
	var out []parity.ColumnGap
	seen := map[[2]string]bool{}
	for _, g := range x.Gaps {
		if k := [2]string{g.Column, g.Reason}; !seen[k] {
			seen[k] = true
			out = append(out, g)
		}
	}
	return out
}
