package suspect_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/kube"
	"github.com/envparity/parity/internal/suspect"
)

// declaredKinds are those of Kubernetes objects.
var declaredKinds = kinds.New(kinds.Source{Kinds: kube.Kinds()})

func text(s string) *string { return &s }

// difference is one of a subject of staging, with both values.
func difference(kind, name, path, have, want string, s parity.Surface, class parity.Class) *parity.Difference {
	d := &parity.Difference{
		Fingerprint: kind + name + path, Subject: parity.SubjectRef{Kind: kind, Scope: "shop", Name: name}, Surface: s, Path: path,
		Class: class, Columns: []string{"staging"}, Severity: parity.Medium,
		Sides: []parity.Side{{Environment: "staging"}, {Environment: "production", Class: parity.Equal}},
	}
	if have != "" {
		d.Sides[0].Value = text(have)
	}
	if want != "" {
		d.Sides[1].Value = text(want)
	}
	return d
}

func of(service string, d *parity.Difference) suspect.Candidate {
	return suspect.Candidate{Difference: d, Owners: []string{service}}
}

func slower(endpoint string) parity.Judged {
	ratio := 1.4
	return parity.Judged{
		Column: "staging", Subject: parity.Key{Kind: parity.EndpointKind, Scope: "checkout", Name: endpoint}, Path: parity.LatencyPath,
		Answer: parity.AnswerDifferent, Effect: "ratio", Estimate: &ratio,
	}
}

func alike(endpoint string) parity.Judged {
	b := slower(endpoint)
	b.Answer = parity.AnswerEquivalent
	return b
}

func failing(peer string) parity.Judged {
	points := 0.1
	return parity.Judged{
		Column: "staging", Subject: parity.Key{Kind: parity.IntegrationKind, Scope: "checkout", Name: peer}, Path: parity.ErrorsPath,
		Answer: parity.AnswerDifferent, Effect: "difference", Estimate: &points,
	}
}

// decoys are differences that have nothing to do with it, some of them of the
// same service.
func decoys() []suspect.Candidate {
	return []suspect.Candidate{
		of("checkout", difference("ConfigMap", "checkout", "/data/FOOTER_TEXT", "Staging", "Shop", parity.Config, parity.Changed)),
		of("checkout", difference("Deployment", "checkout", "/metadata/labels/cpu-pool", "a", "b", parity.Config, parity.Changed)),
		of("checkout", difference("Deployment", "checkout", "/spec/template/spec/containers[name=app]/livenessProbe/timeoutSeconds", "1", "5", parity.Config, parity.Changed)),
		of("checkout", difference("Deployment", "checkout", "/spec/template/spec/containers[name=app]/resources/limits/memory", "2Gi", "1Gi", parity.Resource, parity.Changed)),
		of("search", difference("Deployment", "search", "/spec/template/spec/containers[name=app]/resources/limits/cpu", "100m", "2", parity.Resource, parity.Changed)),
		of("search", difference("ConfigMap", "search", "/data/DB_POOL_SIZE", "1", "50", parity.Config, parity.Changed)),
		of("inventory", difference("ConfigMap", "inventory", "/data/GREETING", "x", "y", parity.Config, parity.Changed)),
	}
}

