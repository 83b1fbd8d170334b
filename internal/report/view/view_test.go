package view

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/envparity/parity"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"plain text":             "plain text",
		"naïve café 日本語 🙂":       "naïve café 日本語 🙂",
		"\x1b[31m":               `\x1b[31m`,
		"a\nb\tc\rd":             `a\nb\tc\rd`,
		"\x00\x7f":               `\x00\x7f`,
		"\u009b":                 `\u009b`,
		"\u202egpj":              `\u202egpj`,
		"\u200b\ufeff\u2028":     `\u200b\ufeff\u2028`,
		"\U000e0041":             `\U000e0041`,
		"\xff\xfe ok":            `\xff\xfe ok`,
		"\n as a byte \x0a":      `\n as a byte \n`,
		"replacement \ufffd":     "replacement \ufffd",
		"nonchar \ufffe\ufdd0":   `nonchar \ufffe\ufdd0`,
		"truncated \xe2\x82":     `truncated \xe2\x82`,
		"backslash \\x1b itself": `backslash \x1b itself`,
	} {
		if got := Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Text("a\n\tb\x1b"); got != "a\n\tb\\x1b" {
		t.Errorf("Text keeps line feeds and tabs only: %q", got)
	}
}

func TestLineIsHarmless(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")) + rapid.String().Draw(t, "text")
		got := Line(s)
		if !utf8.ValidString(got) {
			t.Fatalf("not UTF-8: %q", got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == 0x2028 || r == 0x2029 {
				t.Fatalf("%U in %q", r, got)
			}
		}
		if Line(got) != got {
			t.Fatalf("not stable: %q", got)
		}
	})
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0", 7: "7", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -12: "-12"} {
		if got := Int(n); got != want {
			t.Errorf("Int(%d) = %s, want %s", n, got, want)
		}
	}
	for share, want := range map[float64]string{0: "0 %", 1: "100 %", 0.5: "50 %", 0.99999: "99.9 %", 0.00001: "0.1 %", 0.9995: "99.9 %", 0.875: "87.5 %"} {
		if got := Percent(share); got != want {
			t.Errorf("Percent(%v) = %s, want %s", share, got, want)
		}
	}
	for score, want := range map[float64]string{0: "0", 100: "100", 99.99: "99.9", 61.24: "61.2"} {
		if got := Points(&score); got != want {
			t.Errorf("Points(%v) = %s, want %s", score, got, want)
		}
	}
	if Points(nil) != "–" {
		t.Error("a missing score is not a dash")
	}
}

func TestCut(t *testing.T) {
	if got := Cut("日本語", 3); got != "日本語" {
		t.Error(got)
	}
	if got := Cut("日本語です", 3); got != "日本語…" {
		t.Error(got)
	}
	if got := Cut(strings.Repeat("x", 1500), 10); got != "xxxxxxxxxx… (1,490 more bytes)" {
		t.Error(got)
	}
}

// Of two long texts the window shows where they part.
func TestWindow(t *testing.T) {
	same := strings.Repeat("same ", 100)
	got := Window([]string{same + "left", same + "right"}, 30)
	if !strings.HasSuffix(got[0], "left") || !strings.HasSuffix(got[1], "right") {
		t.Errorf("what differs is not in sight: %q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOfN(rapid.String(), 0, 4).Draw(t, "texts")
		n := rapid.IntRange(2, 20).Draw(t, "n")
		for i, s := range Window(texts, n) {
			if utf8.RuneCountInString(s) > n {
				t.Fatalf("%q is longer than %d", s, n)
			}
			if utf8.RuneCountInString(texts[i]) <= n && s != texts[i] {
				t.Fatalf("%q is cut to %q though it fits", texts[i], s)
			}
		}
	})
}

