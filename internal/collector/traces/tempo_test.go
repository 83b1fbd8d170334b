package traces

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
)

// tempoByHand answers as the public documentation of Tempo's API says
// (grafana.com/docs/tempo, HTTP API): no Tempo can be run in these tests. old
// knows the older address of a trace only, cut names traces as partial.
func tempoByHand(t *testing.T, n int, old, cut bool) (url string, asked *[]string) {
	t.Helper()
	asked = &[]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.URL.Path+" "+r.URL.Query().Get("q"))
		w.Header().Set("Content-Type", "application/json")
		id, isTrace := strings.CutPrefix(r.URL.Path, "/api/v2/traces/")
		oldID, isOld := strings.CutPrefix(r.URL.Path, "/api/traces/")
		switch {
		case r.URL.Path == "/api/v2/search/tag/resource.service.name/values":
			fmt.Fprint(w, `{"tagValues":[{"type":"string","value":"cart \"v2\""}],"metrics":{"inspectedBytes":"1"}}`)
		case r.URL.Path == "/api/search":
			var list []string
			for i := range n {
				list = append(list, fmt.Sprintf(`{"traceID":"%x","rootServiceName":"cart","rootTraceName":"GET /cart","startTimeUnixNano":"1684778327699392724","durationMs":557}`, i+1))
			}
			fmt.Fprintf(w, `{"traces":[%s],"metrics":{"totalBlocks":13}}`, strings.Join(list, ","))
		case isTrace && !old:
			status := "COMPLETE"
			if cut {
				status = "PARTIAL"
			}
			fmt.Fprintf(w, `{"trace":{"resourceSpans":[%s]},"metrics":{},"status":"%s"}`, resourceSpans(id), status)
		case isOld && old:
			fmt.Fprintf(w, `{"batches":[%s]}`, resourceSpans(oldID))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, asked
}

func resourceSpans(id string) string {
	var spans []string
	for i := range 8 {
		spans = append(spans, fmt.Sprintf(`{"traceId":"%032s","spanId":"%016x","name":"GET /cart/%d","kind":"SPAN_KIND_SERVER","startTimeUnixNano":"1684778327699392724","endTimeUnixNano":"1684778327799392724","attributes":[{"key":"http.route","value":{"stringValue":"/cart/{id}"}}],"status":{}}`, id, i+1, i))
	}
	return `{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"cart \"v2\""}}]},"scopeSpans":[{"scope":{},"spans":[` + strings.Join(spans, ",") + `]}]}`
}

func TestTempo(t *testing.T) {
	for _, old := range []bool{false, true} {
		url, asked := tempoByHand(t, 70, old, false)
		cfg := source(url)
		cfg.API, cfg.Traces, cfg.Behaviour = apiTempo, 1000, false
		out := run(t, cfg, time.Now())
		key := `operation cart "v2"/server GET /cart/{id} `
		if f, ok := out.facts[key+"/attributes[=http.route]"]; !ok || f.Rules.Has(parity.Rare) {
			t.Errorf("old %v: %+v", old, out.facts)
		}
		if !slices.Contains(*asked, `/api/search { resource.service.name = "cart \"v2\"" }`) {
			t.Errorf("asked %q", *asked)
		}
		want := 1 + slicesOfWindow + 70
		if old {
			want++ // the newer address is tried once
		}
		if len(*asked) != want {
			t.Errorf("old %v: %d requests, want %d", old, len(*asked), want)
		}
		if out.covers(parity.OperationKind, `cart "v2"`, "server x", "") {
			t.Errorf("old %v: %+v", old, out.gaps)
		}
	}
}

func TestTempoInPart(t *testing.T) {
	url, _ := tempoByHand(t, 70, false, true)
	cfg := source(url)
	cfg.API = apiTempo
	out := run(t, cfg, time.Now())
	if _, ok := out.facts[`operation cart "v2"/server GET /cart/{id} `]; !ok || !out.covers(parity.OperationKind, `cart "v2"`, "server x", "") {
		t.Errorf("%d facts, %+v", len(out.facts), out.gaps)
	}
}

// TestTempoName holds that a name from the server cannot become another
// address.
func TestTempoName(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		if strings.HasPrefix(r.URL.Path, "/api/search") {
			fmt.Fprint(w, `{"traces":[{"traceID":"../../admin"}]}`)
			return
		}
		fmt.Fprint(w, `{"tagValues":[{"value":"cart"}]}`)
	}))
	t.Cleanup(server.Close)
	cfg := source(server.URL)
	cfg.API = apiTempo
	if out := run(t, cfg, time.Now()); asked != 2 || !out.covers(parity.OperationKind, "cart", "server x", "") {
		t.Errorf("%d requests, %+v", asked, out.gaps)
	}
}
