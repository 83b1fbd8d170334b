package prometheus

import (
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/trust"
	"github.com/envparity/parity/internal/webapi"
)

// TestLook holds that a first look at a real server finds the presets that fit
// and the label that tells environments apart, and says so where none does.
func TestLook(t *testing.T) {
	p := component.Prometheus(t, component.PrometheusOptions{})
	now := time.Now()
	p.Write(t, []component.Series{
		counter(now, 1, map[string]string{"__name__": "http_server_request_duration_seconds_count", "job": "shop", "environment": "Staging", "cluster": "one"}),
		counter(now, 1, map[string]string{"__name__": "http_server_requests_seconds_count", "job": "cart", "environment": "production", "cluster": "one"}),
		counter(now, 1, map[string]string{"__name__": "unrelated_total", "job": "cart", "environment": "test"}),
	})
	look := func(environments ...string) Survey {
		client, err := webapi.New(webapi.Config{URL: p.URL.String()}, os.LookupEnv, trust.Allowed{}, nil)
		if err != nil {
			t.Fatal(err)
		}
		defer client.Close()
		found, err := Look(t.Context(), client, now, environments)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	want := Survey{Presets: []string{"otel-http", "spring"}, Match: map[string]string{"staging": `environment="Staging"`, "production": `environment="production"`}}
	if diff := cmp.Diff(want, look("staging", "production", "qa")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if found := look("blue", "green"); len(found.Match) > 0 || len(found.Presets) != 2 {
		t.Errorf("found %+v", found)
	}
	client, err := webapi.New(webapi.Config{URL: "http://127.0.0.1:1"}, os.LookupEnv, trust.Allowed{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Look(t.Context(), client, now, nil); err == nil {
		t.Error("a server that is not there has no error")
	}
}
