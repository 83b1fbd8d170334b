package app

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/all"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/policy"
	"github.com/envparity/parity/internal/report/jsonreport"
)

var update = flag.Bool("update", false, "write what is generated instead of comparing it")

// TestGeneratedFilesAreNotStale holds the pages and schemas of the repository
// to what the code says. With -update it writes them.
func TestGeneratedFilesAreNotStale(t *testing.T) {
	schema, err := ConfigSchema()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string][]byte{
		"docs/schema/parity.schema.json": schema,
		"docs/schema/result.schema.json": jsonreport.Schema(),
		"docs/schema/drift.schema.json":  jsonreport.DriftSchema(),
		"docs/configuration.md":          configPage(),
		"docs/rules.md":                  rulesPage(),
	}
	for _, c := range all.Collectors() {
		want["docs/collectors/"+c.Name+".md"] = []byte(collector.Markdown(c))
	}
	for name, text := range want {
		holdFile(t, filepath.Join("..", "..", filepath.FromSlash(name)), text)
	}
	pages, err := filepath.Glob("../../docs/collectors/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pages {
		if _, ok := want["docs/collectors/"+filepath.Base(p)]; !ok {
			t.Errorf("%s is the page of no collector", p)
		}
	}
}

func holdFile(t *testing.T, path string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if bytes.Equal(got, want) {
		return
	}
	if !*update {
		t.Errorf("%s is stale, run make generate (-want +got):\n%s", path, cmp.Diff(string(want), string(got)))
		return
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, want, 0o644); err != nil {
		t.Fatal(err)
	}
}

func configPage() []byte {
	var b strings.Builder
	b.WriteString("# parity.yaml\n\nEvery key. `[]` stands for the items of a list, `*` for a name of your own.\n\n")
	b.WriteString("| key | type | required | meaning |\n| --- | --- | --- | --- |\n")
	for _, f := range collector.New[config.Config](collector.Manifest{}, nil).Fields() {
		required := ""
		if f.Required {
			required = "yes"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Key, f.Type, required, f.Doc)
	}
	b.WriteString("\nThe other keys of a source are those of its collector: see [collectors](collectors).\n")
	b.WriteString("\n## Severities\n\nThe first row that matches gives the severity of a difference. Rows of `severities` in\nparity.yaml come before these:\n\n```yaml\n")
	b.WriteString(strings.TrimSpace(policy.SeverityTable()))
	b.WriteString("\n```\n")
	return []byte(b.String())
}

func rulesPage() []byte {
	effects := map[parity.RuleEffect]string{
		parity.Shapes:       "gives values one form",
		parity.AbsentEquals: "makes a value and its absence equivalent",
		parity.Ignores:      "makes whatever stands there equivalent",
	}
	var b strings.Builder
	b.WriteString("# Normalisation rules\n\nNo rule removes a fact: it makes two facts equivalent, and every report says how\noften each did. `rules.off` in parity.yaml switches rules off by name.\n\n")
	b.WriteString("| rule | what it knows | effect |\n| --- | --- | --- |\n")
	for _, r := range parity.Rules() {
		info := r.Info()
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", info.Name, info.Summary, effects[info.Effect])
	}
	return []byte(b.String())
}

// TestExamplesOfCollectorsLoad holds the configuration that the collectors'
// pages show to what parity.yaml takes.
func TestExamplesOfCollectorsLoad(t *testing.T) {
	for _, m := range all.Collectors() {
		parts := strings.Split(m.Doc, "```")
		for i := 1; i < len(parts); i += 2 {
			text, ok := strings.CutPrefix(parts[i], "yaml\n")
			if !ok || !strings.Contains(text, "- ") || !strings.Contains(text, "collector:") && !strings.Contains(text, "path:") {
				continue
			}
			t.Run(fmt.Sprintf("%s %d", m.Name, i/2), func(t *testing.T) {
				if _, err := config.Load("example", wrap(text), New(Options{}).sourceConfigs()); err != nil {
					t.Errorf("the example does not load: %v\n%s", err, text)
				}
			})
		}
	}
}

// wrap makes a whole parity.yaml of a list of sources; of what is more than
// that it keeps what there is.
func wrap(text string) []byte {
	if strings.Contains(text, "environments:") {
		if !strings.Contains(text, "version:") {
			text = "version: 1\n" + text
		}
		return []byte(text)
	}
	if rest, ok := strings.CutPrefix(strings.TrimSpace(text), "sources:"); ok {
		text = rest
	}
	list := strings.ReplaceAll("\n"+strings.TrimRight(strings.TrimLeft(text, "\n"), " \n"), "\n", "\n        ")
	return []byte("version: 1\nenvironments:\n  - name: staging\n    sources: [{path: a}]\n  - name: production\n    sources:" + list + "\n")
}
