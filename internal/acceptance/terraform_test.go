package acceptance

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
)

const terraformProject = `version: 1
environments:
  - {name: staging, sources: [{collector: terraform, state: STATES/staging/terraform.tfstate}]}
  - {name: production, reference: true, sources: [{collector: terraform, state: STATES/production/terraform.tfstate}]}
expectations:
  - name: memory of functions
    match: [{path: /function/memory}]
    expect: production >= staging
    reason: Staging carries less load.
`

func terraformStates(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../collector/terraform/testdata")
	if err != nil {
		t.Fatal(err)
	}
	return filepath.ToSlash(dir)
}

// TestTerraformStates compares two real states, each of an account of its own.
// Policies, roles and rules that say the same in other forms are quiet; what is
// left is the wider policy, the rule for another network, and two tokens that
// are secrets by their names only, which compare by digest.
func TestTerraformStates(t *testing.T) {
	dir := project(t, strings.ReplaceAll(terraformProject, "STATES", terraformStates(t)))
	r := result(t, dir, "check")
	var got []string
	for _, g := range counting(r) {
		got = append(got, g.Summary)
		for _, d := range g.Differences {
			got = append(got, "  "+d.Class.String()+" "+d.Subject.Kind+" "+d.Subject.Name+" "+d.Path)
		}
	}
	want := []string{
		"aws_iam_policy reader: policy allow s3:* on arn:aws:s…::shop-staging-exports/* only in staging",
		"  extra aws_iam_policy reader /policy[=allow s3:* on arn:aws:s3:::shop-staging-exports/*]",
		"aws_security_group db: network ingress tcp 5432 from 10.20.0.0/16, production ingress tcp 5432 from 10.30.0.0/16",
		"  changed aws_security_group db /network[=ingress tcp 5432 from 10.30.0.0/16]",
		"aws_lambda_function worker: API_TOKEN another secret in staging",
		"  changed aws_lambda_function worker /function/env[name=API_TOKEN]/value",
		"terraform root: outputs/api_token another secret in staging",
		"  changed terraform root /outputs/api_token",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	counts := classes(t, r, "staging")
	if counts[parity.Extra] != 1 || counts[parity.Changed] != 3 || counts[parity.Missing] != 0 || counts[parity.Unknown] != 0 || counts[parity.Bound] < 10 || counts[parity.Expected] != 1 {
		t.Errorf("classes %v", counts)
	}
	account := false
	for _, b := range r.Bindings {
		if b.Role != "account" {
			continue
		}
		account = true
		if diff := cmp.Diff([]parity.Spelling{{Column: "production", Text: "777788889999"}, {Column: "staging", Text: "111122223333"}}, b.Spellings); diff != "" {
			t.Error(diff)
		}
	}
	if !account {
		t.Errorf("no account is bound: %+v", r.Bindings)
	}
	for _, i := range r.Indicators {
		if i.ID == "M5" && (i.Denominator < 5 || i.Numerator != i.Denominator-1) { // API_TOKEN
			t.Errorf("M5 is %d of %d", i.Numerator, i.Denominator)
		}
	}
}

// TestTerraformPlans compares what two plans would leave before anything is
// applied: what is known only then is a gap, and nothing is said to be missing
// for it. What a rule will belong to is known from the configuration.
func TestTerraformPlans(t *testing.T) {
	text := strings.NewReplacer(
		"state: STATES/staging/terraform.tfstate", "plan: STATES/staging/first.json, role: desired",
		"state: STATES/production/terraform.tfstate", "plan: STATES/production/first.json, role: desired",
	).Replace(terraformProject)
	r := result(t, project(t, strings.ReplaceAll(text, "STATES", terraformStates(t))), "check")
	var got []string
	for _, d := range differences(r) {
		got = append(got, d.Class.String()+" "+d.Subject.Kind+" "+d.Subject.Name+" "+d.Path)
	}
	want := []string{
		"extra aws_iam_policy reader /policy[=allow s3:* on arn:aws:s3:::shop-staging-exports/*]",
		"changed aws_security_group db /network[=ingress tcp 5432 from 10.30.0.0/16]",
		"changed aws_lambda_function worker /function/env[name=API_TOKEN]/value",
		"changed terraform root /outputs/api_token",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	later := 0
	for _, g := range r.Gaps {
		if strings.Contains(g.Reason, "only after apply") {
			later++
		}
	}
	if later < 20 {
		t.Errorf("%d gaps for what is known only after apply", later)
	}
}

// TestTerraformDrift sets what a plan would leave beside what it found: what
// differs is what somebody changed by hand, and nothing else. What it would
// leave is what the state was before.
func TestTerraformDrift(t *testing.T) {
	const sides = `version: 1
environments:
  - {name: running, sources: [{collector: terraform, plan: STATES/staging/drift.json, role: live}]}
  - {name: declared, reference: true, sources: [{collector: terraform, plan: STATES/staging/drift.json, role: desired}]}
  - {name: before, sources: [{collector: terraform, state: STATES/staging/terraform.tfstate}]}
`
	r := result(t, project(t, strings.ReplaceAll(sides, "STATES", terraformStates(t))), "check")
	var got []string
	for _, d := range differences(r) {
		got = append(got, strings.Join(d.Columns, ",")+" "+d.Class.String()+" "+d.Subject.Kind+" "+d.Subject.Name+" "+d.Path)
	}
	slices.Sort(got)
	want := []string{
		"running changed aws_lambda_function worker /function/env[name=LOG_LEVEL]/value",
		"running changed aws_lambda_function worker /function/memory",
		"running extra aws_security_group db /network[=ingress tcp 5432 from 0.0.0.0/0]",
		"running missing aws_cloudwatch_event_target nightly ",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
