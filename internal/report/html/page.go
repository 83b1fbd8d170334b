package html

import (
	"html/template"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// page is what the template shows.
type page struct {
	Policy             string
	Style              template.CSS
	Script             template.JS
	Title, Heading     string
	Outcome            string // "pass", "fail" or "inconclusive", for the style
	Sentence, Mode     string
	Unseen, Nothing    string
	Project, Tool      string
	Time, Reference    string
	Verdict            parity.Verdict
	Reasons, More      []string // why the verdict is as it is: the first, and the rest
	Environments       []environment
	Many               bool // environments: they stand below the differences then
	Matrix             matrix
	Indicators         []indicator
	Behaviours         []behaviour
	BehaviourCounts    string
	Instruments        string
	Untrusted          []string // what was not obeyed, run and looked at
	Counting, Others   []group
	Proposals          []proposal
	Differences, Aside int // how many differences in Counting, and in Others
	All                bool
	Classes            classTable
	Rules              string
	Bindings           []binding
	Shared             []parity.SharedValue
	Identifiers        []identifier
	Gaps               []gap
	Ambiguities        []ambiguity
	Findings           []parity.PolicyFinding
}

// gap is a gap with what is known of what it hides.
type gap struct {
	parity.ColumnGap
	Hidden []string
}

type environment struct {
	Name              string
	Reference         bool
	Score, Confidence string
	Share             int // the score in percent, for the bar
	Facts, Subjects   string
	Counting, Unknown int
	Gaps              int
	Band              string
	Sources, Tools    []string
	Snapshot          string
}

type indicator struct {
	ID, Name, Column, Value, Target, Counted string
	Unknown                                  int
	Met                                      string // "met", "missed" or ""
}

type binding struct{ Role, Spellings, Support string }

// proposal is a family of differences that look meant.
type proposal struct{ Sentence, Command, Lines string }

type identifier struct {
	Shape, Spellings string
	Facts            int
}

type ambiguity struct {
	Column, Subject, Candidates, Confidence, Why string
	Facts                                        int
}

func pageOf(r *parity.Result, o view.Options) page {
	p := page{
		Policy: policy(), Style: template.CSS(style), Script: template.JS(script), //nolint:gosec // our own files
		Heading: view.Heading(r.Verdict), Outcome: outcomeOf(r.Verdict.Outcome),
		Sentence: view.Sentence(r.Verdict), Mode: view.Mode(r.Verdict),
		Unseen: view.Unseen(r.Verdict), Nothing: view.Nothing(r.Verdict),
		Project: view.Line(r.Project), Tool: view.Line(r.Tool),
		Time: r.Time.UTC().Format("2006-01-02 15:04 UTC"), Reference: view.Reference(r),
		Verdict: r.Verdict, All: o.All,
		Matrix: matrixOf(r), Classes: classesOf(r), Rules: view.RuleList(r),
		Untrusted: view.Untrusted(r.Untrusted),
		Shared:    r.Shared, Findings: r.Findings,
	}
	p.Title = "Parity: " + p.Heading
	if p.Project != "" {
		p.Title = p.Project + " – " + p.Title
	}
	p.Reasons = append(slices.Clone(r.Verdict.Reasons), p.Untrusted...)
	p.shorten(r.Verdict)
	counting, others := view.Groups(r)
	p.Differences, p.Aside = view.Members(counting), view.Members(others)
	p.Counting = groupsOf(counting)
	if o.All {
		p.Others = groupsOf(others)
	}
	p.lists(r)
	return p
}

// shorten folds up all but the first of what decided the verdict, so that the first
// difference is on the first screen.
func (p *page) shorten(v parity.Verdict) {
	const unseen, reasons = 2, 4
	if len(p.Reasons) > reasons {
		p.Reasons, p.More = p.Reasons[:reasons:reasons], p.Reasons[reasons:]
	}
	if n := len(v.Unseen); n > unseen {
		p.More = append(slices.Clone(v.Unseen[unseen:]), p.More...)
		v.Unseen = v.Unseen[:unseen]
		p.Unseen = view.Unseen(v) + " And " + view.Int(n-unseen) + " more."
	}
}

func (p *page) lists(r *parity.Result) {
	const few = 6
	p.Many = len(r.Environments) > few
	for _, e := range r.Environments {
		p.Environments = append(p.Environments, environmentOf(r, e))
	}
	for _, in := range r.Indicators {
		p.Indicators = append(p.Indicators, indicatorOf(in))
	}
	p.behaviours(r)
	for _, x := range view.Proposals(r) {
		p.Proposals = append(p.Proposals, proposal{view.Proposal(x), view.AcceptCommand(x), view.Text(x.Lines)})
	}
	for _, g := range r.Gaps {
		p.Gaps = append(p.Gaps, gap{g, view.Hidden(g)})
	}
	for _, b := range r.Bindings {
		p.Bindings = append(p.Bindings, binding{view.Line(b.Role), view.Spellings(b.Spellings), view.Support(b)})
	}
	for _, id := range r.IDs {
		p.Identifiers = append(p.Identifiers, identifier{view.Line(id.Shape), view.Spellings(id.Spellings), id.Facts})
	}
	for _, a := range r.Ambiguities {
		var names []string
		for _, c := range a.Candidates {
			names = append(names, view.Line(c.String()))
		}
		p.Ambiguities = append(p.Ambiguities, ambiguity{
			view.Line(a.Column), view.Line(a.Subject.String()), strings.Join(names, " or "),
			view.Percent(a.Confidence), view.Line(strings.Join(a.Why, ", ")), a.Facts,
		})
	}
}

func outcomeOf(o parity.Outcome) string {
	if o == parity.Pass || o == parity.Fail {
		return string(o)
	}
	return string(parity.Inconclusive)
}

func environmentOf(r *parity.Result, e parity.EnvironmentResult) environment {
	score, _ := view.ScoreOf(r, e.Name, "environment", "")
	out := environment{
		Name: view.Line(e.Name), Reference: e.Reference, Score: view.Score(score), Confidence: "–", Share: view.ScoreShare(score),
		Facts: view.Int(e.Facts), Subjects: view.Int(e.Subjects), Counting: score.Counting, Gaps: e.Gaps,
		Band: bandOf(score), Snapshot: view.Line(e.Snapshot),
	}
	if score.Facts > 0 {
		out.Confidence = view.Percent(score.Confidence)
	}
	for _, c := range r.Classes {
		if c.Column == e.Name {
			out.Unknown = c.Counts[parity.Unknown] + c.Counts[parity.Ambiguous]
		}
	}
	for _, s := range e.Sources {
		out.Sources = append(out.Sources, view.Line(s))
	}
	out.Tools = toolList(e.Tools)
	return out
}

func indicatorOf(in parity.Indicator) indicator {
	out := indicator{ID: view.Line(in.ID), Name: view.Line(in.Name), Column: view.Line(in.Column), Value: "–", Counted: "nothing to count", Unknown: in.Unknown}
	if in.Value != nil {
		out.Value = view.Percent(*in.Value)
		out.Counted = view.Int(in.Numerator) + " of " + view.Int(in.Denominator)
	}
	if in.Target != nil {
		out.Target = view.Percent(*in.Target)
	}
	if in.Met != nil {
		out.Met = "missed"
		if *in.Met {
			out.Met = "met"
		}
	}
	return out
}

// bandOf is the band of a score that is shown as a number.
func bandOf(s parity.Score) string {
	if !view.Tells(s) {
		return "none"
	}
	return band(s.Value)
}

// band is the range of a score, for colour beside the number.
func band(score *float64) string {
	switch {
	case score == nil:
		return "none"
	case *score >= 100:
		return "full"
	case *score >= 95:
		return "near"
	case *score >= 80:
		return "some"
	default:
		return "far"
	}
}
