package compare

import (
	"fmt"
	"strings"
	"testing"

	"github.com/envparity/parity"
)

// estate is four environments whose hosts carry their own word, in three
// services.
func estate() map[string]*env {
	all := map[string]*env{}
	for i, name := range []string{"dev", "test", "staging", "production"} {
		e := &env{name: name, rank: i, reference: name == "production"}
		for n := range 3 {
			e.add("App", "", fmt.Sprint("svc-", n), "/url", fmt.Sprintf("https://svc%d.%s.example.com", n, name))
		}
		all[name] = e
	}
	return all
}

// leaks compares the environments with one more subject, and gives the notes of
// its leaks by environment and the number of all leaks.
func (c estateCase) leaks(t *testing.T) (by map[string]string, counts int) {
	t.Helper()
	all := estate()
	for name, text := range c.values {
		if text != "" {
			all[name].add("App", "", "x", c.path, text)
		}
	}
	out := compareAll(t, Options{}, all["dev"], all["test"], all["staging"], all["production"])
	by = map[string]string{}
	for _, name := range []string{"dev", "test", "staging"} {
		if cell := out.cells[name+" App x "+c.path]; cell.Class == parity.Leak {
			by[name] = cell.Note
		}
	}
	return by, leaks(out)
}

type estateCase struct {
	name, path string
	values     map[string]string
	// accused are the columns whose cell is a leak; says is a part of its note.
	accused []string
	says    string
}

// TestLeaksByName plants what one environment has of another, and decoys beside
// it.
func TestLeaksByName(t *testing.T) {
	values := func(dev, test, staging, production string) map[string]string {
		return map[string]string{"dev": dev, "test": test, "staging": staging, "production": production}
	}
	tests := []estateCase{
		{"a host with a compared environment's label, at one place", "/host", values("x.dev.example.com", "x.test.example.com", "x.dev.example.com", "x.example.com"), []string{"staging"}, "dev"},
		{"production's broker in one of them", "/kafka/brokers", values("k.dev.example.com:9092", "k.production.example.com:9092", "k.staging.example.com:9092", "k.production.example.com:9092"), []string{"test"}, "production"},
		{"production's broker in two of them", "/kafka/brokers", values("k.dev.example.com:9092", "k.production.example.com:9092", "k.production.example.com:9092", "k.production.example.com:9092"), []string{"test", "staging"}, "dev has its own"},
		{"staging's host in production too", "/host", values("x.dev.example.com", "x.test.example.com", "x.staging.example.com", "x.staging.example.com"), []string{"dev", "test"}, "production has staging's"},
		{"development's index in production", "/documentIndex", values("documents_qa", "documents_qa", "documents_qa", "document_dev"), []string{"dev", "test", "staging"}, "production has dev's"},
		{"a fused word in production's host", "/url2", values("https://api.example.com/v1", "https://api.example.com/v1", "https://api.example.com/v1", "https://testapi.example.com/v1"), []string{"dev", "test", "staging"}, "production has test's 'testapi'"},
		{"a label more in production's host", "/url2", values("https://api.dev.example.com", "https://api.test.example.com", "https://api.staging.example.com", "https://api.dev.example.com"), []string{"test", "staging"}, "production has dev's"},

		{"a vendor's host for all but one", "/host", values("sandbox.vendor.net", "sandbox.vendor.net", "test.vendor.net", "vendor.net"), nil, ""},
		{"one host for all that is not production", "/account/uri", values("https://dev.account.gov.uk", "https://dev.account.gov.uk", "https://dev.account.gov.uk", "https://account.gov.uk"), nil, ""},
		{"a fused word in a lower environment's host", "/url2", values("https://testapi.example.com", "https://testapi.example.com", "https://testapi.example.com", "https://api.example.com"), nil, ""},
		{"another label than the word with the rest", "/url2", values("https://best.example.com", "https://best.example.com", "https://best.example.com", "https://testbed.example.com"), nil, ""},
		{"an index that is the same everywhere", "/documentIndex", values("document_dev", "document_dev", "document_dev", "document_dev"), nil, ""},
		{"an index with the word in the middle", "/documentIndex", values("a_b", "a_b", "a_b", "x_dev_b"), nil, ""},
		{"a top level domain", "/apiGroup/url", values("operator.tool.dev", "operator.tool.dev", "operator.tool.dev", "operator.tool.dev"), nil, ""},
		{"not production", "/host", values("x.non-prod.example.com", "x.non-prod.example.com", "x.non-prod.example.com", "x.example.com"), nil, ""},
		{"a mode", "/MODE", values("dev", "production", "production", "production"), nil, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			by, n := tt.leaks(t)
			if len(by) != len(tt.accused) || n != len(by) {
				t.Fatalf("%d leaks: %v", n, by)
			}
			for _, name := range tt.accused {
				if !strings.Contains(by[name], tt.says) {
					t.Errorf("%s: %q", name, by[name])
				}
			}
		})
	}
}

