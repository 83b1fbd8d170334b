package spans

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/naming"
)

func TestParseID(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"00000000000000ab", "ab"}, {"ab", "AAAAAAAAAKs="}, {"0AB", "ab"},
	} {
		if a, b := ParseID(c.a), ParseID(c.b); a != b || a == 0 {
			t.Errorf("%s is %x, %s is %x", c.a, a, c.b, b)
		}
	}
	a, b := ParseTraceID("0000000000000000000000000000000a"), ParseTraceID("AAAAAAAAAAAAAAAAAAAACg==")
	if a != b || a != ParseTraceID("a") || a == (TraceID{}) {
		t.Errorf("%x and %x", a, b)
	}
	if ParseID("not hex") == ParseID("not hex either") || ParseID("") != 0 || ParseTraceID("x y") == ParseTraceID("x z") {
		t.Error("other texts are not told apart")
	}
}

func TestSampling(t *testing.T) {
	for _, c := range []struct {
		kind, param, state string
		want               Sampling
		weight             float64
	}{
		{"probabilistic", "0.1", "", Sampling{0.1, "probabilistic"}, 10},
		{"const", "true", "", Sampling{1, "const"}, 1},
		{"ratelimiting", "2", "", Sampling{0, "ratelimiting"}, 1},
		{"", "", "foo=1,ot=th:c", Sampling{0.25, "threshold"}, 4},
		{"", "", "ot=rv:1;th:0", Sampling{1, "threshold"}, 1},
		{"", "", "ot=p:3", Sampling{0.125, "threshold"}, 8},
		{"probabilistic", "NaN", "ot=th:zz", Sampling{}, 1},
		{"", "", "ot=th:ffffffffffffffff", Sampling{}, 1},
	} {
		got := SamplingOf(c.kind, c.param, c.state)
		if got != c.want || math.Abs(got.Weight()-c.weight) > 1e-9 {
			t.Errorf("%+v is %+v of weight %v", c, got, got.Weight())
		}
	}
}

const ms = time.Millisecond

// mk makes a span: service, kind and name in one text.
func mk(id, parent ID, what string, start, took time.Duration) Span {
	f := strings.SplitN(what, " ", 3)
	s := Span{ID: id, Parent: parent, Service: f[0], Kind: naming.ParseSpanKind(f[1]), Name: f[2], Start: int64(time.Hour + start), Duration: took}
	if s.Kind.Serves() {
		s.Endpoint = s.Name
	}
	return s
}

// draw writes a tree, with the start of each span relative to the hour and its
// own time.
func draw(t *Tree) []string {
	var out []string
	var walk func(i, depth int)
	walk = func(i, depth int) {
		n := &t.Nodes[i]
		out = append(out, fmt.Sprintf("%s%s %s at %s self %s", strings.Repeat(". ", depth), n.Service, n.Operation(), time.Duration(n.Begin)-time.Hour, n.Self))
		for _, c := range n.Children {
			walk(c, depth+1)
		}
	}
	for _, r := range t.Roots {
		walk(r, 0)
	}
	return out
}

func TestGrow(t *testing.T) {
	for _, c := range []struct {
		name  string
		spans []Span
		want  []string
		fixed [3]int // doubles, orphans, cycles
	}{
		{
			name: "children that overlap, and one in another clock",
			spans: []Span{
				mk(3, 2, "stock server GET /s", -2*time.Second, 20*ms), mk(5, 3, "stock client q", -2*time.Second+5*ms, 10*ms),
				mk(1, 0, "cart server GET /c", 0, 100*ms), mk(2, 1, "cart client GET", 10*ms, 40*ms), mk(4, 1, "cart internal x", 30*ms, 40*ms),
			},
			want: []string{
				"cart server GET /c at 0s self 40ms", ". cart client GET at 10ms self 20ms",
				". . stock server GET /s at 20ms self 10ms", ". . . stock client q at 25ms self 10ms", ". cart internal x at 30ms self 40ms",
			},
		},
		{
			name:  "a parent that is missing, and a double",
			spans: []Span{mk(2, 9, "a server x", 0, ms), mk(2, 9, "a server x", ms, ms), mk(3, 2, "a internal y", 0, ms)},
			want:  []string{"a server x at 0s self 0s", ". a internal y at 0s self 1ms"},
			fixed: [3]int{1, 1, 0},
		},
		{
			name:  "a circle, with what hangs on it, and a span that is its own parent",
			spans: []Span{mk(1, 2, "a internal x", 2*ms, ms), mk(2, 1, "a internal y", ms, ms), mk(3, 1, "a internal z", 3*ms, ms), mk(4, 4, "a internal self", 4*ms, ms)},
			want: []string{
				"a internal y at 1ms self 1ms", ". a internal x at 2ms self 1ms", ". . a internal z at 3ms self 1ms", "a internal self at 4ms self 1ms",
			},
			fixed: [3]int{0, 1, 1},
		},
		{
			name:  "client and server with one identity",
			spans: []Span{mk(1, 0, "a client x", 0, 9*ms), mk(1, 0, "b server x", ms, 2*ms), mk(2, 1, "b internal y", ms, ms)},
			want:  []string{"a client x at 0s self 7ms", ". b server x at 1ms self 1ms", ". . b internal y at 1ms self 1ms"},
		},
		{
			name:  "longer than its caller waited",
			spans: []Span{mk(1, 0, "a client x", 0, 5*ms), mk(2, 1, "b server x", ms, 20*ms)},
			want:  []string{"a client x at 0s self 1ms", ". b server x at 1ms self 20ms"},
		},
	} {
		tree := Grow(&Trace{Spans: c.spans})
		if diff := cmp.Diff(c.want, draw(tree)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.name, diff)
		}
		if got := [3]int{tree.Doubles, tree.Orphans, tree.Cycles}; got != c.fixed {
			t.Errorf("%s: %v was put right, want %v", c.name, got, c.fixed)
		}
	}
}

