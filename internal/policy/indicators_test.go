package policy

import (
	"fmt"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

const (
	digestA = "@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	digestB = "@sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

// value gives the indicator as "numerator/denominator ?unknown".
func gaugeOf(t *testing.T, j Judgement, id string) (string, parity.Indicator) {
	t.Helper()
	for _, i := range j.Indicators {
		if i.ID == id {
			return fmt.Sprintf("%d/%d ?%d", i.Numerator, i.Denominator, i.Unknown), i
		}
	}
	t.Fatalf("no indicator %s", id)
	return "", parity.Indicator{}
}

func TestImagesAndVersions(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	job := subject("Job", "job", "", "job")
	const path = "/spec/template/spec/containers[name=web]/image"
	image := func(class parity.Class, have, want string) *parity.Joined {
		c := here(class, parity.Image, have)
		c.Change = parity.VersionChange
		return fact(web, parity.Artifact, path, c, here(parity.Equal, parity.Image, want))
	}
	for _, c := range []struct {
		name   string
		fact   *parity.Joined
		m1, m4 string
	}{
		{"the same digest", image(parity.Equal, "a/b:1"+digestA, "a/b:1"+digestA), "1/1 ?0", "1/1 ?0"},
		{"the same digest from a mirror", image(parity.Changed, "m.io/b:1"+digestA, "a/b:1"+digestA), "1/1 ?0", "1/1 ?0"},
		{"a rebuild", image(parity.Changed, "a/b:1"+digestA, "a/b:1"+digestB), "0/1 ?0", "0/1 ?0"},
		{"the same tag", image(parity.Equivalent, "b:1", "docker.io/library/b:1"), "1/1 ?0", "1/1 ?0"},
		{"the same tag in the environment's own registry", image(parity.Bound, "stg.io/b:1", "prod.io/b:1"), "1/1 ?0", "1/1 ?0"},
		{"another tag", image(parity.Changed, "b:2", "b:1"), "0/1 ?0", "0/1 ?0"},
		{"unknown", fact(web, parity.Artifact, path, unknown(), here(parity.Equal, parity.Image, "b:1")), "0/0 ?1", "0/0 ?1"},
		{"missing with its subject", fact(job, parity.Artifact, path, absent(parity.Missing), here(parity.Equal, parity.Image, "b:1")), "0/1 ?0", "0/1 ?0"},
		{"only here", fact(web, parity.Artifact, path, here(parity.Extra, parity.Image, "b:1"), absent(parity.Equal)), "0/0 ?0", "0/0 ?0"},
		{"a chart's version", fact(web, parity.Delivery, "/spec/targetRevision", here(parity.Changed, parity.Version, "1.2.4"), here(parity.Equal, parity.Version, "1.2.3")), "0/0 ?0", "0/1 ?0"},
		{"a dependency", fact(web, parity.Dependency, "/dependencies[name=a]/version", here(parity.Equal, parity.Text, "1"), here(parity.Equal, parity.Text, "1")), "0/0 ?0", "1/1 ?0"},
		{"an address", fact(web, parity.Dependency, "/data/DB", here(parity.Equal, parity.URL, "u"), here(parity.Equal, parity.URL, "u")), "0/0 ?0", "0/0 ?0"},
		{"a label", fact(web, parity.Config, "/metadata/labels/app.kubernetes.io/version", here(parity.Equal, parity.Version, "1"), here(parity.Equal, parity.Version, "1")), "0/0 ?0", "0/0 ?0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := judge(t, nil, two, c.fact)
			if got, i := gaugeOf(t, j, "M1"); got != c.m1 {
				t.Errorf("M1 %s, want %s: %+v", got, c.m1, i)
			}
			if got, i := gaugeOf(t, j, "M4"); got != c.m4 {
				t.Errorf("M4 %s, want %s: %+v", got, c.m4, i)
			}
		})
	}
	_, i := gaugeOf(t, judge(t, nil, two, image(parity.Changed, "b:2", "b:1")), "M1")
	if len(i.Evidence) != 2 || !strings.Contains(i.Evidence[0], "b:2 in staging, b:1 in production; pending: staging is ahead, 2 (newer by version)") || !strings.Contains(i.Evidence[1], "1 of 1 image compared by repository and tag") {
		t.Errorf("evidence %q", i.Evidence)
	}
}

// TestComponentsOfSoftware holds M4 to the packages of a list, and of them to
// the critical ones where some are named.
func TestComponentsOfSoftware(t *testing.T) {
	web := subject("software", "web", "web", "web")
	built := subject("artifact", "web", "web", "web")
	version := func(a *parity.Aligned, s parity.Surface, path string, class parity.Class) *parity.Joined {
		have := here(class, parity.Version, "1.0.1")
		if class == parity.Missing {
			have = absent(class)
		}
		return fact(a, s, path, have, here(parity.Equal, parity.Version, "1.0.2"))
	}
	licence := version(web, parity.Dependency, "/packages[purl=pkg:npm/a]/licenses[=MIT]", parity.Changed)
	licence.Derived = &parity.FactRef{Subject: web.Key, Path: "/packages[purl=pkg:npm/a]"}
	facts := []*parity.Joined{
		version(web, parity.Dependency, "/packages[purl=pkg:npm/a]", parity.Changed),
		licence,
		version(web, parity.Dependency, "/packages[purl=pkg:npm/b]", parity.Equal),
		version(web, parity.Dependency, "/packages[purl=pkg:npm/b]/line[=1]", parity.Missing),
		version(web, parity.Dependency, "/packages[purl=pkg:golang/example.com/c]", parity.Equal),
		version(web, parity.Artifact, "/version", parity.Changed),
		version(built, parity.Artifact, "/artifacts[name=web]/digest", parity.Changed),
		version(built, parity.Delivery, "/source/commit", parity.Changed),
		version(built, parity.Delivery, "/parameters/internal/dockerfileVersion", parity.Changed),
		version(built, parity.Dependency, "/materials[purl=pkg:docker/alpine]", parity.Changed),
		fact(web, parity.Artifact, "/spec/image", here(parity.Changed, parity.Image, "b:1"), here(parity.Equal, parity.Image, "b:2")),
	}
	for _, c := range []struct {
		critical []string
		want     string
		last     string
	}{
		{nil, "2/6 ?0", ""},
		{[]string{"pkg:npm/*"}, "1/3 ?0", "besides, 1 of 3 components that are not critical are at the same version"},
		{[]string{"pkg:golang/*"}, "1/1 ?0", "besides, 1 of 5 components"},
		{[]string{"docker.io/library/b"}, "0/1 ?0", "besides, 2 of 5 components"},
		{[]string{"pkg:npm/b", "pkg:docker/alpine"}, "1/3 ?0", "besides, 1 of 3 components"},
	} {
		cfg := &config.Config{Indicators: map[string]config.Target{"M4": {Target: 100, Critical: c.critical}}}
		got, i := gaugeOf(t, judge(t, cfg, two, facts...), "M4")
		if got != c.want {
			t.Errorf("%v: M4 %s, want %s: %+v", c.critical, got, c.want, i)
		}
		if last := i.Evidence[len(i.Evidence)-1]; !strings.HasPrefix(last, c.last) {
			t.Errorf("%v: evidence %q", c.critical, i.Evidence)
		}
	}
}

func TestContainerThatIsNotMeantToBeThere(t *testing.T) {
	job := subject("Job", "job", "", "job")
	cfg := &config.Config{Expectations: []config.Expectation{{Name: "e", Match: []config.Match{{Kind: "Job"}}}}}
	j := judge(t, cfg, two, fact(job, parity.Artifact, "/spec/containers[name=a]/image", absent(parity.Missing), here(parity.Equal, parity.Image, "b:1")))
	if got, _ := gaugeOf(t, j, "M1"); got != "0/0 ?0" {
		t.Errorf("M1 %s", got)
	}
}

func TestVariables(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	file := subject("environment", ".env", ".env", ".env")
	const c = "/spec/containers[name=web]"
	joined := func(a *parity.Aligned, path string, class parity.Class) *parity.Joined {
		cell := here(class, parity.Text, "x")
		switch class {
		case parity.Missing:
			cell = absent(class)
		case parity.Unknown:
			cell = unknown()
		}
		return fact(a, parity.Config, path, cell, here(parity.Equal, parity.Text, "x"))
	}
	derive := func(j *parity.Joined) *parity.Joined {
		j.Derived = &parity.FactRef{Subject: parity.Key{Kind: "ConfigMap", Name: "c"}, Path: "/data/A"}
		return j
	}
	extra := fact(web, parity.Config, c+"/env[name=B]/value", here(parity.Extra, parity.Text, "x"), absent(parity.Equal))
	for _, x := range []struct {
		name  string
		facts []*parity.Joined
		want  string
	}{
		{"equal", []*parity.Joined{joined(web, c+"/env[name=A]/value", parity.Equal)}, "1/1 ?0"},
		{"bound", []*parity.Joined{joined(web, c+"/env[name=A]/value", parity.Bound)}, "1/1 ?0"},
		{"changed", []*parity.Joined{joined(web, c+"/env[name=A]/value", parity.Changed)}, "0/1 ?0"},
		{"missing", []*parity.Joined{joined(web, c+"/env[name=A]/value", parity.Missing)}, "0/1 ?0"},
		{"unknown", []*parity.Joined{joined(web, c+"/env[name=A]/value", parity.Unknown)}, "0/0 ?1"},
		{"extra", []*parity.Joined{extra}, "0/0 ?0"},
		{"of Compose", []*parity.Joined{joined(web, "/environment[name=A]/value", parity.Equal), joined(web, "/environment[B]", parity.Changed)}, "1/2 ?0"},
		{"of a dotenv file", []*parity.Joined{joined(file, "/A", parity.Equal), joined(file, "/B", parity.Changed)}, "1/2 ?0"},
		{"two facts of one", []*parity.Joined{joined(web, c+"/env[name=A]/valueFrom/secretKeyRef/name", parity.Equal), joined(web, c+"/env[name=A]/valueFrom/secretKeyRef/key", parity.Changed)}, "0/1 ?0"},
		{"an item's number is no name", []*parity.Joined{joined(web, c+"/env[name=A]/value", parity.Equal), joined(web, "/environment[0]/variables/A", parity.Changed)}, "1/1 ?0"},
		{"two containers", []*parity.Joined{joined(web, c+"/env[name=A]/value", parity.Equal), joined(web, "/spec/containers[name=b]/env[name=A]/value", parity.Changed)}, "1/2 ?0"},
		{"what it comes to decides", []*parity.Joined{joined(web, c+"/env[name=A]/valueFrom/configMapKeyRef/name", parity.Changed), derive(joined(web, c+"/effectiveEnv[name=A]", parity.Equal))}, "1/1 ?0"},
		{"either way", []*parity.Joined{derive(joined(web, c+"/effectiveEnv[name=A]", parity.Changed)), joined(web, c+"/env[name=A]/valueFrom/configMapKeyRef/name", parity.Equal)}, "0/1 ?0"},
		{"what hides another", []*parity.Joined{joined(web, c+"/effectiveEnv[name=A]/shadowed", parity.Changed)}, "0/0 ?0"},
		{"something else", []*parity.Joined{joined(web, "/spec/environmentName", parity.Changed), joined(web, "/data/inventory[0]", parity.Changed), joined(web, c+"/envFrom[0]", parity.Changed)}, "0/0 ?0"},
	} {
		t.Run(x.name, func(t *testing.T) {
			if got, i := gaugeOf(t, judge(t, nil, two, x.facts...), "M5"); got != x.want {
				t.Errorf("M5 %s, want %s: %+v", got, x.want, i)
			}
		})
	}
	cfg := &config.Config{
		Indicators:   map[string]config.Target{"M5": {Target: 95}},
		Expectations: []config.Expectation{{Name: "e", Match: []config.Match{{Path: c + "/env[name=A]/*"}}}},
	}
	_, i := gaugeOf(t, judge(t, cfg, two, joined(web, c+"/env[name=A]/value", parity.Changed)), "M5")
	if *i.Value != 1 || *i.Target != 0.95 || !*i.Met {
		t.Errorf("an expected difference: %+v", i)
	}
}

func TestEvidenceIsBounded(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	var facts []*parity.Joined
	for n := range 100 {
		facts = append(facts, text(web, fmt.Sprintf("/spec/containers[name=web]/env[name=V%d]/value", n), "1", "2"))
	}
	_, i := gaugeOf(t, judge(t, nil, two, facts...), "M5")
	if len(i.Evidence) != evidenceKept+1 || i.Evidence[evidenceKept] != "and 80 more" {
		t.Errorf("%d: %q", len(i.Evidence), i.Evidence[len(i.Evidence)-1])
	}
}

func TestPackagesOfImages(t *testing.T) {
	const lodash, other = "/attached/packages[purl=pkg:npm/lodash]", "/attached/packages[purl=pkg:npm/other]"
	derived := func(j *parity.Joined) *parity.Joined {
		j.Derived = &parity.FactRef{Subject: parity.Key{Kind: "Deployment", Name: "web"}, Path: "/image"}
		return j
	}
	pack := func(a *parity.Aligned, path string, own parity.Cell) *parity.Joined {
		return derived(fact(a, parity.Dependency, path, own, here(parity.Equal, parity.Version, "1.0.0")))
	}
	of := func(facts ...parity.Fact) *parity.Aligned {
		a := subject(parity.ImageSubject, "shop/web", "shop/web", "shop/web")
		a.Sides[0].Facts = facts
		return a
	}
	listed := parity.Fact{Path: other}
	for _, c := range []struct {
		name string
		fact *parity.Joined
		m4   string
	}{
		{"the same", pack(of(listed), lodash, here(parity.Equal, parity.Version, "1.0.0")), "1/1 ?0"},
		{"another version", pack(of(listed), lodash, here(parity.Changed, parity.Version, "1.1.0")), "0/1 ?0"},
		{"not among its packages", pack(of(listed), lodash, absent(parity.Missing)), "0/1 ?0"},
		{"no bill of materials", pack(of(), lodash, absent(parity.Missing)), "0/0 ?1"},
		{"no such image", pack(subject(parity.ImageSubject, "shop/web", "", "shop/web"), lodash, absent(parity.Missing)), "0/0 ?0"},
		{"a licence", derived(fact(of(), parity.Dependency, lodash+"/licence", absent(parity.Missing), here(parity.Equal, parity.Text, "MIT"))), "0/0 ?0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			j := judge(t, nil, two, c.fact)
			if got, _ := gaugeOf(t, j, "M4"); got != c.m4 {
				t.Errorf("M4 %s, want %s", got, c.m4)
			}
			if len(j.Differences) > 0 {
				t.Errorf("a package that follows from its image is a difference: %+v", j.Differences)
			}
		})
	}
}

func TestHistoryIsNoComponent(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	f := fact(web, parity.Artifact, parity.ImageHistoryPath+"=a/b:1]", absent(parity.Equivalent), here(parity.Equal, parity.Image, "a/b:1"))
	f.Cells[1].Fact.Rules = parity.SetOf(parity.History)
	j := judge(t, nil, two, f)
	for _, id := range []string{"M1", "M4"} {
		if got, _ := gaugeOf(t, j, id); got != "0/0 ?0" {
			t.Errorf("%s is %s", id, got)
		}
	}
}
