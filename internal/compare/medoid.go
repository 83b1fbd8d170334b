package compare

import (
	"cmp"
	"slices"

	"github.com/envparity/parity"
)

// medoidSample is about how many facts of a snapshot are compared to choose
// among snapshots.
const medoidSample = 1 << 14

// Medoid returns which of the candidates, indices into all, is most like the
// other candidates: the one whose facts differ from theirs least. Among those
// that are alike in that, it is the one that is most like the other snapshots,
// and then the first by name; their order has no influence. Time grows with the
// number of facts: what is compared is a sample, which depends on the places of
// facts only.
func Medoid(all []*parity.Snapshot, candidates []int) int {
	facts := 0
	for _, i := range candidates {
		facts = max(facts, all[i].Facts())
	}
	every := uint64(1 + facts/medoidSample)
	samples := make([]map[uint64]uint64, len(all))
	for i, s := range all {
		samples[i] = sampleOf(s, every)
	}
	near := func(i int) (among, others int) {
		for k := range all {
			switch {
			case k == i:
			case slices.Contains(candidates, k):
				among += unlike(samples[i], samples[k])
			default:
				others += unlike(samples[i], samples[k])
			}
		}
		return among, others
	}
	type standing struct{ index, among, others int }
	var best standing
	for n, i := range candidates {
		x := standing{index: i}
		x.among, x.others = near(i)
		if n == 0 || cmp.Or(cmp.Compare(x.among, best.among), cmp.Compare(x.others, best.others),
			cmp.Compare(all[i].Column.String(), all[best.index].Column.String())) < 0 {
			best = x
		}
	}
	return best.index
}

// sampleOf hashes the values of one in so many places of a snapshot.
func sampleOf(s *parity.Snapshot, every uint64) map[uint64]uint64 {
	c := &column{snap: s, family: familyOf(s.Column.Environment)}
	out := map[uint64]uint64{}
	for i := range s.Subjects {
		x := &s.Subjects[i]
		k := x.Subject.Key
		subject := fingerprintOf(fingerprintOf(fnvOffset, k.Kind), k.Group)
		subject = fingerprintOf(fingerprintOf(subject, c.withoutWords(k.Scope)), lastingName(c, &x.Subject))
		for j := range x.Facts {
			f := &x.Facts[j]
			if f.DerivedFrom != nil || f.Value.Kind.Measured() {
				continue
			}
			// The lower bits of the hash are not even.
			if place := fingerprintOf(subject, f.Path); (place>>24)%every == 0 {
				out[place] = fingerprintOf(fnvOffset, f.Value.Canonical())
			}
		}
	}
	return out
}

// unlike counts the places at which two samples differ.
func unlike(a, b map[uint64]uint64) int {
	n, same := 0, 0
	for place, v := range a {
		w, ok := b[place]
		if ok {
			same++
		}
		if !ok || v != w {
			n++
		}
	}
	return n + len(b) - same
}
