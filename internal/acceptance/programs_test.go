package acceptance

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
)

const (
	// programsLoaded is how long the copies of a program are under load, and
	// programsSettle how long load runs before what is looked at.
	programsLoaded = 30 * time.Second
	programsSettle = 3 * time.Second
	// behindBy is how much later answers come from what stands behind a slow copy.
	behindBy = 700 * time.Millisecond
	// behindRegistry is that of a registry, which asks what is behind it twice for
	// each request, one request after the other.
	behindRegistry = 120 * time.Millisecond
)

// A program that nobody here wrote, in three copies: two alike, and one that is
// made slow by what stands behind it or made to refuse requests.
type program struct {
	name  string
	start func(t *testing.T, other bool) *component.Program
	// prepare is asked once of each copy.
	prepare func(p *component.Program)
	// requests are asked in turn, perSecond of each in a second.
	requests  []asked
	perSecond int
	// endpoints are recognised, and otherwise is the path in which the other
	// copy must be found to differ.
	endpoints []string
	otherwise string
}

// asked is a request; %d in its parts is its number.
type asked struct {
	method, target, body string
	// together are asked at once.
	together int
}

// programs is the table of programs.
func programs() []program {
	return []program{
		{
			name: "alertmanager",
			start: func(t *testing.T, other bool) *component.Program {
				if other {
					return component.AlertmanagerProgram(t, "--web.get-concurrency=1")
				}
				return component.AlertmanagerProgram(t)
			},
			prepare: func(p *component.Program) {
				for part := range 4 {
					var alerts []string
					for i := range 200 {
						alerts = append(alerts, fmt.Sprintf(`{"labels":{"alertname":"a%d","instance":"i%d","severity":"page"}}`, part, i))
					}
					p.Ask(http.MethodPost, "/api/v2/alerts", "["+strings.Join(alerts, ",")+"]")
				}
			},
			requests: []asked{
				{method: http.MethodGet, target: "/api/v2/alerts", together: 4},
				{method: http.MethodPost, target: "/api/v2/alerts", body: `[{"labels":{"alertname":"b","instance":"%d"}}]`},
			},
			perSecond: 5,
			endpoints: []string{"get /api/v2/alerts", "post /api/v2/alerts"}, otherwise: parity.ErrorsPath,
		},
		{
			name: "etcd",
			start: func(t *testing.T, other bool) *component.Program {
				if other {
					return component.Etcd(t, "--quota-backend-bytes=16000")
				}
				return component.Etcd(t)
			},
			requests: []asked{
				{method: http.MethodPost, target: "/v3/kv/put", body: `{"key":"YQ==","value":"` + strings.Repeat("YWFh", 200) + `"}`},
				{method: http.MethodPost, target: "/v3/kv/range", body: `{"key":"YQ=="}`},
			},
			perSecond: 15,
			endpoints: []string{"rpc etcdserverpb.KV/Put", "rpc etcdserverpb.KV/Range", "server request Put"}, otherwise: parity.ErrorsPath,
		},
		{
			name: "kube-apiserver",
			start: func(t *testing.T, other bool) *component.Program {
				if other {
					return component.Kubernetes(t, component.WithSlowStore(behindBy)).Program()
				}
				return component.Kubernetes(t).Program()
			},
			prepare: func(p *component.Program) {
				p.Ask(http.MethodPost, "/api/v1/namespaces/default/configmaps", `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}`)
			},
			requests: []asked{
				{method: http.MethodGet, target: "/api/v1/namespaces/default/configmaps/a"},
				{method: http.MethodPut, target: "/api/v1/namespaces/default/configmaps/a", body: `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"n":"%d"}}`},
			},
			perSecond: 8,
			endpoints: []string{"GET configmaps", "PUT configmaps"}, otherwise: parity.LatencyPath,
		},
		{
			name: "prometheus",
			start: func(t *testing.T, other bool) *component.Program {
				store := component.Prometheus(t, component.PrometheusOptions{}).URL.Host
				if other {
					store = component.Delay(t, "tcp", store, behindBy)
				}
				config := "remote_read: [{url: \"http://" + store + "/api/v1/read\", read_recent: true}]\n"
				return component.Prometheus(t, component.PrometheusOptions{Config: config}).Program(t)
			},
			requests:  []asked{{method: http.MethodGet, target: "/api/v1/query?query=up"}},
			perSecond: 15,
			endpoints: []string{"/api/v1/query"}, otherwise: parity.LatencyPath,
		},
		{
			name: "loki",
			start: func(t *testing.T, other bool) *component.Program {
				if other {
					return component.LokiProgram(t, "ingestion_rate_mb: 0.00001", "ingestion_burst_size_mb: 0.00001")
				}
				return component.LokiProgram(t)
			},
			requests: []asked{
				{method: http.MethodPost, target: "/loki/api/v1/push", body: `{"streams":[{"stream":{"job":"a"},"values":[["%d","a line of some length"]]}]}`},
				{method: http.MethodGet, target: "/loki/api/v1/labels"},
			},
			perSecond: 15,
			endpoints: []string{"POST loki_api_v1_push", "GET loki_api_v1_labels"}, otherwise: parity.ErrorsPath,
		},
		{
			name: "jaeger",
			start: func(t *testing.T, other bool) *component.Program {
				storage := component.JaegerStorage(t)
				if other {
					storage = component.Delay(t, "tcp", storage, behindBy)
				}
				return component.JaegerProgram(t, storage)
			},
			requests:  []asked{{method: http.MethodGet, target: "/api/services"}, {method: http.MethodGet, target: "/api/traces?service=a"}},
			perSecond: 10,
			endpoints: []string{"GET /api/services", "GET /api/traces"}, otherwise: parity.LatencyPath,
		},
		{
			name: "registry",
			start: func(t *testing.T, other bool) *component.Program {
				upstream := component.Registry(t).Host
				if other {
					upstream = component.Delay(t, "tcp", upstream, behindRegistry)
				}
				return component.RegistryProgram(t, "http://"+upstream)
			},
			requests:  []asked{{method: http.MethodGet, target: "/v2/a/manifests/latest"}, {method: http.MethodGet, target: "/v2/"}},
			perSecond: 3,
			endpoints: []string{"get manifest", "get base"}, otherwise: parity.LatencyPath,
		},
	}
}

