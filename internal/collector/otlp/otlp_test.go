package otlp

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io/fs"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/collectortest"
	otel "github.com/envparity/parity/internal/otlp"
	"github.com/envparity/parity/internal/place"
)

// sink keeps what a collector hands over.
type sink struct {
	facts map[string]parity.Fact
	gaps  []parity.Gap
}

func (s *sink) Subject(subject parity.Subject, facts []parity.Fact) {
	for _, f := range facts {
		s.facts[subject.Key.String()+" "+f.Path] = f
	}
}
func (s *sink) Gap(g parity.Gap)    { s.gaps = append(s.gaps, g) }
func (s *sink) Tool(string, string) {}

// memory is a Root in memory.
type memory struct{ fs fs.FS }

func (m memory) Resolve(path string) (place.Place, error) {
	if _, err := fs.Stat(m.fs, path); err != nil {
		return place.Place{}, err
	}
	return place.Place{FS: m.fs, Path: path, Display: func(p string) string { return p }}, nil
}

func run(t testing.TB, text string, cfg Config) *sink {
	t.Helper()
	cfg.Path = "t.jsonl"
	out := &sink{facts: map[string]parity.Fact{}}
	err := New().Collect(t.Context(), collector.Input{
		Root: memory{fstest.MapFS{"t.jsonl": {Data: []byte(text)}}}, Limits: collector.Limits{FileBytes: 1 << 20}, Log: slog.New(slog.DiscardHandler),
	}, &cfg, out)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// written writes one export a line.
type written struct {
	strings.Builder
	form string // "explicit", "exponential", "milliseconds"
	// delta exports what is new, else sums since the start.
	delta bool
	sums  map[string][]int
	start int
}

// bounds are powers of two, so that both forms have the same buckets.
var bounds = []float64{0.125, 0.25, 0.5, 1}

// add exports at a minute the requests of each route and status, by bucket.
func (e *written) add(minute int, requests map[string][]int) {
	if e.sums == nil || e.delta {
		e.sums = map[string][]int{}
	}
	for series, n := range requests {
		if e.sums[series] == nil {
			e.sums[series] = make([]int, len(bounds)+1)
		}
		for i := range n {
			e.sums[series][i] += n[i]
		}
	}
	var points []string
	for _, series := range []string{"/cart 200", "/cart 500", "/pay 200"} {
		n, ok := e.sums[series]
		if !ok {
			continue
		}
		route, status, _ := strings.Cut(series, " ")
		count, counts := 0, []string{}
		for _, x := range n {
			count += x
			counts = append(counts, fmt.Sprintf(`"%d"`, x))
		}
		buckets := `"bucketCounts":[` + strings.Join(counts, ",") + `],"explicitBounds":[0.125,0.25,0.5,1]`
		switch e.form {
		case "milliseconds":
			buckets = strings.Replace(buckets, "0.125,0.25,0.5,1", "125,250,500,1000", 1)
		case "exponential": // (1/16, 1/8], ... (1, 2]
			buckets = `"scale":0,"zeroCount":"0","positive":{"offset":-4,"bucketCounts":[` + strings.Join(counts, ",") + `]}`
		}
		points = append(points, fmt.Sprintf(`{"attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}},{"key":"http.route","value":{"stringValue":"%s"}},{"key":"http.response.status_code","value":{"intValue":"%s"}}],"startTimeUnixNano":"%d","timeUnixNano":"%d","count":"%d",%s}`,
			route, status, time.Duration(e.start)*time.Minute+1, time.Duration(minute)*time.Minute, count, buckets))
	}
	kind, temporality, unit, name := "histogram", 2, "s", "http.server.request.duration"
	if e.form == "exponential" {
		kind = "exponentialHistogram"
	}
	if e.form == "milliseconds" {
		unit, name = "ms", "http.server.duration"
	}
	if e.delta {
		temporality = 1
	}
	fmt.Fprintf(e, `{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"cart"}}]},"scopeMetrics":[{"metrics":[{"name":"%s","unit":"%s","%s":{"aggregationTemporality":%d,"dataPoints":[%s]}}]}]}]}`+"\n",
		name, unit, kind, temporality, strings.Join(points, ","))
}

// TestIncreases holds that all ways to export the same requests tell the same.
func TestIncreases(t *testing.T) {
	for _, form := range []string{"explicit", "exponential", "milliseconds"} {
		for _, delta := range []bool{false, true} {
			e := &written{form: form, delta: delta, start: 10}
			for minute := 11; minute < 60; minute++ {
				if minute == 30 && !delta { // the process starts again
					e.sums, e.start = nil, 29
				}
				n := map[string][]int{"/cart 200": {4, 3, 2, 1, 0}, "/pay 200": {0, 0, 1, 0, 0}}
				if minute%10 == 5 { // a series that comes later begins at nothing
					n["/cart 500"] = []int{0, 0, 0, 0, 2}
				}
				e.add(minute, n)
			}
			out := run(t, e.String(), Config{})
			what := fmt.Sprintf("%s, delta %v", form, delta)
			m, err := parity.ParseMeasurement(out.facts["endpoint cart/GET /cart /errors"].Value)
			if err != nil || len(out.gaps) > 0 {
				t.Fatal(what, err, out.gaps)
			}
			if total, failed := m.Sum(); total != 49*10+10 || failed != 10 || m.Step != time.Minute || m.Steps() != 49 {
				t.Errorf("%s: %v of %v failed in %d steps of %s", what, failed, total, m.Steps(), m.Step)
			}
			d, err := parity.ParseMeasurement(out.facts["endpoint cart/GET /cart /latency"].Value)
			if err != nil {
				t.Fatal(what, err)
			}
			sums := make([]float64, d.Width)
			for i, n := range d.Buckets {
				sums[i%d.Width] += n
			}
			if d.Native {
				sums = sums[1:]
				if end := math.Exp2(float64(d.First)); end != 0.125 {
					t.Errorf("%s: the first bucket ends at %v", what, end)
				}
			} else if !slices.Equal(d.Bounds, bounds) {
				t.Errorf("%s: bounds %v", what, d.Bounds)
			}
			if !slices.Equal(sums, []float64{49 * 4, 49 * 3, 49 * 2, 49, 10}) {
				t.Errorf("%s: %v", what, sums)
			}
		}
	}
}

// TestOldProcess holds that what a process did before the file begins is not
// counted.
func TestOldProcess(t *testing.T) {
	e := &written{form: "explicit", start: 0}
	e.add(1000, map[string][]int{"/cart 200": {999, 0, 0, 0, 0}})
	for minute := 1001; minute < 1010; minute++ {
		e.add(minute, map[string][]int{"/cart 200": {1, 0, 0, 0, 0}})
	}
	m, err := parity.ParseMeasurement(run(t, e.String(), Config{}).facts["endpoint cart/GET /cart /errors"].Value)
	if err != nil {
		t.Fatal(err)
	}
	if total, _ := m.Sum(); total != 9 {
		t.Errorf("%v requests", total)
	}
}

func TestMetricFacts(t *testing.T) {
	e := &written{form: "explicit", delta: true}
	e.add(1, map[string][]int{"/cart 200": {1, 0, 0, 0, 0}})
	text := e.String() + `{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"cart"}}]},"scopeMetrics":[{"metrics":[{"name":"orders.placed","unit":"{order}","sum":{"isMonotonic":true,"aggregationTemporality":2,"dataPoints":[{"timeUnixNano":"9","asInt":"1","attributes":[{"key":"order.currency","value":{"stringValue":"EUR"}}]}]}}]}]}]}`
	for names, want := range map[string][]string{
		"": {
			"metric cart/http_server_request_duration_seconds /labels[=http_route]", "metric cart/http_server_request_duration_seconds /bounds",
			"metric cart/http_server_request_duration_seconds /form[=classic]", "metric cart/orders_placed_total /labels[=order_currency]",
			"metric cart/http_server_request_duration_seconds /unit", "metric cart/http_server_request_duration_seconds /temporality",
		},
		"otel": {"metric cart/http.server.request.duration /labels[=http.route]", "metric cart/orders.placed /labels[=order.currency]"},
	} {
		out := run(t, text, Config{Names: names})
		for _, key := range want {
			if _, ok := out.facts[key]; !ok {
				t.Errorf("%q: no %s", names, key)
			}
		}
		name := map[string]string{"": "orders_placed_total", "otel": "orders.placed"}[names]
		if got := out.facts["metric cart/"+name+" /type"].Value.Raw; got != "counter" {
			t.Errorf("the type is %q", got)
		}
		if len(out.gaps) > 0 {
			t.Error(out.gaps)
		}
	}
}

// TestPromName holds the examples of OpenTelemetry's translation.
func TestPromName(t *testing.T) {
	for _, c := range []struct {
		p    otel.Point
		want string
	}{
		{otel.Point{Metric: "http.server.request.duration", Unit: "s", Type: otel.Histogram}, "http_server_request_duration_seconds"},
		{otel.Point{Metric: "system.filesystem.usage", Unit: "By"}, "system_filesystem_usage_bytes"},
		{otel.Point{Metric: "system.network.dropped", Unit: "{packets}", Type: otel.Counter}, "system_network_dropped_total"},
		{otel.Point{Metric: "storage.filesystem.utilization", Unit: "1"}, "storage_filesystem_utilization_ratio"},
		{otel.Point{Metric: "requests_total", Type: otel.Counter}, "requests_total"},
		{otel.Point{Metric: "disk.io.speed", Unit: "By/s"}, "disk_io_speed_bytes_per_second"},
		{otel.Point{Metric: "memory_bytes", Unit: "By"}, "memory_bytes"},
		{otel.Point{Metric: "2xx.rate"}, "_2xx_rate"},
	} {
		if got := promName(&c.p); got != c.want {
			t.Errorf("%s in %q is %s, want %s", c.p.Metric, c.p.Unit, got, c.want)
		}
	}
}

// traceLine is a trace of one request in a line.
func traceLine(n int) string {
	span := func(id, parent int, service string, kind int, name string) string {
		return fmt.Sprintf(`{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"%s"}},{"key":"password","value":{"stringValue":"%%SECRET_JSON%%"}}]},"scopeSpans":[{"spans":[{"traceId":"%032x","spanId":"%016x","parentSpanId":"%s","name":"%s","kind":%d,"startTimeUnixNano":"%d","endTimeUnixNano":"%d","attributes":[{"key":"http.route","value":{"stringValue":"/cart"}}]}]}]}`,
			service, n+1, n*8+id, map[bool]string{true: fmt.Sprintf("%016x", n*8+parent)}[parent > 0], name, kind, int64(n+1)*int64(time.Second), int64(n+1)*int64(time.Second)+int64(time.Duration(20-id)*time.Millisecond))
	}
	return `{"resourceSpans":[` + strings.Join([]string{span(3, 2, "stock", 2, "GET /stock"), span(2, 1, "cart", 3, "GET"), span(1, 0, "cart", 2, "GET /cart")}, ",") + "]}\n"
}

func traceLines(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(traceLine(i))
	}
	return b.String()
}

