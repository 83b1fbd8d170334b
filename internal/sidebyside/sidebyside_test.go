package sidebyside

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity/internal/naming"
	"github.com/envparity/parity/internal/spans"
)

const ms = time.Millisecond

// shop says how an environment serves GET /cart.
type shop struct {
	requests int
	// items are loaded one by one: as many selects.
	items bool
	// without leaves an operation out; audit is the share of requests that also
	// write a log.
	without string
	audit   float64
	// slow lengthens the call to the stock.
	slow time.Duration
	// ratio is the share of traces that are kept.
	ratio float64
	// failed is the share of failed requests.
	failed float64
	tail   bool
	seed   uint64
}

// sample makes requests and keeps some of them.
func (s shop) sample() *Sample {
	random := rand.New(rand.NewPCG(s.seed, 7))
	out := &Sample{Wanted: spans.Wanted{Endpoint: "GET /cart", Service: "cart"}}
	for n := range s.requests {
		if s.ratio > 0 && random.Float64() >= s.ratio {
			continue
		}
		out.Add(s.trace(n, random))
	}
	return out
}

func (s shop) trace(n int, random *rand.Rand) *spans.Trace {
	t := &spans.Trace{ID: spans.TraceID{byte(n), byte(n >> 8), byte(n >> 16), 1}}
	add := func(parent spans.ID, service string, kind naming.SpanKind, name string, start, took time.Duration) spans.ID {
		if service+" "+name == s.without {
			return 0
		}
		id := spans.ID(len(t.Spans) + 1)
		t.Spans = append(t.Spans, spans.Span{ID: id, Parent: parent, Service: service, Kind: kind, Name: name, Start: int64(start), Duration: took})
		return id
	}
	jitter := time.Duration(random.IntN(4000)) * time.Microsecond
	root := add(0, "cart", naming.ServerSpan, "GET /cart", 0, 200*ms+s.slow+jitter)
	t.Spans[0].Endpoint, t.Spans[0].Failed = "GET /cart", random.Float64() < s.failed
	t.Spans[0].Sampling = spans.Sampling{Ratio: s.ratio, How: "probabilistic"}
	if s.tail {
		t.Spans[0].Attributes = []string{"tailsampling.policy"}
	}
	add(root, "cart", naming.InternalSpan, "price", 5*ms, 5*ms+jitter)
	selects := 1
	if s.items {
		selects = 1 + random.IntN(12)
	}
	for i := range selects {
		add(root, "cart", naming.ClientSpan, "SELECT items", 20*ms+time.Duration(i)*4*ms, 3*ms)
	}
	call := add(root, "cart", naming.ClientSpan, "GET", 100*ms, 50*ms+s.slow+jitter)
	add(call, "stock", naming.ServerSpan, "GET /stock", 105*ms, 40*ms+s.slow)
	if random.Float64() < s.audit {
		add(root, "cart", naming.ClientSpan, "POST /audit", 180*ms, ms)
	}
	return t
}

// find gives the result of a path by its last step.
func find(t *testing.T, r *Result, last string) *PathResult {
	t.Helper()
	for i := range r.Paths {
		p := &r.Paths[i]
		if strings.HasPrefix(p.Path[len(p.Path)-1].String(), last) {
			return p
		}
	}
	t.Fatalf("there is no path to %s", last)
	return nil
}

func compared(reference, other shop) *Result {
	reference.seed, other.seed = 1, 2
	return Compare(reference.sample(), other.sample(), "production", "staging")
}

// TestTwins holds that environments that do the same differ in nothing,
// whatever share of traces each keeps.
func TestTwins(t *testing.T) {
	for seed := range uint64(40) {
		a, b := shop{requests: 2000, audit: 0.3, ratio: 1, seed: seed}, shop{requests: 20_000, audit: 0.3, ratio: 0.1, seed: seed + 1000}
		a.items, b.items = seed%2 == 0, seed%2 == 0
		r := Compare(a.sample(), b.sample(), "production", "staging")
		for i := range r.Paths {
			if p := &r.Paths[i]; p.Verdict != Same || p.TimeTellable {
				t.Errorf("seed %d: %s is %s, %v", seed, p.Path[len(p.Path)-1], p.Verdict, p.SelfDifference)
			}
		}
		if !r.Tellable || r.Other.Requests < 1500 || r.Other.Requests > 2500 {
			t.Errorf("seed %d: %+v", seed, r.Other)
		}
	}
}

