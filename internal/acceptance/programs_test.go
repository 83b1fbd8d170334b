package acceptance

import (
	"fmt"
	"math/rand/v2"
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
	// programsLoaded is how long the copies of the programs are under load, and
	// programsWindow is what is looked at: 30 steps, of which 20 must do.
	programsLoaded = 66 * time.Second
	programsWindow = 60 * time.Second
	// behindBy is how much later answers come from what stands behind a slow copy.
	behindBy = 700 * time.Millisecond
	// behindServer is that of an API server, which asks what is behind it for more
	// than it is asked for.
	behindServer = 300 * time.Millisecond
	// behindRegistry is that of a registry, which asks what is behind it twice for
	// each request, one request after the other.
	behindRegistry = 60 * time.Millisecond
)

// program is one that nobody here wrote, in three copies: two alike, and one that
// is made slow by what stands behind it or made to refuse requests.
type program struct {
	name  string
	start func(t *testing.T, other bool) *component.Program
	// prepare is asked once of each copy.
	prepare func(p *component.Program)
	// requests are asked in turn, perSecond of each in a second.
	requests  []asked
	perSecond int
	// often is set where the other copy refuses scrapes too.
	often bool
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
				for part := range 2 {
					var alerts []string
					for i := range 100 {
						alerts = append(alerts, fmt.Sprintf(`{"labels":{"alertname":"a%d","instance":"i%d","severity":"page"}}`, part, i))
					}
					p.Ask(http.MethodPost, "/api/v2/alerts", "["+strings.Join(alerts, ",")+"]")
				}
			},
			requests: []asked{
				{method: http.MethodGet, target: "/api/v2/alerts", together: 6},
				{method: http.MethodPost, target: "/api/v2/alerts", body: `[{"labels":{"alertname":"b","instance":"%d"}}]`},
			},
			perSecond: 2, often: true,
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
			perSecond: 8,
			endpoints: []string{"rpc etcdserverpb.KV/Put", "rpc etcdserverpb.KV/Range", "server request Put"}, otherwise: parity.ErrorsPath,
		},
		{
			name: "kube-apiserver",
			start: func(t *testing.T, other bool) *component.Program {
				if other {
					return component.Kubernetes(t, component.WithSlowStore(behindServer)).Program()
				}
				return component.Kubernetes(t).Program()
			},
			prepare: func(p *component.Program) {
				p.Ask(http.MethodPost, "/api/v1/namespaces/default/configmaps", `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}`)
			},
			requests: []asked{
				{method: http.MethodGet, target: "/api/v1/namespaces/default/configmaps/a"},
				{method: http.MethodPost, target: "/api/v1/namespaces/default/configmaps", body: `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"b"},"data":{"n":"%d"}}`},
			},
			perSecond: 8,
			endpoints: []string{"GET configmaps", "POST configmaps"}, otherwise: parity.LatencyPath,
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
			perSecond: 6,
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
			perSecond: 5,
			endpoints: []string{"get manifest", "get base"}, otherwise: parity.LatencyPath,
		},
	}
}

// TestProgramsUnderLoad holds what is said of programs that nobody here wrote,
// with no word about them in parity.yaml: their endpoints are recognised, twins
// are not told to differ, a copy that is slow or refuses is, and nothing is said
// of what nobody asked. All are under load at once, and scraped by one server.
func TestProgramsUnderLoad(t *testing.T) {
	underLoad(t)
	begin := time.Now()
	all := programs()
	copies := map[string][]*component.Program{}
	for i := range all {
		copies[all[i].name] = all[i].copies(t)
	}
	server := component.Prometheus(t, component.PrometheusOptions{Config: scrapes(all, copies)})
	t.Logf("it took %s to start", time.Since(begin).Round(time.Second))
	now, late := loadAll(all, copies)
	t.Logf("but for one in twenty, requests were at most %s late", late)
	for _, p := range all {
		t.Run(p.name, func(t *testing.T) { p.hold(t, server.URL.String(), now, late) })
	}
	t.Logf("it took %s in all", time.Since(begin).Round(time.Second))
}

// hold looks at what is said of the copies of one program. Each is looked at by
// itself: among many that differ, what is sure enough by itself may be chance.
func (p *program) hold(t *testing.T, server string, now time.Time, late time.Duration) {
	t.Helper()
	dir := p.project(t, server)
	r := resultAt(t, now, dir, "check")
	_, report, _ := commandAt(t, now, dir, "check", "--width=80")
	t.Log(report)
	_, explained, stderr := commandAt(t, now, dir, "collectors", "explain", "twin")
	t.Log(explained + stderr)
	for _, g := range r.Gaps {
		if g.Kind == parity.EndpointKind {
			t.Logf("a gap over endpoints: %s: %s %s: %s", g.Column, g.Scope, g.Name, g.Reason)
		}
	}
	p.recognised(t, r, explained)
	p.twins(t, r)
	if late > latest {
		t.Skipf("SKIPPED: requests were %s late: this machine is too busy for the other copy to stand out", late)
	}
	p.found(t, r)
}

