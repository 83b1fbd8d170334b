package component_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/envparity/parity/internal/component"
)

// fetch gives the body of an answer.
func fetch(t *testing.T, at string) []byte {
	t.Helper()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Get(at)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s answers %s, %v: %s", at, resp.Status, err, text)
	}
	return text
}

// TestPrometheus holds that samples and native histograms of the past that are
// written can be asked for.
func TestPrometheus(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	p := component.Prometheus(t, component.PrometheusOptions{})
	at := time.Now().Add(-26 * time.Hour).Truncate(time.Minute)
	p.Write(t, []component.Series{
		{Labels: map[string]string{"__name__": "orders_total", "env": "staging"}, Samples: []component.Sample{{Time: at, Value: 41}}},
		{Labels: map[string]string{"__name__": "latency", "env": "staging"}, Histograms: []component.NativeSample{{Time: at, Schema: 3, First: -8, Buckets: []int64{5, 0, 7}, Zero: 1, Sum: 3}}},
	})
	for query, want := range map[string]string{
		`orders_total`: `41`, `histogram_count(latency)`: `13`, `histogram_sum(latency)`: `3`,
	} {
		var answer struct {
			Data struct {
				Result []struct{ Value [2]any }
			}
		}
		text := fetch(t, p.URL.JoinPath("/api/v1/query").String()+"?"+url.Values{"query": {query}, "time": {strconv.FormatInt(at.Unix(), 10)}}.Encode())
		if err := json.Unmarshal(text, &answer); err != nil || len(answer.Data.Result) != 1 || answer.Data.Result[0].Value[1] != want {
			t.Errorf("%s is %s, %v; want %s", query, text, err, want)
		}
	}
}

func TestAlertmanager(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	at := component.Alertmanager(t, "route: {receiver: team}\nreceivers: [{name: team}]\n")
	if text := string(fetch(t, at.JoinPath("/api/v2/receivers").String())); !strings.Contains(text, `"team"`) {
		t.Errorf("the receivers are %s", text)
	}
}
