package compare

import (
	"slices"
	"testing"

	"github.com/envparity/parity"
)

// aligned finds the row that has the reference's subject of this name.
func (c compared) aligned(t *testing.T, kind, name string) *parity.Aligned {
	t.Helper()
	for i := range c.joined {
		if k := c.joined[i].Subject.Key; k.Kind == kind && k.Name == name {
			return c.joined[i].Subject
		}
	}
	t.Fatalf("no row for %s %s", kind, name)
	return nil
}

func TestAlignment(t *testing.T) {
	tests := []struct {
		name     string
		options  Options
		own, ref *env
		method   string // empty: the subjects must not meet
	}{
		{"exact", Options{}, staging().add("App", "shop", "web", "/x", "1"), production().add("App", "shop", "web", "/x", "1"), "exact"},
		{"name token", Options{}, staging().add("App", "shop", "web-staging", "/x", "1"), production().add("App", "shop", "web-production", "/x", "1"), "logical"},
		{"no token in the reference", Options{}, staging().add("App", "shop", "staging-web", "/x", "1"), production().add("App", "shop", "web", "/x", "1"), "logical"},
		{"namespace is the environment", Options{}, staging().add("App", "staging", "web", "/x", "1"), production().add("App", "prod", "web", "/x", "1"), "logical"},
		{"namespace token", Options{}, staging().add("App", "shop-stg", "web", "/x", "1"), production().add("App", "shop-prd", "web", "/x", "1"), "logical"},
		{
			"namespace map",
			Options{Namespaces: []map[string]string{{"blue": "shop"}, nil}},
			staging().add("App", "blue", "web", "/x", "1"), production().add("App", "shop", "web", "/x", "1"), "exact",
		},
		{"renamed namespace", Options{}, staging().add("App", "blue", "web", "/x", "1"), production().add("App", "shop", "web", "/x", "1"), "kind"},
		{"no part of a word", Options{}, staging().add("App", "shop", "stagingweb", "/x", "1"), production().add("App", "shop", "productionweb", "/x", "1"), ""},
		{"another environment's word", Options{}, staging().add("App", "shop", "web-dev", "/x", "1"), production().add("App", "shop", "web", "/x", "1"), ""},
		{"another kind", Options{}, staging().add("App", "shop", "web", "/x", "1"), production().add("Thing", "shop", "web", "/x", "1"), ""},
		{
			"map",
			Options{Maps: []Map{{Kind: "App", Names: []string{"frontend", "web"}}}},
			staging().add("App", "shop", "frontend", "/x", "1"), production().add("App", "shop", "web", "/x", "1"), "map",
		},
		{
			"map with scope",
			Options{Maps: []Map{{Names: []string{"shop/frontend", "shop/web"}}}},
			staging().add("App", "shop", "frontend", "/x", "1"), production().add("App", "shop", "web", "/x", "1"), "map",
		},
		{"across kinds", Options{}, staging().add("StatefulSet", "shop", "web", "/x", "1"), production().add("Deployment", "shop", "web", "/x", "1"), "kinds"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := compareAll(t, tt.options, tt.own, tt.ref)
			k := tt.ref.subjects[0].Subject.Key
			a := c.aligned(t, k.Kind, k.Name)
			met := a.Sides[0] != nil && a.Sides[1] != nil
			if met != (tt.method != "") || met && a.Alignment.Method != tt.method {
				t.Errorf("met %v by %q with %v, want %q", met, a.Alignment.Method, a.Alignment.Confidence, tt.method)
			}
		})
	}
}

func TestAlignByIdentity(t *testing.T) {
	for _, method := range []string{"declared", "tracking", "release", "app"} {
		s := staging().add("App", "shop", "one", "/x", "1")
		s.last().Subject.IDs = []parity.Identity{{Method: method, Value: "shop/web"}}
		p := production().add("App", "shop", "two", "/x", "1")
		p.last().Subject.IDs = []parity.Identity{{Method: method, Value: "shop/web"}}
		if a := compareAll(t, Options{}, s, p).aligned(t, "App", "two"); a.Sides[0] == nil || a.Alignment.Method != method {
			t.Errorf("%s: met by %q", method, a.Alignment.Method)
		}
	}
}

func TestAlignGeneratedNames(t *testing.T) {
	s := staging().add("ConfigMap", "shop", "cfg-2f5b8g9hkm", "/x", "1")
	s.last().Subject.Stem = "cfg"
	p := production().add("ConfigMap", "shop", "cfg-7t4c6d9bfh", "/x", "1")
	p.last().Subject.Stem = "cfg"
	if a := compareAll(t, Options{}, s, p).aligned(t, "ConfigMap", "cfg-7t4c6d9bfh"); a.Sides[0] == nil || a.Alignment.Method != "generated" {
		t.Errorf("met by %q", a.Alignment.Method)
	}
	s.add("ConfigMap", "shop", "cfg-zzzzzzzzzz", "/x", "1")
	s.last().Subject.Stem = "cfg"
	if a := compareAll(t, Options{}, s, p).aligned(t, "ConfigMap", "cfg-7t4c6d9bfh"); a.Sides[0] != nil {
		t.Errorf("two of one stem met one by %q", a.Alignment.Method)
	}
}