// TestGrowWhatever holds for any spans: each that is no double is in the tree
// once, below a root, and no time is made up.
func TestGrowWhatever(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kinds := []string{"server", "client", "internal", "consumer", "producer"}
		all := rapid.SliceOf(rapid.Custom(func(t *rapid.T) Span {
			s := mk(ID(rapid.IntRange(0, 8).Draw(t, "id")), ID(rapid.IntRange(0, 9).Draw(t, "parent")),
				rapid.SampledFrom([]string{"a", "b"}).Draw(t, "service")+" "+rapid.SampledFrom(kinds).Draw(t, "kind")+" x", 0, 0)
			s.Start, s.Duration = rapid.Int64().Draw(t, "start"), time.Duration(rapid.Int64Range(0, math.MaxInt64).Draw(t, "took"))
			return s
		})).Draw(t, "spans")
		tree := Grow(&Trace{Spans: all})
		if len(tree.Nodes)+tree.Doubles != len(all) {
			t.Fatalf("%d nodes and %d doubles of %d spans", len(tree.Nodes), tree.Doubles, len(all))
		}
		seen := make([]int, len(tree.Nodes))
		todo := slices.Clone(tree.Roots)
		for len(todo) > 0 {
			i := todo[len(todo)-1]
			todo = append(todo[:len(todo)-1], tree.Nodes[i].Children...)
			if seen[i]++; seen[i] > 1 {
				t.Fatalf("span %d is there twice", i)
			}
		}
		if slices.Contains(seen, 0) {
			t.Fatal("a span hangs below no root")
		}
		new(Stats).Add(&Trace{Spans: all})
	})
}

// sinkOf gathers what is reported.
type sinkOf struct {
	facts map[string]parity.Fact
	gaps  []parity.Gap
}

func (s *sinkOf) Subject(subject parity.Subject, facts []parity.Fact) {
	for _, f := range facts {
		s.facts[subject.Key.String()+" "+f.Path] = f
	}
}
func (s *sinkOf) Gap(g parity.Gap) { s.gaps = append(s.gaps, g) }

func report(s *Stats, r Report) *sinkOf {
	out := &sinkOf{facts: map[string]parity.Fact{}}
	r.Origin, r.Where = &parity.Origin{File: "x", Precision: parity.AtObject}, "x"
	s.Report(r, out)
	return out
}

// request is one request to the cart, which asks for stock and now and then
// for something else.
func request(n int) *Trace {
	server := mk(1, 0, "cart server GET /cart", 0, 100*ms)
	server.Attributes, server.Resource, server.Failed = []string{"http.route"}, []string{"service.version"}, n%10 == 0
	server.Sampling = Sampling{0.1, "probabilistic"}
	client := mk(2, 1, "cart client GET", 10*ms, 40*ms)
	client.Peer = "10.0.0.1"
	called := mk(3, 2, "stock server GET /stock", 12*ms, 10*ms)
	for _, s := range []*Span{&server, &client, &called} {
		s.Start += int64(n) * int64(time.Second)
	}
	t := &Trace{ID: TraceID{byte(n), byte(n >> 8), 1}, Spans: []Span{server, client, called}}
	if n%100 == 0 {
		t.Spans[0].Attributes = []string{"http.route", "rare"}
		db := mk(4, 1, "cart client SELECT", 60*ms, 10*ms)
		db.Peer, db.Start = "store", db.Start+int64(n)*int64(time.Second)
		t.Spans = append(t.Spans, db)
	}
	return t
}

