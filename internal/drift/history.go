package drift

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/envparity/parity"
)

// Shot keeps of an earlier comparison what Follow needs, so that the snapshot
// behind it can go.
func Shot(x *parity.DriftInstance) *parity.DriftInstance {
	return Release(&parity.DriftInstance{Name: x.Name, Live: x.Live, Gaps: x.Gaps, Drifts: x.Drifts})
}

// Release takes the snapshots' subjects out of a result, which says all that is
// to be said of them.
func Release(x *parity.DriftInstance) *parity.DriftInstance {
	for i := range x.Drifts {
		x.Drifts[i].Aligned = nil
	}
	for i := range x.Owned {
		for j := range x.Owned[i].Differences {
			x.Owned[i].Differences[j].Aligned = nil
		}
	}
	return x
}

// Follow tells when drifts appeared: earlier are what earlier snapshots of the
// live side say against the same desired side, in any order, and now is what
// is there now. It fills in FirstSeen of the drifts of now.
//
// A drift appears where a snapshot shows it and the one before did not. Where
// a gap hid it, nothing is known, and what was known before holds on.
func Follow(now *parity.DriftInstance, earlier []*parity.DriftInstance) *parity.DriftHistory {
	shots := slices.Clone(earlier)
	slices.SortStableFunc(shots, func(a, b *parity.DriftInstance) int { return a.Live.Time.Compare(b.Live.Time) })
	shots = append(shots, now)
	h := &parity.DriftHistory{
		Snapshots: len(shots), From: shots[0].Live.Time, To: now.Live.Time,
		Weeks: weeks(shots), Followed: []parity.DriftFollowed{}, Gaps: []parity.Gap{},
	}
	f := &following{weeks: h.Weeks, by: map[string]*followed{}}
	for i, x := range shots {
		f.snapshot(x, shots[:i])
	}
	for i := range now.Drifts {
		since := f.by[now.Drifts[i].Fingerprint].since
		now.Drifts[i].FirstSeen = &since
	}
	for _, id := range f.order {
		h.Followed = append(h.Followed, f.by[id].DriftFollowed)
	}
	return h
}

// followed is one drift on its way through the snapshots.
type followed struct {
	parity.DriftFollowed
	since time.Time
}

type following struct {
	weeks []parity.DriftWeek
	by    map[string]*followed
	order []string
}

// snapshot takes one snapshot; before are those before it.
func (f *following) snapshot(x *parity.DriftInstance, before []*parity.DriftInstance) {
	week := f.week(x.Live.Time)
	week.Snapshots++
	shown := map[string]bool{}
	for j := range x.Drifts {
		d := &x.Drifts[j]
		if shown[d.Fingerprint] {
			continue
		}
		shown[d.Fingerprint] = true
		s := f.by[d.Fingerprint]
		switch {
		case s == nil:
			s = &followed{DriftFollowed: parity.DriftFollowed{
				Fingerprint: d.Fingerprint, Subject: d.Subject, Path: d.Path, Kind: d.Kind, FirstSeen: x.Live.Time,
			}}
			f.by[d.Fingerprint] = s
			f.order = append(f.order, d.Fingerprint)
			if hiddenInAll(before, d) {
				week.Before++
			} else {
				week.Appeared++
			}
			s.since = x.Live.Time
		case !s.Open:
			week.Appeared++
			s.since = x.Live.Time
		}
		s.Open, s.LastSeen = true, x.Live.Time
		s.Snapshots++
	}
	for id, s := range f.by {
		if !shown[id] && s.Open && !hidden(x, s.Subject.Key(), s.Path) {
			s.Open = false
		}
	}
}

// hiddenInAll reports whether no snapshot before could have shown the drift.
func hiddenInAll(before []*parity.DriftInstance, d *parity.Drift) bool {
	for _, x := range before {
		if !hidden(x, d.Subject.Key(), d.Path) {
			return false
		}
	}
	return true
}

// hidden reports whether a gap of the live side lies over a place.
func hidden(x *parity.DriftInstance, k parity.Key, path string) bool {
	for i := range x.Gaps {
		if x.Gaps[i].Column == string(parity.Live) && x.Gaps[i].Covers(k, path) {
			return true
		}
	}
	return false
}

const week = 7 * 24 * time.Hour

// monday is the beginning of the week of a time.
func monday(t time.Time) time.Time {
	t = t.UTC()
	day := (int(t.Weekday()) + 6) % 7
	return time.Date(t.Year(), t.Month(), t.Day()-day, 0, 0, 0, 0, time.UTC)
}

// maxWeeks bounds a history: ten years.
const maxWeeks = 522

// weeks lists the weeks from the first to the last snapshot.
func weeks(shots []*parity.DriftInstance) []parity.DriftWeek {
	first, last := monday(shots[0].Live.Time), monday(shots[0].Live.Time)
	for _, x := range shots {
		if m := monday(x.Live.Time); m.After(last) {
			last = m
		}
	}
	if oldest := last.Add(-(maxWeeks - 1) * week); first.Before(oldest) {
		first = oldest
	}
	var out []parity.DriftWeek
	for at := first; !at.After(last); at = at.Add(week) {
		year, n := at.ISOWeek()
		out = append(out, parity.DriftWeek{Week: fmt.Sprintf("%d-W%02d", year, n), Begin: at})
	}
	return out
}

// week finds the week of a time; what is older than all is in the first.
func (f *following) week(t time.Time) *parity.DriftWeek {
	at := monday(t)
	i, ok := slices.BinarySearchFunc(f.weeks, at, func(w parity.DriftWeek, t time.Time) int { return w.Begin.Compare(t) })
	if !ok {
		i = max(i-1, 0)
	}
	return &f.weeks[i]
}

// OddOnesOut names, on each drift of several instances of one environment, the
// instance that alone has it, where all others could have shown it.
func OddOnesOut(instances []parity.DriftInstance) {
	if len(instances) < 2 {
		return
	}
	in := map[string]int{}
	for i := range instances {
		for j := range instances[i].Drifts {
			in[same(&instances[i].Drifts[j])]++
		}
	}
	for i := range instances {
		for j := range instances[i].Drifts {
			d := &instances[i].Drifts[j]
			if in[same(d)] == 1 && seenElsewhere(instances, i, d) {
				d.OddOneOut = instances[i].Name
			}
		}
	}
}

func seenElsewhere(instances []parity.DriftInstance, own int, d *parity.Drift) bool {
	for i := range instances {
		if i != own && (instances[i].Counts.Compared() == 0 || hidden(&instances[i], d.Subject.Key(), d.Path)) {
			return false
		}
	}
	return true
}

// same identifies a drift with what the live side holds, so that two instances
// that differ from the declared value in two ways are both odd.
func same(d *parity.Drift) string {
	value := ""
	if d.Live.Value != nil {
		value = *d.Live.Value
	}
	return strings.Join([]string{d.Fingerprint, value}, "\x1f")
}
