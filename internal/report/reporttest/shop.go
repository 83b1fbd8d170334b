// Package reporttest makes results for the tests of reports: one that looks
// like a real comparison, and ones that are made of hostile text.
package reporttest

import (
	"fmt"
	"strings"
	"time"

	"github.com/envparity/parity"
)

func ptr[T any](v T) *T { return &v }

// Shop is the result of comparing three environments of a shop: a leak, a
// missing subject, changes of several kinds, gaps, bindings and policy
// findings, with Hostile and very long text among the values.
func Shop() *parity.Result {
	return &parity.Result{
		Version: parity.ResultVersion,
		Tool:    "parity v0.1.0",
		Time:    time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC),
		Project: "shop",
		Verdict: parity.Verdict{
			Outcome: parity.Fail, Mode: "block",
			Unseen: []string{
				"1 source of staging was not read in full (kubernetes-manifests deploy/broken.yaml:12:3): what it may hide is not known.",
				"1 part of staging was not read (NetworkPolicy): it may hide about 12 facts.",
				"1 source of dev was not read in full (compose " + Hostile + "): what it may hide is not known; gate.allow accepts that until 2026-12-31.",
			},
			Reasons: []string{
				"1 leak: staging carries integration's project where its own belongs",
				"4 differences are of severity medium or above",
				"M1 artifact match rate of staging is 87.5 %, its target 100 %",
			},
			Differences: []string{fingerprint("leak"), fingerprint("netpol"), fingerprint("image-0"), fingerprint("image-1"), fingerprint("flag")},
			Indicators:  []string{"M1"},
			Blocking:    5, Counting: 52,
		},
		Environments: environments(),
		Indicators:   indicators(),
		Scores:       scores(),
		Classes:      classes(),
		Rules: []parity.RuleCount{
			{Rule: parity.QuantityForm, Facts: 120},
			{Rule: parity.DefaultValue, Facts: 1088},
			{Rule: parity.ImageForm, Facts: 6},
			{Rule: parity.SetOrder, Facts: 40},
		},
		Bindings:    bindings(),
		Shared:      shared(),
		IDs:         []parity.IdentifierPair{{Shape: "uuid", Spellings: spell("9f1c2d3e-0000-4000-8000-000000000001", "9f1c2d3e-0000-4000-8000-000000000002"), Facts: 3}},
		Gaps:        gaps(),
		Groups:      groups(),
		Proposals:   proposals(),
		Findings:    findings(),
		Ambiguities: ambiguities(),
		Behaviours:  behaviours(),
		Instruments: instruments(),
	}
}

// Passing is a result in which parity holds and nothing is to be said.
func Passing() *parity.Result {
	r := Shop()
	r.Verdict = parity.Verdict{Outcome: parity.Pass, Mode: "report-only"}
	r.Groups, r.Gaps, r.Findings, r.Ambiguities, r.Behaviours, r.Instruments = nil, nil, nil, nil, nil, nil
	for i := range r.Classes {
		r.Classes[i].Counts = map[parity.Class]int{parity.Equal: r.Classes[i].Paired}
		r.Classes[i].Surfaces = map[parity.Surface]map[parity.Class]int{parity.Config: {parity.Equal: r.Classes[i].Paired}}
		r.Classes[i].Facts, r.Classes[i].Reference = r.Classes[i].Paired, r.Classes[i].Paired
		r.Classes[i].OnlyHere, r.Classes[i].OnlyReference = 0, 0
	}
	for i := range r.Scores {
		r.Scores[i].Value, r.Scores[i].Confidence, r.Scores[i].Counting = ptr(100.0), 1, 0
	}
	for i := range r.Indicators {
		r.Indicators[i].Value, r.Indicators[i].Met = ptr(1.0), ptr(true)
		r.Indicators[i].Numerator, r.Indicators[i].Evidence = r.Indicators[i].Denominator, nil
	}
	return r
}

// Empty is the result of comparing nothing: no value, no score.
func Empty() *parity.Result {
	return &parity.Result{
		Version: parity.ResultVersion, Tool: "parity", Time: time.Date(2026, 3, 14, 0, 0, 0, 0, time.UTC),
		Verdict: parity.Verdict{Outcome: parity.Inconclusive, Mode: "report-only", Reasons: []string{"nothing was compared"}},
	}
}

func column(name string, rank int) parity.Column {
	return parity.Column{Environment: name, Role: parity.Desired, Rank: rank, Reference: name == "production"}
}