// TestProgramsUnderLoad holds what is said of programs that nobody here wrote,
// with no word about them in parity.yaml: their endpoints are recognised, twins
// are not told to differ, a copy that is slow or refuses is, and nothing is said
// of what nobody asked.
func TestProgramsUnderLoad(t *testing.T) {
	underLoad(t)
	for _, p := range programs() {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			begin := time.Now()
			p.hold(t)
			t.Logf("%s took %s", p.name, time.Since(begin).Round(time.Second))
		})
	}
}

// copiesOf are the environments of a program's copies, the reference last.
func copiesOf() []string { return []string{"other", "twin", "production"} }

// hold runs the copies of a program under load and looks at what is said of them.
func (p *program) hold(t *testing.T) {
	t.Helper()
	var copies []*component.Program
	for _, env := range copiesOf() {
		copies = append(copies, p.start(t, env == "other"))
	}
	if p.prepare != nil {
		for _, c := range copies {
			p.prepare(c)
		}
	}
	server := component.Prometheus(t, component.PrometheusOptions{Config: p.scrapes(copies)})
	now := p.load(copies)
	dir := p.project(t, server.URL.String())
	r := resultAt(t, now, dir, "check")
	_, report, _ := commandAt(t, now, dir, "check", "--width=80")
	t.Log(report)
	_, explained, stderr := commandAt(t, now, dir, "collectors", "explain", "twin")
	t.Log(explained + stderr)
	p.recognised(t, r)
	p.twins(t, r)
	p.found(t, r)
	if !strings.Contains(explained, "by its form") && !strings.Contains(explained, "by the preset") {
		t.Errorf("how the endpoints were recognised is not explained:\n%s", explained)
	}
}