func TestTraces(t *testing.T) {
	out := run(t, traceLines(600), Config{Behaviour: true})
	for _, key := range []string{
		"operation cart/server GET /cart /calls[=stock GET /stock]", "operation cart/server GET /cart /attributes[=http.route]",
		"traces stock ", "endpoint cart/GET /cart /latency", "integration cart/stock /errors",
	} {
		if f, ok := out.facts[key]; !ok || f.Rules.Has(parity.Rare) {
			t.Errorf("no %s, or rare", key)
		}
	}
	for _, g := range out.gaps {
		if g.Path != "/sampling" {
			t.Errorf("%+v", g)
		}
	}
}

// TestDamage holds that what is damaged is named by its line, and that the rest
// is read.
func TestDamage(t *testing.T) {
	good := traceLines(600)
	lines := strings.SplitAfter(good, "\n")
	lines[3] = lines[3][:100] + "\n"
	lines[5] = `{"something":"else"}` + "\n"
	lines[7] = strings.Repeat("x", 2<<20) + "\n"
	out := run(t, strings.Join(lines, ""), Config{})
	for where, reason := range map[string]string{"t.jsonl:4": "damaged", "t.jsonl:6": "neither metrics nor traces", "t.jsonl:8": "longer than is read"} {
		for _, kind := range []string{parity.OperationKind, parity.TracesKind} {
			if !slices.ContainsFunc(out.gaps, func(g parity.Gap) bool {
				return g.Kind == kind && g.Where == where && strings.Contains(g.Reason, reason)
			}) {
				t.Errorf("no gap at %s: %+v", where, out.gaps)
			}
		}
	}
	if _, ok := out.facts["operation cart/server GET /cart "]; !ok {
		t.Error("the rest is not read")
	}
	if slices.ContainsFunc(out.gaps, func(g parity.Gap) bool { return g.Kind == parity.MetricKind }) {
		t.Error("a file of traces says something about metrics")
	}
}

