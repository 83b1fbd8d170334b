package prometheus

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"runtime"
	"runtime/metrics"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/envparity/parity/internal/component"
)

// BenchmarkMillionSeries reads the structure of a server with 1,000,000 series
// of 40 services and 2,521 names, with a sample every five minutes of an hour.
// One name has 200,000 of them. It reports requests, bytes as sent, CPU and
// memory of the reader, and the CPU of the server.
func BenchmarkMillionSeries(b *testing.B) {
	p := component.Prometheus(b, component.PrometheusOptions{Flags: []string{"--query.max-samples=20000000"}})
	now := time.Now()
	series := million(now)
	written := 0
	for batch := range series {
		p.Write(b, batch)
		written += len(batch)
	}
	b.Logf("%d series are written", written)
	runtime.GC()
	proxy := component.Proxy(b, p.URL, nil)
	through, err := url.Parse(proxy.URL)
	if err != nil {
		b.Fatal(err)
	}
	ask(b, through)
	traffic := component.Sum(proxy.Requests())
	for path, t := range component.ByPath(proxy.Requests()) {
		b.Logf("%s: %d requests, %d bytes", path, t.Requests, t.Bytes)
	}
	for b.Loop() {
		before, server := cpu(b), serverValue(b, p, "process_cpu_seconds_total")
		stop, peak := watchHeap()
		r, _ := ask(b, p.URL)
		stop()
		b.ReportMetric(cpu(b)-before, "cpu-s/op")
		b.ReportMetric(serverValue(b, p, "process_cpu_seconds_total")-server, "server-cpu-s/op")
		b.ReportMetric(serverValue(b, p, "process_resident_memory_bytes")/(1<<20), "server-MiB")
		b.ReportMetric(float64(peak.Load())/(1<<20), "peak-MiB")
		b.ReportMetric(float64(len(r.facts)), "facts")
		if n := len(r.with("metric checkout-07/requests_total /labels[=")); n != 2 {
			b.Fatalf("a metric has %d labels, want 2; gaps: %q", n, r.gapLines())
		}
	}
	b.ReportMetric(float64(traffic.Requests), "requests")
	b.ReportMetric(float64(traffic.Bytes)/(1<<20), "MiB-sent")
}

// million yields the series in batches.
func million(now time.Time) func(func([]component.Series) bool) {
	random := rand.New(rand.NewPCG(1, 2))
	return func(yield func([]component.Series) bool) {
		var batch []component.Series
		left := 1_000_000
		more := true
		add := func(name, service string, labels ...string) {
			if left == 0 || !more {
				return
			}
			left--
			all := map[string]string{"__name__": name, "job": service, "instance": "10.0.0.1:80"}
			for i := 0; i < len(labels); i += 2 {
				all[labels[i]] = labels[i+1]
			}
			samples := make([]component.Sample, 13)
			for i := range samples {
				samples[i] = component.Sample{Time: now.Add(time.Duration(i-12) * 5 * time.Minute), Value: float64(i) * random.Float64()}
			}
			if batch = append(batch, component.Series{Labels: all, Samples: samples}); len(batch) == 20_000 || left == 0 {
				more = yield(batch)
				batch = batch[:0]
			}
		}
		for i := range 200_000 {
			add("requests_total", fmt.Sprintf("checkout-%02d", i%40), "path", strconv.Itoa(i/400), "method", strconv.Itoa(i/40%10), "pod", strconv.Itoa(i))
		}
		for i := 0; left > 0; i++ {
			service := fmt.Sprintf("checkout-%02d", i%40)
			name := fmt.Sprintf("metric_%04d", i/40%2100)
			copyOf := strconv.Itoa(i / 40 / 2100)
			if strings.HasSuffix(name, "7") {
				for le := range 14 {
					add("h_"+name+"_bucket", service, "le", strconv.Itoa(le), "route", copyOf)
				}
				add("h_"+name+"_bucket", service, "le", "+Inf", "route", copyOf)
				add("h_"+name+"_count", service, "route", copyOf)
				add("h_"+name+"_sum", service, "route", copyOf)
				continue
			}
			add(name, service, "code", copyOf, "pod", "p"+copyOf, "zone", "a", "kind", "b")
		}
	}
}

func cpu(tb testing.TB) float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		tb.Fatal(err)
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// watchHeap measures the most live memory above what there is now, until stop.
func watchHeap() (stop func(), peak *atomic.Uint64) {
	read := func() uint64 {
		s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		metrics.Read(s)
		return s[0].Value.Uint64()
	}
	runtime.GC()
	base := read()
	peak = &atomic.Uint64{}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			if now := read(); now > base {
				peak.Store(max(peak.Load(), now-base))
			}
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	return func() { close(done); <-ended }, peak
}

// serverValue gives one of the server's own metrics.
func serverValue(tb testing.TB, p *component.PrometheusServer, name string) float64 {
	tb.Helper()
	r, err := http.Get(p.URL.JoinPath("/metrics").String())
	if err != nil {
		tb.Fatal(err)
	}
	defer r.Body.Close()
	for lines := bufio.NewScanner(r.Body); lines.Scan(); {
		if v, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			n, err := strconv.ParseFloat(v, 64)
			if err != nil {
				tb.Fatal(err)
			}
			return n
		}
	}
	fmt.Fprintln(os.Stderr, name, "is not there")
	return 0
}