func workload(e *env, name string, traits ...parity.Trait) {
	e.add("Deployment", "shop", name, "/x", "1")
	e.last().Subject.Traits = traits
}

func TestAlignByLikeness(t *testing.T) {
	image, port := parity.Trait{Kind: "image", Value: "shop/web"}, parity.Trait{Kind: "port", Value: "8080"}
	container := parity.Trait{Kind: "container", Value: "web"}
	s, p := staging(), production()
	workload(s, "frontend", image, port, container)
	workload(p, "web", image, port, container)
	a := compareAll(t, Options{}, s, p).aligned(t, "Deployment", "web")
	if a.Sides[0] == nil || a.Alignment.Method != "similar" || a.Alignment.Confidence >= 1 {
		t.Fatalf("met by %+v", a.Alignment)
	}
	workload(s, "frontend-too", image, port, container)
	c := compareAll(t, Options{}, s, p)
	if a := c.aligned(t, "Deployment", "web"); a.Sides[0] != nil {
		t.Error("one of two equally alike subjects was taken")
	}
	if len(c.Ambiguities) == 0 {
		t.Error("nothing says that two subjects are equally alike")
	}
}

// TestAlignDoubles: a subject that a column declares twice is ambiguous, and
// none of its facts is lost.
func TestAlignDoubles(t *testing.T) {
	s := staging().add("App", "", "a", "/x", "1").add("App", "", "a", "/x", "2", "/y", "3")
	p := production().add("App", "", "a", "/x", "1")
	in := Input{Snapshots: []*parity.Snapshot{s.snapshot(), p.snapshot()}}
	c := compareInput(t, in)
	counts := c.counts(in, 0)
	if counts[parity.Equal] != 1 || counts[parity.Ambiguous] != 2 || len(c.Ambiguities) != 1 {
		t.Errorf("classes %v, ambiguities %+v", counts, c.Ambiguities)
	}
}

// TestMovedNamespace: one subject in another namespace differs by it; where
// several moved alike, that is the environment's name for the namespace.
func TestMovedNamespace(t *testing.T) {
	for n, want := range map[int]int{1: 1, 2: 2, 3: 0} {
		s, p := staging(), production()
		for i := range n {
			s.add("App", "blue", string(rune('a'+i)), "/x", "1")
			p.add("App", "shop", string(rune('a'+i)), "/x", "1")
		}
		moved := 0
		for _, j := range compareAll(t, Options{}, s, p).joined {
			if j.Path == "/metadata/namespace" && j.Synthetic && j.Cells[0].Class == parity.Changed {
				moved++
			}
		}
		if moved != want {
			t.Errorf("of %d moved subjects %d differ by it, want %d", n, moved, want)
		}
	}
}

// TestThreeEnvironments: subjects meet across all columns, and those that the
// reference lacks meet each other.
func TestThreeEnvironments(t *testing.T) {
	dev := &env{name: "dev"}
	dev.add("App", "", "web-dev", "/x", "1").add("App", "", "only-dev", "/x", "1")
	s := staging().add("App", "", "web-staging", "/x", "2").add("App", "", "only-staging", "/x", "1")
	c := compareAll(t, Options{}, dev, s, production().add("App", "", "web", "/x", "1"))
	web := c.aligned(t, "App", "web")
	if web.Sides[0] == nil || web.Sides[1] == nil || web.Sides[2] == nil {
		t.Errorf("web has sides %v", web.Sides)
	}
	only := c.aligned(t, "App", "only-dev")
	if only.Sides[0] == nil || only.Sides[1] == nil || only.Sides[2] != nil {
		t.Errorf("only has sides %v", only.Sides)
	}
}

// TestListsWithoutKeys: an item that is put first moves the others, which
// still meet.
func TestListsWithoutKeys(t *testing.T) {
	s := staging().add("App", "", "a",
		"/l[0]/host", "new", "/l[0]/weight", "1", "/l[1]/host", "one", "/l[1]/weight", "10", "/l[2]/host", "two", "/l[2]/weight", "20")
	p := production().add("App", "", "a", "/l[0]/host", "one", "/l[0]/weight", "10", "/l[1]/host", "two", "/l[1]/weight", "25")
	in := Input{Snapshots: []*parity.Snapshot{s.snapshot(), p.snapshot()}}
	counts := compareInput(t, in).counts(in, 0)
	if counts[parity.Extra] != 2 || counts[parity.Changed] != 1 || counts[parity.Equivalent] != 3 {
		t.Errorf("classes %v", counts)
	}
	in.Options.Off = parity.SetOf(parity.ListAlignment)
	if counts := compareInput(t, in).counts(in, 0); counts[parity.Changed] < 3 {
		t.Errorf("switched off: classes %v", counts)
	}
}

