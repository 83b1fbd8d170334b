package reporttest

import (
	"reflect"
	"time"

	"github.com/envparity/parity"
)

// Drift is a result of drift of two instances: every kind of drift, what
// others own, additions, what is unknown, and a history, with Hostile text
// among the values.
func Drift() *parity.DriftResult {
	at := time.Date(2026, 3, 14, 9, 26, 53, 0, time.UTC)
	return &parity.DriftResult{
		Version: parity.DriftVersion, Tool: "parity v0.1.0", Time: at, Project: "shop", Environment: "production",
		Verdict: parity.Verdict{
			Outcome: parity.Fail, Mode: "block", Blocking: 4, Counting: 5,
			Reasons:     []string{"4 drifts of severity medium or more: 2 high, 2 medium", "1 drift less severe than medium"},
			Differences: []string{fingerprint("a"), fingerprint("b")},
		},
		Indicators: []parity.Indicator{
			{ID: "M2", Name: "config drift count", Column: "production/eu", Unit: "count", Value: ptr(5.0), Target: ptr(0.0), Met: ptr(false), Numerator: 5, Denominator: 340, Unknown: 12},
			{ID: "M2", Name: "config drift count", Column: "production/us", Unit: "count", Value: ptr(0.0), Target: ptr(0.0), Met: ptr(true), Denominator: 352},
		},
		Instances: []parity.DriftInstance{driftInstance(at), {
			Name: "production/us", Desired: parity.DriftSide{Role: parity.Desired, Time: at, Subjects: 31, Facts: 352},
			Live:   parity.DriftSide{Role: parity.Live, Time: at, Subjects: 60, Facts: 900},
			Counts: parity.DriftCounts{Set: 352, Equal: 300, Equivalent: 52}, NotSet: 548,
		}},
	}
}

func driftInstance(at time.Time) parity.DriftInstance {
	counts := parity.DriftCounts{Set: 382, Equal: 290, Equivalent: 34, Drifted: 11, Owned: 5, Unknown: 12, NotApplicable: 3, Derived: 27}
	return parity.DriftInstance{
		Name:    "production/eu",
		Desired: parity.DriftSide{Role: parity.Desired, Time: at, Subjects: 33, Facts: 382, Snapshot: "sha256:00", Sources: []string{"deploy/production"}},
		Live:    parity.DriftSide{Role: parity.Live, Time: at, Subjects: 60, Facts: 1234, Gaps: 1, Tools: map[string]string{"kubernetes": "v1.37.2"}},
		Counts:  counts, Surfaces: map[parity.Surface]parity.DriftCounts{parity.Config: counts}, NotSet: 912,
		Drifts: drifts(at), Owned: []parity.DriftOwned{
			{
				Kind: parity.AutoscalerOwner, Owner: "HorizontalPodAutoscaler shop/web", Why: "it sets how many replicas there are", Sure: true, Facts: 1,
				Differences: []parity.Drift{driftOf("owned", "Deployment", "/spec/replicas", parity.DriftChanged, "4", "9")},
			},
			{
				Kind: parity.AdmissionOwner, Owner: "MutatingWebhookConfiguration mirrors", Why: "the image is the declared one in another registry", Facts: 4,
				Differences: []parity.Drift{
					driftOf("1", "Deployment", "/spec/a", parity.DriftChanged, "a", "b"), driftOf("2", "Deployment", "/spec/b", parity.DriftChanged, "a", "b"),
					driftOf("3", "Deployment", "/spec/c", parity.DriftChanged, "a", "b"), driftOf("4", "Deployment", "/spec/d", parity.DriftChanged, "a", "b"),
				},
			},
		},
		Added: []parity.DriftAddition{{
			Subject: parity.SubjectRef{Kind: "Deployment", Group: "apps", Scope: "shop", Name: "web"}, Path: "/spec/template/spec/containers[name=web]/env[name=DEBUG]", Facts: 1,
			Live:   parity.Side{Role: parity.Live, State: parity.Present, Value: ptr("1")},
			Writer: &parity.Writer{Manager: "kubectl-set", Operation: "Update", Time: at.Add(-time.Hour)}, Age: "1h0m",
		}},
		Unknown: []parity.DriftUnknown{{
			Reason: "secrets cannot be listed: forbidden", Kind: "Secret", Subjects: 7, Facts: 12,
			Examples: []parity.Key{{Kind: "Secret", Scope: "shop", Name: "a"}, {Kind: "Secret", Scope: "shop", Name: "b"}},
		}},
		Gaps:    []parity.ColumnGap{{Column: "live", Gap: parity.Gap{Source: "cluster", Kind: "Secret", Reason: "secrets cannot be listed: forbidden", Hint: "grant list on secrets"}, Facts: 12}},
		History: driftHistory(at),
	}
}

