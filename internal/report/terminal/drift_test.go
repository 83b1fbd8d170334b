package terminal

import (
	"bytes"
	"strings"
	"testing"

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
	return b.String()
}

func TestDriftGolden(t *testing.T) {
	for name, c := range map[string]struct {
		result  *parity.DriftResult
		options view.Options
	}{
		"drift-80.txt":     {reporttest.Drift(), view.Options{}},
		"drift-all.txt":    {reporttest.Drift(), view.Options{Width: 120, All: true, Verbose: true}},
		"drift-color.txt":  {reporttest.Drift(), view.Options{Width: 100, Color: true}},
		"drift-narrow.txt": {reporttest.Drift(), view.Options{Width: 60}},
		"drift-none.txt":   {reporttest.NoDrift(), view.Options{}},
		"drift-empty.txt":  {&parity.DriftResult{}, view.Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := renderDrift(t, c.result, c.options)
			reporttest.Golden(t, name, []byte(got), *update)
			calm(t, got, c.options)
		})
	}
}

func TestDriftColourSaysNothingNew(t *testing.T) {
	plain, colored := renderDrift(t, reporttest.Drift(), view.Options{}), renderDrift(t, reporttest.Drift(), view.Options{Color: true})
	if stripOwn(colored) != plain {
		t.Error("the coloured report has other words")
	}
}

func FuzzWriteDrift(f *testing.F) {
	for _, s := range append(reporttest.Hostiles(), strings.Repeat("w", 300)) {
		f.Add(s, 80)
	}
	f.Fuzz(func(t *testing.T, s string, width int) {
		o := view.Options{Width: 60 + width&0xff, All: true, Verbose: width&1 == 0}
		got := renderDrift(t, reporttest.PoisonDrift(s), o)
		calm(t, got, o)
		reporttest.Harmless(t, []byte(got))
	})
}