func environments() []parity.EnvironmentResult {
	return []parity.EnvironmentResult{
		{Column: column("dev", 0), Name: "dev", Subjects: 61, Facts: 1204, DerivedFacts: 40, Snapshot: "sha256:" + strings.Repeat("1a", 32), Sources: []string{"compose deploy/compose.yaml", "dotenv .env"}, Tools: map[string]string{"compose": "v2.16.2"}},
		{Column: column("staging", 1), Name: "staging", Subjects: 143, Facts: 2816, DerivedFacts: 212, Gaps: 2, Snapshot: "sha256:" + strings.Repeat("2b", 32), Sources: []string{"kubernetes-manifests deploy/overlays/staging"}, Tools: map[string]string{"kustomize": "v0.21.2"}},
		{Column: column("production", 2), Name: "production", Subjects: 147, Facts: 2852, DerivedFacts: 214, Snapshot: "sha256:" + strings.Repeat("3c", 32), Sources: []string{"kubernetes-manifests deploy/overlays/production"}, Tools: map[string]string{"kustomize": "v0.21.2"}},
	}
}

func indicators() []parity.Indicator {
	return []parity.Indicator{
		{ID: "M1", Name: "artifact match rate", Column: "dev", Denominator: 0, Unknown: 16},
		{ID: "M1", Name: "artifact match rate", Column: "staging", Value: ptr(0.875), Target: ptr(1.0), Met: ptr(false), Numerator: 14, Denominator: 16, Evidence: []string{fingerprint("image-0"), fingerprint("image-1")}},
		{ID: "M4", Name: "dependency version parity", Column: "staging", Value: ptr(1.0), Target: ptr(1.0), Met: ptr(true), Numerator: 9, Denominator: 9},
		{ID: "M5", Name: "environment variable parity", Column: "dev", Value: ptr(0.71), Numerator: 71, Denominator: 100, Unknown: 4},
		{ID: "M5", Name: "environment variable parity", Column: "staging", Value: ptr(0.9952), Target: ptr(0.98), Met: ptr(true), Numerator: 210, Denominator: 211, Unknown: 3},
	}
}

func scores() []parity.Score {
	return []parity.Score{
		{Column: "dev", Scope: "environment", Value: ptr(61.24), Confidence: 0.93, Facts: 1204, Counting: 31},
		{Column: "staging", Scope: "environment", Value: ptr(98.4), Confidence: 0.995, Facts: 2890, Counting: 23},
		{Column: "dev", Scope: "surface", Name: "artifact", Confidence: 0, Facts: 16},
		{Column: "dev", Scope: "surface", Name: "config", Value: ptr(71.0), Confidence: 0.96, Facts: 900, Counting: 27},
		{Column: "dev", Scope: "surface", Name: "resource", Value: ptr(44.0), Confidence: 1, Facts: 288, Counting: 4},
		{Column: "staging", Scope: "surface", Name: "artifact", Value: ptr(87.5), Confidence: 1, Facts: 16, Counting: 2},
		{Column: "staging", Scope: "surface", Name: "config", Value: ptr(98.9), Confidence: 0.99, Facts: 1800, Counting: 15},
		{Column: "staging", Scope: "surface", Name: "resource", Value: ptr(99.96), Confidence: 1, Facts: 900, Counting: 3},
		{Column: "staging", Scope: "surface", Name: "network", Value: ptr(70.0), Confidence: 0.8, Facts: 174, Counting: 3},
		{Column: "staging", Scope: "service", Name: "chat", Value: ptr(91.0), Confidence: 1, Facts: 40, Counting: 1},
	}
}

func classes() []parity.ClassCount {
	return []parity.ClassCount{
		{
			Column: "dev", Facts: 1204, Reference: 2852, Paired: 1100, OnlyHere: 104, OnlyReference: 1752,
			Counts:  map[parity.Class]int{parity.Equal: 620, parity.Equivalent: 254, parity.Bound: 200, parity.Expected: 1818, parity.Missing: 20, parity.Extra: 4, parity.Changed: 7, parity.Unknown: 33},
			Derived: map[parity.Class]int{parity.Equal: 40},
			Surfaces: map[parity.Surface]map[parity.Class]int{
				parity.Artifact: {parity.Unknown: 16},
				parity.Config:   {parity.Equal: 600, parity.Missing: 20, parity.Extra: 3, parity.Changed: 4},
				parity.Resource: {parity.Equal: 20, parity.Extra: 1, parity.Changed: 3},
			},
		},
		{
			Column: "staging", Facts: 2816, Reference: 2852, Paired: 2810, OnlyHere: 6, OnlyReference: 42,
			Counts:  map[parity.Class]int{parity.Equal: 1390, parity.Equivalent: 1254, parity.Bound: 120, parity.IdentifierClass: 3, parity.Shared: 38, parity.Expected: 12, parity.Excepted: 4, parity.Missing: 14, parity.Changed: 8, parity.Leak: 1, parity.Ambiguous: 5, parity.Unknown: 9},
			Derived: map[parity.Class]int{parity.Equal: 200, parity.Changed: 12},
			Surfaces: map[parity.Surface]map[parity.Class]int{
				parity.Artifact: {parity.Equal: 14, parity.Changed: 2},
				parity.Config:   {parity.Equal: 1200, parity.Missing: 11, parity.Changed: 3, parity.Leak: 1},
				parity.Resource: {parity.Equal: 176, parity.Changed: 3},
				parity.Network:  {parity.Equal: 9, parity.Missing: 3, parity.Unknown: 9},
			},
		},
	}
}

