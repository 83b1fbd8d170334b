package manifests

import (
	"path"
	"regexp"
	"slices"

	"github.com/envparity/parity"
)

// maxCulprits bounds how many entries are left out because kustomize names them.
const maxCulprits = 20

// leftOut is an entry of resources that was left out.
type leftOut struct {
	in    *kustomize
	entry string
	all   []string // the entries of in before
}

// leaveOutNamed renders without the entries that kustomize's errors name, one
// after another, until the rest renders.
func (r *rendering) leaveOutNamed(err error) ([]renderedObject, bool) {
	var left []leftOut
	for len(left) < maxCulprits && !r.final(err) {
		k, entry := r.culprit(err)
		if k == nil {
			break
		}
		all := k.spec.Resources
		left = append(left, leftOut{k, entry, all})
		r.with(k, slices.DeleteFunc(slices.Clone(all), func(e string) bool { return e == entry }))
		var out []renderedObject
		if out, err = r.build(); err == nil {
			for _, l := range left {
				r.loseEntry(l.in, l.entry)
			}
			return out, true
		}
	}
	for _, l := range slices.Backward(left) {
		r.with(l.in, l.all)
	}
	return nil, false
}

// with puts resources in the place of those of a kustomization.
func (r *rendering) with(k *kustomize, resources []string) {
	k.spec.Resources, k.edited = resources, true
	r.sc.write(k)
}

// loseEntry records an entry without which the rest renders. It may be the same
// object as one that is there, so that parts of it may be hidden.
func (r *rendering) loseEntry(k *kustomize, entry string) {
	r.sc.lose(k, entry, loss{
		hides:  parity.HidesAnything,
		reason: "the kustomization can only be rendered without " + path.Base(entry) + ": what that would add is unknown",
		hint:   "kustomize build tells more",
	})
}

var fromEntry = regexp.MustCompile(`(?:accumulating|merging) resources from '([^']+)'`)

// culprit returns the innermost entry that an error of kustomize names, with the
// kustomization that has it, or nil. An entry that is all that the root has is
// none: without it nothing would be left.
func (r *rendering) culprit(err error) (*kustomize, string) {
	var found *kustomize
	entry := ""
	at := r.root
	for _, m := range fromEntry.FindAllStringSubmatch(err.Error(), -1) {
		if at == nil || !slices.Contains(at.spec.Resources, m[1]) {
			continue
		}
		found, entry = at, m[1]
		dir, _ := within(at.dir, entry)
		at = r.sc.dirs[dir]
	}
	if found == r.root && len(found.spec.Resources) == 1 {
		return nil, ""
	}
	return found, entry
}
