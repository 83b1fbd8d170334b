package app

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/drift"
	"github.com/envparity/parity/internal/policy"
)

// kindsProject is an application over files of a project, with the made-up
// collector.
func kindsProject(t *testing.T, files map[string]string) *App {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return New(Options{
		WorkDir: dir, Lookup: func(string) (string, bool) { return "", false }, Now: time.Unix(1e9, 0).UTC(),
		Random: rand.Reader, Version: "test", Collectors: withGadgets(), NoCache: true,
	})
}

// weighed compares the project's environments dev and production, whose sources
// are given as YAML lists.
func weighed(t *testing.T, dev, production string, files map[string]string) (*session, *policy.Judgement, *parity.Result) {
	t.Helper()
	files[ConfigName] = "version: 1\nenvironments:\n  - {name: dev, sources: " + dev + "}\n  - {name: production, sources: " + production + "}\n"
	a := kindsProject(t, files)
	s, err := a.open(t.Context(), Request{})
	if err != nil {
		t.Fatal(err)
	}
	outcome, judgement, err := a.weigh(t.Context(), s, Request{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := a.result(s, outcome, judgement, true)
	if err != nil {
		t.Fatal(err)
	}
	return s, judgement, r
}

// differences are those of a kind, by class.
func differences(j *policy.Judgement, kind string) map[parity.Class]int {
	out := map[parity.Class]int{}
	for i := range j.Differences {
		if d := &j.Differences[i]; d.Subject.Kind == kind {
			out[d.Class]++
		}
	}
	return out
}

const gadgetText = "gadget web picture=shop/web:2 lock=shut count=3\ncasing web lock=shut\n"

// What an environment without a source of a format lacks is not known, whatever
// else it has sources of; with a source of the format it is missing.
func TestFormatOfAMadeUpKind(t *testing.T) {
	const production = "[{path: base.env}, {collector: gadgets, file: production.txt}]"
	for _, c := range []struct {
		name, dev string
		want      parity.Class
	}{
		{"no other source", "[{path: base.env}]", parity.Unknown},
		{"beside a Compose file", "[{path: base.env}, {path: compose.yaml}]", parity.Unknown},
		{"beside a values file", "[{path: base.env}, {path: values.yaml}]", parity.Unknown},
		{"beside a manifest", "[{path: base.env}, {path: job.yaml}]", parity.Unknown},
		{"a source that has nothing", "[{path: base.env}, {collector: gadgets, file: empty.txt}]", parity.Missing},
		{"a source that has others", "[{path: base.env}, {collector: gadgets, file: other.txt}]", parity.Missing},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, j, r := weighed(t, c.dev, production, map[string]string{
				"base.env": "A=1\n", "production.txt": gadgetText, "empty.txt": "", "other.txt": "casing other lock=open\n",
				"compose.yaml": "services: {api: {image: 'a/api:1'}}\n", "values.yaml": "app: {mode: fast}\n",
				"job.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: job}\ndata: {a: b}\n",
			})
			missing, unknown := differences(j, "gadget")[parity.Missing], r.Classes[0].Surfaces[parity.Security][parity.Unknown]
			if (missing == 1) != (c.want == parity.Missing) || (unknown > 0) != (c.want == parity.Unknown) {
				t.Errorf("%d missing, %d facts unknown, want %v", missing, unknown, c.want)
			}
		})
	}
}

// Subjects of one family are aligned whatever their formats, and compared in what
// both can say.
func TestFamilyOfAMadeUpKind(t *testing.T) {
	_, j, r := weighed(t, "[{collector: gadgets, file: dev.txt}]", "[{path: web.yaml}]", map[string]string{
		"dev.txt": "gadget web picture=shop/web:2 lock=shut count=3\n",
		"web.yaml": "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 3\n  selector: {matchLabels: {app: web}}\n" +
			"  template:\n    metadata: {labels: {app: web}}\n    spec: {containers: [{name: web, image: 'shop/web:1'}]}\n",
	})
	if got := differences(j, "Deployment"); got[parity.Changed] != 1 || got[parity.Missing] != 0 {
		t.Errorf("the Deployment has %v: %+v", got, r.Groups)
	}
	i := slices.IndexFunc(j.Differences, func(d parity.Difference) bool { return d.Class == parity.Changed })
	if i < 0 || !strings.HasSuffix(j.Differences[i].Path, "/image") || j.Differences[i].Subject.Alignment.Method != "kinds" {
		t.Errorf("no image differs: %+v", j.Differences)
	}
}

// What is missing together is named by the subject that the others belong to.
func TestRankOfAMadeUpKind(t *testing.T) {
	_, _, r := weighed(t, "[{collector: gadgets, file: dev.txt}]", "[{collector: gadgets, file: production.txt}]", map[string]string{
		"dev.txt": "casing other lock=shut\n", "production.txt": gadgetText + "casing other lock=shut\n",
	})
	if !slices.ContainsFunc(r.Groups, func(g parity.Group) bool {
		return strings.HasPrefix(g.Summary, "gadget web and casing web missing in dev")
	}) {
		t.Errorf("groups %+v", r.Groups)
	}
}

