package sampleshop

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// asked sends requests one after the other, and gives how long they took and how
// many failed.
func asked(s *Service, endpoint, path string, n int) (took []time.Duration, failed int) {
	g := newGenerator(Target{URL: s.URL, Mix: DefaultMix()}, 1, 1)
	defer g.transport.CloseIdleConnections()
	for range n {
		begin := time.Now()
		if status := g.ask(endpoint, path); status == 0 || status >= http.StatusInternalServerError {
			failed++
		}
		took = append(took, time.Since(begin))
	}
	return took, failed
}

// together sends requests at the same time, and gives how long the slowest took.
func together(s *Service, endpoint, path string, n int) time.Duration {
	g := newGenerator(Target{URL: s.URL, Mix: DefaultMix()}, 1, 1)
	defer g.transport.CloseIdleConnections()
	begin := time.Now()
	var all sync.WaitGroup
	for range n {
		all.Go(func() { g.ask(endpoint, path) })
	}
	all.Wait()
	return time.Since(begin)
}

// failed sends requests at the same time, and gives how many of them failed.
func failed(s *Service, endpoint, path string, n int) int {
	var count atomic.Int64
	var all sync.WaitGroup
	for range n {
		all.Go(func() {
			if _, failed := asked(s, endpoint, path, 1); failed > 0 {
				count.Add(1)
			}
		})
	}
	all.Wait()
	return int(count.Load())
}

func median(d []time.Duration) time.Duration {
	d = slices.Sorted(slices.Values(d))
	return d[len(d)/2]
}

func sumOfTimes(list []time.Duration) (sum time.Duration) {
	for _, d := range list {
		sum += d
	}
	return sum
}

// calls counts the calls of a peer, in all and by error.
func calls(t *testing.T, s *Service, peer string) (all int, errors map[string]int) {
	t.Helper()
	families, err := s.metrics.registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	errors = map[string]int{}
	for _, f := range families {
		if f.GetName() != "http_client_request_duration_seconds" {
			continue
		}
		for _, m := range f.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if labels["server_address"] == peer {
				all += int(m.GetHistogram().GetSampleCount())
				errors[labels["error_type"]] += int(m.GetHistogram().GetSampleCount())
			}
		}
	}
	return all, errors
}

// with gives a copy with variables.
func with(t *testing.T, env map[string]string) *Service {
	t.Helper()
	return Start(t, Settings{Seed: 5, Env: env})
}

func TestCPULimit(t *testing.T) {
	t.Parallel()
	free, tight := with(t, nil), with(t, map[string]string{"REPLICAS": "1", "CPU_LIMIT": "10m"})
	a, _ := asked(free, "POST /checkout", "/checkout", 4)
	b, _ := asked(tight, "POST /checkout", "/checkout", 4)
	if free.Throttled() != 0 || tight.Throttled() < 4 || median(b) < median(a)+30*time.Millisecond {
		t.Errorf("unthrottled %s, %d waits; throttled %s, %d waits", median(a), free.Throttled(), median(b), tight.Throttled())
	}
}

