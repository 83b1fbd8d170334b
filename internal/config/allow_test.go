package config_test

import (
	"slices"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

func TestGapMatch(t *testing.T) {
	state := parity.Gap{Source: "production: terraform parity.yaml:12:9", Where: "infra/production.tfstate:3:1"}
	secrets := parity.Gap{Source: "production: kubernetes parity.yaml:9:9", Kind: "Secret", Scope: parity.LiteralPattern("shop[1]"), Path: "/data"}
	for _, c := range []struct {
		name string
		m    config.GapMatch
		gap  parity.Gap
		want bool
	}{
		{"the whole name", config.GapMatch{Source: "production: terraform parity.yaml:12:9"}, state, true},
		{"without the environment", config.GapMatch{Source: "terraform parity.yaml*"}, state, true},
		{"the collector", config.GapMatch{Source: "terraform"}, state, true},
		{"the collector in the environment", config.GapMatch{Source: "production: terraform"}, state, true},
		{"in another environment", config.GapMatch{Source: "staging: terraform"}, state, false},
		{"the file", config.GapMatch{Source: "infra/production.tfstate"}, state, true},
		{"the file and line", config.GapMatch{Source: "infra/production.tfstate:3:1"}, state, true},
		{"another file", config.GapMatch{Source: "infra/staging.tfstate"}, state, false},
		{"a part of the name", config.GapMatch{Source: "terra"}, state, false},
		{"a kind that the gap does not name", config.GapMatch{Kind: "Secret"}, state, false},
		{"any kind, of a gap that names none", config.GapMatch{Kind: "S*"}, state, false},
		{"a scope that the gap does not name", config.GapMatch{Source: "terraform", Scope: "*"}, state, false},
		{"its kind", config.GapMatch{Kind: "Secret"}, secrets, true},
		{"its kind and scope", config.GapMatch{Kind: "Secret", Scope: "shop[1]"}, secrets, true},
		{"another scope", config.GapMatch{Kind: "Secret", Scope: "shop"}, secrets, false},
		{"its path", config.GapMatch{Kind: "*", Path: "/data"}, secrets, true},
		{"the end of its path", config.GapMatch{Kind: "Secret", Path: "data"}, secrets, true},
		{"another path", config.GapMatch{Kind: "Secret", Path: "/spec"}, secrets, false},
		{"all of it", config.GapMatch{Source: "production: kubernetes", Kind: "Secret", Scope: "shop*", Path: "/d*"}, secrets, true},
	} {
		m, err := c.m.Compile()
		if err != nil {
			t.Fatal(err)
		}
		if got := m.Gap(&c.gap); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Files with one spelling each, as they were written before, stay readable.
func TestSpellings(t *testing.T) {
	cfg, err := config.Load("parity.yaml", []byte(`version: 1
environments:
  - {name: staging, sources: [{path: a}]}
  - {name: production, sources: [{path: b}]}
bindings:
  - {role: account, spellings: {staging: 111122223333, production: "444455556666"}}
  - {role: domain, spellings: {staging: a.example.com, production: [b.example.com, c.example.com]}}
  - {role: words, spellings: {staging: "staging.", production: ""}}
`), kinds())
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []map[string]config.Spellings{
		{"staging": {"111122223333"}, "production": {"444455556666"}},
		{"staging": {"a.example.com"}, "production": {"b.example.com", "c.example.com"}},
		{"staging": {"staging."}, "production": {""}},
	} {
		for column, texts := range want {
			if got := cfg.Bindings[i].Spellings[column]; !slices.Equal(got, texts) {
				t.Errorf("binding %d in %s: %q, want %q", i, column, got, texts)
			}
		}
	}
}