func driftOf(seed, kind, path string, how parity.DriftKind, want, have string) parity.Drift {
	d := parity.Drift{
		Fingerprint: fingerprint(seed), Subject: parity.SubjectRef{Kind: kind, Group: "apps", Scope: "shop", Name: "web", Alignment: parity.Alignment{Method: "exact", Confidence: 1}},
		Surface: parity.Config, Path: path, Kind: how, Facts: 1, Severity: parity.Medium, Why: "medium by row 31 of the built-in table: changed on surface config",
		Desired: parity.Side{Environment: "production", Role: parity.Desired, State: parity.Absent, Source: "deploy/web.yaml:12:3", File: "deploy/web.yaml", Line: 12, Col: 3},
		Live:    parity.Side{Environment: "production", Role: parity.Live, State: parity.Absent, Class: parity.Changed},
		Reapply: parity.Reapply{Why: "it rolls 3 pods: the template changes"},
	}
	if want != "" {
		d.Desired.State, d.Desired.Value = parity.Present, &want
	}
	if have != "" {
		d.Live.State, d.Live.Value, d.Live.Source = parity.Present, &have, "cluster eu Deployment shop/web"
	}
	return d
}

func drifts(at time.Time) []parity.Drift {
	missing := driftOf("a", "NetworkPolicy", "", parity.DriftMissing, "", "")
	missing.Desired.State, missing.Facts, missing.Severity, missing.Surface = parity.Present, 6, parity.High, parity.Network
	missing.Reapply.Why = "a whole object is made: traffic that it does not allow is cut off at once"

	widened := driftOf("b", "Role", "/rules", parity.DriftWidened, "", "")
	widened.Live.State, widened.Live.Source, widened.Facts = parity.Present, "cluster eu Role shop/web", 3
	widened.Items = []string{"create core/pods", "delete core/pods", "get core/secrets named " + Hostile}
	widened.Reapply.Why = "it takes rights away that something may rely on by now"
	widened.Severity, widened.Surface = parity.High, parity.IdentitySurface
	widened.Writer = &parity.Writer{
		Manager: "kubectl-edit", Operation: "Update", Time: at.Add(-2 * time.Hour),
		Also: &parity.Writer{Manager: "helm", Operation: "Update"},
	}
	widened.Age, widened.OddOneOut, widened.FirstSeen = "2h0m", "production/eu", ptr(at.Add(-time.Hour))

	image := driftOf("c", "Deployment", "/spec/template/spec/containers[name=web]/image", parity.DriftChanged, "registry.example/web:1.4.2", "registry.example/web@sha256:1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcdef")
	image.Change, image.Surface, image.Subject.Service = parity.VersionChange, parity.Artifact, "storefront"
	image.Note = `the writer calls itself "manager", which may be a controller`

	secret := driftOf("d", "Secret", "/data/password", parity.DriftChanged, "[secret]", "[secret]")
	secret.Desired.Kind, secret.Live.Kind, secret.Change, secret.Surface = parity.Secret, parity.Secret, parity.SecretChange, parity.Secrets

	label := driftOf("e", "Deployment", "/metadata/labels/team", parity.DriftRemoved, "a "+Hostile, "")
	label.Severity, label.Reapply = parity.Info, parity.Reapply{LowRisk: true, Why: "one field; a label of the object itself: nothing restarts"}
	return []parity.Drift{missing, widened, image, secret, label}
}

func driftHistory(at time.Time) *parity.DriftHistory {
	return &parity.DriftHistory{
		Snapshots: 4, From: at.Add(-15 * 24 * time.Hour), To: at,
		Weeks: []parity.DriftWeek{
			{Week: "2026-W09", Begin: time.Date(2026, 2, 23, 0, 0, 0, 0, time.UTC), Before: 1, Snapshots: 1},
			{Week: "2026-W10", Begin: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)},
			{Week: "2026-W11", Begin: time.Date(2026, 3, 9, 0, 0, 0, 0, time.UTC), Appeared: 4, Snapshots: 3},
		},
		Followed: []parity.DriftFollowed{
			{Fingerprint: fingerprint("a"), Subject: parity.SubjectRef{Kind: "NetworkPolicy", Scope: "shop", Name: "web"}, Kind: parity.DriftMissing, FirstSeen: at, LastSeen: at, Snapshots: 1, Open: true},
			{Fingerprint: fingerprint("x"), Subject: parity.SubjectRef{Kind: "ConfigMap", Scope: "shop", Name: "web"}, Path: "/data/a", Kind: parity.DriftChanged, FirstSeen: at, LastSeen: at, Snapshots: 1},
		},
		Gaps: []parity.Gap{{Source: "old.parity", Reason: "an earlier snapshot cannot be read: it is cut off", Where: "old.parity"}},
	}
}

// NoDrift is a result in which nothing drifts.
func NoDrift() *parity.DriftResult {
	r := Drift()
	r.Instances = r.Instances[1:]
	r.Indicators = r.Indicators[1:]
	r.Verdict = parity.Verdict{Outcome: parity.Pass, Mode: "report-only", Reasons: []string{"what runs is what is declared"}}
	return r
}

// PoisonDrift is Drift with s appended to every text in it.
func PoisonDrift(s string) *parity.DriftResult {
	r := Drift()
	poison(reflect.ValueOf(r).Elem(), s)
	return r
}