// A gap over a path of a kind is a doubt where the surfaces decide that the kind
// declares for it.
func TestSurfacesOfAMadeUpKind(t *testing.T) {
	for decides, doubt := range map[string]bool{"security": true, "network": false} {
		files := map[string]string{
			"dev.txt": "gadget web picture=shop/web:2 count=3\nunread /lock\n", "production.txt": "gadget web picture=shop/web:2 lock=shut count=3\n",
		}
		files[ConfigName] = "version: 1\nenvironments:\n  - {name: dev, sources: [{collector: gadgets, file: dev.txt}]}\n" +
			"  - {name: production, sources: [{collector: gadgets, file: production.txt}]}\n" +
			"gate: {mode: report-only, minConfidence: 0, surfaces: {" + decides + ": block}}\n"
		r, err := kindsProject(t, files).Check(t.Context(), Request{})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Gaps) != 1 || r.Gaps[0].Doubt != doubt {
			t.Errorf("where %s decides: %+v", decides, r.Gaps)
		}
	}
}

// slow is a judgement on an endpoint of a service that is slower than the
// reference's.
func slow(service string) parity.Judged {
	ratio, value, reference := 2.0, 2.0, 1.0
	return parity.Judged{
		Column: "dev", Subject: parity.Key{Kind: parity.EndpointKind, Scope: service, Name: "GET /cart"}, Path: parity.LatencyPath,
		Indicator: "M7", Answer: parity.AnswerDifferent, Effect: "ratio", Estimate: &ratio, Value: &value, Reference: &reference,
		Requests: parity.Requests{Reference: 1000, Column: 1000},
	}
}

// suspects ranks what may be the cause of a slow service.
func suspects(t *testing.T, dev, production string, files map[string]string) []parity.Suspect {
	t.Helper()
	s, j, _ := weighed(t, dev, production, files)
	return behaviours([]parity.Judged{slow("web")}, s.snapshots, j, s.options.Kinds)[0].Suspects
}

// A difference of a kind that shows behaviour is no cause of it, and one of any
// other kind may be.
func TestSuspectOfAMadeUpKind(t *testing.T) {
	const dev, production = "[{collector: gadgets, file: dev.txt}]", "[{collector: gadgets, file: production.txt}]"
	got := suspects(t, dev, production, map[string]string{
		"dev.txt": "gadget web picture=shop/web:2 count=1\ndial web count=1\n", "production.txt": "gadget web picture=shop/web:2 count=5\ndial web count=5\n",
	})
	if len(got) != 1 || got[0].Subject.Kind != "gadget" || !slices.ContainsFunc(got[0].Reasons, func(s string) bool { return strings.Contains(s, "replicas") }) {
		t.Errorf("suspects %+v", got)
	}
}

// The kind of Compose's services is spelled as judgements on whole services are.
func TestComposeServiceIsASuspect(t *testing.T) {
	const text = "services: {web: {image: 'shop/web:1', deploy: {resources: {limits: {cpus: '%'}}}}}\n"
	got := suspects(t, "[{collector: compose, files: [dev.yaml]}]", "[{collector: compose, files: [production.yaml]}]", map[string]string{
		"dev.yaml": strings.Replace(text, "%", "0.5", 1), "production.yaml": strings.Replace(text, "%", "2", 1),
	})
	if len(got) != 1 || got[0].Subject.Kind != "service" || got[0].Subject.Name != "web" {
		t.Errorf("suspects %+v", got)
	}
}

// What writing a declared value again does is what the kind declares.
func TestReapplyOfAMadeUpKind(t *testing.T) {
	side := func(text string) *parity.Snapshot {
		a := kindsProject(t, map[string]string{"a.txt": text, ConfigName: "version: 1\nenvironments: [{name: dev, sources: [{collector: gadgets, file: a.txt}]}, {name: production, sources: [{collector: gadgets, file: a.txt}]}]\n"})
		s, err := a.open(t.Context(), Request{})
		if err != nil {
			t.Fatal(err)
		}
		return s.snapshots[0]
	}
	x, err := drift.Run(t.Context(), side("gadget web picture=a lock=shut count=2\ngadget api lock=shut\n"), side("gadget web picture=b lock=open count=1\n"), drift.Options{Kinds: withGadgets().Kinds()})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"/lock": "one field; the lock turns at once", "/count": "one field; it starts 1 more and stops none",
		"/picture": "what the controller of gadget does with it is not known", "": "a gadget is built",
	}
	for i := range x.Drifts {
		d := &x.Drifts[i]
		if d.Reapply.Why != want[d.Path] {
			t.Errorf("%s %q: %q, want %q", d.Subject.Name, d.Path, d.Reapply.Why, want[d.Path])
		}
		delete(want, d.Path)
	}
	if len(want) > 0 {
		t.Errorf("no drift at %v", want)
	}
}
