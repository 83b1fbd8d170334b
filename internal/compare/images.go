package compare

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// builds knows which digests are one build: an index and the manifests that it
// has for its platforms.
type builds struct {
	// of gives the indexes that hold a manifest.
	of map[string][]string
	// holds gives what an index holds, as one text.
	holds map[string]string
}

// newBuilds reads the images of all columns: what an index holds is the same
// whoever says it.
func newBuilds(cols []*column) *builds {
	b := &builds{of: map[string][]string{}, holds: map[string]string{}}
	for _, c := range cols {
		if !c.images {
			continue
		}
		for i := range c.snap.Subjects {
			if sf := &c.snap.Subjects[i]; sf.Subject.Kind == parity.ImageSubject {
				b.add(sf)
			}
		}
	}
	return b
}

func (b *builds) add(sf *parity.SubjectFacts) {
	index := ""
	var manifests []string
	for i := range sf.Facts {
		switch f := &sf.Facts[i]; {
		case f.Path == parity.ImageDigestPath:
			if img, ok := value.ParseImage(f.Value.Canonical()); ok {
				index = img.Digest
			}
		case strings.HasPrefix(f.Path, parity.ImageManifestsPath):
			manifests = append(manifests, f.Value.Raw)
		}
	}
	if index == "" || len(manifests) == 0 {
		return
	}
	for _, m := range manifests {
		if !slices.Contains(b.of[m], index) {
			b.of[m] = append(b.of[m], index)
		}
	}
	slices.Sort(manifests)
	b.holds[index] = strings.Join(slices.Compact(manifests), ",")
}

// one reports whether two digests are one build: the same, an index and a
// manifest that it holds, two that one index holds, or two indexes that hold
// the same.
func (b *builds) one(x, y string) bool {
	if x == y || slices.Contains(b.of[x], y) || slices.Contains(b.of[y], x) {
		return true
	}
	if b.holds[x] != "" && b.holds[x] == b.holds[y] {
		return true
	}
	return slices.ContainsFunc(b.of[x], func(index string) bool { return slices.Contains(b.of[y], index) })
}

// judgeDigests compares two images of which a digest is known. Where both have
// one it decides, whatever names the image. A digest that was found out, not
// written, says nothing against an image without one: those are compared by
// name and tag.
func (r *run) judgeDigests(n, col int, own, ref *parity.Fact, extra parity.RuleSet) (ruling, bool) {
	if own.Value.Kind != parity.Image || ref.Value.Kind != parity.Image || (own.Rules|ref.Rules).Effects(parity.Ignores)&^r.opt.Off != 0 {
		return ruling{}, false
	}
	a, okA := value.ParseImage(r.text(own))
	b, okB := value.ParseImage(r.text(ref))
	if !okA || !okB || a.Digest == "" && b.Digest == "" {
		return ruling{}, false
	}
	if a.Digest != "" && b.Digest != "" && r.oneEnvironment(col) && guessed(own, ref) && a.Tag != "" && b.Tag != "" {
		// What an environment declares by a tag is what it runs under that tag,
		// whatever the registry has come to mean by it.
		a.Digest, b.Digest = "", ""
		x := r.judgeNamed(n, col, own, ref, a, b)
		if x.class == parity.Equal {
			x = r.equivalent((own.Rules|ref.Rules)&parity.SetOf(parity.RunningDigest, parity.RegistryDigest) | extra)
		}
		return x, true
	}
	if a.Digest != "" && b.Digest != "" {
		return r.judgeBothDigests(n, col, own, ref, a, b, extra), true
	}
	with, digested := own, &a
	if b.Digest != "" {
		with, digested = ref, &b
	}
	found := with.Rules & parity.SetOf(parity.RunningDigest, parity.RegistryDigest) &^ r.opt.Off
	if found == 0 {
		return ruling{}, false
	}
	digested.Digest = ""
	if digested.Tag == "" {
		return ruling{
			class: parity.Unknown,
			note:  "one side is known by its digest only, the other by its tag only",
		}, true
	}
	x := r.judgeNamed(n, col, own, ref, a, b)
	switch x.class {
	case parity.Equal:
		x = r.equivalent(found | extra)
	case parity.Equivalent, parity.Bound:
		x.rules |= found | extra
	}
	return x, true
}

// oneEnvironment reports whether a column and the reference are two roles of one
// environment: what it declares and what it runs.
func (r *run) oneEnvironment(col int) bool {
	own, ref := r.cols[col].snap.Column, r.ref.snap.Column
	return own.String() == ref.String() && own.Role != ref.Role
}

// guessed reports whether only one of two digests is known to run, and the other
// is the registry's.
func guessed(a, b *parity.Fact) bool {
	return a.Rules.Has(parity.RegistryDigest) && b.Rules.Has(parity.RunningDigest) ||
		a.Rules.Has(parity.RunningDigest) && b.Rules.Has(parity.RegistryDigest)
}

// judgeBothDigests compares two digests.
func (r *run) judgeBothDigests(n, col int, own, ref *parity.Fact, a, b value.Image, extra parity.RuleSet) ruling {
	if !r.builds.one(a.Digest, b.Digest) {
		x := ruling{class: parity.Changed, change: parity.VersionChange}
		if _, ok := r.binders[col].same(a.Registry+"/"+a.Repository, b.Registry+"/"+b.Repository); ok && a.Repository != b.Repository {
			x.rules = parity.SetOf(parity.BindingRule)
		}
		return x
	}
	if own.Value.Raw == ref.Value.Raw && a.Digest == b.Digest {
		return r.judgeEqual(n, col, own, ref, extra)
	}
	shapes := (own.Rules | ref.Rules) & parity.SetOf(parity.RunningDigest, parity.RegistryDigest)
	if shapes == 0 || a.Digest != b.Digest {
		shapes |= parity.SetOf(parity.ImageForm)
	}
	if shapes &^= r.opt.Off; shapes == 0 {
		shapes = parity.SetOf(parity.ImageForm)
	}
	return r.equivalent(shapes | extra)
}

// judgeNamed compares two images by name and tag.
func (r *run) judgeNamed(n, col int, own, ref *parity.Fact, a, b value.Image) ruling {
	x, y := *own, *ref
	x.Value.Raw, x.Value.Canon = a.Canonical(nil), ""
	y.Value.Raw, y.Value.Canon = b.Canonical(nil), ""
	return r.judge(n, col, &x, &y, 0)
}
