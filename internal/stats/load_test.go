package stats

import (
	"slices"
	"testing"
)

func TestOverlapKeepsComparableBlocks(t *testing.T) {
	var ref, other []float64
	for i := range 100 {
		ref = append(ref, 10+float64(i))     // 10 to 109 requests per second and instance
		other = append(other, 60+float64(i)) // 60 to 159
	}
	o := Overlap(ref, other, 1)
	if !o.Known || o.Apart || o.Low != 65 || o.High != 104 {
		t.Fatalf("%+v", o)
	}
	for i, keep := range o.Ref {
		if keep != (ref[i] >= 65 && ref[i] <= 104) {
			t.Fatalf("a block of load %v: kept %v", ref[i], keep)
		}
	}
	near(t, "kept of the reference", o.RefKept, 0.40, 1e-9)
	near(t, "kept of the other", o.OtherKept, 0.40, 1e-9)
	wider := Overlap(ref, other, 1.25)
	near(t, "low, with tolerance", wider.Low, 52, 1e-9)
	near(t, "high, with tolerance", wider.High, 130, 1e-9)
}

func TestOverlapTellsWhatLoadIsMissing(t *testing.T) {
	busy, idle := slices.Repeat([]float64{90, 100, 110}, 20), slices.Repeat([]float64{9, 10, 11}, 20)
	o := Overlap(busy, idle, 1.5)
	if !o.Apart || o.Low != 90 || o.High != 110 || o.RefKept != 0 && o.OtherKept != 0 {
		t.Errorf("%+v", o)
	}
	if r := LoadApart(Ratio); r.Verdict != Inconclusive || r.Reason != Load || r.P != 1 {
		t.Errorf("%+v", r)
	}
	// A tenth of the traffic on a tenth of the instances is the same load.
	if o := Overlap(busy, busy[:30], 1); o.Apart {
		t.Errorf("%+v", o)
	}
}

func TestOverlapLeavesOutUnknownLoad(t *testing.T) {
	known := []float64{1, 2, 3, 4, -1, 2}
	o := Overlap(known, known, 2)
	if o.Ref[4] || !o.Ref[0] || o.RefKept == 1 {
		t.Errorf("%+v", o)
	}
	o = Overlap(known, nil, 2)
	if o.Known || o.Apart || !slices.Equal(o.Ref, []bool{true, true, true, true, true, true}) {
		t.Errorf("where the other's load is not known, everything is kept: %+v", o)
	}
}

func TestKeepAndPool(t *testing.T) {
	keep := []bool{true, false, true}
	s := Share{Events: []float64{1, 2, 3}, Total: []float64{10, 20, 30}}.Keep(keep)
	if !slices.Equal(s.Events, []float64{1, 3}) || !slices.Equal(s.Total, []float64{10, 30}) {
		t.Errorf("%+v", s)
	}
	h := (&Histogram{Bounds: []float64{1}, Counts: []float64{1, 2, 3, 4, 5, 6}}).Keep(keep)
	if !slices.Equal(h.Counts, []float64{1, 2, 5, 6}) || h.Blocks() != 2 {
		t.Errorf("%+v", h)
	}
	x := (&Samples{Values: []float64{1, 2, 3, 4}, Ends: []int{2, 3, 4}}).Keep(keep)
	if !slices.Equal(x.Values, []float64{1, 2, 4}) || !slices.Equal(x.Ends, []int{2, 3}) {
		t.Errorf("%+v", x)
	}
	// Two steps of two instances, two buckets each.
	if got := PoolInstances([]float64{1, 2, 10, 20, 3, 4, 30, 40}, 2, 2); !slices.Equal(got, []float64{11, 22, 33, 44}) {
		t.Errorf("%v", got)
	}
}

