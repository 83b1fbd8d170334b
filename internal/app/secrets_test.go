package app

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector/all"
	"github.com/envparity/parity/internal/compare"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/policy"
)

// TestVariablesCountSecrets: in M5 a known secret counts by presence, and a
// suspected one by its digest.
func TestVariablesCountSecrets(t *testing.T) {
	const a, b = "hmac-sha256:aaaa", "hmac-sha256:bbbb"
	secret := func(digest string, suspected bool) *parity.Value {
		return &parity.Value{Kind: parity.Secret, Canon: digest, Suspected: suspected}
	}
	plain := &parity.Value{Kind: parity.Text, Raw: "debug"}
	for _, tt := range []struct {
		name            string
		own, ref        *parity.Value
		key             string
		counted, unseen int
		met             bool
	}{
		{"known, each its own", secret(a, false), secret(b, false), "k", 1, 0, true},
		{"known, one in both", secret(a, false), secret(a, false), "k", 1, 0, true},
		{"known, other keys", secret(a, false), secret(b, false), "l", 0, 1, false},
		{"known, missing", nil, secret(b, false), "k", 1, 0, false},
		{"suspected, equal", secret(a, true), secret(a, true), "k", 1, 0, true},
		{"suspected, different", secret(a, true), secret(b, true), "k", 1, 0, false},
		{"suspected, other keys", secret(a, true), secret(b, true), "l", 0, 1, false},
		{"suspected against known", secret(a, true), secret(b, false), "k", 1, 0, false},
		{"suspected against plain", secret(a, true), plain, "k", 1, 0, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			columns := []parity.Column{{Environment: "staging", Rank: 1}, {Environment: "production", Rank: 2, Reference: true}}
			snapshots := []*parity.Snapshot{variables(columns[0], "k", tt.own), variables(columns[1], tt.key, tt.ref)}
			judge, err := policy.New(config.Default(), columns, authenticNow, policy.Options{Kinds: all.Collectors().Kinds()})
			if err != nil {
				t.Fatal(err)
			}
			out, err := compare.Run(t.Context(), compare.Input{Snapshots: snapshots, Options: compare.Options{Kinds: all.Collectors().Kinds()}}, judge.Add)
			if err != nil {
				t.Fatal(err)
			}
			j := judge.Finish(policy.Coverage{Gaps: out.Gaps})
			at := slices.IndexFunc(j.Indicators, func(i parity.Indicator) bool { return i.ID == "M5" })
			if at < 0 {
				t.Fatalf("no M5 among %+v", j.Indicators)
			}
			m5 := j.Indicators[at]
			met := m5.Numerator == m5.Denominator && m5.Denominator > 0
			if m5.Denominator != tt.counted || m5.Unknown != tt.unseen || met != tt.met {
				t.Errorf("M5 counts %v of %v, %d unknown; want %d counted, %d unknown, met %v", m5.Numerator, m5.Denominator, m5.Unknown, tt.counted, tt.unseen, tt.met)
			}
			text, err := json.Marshal(j)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(string(text), "hmac-sha256") {
				t.Errorf("it shows a digest: %s", text)
			}
		})
	}
}

// variables is a column of one file of variables, with the value at PASSWORD.
func variables(c parity.Column, keyID string, v *parity.Value) *parity.Snapshot {
	sf := parity.SubjectFacts{Subject: parity.Subject{Key: parity.Key{Kind: "environment", Name: "app"}}}
	if v != nil {
		sf.Facts = []parity.Fact{{Path: "/PASSWORD", Value: *v, Surface: parity.Config}}
	}
	return &parity.Snapshot{Column: c, KeyID: keyID, Subjects: []parity.SubjectFacts{sf}}
}
