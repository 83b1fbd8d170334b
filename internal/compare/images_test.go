package compare

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
)

// The digests of images for tests.
var (
	digestA = "sha256:" + strings.Repeat("a", 64)
	digestB = "sha256:" + strings.Repeat("b", 64)
	digestC = "sha256:" + strings.Repeat("c", 64)
	digestD = "sha256:" + strings.Repeat("d", 64)
)

const imagePath = "/spec/template/spec/containers[name=web]/image"

// imageFact names an image; digest is one that was found out by rule.
func imageFact(ref, digest string, rule parity.Rule) parity.Fact {
	v, rules := parity.Value{Kind: parity.Image, Raw: ref}, parity.RuleSet(0)
	if digest != "" {
		rules = parity.SetOf(rule)
		if rule == parity.RunningDigest {
			v.Raw += "@" + digest
		} else {
			v.Canon = ref + "@" + digest
		}
	}
	return parity.Fact{Path: imagePath, Value: v, Rules: rules, Surface: parity.Artifact}
}

func imagePair(t *testing.T, own, ref parity.Fact, opt Options, more ...parity.SubjectFacts) parity.Cell {
	t.Helper()
	s, p := staging(), production()
	s.add("Deployment", "shop", "web").fact(own)
	p.add("Deployment", "shop", "web").fact(ref)
	s.subjects = append(s.subjects, more...)
	return compareAll(t, opt, s, p).class(t, "Deployment", "web", imagePath)
}

func TestImagesByDigest(t *testing.T) {
	const running, registry = parity.RunningDigest, parity.RegistryDigest
	web := "reg.example.com/shop/web:1.2.3"
	for _, c := range []struct {
		name     string
		own, ref parity.Fact
		class    parity.Class
		rules    string
	}{
		{"one digest under one tag", imageFact(web, digestA, running), imageFact(web, digestA, running), parity.Equal, ""},
		{"one digest under two tags", imageFact(web, digestA, running), imageFact("reg.example.com/shop/web:stable", digestA, running), parity.Equivalent, "running-digest"},
		{"one digest in two registries", imageFact(web, digestA, running), imageFact("mirror.example.net/shop/web:1.2.3", digestA, running), parity.Equivalent, "running-digest"},
		{"one digest, written on one side", imageFact(web, digestA, running), imageFact(web+"@"+digestA, "", 0), parity.Equal, ""},
		{"one digest, written on both sides in two registries", imageFact(web+"@"+digestA, "", 0), imageFact("mirror.example.net/shop/web@"+digestA, "", 0), parity.Equivalent, "image"},
		{"a rebuild that runs", imageFact(web, digestA, running), imageFact(web, digestB, running), parity.Changed, ""},
		{"a rebuild in the registries", imageFact(web, digestA, registry), imageFact(web, digestB, registry), parity.Changed, ""},
		{"what runs against what the registry has", imageFact(web, digestA, running), imageFact(web, digestA, registry), parity.Equivalent, "running-digest,registry-digest"},
		{"running against a tag", imageFact(web, digestA, running), imageFact(web, "", 0), parity.Equivalent, "running-digest"},
		{"a tag against the registry's", imageFact(web, "", 0), imageFact(web, digestA, registry), parity.Equivalent, "registry-digest"},
		{"running against another tag", imageFact(web, digestA, running), imageFact("reg.example.com/shop/web:1.2.4", "", 0), parity.Changed, ""},
		{"pinned against a tag", imageFact(web+"@"+digestA, "", 0), imageFact(web, "", 0), parity.Changed, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			cell := imagePair(t, c.own, c.ref, Options{})
			if cell.Class != c.class || cell.Rules.String() != c.rules {
				t.Errorf("%s by %q, want %s by %q", cell.Class, cell.Rules, c.class, c.rules)
			}
			turned := imagePair(t, c.ref, c.own, Options{})
			if turned.Class != c.class {
				t.Errorf("the other way round %s, want %s", turned.Class, c.class)
			}
		})
	}
}

func TestRegistryDigestSwitchedOff(t *testing.T) {
	web := "reg.example.com/shop/web:1.2.3"
	off := Options{Off: parity.SetOf(parity.RegistryDigest)}
	a, b := imageFact(web, digestA, parity.RegistryDigest), imageFact(web, digestB, parity.RegistryDigest)
	if cell := imagePair(t, a, b, off); cell.Class != parity.Equal {
		t.Errorf("without the rule one tag is %s", cell.Class)
	}
}

