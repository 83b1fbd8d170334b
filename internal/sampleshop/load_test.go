package sampleshop

import (
	"context"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"
)

// TestArrivals holds that requests arrive as a Poisson process of the rate, in
// the mix, and that the seed decides all of it.
func TestArrivals(t *testing.T) {
	const n, rate = 20000, 50
	target := Target{Rate: rate, Mix: DefaultMix()}
	g, again, other := newGenerator(target, 7, 0), newGenerator(target, 7, 0), newGenerator(target, 8, 0)
	counts := map[string]int{}
	perSecond := make([]float64, n/rate*2)
	var last time.Duration
	var gaps []float64
	same := 0
	for range n {
		due, endpoint, path := g.next()
		if d, e, p := again.next(); d != due || e != endpoint || p != path {
			t.Fatal("the same seed gives other requests")
		}
		if d, _, _ := other.next(); d == due {
			same++
		}
		counts[endpoint]++
		perSecond[int(due.Seconds())]++
		gaps = append(gaps, (due - last).Seconds())
		last = due
	}
	if same > 0 {
		t.Errorf("another seed gives %d of the same times", same)
	}
	mean, sd := moments(gaps)
	if math.Abs(mean*rate-1) > 0.03 || math.Abs(sd/mean-1) > 0.03 {
		t.Errorf("the gaps have mean %.4f s and spread %.4f, want both 0.02", mean, sd)
	}
	// The counts of a Poisson process vary as much as their mean is.
	mean, sd = moments(perSecond[:int(last.Seconds())])
	if ratio := sd * sd / mean; math.Abs(ratio-1) > 0.25 {
		t.Errorf("the counts in a second vary by %.2f of their mean, want 1", ratio)
	}
	for endpoint, weight := range DefaultMix() {
		want := weight / 100
		if got := float64(counts[endpoint]) / n; math.Abs(got-want) > 4*math.Sqrt(want*(1-want)/n) {
			t.Errorf("%s is %.3f of the requests, want %.3f", endpoint, got, want)
		}
	}
}

func moments(list []float64) (mean, sd float64) {
	for _, x := range list {
		mean += x
	}
	mean /= float64(len(list))
	for _, x := range list {
		sd += (x - mean) * (x - mean)
	}
	return mean, math.Sqrt(sd / float64(len(list)))
}

// TestLoadIsOpen holds that slow answers do not slow down what is sent.
func TestLoadIsOpen(t *testing.T) {
	t.Parallel()
	fast, slow := with(t, nil), Start(t, Settings{Seed: 5, Slowdown: 4})
	ctx, cancel := context.WithTimeout(context.Background(), 1200*time.Millisecond)
	defer cancel()
	both := Load(ctx, []Target{{URL: fast.URL}, {URL: slow.URL, Rate: 20, Mix: Mix{"POST /checkout": 1}}}, Mix{"GET /health": 1, "GET /search": 1}, 40, 3)
	for i, rate := range []float64{40, 20} {
		sent := both[i].Total()
		if want := 1.2 * rate; math.Abs(float64(sent.Sent)-want) > 4*math.Sqrt(want) || sent.Failed != 0 || both[i].Skipped != 0 {
			t.Errorf("target %d: %+v, %d skipped; want about %.0f", i, sent, both[i].Skipped, want)
		}
		if len(both[i].Arrivals) != sent.Sent || !slices.IsSorted(both[i].Arrivals) {
			t.Errorf("target %d: %d arrivals, %d sent", i, len(both[i].Arrivals), sent.Sent)
		}
	}
	if n := len(both[1].Endpoints); n != 1 || both[1].Quantile("POST /checkout", 0.5) < 200*time.Millisecond {
		t.Errorf("%d endpoints, median %s", n, both[1].Quantile("", 0.5))
	}
}

// TestLoadIsBounded holds that a server that hangs does not pile up requests.
func TestLoadIsBounded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 600*time.Millisecond)
	defer cancel()
	hangs := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-ctx.Done():
		case <-r.Context().Done():
		}
		panic(http.ErrAbortHandler)
	}))
	defer hangs.Close()
	at, err := url.Parse(hangs.URL)
	if err != nil {
		t.Fatal(err)
	}
	sent := Load(ctx, []Target{{URL: at}}, Mix{"GET /health": 1}, 1000, 3)[0]
	if total := sent.Total(); total.Sent != maxOnTheWay || total.Failed != maxOnTheWay || sent.Unanswered != maxOnTheWay || sent.Skipped < 100 {
		t.Errorf("%+v, %d skipped, %d unanswered; want %d on their way", total, sent.Skipped, sent.Unanswered, maxOnTheWay)
	}
}
