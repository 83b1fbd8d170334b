package parity_test

import (
	"testing"
	"time"

	"github.com/envparity/parity"
)

func digested() *parity.Snapshot {
	o := &parity.Origin{File: "a.yaml", Precision: parity.AtLine}
	return &parity.Snapshot{
		Subjects: []parity.SubjectFacts{
			{Subject: parity.Subject{Key: parity.Key{Kind: "k", Name: "a"}, Labels: []parity.Label{{Name: "l", Value: "v"}}}, Facts: []parity.Fact{
				{Path: "/a", Value: parity.Value{Kind: parity.Text, Raw: "1"}, Origin: o, Line: 1},
				{Path: "/b", Value: parity.Value{Kind: parity.Quantity, Raw: "1000m", Canon: "1"}, Rules: parity.SetOf(parity.QuantityForm), DerivedFrom: &parity.FactRef{Path: "/x"}},
			}},
			{Subject: parity.Subject{Key: parity.Key{Kind: "k", Name: "b"}}},
		},
		Gaps: []parity.Gap{{Source: "s", Reason: "r"}},
	}
}

func TestContentDigestDependsOnContent(t *testing.T) {
	want := digested().ContentDigest()
	seen := map[string]string{want: "the original"}
	for name, change := range map[string]func(*parity.Snapshot){
		"kind of subject": func(s *parity.Snapshot) { s.Subjects[0].Subject.Kind = "K" },
		"scope":           func(s *parity.Snapshot) { s.Subjects[0].Subject.Scope = "x" },
		"stem":            func(s *parity.Snapshot) { s.Subjects[0].Subject.Stem = "x" },
		"label":           func(s *parity.Snapshot) { s.Subjects[0].Subject.Labels[0].Value = "x" },
		"identity":        func(s *parity.Snapshot) { s.Subjects[0].Subject.IDs = []parity.Identity{{Method: "app", Value: "x"}} },
		"trait":           func(s *parity.Snapshot) { s.Subjects[0].Subject.Traits = []parity.Trait{{Kind: "port", Value: "x"}} },
		"path":            func(s *parity.Snapshot) { s.Subjects[0].Facts[0].Path = "/x" },
		"raw":             func(s *parity.Snapshot) { s.Subjects[0].Facts[0].Value.Raw = "x" },
		"canonical form":  func(s *parity.Snapshot) { s.Subjects[0].Facts[0].Value.Canon = "x" },
		"kind of value":   func(s *parity.Snapshot) { s.Subjects[0].Facts[0].Value.Kind = parity.Number },
		"surface":         func(s *parity.Snapshot) { s.Subjects[0].Facts[0].Surface = parity.Data },
		"rules":           func(s *parity.Snapshot) { s.Subjects[0].Facts[1].Rules = 0 },
		"derived from":    func(s *parity.Snapshot) { s.Subjects[0].Facts[1].DerivedFrom.Path = "/y" },
		"not derived":     func(s *parity.Snapshot) { s.Subjects[0].Facts[1].DerivedFrom = nil },
		"shadows": func(s *parity.Snapshot) {
			s.Subjects[0].Facts[1].DerivedFrom.Shadows = []parity.FactRef{{Path: "/z"}}
		},
		"fewer facts": func(s *parity.Snapshot) { s.Subjects[0].Facts = s.Subjects[0].Facts[:1] },
		"fact of another subject": func(s *parity.Snapshot) {
			s.Subjects[1].Facts = s.Subjects[0].Facts[1:]
			s.Subjects[0].Facts = s.Subjects[0].Facts[:1]
		},
		"order":      func(s *parity.Snapshot) { s.Subjects[0], s.Subjects[1] = s.Subjects[1], s.Subjects[0] },
		"gap":        func(s *parity.Snapshot) { s.Gaps[0].Path = "/x" },
		"unset":      func(s *parity.Snapshot) { s.Gaps[0].Unset = "x" },
		"use":        func(s *parity.Snapshot) { s.Gaps[0].Use = "x" },
		"remote":     func(s *parity.Snapshot) { s.Gaps[0].Remote = "x" },
		"no gap":     func(s *parity.Snapshot) { s.Gaps = nil },
		"text moved": func(s *parity.Snapshot) { s.Gaps[0].Source, s.Gaps[0].Kind = "", "s" },
	} {
		s := digested()
		change(s)
		got := s.ContentDigest()
		if other, ok := seen[got]; ok {
			t.Errorf("%s has the digest of %s", name, other)
		}
		seen[got] = name
	}
}

func TestContentDigestLeavesOutWhatIsNoContent(t *testing.T) {
	want := digested().ContentDigest()
	for name, change := range map[string]func(*parity.Snapshot){
		"time":   func(s *parity.Snapshot) { s.Time = time.Unix(1, 0) },
		"column": func(s *parity.Snapshot) { s.Column.Environment = "x" },
		"tools":  func(s *parity.Snapshot) { s.Tools = map[string]string{"a": "b"} },
		"origin": func(s *parity.Snapshot) { s.Subjects[0].Facts[0].Origin = nil },
		"line":   func(s *parity.Snapshot) { s.Subjects[0].Facts[0].Line = 9 },
		"place":  func(s *parity.Snapshot) { s.Subjects[0].Subject.Line = 9 },
	} {
		s := digested()
		change(s)
		if got := s.ContentDigest(); got != want {
			t.Errorf("%s changes the digest", name)
		}
	}
}