func TestHolds(t *testing.T) {
	value, empty, padded := "x\x1b", "", " x"
	whole := parity.Difference{Facts: 12}
	path := parity.Difference{Path: "/a"}
	for _, c := range []struct {
		name string
		d    parity.Difference
		side parity.Side
		want Held
	}{
		{"absent", path, parity.Side{State: parity.Absent}, Held{Text: "(absent)"}},
		{"unknown", path, parity.Side{State: parity.UnknownState}, Held{Text: "(unknown)"}},
		{"not applicable", path, parity.Side{State: parity.NotApplicable}, Held{Text: "(not applicable)"}},
		{"value", path, parity.Side{State: parity.Present, Value: &value}, Held{Text: `x\x1b`, Plain: true}},
		{"empty value", path, parity.Side{State: parity.Present, Value: &empty}, Held{Text: `""`, Plain: true}},
		{"padded value", path, parity.Side{State: parity.Present, Value: &padded}, Held{Text: `" x"`, Plain: true}},
		{"secret", path, parity.Side{State: parity.Present, Kind: parity.Secret, Value: &value}, Held{Text: "(secret, set)"}},
		{"suspected secret", path, parity.Side{State: parity.Present, Kind: parity.Secret, Suspected: true, Value: &value}, Held{Text: "(hidden, taken for a secret)"}},
		{"no value", path, parity.Side{State: parity.Present}, Held{Text: "(present)"}},
		{"whole subject", whole, parity.Side{State: parity.Present}, Held{Text: "present, with 12 facts"}},
	} {
		if got := Holds(&c.d, c.side); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func TestWriteJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := map[string]any{"s": rapid.String().Draw(t, "s"), "n": nil, "l": []string(nil), "m": map[string]int(nil)}
		var b bytes.Buffer
		if err := WriteJSON(&b, in); err != nil {
			t.Fatal(err)
		}
		var out map[string]any
		if err := json.Unmarshal(b.Bytes(), &out); err != nil {
			t.Fatal(err)
		}
		if out["s"] != in["s"] {
			t.Fatalf("%q came back as %q", in["s"], out["s"])
		}
		if out["l"] == nil || out["m"] == nil {
			t.Fatal("a nil list is null")
		}
	})
}

// Every class counts somewhere in the table, and its columns add up.
func TestClassRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &parity.Result{}
		var want []int
		for range rapid.IntRange(0, 4).Draw(t, "columns") {
			counts, sum := map[parity.Class]int{}, 0
			for _, c := range parity.Classes() {
				counts[c] = rapid.IntRange(0, 5).Draw(t, "n")
				sum += counts[c]
			}
			r.Classes = append(r.Classes, parity.ClassCount{Counts: counts})
			want = append(want, sum)
		}
		rows, sums := ClassRows(r)
		for i := range want {
			got := 0
			for _, row := range rows {
				got += row.Counts[i]
			}
			if got != want[i] || sums[i] != want[i] {
				t.Fatalf("column %d: rows give %d, sums %d, want %d", i, got, sums[i], want[i])
			}
		}
	})
}

func TestAlike(t *testing.T) {
	member := func(path, staging, production string) parity.Difference {
		d := parity.Difference{Path: path, Facts: 1}
		for i, v := range []string{staging, production} {
			s := parity.Side{Environment: []string{"staging", "production"}[i], State: parity.Absent}
			if v != "" {
				s.State, s.Value = parity.Present, &v
			}
			d.Sides = append(d.Sides, s)
		}
		return d
	}
	whole := member("", "", "x")
	whole.Sides[1].Value, whole.Facts = nil, 7
	known := member("/b", "1", "2")
	known.Baseline = true
	for _, c := range []struct {
		name string
		ds   []parity.Difference
		each int
		ok   bool
	}{
		{"one", []parity.Difference{member("/a", "1", "2")}, -1, false},
		{"the same", []parity.Difference{member("/a", "1", "2"), member("/b", "1", "2")}, -1, true},
		{"in the baseline, and not", []parity.Difference{member("/a", "1", "2"), known}, -1, false},
		{"other values", []parity.Difference{member("/a", "1", "2"), member("/b", "1", "3")}, -1, false},
		{"only one holds any", []parity.Difference{member("/a", "", "2"), member("/b", "", "3")}, 1, true},
		{"missing and extra", []parity.Difference{member("/a", "", "2"), member("/b", "2", "")}, -1, false},
		{"subjects of other sizes", []parity.Difference{member("", "", "x"), whole}, 1, true},
		{"a subject and a path", []parity.Difference{whole, member("/b", "", "3")}, -1, false},
	} {
		if each, ok := Alike(c.ds); each != c.each || ok != c.ok {
			t.Errorf("%s: %d %v, want %d %v", c.name, each, ok, c.each, c.ok)
		}
	}
}
