package acceptance

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/envparity/parity"
)

// The table of the gate: every combination of the things that decide a verdict,
// against what the pages promise. What a combination must come to is said by
// gateCase.want from the promises alone.

// gateGap is a way in which something cannot be read.
type gateGap struct {
	name string
	// sources are lines below sources of staging and production.
	staging, production string
	files               map[string]string
	// allow is the gap of an entry of gate.allow that names it.
	allow string
	// hides is set where staging's gap may hide an object of Kubernetes as a whole,
	// though presumably not one that stands beside what staging reads elsewhere.
	hides bool
	// network is set where the gap can be about the surface network only.
	network bool
}

const brokenDocument = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: broken, namespace: x}\ndata: {a: [\n---\nkind: [\n"

var gateGaps = []gateGap{
	{name: "none", allow: "source: nothing"},
	{
		name:       "a state that is broken",
		production: `{collector: terraform, state: production.tfstate}`,
		files:      map[string]string{"production.tfstate": `{"version": 4, "resources": [`},
		allow:      `source: "production: terraform"`,
	},
	{
		name:       "a state that is missing",
		production: `{collector: terraform, state: production.tfstate}`,
		allow:      `source: production.tfstate`,
	},
	{
		name: "a document that is broken in both", hides: true,
		staging: `{path: more/staging}`, production: `{path: more/production}`,
		files: map[string]string{"more/staging/x.yaml": brokenDocument, "more/production/x.yaml": brokenDocument},
		allow: `source: kubernetes-manifests`,
	},
	{
		name: "a template that fails in both", hides: true,
		staging: `{path: chart}`, production: `{path: chart}`,
		files: map[string]string{
			"chart/Chart.yaml":       "apiVersion: v2\nname: extra\nversion: 1.0.0\n",
			"chart/templates/x.yaml": "{{ fail \"no\" }}\n",
		},
		allow: `source: "*: kubernetes-manifests chart"`,
	},
	{
		name:    "a part with a path",
		staging: `{collector: compose, files: [compose.staging.yaml]}`, production: `{collector: compose, files: [compose.yaml]}`,
		files: map[string]string{
			"compose.staging.yaml": "services: {job: {image: 'a/job:1', env_file: [missing.env]}}\n",
			"compose.yaml":         "services: {job: {image: 'a/job:1', env_file: [there.env]}}\n",
			"there.env":            "A=1\n",
		},
		allow: "kind: service\n        path: /environment",
	},
	{
		name:    "a kind that is of one surface",
		staging: `{path: policy}`, production: `{path: policy}`,
		files:   map[string]string{"policy/kustomization.yaml": "resources: [p.yaml]\npatches: [{path: gone.yaml, target: {kind: NetworkPolicy, name: p}}]\n", "policy/p.yaml": networkPolicy},
		network: true,
		allow:   `source: kubernetes-manifests`,
	},
}

const networkPolicy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: p, namespace: x}
spec: {podSelector: {}, policyTypes: [Ingress]}
`

// gateDifference is a difference that is planted, and what it is.
type gateDifference struct {
	name        string
	file, text  string // in production only
	change      bool   // a changed variable instead
	severity    parity.Severity
	surface     parity.Surface
	match       string
	differences bool
}

var gateDifferences = []gateDifference{
	{name: "none"},
	{name: "a medium one", change: true, severity: parity.Medium, surface: parity.Config, match: "{path: data/PLANTED}", differences: true},
	{name: "a high one on network", file: "production/net.yaml", text: networkPolicy, severity: parity.High, surface: parity.Network, match: "{kind: NetworkPolicy}", differences: true},
}

type gateCase struct {
	mode     string // of parity.yaml
	failOn   string // --fail-on
	surfaces string
	gap      gateGap
	allow    string // "", "matching", "other", "expired"
	diff     gateDifference
	extra    string // "", "baseline", "exception", "exception-expired", "frozen"
}

func (c gateCase) String() string {
	return fmt.Sprintf("%s, fail-on %q, surfaces %q, gap %s, allow %q, difference %s, %s", c.mode, c.failOn, c.surfaces, c.gap.name, c.allow, c.diff.name, c.extra)
}

// decides reports whether a surface decides the verdict, and whether the gate
// blocks.
func (c gateCase) decides(s parity.Surface) (decides, blocks bool) {
	overall := c.mode
	if c.failOn != "" {
		overall = "block"
	}
	switch c.surfaces {
	case "network: block":
		return s == parity.Network || overall == "block", true
	case "network: ignore", "network: report-only":
		mode := strings.TrimPrefix(c.surfaces, "network: ")
		return s != parity.Network || mode == overall, overall == "block"
	}
	return true, overall == "block"
}

// want says what the pages promise.
func (c gateCase) want() (exit int, outcome parity.Outcome) {
	failOn := parity.Medium
	if c.failOn == "critical" {
		failOn = parity.Critical
	}
	on, blocks := c.decides(c.diff.surface)
	// What only production has is presumed where staging's gap may hide it.
	hidden := c.gap.hides && !c.diff.change
	would := c.diff.differences && c.diff.severity >= failOn && on && c.extra != "baseline" && c.extra != "exception"
	fails := would && !hidden
	doubt := c.doubt() || would && hidden
	switch {
	case fails:
		outcome, exit = parity.Fail, 1
	case doubt:
		outcome, exit = parity.Inconclusive, 3
	default:
		outcome, exit = parity.Pass, 0
	}
	if !blocks {
		exit = 0
	}
	return exit, outcome
}

// doubt reports whether the gap may be about a surface that decides, and no entry
// of gate.allow in force names it.
func (c gateCase) doubt() bool {
	network, _ := c.decides(parity.Network)
	return c.gap.name != "none" && c.allow != "matching" && (network || !c.gap.network)
}

const gateAccepted = "\n      reason: it is known\n      owner: me\n      approver: you\n      expires: "

func (c gateCase) config() string {
	var b strings.Builder
	b.WriteString("version: 1\nenvironments:\n")
	for _, e := range []struct{ name, more string }{{"staging", c.gap.staging}, {"production", c.gap.production}} {
		fmt.Fprintf(&b, "  - name: %s\n    sources:\n      - {collector: kubernetes-manifests, path: %s}\n", e.name, e.name)
		if e.more != "" {
			fmt.Fprintf(&b, "      - %s\n", e.more)
		}
	}
	fmt.Fprintf(&b, "gate:\n  mode: %s\n  minConfidence: 0.01\n", c.mode)
	if c.surfaces != "" {
		fmt.Fprintf(&b, "  surfaces: {%s}\n", c.surfaces)
	}
	allow := map[string][2]string{
		"matching": {c.gap.allow, "2026-11-23"}, "expired": {c.gap.allow, "2026-11-22"}, "other": {"source: another*", "2099-01-01"},
	}
	if a, ok := allow[c.allow]; ok {
		fmt.Fprintf(&b, "  allow:\n    - gap:\n        %s%s%s\n", a[0], gateAccepted, a[1])
	}
	if expires := map[string]string{"exception": "2026-11-23", "exception-expired": "2026-11-22"}[c.extra]; expires != "" && c.diff.differences {
		fmt.Fprintf(&b, "exceptions:\n    - name: known\n      match: [%s]%s%s\n", c.diff.match, gateAccepted, expires)
	}
	if c.extra == "frozen" {
		b.WriteString("bindings:\n  - {role: domain, spellings: {staging: blue.example.net, production: red.example.org}}\n")
	}
	return b.String()
}

func (c gateCase) files() map[string]string {
	files := map[string]string{}
	for _, e := range []struct{ name, host, planted string }{{"staging", "blue.example.net", "1"}, {"production", "red.example.org", "1"}} {
		if e.name == "production" && c.diff.change {
			e.planted = "other"
		}
		var b strings.Builder
		for _, n := range []string{"orders", "catalog", "basket", "search"} {
			fmt.Fprintf(&b, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s, namespace: x}\ndata: {HOME: 'https://%s.%s/', MODE: fast}\n---\n", n, n, e.host)
		}
		fmt.Fprintf(&b, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: planted, namespace: x}\ndata: {PLANTED: %q}\n", e.planted)
		files[e.name+"/app.yaml"] = b.String()
	}
	if c.diff.file != "" {
		files[c.diff.file] = strings.ReplaceAll(c.diff.text, "name: p,", "name: planted,")
	}
	maps.Copy(files, c.gap.files)
	files["parity.yaml"] = c.config()
	return files
}

// writeTree writes files into a new directory.
func writeTree(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(files[name]), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// judged runs check and returns its exit code and its result.
func judged(t testing.TB, dir string, args ...string) (int, *parity.Result) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "result.json")
	code, _, stderr := command(t, dir, append([]string{"check", "--output", "json=" + file}, args...)...)
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	r := new(parity.Result)
	if err := json.Unmarshal(data, r); err != nil {
		t.Fatal(err)
	}
	return code, r
}

func (c gateCase) run(t *testing.T) {
	dir := writeTree(t, c.files())
	var args []string
	if c.failOn != "" {
		args = append(args, "--fail-on", c.failOn)
	}
	if c.extra == "baseline" {
		judged(t, dir, append(args, "--write-baseline", "known.json")...)
		args = append(args, "--baseline", "known.json")
	}
	code, r := judged(t, dir, args...)
	if exit, outcome := c.want(); code != exit || r.Verdict.Outcome != outcome {
		t.Errorf("%s: exit %d, %s, want %d, %s\n%v\n%v", c, code, r.Verdict.Outcome, exit, outcome, r.Verdict.Reasons, r.Verdict.Unseen)
	}
	said := c.doubt() || c.gap.name != "none" && c.allow == "matching"
	if said != (len(r.Verdict.Unseen) > 0) || (c.gap.name != "none") != (len(r.Gaps) > 0) {
		t.Errorf("%s: what was not seen is said wrongly: %+v", c, r.Verdict)
	}
}

func gateCases() []gateCase {
	var all []gateCase
	for _, mode := range []string{"report-only", "block"} {
		for _, failOn := range []string{"", "medium", "critical"} {
			for _, surfaces := range []string{"", "network: block", "network: ignore", "network: report-only"} {
				for _, gap := range gateGaps {
					for _, allow := range []string{"", "matching", "other", "expired"} {
						for _, diff := range gateDifferences {
							for _, extra := range []string{"", "baseline", "exception", "exception-expired", "frozen"} {
								all = append(all, gateCase{mode, failOn, surfaces, gap, allow, diff, extra})
							}
						}
					}
				}
			}
		}
	}
	return all
}

// TestGateTable runs a tenth of the combinations, and all of them where the
// environment variable PARITY_PROVE is 1.
func TestGateTable(t *testing.T) {
	all := gateCases()
	if proving() {
		t.Logf("%d of %d combinations", prove(t, len(all), func(i int) { all[i].run(t) }), len(all))
		return
	}
	ran := 0
	for _, c := range all {
		h := fnv.New32a()
		h.Write([]byte(c.String()))
		if h.Sum32()%10 == 0 {
			ran++
			c.run(t)
		}
	}
	t.Logf("%d of %d combinations", ran, len(all))
	if ran < len(all)/20 {
		t.Errorf("only %d combinations were run", ran)
	}
}
