package collector

import (
	"cmp"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// named gives the images that sources name, each once. What ran before is
// none: nobody runs it.
func named(sinks []*sink) []NamedImage {
	var all []NamedImage
	for _, s := range sinks {
		if s == nil {
			continue // its turn comes
		}
		for i := range s.subjects {
			sf := &s.subjects[i]
			if sf.Subject.Kind == parity.ImageSubject {
				continue
			}
			for j := range sf.Facts {
				f := &sf.Facts[j]
				if f.Value.Kind != parity.Image || f.DerivedFrom != nil || f.Rules.Has(parity.History) {
					continue
				}
				all = append(all, NamedImage{
					Ref: f.Value.Raw, Canonical: f.Value.Canonical(),
					From: parity.FactRef{Subject: sf.Subject.Key, Path: f.Path},
				})
			}
		}
	}
	slices.SortFunc(all, func(a, b NamedImage) int {
		return cmp.Or(strings.Compare(a.Ref, b.Ref), a.From.Subject.Compare(b.From.Subject), strings.Compare(a.From.Path, b.From.Path))
	})
	return slices.CompactFunc(all, func(a, b NamedImage) bool { return a.Ref == b.Ref })
}

// liftDigests gives the images that are named by a tag alone the digest that
// the registry gives the tag, where an image of the column says so. A digest
// that is known to run is there already and stays: a registry only says what
// the tag means now.
//
// What a source yielded may be kept for the next run as it is: where an image
// changes, its subject's facts are copied first.
func liftDigests(sinks []*sink) {
	digests := resolved(sinks)
	if len(digests) == 0 {
		return
	}
	for _, s := range sinks {
		copied := false
		for i := range s.subjects {
			if s.subjects[i].Subject.Kind == parity.ImageSubject {
				continue
			}
			facts := lifted(s.subjects[i].Facts, digests)
			if facts == nil {
				continue
			}
			if !copied {
				s.subjects, copied = slices.Clone(s.subjects), true
			}
			s.subjects[i].Facts = facts
		}
	}
}

// lifted gives a copy of facts in which images have digests; nil where there
// is none to give.
func lifted(facts []parity.Fact, digests map[string]string) []parity.Fact {
	var out []parity.Fact
	for i := range facts {
		f := &facts[i]
		if f.Value.Kind != parity.Image || f.Rules.Has(parity.History) {
			continue
		}
		digest := digests[f.Value.Canonical()]
		if digest == "" {
			continue
		}
		if out == nil {
			out = slices.Clone(facts)
		}
		out[i].Value.Canon = f.Value.Canonical() + "@" + digest
		out[i].Rules = f.Rules.With(parity.RegistryDigest)
	}
	return out
}

// resolved maps references without a digest to the digest that a registry
// gives them. One that two sources see otherwise has none.
func resolved(sinks []*sink) map[string]string {
	var found map[string]string
	for _, s := range sinks {
		for i := range s.subjects {
			if s.subjects[i].Subject.Kind != parity.ImageSubject {
				continue
			}
			for j := range s.subjects[i].Facts {
				f := &s.subjects[i].Facts[j]
				if f.Path != parity.ImageDigestPath {
					continue
				}
				img, ok := value.ParseImage(f.Value.Canonical())
				if !ok || img.Tag == "" || img.Digest == "" || f.Rules.Has(parity.RunningDigest) {
					continue
				}
				digest := img.Digest
				img.Digest = ""
				if found == nil {
					found = map[string]string{}
				}
				if have, ok := found[img.Canonical(nil)]; ok && have != digest {
					digest = ""
				}
				found[img.Canonical(nil)] = digest
			}
		}
	}
	return found
}