// scrapes is the configuration of the server that scrapes the copies.
func (p *program) scrapes(copies []*component.Program) string {
	var b strings.Builder
	b.WriteString("global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n")
	for i, env := range copiesOf() {
		c := copies[i]
		fmt.Fprintf(&b, "- job_name: %s-%s\n  scheme: %s\n  metrics_path: %s\n  tls_config: {insecure_skip_verify: true}\n", p.name, env, c.Metrics.Scheme, c.Metrics.Path)
		if c.Token != "" {
			fmt.Fprintf(&b, "  authorization: {credentials: %q}\n", c.Token)
		}
		fmt.Fprintf(&b, "  static_configs: [{targets: [%q], labels: {env: %s}}]\n  relabel_configs: [{target_label: job, replacement: %s}]\n", c.Metrics.Host, env, p.name)
	}
	return b.String()
}

// load asks all copies the same, on time whether they answer or not, and returns
// when that ended.
func (p *program) load(copies []*component.Program) time.Time {
	var open sync.WaitGroup
	places := make(chan struct{}, 64*len(copies))
	tick := time.NewTicker(time.Second / time.Duration(p.perSecond))
	defer tick.Stop()
	begin := time.Now()
	for n := 0; time.Since(begin) < programsSettle+programsLoaded; n++ {
		<-tick.C
		for _, c := range copies {
			for _, a := range p.requests {
				for range max(1, a.together) {
					places <- struct{}{}
					open.Go(func() {
						defer func() { <-places }()
						a.ask(c, n)
					})
				}
			}
		}
	}
	end := time.Now()
	open.Wait()
	return end
}

func (a asked) ask(c *component.Program, n int) {
	body := a.body
	if strings.Contains(body, "%d") {
		number := int64(n)
		if strings.Contains(a.target, "push") {
			number = time.Now().UnixNano()
		}
		body = fmt.Sprintf(body, number)
	}
	c.Ask(a.method, a.target, body)
}

func (p *program) project(t *testing.T, server string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("version: 1\nenvironments:\n")
	for _, env := range copiesOf() {
		fmt.Fprintf(&b, "  - name: %s\n    sources:\n      - {collector: prometheus, url: %q, match: ['env=\"%s\"'], window: %s, step: 1s}\n", env, server, env, programsLoaded-2*time.Second)
	}
	return project(t, b.String())
}

// recognised holds that the endpoints that were asked are there.
func (p *program) recognised(t *testing.T, r *parity.Result) {
	t.Helper()
	for _, want := range p.endpoints {
		if !slices.ContainsFunc(r.Behaviours, func(b parity.Judged) bool { return b.Subject.Name == want && b.Column == "twin" }) {
			t.Errorf("the endpoint %q is not recognised", want)
		}
	}
	for _, g := range r.Gaps {
		if g.Kind == parity.EndpointKind && g.Name == "" {
			t.Errorf("a gap over all endpoints: %+v", g)
		}
	}
}

// twins holds that nothing is said of twins but that they are alike, or what is
// lacking to say so, and nothing of what nobody asked.
func (p *program) twins(t *testing.T, r *parity.Result) {
	t.Helper()
	for _, b := range r.Behaviours {
		if b.Column != "twin" {
			continue
		}
		switch {
		case b.Answer == parity.AnswerDifferent:
			t.Errorf("the twin differs: %s %s: %s", b.Subject, b.Path, b.Note)
		case b.Reason == "few-requests" && b.Needed == nil:
			t.Errorf("how many requests are needed is not said: %s %s: %s", b.Subject, b.Path, b.Note)
		case b.Path != "" && (b.Requests.Reference < 1 || b.Requests.Column < 1) && b.Subject.Kind != parity.WholeService:
			t.Errorf("nobody asked for it: %s %s: %s", b.Subject, b.Path, b.Note)
		}
	}
}

// found holds that the other copy is found to differ in the expected way.
func (p *program) found(t *testing.T, r *parity.Result) {
	t.Helper()
	for _, b := range which(r.Behaviours, "other", parity.AnswerDifferent) {
		if b.Path == p.otherwise && b.Subject.Kind == parity.EndpointKind && *b.Value > *b.Reference {
			return
		}
	}
	t.Errorf("the other copy is not found to differ in %s", p.otherwise)
}