// TestCauses plants one cause at a time among the decoys.
func TestCauses(t *testing.T) {
	for name, tt := range map[string]struct {
		seen  []parity.Judged
		cause suspect.Candidate
		says  string
	}{
		"cpu": {
			[]parity.Judged{slower("GET /cart"), slower("POST /checkout")},
			of("checkout", difference("Deployment", "checkout", "/spec/template/spec/containers[name=app]/resources/limits/cpu", "200m", "1", parity.Resource, parity.Changed)),
			"CPU time",
		},
		"pool": {
			[]parity.Judged{slower("GET /cart"), alike("GET /health")},
			of("checkout", difference("ConfigMap", "checkout", "/data/DB_POOL_SIZE", "2", "20", parity.Config, parity.Changed)),
			"free connection",
		},
		"index": {
			[]parity.Judged{slower("GET /cart"), alike("GET /health")},
			of("checkout", difference("table", "orders", "/indexes[name=orders_cart]/columns", "", "cart", parity.Data, parity.Missing)),
			"read all rows",
		},
		"policy": {
			[]parity.Judged{failing("payments")},
			suspect.Candidate{Difference: difference("NetworkPolicy", "allow-payments", "/spec/egress[=checkout to payments]", "", "checkout to payments", parity.Network, parity.Missing)},
			"who may talk",
		},
		"timeout of what fails": {
			[]parity.Judged{failing("payments")},
			of("checkout", difference("ConfigMap", "checkout", "/data/PAYMENTS_TIMEOUT", "100ms", "2s", parity.Config, parity.Changed)),
			"names payments",
		},
		"log level": {
			[]parity.Judged{slower("GET /cart"), slower("POST /checkout")},
			of("checkout", difference("ConfigMap", "checkout", "/data/LOG_LEVEL", "debug", "info", parity.Config, parity.Changed)),
			"writing each detail",
		},
		"cache of what is called": {
			[]parity.Judged{slower("GET /cart"), alike("GET /health")},
			of("inventory", difference("ConfigMap", "inventory", "/data/CACHE_ENABLED", "false", "true", parity.Config, parity.Changed)),
			"not in a cache",
		},
	} {
		t.Run(name, func(t *testing.T) {
			candidates := append(decoys(), tt.cause)
			in := suspect.Input{Kinds: declaredKinds, Behaviours: tt.seen, Candidates: candidates, Calls: map[string][]string{"checkout": {"inventory", "payments.shop.svc:8080"}}}
			suspect.Rank(in)
			found := in.Behaviours[0].Suspects
			if len(found) == 0 || found[0].Fingerprint != tt.cause.Difference.Fingerprint {
				t.Fatalf("the first suspect is not the cause: %+v", found)
			}
			if reasons := strings.Join(found[0].Reasons, "; "); !strings.Contains(reasons, tt.says) {
				t.Errorf("reasons %q do not say %q", reasons, tt.says)
			}
			if len(found) > 1 && found[1].Score >= found[0].Score {
				t.Errorf("a decoy is as suspect: %+v", found[1])
			}
		})
	}
}

// TestOthersAreNoSuspects holds that a service which is not called is never
// suspect, and that what is alike has no suspects.
func TestOthersAreNoSuspects(t *testing.T) {
	in := suspect.Input{Kinds: declaredKinds, Behaviours: []parity.Judged{slower("GET /cart"), alike("GET /health")}, Candidates: decoys()}
	suspect.Rank(in)
	for _, s := range in.Behaviours[0].Suspects {
		if s.Subject.Name == "search" || s.Subject.Name == "inventory" {
			t.Errorf("%s is of a service that is not called", s.Summary)
		}
	}
	if len(in.Behaviours[1].Suspects) > 0 {
		t.Error("what is alike has suspects")
	}
}

// TestOtherDirection holds that more of a good thing is less suspect than less
// of it.
func TestOtherDirection(t *testing.T) {
	less := of("checkout", difference("ConfigMap", "checkout", "/data/WORKERS", "2", "8", parity.Config, parity.Changed))
	more := of("checkout", difference("ConfigMap", "checkout", "/data/DB_POOL_SIZE", "80", "20", parity.Config, parity.Changed))
	in := suspect.Input{Kinds: declaredKinds, Behaviours: []parity.Judged{slower("GET /cart")}, Candidates: []suspect.Candidate{more, less}}
	suspect.Rank(in)
	if found := in.Behaviours[0].Suspects; len(found) == 0 || found[0].Path != "/data/WORKERS" {
		t.Errorf("got %+v", found)
	}
}

