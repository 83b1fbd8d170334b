package markdown

import (
	"bytes"
	"flag"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

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
	if b.Len() > o.Bytes() {
		t.Fatalf("%d bytes, allowed are %d", b.Len(), o.Bytes())
	}
	if !utf8.Valid(b.Bytes()) {
		t.Fatal("not UTF-8")
	}
	return b.String()
}

func TestGolden(t *testing.T) {
	for name, c := range map[string]struct {
		result  *parity.Result
		options view.Options
	}{
		"shop.md":     {reporttest.Shop(), view.Options{}},
		"shop-all.md": {reporttest.Shop(), view.Options{All: true, Verbose: true}},
		"passing.md":  {reporttest.Passing(), view.Options{}},
		"empty.md":    {reporttest.Empty(), view.Options{}},
		"cut.md":      {reporttest.Shop(), view.Options{MaxBytes: 6000}},
	} {
		t.Run(name, func(t *testing.T) {
			got := render(t, c.result, c.options)
			sound(t, got)
			reporttest.Golden(t, name, []byte(got), *update)
		})
	}
}

// Whatever the limit, the report keeps to it, and what it shows and what it
// says that it cut are together what there is.
func TestCutIsCounted(t *testing.T) {
	r := reporttest.Large(40, 30)
	groups := 0
	for _, g := range r.Groups {
		if g.Counts {
			groups++
		}
	}
	for _, limit := range []int{2_000, 5_000, 10_000, 20_000, 65_000, 1_000_000} {
		got := render(t, r, view.Options{MaxBytes: limit})
		sound(t, got)
		shown := strings.Count(got, "group <code>")
		cut := number(t, got, `(\d[\d,]*) whole groups?`)
		if shown+cut != groups {
			t.Errorf("limit %d: %d groups shown and %d cut, want %d together", limit, shown, cut, groups)
		}
		if limit == 1_000_000 && strings.Contains(got, "Cut to fit") {
			t.Error("something was cut where there was room")
		}
	}
}

// TestLedgerIsKept: whatever is cut, the table of where every fact ended is there
// as soon as there is room for it, and nothing is folded up that is empty.
func TestLedgerIsKept(t *testing.T) {
	empty := regexp.MustCompile(`<details>[^|]*</details>`)
	for limit := 5_000; limit < 40_000; limit += 1_500 {
		got := render(t, reporttest.Large(40, 30), view.Options{MaxBytes: limit})
		if !strings.Contains(got, "<b>Every fact, once</b>") {
			t.Errorf("limit %d: the ledger was cut", limit)
		}
		for _, fold := range empty.FindAllString(got, -1) {
			if !strings.Contains(fold, "\n- ") {
				t.Errorf("limit %d: nothing is in %s", limit, fold)
			}
		}
	}
}

func TestTinyLimits(t *testing.T) {
	for limit := 1; limit < 3000; limit += 7 {
		render(t, reporttest.Shop(), view.Options{MaxBytes: limit})
	}
}

func number(t *testing.T, s, pattern string) int {
	t.Helper()
	m := regexp.MustCompile(pattern).FindStringSubmatch(s)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(strings.ReplaceAll(m[1], ",", ""))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

var ownTag = regexp.MustCompile(`</?(details|summary|b|i|code|pre|sub)>|^<!-- parity-(report|drift)[A-Za-z0-9._/: ]* -->`)

// sound checks that all HTML is the report's own and balanced, that every row
// of a table has as many cells as its head, and that nobody is mentioned.
func sound(t testing.TB, s string) {
	t.Helper()
	if rest := ownTag.ReplaceAllString(s, ""); strings.ContainsAny(rest, "<") {
		i := strings.IndexByte(rest, '<')
		t.Fatalf("HTML that is not the report's own near %q", rest[max(i-30, 0):min(i+30, len(rest))])
	}
	for _, tag := range []string{"details", "summary", "b", "i", "code", "sub"} {
		if a, b := strings.Count(s, "<"+tag+">"), strings.Count(s, "</"+tag+">"); a != b {
			t.Fatalf("%d <%s>, %d closed", a, tag, b)
		}
	}
	_, s, _ = strings.Cut(s, "-->")
	cells := 0
	for _, l := range strings.Split(s, "\n") {
		if !strings.HasPrefix(l, "|") {
			cells = 0
			continue
		}
		n := strings.Count(l, "|")
		if cells != 0 && n != cells {
			t.Fatalf("a row of %d cells in a table of %d: %s", n, cells, l)
		}
		cells = n
	}
	for _, bad := range []string{"](", "://", "www."} {
		if strings.Contains(s, bad) {
			t.Fatalf("holds %q", bad)
		}
	}
	if m := regexp.MustCompile(`@[A-Za-z0-9]`).FindString(s); m != "" {
		t.Fatalf("mentions %q", m)
	}
	reporttest.Harmless(t, []byte(s))
}

func FuzzWrite(f *testing.F) {
	for _, s := range append(reporttest.Hostiles(), strings.Repeat("|", 400)) {
		f.Add(s, 65_000)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		r := reporttest.PoisonFew(s)
		got := render(t, r, view.Options{All: true})
		sound(t, got)
		render(t, r, view.Options{MaxBytes: limit&0xffff | 1})
	})
}