// copiesOf are the environments of a program's copies, the reference last.
func copiesOf() []string { return []string{"other", "twin", "production"} }

// copies starts the copies of a program.
func (p *program) copies(t *testing.T) []*component.Program {
	t.Helper()
	var copies []*component.Program
	for _, env := range copiesOf() {
		c := p.start(t, env == "other")
		if p.prepare != nil {
			p.prepare(c)
		}
		copies = append(copies, c)
	}
	return copies
}

// scrapes is the configuration of the server that scrapes all copies.
func scrapes(all []program, copies map[string][]*component.Program) string {
	var b strings.Builder
	b.WriteString("global: {scrape_interval: 1s, scrape_timeout: 1s}\nscrape_configs:\n")
	for _, p := range all {
		for i, env := range copiesOf() {
			c := copies[p.name][i]
			fmt.Fprintf(&b, "- job_name: %s-%s\n  scheme: %s\n  metrics_path: %s\n  tls_config: {insecure_skip_verify: true}\n", p.name, env, c.Metrics.Scheme, c.Metrics.Path)
			if p.often {
				b.WriteString("  scrape_interval: 500ms\n  scrape_timeout: 500ms\n")
			}
			if c.Token != "" {
				fmt.Fprintf(&b, "  authorization: {credentials: %q}\n", c.Token)
			}
			fmt.Fprintf(&b, "  static_configs: [{targets: [%q], labels: {env: %s}}]\n  relabel_configs: [{target_label: job, replacement: %s}]\n", c.Metrics.Host, env, p.name)
		}
	}
	return b.String()
}

// loadAll puts load on all programs at once, and returns the time at which it
// ended, and how late requests were but for one in twenty; what was asked may be
// answered later.
func loadAll(all []program, copies map[string][]*component.Program) (end time.Time, late time.Duration) {
	end = time.Now().Add(programsLoaded)
	var loads sync.WaitGroup
	var l lateness
	for _, p := range all {
		loads.Go(func() { p.load(copies[p.name], end, &l) })
	}
	loads.Wait()
	slices.Sort(l.each)
	return end, l.each[len(l.each)*19/20]
}

// lateness is how late requests were.
type lateness struct {
	mu   sync.Mutex
	each []time.Duration
}

func (l *lateness) add(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.each = append(l.each, d)
}

// load asks the copies of a program the same, on time whether they answer or not.
func (p *program) load(copies []*component.Program, end time.Time, late *lateness) {
	var open sync.WaitGroup
	places := make(chan struct{}, 64*len(copies))
	tick := time.NewTicker(time.Second / time.Duration(p.perSecond))
	defer tick.Stop()
	for n := 0; time.Now().Before(end); n++ {
		due := <-tick.C
		burst := time.Duration(rand.Int64N(int64(time.Second) / int64(p.perSecond)))
		for _, c := range copies {
			for _, a := range p.requests {
				for range max(1, a.together) {
					places <- struct{}{}
					wait := time.Duration(rand.Int64N(int64(time.Second) / int64(p.perSecond)))
					if a.together > 0 {
						wait = burst
					}
					open.Go(func() {
						defer func() { <-places }()
						time.Sleep(wait) // so that no two keep in step, but for what is asked at once
						late.add(time.Since(due) - wait)
						a.ask(c, n)
					})
				}
			}
		}
	}
	open.Wait()
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
		fmt.Fprintf(&b, "  - name: %s\n    sources:\n      - {collector: prometheus, url: %q, match: ['env=\"%s\"', 'job=\"%s\"'], window: %s, step: 2s}\n", env, server, env, p.name, programsWindow)
	}
	return project(t, b.String())
}

// recognised holds that the endpoints that were asked are there, and that it is
// explained how they were recognised.
func (p *program) recognised(t *testing.T, r *parity.Result, explained string) {
	t.Helper()
	for _, want := range p.endpoints {
		if !slices.ContainsFunc(r.Behaviours, func(b parity.Judged) bool {
			return b.Subject.Scope == p.name && b.Subject.Name == want && b.Column == "twin"
		}) {
			t.Errorf("the endpoint %q is not recognised", want)
		}
	}
	_, own, _ := strings.Cut("\n"+explained, "\n"+p.name+"\n")
	if !strings.Contains(own, "endpoint") {
		t.Errorf("how its endpoints were recognised is not explained:\n%s", explained)
	}
}

// twins holds that nothing is said of twins but that they are alike, or what is
// lacking to say so, and nothing of what nobody asked.
func (p *program) twins(t *testing.T, r *parity.Result) {
	t.Helper()
	for _, b := range r.Behaviours {
		if b.Column != "twin" || b.Subject.Scope != p.name && b.Subject.Name != p.name {
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
		own := b.Subject.Scope == p.name && b.Subject.Kind == parity.EndpointKind || b.Subject.Name == p.name && b.Subject.Kind == parity.WholeService
		if own && b.Path == p.otherwise && *b.Value > *b.Reference {
			t.Logf("found: %s: %s", b.Subject, b.Note)
			return
		}
	}
	t.Errorf("the other copy is not found to differ in %s", p.otherwise)
}