// TestKeysWithTokens: keys of maps and lists meet by the same tokens.
func TestKeysWithTokens(t *testing.T) {
	s := staging().add("App", "", "a", "/tables/publisher-staging-postgres/size", "1", "/other/stagingish", "1")
	p := production().add("App", "", "a", "/tables/publisher-production-postgres/size", "1", "/other/productionish", "1")
	c := compareAll(t, Options{}, s, p)
	if cell := c.class(t, "App", "a", "/tables/publisher-staging-postgres/size"); cell.Class != parity.Equivalent || !cell.Rules.Has(parity.KeyTokens) {
		t.Errorf("got %v by %v", cell.Class, cell.Rules)
	}
	if cell := c.class(t, "App", "a", "/other/stagingish"); cell.Class != parity.Extra {
		t.Errorf("near miss: %v", cell.Class)
	}
	c = compareAll(t, Options{Off: parity.SetOf(parity.KeyTokens)}, s, p)
	if cell := c.class(t, "App", "a", "/tables/publisher-staging-postgres/size"); cell.Class != parity.Extra {
		t.Errorf("switched off: %v", cell.Class)
	}
}

// TestReferences: names of subjects that align are equivalent.
func TestReferences(t *testing.T) {
	ref := func(name string) parity.Fact {
		return parity.Fact{Path: "/configMap", Value: parity.Value{Kind: parity.Reference, Raw: name, Canon: parity.RefTarget("ConfigMap", "", name)}}
	}
	build := func(e *env, name, used string) *env {
		e.add("ConfigMap", "shop", name, "/x", "1")
		e.last().Subject.Stem = "cfg"
		return e.add("ConfigMap", "shop", "other", "/x", "1").add("App", "shop", "a").fact(ref(used))
	}
	c := compareAll(t, Options{}, build(staging(), "cfg-aaa", "cfg-aaa"), build(production(), "cfg-bbb", "cfg-bbb"))
	if cell := c.class(t, "App", "a", "/configMap"); cell.Class != parity.Equivalent || !cell.Rules.Has(parity.ReferenceName) {
		t.Errorf("got %v by %v", cell.Class, cell.Rules)
	}
	c = compareAll(t, Options{}, build(staging(), "cfg-aaa", "other"), build(production(), "cfg-bbb", "cfg-bbb"))
	if cell := c.class(t, "App", "a", "/configMap"); cell.Class != parity.Changed {
		t.Errorf("near miss: %v", cell.Class)
	}
}

// TestWordsInIndexes: the index of a resource may be an environment's name.
func TestWordsInIndexes(t *testing.T) {
	r, err := newRun(Input{Snapshots: []*parity.Snapshot{staging().snapshot(), production().snapshot()}})
	if err != nil {
		t.Fatal(err)
	}
	c := r.cols[0]
	for in, want := range map[string]string{
		`bucket["staging"]`: `bucket["{env}"]`, `bucket["shop-staging"]`: `bucket["shop"]`, `bucket["staging-shop"]`: `bucket["shop"]`,
		`module.env["staging"].module.x`: `module.env["{env}"].module.x`, `bucket["production"]`: `bucket["production"]`, `"staging`: ``,
	} {
		if got := c.withoutWords(in); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
}

// TestSeveralInstances: subjects that the instances of one environment share
// under a name that the others spell otherwise meet in all columns.
func TestSeveralInstances(t *testing.T) {
	var all []*env
	for _, c := range []struct{ environment, instance, hash string }{
		{"staging", "s0", "aaa"}, {"staging", "s1", "aaa"}, {"production", "p0", "bbb"}, {"production", "p1", "ccc"},
	} {
		e := &env{name: c.environment, instance: c.instance, reference: c.instance == "p1"}
		e.add("Deployment", "shop", "web-"+c.environment, "/x", "1").add("ConfigMap", "shop", "cfg-"+c.hash, "/x", c.environment)
		e.last().Subject.Stem = "cfg"
		e.add("App", "shop", "one-"+c.instance, "/x", "1")
		e.last().Subject.IDs = []parity.Identity{{Method: "tracking", Value: "shop/one"}}
		all = append(all, e)
	}
	all[1].subjects[2].Subject.Name = "one-s0"
	c := compareAll(t, Options{}, all...)
	for kind, name := range map[string]string{"Deployment": "web-production", "ConfigMap": "cfg-ccc", "App": "one-p1"} {
		if a := c.aligned(t, kind, name); slices.Contains(a.Sides, nil) {
			t.Errorf("%s has sides %v", kind, a.Sides)
		}
	}
	if rows := len(c.Alignments); rows != 3 {
		t.Errorf("%d rows met under other names, want 3", rows)
	}
}
