package acceptance

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/envparity/parity"
)

// unsureProject reads directories, so that a file more is an object more.
const unsureProject = `version: 1
environments:
  - {name: staging, sources: [{collector: kubernetes-manifests, path: staging}]}
  - {name: production, reference: true, sources: [{collector: kubernetes-manifests, path: production}]}
expectations:
  - name: replicas
    match: [{path: spec/replicas}]
    expect: production >= staging
    reason: Staging carries less load.
`

// TestUnsure: a subject that is declared twice is ambiguous, one whose file
// does not parse is unknown; neither counts, and both lower confidence.
func TestUnsure(t *testing.T) {
	f := NewFleet(5, 40)
	dir := project(t, unsureProject)
	const config = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: broken, namespace: x}\ndata: {a: '1', b: '2'}\n"
	const twice = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: twice, namespace: x}\ndata: {a: '1'}\n"
	files := map[string]string{
		"staging/fleet.yaml": f.Staging, "production/fleet.yaml": f.Production,
		"staging/broken.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: broken, namespace: x}\ndata: {a: '1', b: [\n", "production/broken.yaml": config,
		"staging/one.yaml": twice, "staging/two.yaml": twice + "  # again\n", "production/one.yaml": twice,
	}
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r := result(t, dir, "check")
	checkPlanted(t, f, differences(r))
	counts := classes(t, r, "staging")
	if counts[parity.Ambiguous] == 0 || counts[parity.Unknown] == 0 {
		t.Errorf("classes %v", counts)
	}
	if len(r.Gaps) != 1 || r.Gaps[0].Column != "staging" || r.Gaps[0].Where == "" || r.Gaps[0].Facts != counts[parity.Unknown] {
		t.Errorf("gaps %+v hide %d facts", r.Gaps, counts[parity.Unknown])
	}
	for _, s := range r.Scores {
		if s.Scope == "environment" && s.Confidence >= 1 {
			t.Errorf("confidence %v", s.Confidence)
		}
	}
}
