package acceptance

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
)

// TestDriftOfAPlan: a plan that OpenTofu made after its resources were changed
// by others holds both sides: what it would make, and what it found.
func TestDriftOfAPlan(t *testing.T) {
	plan, err := filepath.Abs("../collector/terraform/testdata/staging/drift.json")
	if err != nil {
		t.Fatal(err)
	}
	dir := project(t, fmt.Sprintf(`version: 1
environments:
  - name: staging
    sources: [{collector: terraform, plan: %q}]
  - name: production
    sources: [{collector: terraform, plan: %[1]q}]
gate: {mode: block}
`, plan))
	code, stdout, stderr := command(t, dir, "drift", "staging", "--format", "json")
	if code != 1 {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	var r parity.DriftResult
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, d := range r.Instances[0].Drifts {
		who := ""
		if d.Writer != nil {
			who = " by " + d.Writer.Manager
		}
		got = append(got, fmt.Sprintf("%s %s %s%s", d.Kind, d.Subject.Name, d.Path, who))
	}
	want := []string{
		"missing nightly ",
		"changed worker /function/env[name=LOG_LEVEL]/value by outside of Terraform",
		"widened db /network by outside of Terraform",
		"changed worker /function/memory by outside of Terraform",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("drifts (-want +got):\n%s", diff)
	}
}
