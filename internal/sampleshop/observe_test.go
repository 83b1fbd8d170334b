package sampleshop_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/sampleshop"
)

// TestCountsOfPrometheus holds that a real Prometheus counts what was sent, in
// classic and in native histograms.
func TestCountsOfPrometheus(t *testing.T) {
	component.Binary(t, "prometheus")
	copies := []sampleshop.Copy{
		{Env: "production", Service: sampleshop.Start(t, sampleshop.Settings{Seed: 1})},
		{Env: "staging", Service: sampleshop.Start(t, sampleshop.Settings{Seed: 2, ExtraErrors: 0.1})},
	}
	o := sampleshop.Observe(t, copies...)
	w := o.Run(t, 3*time.Second, nil, sampleshop.DefaultMix(), 40, 3)
	for i, c := range copies {
		sent := w.Sent[i]
		const metric = "http_server_request_duration_seconds"
		if got := o.Counted(t, w, metric+"_count", c.Env, ""); int(got) != sent.Total().Sent || got < 80 {
			t.Errorf("%s: classic histograms count %v, sent were %d", c.Env, got, sent.Total().Sent)
		}
		if got := o.Counted(t, w, metric+"_count", c.Env, `http_response_status_code=~"5.."`); int(got) != sent.Total().Failed {
			t.Errorf("%s: %v failed, the sender saw %d", c.Env, got, sent.Total().Failed)
		}
		for endpoint, count := range sent.Endpoints {
			var method, route string
			if _, err := fmt.Sscan(endpoint, &method, &route); err != nil {
				t.Fatal(err)
			}
			matchers := fmt.Sprintf("http_request_method=%q,http_route=%q", method, route)
			if got := o.Counted(t, w, metric+"_count", c.Env, matchers); int(got) != count.Sent {
				t.Errorf("%s: %s counts %v, sent were %d", c.Env, endpoint, got, count.Sent)
			}
		}
		before := o.Query(t, fmt.Sprintf("sum(histogram_count(%s{env=%q}))", metric, c.Env), w.Begin)
		after := o.Query(t, fmt.Sprintf("sum(histogram_count(%s{env=%q}))", metric, c.Env), time.Time{})
		if int(after-before) != sent.Total().Sent {
			t.Errorf("%s: native histograms count %v, sent were %d", c.Env, after-before, sent.Total().Sent)
		}
	}
}
