package html

import (
	"bytes"
	"flag"
	"os"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/reporttest"
	"github.com/envparity/parity/internal/report/view"
)

var update = flag.Bool("update", false, "write the golden files anew")

func render(t testing.TB, r *parity.Result, o view.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestGolden(t *testing.T) {
	for name, c := range map[string]struct {
		result  *parity.Result
		options view.Options
	}{
		"shop.html":     {reporttest.Shop(), view.Options{}},
		"shop-all.html": {reporttest.Shop(), view.Options{All: true}},
		"passing.html":  {reporttest.Passing(), view.Options{}},
		"empty.html":    {reporttest.Empty(), view.Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := render(t, c.result, c.options)
			sound(t, got)
			reporttest.Golden(t, name, got, *update)
			if dir := os.Getenv("REPORT_HTML_DIR"); dir != "" {
				if err := os.WriteFile(dir+"/"+name, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
