package behaviour_test

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/behaviour"
)

func judge(tb testing.TB, pairs []behaviour.Pair) (judged, services []parity.Judged) {
	tb.Helper()
	judged, services, err := behaviour.New(behaviour.Options{}).Column(tb.Context(), "staging", "production", pairs)
	if err != nil {
		tb.Fatal(err)
	}
	return judged, services
}

// TestTwins holds that two environments which are the same are not told apart:
// the stated rate of false differences is 5 % of those that are asked alone.
func TestTwins(t *testing.T) {
	runs, different, alike := 200, 0, 0
	if testing.Short() {
		runs = 40
	}
	for seed := range uint64(runs) {
		own, ref := twin(seed, 1), twin(seed, 2)
		judged, _ := judge(t, pairs(&own, &ref, 1))
		for _, b := range judged {
			switch b.Answer {
			case parity.AnswerDifferent:
				different++
				t.Logf("seed %d: %s: %s", seed, b.Path, b.Note)
			case parity.AnswerEquivalent:
				alike++
			}
		}
	}
	t.Logf("%d of %d judgements different, %d alike", different, 2*runs, alike)
	if different > runs/100 {
		t.Errorf("%d of %d judgements on twins say that they differ", different, 2*runs)
	}
	if alike < runs {
		t.Errorf("only %d of %d judgements on twins say that they are alike", alike, 2*runs)
	}
}

// TestFound holds that what is other is found, and tells by how many requests.
func TestFound(t *testing.T) {
	for _, tt := range []struct {
		name string
		path string
		make func(w *world)
		most float64 // requests on each side, at the median over seeds
	}{
		{"slower by a quarter", parity.LatencyPath, func(w *world) { w.slow = 1.25 }, 24000},
		{"two of a hundred more fail", parity.ErrorsPath, func(w *world) { w.fail += 0.02 }, 3000},
	} {
		t.Run(tt.name, func(t *testing.T) {
			const seeds = 20
			found := 0
			for seed := range uint64(seeds) {
				own, ref := twin(seed, 1), twin(seed, 2)
				tt.make(&own)
				own.rate, ref.rate = tt.most/60, tt.most/60
				judged, _ := judge(t, pairs(&own, &ref, 1))
				for _, b := range judged {
					if b.Path == tt.path && b.Answer == parity.AnswerDifferent {
						found++
					}
					if b.Path != tt.path && b.Answer == parity.AnswerDifferent {
						t.Errorf("seed %d: %s differs too: %s", seed, b.Path, b.Note)
					}
				}
			}
			t.Logf("found in %d of %d runs with %.0f requests a side", found, seeds, tt.most)
			if found < seeds*8/10 {
				t.Errorf("found in %d of %d runs only", found, seeds)
			}
		})
	}
}

// TestUsualBuckets holds that the default buckets decide nothing at 15 %, say so
// and name a boundary.
func TestUsualBuckets(t *testing.T) {
	own, ref := twin(1, 1), twin(1, 2)
	own.bounds, ref.bounds = usual(), usual()
	judged, _ := judge(t, pairs(&own, &ref, 1))
	b := judged[0]
	if b.Answer != parity.AnswerInconclusive || b.Reason != "instrument" || len(b.Boundaries) == 0 || !strings.Contains(b.Note, "add") {
		t.Errorf("got %s, %q, boundaries %v: %s", b.Answer, b.Reason, b.Boundaries, b.Note)
	}
}

// TestMix holds that a service is not slower for being asked otherwise: staging
// has a tenth of the traffic and mostly the slow endpoint. Without the
// reference's mix it would seem so.
func TestMix(t *testing.T) {
	var all []behaviour.Pair
	var pooledOwn, pooledRef parity.Measurement
	for i, x := range []struct{ own, ref, median float64 }{{60, 900, 0.03}, {120, 100, 0.2}} {
		own, ref := twin(uint64(i), 1), twin(uint64(i), 2)
		own.rate, ref.rate, own.median, ref.median = x.own, x.ref, x.median, x.median
		p := pairs(&own, &ref, 1)
		p[0].Subject.Name, p[1].Subject.Name = string(rune('a'+i)), string(rune('a'+i))
		all = append(all, p...)
		add(t, &pooledOwn, p[0].Own)
		add(t, &pooledRef, p[0].Ref)
	}
	judged, services := judge(t, all)
	for _, b := range append(judged, services...) {
		if b.Answer == parity.AnswerDifferent {
			t.Errorf("%s %s differs: %s", b.Subject, b.Path, b.Note)
		}
	}
	if len(services) != 2 || services[0].Answer != parity.AnswerEquivalent {
		t.Errorf("the service's durations: %+v", services)
	}
	own, ref := pooledOwn.Value(parity.Distribution, ""), pooledRef.Value(parity.Distribution, "")
	naive, _ := judge(t, []behaviour.Pair{{
		Subject: parity.Key{Kind: parity.EndpointKind, Scope: "shop", Name: "all"}, Path: parity.LatencyPath,
		Own: &parity.Fact{Value: own}, Ref: &parity.Fact{Value: ref},
	}})
	if naive[0].Answer != parity.AnswerDifferent {
		t.Errorf("without the mix the false difference is not there: %s", naive[0].Note)
	}
}

