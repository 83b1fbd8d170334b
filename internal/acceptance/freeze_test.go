package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/envparity/parity"
)

// frozenProject draws two or three environments whose objects carry the
// environments' own names for things: domains, of which one environment may have
// several for one of another's, accounts, names of databases, and now and then a
// value that is no name at all.
func frozenProject(t *rapid.T) map[string]string {
	columns := []string{"staging", "production"}
	if rapid.Bool().Draw(t, "dev") {
		columns = append([]string{"dev"}, columns...)
	}
	domains := map[string][]string{}
	for i, c := range columns {
		for k := range rapid.IntRange(1, 3).Draw(t, c+" domains") {
			domains[c] = append(domains[c], fmt.Sprintf("%c%d.%s.example.%s", 'a'+k, i, c, []string{"com", "org", "net"}[k]))
		}
	}
	accounts := map[string]string{"dev": "111122223333", "staging": "444455556666", "production": "777788889999"}
	services := rapid.IntRange(3, 9).Draw(t, "services")
	files := map[string]string{}
	for _, c := range columns {
		files[c+"/app.yaml"] = ""
	}
	for n := range services {
		name := fmt.Sprintf("svc%d", n)
		pick := rapid.IntRange(0, 2).Draw(t, name+" domain")
		odd := rapid.IntRange(0, 9).Draw(t, name+" odd")
		for _, c := range columns {
			domain := domains[c][min(pick, len(domains[c])-1)]
			account, level := accounts[c], "info"
			switch {
			case odd == 0 && c == columns[0]:
				domain = domains["production"][0] // a leak, or shared
			case odd == 1 && c == columns[0]:
				account = "999900001111"
			case odd == 2 && c == columns[0]:
				level = "debug"
			}
			files[c+"/app.yaml"] += fmt.Sprintf(`apiVersion: v1
kind: ConfigMap
metadata: {name: %s, namespace: shop}
data:
  HOME_URL: https://%s.%s/home
  QUEUE: arn:aws:sqs:eu-west-1:%s:%s
  BUCKET: %s-%s-assets
  LEVEL: %s
---
`, name, name, domain, account, name, map[string]string{"dev": "blue", "staging": "green", "production": "red"}[c], name, level)
		}
	}
	var b strings.Builder
	b.WriteString("version: 1\nenvironments:\n")
	for _, c := range columns {
		fmt.Fprintf(&b, "  - {name: %s, sources: [{collector: kubernetes-manifests, path: %s}]}\n", c, c)
	}
	b.WriteString("gate: {mode: block, failOn: info}\n")
	files["parity.yaml"] = b.String()
	return files
}

// outcomeOf is what a verdict comes to: its outcome, and the differences that
// count, by fingerprint, columns and class.
func outcomeOf(r *parity.Result) []string {
	out := []string{string(r.Verdict.Outcome)}
	for _, d := range differences(r) {
		out = append(out, fmt.Sprintf("%s %s %s %s", d.Fingerprint, d.Class, strings.Join(d.Columns, ","), d.Path))
	}
	slices.Sort(out)
	return out
}

// TestFreezingChangesNoVerdict: a project, parity bindings --write, and the same
// project again: the verdict and what counts are the same, learned or frozen.
func TestFreezingChangesNoVerdict(t *testing.T) {
	several := 0
	rapid.Check(t, func(rt *rapid.T) {
		dir := writeTree(t, frozenProject(rt))
		_, before := judged(t, dir)
		if code, _, stderr := command(t, dir, "bindings", "--write"); code != 0 {
			rt.Fatalf("bindings --write: exit %d: %s", code, stderr)
		}
		_, after := judged(t, dir)
		text, err := os.ReadFile(filepath.Join(dir, "parity.yaml"))
		if err != nil {
			rt.Fatal(err)
		}
		if was, is := outcomeOf(before), outcomeOf(after); !slices.Equal(was, is) {
			rt.Fatalf("before %q\nafter %q\n%s", was, is, text)
		}
		for _, b := range after.Bindings {
			if b.Origin == "learned" {
				rt.Fatalf("a gate that blocks learned %+v beside the frozen ones", b)
			}
		}
		if strings.Contains(string(text), "[") && strings.Contains(string(text), "role: domain") {
			several++
		}
	})
	if several == 0 {
		t.Error("no project had several spellings of one role")
	}
}

// TestFrozenBindings: whatever makes a gate block, it learns nothing beside
// frozen bindings, and what explain and bindings say agrees with it.
func TestFrozenBindings(t *testing.T) {
	const frozen = "bindings:\n  - {role: team, spellings: {staging: blue-team, production: red-team}}\n"
	for _, c := range []struct {
		name, config string
		args         []string
		blocks       bool
	}{
		{"a mode that blocks", "gate: {mode: block}\n" + frozen, nil, true},
		{"--fail-on", frozen, []string{"--fail-on", "medium"}, true},
		{"--fail-on over a mode that reports", "gate: {mode: report-only}\n" + frozen, []string{"--fail-on", "critical"}, true},
		{"a surface that blocks", "gate: {surfaces: {dependency: block}}\n" + frozen, nil, true},
		{"a gate that only reports", frozen, nil, false},
		{"a surface that is ignored", "gate: {surfaces: {dependency: ignore}}\n" + frozen, nil, false},
		{"a gate that blocks, with nothing frozen", "gate: {mode: block}\n", nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			base := gateCase{mode: "report-only", gap: gateGaps[0]}
			files := base.files()
			config, _, _ := strings.Cut(files["parity.yaml"], "gate:")
			files["parity.yaml"] = config + c.config
			dir := writeTree(t, files)
			code, r := judged(t, dir, c.args...)
			learned := slices.ContainsFunc(r.Bindings, func(b parity.Binding) bool { return b.Origin == "learned" })
			if learned == c.blocks || (r.Verdict.Mode == "block") != (c.blocks || strings.Contains(c.config, "mode: block")) {
				t.Errorf("exit %d, mode %s, learned %v", code, r.Verdict.Mode, learned)
			}
			if len(c.args) > 0 {
				return // explain and bindings take no such flag
			}
			_, story, _ := command(t, dir, "explain", "ConfigMap/x/orders", "/data/HOME")
			if bound := strings.Contains(story, "bound"); bound == c.blocks {
				t.Errorf("parity explain says otherwise:\n%s", story)
			}
			_, list, _ := command(t, dir, "bindings")
			if !strings.Contains(list, "learned") {
				t.Errorf("parity bindings learns nothing:\n%s", list)
			}
		})
	}
}
