package compare

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
)

// TestPackagesAreNamed holds each package to a group of its own, the same in
// all that it is part of, and packages to pair by nothing but their name.
func TestPackagesAreNamed(t *testing.T) {
	add := func(e *env, name string, pairs ...string) {
		e.add("software", "", name)
		for i := 0; i < len(pairs); i += 2 {
			e.fact(parity.Fact{Path: "/packages[purl=" + pairs[i] + "]", Value: parity.Value{Kind: parity.Version, Raw: pairs[i+1]}, Surface: parity.Dependency})
		}
	}
	s, p := staging(), production()
	add(s, "web", "pkg:npm/%40a/b", "1.0.0", "pkg:npm/c", "1.0.0", "pkg:npm/mz", "2.1.3", "pkg:npm/x", "0.0.0-20250101000000-aaaaaaaaaaaa")
	add(p, "web", "pkg:npm/%40a/b", "1.0.1", "pkg:npm/c", "1.0.1", "pkg:npm/ms", "2.1.3", "pkg:npm/x", "0.0.0-20250101000000-bbbbbbbbbbbb")
	add(s, "api", "pkg:npm/%40a/b", "1.0.0", "pkg:npm/d", "1.0.0-staging")
	add(p, "api", "pkg:npm/%40a/b", "1.0.1", "pkg:npm/d", "1.0.0-production")
	got, keys := map[string]string{}, map[string]map[string]bool{}
	for _, j := range compareAll(t, Options{}, s, p).joined {
		for _, c := range j.Cells {
			if !c.Class.Counts() {
				continue
			}
			got[j.Subject.Key.Name+j.Path] = c.Class.String() + " " + string(c.Change) + ": " + j.Cause.Label
			if keys[j.Cause.Label] == nil {
				keys[j.Cause.Label] = map[string]bool{}
			}
			keys[j.Cause.Label][j.Cause.Key] = true
		}
	}
	want := map[string]string{
		"web/packages[purl=pkg:npm/%40a/b]": "changed version: package npm/@a/b",
		"api/packages[purl=pkg:npm/%40a/b]": "changed version: package npm/@a/b",
		"web/packages[purl=pkg:npm/c]":      "changed version: package npm/c",
		"web/packages[purl=pkg:npm/ms]":     "missing : package npm/ms",
		"web/packages[purl=pkg:npm/mz]":     "extra : package npm/mz",
		"web/packages[purl=pkg:npm/x]":      "changed version: package npm/x",
	}
	delete(got, "api/packages[purl=pkg:npm/d]") // an environment's own build of its own package may bind
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if len(keys["package npm/@a/b"]) != 1 {
		t.Errorf("one package that moved in two services has the causes %v", keys["package npm/@a/b"])
	}
}
