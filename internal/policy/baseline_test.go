package policy

import (
	"bytes"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

func TestBaselineHoldsWhatWasThere(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	old, fresh := text(web, "/old", "1", "2"), text(web, "/new", "1", "2")
	cfg := &config.Config{Gate: config.Gate{Mode: "block"}}
	data := baselineOf(t, judgeWith(t, cfg, two, Options{KeepValues: true}, Coverage{}, old))
	with := func(facts ...*parity.Joined) Judgement {
		b, err := ReadBaseline(data, "baseline.json")
		if err != nil {
			t.Fatal(err)
		}
		return judgeWith(t, cfg, two, Options{Baseline: b}, Coverage{}, facts...)
	}
	if j := with(old); j.Verdict.Outcome != parity.Pass || !only(t, j).Baseline || j.Verdict.Counting != 1 || j.Verdict.Blocking != 0 {
		t.Errorf("an old difference: %+v", j.Verdict)
	}
	if j := with(text(web, "/old", "9", "2")); j.Verdict.Outcome != parity.Fail || only(t, j).Baseline {
		t.Errorf("an old difference with another value: %+v", j.Verdict)
	}
	if j := with(text(web, "/old", "1", "3")); j.Verdict.Outcome != parity.Fail {
		t.Errorf("an old difference with another value in the reference: %+v", j.Verdict)
	}
	if j := with(old, fresh); j.Verdict.Outcome != parity.Fail || j.Verdict.Blocking != 1 {
		t.Errorf("a new difference: %+v", j.Verdict)
	}
	gone := text(web, "/old", "2", "2")
	if j := with(gone); len(j.Findings) != 1 || j.Findings[0].Kind != "baseline-unused" || j.Findings[0].Severity != parity.Info {
		t.Errorf("a difference that is gone: %+v", j.Findings)
	}
}

// baselineOf returns the baseline file of a judgement.
func baselineOf(t *testing.T, j Judgement) []byte {
	t.Helper()
	data, err := j.Baseline()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestBaselineIsByColumn(t *testing.T) {
	web := subject("Deployment", "web", "web", "web", "web")
	cell := func(class parity.Class) parity.Cell { return here(class, parity.Text, "1") }
	one := fact(web, parity.Config, "/a", cell(parity.Equal), cell(parity.Changed), cell(parity.Equal))
	both := fact(web, parity.Config, "/a", cell(parity.Changed), cell(parity.Changed), cell(parity.Equal))
	data := baselineOf(t, judgeWith(t, nil, three, Options{KeepValues: true}, Coverage{}, one))
	b, err := ReadBaseline(data, "b")
	if err != nil {
		t.Fatal(err)
	}
	if d := only(t, judgeWith(t, nil, three, Options{Baseline: b}, Coverage{}, both)); d.Baseline {
		t.Error("a difference that reached dev is held by a baseline of staging")
	}
}

func TestBaselineIsSortedAndRoundTrips(t *testing.T) {
	web, api := subject("Deployment", "web", "web", "web"), subject("Deployment", "api", "api", "api")
	leak := text(web, "/a", "1", "2")
	facts := []*parity.Joined{text(web, "/b", "1", "2"), leak, text(web, "/c", "1", "1")}
	one := baselineOf(t, judgeWith(t, nil, two, Options{KeepValues: true}, Coverage{}, append(facts, text(api, "/z", "1", "2"))...))
	two := baselineOf(t, judgeWith(t, nil, two, Options{KeepValues: true}, Coverage{}, append([]*parity.Joined{text(api, "/z", "1", "2"), leak}, facts[0], facts[2])...))
	if !bytes.Equal(one, two) || bytes.Count(one, []byte(`"fingerprint"`)) != 3 {
		t.Errorf("%s\n%s", one, two)
	}
	if strings.Index(string(one), "shop/api") > strings.Index(string(one), "shop/web") {
		t.Errorf("it is not sorted: %s", one)
	}
	none, err := new(Judgement).Baseline()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := ReadBaseline(none, "b"); err != nil {
		t.Errorf("an empty baseline: %v", err)
	}
}

func TestBaselineIsReadStrictly(t *testing.T) {
	entry := func(s string) string {
		return `{"version": 1, "differences": [` + s + `]}`
	}
	const good = `"class":"changed","surface":"config","subject":"s"`
	for _, c := range []struct{ name, text, want string }{
		{"empty", ``, "no baseline file"},
		{"no JSON", "{\n  x", "b.json:2:3: this is no baseline file"},
		{"another version", `{"version": 3, "differences": []}`, "version 3"},
		{"no version", `{}`, "version 0"},
		{"unknown key", `{"version": 1, "difference": []}`, "unknown field"},
		{"wrong type", `{"version": 1, "differences": {}}`, "no baseline file"},
		{"trailing text", entry("") + "x", "no baseline file"},
		{"trailing value", entry("") + "{}", "follows the end"},
		{"no columns", entry(`{"fingerprint":"0123456789abcdef",` + good + `}`), "difference 1: it names no columns"},
		{"no fingerprint", entry(`{"columns":["staging"],` + good + `}`), "16 hexadecimal"},
		{"other fingerprint", entry(`{"fingerprint":"0123456789ABCDEF","columns":["staging"],` + good + `}`), "16 hexadecimal"},
	} {
		_, err := ReadBaseline([]byte(c.text), "b.json")
		if err == nil {
			t.Errorf("%s is read", c.name)
			continue
		}
		if c.name == "trailing text" {
			c.want = "follows the end"
		}
		if !strings.Contains(err.Error(), c.want) || parity.CodeOf(err) != parity.CodeConfig || parity.HintOf(err) == "" {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func FuzzBaseline(f *testing.F) {
	f.Add([]byte(`{"version": 1, "differences": [{"fingerprint":"0123456789abcdef","columns":["staging"],"class":"changed","surface":"config","subject":"s","path":"/a"}]}`))
	f.Add([]byte(`{"version": 2, "key": "k", "differences": [{"fingerprint":"0123456789abcdef","columns":["staging"],"class":"changed","surface":"config","subject":"s","values":{"staging":"[secret] a","production":"1"}}]}`))
	f.Add([]byte(`{"version": 3}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := ReadBaseline(data, "b")
		if err != nil {
			return
		}
		for _, e := range b.entries {
			x := &record{Difference: parity.Difference{Fingerprint: e.Fingerprint, Columns: e.Columns}, values: e.Values}
			if !b.holds(x, "production", b.key) {
				t.Fatalf("%+v is read and not held", e)
			}
		}
	})
}

// TestBaselineOfSecrets holds that a baseline knows secrets by keyed digests, that
// another value is new, and that digests of another key are never the same.
func TestBaselineOfSecrets(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	secret := func(class parity.Class, canon string) parity.Cell {
		c := here(class, parity.Secret, "")
		c.Fact.Value.Canon, c.Fact.Value.Suspected = canon, true
		return c
	}
	pair := func(staging string) *parity.Joined {
		return fact(web, parity.Config, "/token", secret(parity.Changed, staging), secret(parity.Equal, "hmac:bb"))
	}
	data := baselineOf(t, judgeWith(t, nil, two, Options{KeepValues: true, KeyID: "k1"}, Coverage{}, pair("hmac:aa")))
	if !strings.Contains(string(data), `"staging":"[secret] hmac:aa"`) || !strings.Contains(string(data), `"key": "k1"`) {
		t.Fatalf("%s", data)
	}
	for _, c := range []struct {
		name, value, key string
		known            bool
		finding          string
	}{
		{"the same", "hmac:aa", "k1", true, ""},
		{"another value", "hmac:cc", "k1", false, ""},
		{"another key", "hmac:aa", "k2", false, "baseline-key"},
	} {
		b, err := ReadBaseline(data, "b")
		if err != nil {
			t.Fatal(err)
		}
		j := judgeWith(t, nil, two, Options{Baseline: b, KeyID: c.key}, Coverage{}, pair(c.value))
		if only(t, j).Baseline != c.known {
			t.Errorf("%s: known is %v", c.name, !c.known)
		}
		if c.finding != "" && (len(j.Findings) != 1 || j.Findings[0].Kind != c.finding) {
			t.Errorf("%s: %+v", c.name, j.Findings)
		}
	}
}

func TestBaselineOfVersion1(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	print := only(t, judge(t, nil, two, text(web, "/a", "1", "2"))).Fingerprint
	b, err := ReadBaseline([]byte(`{"version":1,"differences":[{"fingerprint":"`+print+`","columns":["staging"],"class":"changed","surface":"config","subject":"s"}]}`), "b")
	if err != nil {
		t.Fatal(err)
	}
	j := judgeWith(t, nil, two, Options{Baseline: b}, Coverage{}, text(web, "/a", "7", "2"))
	if !only(t, j).Baseline || len(j.Findings) != 1 || j.Findings[0].Kind != "baseline-old" {
		t.Errorf("%+v %+v", j.Differences, j.Findings)
	}
}

// TestBaselineHoldsCanonicalValues holds that another spelling is no other value,
// and that a long one is kept as a digest.
func TestBaselineHoldsCanonicalValues(t *testing.T) {
	if got := knownValue(parity.Value{Kind: parity.Quantity, Raw: "1000m", Canon: "1"}, true); got != "1" {
		t.Errorf("a quantity is %q", got)
	}
	long := strings.Repeat("x", maxKnownValue+1)
	if got := knownValue(parity.Value{Kind: parity.Text, Raw: long}, true); len(got) > 100 || !strings.HasPrefix(got, "sha256:") {
		t.Errorf("a long text is %q", got)
	}
	if got := knownValue(parity.Value{Kind: parity.Secret, Canon: "hmac:aa"}, false); got != secretValue {
		t.Errorf("a secret of one side is %q", got)
	}
}
