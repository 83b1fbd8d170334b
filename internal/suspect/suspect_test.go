package suspect_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/suspect"
)

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
			in := suspect.Input{Behaviours: tt.seen, Candidates: candidates, Calls: map[string][]string{"checkout": {"inventory", "payments.shop.svc:8080"}}}
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
	in := suspect.Input{Behaviours: []parity.Judged{slower("GET /cart"), alike("GET /health")}, Candidates: decoys()}
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
	in := suspect.Input{Behaviours: []parity.Judged{slower("GET /cart")}, Candidates: []suspect.Candidate{more, less}}
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
		in := suspect.Input{Behaviours: []parity.Judged{slower("GET /cart")}, Candidates: candidates}
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