// TestQuotaHolds holds that work gets its share of the CPU, and no more.
func TestQuotaHolds(t *testing.T) {
	t.Parallel()
	q := newQuota(5 * time.Millisecond)
	begin := time.Now()
	if err := q.use(context.Background(), 22*time.Millisecond); err != nil {
		t.Fatal(err)
	}
	// 22 ms take five periods of 5 ms, the last one in part.
	if took := time.Since(begin); took < 4*quotaPeriod-50*time.Millisecond || q.waits < 4 {
		t.Errorf("22 ms of work took %s with %d waits", took, q.waits)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if err := q.use(ctx, time.Second); err == nil {
		t.Error("work went on after the end of its context")
	}
}

func TestPool(t *testing.T) {
	t.Parallel()
	wide := with(t, map[string]string{"REPLICAS": "1", "MAX_CONCURRENCY": "20", "ORDER_STATEMENTS": "5"})
	narrow := with(t, map[string]string{"REPLICAS": "1", "MAX_CONCURRENCY": "20", "ORDER_STATEMENTS": "5", "DB_POOL_SIZE": "1"})
	a, b := together(wide, "POST /checkout", "/checkout", 12), together(narrow, "POST /checkout", "/checkout", 12)
	// The orders of 40 ms each follow each other on one connection.
	if b < 12*25*time.Millisecond || b < a+100*time.Millisecond {
		t.Errorf("12 orders took %s on ten connections and %s on one", a, b)
	}
}

func TestIndex(t *testing.T) {
	t.Parallel()
	p, err := Settings{}.plan()
	if err != nil {
		t.Fatal(err)
	}
	with, without := newRows(p.tables["carts"]), newRows(table{Rows: p.tables["carts"].Rows})
	took := func(r *rows) (time.Duration, int) {
		begin := time.Now()
		row, pages := r.find("c777")
		if got := cartOf(row).SKUs; len(got) != 5 || got[0] != "s27" {
			t.Errorf("the cart is %v", got)
		}
		if row, _ := r.find("c99999"); row != nil {
			t.Errorf("a cart that is not there is %q", row)
		}
		return time.Since(begin), pages
	}
	a, few := took(with)
	b, many := took(without)
	if few != 1 || many != p.tables["carts"].Rows*rowSize/pageSize || b < 10*a || b < 4*time.Millisecond {
		t.Errorf("with an index %s and %d pages, without %s and %d", a, few, b, many)
	}
	slow := Start(t, Settings{Seed: 5, Schema: "tables: {carts: {rows: 14000, indexes: [{name: x, columns: [updated, id]}]}}"})
	if all, failed := asked(slow, "GET /cart/{id}", "/cart/c777", 1); failed != 0 || all[0] < b/4 {
		t.Errorf("a cart without index took %v, %d failed", all, failed)
	}
}

func TestNetworkPolicy(t *testing.T) {
	t.Parallel()
	s := Start(t, Settings{Seed: 5, Egress: []Egress{{"inventory", 8080}, {"payments", 443}, {"store", 0}}})
	took, failed := asked(s, "POST /checkout", "/checkout", 2)
	if all, errors := calls(t, s, "payments"); failed != 2 || all != 2 || errors["timeout"] != 2 || took[0] < 200*time.Millisecond {
		t.Errorf("%d of 2 failed in %v, payments were called %d times: %v", failed, took, all, errors)
	}
	if _, failed := asked(s, "GET /cart/{id}", "/cart/c1", 2); failed != 0 {
		t.Errorf("%d carts failed, which call what is allowed", failed)
	}
	closed := Start(t, Settings{Seed: 5, Egress: []Egress{}})
	if _, failed := asked(closed, "GET /catalog", "/catalog", 1); failed != 1 {
		t.Error("a policy without rules lets the inventory be called")
	}
}

func TestFlag(t *testing.T) {
	t.Parallel()
	off, on := with(t, nil), Start(t, Settings{Seed: 5, Flags: map[string]bool{FlagLivePrices: true}})
	a, _ := asked(off, "GET /cart/{id}", "/cart/c7", 6)
	b, _ := asked(on, "GET /cart/{id}", "/cart/c7", 6)
	one, _ := calls(t, off, "inventory")
	five, _ := calls(t, on, "inventory")
	if one != 6 || five != 30 || sumOfTimes(b) < sumOfTimes(a)*3/2 {
		t.Errorf("%d calls in %s without the flag, %d in %s with it", one, sumOfTimes(a), five, sumOfTimes(b))
	}
}

func TestDependencyVersion(t *testing.T) {
	t.Parallel()
	lost := map[string]int{}
	for _, version := range []string{"1.8.2", "2.0.0"} {
		s := Start(t, Settings{
			Seed: 5, Libraries: map[string]string{"payments-client": version},
			Peers: map[string]map[string]string{"payments": {"SHED_PERCENT": "30"}},
		})
		lost[version] = failed(s, "POST /checkout", "/checkout", 24)
	}
	if lost["1.8.2"] > 2 || lost["2.0.0"] < 3 {
		t.Errorf("of 24 orders with payments that shed 30 %% failed %v", lost)
	}
}

func TestTimeout(t *testing.T) {
	t.Parallel()
	long, short := with(t, nil), with(t, map[string]string{"PAYMENTS_TIMEOUT": "30ms"})
	a, b := failed(long, "POST /checkout", "/checkout", 12), failed(short, "POST /checkout", "/checkout", 12)
	if _, errors := calls(t, short, "payments"); a != 0 || b < 5 || errors["timeout"] != b {
		t.Errorf("of 12 orders %d failed with 1 s, %d with 30 ms: %v", a, b, errors)
	}
}

func TestCache(t *testing.T) {
	t.Parallel()
	on, off := with(t, map[string]string{"REPLICAS": "1"}), with(t, map[string]string{"CACHE_ENABLED": "false"})
	for s, want := range map[*Service]int{on: 1, off: 8} {
		asked(s, "GET /catalog", "/catalog?page=1", 8)
		if n, _ := calls(t, s, "inventory"); n != want {
			t.Errorf("cache %s: 8 pages took %d calls, want %d", s.Settings.Env["CACHE_ENABLED"], n, want)
		}
	}
	c := newCache(2)
	for _, k := range []string{"a", "b", "a", "c"} {
		if _, ok := c.get(k); !ok {
			c.put(k, k)
		}
	}
	if kept := slices.Sorted(maps.Keys(c.byKey)); !slices.Equal(kept, []string{"a", "c"}) {
		t.Errorf("a cache of two keeps %v", kept)
	}
}

func TestReplicas(t *testing.T) {
	t.Parallel()
	env := map[string]string{"MAX_CONCURRENCY": "2", "REPLICAS": "4"}
	many := with(t, env)
	env["REPLICAS"] = "1"
	one := with(t, env)
	a, b := together(many, "POST /checkout", "/checkout", 16), together(one, "POST /checkout", "/checkout", 16)
	if b < a*3/2 {
		t.Errorf("16 orders took %s with four instances and %s with one", a, b)
	}
}

func TestLogLevel(t *testing.T) {
	t.Parallel()
	info, debug := with(t, nil), with(t, map[string]string{"LOG_LEVEL": "debug"})
	a, _ := asked(info, "GET /search", "/search?q=x", 10)
	b, _ := asked(debug, "GET /search", "/search?q=x", 10)
	if info.Logged() > 4000 || debug.Logged() < 300_000 || median(b) < median(a)+5*time.Millisecond {
		t.Errorf("%d bytes in %s with info, %d in %s with debug", info.Logged(), median(a), debug.Logged(), median(b))
	}
}

// TestTwins holds what is done to a twin: everything twice as slow, more errors,
// and payments that fail.
func TestTwins(t *testing.T) {
	t.Parallel()
	plain, slow := with(t, nil), Start(t, Settings{Seed: 5, Slowdown: 2})
	for _, endpoint := range []string{"GET /cart/{id}", "POST /checkout"} {
		_, path, _ := strings.Cut(strings.Replace(endpoint, "{id}", "c7", 1), " ")
		// The chances of both are the same, so each request has its twin.
		var ratios []float64
		for range 9 {
			a, _ := asked(plain, endpoint, path, 1)
			b, _ := asked(slow, endpoint, path, 1)
			ratios = append(ratios, float64(b[0])/float64(a[0]))
		}
		slices.Sort(ratios)
		if ratio := ratios[len(ratios)/2]; ratio < 1.3 || ratio > 3 {
			t.Errorf("%s takes %.2f times as long", endpoint, ratio)
		}
	}
	broken := Start(t, Settings{Seed: 5, ExtraErrors: 0.5})
	if _, failed := asked(broken, "GET /health", "/health", 100); failed < 25 || failed > 75 {
		t.Errorf("%d of 100 requests fail, want about half", failed)
	}
	failing := Start(t, Settings{Seed: 5, IntegrationFailures: 0.5})
	n := failed(failing, "POST /checkout", "/checkout", 16)
	if _, errors := calls(t, failing, "payments"); n < 2 || n > 14 || errors["500"] != n {
		t.Errorf("%d of 16 orders fail, payments: %v", n, errors)
	}
}

func TestSettingsThatAreNotSane(t *testing.T) {
	for _, s := range []Settings{
		{Env: map[string]string{"DB_POOL_SIZE": "none"}},
		{Env: map[string]string{"REPLICAS": "0"}},
		{Env: map[string]string{"CPU_LIMIT": "half"}},
		{Env: map[string]string{"PAYMENTS_TIMEOUT": "5"}},
		{Env: map[string]string{"CACHE_ENABLED": "perhaps"}},
		{Env: map[string]string{"LOG_LEVEL": "loud"}},
		{Peers: map[string]map[string]string{"payments": {"SHED_PERCENT": "some"}}},
		{Schema: "tables: ["},
	} {
		if _, err := s.plan(); err == nil {
			t.Errorf("%+v is taken", s)
		}
	}
	if _, err := newCharger("3.0.0"); err == nil {
		t.Error("a version that does not exist is taken")
	}
}