// TestOrderDoesNotMatter holds that the ranks follow from the differences alone.
func TestOrderDoesNotMatter(t *testing.T) {
	rank := func(seed uint64) []parity.Suspect {
		candidates := decoys()
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(candidates), reflect.Swapper(candidates))
		in := suspect.Input{Kinds: declaredKinds, Behaviours: []parity.Judged{slower("GET /cart")}, Candidates: candidates}
		suspect.Rank(in)
		return in.Behaviours[0].Suspects
	}
	first := rank(0)
	for seed := range uint64(20) {
		if got := rank(seed); !reflect.DeepEqual(got, first) {
			t.Fatalf("seed %d: %+v, want %+v", seed, got, first)
		}
	}
}

// called is a judgement on the calls of a peer.
func called(peer, path string, answer parity.Answer, ref, value float64) parity.Judged {
	b := parity.Judged{
		Column: "staging", Subject: parity.Key{Kind: parity.IntegrationKind, Scope: "checkout", Name: peer}, Path: path, Answer: answer,
		Reference: &ref, Value: &value, Requests: parity.Requests{Reference: 1000, Column: 1000},
	}
	effect, low, high := value-ref, value-ref-0.01, value-ref+0.01
	b.Effect = "difference"
	if path == parity.LatencyPath {
		effect, low, high, b.Effect = value/ref, value/ref*0.95, value/ref*1.05, "ratio"
	}
	b.Estimate, b.Interval = &effect, &[2]float64{low, high}
	return b
}

// asked says by how many requests an endpoint was judged, and how long they took.
func asked(b parity.Judged, ref, value, requests float64) parity.Judged {
	b.Reference, b.Value, b.Requests = &ref, &value, parity.Requests{Reference: requests, Column: requests}
	ratio := value / ref
	b.Estimate = &ratio
	return b
}

// first gives the path of the first suspect of the first behaviour.
func first(t *testing.T, seen []parity.Judged, candidates ...suspect.Candidate) (path, reasons string) {
	t.Helper()
	in := suspect.Input{Kinds: declaredKinds, Behaviours: seen, Candidates: candidates, Calls: map[string][]string{"checkout": {"inventory", "payments", "store"}}}
	suspect.Rank(in)
	found := in.Behaviours[0].Suspects
	if len(found) == 0 {
		t.Fatal("there is no suspect")
	}
	return found[0].Path, strings.Join(found[0].Reasons, "; ")
}

// TestCallsTell holds that what is seen of calls moves the ranks: a cause in a
// peer is believed where calls of it are off, and not where they are shown to be
// as in the reference.
func TestCallsTell(t *testing.T) {
	index := of("store", difference("table", "orders", "/indexes[name=orders_cart]/columns", "", "cart", parity.Data, parity.Missing))
	level := of("checkout", difference("Deployment", "checkout", "/env[name=LOG_LEVEL]/value", "debug", "info", parity.Telemetry, parity.Changed))
	cart := asked(slower("GET /cart"), 0.020, 0.040, 1000)
	if path, reasons := first(t, []parity.Judged{cart, called("store", parity.LatencyPath, parity.AnswerDifferent, 0.01, 0.03)}, index, level); path != index.Difference.Path || !strings.Contains(reasons, "a call of store takes longer") {
		t.Errorf("calls are slower: %s, %s", path, reasons)
	}
	if path, _ := first(t, []parity.Judged{cart, called("store", parity.LatencyPath, parity.AnswerEquivalent, 0.01, 0.01)}, index, level); path != level.Difference.Path {
		t.Errorf("calls are alike: %s", path)
	}
	// Not shown to be alike, but too little to explain 20 ms.
	if path, _ := first(t, []parity.Judged{cart, called("store", parity.LatencyPath, parity.AnswerInconclusive, 0.010, 0.012)}, index, level); path != level.Difference.Path {
		t.Errorf("calls explain too little: %s", path)
	}
}

