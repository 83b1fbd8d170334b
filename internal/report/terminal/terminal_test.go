package terminal

import (
	"bytes"
	"flag"
	"strings"
	"testing"
	"unicode"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/reporttest"
	"github.com/envparity/parity/internal/report/view"
)

var update = flag.Bool("update", false, "write the golden files anew")

func render(t testing.TB, r *parity.Result, o view.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for name, c := range map[string]struct {
		result  *parity.Result
		options view.Options
	}{
		"shop-80.txt":      {reporttest.Shop(), view.Options{}},
		"shop-120.txt":     {reporttest.Shop(), view.Options{Width: 120}},
		"shop-color.txt":   {reporttest.Shop(), view.Options{Width: 100, Color: true}},
		"shop-all.txt":     {reporttest.Shop(), view.Options{Width: 100, All: true, Verbose: true}},
		"passing.txt":      {reporttest.Passing(), view.Options{}},
		"empty.txt":        {reporttest.Empty(), view.Options{}},
		"shop-narrow.txt":  {reporttest.Shop(), view.Options{Width: 60}},
		"large-groups.txt": {reporttest.Large(2, 40), view.Options{Members: 2}},
	} {
		t.Run(name, func(t *testing.T) {
			got := render(t, c.result, c.options)
			reporttest.Golden(t, name, []byte(got), *update)
			calm(t, got, c.options)
		})
	}
}

// calm checks that no line is wider than the terminal and that nothing but
// the report's own colours can steer it.
func calm(t *testing.T, text string, o view.Options) {
	t.Helper()
	if o.Color {
		text = stripOwn(text)
	}
	for i, l := range strings.Split(text, "\n") {
		if w := width(l); w > o.Columns() {
			t.Errorf("line %d is %d wide, the terminal %d: %q", i+1, w, o.Columns(), l)
		}
		for _, r := range l {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
				t.Errorf("line %d holds %U: %q", i+1, r, l)
			}
		}
	}
}

func stripOwn(s string) string {
	for {
		i := strings.Index(s, "\x1b[")
		if i < 0 {
			return s
		}
		j := strings.IndexByte(s[i:], 'm')
		if j < 0 || strings.Trim(s[i+2:i+j], "0123456789;") != "" {
			return s
		}
		s = s[:i] + s[i+j+1:]
	}
}

func TestShortPath(t *testing.T) {
	for _, c := range []struct {
		path string
		n    int
		want string
	}{
		{"/spec/replicas", 20, "/spec/replicas"},
		{"/spec/template/spec/containers[name=web]/image", 36, "/spec/…/containers[name=web]/image"},
		{"/spec/template/spec/containers[name=web]/image", 16, "/spec/…/image"},
		{"deploy/overlays/staging/web.yaml:12:3", 30, "deploy/…/staging/web.yaml:12:3"},
		{"one-very-long-segment-without-a-slash", 11, "one-v…slash"},
	} {
		if got := shortPath(c.path, c.n); got != c.want || width(got) > c.n {
			t.Errorf("shortPath(%q, %d) = %q, want %q", c.path, c.n, got, c.want)
		}
	}
}

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text string
		n    int
		want []string
	}{
		{"", 10, []string{""}},
		{"one two three", 8, []string{"one two", "three"}},
		{"abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"日本語です", 4, []string{"日本", "語で", "す"}},
	} {
		if got := wrap(c.text, c.n); strings.Join(got, "|") != strings.Join(c.want, "|") {
			t.Errorf("wrap(%q, %d) = %q, want %q", c.text, c.n, got, c.want)
		}
	}
}

// Without colour the report says the same words as with it.
func TestColourSaysNothingNew(t *testing.T) {
	plain := render(t, reporttest.Shop(), view.Options{})
	colored := render(t, reporttest.Shop(), view.Options{Color: true})
	if stripOwn(colored) != plain {
		t.Error("the coloured report has other words")
	}
}

func FuzzWrite(f *testing.F) {
	for _, s := range append(reporttest.Hostiles(), strings.Repeat("w", 300)) {
		f.Add(s, 80)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		o := view.Options{Width: 60 + width&0xff, All: true, Verbose: width&1 == 0}
		got := render(t, reporttest.PoisonFew(s), o)
		calm(t, got, o)
		reporttest.Harmless(t, []byte(got))
	})
}