func TestForms(t *testing.T) {
	plain := traceLines(300)
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	if _, err := z.Write([]byte(plain)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	spread := strings.NewReplacer(`{"resourceSpans":[`, "{\n  \"resourceSpans\": [\n", `}]}]}`, "}\n]}]}").Replace(plain)
	want := run(t, plain, Config{})
	for name, text := range map[string]string{"gzip": zipped.String(), "many lines": spread} {
		got := run(t, text, Config{})
		if len(got.facts) != len(want.facts) || len(got.gaps) != len(want.gaps) {
			t.Errorf("%s: %d facts and %d gaps, want %d and %d: %+v", name, len(got.facts), len(got.gaps), len(want.facts), len(want.gaps), got.gaps)
		}
	}
	torn := run(t, zipped.String()[:zipped.Len()/2], Config{})
	if !slices.ContainsFunc(torn.gaps, func(g parity.Gap) bool { return strings.Contains(g.Reason, "compression is damaged") }) || len(torn.facts) == 0 {
		t.Errorf("a compressed file that is cut: %d facts, %+v", len(torn.facts), torn.gaps)
	}
	broken := run(t, strings.Replace(spread, `"traceId":"0000000000000000000000000000000a"`, `"traceId":x`, 1), Config{})
	if !slices.ContainsFunc(broken.gaps, func(g parity.Gap) bool {
		return strings.HasPrefix(g.Where, "t.jsonl:") && strings.Contains(g.Reason, "nothing behind it")
	}) {
		t.Errorf("a damaged document over many lines: %+v", broken.gaps)
	}
}

func TestConformance(t *testing.T) {
	e := &written{form: "explicit", start: 1}
	for minute := 2; minute < 50; minute++ {
		e.add(minute, map[string][]int{"/cart 200": {4, 3, 2, 1, 0}})
	}
	collectortest.Run(t, collectortest.Case{
		Name: "metrics", Collector: New(), Config: &Config{Path: "telemetry/*.jsonl"},
		Files: map[string]string{"telemetry/a.jsonl": e.String(), "telemetry/b.jsonl": strings.ReplaceAll(e.String(), `"cart"`, `"pay"`)},
		Facts: []string{"/type", "/labels[=http_route]", parity.ErrorsPath, parity.LatencyPath},
		Broken: []collectortest.Broken{
			{Name: "a line", Files: map[string]string{"telemetry/b.jsonl": e.String() + `{"resourceMetrics":"%SECRET_JSON%"`}, Keeps: true, Reason: "damaged"},
			{Name: "another file", Files: map[string]string{"telemetry/b.jsonl": `{"a":"%SECRET_JSON%"}`}, Keeps: true, Reason: "neither metrics nor traces"},
			{Name: "empty", Files: map[string]string{"telemetry/a.jsonl": "", "telemetry/b.jsonl": ""}, Reason: "no documents"},
			{Name: "no path", Config: &Config{}, Reason: "no paths"},
			{Name: "names", Config: &Config{Path: "telemetry", Names: "x"}, Reason: "names"},
		},
	})
}

// TestSecrets holds that values of attributes stay where they are.
func TestSecrets(t *testing.T) {
	out := run(t, collectortest.Fill(traceLines(600)), Config{Behaviour: true})
	if text := fmt.Sprintf("%+v", out); strings.Contains(text, "hunter2") {
		t.Error("a value came through")
	}
}

func TestDetect(t *testing.T) {
	dir := t.TempDir()
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write([]byte(traceLine(1)))
	_ = z.Close()
	for name, c := range map[string]struct {
		text string
		want int
	}{
		"a.json": {traceLine(1), 95}, "b.jsonl": {"{\n \"resourceMetrics\": []}", 95}, "c.json": {`{"other":1}`, 0},
		"d.yaml": {traceLine(1), 0}, "e.json.gz": {zipped.String(), 95}, "f.json": {"", 0},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		p, err := place.Dir(dir).Resolve(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := detect(p); got != c.want {
			t.Errorf("%s fits with %d, want %d", name, got, c.want)
		}
	}
}

// FuzzCollect holds that no file panics, and that measurements are whole.
func FuzzCollect(f *testing.F) {
	e := &written{form: "exponential", start: 1}
	e.add(2, map[string][]int{"/cart 200": {4, 3, 2, 1, 0}})
	e.add(3, map[string][]int{"/cart 200": {4, 3, 2, 1, 0}})
	f.Add(e.String())
	e = &written{form: "explicit", delta: true}
	e.add(2, map[string][]int{"/cart 200": {4, 3, 2, 1, 0}})
	f.Add(e.String())
	f.Add(traceLines(2))
	f.Add("{\n\"resourceSpans\":[]}\n")
	f.Fuzz(func(t *testing.T, text string) {
		out := run(t, text, Config{Behaviour: true})
		for key, fact := range out.facts {
			if fact.Value.Kind.Measured() {
				if _, err := parity.ParseMeasurement(fact.Value); err != nil {
					t.Fatalf("%s: %v", key, err)
				}
			}
		}
		if len(out.facts) == 0 && len(out.gaps) == 0 && !strings.Contains(text, `"resource`) {
			t.Fatal("nothing is said of the file")
		}
	})
}
