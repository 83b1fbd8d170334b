package component_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity/internal/component"
)

// query asks a Prometheus, or a proxy before it, with the compression that
// clients ask for, and gives the status and the body.
func query(t *testing.T, base string) (int, string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: time.Minute}
	resp, err := client.Get(base + "/api/v1/query?" + url.Values{"query": {"vector(1)"}}.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text)
}

// TestFaultsOfTelemetry holds that a client of a real Prometheus sees each fault
// as what it stands for, and the real answer after it.
func TestFaultsOfTelemetry(t *testing.T) {
	ended := endsWithTest(t)
	server := component.Prometheus(t, component.PrometheusOptions{})
	ended(server.URL)
	p := component.Proxy(t, server.URL, nil)
	_, whole := query(t, server.URL.String())
	const start = `{"status":"success","data":{"resultType":"vector","result":[`
	if !strings.HasPrefix(whole, start) {
		t.Fatalf("the server answers %s", whole)
	}
	tests := []struct {
		name   string
		fault  component.Fault
		status int
		is     func(text string) bool
	}{
		{"timeout", component.QueryError(503, "timeout", "query timed out"), 503, func(text string) bool {
			return text == `{"error":"query timed out","errorType":"timeout","status":"error"}`
		}},
		{"error with 200", component.QueryError(200, "execution", "too many samples"), 200, func(text string) bool {
			return strings.Contains(text, `"status":"error"`)
		}},
		{"answer", component.Answer(401, "text/html", "<html>"), 401, func(text string) bool { return text == "<html>" }},
		{"half", component.Half(), 200, func(text string) bool {
			return len(text) > len(whole)/3 && strings.HasPrefix(whole, text) && !json.Valid([]byte(text))
		}},
		{"warned", component.Warned("a store is away"), 200, func(text string) bool {
			var answer struct {
				Status   string
				Data     struct{ Result []any }
				Warnings []string
			}
			err := json.Unmarshal([]byte(text), &answer)
			return err == nil && answer.Status == "success" && len(answer.Data.Result) == 1 && len(answer.Warnings) == 1 && answer.Warnings[0] == "a store is away"
		}},
		{"change", component.Change("none", func([]byte) []byte { return nil }), 200, func(text string) bool { return text == "" }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			defer p.Clear()
			p.Reset()
			p.Inject("^GET /api/v1/query$", tt.fault.First(1))
			if status, text := query(t, p.URL); status != tt.status || !tt.is(text) {
				t.Errorf("the client sees %d: %s", status, text)
			}
			if status, text := query(t, p.URL); status != 200 || !strings.HasPrefix(text, start) {
				t.Errorf("after the fault the client sees %d: %s", status, text)
			}
			if got := p.Requests(); len(got) != 2 || got[0].Fault != tt.fault.Name || got[0].Status != tt.status || got[1].Fault != "" {
				t.Errorf("the proxy saw %+v", got)
			}
		})
	}
}