// index is an image that holds manifests.
func index(digest string, manifests ...string) parity.SubjectFacts {
	sf := parity.SubjectFacts{Subject: parity.Subject{Key: parity.Key{Kind: parity.ImageSubject, Scope: "reg.example.com", Name: "shop/" + digest[7:12]}}}
	sf.Facts = append(sf.Facts, parity.Fact{Path: parity.ImageDigestPath, Value: parity.Value{Kind: parity.Image, Raw: "reg.example.com/shop/web@" + digest}})
	for i, m := range manifests {
		sf.Facts = append(sf.Facts, parity.Fact{
			Path: parity.ImageManifestsPath + string(rune('a'+i)) + "]", Value: parity.Value{Kind: parity.Text, Raw: m}, Rules: parity.SetOf(parity.Derived),
		})
	}
	return sf
}

func TestIndexIsItsManifests(t *testing.T) {
	at := func(digest string) parity.Fact {
		return imageFact("reg.example.com/shop/web:1.2.3", digest, parity.RunningDigest)
	}
	for _, c := range []struct {
		name    string
		a, b    string
		indexes []parity.SubjectFacts
		class   parity.Class
	}{
		{"an index and its manifest", digestA, digestB, []parity.SubjectFacts{index(digestA, digestB, digestC)}, parity.Equivalent},
		{"two manifests of one index", digestB, digestC, []parity.SubjectFacts{index(digestA, digestB, digestC)}, parity.Equivalent},
		{"two indexes of the same manifests", digestA, digestD, []parity.SubjectFacts{index(digestA, digestB), index(digestD, digestB)}, parity.Equivalent},
		{"a manifest of another index", digestA, digestC, []parity.SubjectFacts{index(digestA, digestB), index(digestD, digestC)}, parity.Changed},
		{"two indexes that share one of two", digestA, digestD, []parity.SubjectFacts{index(digestA, digestB, digestC), index(digestD, digestB)}, parity.Changed},
		{"nothing known", digestA, digestB, nil, parity.Changed},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, pair := range [][2]string{{c.a, c.b}, {c.b, c.a}} {
				if cell := imagePair(t, at(pair[0]), at(pair[1]), Options{}, c.indexes...); cell.Class != c.class {
					t.Errorf("%s, want %s", cell.Class, c.class)
				}
			}
		})
	}
}

func TestHistoryNeverCounts(t *testing.T) {
	past := func(ref string) parity.Fact {
		return parity.Fact{
			Path: parity.ImageHistoryPath + "=" + ref + "]", Value: parity.Value{Kind: parity.Image, Raw: ref + "@" + digestA},
			Rules: parity.SetOf(parity.History), Surface: parity.Artifact,
		}
	}
	s, p := staging(), production()
	s.add("Deployment", "shop", "web").fact(past("a/web:1"))
	p.add("Deployment", "shop", "web").fact(past("a/web:2"))
	c := compareAll(t, Options{}, s, p)
	for key, cell := range c.cells {
		if strings.Contains(key, "/history/") && strings.HasPrefix(key, "staging") && cell.Class != parity.Equivalent {
			t.Errorf("%s is %s", key, cell.Class)
		}
	}
}

// TestDeclaredTagIsWhatRunsUnderIt: within one environment, the digest that a
// registry gives a tag now says nothing against the one that runs under it.
func TestDeclaredTagIsWhatRunsUnderIt(t *testing.T) {
	web := "reg.example.com/shop/web:1.2.3"
	for _, c := range []struct {
		name              string
		declared, running parity.Fact
		class             parity.Class
	}{
		{"the tag has moved on", imageFact(web, digestA, parity.RegistryDigest), imageFact(web, digestB, parity.RunningDigest), parity.Equivalent},
		{"another tag runs", imageFact(web, digestA, parity.RegistryDigest), imageFact("reg.example.com/shop/web:1.2.4", digestB, parity.RunningDigest), parity.Changed},
		{"another digest runs than is pinned", imageFact(web+"@"+digestA, "", 0), imageFact(web, digestB, parity.RunningDigest), parity.Changed},
	} {
		t.Run(c.name, func(t *testing.T) {
			live, declared := &env{name: "production"}, &env{name: "production", reference: true}
			live.add("Deployment", "shop", "web").fact(c.running)
			declared.add("Deployment", "shop", "web").fact(c.declared)
			in := Input{Snapshots: []*parity.Snapshot{live.snapshot(), declared.snapshot()}}
			in.Snapshots[0].Column.Role = parity.Live
			for _, j := range compareInput(t, in).joined {
				if got := j.Cells[0].Class; got != c.class {
					t.Errorf("it is %s, want %s", got, c.class)
				}
			}
		})
	}
}
