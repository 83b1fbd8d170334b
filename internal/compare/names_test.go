package compare

import (
	"fmt"
	"testing"

	"github.com/envparity/parity"
)

// between compares one value of one subject.
func between(t *testing.T, opt Options, own, ref, path string) parity.Cell {
	t.Helper()
	c := compareAll(t, opt, staging().add("App", "", "x", path, own), production().add("App", "", "x", path, ref))
	return c.class(t, "App", "x", path)
}

// TestWordOnEitherSide: the word of an environment goes with the separator that
// binds it to a name, wherever the word stands.
func TestWordOnEitherSide(t *testing.T) {
	tests := []struct {
		own, ref string
		bound    bool
	}{
		{"api-staging.example.com", "api.example.com", true},
		{"api_staging.example.com", "api.example.com", true},
		{"staging-api.example.com", "api.example.com", true},
		{"staging.api.example.com", "api.example.com", true},
		{"api.staging.example.com", "api.example.com", true},
		{"https://api-staging.example.com:8443/v1", "https://api.example.com:8443/v1", true},
		{"data/app-staging/x", "data/app/x", true},
		{"catalogue.preprod.api.example.com", "catalogue.api.example.com", true},
		{"build.stage.example.net", "build.example.net", true},
		{"example-staging/app", "example/app", true},
		{"staging-db.example.com", "db-production.example.com", true},
		{"Order Desk (Staging)", "Order Desk", true},
		{"Order Desk [staging]", "Order Desk", true},
		{"Order Desk Staging", "Order Desk", true},
		{"Staging Order Desk", "Order Desk", true},
		{"run --mode staging", "run --mode", false},
		{"apistaging.example.com", "api.example.com", false},
		{"api-staging.example.com", "web.example.com", false},
		{"api-nonstaging.example.com", "api.example.com", false},
		{"api-non-staging.example.com", "api-non.example.com", false},
		{"staging", "", false},
	}
	for _, tt := range tests {
		cell := between(t, Options{}, tt.own, tt.ref, "/x")
		if bound := cell.Class == parity.Bound; bound != tt.bound {
			t.Errorf("%q against %q is %v", tt.own, tt.ref, cell.Class)
		}
	}
}

// TestWordInKeys: a key that differs by the word with its separator is one key.
func TestWordInKeys(t *testing.T) {
	s := staging().add("Ingress", "", "x", "/rules[host=api-staging.example.com]/port", "80")
	p := production().add("Ingress", "", "x", "/rules[host=api.example.com]/port", "80")
	c := compareAll(t, Options{}, s, p)
	if cell := c.class(t, "Ingress", "x", "/rules[host=api-staging.example.com]/port"); cell.Class != parity.Equivalent {
		t.Errorf("got %v", cell.Class)
	}
}

// TestSubjectsAlignByEitherSide: names of subjects lose the word as values do.
func TestSubjectsAlignByEitherSide(t *testing.T) {
	s := staging().add("Record", "", "api-staging.example.com", "/ttl", "60")
	p := production().add("Record", "", "api.example.com", "/ttl", "300")
	c := compareAll(t, Options{}, s, p)
	if cell := c.class(t, "Record", "api.example.com", "/ttl"); cell.Class != parity.Changed {
		t.Errorf("got %v", cell.Class)
	}
}

// TestOwnNames: what the user calls an environment or an instance is its name,
// in values and in names of subjects, beside the built-in words.
func TestOwnNames(t *testing.T) {
	dev, prod := &env{name: "shopdev"}, &env{name: "shopprod", reference: true}
	dev.add("App", "", "web-shopdev", "/path", "secret/apps/shopdev", "/site", "shopdev", "/host", "data-dev.example.com", "/size", "1")
	prod.add("App", "", "web-shopprod", "/path", "secret/apps/shopprod", "/site", "shopprod", "/host", "data.example.com", "/size", "2")
	c := compareAll(t, Options{}, dev, prod)
	for path, want := range map[string]parity.Class{"/path": parity.Bound, "/site": parity.Bound, "/host": parity.Bound, "/size": parity.Changed} {
		if got := c.cells["shopdev App web-shopprod "+path].Class; got != want {
			t.Errorf("%s is %v", path, got)
		}
	}
}

