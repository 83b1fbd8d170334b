package drift_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/drift"
)

// shot is what runs at a time: the settings with another value, or hidden.
func shot(t *testing.T, at time.Time, level string, hidden bool) *parity.DriftInstance {
	t.Helper()
	live := snapshot(t, strings.Replace(settings, "LEVEL: info", "LEVEL: "+level, 1))
	live.Time = at
	if hidden {
		live.Subjects, live.Gaps = nil, []parity.Gap{{Kind: "ConfigMap", Reason: "forbidden"}}
	}
	return run(t, snapshot(t, settings), live)
}

func TestFollow(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 3, n, 12, 0, 0, 0, time.UTC) }
	type step struct {
		day    int
		level  string
		hidden bool
	}
	for _, c := range []struct {
		name           string
		steps          []step // the last is now; March 2 is a Monday
		weeks          string // appeared/before of each week
		since          int
		open           bool
		first, last, n int
	}{
		{"there before the first", []step{{2, "debug", false}, {3, "debug", false}}, "0/1", 2, true, 2, 3, 2},
		{"appeared", []step{{2, "info", false}, {3, "debug", false}, {4, "trace", false}}, "1/0", 3, true, 3, 4, 2},
		{"appeared in the second week", []step{{3, "info", false}, {10, "debug", false}, {24, "debug", false}}, "0/0 1/0 0/0 0/0", 10, true, 10, 24, 2},
		{"came and went", []step{{2, "info", false}, {3, "debug", false}, {4, "info", false}}, "1/0", 0, false, 3, 3, 1},
		{"came again", []step{{2, "info", false}, {3, "debug", false}, {4, "info", false}, {5, "debug", false}}, "2/0", 5, true, 3, 5, 2},
		{"hidden in between", []step{{2, "info", false}, {3, "debug", false}, {4, "info", true}, {5, "debug", false}}, "1/0", 3, true, 3, 5, 2},
		{"hidden at first", []step{{2, "info", true}, {3, "debug", false}}, "0/1", 3, true, 3, 3, 1},
		{"out of order", []step{{4, "debug", false}, {2, "info", false}, {5, "debug", false}}, "1/0", 4, true, 4, 5, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			var shots []*parity.DriftInstance
			for _, s := range c.steps {
				shots = append(shots, shot(t, day(s.day), s.level, s.hidden))
			}
			now := shots[len(shots)-1]
			h := drift.Follow(now, shots[:len(shots)-1])
			var weeks []string
			for _, w := range h.Weeks {
				weeks = append(weeks, string(rune('0'+w.Appeared))+"/"+string(rune('0'+w.Before)))
			}
			if got := strings.Join(weeks, " "); got != c.weeks {
				t.Errorf("weeks %s, want %s", got, c.weeks)
			}
			if len(h.Followed) != 1 {
				t.Fatalf("%+v", h.Followed)
			}
			f := h.Followed[0]
			if f.Open != c.open || !f.FirstSeen.Equal(day(c.first)) || !f.LastSeen.Equal(day(c.last)) || f.Snapshots != c.n {
				t.Errorf("%+v", f)
			}
			if c.since > 0 && !now.Drifts[0].FirstSeen.Equal(day(c.since)) {
				t.Errorf("since %v", now.Drifts[0].FirstSeen)
			}
			if h.Snapshots != len(c.steps) || h.Weeks[0].Week != "2026-W10" {
				t.Errorf("%d snapshots from week %s", h.Snapshots, h.Weeks[0].Week)
			}
		})
	}
}

// One snapshot of an unlikely time does not make a history without end.
func TestWeeksAreBounded(t *testing.T) {
	h := drift.Follow(shot(t, now, "debug", false), []*parity.DriftInstance{shot(t, time.Time{}, "debug", false)})
	if n := len(h.Weeks); n != 522 {
		t.Errorf("%d weeks", n)
	}
	if h.Weeks[0].Before != 1 || h.Weeks[0].Snapshots != 1 {
		t.Errorf("%+v", h.Weeks[0])
	}
}

func TestOddOnesOut(t *testing.T) {
	instance := func(name, level string, hidden bool) parity.DriftInstance {
		x := *shot(t, now, level, hidden)
		x.Name = name
		return x
	}
	for _, c := range []struct {
		name string
		in   []parity.DriftInstance
		want []string
	}{
		{"one alone", []parity.DriftInstance{instance("p/eu", "debug", false)}, []string{""}},
		{"only one drifts", []parity.DriftInstance{instance("p/eu", "info", false), instance("p/us", "debug", false)}, []string{"p/us"}},
		{"both drift alike", []parity.DriftInstance{instance("p/eu", "debug", false), instance("p/us", "debug", false)}, []string{"", ""}},
		{"both drift, each to its own", []parity.DriftInstance{instance("p/eu", "trace", false), instance("p/us", "debug", false)}, []string{"p/eu", "p/us"}},
		{"the other could not be looked at", []parity.DriftInstance{instance("p/eu", "info", true), instance("p/us", "debug", false)}, []string{""}},
	} {
		drift.OddOnesOut(c.in)
		var got []string
		for i := range c.in {
			for _, d := range c.in[i].Drifts {
				got = append(got, d.OddOneOut)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}
