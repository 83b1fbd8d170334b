package provenance

import (
	"encoding/base64"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/place"
)

var update = flag.Bool("update", false, "write the golden files")

const statement = `{"_type": "https://in-toto.io/Statement/v1", "subject": [{"name": "shop-1.4.0.tgz", "digest": {"sha256": "aa11"}}],
 "predicateType": "https://slsa.dev/provenance/v1", "predicate": {
  "buildDefinition": {"buildType": "https://example.com/build/v1",
   "externalParameters": {"workflow": {"repository": "https://u:%SECRET_URL%@git.example.com/shop"}, "inputs": {"channel": "stable", "registry_token": "%SECRET_WORD%"}},
   "internalParameters": {"run_id": "77"},
   "resolvedDependencies": [{"uri": "git+https://u:%SECRET_URL%@git.example.com/shop@refs/heads/main", "digest": {"gitCommit": "0123abcd"}}]},
  "runDetails": {"builder": {"id": "https://example.com/builder"}, "metadata": {"startedOn": "2026-01-01T00:00:00Z"}}}}
`

// envelope wraps a statement as signers do.
func envelope(statement string) string {
	return `{"payloadType": "application/vnd.in-toto+json", "payload": "` + base64.StdEncoding.EncodeToString([]byte(statement)) + `", "signatures": [{"sig": "x"}]}` + "\n"
}

func TestConformance(t *testing.T) {
	bom := `{"_type": "https://in-toto.io/Statement/v0.1", "subject": [{"name": "shop-1.4.0.tgz", "digest": {"sha256": "aa11"}}],
 "predicateType": "https://cyclonedx.org/bom", "predicate": {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [
  {"type": "library", "name": "lodash", "version": "4.17.21", "purl": "pkg:npm/lodash@4.17.21"}]}}`
	collectortest.Run(t, collectortest.Case{
		Name: "a statement and an envelope", Collector: New(),
		Files:  map[string]string{"a.intoto.json": statement, "b.intoto.jsonl": envelope(bom)},
		Config: &Config{Path: "*.intoto.json", Paths: []string{"b.intoto.jsonl"}, Name: "web"},
		Facts: []string{
			"/builder/id", "/buildType", "/source/commit", "/source/repository", "/parameters/external/inputs/channel", "/parameters/external/inputs/registry_token",
			"/run/startedOn", "/artifacts[name=shop.tgz]/digest", "/attestations[=https://cyclonedx.org/bom]/signed", "/packages[purl=pkg:npm/lodash]",
		},
		Broken: []collectortest.Broken{
			{Name: "JSON", Files: map[string]string{"a.intoto.json": `{"payload": "%SECRET_WORD%`}, Keeps: true, Reason: "does not end"},
			{Name: "no attestation", Files: map[string]string{"a.intoto.json": `{"%SECRET_WORD%": 1}`}, Keeps: true, Reason: "neither"},
			{Name: "no base64", Files: map[string]string{"b.intoto.jsonl": `{"payload": "?%SECRET_WORD%"}`}, Keeps: true, Reason: "base64"},
			{Name: "another payload", Files: map[string]string{"b.intoto.jsonl": `{"payloadType": "text/plain", "payload": "%SECRET_BASE64%"}`}, Keeps: true, Reason: "type that is not read"},
			{Name: "a payload that is no JSON", Files: map[string]string{"b.intoto.jsonl": `{"payload": "%SECRET_BASE64%"}`}, Keeps: true, Reason: "valid JSON"},
			{Name: "an old predicate", Files: map[string]string{"a.intoto.json": strings.Replace(statement, "/v1\", \"predicate\"", "/v0.1\", \"predicate\"", 1)}, Keeps: true, Reason: "version that is not read"},
			{Name: "gone", Remove: []string{"b.intoto.jsonl"}, Keeps: true, Reason: "no such file"},
			{Name: "nothing named", Config: &Config{}, Reason: "no paths"},
		},
	})
}

func TestCases(t *testing.T) { collectortest.Cases(t, New(), *update) }

func TestDetect(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"x.intoto.jsonl", "x.sigstore.json", "x.json"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root := place.Dir(dir)
	t.Cleanup(func() { _ = root.Close() })
	for name, want := range map[string]int{"x.intoto.jsonl": 85, "x.sigstore.json": 85, "x.json": 0, ".": 0} {
		p, err := root.Resolve(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := detect(p); got != want {
			t.Errorf("%s fits with %d, want %d", name, got, want)
		}
	}
}
