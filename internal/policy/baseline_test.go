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
	data, err := WriteBaseline(judge(t, cfg, two, old).Differences)
	if err != nil {
		t.Fatal(err)
	}
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
	if j := with(text(web, "/old", "9", "2")); j.Verdict.Outcome != parity.Pass {
		t.Errorf("an old difference with another value: %+v", j.Verdict)
	}
	if j := with(old, fresh); j.Verdict.Outcome != parity.Fail || j.Verdict.Blocking != 1 {
		t.Errorf("a new difference: %+v", j.Verdict)
	}
	gone := text(web, "/old", "2", "2")
	if j := with(gone); len(j.Findings) != 1 || j.Findings[0].Kind != "baseline-unused" || j.Findings[0].Severity != parity.Info {
		t.Errorf("a difference that is gone: %+v", j.Findings)
	}
}

func TestBaselineIsByColumn(t *testing.T) {
	web := subject("Deployment", "web", "web", "web", "web")
	cell := func(class parity.Class) parity.Cell { return here(class, parity.Text, "1") }
	one := fact(web, parity.Config, "/a", cell(parity.Equal), cell(parity.Changed), cell(parity.Equal))
	both := fact(web, parity.Config, "/a", cell(parity.Changed), cell(parity.Changed), cell(parity.Equal))
	data, err := WriteBaseline(judge(t, nil, three, one).Differences)
	if err != nil {
		t.Fatal(err)
	}
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
	one, err := WriteBaseline(judge(t, nil, two, append(facts, text(api, "/z", "1", "2"))...).Differences)
	if err != nil {
		t.Fatal(err)
	}
	two, err := WriteBaseline(judge(t, nil, two, append([]*parity.Joined{text(api, "/z", "1", "2"), leak}, facts[0], facts[2])...).Differences)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(one, two) || bytes.Count(one, []byte(`"fingerprint"`)) != 3 {
		t.Errorf("%s\n%s", one, two)
	}
	if strings.Index(string(one), "shop/api") > strings.Index(string(one), "shop/web") {
		t.Errorf("it is not sorted: %s", one)
	}
	none, err := WriteBaseline(nil)
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
		{"another version", `{"version": 2, "differences": []}`, "version 2"},
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
	f.Add([]byte(`{"version": 2}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := ReadBaseline(data, "b")
		if err != nil {
			return
		}
		for _, e := range b.entries {
			if !b.holds(e.Fingerprint, e.Columns) {
				t.Fatalf("%+v is read and not held", e)
			}
		}
	})
}
