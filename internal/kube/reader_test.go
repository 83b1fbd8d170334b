package kube

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// read gives the subjects of YAML text, by Key.String.
func read(t testing.TB, o Options, text string) (map[string]parity.SubjectFacts, []parity.Gap) {
	t.Helper()
	r := NewReader(o)
	origin := &parity.Origin{File: "a.yaml", Precision: parity.AtLine}
	err := doc.ParseYAML(strings.NewReader(text), doc.Limits{}, func(n *doc.Node, _ int) error {
		r.Add(n, origin)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]parity.SubjectFacts{}
	r.Finish(func(s parity.Subject, facts []parity.Fact) {
		all[s.Key.String()] = parity.SubjectFacts{Subject: s, Facts: facts}
	})
	return all, r.Gaps()
}

func find(facts []parity.Fact, path string) *parity.Fact {
	for i := range facts {
		if facts[i].Path == path {
			return &facts[i]
		}
	}
	return nil
}
