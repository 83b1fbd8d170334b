package prometheus

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestNormalExpression(t *testing.T) {
	match, err := parseMatchers([]string{`env="staging"`})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"sum by (le) (\n  rate(x[5m])\n) > 1":    "sum by(le)(rate(x[5m]))>1",
		"a # note\n and b":                       "a and b",
		`x{a='say "hi"'}`:                        `x{a="say \"hi\""}`,
		"x{a=~`\\d+`}":                           `x{a=~"\\d+"}`,
		`x{env="staging",b="staging"}`:           `x{env="<env>",b="staging"}`,
		`x{env=~"staging"} offset 5m`:            `x{env=~"<env>"}offset 5m`,
		`a == bool 1`:                            `a==bool 1`,
		`label_replace(x,"env","staging","","")`: `label_replace(x,"env","staging","","")`,
		"":                                       "",
		`"unfinished`:                            `"unfinished`,
	} {
		if got := normalExpression(text, match); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestMatchers(t *testing.T) {
	for _, c := range []struct {
		text, value string
		valid, fits bool
	}{
		{`env="staging"`, "staging", true, true},
		{`env != 'staging'`, "staging", true, false},
		{`"service.name"=~"a|b"`, "b", true, true},
		{`env=~"stag"`, "staging", true, false},
		{`env!~"stag.*"`, "staging", true, false},
		{`env="a\"b"`, `a"b`, true, true},
		{`env=staging`, "", false, false},
		{`env=~"("`, "", false, false},
		{`env="a", b="c"`, "", false, false},
		{`="a"`, "", false, false},
	} {
		m, ok := parseMatcher(c.text)
		if ok != c.valid || ok && m.fits(c.value) != c.fits {
			t.Errorf("%s: valid %v, fits %v; want %v, %v", c.text, ok, ok && m.fits(c.value), c.valid, c.fits)
		}
	}
	if _, err := parseMatchers([]string{"env"}); err == nil {
		t.Error("what is not a matcher is taken for one")
	}
}

func TestGivenHost(t *testing.T) {
	for instance, want := range map[string]string{
		"db.example.com:9100": "db.example.com", "catalog:8080": "catalog", "web-2:80": "web", "node1.example.com:9100": "node.example.com",
		"10.0.0.1:80": "", "[::1]:80": "", "localhost:80": "", "": "", "ip-10-0-0-1.ec2.internal:9100": "", "https://shop.example.com/health": "",
		"https://shop.example.com": "shop.example.com", "web-7d9f8b6c5d-x2x4k:80": "", "DB.Example.com.": "db.example.com", "k8s:443": "k8s", "a b": "",
	} {
		if got := givenHost(instance); got != want {
			t.Errorf("%q is %q, want %q", instance, got, want)
		}
	}
}

func TestFamilies(t *testing.T) {
	for _, c := range []struct {
		about    string
		names    []string
		metadata map[string]kindOf
		want     map[string]family
	}{
		{
			"by metadata",
			[]string{"a_bucket", "a_sum", "a_count", "b_count", "c_created", "c_total"},
			map[string]kindOf{"a": {kind: "histogram"}, "b_count": {kind: "gauge"}},
			map[string]family{
				"a_bucket": {"a", bucketPart}, "a_sum": {"a", sumPart}, "a_count": {"a", countPart}, "b_count": {"b_count", plainPart},
				"c_created": {"c_total", createdPart}, "c_total": {"c_total", plainPart},
			},
		},
		{
			"by what stands beside",
			[]string{"a_bucket", "a_sum", "a_count", "b", "b_sum", "b_count", "c_count", "d_sum", "e_bucket"},
			nil,
			map[string]family{
				"a_bucket": {"a", bucketPart}, "a_sum": {"a", sumPart}, "a_count": {"a", countPart},
				"b": {"b", plainPart}, "b_sum": {"b", sumPart}, "b_count": {"b", countPart},
				"c_count": {"c_count", plainPart}, "d_sum": {"d_sum", plainPart}, "e_bucket": {"e_bucket", plainPart},
			},
		},
	} {
		got := families(c.names, c.metadata)
		if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(family{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.about, diff)
		}
	}
}

func TestSection(t *testing.T) {
	text := "runtime:\n  a: b\nglobal:\n  scrape_interval: 1s\n\n  external_labels:\n    a: b\nremote_write:\n- basic_auth: {password: x}\n"
	if got, want := section(text, "global"), "global:\n  scrape_interval: 1s\n\n  external_labels:\n    a: b\n"; got != want {
		t.Errorf("%q", got)
	}
}

func TestPlaceLabelsAreInOrder(t *testing.T) {
	for _, l := range placeLabels {
		if !placeLabel(l) {
			t.Errorf("%s is not found", l)
		}
	}
}
