package markdown

import (
	"bytes"
	"testing"
	"unicode/utf8"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/reporttest"
	"github.com/envparity/parity/internal/report/view"
)

func renderDrift(t testing.TB, r *parity.DriftResult, o view.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteDrift(&b, r, o); err != nil {
		t.Fatal(err)
	}
	if b.Len() > o.Bytes() || !utf8.Valid(b.Bytes()) {
		t.Fatalf("%d bytes, allowed are %d, or they are not UTF-8", b.Len(), o.Bytes())
	}
	return b.String()
}

func TestDriftGolden(t *testing.T) {
	for name, c := range map[string]struct {
		result  *parity.DriftResult
		options view.Options
	}{
		"drift.md":       {reporttest.Drift(), view.Options{}},
		"drift-none.md":  {reporttest.NoDrift(), view.Options{}},
		"drift-empty.md": {&parity.DriftResult{}, view.Options{}},
		"drift-cut.md":   {reporttest.Drift(), view.Options{MaxBytes: 3000}},
	} {
		t.Run(name, func(t *testing.T) {
			got := renderDrift(t, c.result, c.options)
			sound(t, got)
			reporttest.Golden(t, name, []byte(got), *update)
		})
	}
}

func FuzzWriteDrift(f *testing.F) {
	for _, s := range reporttest.Hostiles() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := renderDrift(t, reporttest.PoisonDrift(s), view.Options{MaxBytes: 1 << 20})
		sound(t, got)
		reporttest.Harmless(t, []byte(got))
	})
}
