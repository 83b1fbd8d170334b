package manifests

import (
	"strings"
	"testing"

	"github.com/envparity/parity/internal/render"
)

// FuzzSubstitute holds that variables of Flux never fail but by an error, and
// that a text without any does not depend on them.
func FuzzSubstitute(f *testing.F) {
	for _, s := range []string{
		"a: ${A}", "a: ${A:=x}", "a: ${A/b/c}", "a: $${A}", "a: ${#A}", "a: ${A:0:1}", "${A", "$", "${A:=${B:-${C}}}", "${A//x/${B}}", "${A^^}${A%%*}",
	} {
		f.Add(s, "value", true)
	}
	f.Fuzz(func(t *testing.T, text, value string, others bool) {
		var e render.Encoder
		e.String(text)
		e.Uint(1)
		e.String("A")
		e.String(value)
		e.Uint(1)
		e.String("B")
		e.Bool(others)
		e.Uint(1 << 20)
		var out []byte
		var err error
		if guard(func() error { out, err = substitute(e.Data(), nil); return nil }) != nil || err != nil {
			return
		}
		d := render.NewDecoder(out)
		first, second := d.String(), d.String()
		if d.Err() != nil {
			t.Fatal(d.Err())
		}
		if !strings.Contains(text, "$") && first != second {
			t.Errorf("%q became %q and %q", text, first, second)
		}
	})
}

// FuzzTemplates holds that templates of ApplicationSets never fail but by an
// error, and that what is made has a bound.
func FuzzTemplates(f *testing.F) {
	for _, s := range []string{
		"{{ .a }}", "{{a}}", "{{ a }}-{{b", "{{ range until 3 }}x{{ end }}", `{{ repeat 100000 "x" }}`, `{{ .a | upper | normalize | slugify }}`,
		`{{ slugify 10 false "A b" }}`, `{{ toYaml . }}`, `{{ fromYaml "a: b" }}`, `{{ define "x" }}{{ template "x" }}{{ end }}`, "{{ index .a 5 }}",
	} {
		f.Add(s, "value", true)
		f.Add(s, "value", false)
	}
	f.Fuzz(func(t *testing.T, text, value string, goTemplate bool) {
		templating := &templating{goTemplate: goTemplate, left: 1 << 16}
		out, err := templating.replace(map[string]any{"x": []any{text}}, map[string]any{"a": value, "b": map[string]any{"c": value}})
		if err == nil && templating.left < 0 {
			t.Errorf("%d bytes too many of %q", -templating.left, text)
		}
		if err == nil && !strings.Contains(text, "{{") && out.(map[string]any)["x"].([]any)[0] != text {
			t.Errorf("%q became %v", text, out)
		}
	})
}

// FuzzStars holds that a pattern of braces and stars has a bound, and that a
// plain one fits itself alone.
func FuzzStars(f *testing.F) {
	f.Add("a*b?", "axxbc")
	f.Add("{a,b}/*.yaml", "a/x.yaml")
	f.Add(strings.Repeat("{a,b}", 20), "a")
	f.Add(strings.Repeat("*a", 200), strings.Repeat("a", 400))
	f.Fuzz(func(t *testing.T, pattern, text string) {
		all := alternatives(pattern)
		fitsAny(all, text)
		if !strings.ContainsAny(pattern, "*?{") && pattern != "" && fitsAny(all, text) != (pattern == text) {
			t.Errorf("%q and %q", pattern, text)
		}
	})
}