func TestOwnNamesOfInstances(t *testing.T) {
	one := &env{name: "production", instance: "blue-prd-a1"}
	two := &env{name: "production", instance: "blue-prod-b2", reference: true}
	one.add("App", "", "x", "/cluster", "blue-prd-a1.example.com", "/key", "kv/blue-prd-a1/db")
	two.add("App", "", "x", "/cluster", "blue-prod-b2.example.com", "/key", "kv/blue-prod-b2/db")
	c := compareAll(t, Options{}, one, two)
	for _, path := range []string{"/cluster", "/key"} {
		if cell := c.cells["production/blue-prd-a1 App x "+path]; cell.Class != parity.Bound {
			t.Errorf("%s is %v", path, cell.Class)
		}
	}
}

// TestAliases: a further name of an environment binds beside its words.
func TestAliases(t *testing.T) {
	for _, opt := range []Options{{}, {Aliases: [][]string{{"s1"}, {"live-eu"}}}} {
		cell := between(t, opt, "db.s1.example.com", "db.live-eu.example.com", "/x")
		if bound := cell.Class == parity.Bound; bound != (opt.Aliases != nil) {
			t.Errorf("with %v it is %v", opt.Aliases, cell.Class)
		}
	}
}

// TestPlainNamesAccuseNobody: a name that means other things too binds, and says
// nothing of whose a value is.
func TestPlainNamesAccuseNobody(t *testing.T) {
	s, p := &env{name: "summit"}, &env{name: "base", reference: true}
	for i := range 5 {
		name := fmt.Sprint("svc-", i)
		s.add("App", "", name, "/url", fmt.Sprintf("https://s%d.summit.example.com", i))
		p.add("App", "", name, "/url", fmt.Sprintf("https://s%d.base.example.com", i))
	}
	s.add("App", "", "x", "/url", "base")
	p.add("App", "", "x", "/url", "base")
	c := compareAll(t, Options{}, s, p)
	if n := leaks(c); n != 0 || len(c.Shared) != 0 {
		t.Errorf("%d leaks, shared %+v", n, c.Shared)
	}
	if got := c.cells["summit App svc-0 /url"].Class; got != parity.Bound {
		t.Errorf("its own host is %v", got)
	}
}

// TestDeclaredBesideWords: a declared spelling that is a word already, or a
// suffix with its separator, is a further name of the environment.
func TestDeclaredBesideWords(t *testing.T) {
	declare := func(own, ref string) Options {
		return Options{Declared: []parity.Binding{{ID: "site", Role: "site", Origin: "declared", Spellings: []parity.Spelling{
			{Column: "staging", Text: own}, {Column: "production", Text: ref},
		}}}}
	}
	for _, tt := range []struct{ ownText, refText, own, ref string }{
		{"db-lower.example.com", "db-prod.example.com", "lower", "prod"},
		{"db-lower.example.com", "db.example.com", "-lower", ""},
		{"db.lower.example.com", "db.upper.example.com", ".lower.", ".upper."},
	} {
		opt := declare(tt.own, tt.ref)
		if cell := between(t, opt, tt.ownText, tt.refText, "/x"); cell.Class != parity.Bound {
			t.Errorf("%q for %q: %q against %q is %v", tt.own, tt.ref, tt.ownText, tt.refText, cell.Class)
		}
		c := compareAll(t, opt, staging().add("App", "", "x", "/x", tt.ownText), production().add("App", "", "x", "/x", tt.refText))
		for _, b := range c.Bindings {
			if b.Origin == "declared" && (b.Facts != 1 || b.Note != "") {
				t.Errorf("%q: %+v", tt.own, b)
			}
		}
	}
	c := compareAll(t, declare("-lower", ""), staging().add("App", "", "x", "/x", "dblower"), production().add("App", "", "x", "/x", "db"))
	if len(c.Bindings) == 0 || c.Bindings[0].Origin != "declared" || c.Bindings[0].Note == "" {
		t.Errorf("a suffix without effect: %+v", c.Bindings)
	}
}

