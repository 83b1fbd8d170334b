package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/realdata"
)

// replicasDiffer is a parity.yaml with paths, names and one expectation.
const replicasDiffer = `version: 1
environments:
  - {name: staging, sources: [{collector: kubernetes-manifests, path: staging.yaml}]}
  - {name: production, reference: true, sources: [{collector: kubernetes-manifests, path: production.yaml}]}
expectations:
  - name: replicas
    match: [{path: spec/replicas}]
    expect: production >= staging
    reason: Staging carries less load.
`

// scaleProject is a directory with n objects a side of the scale generator.
func scaleProject(t testing.TB, n int) string {
	t.Helper()
	script := realdata.Path(t, "scale", "generate.py")
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("python3 is not here, and CI must run the generator")
		}
		t.Skip("SKIPPED: python3 is not here, which runs the generator")
	}
	dir := project(t, replicasDiffer)
	for i, side := range []struct{ name, env, shuffle string }{{"staging", "staging", "0"}, {"production", "prod", "1"}} {
		out, err := os.Create(filepath.Join(dir, side.name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(python, script, strconv.Itoa(n), side.env, strconv.Itoa(i+1), side.shuffle)
		cmd.Stdout = out
		if err := cmd.Run(); err != nil {
			t.Fatal(err)
		}
		if err := out.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestScale: of 8,080 leaves that differ, 80 count, and all others are set
// aside for a reason.
func TestScale(t *testing.T) {
	r := result(t, scaleProject(t, 10_000), "check")
	counts := classes(t, r, "staging")
	if counts[parity.Changed] != 80 {
		t.Errorf("%d facts changed", counts[parity.Changed])
	}
	for class := range counts {
		switch class {
		case parity.Equal, parity.Equivalent, parity.Bound, parity.Expected, parity.Changed:
		default:
			t.Errorf("%d facts are %v", counts[class], class)
		}
	}
	if counts[parity.Equivalent] != 4000 || counts[parity.Bound] != 2000 || counts[parity.Expected] != 2000 {
		t.Errorf("classes %v", counts)
	}
	groups := counting(r)
	if len(groups) > 5 {
		t.Errorf("%d groups", len(groups))
	}
	facts := 0
	for _, g := range groups {
		facts += g.Facts
		if len(g.Differences) != 40 {
			t.Errorf("%s: %d members", g.Summary, len(g.Differences))
		}
	}
	if facts != 80 {
		t.Errorf("the groups hold %d facts: %s", facts, fmt.Sprint(groups))
	}
}
