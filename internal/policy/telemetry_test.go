package policy

import (
	"slices"
	"strings"
	"testing"

	"github.com/envparity/parity"
)

// TestCallsOfWhatIsMissing holds that the call of an operation that is missing is
// a part of that, and that of one that is there is a finding of its own.
func TestCallsOfWhatIsMissing(t *testing.T) {
	caller := subject(parity.OperationKind, "server GET /cart", "server GET /cart", "server GET /cart")
	gone := subject(parity.OperationKind, "server GET /prices", "", "server GET /prices")
	there := subject(parity.OperationKind, "server GET /stock", "server GET /stock", "server GET /stock")
	call := func(name string) []*parity.Joined {
		return missing(caller, parity.Telemetry, parity.CallsPath+"shop "+name+"]")
	}
	facts := slices.Concat(call("GET /prices"), call("GET /stock"), missing(gone, parity.Telemetry, "/attributes[=a]"),
		[]*parity.Joined{fact(there, parity.Telemetry, "/attributes[=a]", here(parity.Equal, parity.Text, "x"), here(parity.Equal, parity.Text, "x"))})
	j := judge(t, nil, two, facts...)
	var paths []string
	for _, d := range j.Differences {
		paths = append(paths, d.Subject.Name+d.Path)
		if d.Path == "" && (len(d.Explains) != 1 || d.Explains[0].Path != parity.CallsPath+"shop GET /prices]") {
			t.Errorf("the missing operation explains %+v", d.Explains)
		}
	}
	if want := []string{"server GET /cart/calls[=shop GET /stock]", "server GET /prices"}; !slices.Equal(paths, want) {
		t.Errorf("differences %q, want %q", paths, want)
	}
}

// TestMetricCoverage holds how M3 counts metrics: one that is missing, one
// without a label, one of another type, one that could not be looked for.
func TestMetricCoverage(t *testing.T) {
	metric := func(name string, in ...string) *parity.Aligned { return subject(parity.MetricKind, name, in...) }
	label := parity.MetricLabelsPath + "code]"
	same := func(a *parity.Aligned, path string) *parity.Joined {
		return fact(a, parity.Telemetry, path, here(parity.Equal, parity.Text, "x"), here(parity.Equal, parity.Text, "x"))
	}
	a, lacking, other, hidden := metric("a", "a", "a"), metric("lacking", "lacking", "lacking"), metric("other", "other", "other"), metric("hidden", "", "hidden")
	facts := slices.Concat(
		[]*parity.Joined{same(a, label), same(a, "/type")},
		missing(metric("gone", "", "gone"), parity.Telemetry, label),
		missing(lacking, parity.Telemetry, label),
		[]*parity.Joined{same(other, label), text(other, "/type", "gauge", "counter")},
		[]*parity.Joined{fact(hidden, parity.Telemetry, label, unknown(), here(parity.Equal, parity.Text, "x"))},
	)
	j := judge(t, nil, two, facts...)
	i := slices.IndexFunc(j.Indicators, func(i parity.Indicator) bool { return i.ID == "M3" })
	if i < 0 {
		t.Fatal("there is no M3")
	}
	m := j.Indicators[i]
	if m.Numerator != 2 || m.Denominator != 4 || m.Unknown != 1 || len(m.Evidence) != 2 {
		t.Errorf("M3 is %d of %d with %d unknown, want 2 of 4 with 1; %q", m.Numerator, m.Denominator, m.Unknown, m.Evidence)
	}
}

// TestObservability holds how M10 counts services: with all signals, without
// one, and with one that could not be looked for.
func TestObservability(t *testing.T) {
	service := func(name string, has ...string) (facts []*parity.Joined) {
		for _, kind := range []string{parity.LogsKind, parity.MetricKind, parity.OperationKind} {
			key := parity.Key{Kind: kind, Scope: name, Name: "m"}
			if kind == parity.LogsKind {
				key = parity.Key{Kind: kind, Name: name}
			}
			a := &parity.Aligned{Key: key, Logical: key, Alignment: parity.Alignment{Method: "exact", Confidence: 1}}
			side := &parity.SubjectFacts{Subject: parity.Subject{Key: key, Origin: &parity.Origin{File: "f"}}}
			cell := absent(parity.Missing)
			if a.Sides = []*parity.SubjectFacts{nil, side}; slices.Contains(has, kind) {
				a.Sides[0], cell = side, here(parity.Equal, parity.Text, "x")
			}
			facts = append(facts, fact(a, parity.Telemetry, "/x", cell, here(parity.Equal, parity.Text, "x")))
		}
		return facts
	}
	facts := slices.Concat(
		service("whole", parity.LogsKind, parity.MetricKind, parity.OperationKind),
		service("silent", parity.MetricKind, parity.OperationKind),
		service("hidden", parity.LogsKind, parity.MetricKind),
	)
	gap := Coverage{Gaps: []parity.ColumnGap{{Column: "staging", Gap: parity.Gap{Kind: parity.OperationKind, Scope: "hidden", Reason: "asleep"}}}}
	j := judgeWith(t, nil, two, Options{}, gap, facts...)
	i := slices.IndexFunc(j.Indicators, func(i parity.Indicator) bool { return i.ID == "M10" && i.Column == "staging" })
	if i < 0 {
		t.Fatal("there is no M10")
	}
	if m := j.Indicators[i]; m.Numerator != 1 || m.Denominator != 2 || m.Unknown != 1 || len(m.Evidence) != 1 {
		t.Errorf("M10 is %d of %d with %d unknown, want 1 of 2 with 1; %q", m.Numerator, m.Denominator, m.Unknown, m.Evidence)
	}
}

// TestNothingToldOfBehaviour holds that a verdict says where nothing could be told
// of how services behave, and says nothing where something was, or nothing was to
// be told.
func TestNothingToldOfBehaviour(t *testing.T) {
	cart := subject(parity.EndpointKind, "GET /cart", "GET /cart", "GET /cart")
	measured := func(class parity.Class) *parity.Joined {
		return fact(cart, parity.Behaviour, parity.LatencyPath, here(class, parity.Distribution, "x"), here(parity.Equal, parity.Distribution, "x"))
	}
	gap := Coverage{Gaps: []parity.ColumnGap{{Column: "staging", Gap: parity.Gap{Kind: parity.EndpointKind, Reason: "the server has no samples"}}}}
	for _, tt := range []struct {
		name  string
		facts []*parity.Joined
		cov   Coverage
		want  string
	}{
		{"not yet", []*parity.Joined{measured(parity.Ambiguous)}, Coverage{}, "Nothing could be told of how services behave in staging: 1 measurement cannot be told yet."},
		{"a gap", nil, gap, "Nothing could be told of how services behave in staging: the server has no samples."},
		{"alike", []*parity.Joined{measured(parity.Equivalent)}, gap, ""},
		{"no telemetry", nil, Coverage{}, ""},
	} {
		j := judgeWith(t, nil, two, Options{}, tt.cov, tt.facts...)
		i := slices.IndexFunc(j.Verdict.Unseen, func(s string) bool { return strings.HasPrefix(s, "Nothing could be told") })
		if got := ""; i >= 0 && tt.want != j.Verdict.Unseen[i] || i < 0 && tt.want != got {
			t.Errorf("%s: %q, want %q", tt.name, j.Verdict.Unseen, tt.want)
		}
	}
}