func TestNPlusOne(t *testing.T) {
	r := compared(shop{requests: 500}, shop{requests: 500, items: true})
	p := find(t, r, "cart client SELECT items")
	if p.Verdict != MoreOften || !p.NPlusOne || p.Other.PerRequest < 5 || p.Other.PerRequest > 8 || p.Other.Most != 12 {
		t.Errorf("%+v", p)
	}
	if !p.TimeTellable || p.SelfDifference < 10*ms {
		t.Errorf("the time of its own grows by %s", p.SelfDifference)
	}
	// The other way round nothing is an N+1.
	if p := find(t, compared(shop{requests: 500, items: true}, shop{requests: 500}), "cart client SELECT items"); p.Verdict != LessOften || p.NPlusOne {
		t.Errorf("%+v", p)
	}
}

func TestMissing(t *testing.T) {
	r := compared(shop{requests: 500}, shop{requests: 500, without: "cart price"})
	if p := find(t, r, "cart internal price"); p.Verdict != Missing || p.Reference.Share != 1 {
		t.Errorf("%+v", p)
	}
	// The call is there with nothing below it.
	r = compared(shop{requests: 500}, shop{requests: 500, without: "stock GET /stock"})
	if p := find(t, r, "stock server"); p.Verdict != Missing || p.Follows {
		t.Errorf("%+v", p)
	}
	r = compared(shop{requests: 500, without: "cart GET"}, shop{requests: 500})
	if p := find(t, r, "stock server"); p.Verdict != Extra || len(p.Path) == 3 && !p.Follows {
		t.Errorf("%+v", p)
	}
}

// TestRareIsNotMissing holds that what is absent among few requests is not
// called missing, and how many it would take.
func TestRareIsNotMissing(t *testing.T) {
	for _, c := range []struct {
		n    int
		want Verdict
	}{{60, NotTellable}, {2000, Missing}} {
		p := find(t, compared(shop{requests: 2000, audit: 0.03}, shop{requests: c.n}), "cart client POST /audit")
		if p.Verdict != c.want || (p.Needed == 0) != (c.want == Missing) {
			t.Errorf("%d: %+v", c.n, p)
		}
		if c.want == NotTellable && (p.Needed < 150 || p.Needed > 400) {
			t.Errorf("%d requests are needed", p.Needed)
		}
	}
	// Of many twins with a rare call, hardly one is told to lack it.
	false1 := 0
	for seed := range uint64(300) {
		a, b := shop{requests: 1000, audit: 0.02, seed: seed}, shop{requests: 250, audit: 0.02, seed: seed + 5000}
		r := Compare(a.sample(), b.sample(), "a", "b")
		for i := range r.Paths {
			if v := r.Paths[i].Verdict; v == Missing || v == Extra {
				false1++
			}
		}
	}
	if false1 > 6 { // 1 % of 300, and what chance adds
		t.Errorf("%d of 300 twins are told to lack a call", false1)
	}
}

func TestFewRequests(t *testing.T) {
	r := compared(shop{requests: 500}, shop{requests: 10, without: "cart price", items: true})
	for i := range r.Paths {
		if p := &r.Paths[i]; p.Verdict != NotTellable || p.TimeTellable || p.NPlusOne {
			t.Errorf("%s is %s", p.Path[len(p.Path)-1], p.Verdict)
		}
	}
	if r.Tellable || !strings.Contains(strings.Join(r.Notes, "\n"), "staging has 10 requests") {
		t.Errorf("%q", r.Notes)
	}
}