func spell(staging, production string) []parity.Spelling {
	return []parity.Spelling{{Column: "staging", Text: staging}, {Column: "production", Text: production}}
}

func bindings() []parity.Binding {
	return []parity.Binding{
		{ID: "environment-1", Role: "environment", Origin: "known", Facts: 60, Spellings: append([]parity.Spelling{{Column: "dev", Text: "dev"}}, spell("staging", "production")...)},
		{ID: "account-1", Role: "account", Origin: "learned", Support: 46, Facts: 46, Spellings: spell("696911096973", "172025368201")},
		{ID: "domain-1", Role: "domain", Origin: "learned", Support: 12, Against: 1, Facts: 14, Spellings: spell("staging.", "")},
		{ID: "host-1", Role: "a very long role name that a person wrote in parity.yaml", Origin: "declared", Facts: 2, Spellings: spell("shop-staging-cache.abc123.ng.0001.euw1.cache.example.com", "shop-production-cache.def456.ng.0001.euw1.cache.example.com")},
	}
}

func shared() []parity.SharedValue {
	where := []parity.FactRef{{Subject: parity.Key{Kind: "Secret", Scope: "shop", Name: "db"}, Path: "/data/password"}}
	return []parity.SharedValue{
		{Token: "[secret]", Owner: "production", Example: "[secret]", Facts: 2, Where: where, Secret: true, Columns: []string{"production", "staging"}},
		{Token: "172025368201", Owner: "production", Example: "172025368201.dkr.ecr.eu-west-1.example.com/shop/api", Facts: 16},
		{Token: "production", Owner: "production", Example: "publisher_production", Facts: 22},
	}
}

func gaps() []parity.ColumnGap {
	return []parity.ColumnGap{
		{Column: "staging", Facts: 9, Doubt: true, Estimate: &parity.Estimate{Facts: 12, Beyond: 12, From: parity.EstimateOthers}, Gap: parity.Gap{Source: "kubernetes-manifests", Kind: "NetworkPolicy", Reason: "the remote base could not be reached", Where: "deploy/overlays/staging/kustomization.yaml:4:5", Hint: "give it a path in the repository, or allow the network with --fetch"}},
		{Column: "staging", Doubt: true, Gap: parity.Gap{Source: "kubernetes-manifests", Reason: "the file is not valid YAML: " + Hostile, Where: "deploy/broken.yaml:12:3"}},
		{Column: "dev", Facts: 33, Allowed: &parity.Decision{Kind: "allow", Name: "source compose", Reason: "no registry for " + Hostile, Owner: "team-dev", Approver: "lead", Until: "2026-12-31"}, Gap: parity.Gap{Source: "compose", Reason: "images are built on the machine and have no digest"}},
	}
}

func findings() []parity.PolicyFinding {
	return []parity.PolicyFinding{
		{Kind: "exception-expired", Name: "old worker", Message: "ended on 2026-03-01 and still covers 2 differences", Severity: parity.Medium, Where: "parity.yaml:88:5"},
		{Kind: "expectation-unused", Name: "scaled down", Message: "matches nothing", Severity: parity.Info, Where: "parity.yaml:61:5"},
	}
}

func ambiguities() []parity.Ambiguity {
	return []parity.Ambiguity{{
		Column:     "staging",
		Subject:    parity.Key{Kind: "Job", Group: "batch", Scope: "shop", Name: "migrate"},
		Candidates: []parity.Key{{Kind: "Job", Group: "batch", Scope: "shop", Name: "migrate-a"}, {Kind: "Job", Group: "batch", Scope: "shop", Name: "migrate-b"}},
		Confidence: 0.55, Why: []string{"same image repository"}, Facts: 5,
	}}
}

// Large is Shop with n groups of m members each.
func Large(n, m int) *parity.Result {
	r := Shop()
	for i := range n {
		g := parity.Group{
			ID: fmt.Sprintf("%08x", i), Class: parity.Changed, Change: parity.TextChange, Severity: parity.Low,
			Surface: parity.Config, Summary: fmt.Sprintf("variable NUMBER_%d has other text", i), Cause: "variable",
			Columns: []string{"staging"}, Counts: true, Facts: m,
		}
		for j := range m {
			d := change(fmt.Sprintf("large-%d-%d", i, j), "ConfigMap", fmt.Sprintf("app-%d", j), fmt.Sprintf("/data/NUMBER_%d", i), parity.Changed, parity.TextChange)
			d.Sides = sides("", "left", "right", fmt.Sprintf("deploy/app-%d.yaml", j), int32(i+1))
			g.Differences = append(g.Differences, d)
		}
		g.Blocks = []parity.Block{blockOf(&g, g.Summary, m)}
		r.Groups = append(r.Groups, g)
		r.Verdict.Counting += m
	}
	return r
}