// add adds a measurement to another of the same layout.
func add(t *testing.T, to *parity.Measurement, f *parity.Fact) {
	t.Helper()
	m, err := parity.ParseMeasurement(f.Value)
	if err != nil {
		t.Fatal(err)
	}
	if to.Total == nil {
		*to = *m
		return
	}
	for i := range m.Total {
		to.Total[i] += m.Total[i]
	}
	for i := range m.Buckets {
		to.Buckets[i] += m.Buckets[i]
	}
}

// TestLoad holds that environments whose instances are loaded otherwise are not
// compared.
func TestLoad(t *testing.T) {
	own, ref := twin(1, 1), twin(1, 2)
	own.load = 2
	judged, services := judge(t, pairs(&own, &ref, 2))
	for _, b := range judged {
		if b.Answer != parity.AnswerInconclusive || b.Reason != "load" {
			t.Errorf("%s: %s, %q: %s", b.Path, b.Answer, b.Reason, b.Note)
		}
	}
	if len(services) != 0 {
		t.Errorf("the service is judged though nothing of it is: %+v", services)
	}
}

// TestNoBound holds that a summary decides nothing.
func TestNoBound(t *testing.T) {
	m := parity.Measurement{Unit: "s", Step: 60e9, Instances: 1, Total: make([]float64, 60), Unbounded: "quantiles of a summary cannot be merged", Shown: 0.2}
	for i := range m.Total {
		m.Total[i] = 1000
	}
	f := &parity.Fact{Path: parity.LatencyPath, Value: m.Value(parity.Distribution, "")}
	judged, _ := judge(t, []behaviour.Pair{{Subject: parity.Key{Kind: parity.EndpointKind, Scope: "s", Name: "e"}, Path: parity.LatencyPath, Own: f, Ref: f}})
	if b := judged[0]; b.Answer != parity.AnswerInconclusive || b.Reason != "no-bound" || !strings.Contains(b.Note, "summary") || !strings.Contains(b.Note, "200 ms") {
		t.Errorf("got %s, %q: %s", b.Answer, b.Reason, b.Note)
	}
}

// TestFewBlocks holds that a window of few parts gives the two estimates, and
// neither an effect nor an interval, which are not worked out.
func TestFewBlocks(t *testing.T) {
	own, ref := twin(1, 1), twin(1, 2)
	own.minutes, ref.minutes = 10, 10
	judged, _ := judge(t, pairs(&own, &ref, 1))
	for _, b := range judged {
		if b.Reason != "few-blocks" || b.Value == nil || b.Reference == nil || b.Estimate != nil || b.Interval != nil || b.PValue != nil {
			t.Errorf("%s: %+v", b.Path, b)
		}
		if !strings.Contains(b.Note, "in the reference; too few parts") || strings.Contains(b.Note, "interval") {
			t.Errorf("%s: %s", b.Path, b.Note)
		}
	}
}

// TestDamaged holds that what cannot be read is not alike.
func TestDamaged(t *testing.T) {
	own, ref := twin(1, 1), twin(1, 2)
	p := pairs(&own, &ref, 1)
	p[0].Own.Value.Canon = p[0].Own.Value.Canon[:40]
	judged, _ := judge(t, p)
	if b := judged[0]; b.Answer != parity.AnswerInconclusive || b.Note == "" {
		t.Errorf("got %s: %s", b.Answer, b.Note)
	}
}

// TestEvidence holds that evidence leads to the page of a server on which it is
// seen.
func TestEvidence(t *testing.T) {
	for _, c := range []struct{ file, object, link string }{
		{"https://metrics.example.com/p", "up == 0", "https://metrics.example.com/p/graph?g0.expr=up+%3D%3D+0&g0.tab=0"},
		{"https://traces.example.com", "https://traces.example.com/search?service=shop", "https://traces.example.com/search?service=shop"},
		{"metrics.json", "http.server.request.duration", ""},
	} {
		own, ref := twin(1, 1), twin(1, 2)
		p := pairs(&own, &ref, 1)
		p[0].Own.Origin = &parity.Origin{File: c.file, Object: c.object}
		judged, _ := judge(t, p)
		if e := judged[0].Evidence; len(e) != 1 || e[0].Link != c.link || e[0].Query != c.object || e[0].Server != c.file {
			t.Errorf("evidence %+v, want the link %q", e, c.link)
		}
	}
}

// BenchmarkColumns judges 1,000 endpoints, errors and durations, in four
// environments against a fifth.
func BenchmarkColumns(b *testing.B) {
	own, ref := twin(1, 1), twin(1, 2)
	own.rate, ref.rate = 20, 20
	own.bounds, ref.bounds = append(usual(), 0.03, 0.04, 0.06, 0.07, 0.08, 0.12, 0.15, 0.2, 0.3), nil
	own.bounds = sorted(own.bounds)
	ref.bounds = own.bounds
	all := pairs(&own, &ref, 1000)
	b.ReportAllocs()
	for b.Loop() {
		j := behaviour.New(behaviour.Options{})
		for range 4 {
			if _, _, err := j.Column(b.Context(), "staging", "production", all); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/8000, "µs/judgement")
}