// TestMoreCalls holds that a service which calls more often than another mix of
// endpoints explains has rather another flag than a smaller pool.
func TestMoreCalls(t *testing.T) {
	flag := of("checkout", difference("section", "flags", "/flags/live-prices/enabled", "true", "false", parity.Flag, parity.Changed))
	pool := of("checkout", difference("ConfigMap", "checkout", "/data/DB_POOL_SIZE", "2", "20", parity.Config, parity.Changed))
	cart := asked(slower("GET /cart"), 0.020, 0.040, 1000)
	calls := called("inventory", parity.LatencyPath, parity.AnswerEquivalent, 0.01, 0.01)
	if path, _ := first(t, []parity.Judged{cart, calls}, flag, pool); path != pool.Difference.Path {
		t.Errorf("as many calls: %s", path)
	}
	calls.Requests.Column = 3000
	if path, reasons := first(t, []parity.Judged{cart, calls}, flag, pool); path != flag.Difference.Path || !strings.Contains(reasons, "calls inventory 3.0 times as often") {
		t.Errorf("more calls: %s, %s", path, reasons)
	}
	// Another endpoint is asked for three times as often, and may make the calls.
	other := alike("GET /search")
	other.Requests = parity.Requests{Reference: 500, Column: 5500}
	if path, reasons := first(t, []parity.Judged{cart, other, calls}, flag, pool); path != pool.Difference.Path {
		t.Errorf("another mix: %s, %s", path, reasons)
	}
}

// TestOutage holds that where no call gets through, who may talk to whom is
// suspect before how much; and a peer that fails on both sides makes what calls
// it suspect.
func TestOutage(t *testing.T) {
	points := 0.15
	failing := parity.Judged{
		Column: "staging", Subject: parity.Key{Kind: parity.EndpointKind, Scope: "checkout", Name: "POST /order"}, Path: parity.ErrorsPath, Answer: parity.AnswerDifferent,
		Effect: "difference", Estimate: &points, Reference: new(float64), Value: &points, Requests: parity.Requests{Reference: 1000, Column: 1000},
	}
	policy := of("checkout", difference("NetworkPolicy", "checkout", "/spec/egress[=pods(app=payments)]", "", "pods(app=payments)", parity.Network, parity.Missing))
	timeout := of("checkout", difference("ConfigMap", "checkout", "/data/HTTP_TIMEOUT", "1s", "2s", parity.Config, parity.Changed))
	client := of("checkout", difference("software", "checkout", "/packages[purl=pkg:golang/example.com/payments-client]", "2.0.0", "1.8.0", parity.Artifact, parity.Changed))
	if path, reasons := first(t, []parity.Judged{failing, called("payments", parity.ErrorsPath, parity.AnswerDifferent, 0, 1)}, policy, timeout, client); path != policy.Difference.Path || !strings.Contains(reasons, "all calls of payments fail") {
		t.Errorf("no call gets through: %s, %s", path, reasons)
	}
	if path, reasons := first(t, []parity.Judged{failing, called("payments", parity.ErrorsPath, parity.AnswerEquivalent, 0.15, 0.15)}, timeout, client); path != client.Difference.Path || !strings.Contains(reasons, "fail on both sides") {
		t.Errorf("calls fail on both sides: %s, %s", path, reasons)
	}
}

// TestMirrored holds that swapping the sides leaves the ranks of what differs in
// both directions.
func TestMirrored(t *testing.T) {
	candidates := func(swap bool) []suspect.Candidate {
		list := decoys()
		if swap {
			for _, c := range list {
				s := c.Difference.Sides
				s[0].Value, s[1].Value = s[1].Value, s[0].Value
			}
		}
		return list
	}
	rank := func(swap bool) (paths []string) {
		a, b := 0.02, 0.04
		if swap {
			a, b = b, a
		}
		seen := []parity.Judged{asked(slower("GET /cart"), a, b, 1000), called("inventory", parity.LatencyPath, parity.AnswerDifferent, a, b)}
		in := suspect.Input{Kinds: declaredKinds, Behaviours: seen, Candidates: candidates(swap), Calls: map[string][]string{"checkout": {"inventory"}}}
		suspect.Rank(in)
		for _, s := range in.Behaviours[0].Suspects {
			paths = append(paths, s.Path)
		}
		return paths
	}
	if a, b := rank(false), rank(true); len(a) == 0 || !reflect.DeepEqual(a, b) {
		t.Errorf("%v, swapped %v", a, b)
	}
}
