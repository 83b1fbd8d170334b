package compare

import "github.com/envparity/parity"

// inclusion reports whether a subject says what one file includes.
func inclusion(k *parity.Key) bool { return k.Kind == parity.InclusionSubject }

// judgeInclusion looks at a file that a column includes: a leak where it is
// named for another environment and the including file for the column's; else
// it says nothing, whatever the other side includes.
func (r *run) judgeInclusion(c *column, w *row, f *parity.Fact) ruling {
	allowed := r.equivalent(parity.SetOf(parity.IncludedFile))
	s := w.aligned.Sides[c.index]
	if s == nil || r.opt.OneEnvironment {
		return allowed
	}
	if !c.matcher.finds(s.Subject.Name) {
		return allowed
	}
	other, _ := r.strangerIn(f.Value.Raw, c, c)
	if other == nil {
		return allowed
	}
	return ruling{
		class: parity.Leak, change: parity.AddressChange,
		note: c.name + " includes " + other.name + "'s " + quote(f.Value.Raw),
	}
}
