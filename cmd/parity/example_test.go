package main

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/cli"
)

// breakages are what is wrong with the example: class, change, columns, and
// where it shows.
var breakages = []string{
	"changed sizing staging Deployment/orders /spec/template/spec/containers[name=app]/resources/limits/memory",
	"changed toggle dev,staging Deployment/checkout /spec/template/spec/containers[name=app]/env[name=FEATURE_ONE_CLICK]/value",
	"changed version dev,staging Deployment/checkout /spec/template/spec/containers[name=app]/image",
	"extra staging Role/orders /rules[=batch/jobs:delete]",
	"extra staging Role/orders /rules[=core/secrets:get]",
	"extra staging Role/orders /rules[=core/secrets:list]",
	"extra staging Role/orders /rules[=core/secrets:watch]",
	"leak address staging Deployment/checkout /spec/template/spec/containers[name=app]/env[name=DATABASE_HOST]/value",
	"missing dev,staging Deployment/checkout /spec/template/spec/containers[name=app]/env[name=PAYMENT_RETRY_LIMIT]/value",
	"missing staging NetworkPolicy/orders-egress",
}

// TestExampleShowsItsBreakagesAndNothingElse holds the example to its purpose:
// each breakage is found, once, and all the noise beside them is quiet.
func TestExampleShowsItsBreakagesAndNothingElse(t *testing.T) {
	var stdout, stderr bytes.Buffer
	code := cli.Run(context.Background(), []string{"check", "examples/shop", "--format", "json"},
		process(projectRoot(t), nothing, strings.NewReader(""), &stdout, &stderr))
	if code != 1 || stderr.Len() > 0 {
		t.Fatalf("exit code %d, stderr %s", code, stderr.String())
	}
	var r parity.Result
	if err := json.Unmarshal(stdout.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Verdict.Outcome != parity.Fail || r.Groups[0].Class != parity.Leak {
		t.Errorf("outcome %s, first group %s: want a failure, and the leak first", r.Verdict.Outcome, r.Groups[0].Class)
	}
	var got []string
	for _, g := range r.Groups {
		for _, d := range g.Differences {
			words := []string{d.Class.String(), string(d.Change), strings.Join(d.Columns, ","), d.Subject.Kind + "/" + d.Subject.Name, d.Path}
			got = append(got, strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " "))
		}
	}
	slices.Sort(got)
	if diff := cmp.Diff(breakages, got); diff != "" {
		t.Errorf("differences that count (-want +got):\n%s", diff)
	}
	if len(r.Gaps) > 0 || len(r.Findings) > 0 {
		t.Errorf("the example has gaps %v and findings %v", r.Gaps, r.Findings)
	}
}