// TestThreePlaces: three places of one subject where each side carries its own
// word teach what stands beside it; two do not, nor where the words are not there.
func TestThreePlaces(t *testing.T) {
	build := func(n int, own, ref string) compared {
		s, p := staging().add("App", "", "x"), production().add("App", "", "x")
		for i := range n {
			path := fmt.Sprintf("/url%d", i)
			s.add("App", "", "x", path, own)
			p.add("App", "", "x", path, ref)
		}
		s.subjects, p.subjects = joined(s.subjects), joined(p.subjects)
		return compareAll(t, Options{}, s, p)
	}
	tests := []struct {
		n        int
		own, ref string
		bound    bool
	}{
		{3, "https://pac.c1-stage.ab12.example.com/x", "https://pac.c1-prod.cd34.example.com/x", true},
		{2, "https://pac.c1-stage.ab12.example.com/x", "https://pac.c1-prod.cd34.example.com/x", false},
		{3, "https://pac.ab12.example.com/x", "https://pac.cd34.example.com/x", false},
		{3, "https://pac.c1-stage.ab12.example.com/x", "https://web.c1-prod.cd34.example.com/x", false},
		{3, "https://pac.c1-stage.ab12.qa.example.com/x", "https://pac.c1-prod.cd34.qa.example.com/x", false},
		{3, "--db=site-stage-ab12:eu", "--db=site-prod-cd34:eu", true},
		{3, "--mode=stage-fast", "--mode=prod-safe", false},
	}
	for _, tt := range tests {
		c := build(tt.n, tt.own, tt.ref)
		if bound := c.class(t, "App", "x", "/url0").Class == parity.Bound; bound != tt.bound {
			t.Errorf("%d times %q: bound is %v", tt.n, tt.own, bound)
		}
	}
}

// TestStoreKeys: the key of a secret store with its own environment's word on
// each side is bound; the other side's key is a leak.
func TestStoreKeys(t *testing.T) {
	s, p := staging(), production()
	for i := range 4 {
		name := fmt.Sprint("svc-", i)
		s.add("ExternalSecret", "", name, "/spec/dataFrom[0]/extract/key", fmt.Sprintf("vaults1/c1-stage/svc%d", i))
		p.add("ExternalSecret", "", name, "/spec/dataFrom[0]/extract/key", fmt.Sprintf("vaultp1/c1-prod/svc%d", i))
	}
	s.add("ExternalSecret", "", "x", "/spec/dataFrom[0]/extract/key", "vaultp1/c1-prod/x")
	p.add("ExternalSecret", "", "x", "/spec/dataFrom[0]/extract/key", "vaultp1/c1-prod/x")
	c := compareAll(t, Options{}, s, p)
	if cell := c.class(t, "ExternalSecret", "svc-0", "/spec/dataFrom[0]/extract/key"); cell.Class != parity.Bound {
		t.Errorf("its own key is %v", cell.Class)
	}
	if cell := c.class(t, "ExternalSecret", "x", "/spec/dataFrom[0]/extract/key"); cell.Class != parity.Leak {
		t.Errorf("production's key in both is %v", cell.Class)
	}
}

// joined makes one subject of those of one name.
func joined(all []parity.SubjectFacts) []parity.SubjectFacts {
	one := all[0]
	for _, s := range all[1:] {
		one.Facts = append(one.Facts, s.Facts...)
	}
	return []parity.SubjectFacts{one}
}

// TestNumberOfAProject: the number after the environment's word in the project of
// a service account's address is no other name.
func TestNumberOfAProject(t *testing.T) {
	tests := []struct {
		own, ref string
		bound    bool
	}{
		{"serviceAccount:ci-staging@shop-staging-160211.iam.gserviceaccount.com", "serviceAccount:ci-production@shop-production.iam.gserviceaccount.com", true},
		{"ci@shop-staging-160211.iam.gserviceaccount.com", "ci@shop-prod-290133.iam.gserviceaccount.com", true},
		{"ci@shop-staging-160211.iam.gserviceaccount.com", "ci@till-prod.iam.gserviceaccount.com", false},
		{"ci@shop-staging-16021.iam.gserviceaccount.com", "ci@shop-prod.iam.gserviceaccount.com", false},
		{"ci@shop-staging-v60211.iam.gserviceaccount.com", "ci@shop-prod.iam.gserviceaccount.com", false},
		{"backup-staging-160211", "backup-production", false},
	}
	for _, tt := range tests {
		cell := between(t, Options{}, tt.own, tt.ref, "/member")
		if got := cell.Class == parity.Bound; got != tt.bound {
			t.Errorf("%s against %s: %v", tt.own, tt.ref, cell.Class)
		}
		side := func(e *env, text string) *env { return e.add("App", "", "x", "/members[="+text+"]", text) }
		c := compareAll(t, Options{}, side(staging(), tt.own), side(production(), tt.ref))
		if got := c.class(t, "App", "x", "/members[="+tt.own+"]").Class == parity.Bound; got != tt.bound {
			t.Errorf("%s in a set: %v", tt.own, got)
		}
	}
}
