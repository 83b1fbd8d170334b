package acceptance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/sampleshop"
)

// twins are copies of one service under real load before a real Prometheus.
type twins struct {
	o      *sampleshop.Observation
	w      sampleshop.Window
	copies []sampleshop.Copy
}

// shadowed is how long the twins are under load.
const shadowed = 180 * time.Second

// twinsUnderLoad runs production, a twin of it and others, each otherwise in one
// respect. Bounds of their histograms lie 2 % apart: those that lie 10 % apart
// cannot tell 25 % from a margin of 15 %.
func twinsUnderLoad(t *testing.T) *twins {
	t.Helper()
	const fine = 1.02
	settings := map[string]sampleshop.Settings{
		"production": {NativeFactor: fine},
		"twin":       {NativeFactor: fine},
		"slow":       {NativeFactor: fine, Slowdown: 1.25},
		"errors":     {NativeFactor: fine, ExtraErrors: 0.02},
		"failing":    {NativeFactor: fine, IntegrationFailures: 0.10},
		"coarse":     {ClassicOnly: true, Buckets: sampleshop.DefaultBuckets()},
		"tenth":      {NativeFactor: fine},
	}
	x := new(twins)
	var targets []sampleshop.Target
	for i, name := range slices.Sorted(maps.Keys(settings)) {
		s := settings[name]
		s.Seed = uint64(1000 + i)
		c := sampleshop.Copy{Env: name, Service: sampleshop.Start(t, s)}
		x.copies = append(x.copies, c)
		target := sampleshop.Target{URL: c.Service.URL}
		if name == "tenth" {
			target.Rate, target.Mix = 4, sampleshop.Mix{"POST /checkout": 60, "GET /cart/{id}": 30, "GET /catalog": 10}
		}
		targets = append(targets, target)
	}
	x.o = sampleshop.Observe(t, x.copies...)
	x.w = x.o.Run(t, shadowed, targets, sampleshop.DefaultMix(), 40, 7)
	quiet(t, x.w)
	return x
}

// check compares environments with production as they were for a time since the
// beginning of the load.
func (x *twins) check(t *testing.T, window time.Duration, more string, envs ...string) []parity.Judged {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "version: 1\n%senvironments:\n", more)
	for _, env := range append(envs, "production") {
		fmt.Fprintf(&b, "  - name: %s\n    sources:\n      - {collector: prometheus, url: %q, match: ['env=\"%s\"'], window: %s, step: 2s}\n", env, x.o.URL, env, window)
	}
	r := resultAt(t, x.w.Begin.Add(window), project(t, b.String()), "check")
	for _, g := range r.Gaps {
		t.Errorf("a gap: %+v", g)
	}
	if len(r.Behaviours) == 0 {
		t.Fatal("nothing was judged")
	}
	return r.Behaviours
}

// which gives the judgements of a column that have an answer.
func which(judged []parity.Judged, column string, answer parity.Answer) (list []parity.Judged) {
	for _, b := range judged {
		if b.Column == column && b.Answer == answer {
			list = append(list, b)
		}
	}
	return list
}

// TestTwinsUnderLoad holds what is said of twins of a service that is under load: of one
// that is the same, nothing; of those that are not, what is otherwise.
func TestTwinsUnderLoad(t *testing.T) {
	underLoad(t)
	x := twinsUnderLoad(t)
	t.Run("found", x.found)
	t.Run("coarse", x.coarse)
	t.Run("tenth", x.tenth)
}

// found holds that each difference is found, and tells how many requests that
// took.
func (x *twins) found(t *testing.T) {
	first := map[string]string{}
	for window := 40 * time.Second; window <= shadowed; window += 20 * time.Second {
		judged := x.check(t, window, "", "twin", "slow", "errors", "failing")
		for _, b := range which(judged, "twin", parity.AnswerDifferent) {
			t.Errorf("after %s, the twin is told to be otherwise: %s %s: %s", window, b.Subject, b.Path, b.Note)
		}
		for column, as := range map[string]func(b *parity.Judged) bool{
			"slow": func(b *parity.Judged) bool { return b.Path == parity.LatencyPath && *b.Estimate > 1 },
			"errors": func(b *parity.Judged) bool {
				return b.Path == parity.ErrorsPath && b.Subject.Kind != parity.IntegrationKind && *b.Estimate > 0
			},
			"failing": func(b *parity.Judged) bool {
				return b.Path == parity.ErrorsPath && b.Subject.Name == "payments" && *b.Estimate > 0
			},
		} {
			for _, b := range which(judged, column, parity.AnswerDifferent) {
				if as(&b) && first[column] == "" {
					first[column] = fmt.Sprintf("after %.0f requests (%s): %s %s: %s", b.Requests.Column, window, b.Subject, b.Path, b.Note)
				}
			}
		}
	}
	for _, column := range []string{"slow", "errors", "failing"} {
		if first[column] == "" {
			t.Errorf("%s is not found in %s", column, shadowed)
			for _, b := range x.check(t, shadowed, "", column) {
				t.Logf("%s %s %s: %s", b.Answer, b.Subject, b.Path, b.Note)
			}
			continue
		}
		t.Logf("%s is found %s", column, first[column])
	}
}

// coarse holds that default buckets resolve nothing where they are wide, and
// that the bound to add is named.
func (x *twins) coarse(t *testing.T) {
	judged := x.check(t, shadowed, "", "coarse")
	for _, b := range which(judged, "coarse", parity.AnswerDifferent) {
		t.Errorf("%s %s: %s", b.Subject, b.Path, b.Note)
	}
	told := 0
	for _, b := range which(judged, "coarse", parity.AnswerInconclusive) {
		if b.Path != parity.LatencyPath || b.Reason != "instrument" {
			continue
		}
		told++
		if len(b.Boundaries) == 0 || !strings.Contains(b.Note, "bound") {
			t.Errorf("%s: no bound is named: %s", b.Subject, b.Note)
		}
		t.Logf("%s: %s (%v)", b.Subject, b.Note, b.Boundaries)
	}
	if told < 3 {
		t.Errorf("the instrument is named for %d endpoints and integrations, want 3", told)
	}
}

// tenth holds that a tenth of the load and another mix of endpoints is no
// difference, although both together look like one.
func (x *twins) tenth(t *testing.T) {
	for _, more := range []string{"", "telemetry: {loadTolerance: 20}\n"} {
		judged := x.check(t, shadowed, more, "tenth")
		for _, b := range which(judged, "tenth", parity.AnswerDifferent) {
			t.Errorf("%q: %s %s: %s", more, b.Subject, b.Path, b.Note)
		}
		for _, b := range judged {
			if b.Subject.Kind == parity.WholeService {
				t.Logf("%q: %s %s %s: %s", more, b.Answer, b.Subject, b.Path, b.Note)
			}
		}
	}
	p95 := func(env string) float64 {
		return x.o.Query(t, fmt.Sprintf(`histogram_quantile(0.95, sum(increase(http_server_request_duration_seconds{env=%q}[%s])))`, env, shadowed), x.w.End)
	}
	have, want := p95("tenth"), p95("production")
	t.Logf("all requests together: p95 is %.1f ms, %.1f ms in production", 1000*have, 1000*want)
	if have < 1.15*want {
		t.Errorf("without the mix in mind, there would be no false difference: %.4f s, %.4f s", have, want)
	}
}