func TestReport(t *testing.T) {
	s := &Stats{Behaviour: true}
	for n := range 600 {
		s.Add(request(n))
	}
	s.Add(request(5))
	if s.Refused != 1 || s.Traces != 600 {
		t.Errorf("%d traces, %d refused", s.Traces, s.Refused)
	}
	out := report(s, Report{Listed: map[string][]string{"cart": {"server GET /old"}, "stock": nil}, Behaviour: true})
	rare, plain := parity.SetOf(parity.SetOrder, parity.Rare), parity.SetOf(parity.SetOrder)
	op := "operation cart/server GET /cart "
	for key, rules := range map[string]parity.RuleSet{
		op: 0, op + "/attributes[=http.route]": plain, op + "/attributes[=rare]": rare,
		op + "/calls[=stock GET /stock]": plain, op + "/calls[=store SELECT]": rare,
		"traces cart /sampling[=0.1 probabilistic]": plain, "traces cart /resource[=service.version]": plain,
		"operation cart/server GET /old ": 0, "operation cart/client SELECT ": 0,
	} {
		if f, ok := out.facts[key]; !ok || f.Rules != rules {
			t.Errorf("%s has %s, %v; want %s", key, f.Rules, ok, rules)
		}
	}
	covered := func(kind, scope, name, path string) bool {
		return slices.ContainsFunc(out.gaps, func(g parity.Gap) bool { return g.Covers(parity.Key{Kind: kind, Scope: scope, Name: name}, path) })
	}
	for _, c := range []struct {
		name, path string
		want       bool
	}{
		{"server GET /cart", "/attributes[=x]", false},
		{"server GET /new", "", false}, // the list is whole
		{"server GET /old", "/calls[=x]", true},
		{"client SELECT", "/attributes[=x]", true},
	} {
		if got := covered(parity.OperationKind, "cart", c.name, c.path); got != c.want {
			t.Errorf("%s %s is covered: %v", c.name, c.path, got)
		}
	}
	if !covered(parity.TracesKind, "", "stock", "/sampling[=x]") {
		t.Error("a service without roots seems to tell that it does not sample")
	}
}

func TestMeasured(t *testing.T) {
	s := &Stats{Behaviour: true}
	for n := range 600 {
		s.Add(request(n))
	}
	out := report(s, Report{Behaviour: true})
	errors, err := parity.ParseMeasurement(out.facts["endpoint cart/GET /cart /errors"].Value)
	if err != nil {
		t.Fatal(err)
	}
	if total, failed := errors.Sum(); total != 600 || failed != 60 || errors.Steps() != 60 || errors.Step != 10*time.Second {
		t.Errorf("%v of %v failed in %d steps of %s", failed, total, errors.Steps(), errors.Step)
	}
	latency, err := parity.ParseMeasurement(out.facts["integration cart/stock /latency"].Value)
	if err != nil {
		t.Fatal(err)
	}
	sum, end := 0.0, math.Exp2(float64(latency.First)/32)
	for _, n := range latency.Buckets {
		sum += n
	}
	if sum != 600 || end < 0.04 || end > 0.04*1.023 || latency.Width != 2 {
		t.Errorf("%v durations, the first bucket of %d ends at %v", sum, latency.Width, end)
	}
}

// TestFew holds that a small sample tells nothing by absence.
func TestFew(t *testing.T) {
	s := &Stats{}
	for n := range 100 {
		s.Add(request(n))
	}
	out := report(s, Report{})
	for _, service := range []string{"cart", "stock"} {
		covers := func(g parity.Gap) bool {
			return g.Covers(parity.Key{Kind: parity.OperationKind, Scope: service, Name: "server GET /any"}, "")
		}
		if !slices.ContainsFunc(out.gaps, covers) {
			t.Errorf("no gap over %s", service)
		}
	}
	if _, ok := out.facts["operation cart/server GET /cart "]; !ok {
		t.Error("what was seen is not reported")
	}
}

func TestManyNames(t *testing.T) {
	s := &Stats{}
	for n := range maxOperations + 10 {
		s.Add(&Trace{ID: TraceID{byte(n), byte(n >> 8)}, Spans: []Span{mk(1, 0, fmt.Sprintf("cart server op%d", n), 0, ms)}})
	}
	out := report(s, Report{})
	if !slices.ContainsFunc(out.gaps, func(g parity.Gap) bool { return strings.Contains(g.Reason, "more than 2000 operations") }) {
		t.Errorf("gaps: %+v", out.gaps)
	}
}

func TestAssembler(t *testing.T) {
	var whole []*Trace
	a := &Assembler{Whole: func(t *Trace) { whole = append(whole, t) }}
	for n := range 3 * maxHeld {
		a.Add(TraceID{1: byte(n % 2)}, mk(ID(n+1), 0, "a server x", 0, ms))
		a.Add(TraceID{2: byte(n), 3: byte(n >> 8), 4: byte(n >> 16), 5: 1}, mk(ID(n+1), 0, "a server x", 0, ms))
		if a.held > maxHeld {
			t.Fatalf("%d spans are held", a.held)
		}
	}
	a.Close()
	total := 0
	for _, w := range whole {
		total += len(w.Spans)
	}
	if total+a.Late != 6*maxHeld || a.Late < 3*maxHeld-2*maxOfOne || len(a.traces) != 0 {
		t.Errorf("%d spans and %d late", total, a.Late)
	}
}