// TestLoneLeaks: an object that only one environment has is judged for what it
// takes from another one, on either side.
func TestLoneLeaks(t *testing.T) {
	build := func(lone *env, key string) compared {
		s, p := staging(), production()
		for _, e := range []*env{s, p} {
			for i := range 3 {
				e.add("ExternalSecret", "", fmt.Sprint(e.name, i), "/spec/dataFrom[0]/extract/key", fmt.Sprintf("%s/svc%d", e.name, i), "/x", e.name+fmt.Sprint(i))
			}
		}
		target := s
		if lone.name == p.name {
			target = p
		}
		target.add("ExternalSecret", "", "only", "/spec/dataFrom[0]/extract/key", key)
		return compareAll(t, Options{}, s, p)
	}
	tests := []struct {
		in   *env
		key  string
		says string
	}{
		{production(), "staging/only", "production has staging's"},
		{staging(), "production/only", "staging has production's"},
		{production(), "qa/only", "production has qa's"},
		{production(), "production/only", ""},
		{production(), "production/from-staging", ""},
		{staging(), "common/only", ""},
		{staging(), "test-kitchen/only", ""},
	}
	for _, tt := range tests {
		c := build(tt.in, tt.key)
		cell := c.class(t, "ExternalSecret", "only", "/spec/dataFrom[0]/extract/key")
		if leak := cell.Class == parity.Leak; leak != (tt.says != "") || !strings.Contains(cell.Note, tt.says) {
			t.Errorf("%q only in %s is %v %q", tt.key, tt.in.name, cell.Class, cell.Note)
		}
	}
}

// TestCommonParent: a domain above the column's own accuses nobody, in values
// that differ as in those that are the same.
func TestCommonParent(t *testing.T) {
	s, p := staging(), production()
	for i := range 5 {
		name := fmt.Sprint("svc-", i)
		s.add("App", "", name, "/url", fmt.Sprintf("https://s%d.blue.platform.example", i))
		p.add("App", "", name, "/url", fmt.Sprintf("https://s%d.platform.example", i))
	}
	s.add("App", "", "x", "/url", "https://registry.platform.example/one")
	p.add("App", "", "x", "/url", "https://elsewhere.example.org/two")
	if c := compareAll(t, Options{}, s, p); leaks(c) != 0 {
		t.Errorf("%q", c.class(t, "App", "x", "/url").Note)
	}
}

// TestOneEnvironmentsWords: two clusters of one environment that write its word
// in two ways have nothing of each other's.
func TestOneEnvironmentsWords(t *testing.T) {
	one := &env{name: "production", instance: "a"}
	two := &env{name: "production", instance: "b", reference: true}
	for i := range 5 {
		name := fmt.Sprint("svc-", i)
		one.add("App", "", name, "/host", fmt.Sprintf("s%d-prd-x.example.com", i))
		two.add("App", "", name, "/host", fmt.Sprintf("s%d-prod-x.example.com", i))
	}
	one.add("App", "", "x", "/host", "main-prod-x.example.com")
	two.add("App", "", "x", "/host", "other-prd-x.example.com")
	one.add("App", "", "y", "/host", "main-prod-x.example.com")
	two.add("App", "", "y", "/host", "main-prod-x.example.com")
	if c := compareAll(t, Options{}, one, two); leaks(c) != 0 {
		t.Errorf("%+v", c.cells)
	}
}