func TestSharesWithoutEventsOrBlocks(t *testing.T) {
	full := func(k, n float64, blocks int) Share {
		return Share{Events: slices.Repeat([]float64{k}, blocks), Total: slices.Repeat([]float64{n}, blocks)}
	}
	m := Margin{Relative: 0.1, Floor: 0.005}
	for what, c := range map[string]struct {
		ref, other Share
		verdict    Verdict
		reason     Reason
	}{
		"no error in many":      {full(0, 100, 60), full(0, 100, 60), Equivalent, ""},
		"no error in few":       {full(0, 2, 60), full(0, 2, 60), Inconclusive, FewRequests},
		"nothing but errors":    {full(100, 100, 60), full(100, 100, 60), Equivalent, ""},
		"none and all":          {full(0, 100, 60), full(100, 100, 60), Different, ""},
		"all and none":          {full(100, 100, 60), full(0, 100, 60), Different, ""},
		"few blocks":            {full(0, 1000, MinBlocks-1), full(0, 100, 60), Inconclusive, FewBlocks},
		"no requests":           {full(0, 100, 60), full(0, 0, 60), Inconclusive, Support},
		"nothing":               {Share{}, Share{}, Inconclusive, Support},
		"a tenth of the blocks": {full(1, 100, 60), full(30, 100, 20), Different, ""},
	} {
		r := CompareShares(c.ref, c.other, m)
		if r.Verdict != c.verdict || r.Reason != c.reason {
			t.Errorf("%s: %v %v, %+v", what, r.Verdict, r.Reason, r)
		}
		if needs := r.Needed.Ref+r.Needed.Other > 0; needs != (r.Reason == FewRequests) {
			t.Errorf("%s: needs %+v", what, r.Needed)
		}
	}
	// Requests that come in constant blocks without any spread are no less
	// uncertain than half of independent ones.
	if d := CompareShares(full(5, 100, 60), full(5, 100, 60), m).Ref.DesignEffect; d < 0.5 {
		t.Errorf("design effect %v", d)
	}
	// A relative margin alone, with no event on the reference's side.
	if r := CompareShares(full(0, 100, 60), full(1, 100, 60), Margin{Relative: 0.1}); r.Verdict == Equivalent {
		t.Errorf("%+v", r)
	}
}

func TestQuantilesOfOddSamples(t *testing.T) {
	flat := func(x float64, n, blocks int) *Samples {
		s := &Samples{Values: slices.Repeat([]float64{x}, n*blocks)}
		for b := range blocks {
			s.Ends = append(s.Ends, (b+1)*n)
		}
		return s
	}
	o := QuantileOptions{Q: 0.95, Ratio: 0.15}
	for what, c := range map[string]struct {
		ref, other Distribution
		verdict    Verdict
		reason     Reason
	}{
		"constant":          {flat(1, 20, 60), flat(1, 20, 60), Equivalent, ""},
		"twice as slow":     {flat(1, 20, 60), flat(2, 20, 60), Different, ""},
		"zeros":             {flat(0, 20, 60), flat(0, 20, 60), Inconclusive, Instrument},
		"zero reference":    {flat(0, 20, 60), flat(1, 20, 60), Inconclusive, Instrument},
		"too few":           {flat(1, 1, 30), flat(1, 1, 30), Inconclusive, FewRequests},
		"few blocks":        {flat(1, 100, 5), flat(1, 100, 60), Inconclusive, FewBlocks},
		"nothing":           {&Samples{}, flat(1, 20, 60), Inconclusive, Support},
		"nil":               {(*Samples)(nil), (*Histogram)(nil), Inconclusive, Support},
		"damaged histogram": {&Histogram{Bounds: []float64{2, 1}, Counts: make([]float64, 300)}, flat(1, 20, 60), Inconclusive, Support},
	} {
		r := CompareQuantile(c.ref, c.other, o)
		if r.Verdict != c.verdict || r.Reason != c.reason {
			t.Errorf("%s: %v %v, %+v", what, r.Verdict, r.Reason, r)
		}
	}
}
