// Package sarif writes a result in the Static Analysis Results Interchange
// Format (SARIF) 2.1.0, for code scanning and editors: one result for each
// difference, at the line where it is written if that line is known.
package sarif

import (
	"io"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

const (
	schemaURI = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	homepage  = "https://github.com/envparity/parity"
	// rootID stands for the directory of the project.
	rootID = "%SRCROOT%"
	// fingerprintID names the version of how fingerprints are made.
	fingerprintID = "parityFingerprint/v1"
)

// Write writes the result as SARIF. Differences that an expectation, an
// exception or a baseline covers are there as suppressed.
func Write(w io.Writer, r *parity.Result, _ view.Options) error {
	return view.WriteJSON(w, log{Schema: schemaURI, Version: "2.1.0", Runs: []run{runOf(r)}})
}

func runOf(r *parity.Result) run {
	ruleList, index := rules(r.Groups)
	name, version, _ := strings.Cut(r.Tool, " ")
	if name == "" {
		name = "parity"
	}
	out := run{
		Tool: tool{driver{
			Name: view.Line(name), Version: view.Line(version), InformationURI: homepage,
			Rules: ruleList, Notifications: notifications(),
			FullDescription: text{Text: "Compares environments and says what differs in the ways that matter."},
		}},
		Invocations:      []invocation{invocationOf(r)},
		OriginalURIBases: map[string]artifactLocation{rootID: {Description: &text{Text: "The directory of the project."}}},
		ColumnKind:       "unicodeCodePoints",
		Results:          []result{},
		Properties: map[string]any{
			"verdict": r.Verdict.Outcome, "mode": r.Verdict.Mode,
			"blocking": r.Verdict.Blocking, "counting": r.Verdict.Counting,
			"unseen": append([]string{}, r.Verdict.Unseen...),
		},
	}
	if r.Project != "" {
		out.AutomationDetails = &automation{ID: "parity/" + view.Line(r.Project)}
	}
	for i := range r.Groups {
		for j := range r.Groups[i].Differences {
			d := &r.Groups[i].Differences[j]
			if reported(d.Class) {
				out.Results = append(out.Results, resultOf(&r.Groups[i], d, index[kindOf{d.Class, d.Change}]))
			}
		}
	}
	return out
}

func resultOf(g *parity.Group, d *parity.Difference, ruleIndex int) result {
	out := result{
		RuleID: kindOf{d.Class, d.Change}.id(), RuleIndex: ruleIndex,
		Kind: "fail", Level: levelOf(d.Severity),
		Message:             text{Text: message(g, d)},
		PartialFingerprints: map[string]string{fingerprintID: view.Line(d.Fingerprint)},
		Suppressions:        suppressions(d),
		Properties: map[string]any{
			"class": d.Class, "severity": d.Severity, "surface": d.Surface,
			"columns": d.Columns, "group": g.ID,
		},
	}
	if d.Class.LowersConfidence() {
		out.Kind, out.Level = "review", "none"
	}
	if d.Subject.Service != "" {
		out.Properties["service"] = d.Subject.Service
	}
	if d.Subject.Owner != "" {
		out.Properties["owner"] = d.Subject.Owner
	}
	out.Locations, out.RelatedLocations = locations(d)
	return out
}

func levelOf(s parity.Severity) string {
	switch {
	case s >= parity.High:
		return "error"
	case s == parity.Medium:
		return "warning"
	default:
		return "note"
	}
}

// message tells the whole difference, for readers who see nothing else.
func message(g *parity.Group, d *parity.Difference) string {
	parts := []string{view.Cut(view.Line(g.Summary), 300), view.Title(d), view.Sides(d)}
	if d.OddOneOut != "" {
		parts = append(parts, "odd one out: "+view.Line(d.OddOneOut))
	}
	if len(d.Minority) > 0 {
		parts = append(parts, "alone: "+view.Line(strings.Join(d.Minority, ", ")))
	}
	parts = append(parts, view.Notes(d)...)
	return noLinks(strings.Join(parts, ". "))
}

// noLinks keeps text from being read as an embedded link of the standard,
// which is "[text](target)". Brackets alone stand in every path, and readers
// do not all take the standard's escapes back.
func noLinks(s string) string { return strings.ReplaceAll(s, "](", "] (") }

func suppressions(d *parity.Difference) []suppression {
	var out []suppression
	if d.Decision != nil {
		why := view.Decided(d.Decision)
		if d.Decision.Approver != "" {
			why += ", approved by " + view.Line(d.Decision.Approver)
		}
		out = append(out, suppression{Kind: "external", Status: "accepted", Justification: why})
	}
	if d.Baseline {
		out = append(out, suppression{Kind: "external", Status: "accepted", Justification: "in the baseline"})
	}
	return out
}

func invocationOf(r *parity.Result) invocation {
	out := invocation{
		ExecutionSuccessful: true,
		EndTimeUTC:          r.Time.UTC().Format("2006-01-02T15:04:05.000Z"),
		Execution:           []notification{}, Configuration: []notification{},
	}
	for _, g := range r.Gaps {
		said := strings.Join(append([]string{view.Line(g.Column) + ": " + view.Line(g.Reason)}, view.Hidden(g)...), "; ")
		if g.Hint != "" {
			said += " (" + view.Line(g.Hint) + ")"
		}
		out.Execution = append(out.Execution, notification{
			Descriptor: reference{"gap"}, Level: "warning", Message: text{Text: noLinks(said)},
			Locations:  whereOf(g.Where),
			Properties: map[string]any{"column": g.Column, "source": g.Source, "facts": g.Facts, "doubt": g.Doubt, "allowed": g.Allowed != nil},
		})
	}
	for _, f := range r.Findings {
		out.Configuration = append(out.Configuration, notification{
			Descriptor: reference{"policy"}, Level: levelOf(f.Severity),
			Message:    text{Text: noLinks(view.Line(f.Kind) + " “" + view.Line(f.Name) + "”: " + view.Line(f.Message))},
			Locations:  whereOf(f.Where),
			Properties: map[string]any{"kind": f.Kind, "name": f.Name},
		})
	}
	return out
}