// TestInclusions: values files and paths that name another environment are
// leaks also where both sides agree, and inclusions only where the including
// file is the column's own.
func TestInclusions(t *testing.T) {
	tests := []struct {
		path, own, ref string
		leak           bool
	}{
		{"/spec/source/helm/valueFiles[=values-production.yaml]", "values-production.yaml", "values-production.yaml", true},
		{"/spec/path", "./apps/production", "./apps/production", true},
		{"/spec/path", "./apps/production-line/x", "./apps/production-line/x", false},
		{"/spec/path", "./apps/common", "./apps/common", false},
		{"/spec/path", "./apps/staging", "./apps/production", false},
	}
	for _, tt := range tests {
		cell := between(t, Options{}, tt.own, tt.ref, tt.path)
		if leak := cell.Class == parity.Leak; leak != tt.leak {
			t.Errorf("%q against %q at %s is %v %q", tt.own, tt.ref, tt.path, cell.Class, cell.Note)
		}
	}
	for including, want := range map[string]parity.Class{"apps/staging/kustomization.yaml": parity.Leak, "apps/base/kustomization.yaml": parity.Equivalent} {
		s, p := staging().add("App", "", "x"), production().add("App", "", "x")
		subject, fact := parity.Inclusion("kubernetes", including, "../production/patch.yaml", nil, 3, 5)
		s.subjects = append(s.subjects, parity.SubjectFacts{Subject: subject, Facts: []parity.Fact{fact}})
		c := compareAll(t, Options{}, s, p)
		if cell := c.class(t, parity.InclusionSubject, including, fact.Path); cell.Class != want {
			t.Errorf("%s: %v %q", including, cell.Class, cell.Note)
		}
	}
}

// TestOwnWordOfASubject: what a subject calls its environment is not another
// environment's word in it, unless that environment is compared.
func TestOwnWordOfASubject(t *testing.T) {
	tests := []struct {
		setting, says string
		leak          bool
	}{
		{"/environment", "development", false},
		{"/ENV_NAME", "dev", false},
		{"/environment", "staging", true},
		{"/environment", "sandbox", true},
		{"/NODE_ENV", "development", true},
		{"/region", "dev", true},
	}
	for _, tt := range tests {
		integration := &env{name: "staging"}
		integration.add("App", "", "x", "/project_id", "graph-dev", tt.setting, tt.says)
		beside := &env{name: "preprod", rank: 1}
		beside.add("App", "", "x", "/project_id", "graph-preprod", tt.setting, "preprod")
		p := production().add("App", "", "x", "/project_id", "graph", tt.setting, "production")
		p.rank = 2
		cell := compareAll(t, Options{}, integration, beside, p).class(t, "App", "x", "/project_id")
		if got := cell.Class == parity.Leak; got != tt.leak {
			t.Errorf("%s %s: %v %q", tt.setting, tt.says, cell.Class, cell.Note)
		}
	}
	// Where dev is compared, its word in staging is dev's.
	dev := (&env{name: "dev"}).add("App", "", "x", "/project_id", "graph-dev", "/environment", "dev")
	s := (&env{name: "staging", rank: 1}).add("App", "", "x", "/project_id", "graph-dev", "/environment", "dev")
	beside := (&env{name: "preprod", rank: 2}).add("App", "", "x", "/project_id", "graph-preprod", "/environment", "preprod")
	p := production().add("App", "", "x", "/project_id", "graph", "/environment", "production")
	p.rank = 3
	if cell := compareAll(t, Options{}, dev, s, beside, p).class(t, "App", "x", "/project_id"); cell.Class != parity.Leak {
		t.Errorf("%v %q", cell.Class, cell.Note)
	}
}
