package reporttest

import "github.com/envparity/parity"

// instruments are what the judgements were read from.
func instruments() []parity.Instrument {
	both := []string{"staging", "production"}
	return []parity.Instrument{
		{Service: "checkout", Metric: "http_server_request_duration_seconds", How: "by the preset otel-http: endpoints named by http_request_method, http_route; failed by http_response_status_code", Columns: both},
		{Service: "store", Metric: "store_cache_request_duration_seconds", How: "by its form: calls named by \"cache\"; failed by status_code", Columns: both},
	}
}

// behaviours are judgements of each answer, one with suspects.
func behaviours() []parity.Judged {
	cart := parity.Key{Kind: parity.EndpointKind, Scope: "checkout", Name: "GET /cart/{id}"}
	return []parity.Judged{
		{
			Column: "staging", Subject: cart, Path: parity.LatencyPath, Indicator: "M7", Answer: parity.AnswerDifferent,
			Effect: "ratio", Unit: "s", Reference: ptr(0.12), Value: ptr(0.151), Estimate: ptr(1.258), Interval: &[2]float64{1.19, 1.33},
			Margin: [2]float64{1 / 1.15, 1.15}, Requests: parity.Requests{Reference: 41200, Column: 4310}, Effective: parity.Requests{Reference: 20100, Column: 2900},
			Note: "p95 is 0.151 s, 26 % above the reference's 0.12 s (19 to 33 %; 15 % is alike)", PValue: ptr(0.0004),
			Evidence:    []parity.Evidence{{Column: "staging", Server: "https://metrics.staging.example.com", Query: "sum by (le) (increase(http_server_request_duration_seconds_bucket[1m]))", Link: "https://metrics.staging.example.com/graph?g0.expr=sum&g0.tab=0"}},
			Fingerprint: fingerprint("p95"),
			Suspects: []parity.Suspect{
				{Fingerprint: fingerprint("pool"), Subject: parity.Key{Kind: "ConfigMap", Scope: "shop", Name: "checkout"}, Path: "/data/DB_POOL_SIZE", Score: 0.91, Summary: "configmap/checkout /data/DB_POOL_SIZE is 2 in staging, 20 in the reference", Reasons: []string{"pool: requests wait for a free connection", "it is of checkout itself"}},
				{Fingerprint: fingerprint("cpu"), Subject: parity.Key{Kind: "Deployment", Scope: "shop", Name: "checkout"}, Path: "/spec/cpu", Score: 0.4, Summary: "deployment/checkout /spec/cpu differs", Reasons: []string{"resources bound how fast it is"}, Accepted: "expectation smaller-staging"},
			},
		},
		{
			Column: "staging", Subject: cart, Path: parity.ErrorsPath, Indicator: "M8", Answer: parity.AnswerInconclusive,
			Effect: "difference", Reference: ptr(0.01), Value: ptr(0.012), Estimate: ptr(0.002), Interval: &[2]float64{-0.004, 0.009},
			Margin: [2]float64{-0.005, 0.005}, Requests: parity.Requests{Reference: 41200, Column: 4310},
			Needed: &parity.Requests{Column: 2600}, Reason: "few-requests", Note: "1.2 % fail, 1 % in the reference (-0.4 to 0.9 points; 0.5 are alike)",
		},
		{
			Column: "staging", Subject: parity.Key{Kind: parity.IntegrationKind, Scope: "checkout", Name: "payments"}, Path: parity.ErrorsPath, Indicator: "M6",
			Answer: parity.AnswerEquivalent, Effect: "difference", Margin: [2]float64{-0.05, 0.05}, Note: "as often as in the reference",
		},
	}
}
