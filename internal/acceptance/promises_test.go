package acceptance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/envparity/parity"
)

// promises are the sentences of the pages that say something of a verdict, with
// a project that each is held against.
var promises = []struct {
	page, sentence string
	c              gateCase
	args           []string
	exit           int
	holds          func(*parity.Result) bool
}{
	{
		"README.md", "**Unknown is never equal.** What could not be read is a gap: neither parity nor a difference.",
		gateCase{mode: "block", gap: gateGaps[1]},
		nil, 3,
		func(r *parity.Result) bool {
			return r.Verdict.Outcome == parity.Inconclusive && r.Verdict.Counting == 0 && len(r.Gaps) == 1
		},
	},
	{
		"README.md", "It lowers the confidence of the score, nothing compared gives no score, and no gate that blocks passes beside it unless it is",
		gateCase{mode: "block", gap: gateGaps[3], allow: "matching"},
		nil, 0,
		func(r *parity.Result) bool { return r.Scores[0].Confidence < 1 && *r.Scores[0].Value == 100 },
	},
	{
		"README.md", "| 0 | parity holds, or the mode is report-only |",
		gateCase{mode: "report-only", gap: gateGaps[2], diff: gateDifferences[1]},
		nil, 0,
		func(r *parity.Result) bool { return r.Verdict.Outcome == parity.Fail },
	},
	{
		"README.md", "| 1 | it does not |",
		gateCase{mode: "block", gap: gateGaps[2], diff: gateDifferences[1]},
		nil, 1,
		func(r *parity.Result) bool { return r.Verdict.Outcome == parity.Fail && len(r.Verdict.Unseen) == 1 },
	},
	{
		"README.md", "| 3 | could not tell: something that decides could not be read, or evidence is too low |",
		gateCase{mode: "block", gap: gateGaps[4]},
		nil, 3,
		func(r *parity.Result) bool { return r.Verdict.Outcome == parity.Inconclusive },
	},
	{
		"README.md", "A gate that blocks learns nothing beside frozen ones, so what passes cannot change by statistics overnight.",
		gateCase{mode: "report-only", gap: gateGaps[0], extra: "frozen"},
		[]string{"--fail-on", "info"},
		0,
		func(r *parity.Result) bool {
			for _, b := range r.Bindings {
				if b.Origin == "learned" {
					return false
				}
			}
			return r.Verdict.Mode == "block"
		},
	},
	{
		"README.md", "- **exceptions** accept a difference for a while. One without a reason, an owner, an approver or an expiry is refused; one that ended, or covers nothing any more, is a finding itself.",
		gateCase{mode: "block", gap: gateGaps[0], diff: gateDifferences[1], extra: "exception-expired"},
		nil, 1,
		func(r *parity.Result) bool { return hasFinding(r, "exception-expired") },
	},
	{
		"README.md", "Without it Parity only reports.",
		gateCase{mode: "report-only", gap: gateGaps[0], diff: gateDifferences[2]},
		nil, 0,
		func(r *parity.Result) bool { return r.Verdict.Outcome == parity.Fail },
	},
	{
		"docs/gate.md", "A gap on both sides is a doubt as one on either side is.",
		gateCase{mode: "block", gap: gateGaps[3]},
		nil, 3, nil,
	},
	{
		"docs/gate.md", "A difference that fails the verdict outweighs any doubt: exit code 1.",
		gateCase{mode: "block", gap: gateGaps[5], diff: gateDifferences[2]},
		nil, 1, nil,
	},
	{
		"docs/gate.md", "A gap that can only be about surfaces that do not decide is no doubt.",
		gateCase{mode: "block", surfaces: "network: ignore", gap: gateGaps[6]},
		nil, 0, nil,
	},
	{
		"docs/gate.md", "An entry that ended accepts nothing, and is a finding.",
		gateCase{mode: "block", gap: gateGaps[1], allow: "expired"},
		nil, 3,
		func(r *parity.Result) bool { return hasFinding(r, "allow-expired") },
	},
	{
		"docs/gate.md", "One that names no gap any more is a finding, too.",
		gateCase{mode: "block", gap: gateGaps[0], allow: "other"},
		nil, 0,
		func(r *parity.Result) bool { return hasFinding(r, "allow-unused") },
	},
	{
		"docs/gate.md", "A gap that is accepted is listed, with who accepted it and until when, and the sentence above the verdict says it.",
		gateCase{mode: "block", gap: gateGaps[2], allow: "matching"},
		nil, 0,
		func(r *parity.Result) bool {
			return r.Gaps[0].Allowed != nil && r.Gaps[0].Allowed.Approver == "you" && strings.Contains(r.Verdict.Unseen[0], "gate.allow accepts that until 2026-11-23")
		},
	},
	{
		"docs/gate.md", "In the mode report-only the exit code is 0, and the verdict says what it would be.",
		gateCase{mode: "report-only", gap: gateGaps[4]},
		nil, 0,
		func(r *parity.Result) bool { return r.Verdict.Outcome == parity.Inconclusive },
	},
	{
		"docs/configuration.md", "Least severity that fails the verdict; medium if left out.",
		gateCase{mode: "block", gap: gateGaps[0], diff: gateDifferences[1]},
		nil, 1, nil,
	},
	{
		"ARCHITECTURE.md", "An environment in which nothing was found is a gap too, so that an empty directory is never parity.",
		gateCase{mode: "block", gap: gateGaps[0], diff: gateDifference{name: "empty", file: "staging/app.yaml", text: "\n"}},
		nil, 3, nil,
	},
}

func hasFinding(r *parity.Result, kind string) bool {
	for _, f := range r.Findings {
		if f.Kind == kind {
			return true
		}
	}
	return false
}

// TestPromises holds each sentence of the pages that says something of a verdict:
// it stands there, and it is so.
func TestPromises(t *testing.T) {
	for _, p := range promises {
		t.Run(p.sentence, func(t *testing.T) {
			page, err := os.ReadFile(filepath.Join("..", "..", filepath.FromSlash(p.page)))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(strings.Join(strings.Fields(string(page)), " "), p.sentence) {
				t.Errorf("%s does not say so any more", p.page)
			}
			code, r := judged(t, writeTree(t, p.c.files()), p.args...)
			if code != p.exit || p.holds != nil && !p.holds(r) {
				text, _ := json.Marshal(r.Verdict)
				t.Errorf("exit %d, want %d: %s", code, p.exit, text)
			}
		})
	}
}
