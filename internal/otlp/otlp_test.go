package otlp

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity/internal/spans"
)

// document is by the public example of OTLP, with what is told apart here.
const document = `{"resourceSpans":[{"scopeSpans":[{"scope":{"name":"x"},"spans":[
{"traceId":"5B8EFFF798038103D269B633813FC60C","spanId":"EEE19B7EC3C1B174","parentSpanId":"EEE19B7EC3C1B173","traceState":"ot=th:8",
"name":"GET /cart/77","startTimeUnixNano":"1544712660000000000","endTimeUnixNano":"1544712661000000000","kind":2,
"attributes":[{"key":"http.request.method","value":{"stringValue":"GET"}},{"key":"http.route","value":{"stringValue":"/cart/{id}"}},
{"key":"http.response.status_code","value":{"intValue":"503"}},{"key":"tags","value":{"arrayValue":{"values":[{"stringValue":"a"}]}}}],"status":{"code":0}},
{"traceId":"W47/95gDgQPSabYzgT/GDA==","spanId":"7uGbfsPBsXU=","name":"price","startTimeUnixNano":1544712660000000000,"endTimeUnixNano":1544712659000000000,"kind":"SPAN_KIND_INTERNAL","status":{"code":"STATUS_CODE_ERROR"}},
{"name":"without an identity"}
]}],"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"cart"}},{"key":"host.name","value":{"stringValue":"h"}}]}}]}`

func TestTraces(t *testing.T) {
	var got []spans.Span
	var ids []spans.TraceID
	r := &Reader{Span: func(id spans.TraceID, s spans.Span) { ids, got = append(ids, id), append(got, s) }}
	known, err := r.Document([]byte(document))
	if err != nil || !known {
		t.Fatal(known, err)
	}
	want := []spans.Span{
		{
			ID: 0xeee19b7ec3c1b174, Parent: 0xeee19b7ec3c1b173, Kind: 2, Service: "cart", Name: "GET /cart/{id}", Endpoint: "GET /cart/{id}",
			Start: 1544712660000000000, Duration: time.Second, Failed: true, Sampling: spans.Sampling{Ratio: 0.5, How: "threshold"},
			Attributes: []string{"http.request.method", "http.response.status_code", "http.route", "tags"}, Resource: []string{"host.name", "service.name"},
		},
		{
			ID: 0xeee19b7ec3c1b175, Kind: 1, Service: "cart", Name: "price", Start: 1544712660000000000, Failed: true,
			Attributes: []string{}, Resource: []string{"host.name", "service.name"},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if len(ids) != 2 || ids[0] != ids[1] {
		t.Errorf("hexadecimal and base64 give %x", ids)
	}
	for _, wrapped := range []string{`{"batches":` + document[len(`{"resourceSpans":`):], `{"trace":` + document + `}`} {
		got = nil
		if known, err := r.Document([]byte(wrapped)); err != nil || !known || len(got) != 2 {
			t.Errorf("%.20s: %v, %v, %d spans", wrapped, known, err, len(got))
		}
	}
}

const metricsDocument = `{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"cart"}}]},"scopeMetrics":[{"metrics":[
{"name":"orders","unit":"{order}","sum":{"dataPoints":[{"attributes":[{"key":"currency","value":{"stringValue":"EUR"}}],"startTimeUnixNano":"1","timeUnixNano":"9","asInt":"7"}],"aggregationTemporality":2,"isMonotonic":true}},
{"sum":{"aggregationTemporality":"AGGREGATION_TEMPORALITY_DELTA","dataPoints":[{"timeUnixNano":"9","asDouble":-1.5}]},"name":"queue"},
{"name":"temp","gauge":{"dataPoints":[{"timeUnixNano":"9","asDouble":3},{"timeUnixNano":"9","flags":1}]}},
{"name":"http.server.request.duration","unit":"s","histogram":{"dataPoints":[{"attributes":[{"key":"http.route","value":{"stringValue":"/x"}}],"timeUnixNano":"9","count":"3","bucketCounts":["1","2"],"explicitBounds":[0.5]}],"aggregationTemporality":1}},
{"name":"exp","exponentialHistogram":{"dataPoints":[{"timeUnixNano":"9","count":"6","scale":3,"zeroCount":"1","positive":{"offset":-4,"bucketCounts":["2","3"]}}],"aggregationTemporality":2}},
{"name":"sum","summary":{"dataPoints":[{"timeUnixNano":"9","count":"3","quantileValues":[{"quantile":0.5,"value":1}]}]}},
{"name":"no data"}
]}]}]}`

func TestMetrics(t *testing.T) {
	var got []Point
	groups := map[uint64]bool{}
	r := &Reader{Point: func(p *Point) {
		groups[p.Group] = true
		if p.Metric == "http.server.request.duration" && p.Attribute("http.route") != "/x" {
			t.Error("the route is not there")
		}
		p.Series, p.Group, p.own, p.resource = 0, 0, nil, nil
		got = append(got, *p)
	}}
	if known, err := r.Document([]byte(metricsDocument)); err != nil || !known {
		t.Fatal(known, err)
	}
	want := []Point{
		{Metric: "orders", Unit: "{order}", Type: Counter, Labels: []string{"currency"}, Start: 1, Count: 7},
		{Metric: "queue", Type: UpDown, Delta: true, Count: -1.5},
		{Metric: "temp", Type: Gauge, Count: 3},
		{Metric: "http.server.request.duration", Unit: "s", Type: Histogram, Delta: true, Labels: []string{"http.route"}, Count: 3, Bounds: []float64{0.5}, Buckets: []float64{1, 2}},
		{Metric: "exp", Type: Exponential, Count: 6, Scale: 3, Zero: 1, Offset: -4, Buckets: []float64{2, 3}},
		{Metric: "sum", Type: Summary, Count: 3},
	}
	for i := range want {
		want[i].Service, want[i].Time = "cart", 9
		if want[i].Labels == nil {
			want[i].Labels = []string{}
		}
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(Point{})); diff != "" {
		t.Error(diff)
	}
	if len(groups) != 6 {
		t.Errorf("%d groups of series", len(groups))
	}
}

// TestDamaged holds that what stands before the damage is read.
func TestDamaged(t *testing.T) {
	n := 0
	r := &Reader{Span: func(spans.TraceID, spans.Span) { n++ }}
	for _, text := range []string{document[:len(document)-2], document + "x", strings.Replace(document, `"name":"price"`, `"name":`, 1)} {
		if _, err := r.Document([]byte(text)); err == nil {
			t.Errorf("...%s is no damage", text[len(text)-9:])
		}
	}
	if known, err := r.Document([]byte(`{"other":[]}`)); err != nil || known {
		t.Error("another document is known", err)
	}
}

// FuzzDocument holds that nothing panics, that no span is without identity and
// no point without a name and time.
func FuzzDocument(f *testing.F) {
	f.Add(document)
	f.Add(metricsDocument)
	f.Add(`{"resourceSpans":[{"scopeSpans":null,"resource":7}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		stats := &spans.Stats{Behaviour: true}
		r := &Reader{
			Span: func(id spans.TraceID, s spans.Span) {
				if s.ID == 0 || s.Duration < 0 || id == (spans.TraceID{}) {
					t.Fatalf("%+v", s)
				}
				stats.Add(&spans.Trace{ID: id, Spans: []spans.Span{s}})
			},
			Point: func(p *Point) {
				if p.Metric == "" || p.Time <= 0 || len(p.Buckets) > maxBuckets {
					t.Fatalf("%+v", p)
				}
			},
		}
		_, _ = r.Document([]byte(text))
	})
}