// TestTime holds that the time is told where it is spent, and not where it is
// waited for.
func TestTime(t *testing.T) {
	r := compared(shop{requests: 300}, shop{requests: 300, slow: 30 * ms})
	if p := &r.Paths[0]; p.Path[len(p.Path)-1].String() != "stock server GET /stock" || !p.TimeTellable || p.SelfShare < 0.95 ||
		p.SelfDifference != 30*ms {
		t.Errorf("%s, %s, %v", p.Path[len(p.Path)-1], p.SelfDifference, p.SelfShare)
	}
	if d := r.Other.Mean - r.Reference.Mean; d < 29*ms || d > 31*ms {
		t.Errorf("the endpoint takes %s longer", d)
	}
}

func TestNotes(t *testing.T) {
	for want, other := range map[string]shop{
		"staging keeps traces by what happened in them":    {requests: 100, tail: true},
		"55 % of the requests of staging failed":           {requests: 400, failed: 0.55},
		"spans do not tell whether traces are chosen":      {requests: 100},
		"100 of 100 traces of staging lack spans, so that": {requests: 100, without: "cart GET /cart2"},
	} {
		if strings.HasPrefix(want, "100 of") {
			s := &Sample{Wanted: spans.Wanted{Endpoint: "GET /cart"}}
			for n := range 100 {
				tr := other.trace(n, rand.New(rand.NewPCG(1, 1)))
				tr.Spans[1].Parent = 99
				s.Add(tr)
			}
			r := Compare(shop{requests: 100}.sample(), s, "production", "staging")
			if !strings.Contains(strings.Join(r.Notes, "\n"), want) {
				t.Errorf("no %q in %q", want, r.Notes)
			}
			continue
		}
		if r := compared(shop{requests: 400}, other); !strings.Contains(strings.Join(r.Notes, "\n"), want[3:]) {
			t.Errorf("no %q in %q", want, r.Notes)
		}
	}
}

func TestText(t *testing.T) {
	var b strings.Builder
	r := compared(shop{requests: 2000, audit: 0.002}, shop{requests: 400, items: true, without: "cart price", slow: 20 * ms, ratio: 0.9})
	if err := r.Write(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"GET /cart of cart  staging against production", "Called in production, not in staging", "- cart internal price  in 100 % of the requests",
		"N+1  cart client SELECT items", "Where the time goes", "stock server GET /stock", "Not yet tellable", "cart client POST /audit", "0.9 probabilistic",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if strings.ContainsRune(clean("a\x1b[31m\u009b"), '\x1b') {
		t.Error("an escape came through")
	}
}

// TestAnyTrees holds that no traces panic and that shares are shares.
func TestAnyTrees(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 3))
	kinds := []naming.SpanKind{naming.ServerSpan, naming.ClientSpan, naming.InternalSpan, naming.ConsumerSpan}
	for range 200 {
		samples := [2]*Sample{{Wanted: spans.Wanted{Endpoint: "x0"}}, {Wanted: spans.Wanted{Endpoint: "x0"}}}
		for n := range 40 {
			tr := &spans.Trace{ID: spans.TraceID{byte(n), 1}}
			for range random.IntN(30) {
				tr.Spans = append(tr.Spans, spans.Span{
					ID: spans.ID(random.IntN(20)), Parent: spans.ID(random.IntN(20)), Service: fmt.Sprint("s", random.IntN(2)), Kind: kinds[random.IntN(4)],
					Name: fmt.Sprint("x", random.IntN(3)), Start: random.Int64N(1e9), Duration: time.Duration(random.Int64N(1e9)),
				})
			}
			samples[n%2].Add(tr)
		}
		r := Compare(samples[0], samples[1], "a", "b")
		var b strings.Builder
		if err := r.Write(&b); err != nil {
			t.Fatal(err)
		}
		for i := range r.Paths {
			if p := &r.Paths[i]; !(p.SelfShare >= 0 && p.SelfShare <= 1.0000001) || !(p.Reference.Share >= 0 && p.Reference.Share <= 1.0000001) || len(p.Path) == 0 {
				t.Fatalf("%+v", p)
			}
		}
	}
}
