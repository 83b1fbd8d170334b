package junit

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/reporttest"
	"github.com/envparity/parity/internal/report/view"
)

var update = flag.Bool("update", false, "write the golden files anew")

func render(t testing.TB, r *parity.Result) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, view.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// known are the elements that readers of JUnit XML understand.
var known = map[string]bool{
	"testsuites": true, "testsuite": true, "testcase": true, "properties": true, "property": true,
	"failure": true, "error": true, "skipped": true, "system-out": true,
}

// valid parses the XML to its end and lets only known elements through.
func valid(t testing.TB, data []byte) suites {
	t.Helper()
	dec := xml.NewDecoder(bytes.NewReader(data))
	for {
		tok, err := dec.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%v in\n%s", err, data)
		}
		if e, ok := tok.(xml.StartElement); ok && !known[e.Name.Local] {
			t.Fatalf("element <%s>", e.Name.Local)
		}
	}
	var s suites
	if err := xml.Unmarshal(data, &s); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestGolden(t *testing.T) {
	report := reporttest.Shop()
	report.Verdict.Mode = "report-only"
	unsure := reporttest.Empty()
	unsure.Verdict.Mode = "block"
	for name, r := range map[string]*parity.Result{
		"shop.xml": reporttest.Shop(), "report-only.xml": report, "passing.xml": reporttest.Passing(), "unsure.xml": unsure,
	} {
		t.Run(name, func(t *testing.T) {
			got := render(t, r)
			valid(t, got)
			reporttest.Golden(t, name, got, *update)
		})
	}
}

func TestOnlyWhatBlocksFails(t *testing.T) {
	r := reporttest.Shop()
	got := valid(t, render(t, r))
	// The verdict; artifact, config, network and flag of staging; flag of dev;
	// M1 of staging, as that of dev has no value.
	if got.Failures != 7 {
		t.Errorf("%d failures, want 7", got.Failures)
	}
	r.Verdict.Mode = "report-only"
	got = valid(t, render(t, r))
	if got.Failures != 0 || got.Errors != 0 {
		t.Errorf("%d failures and %d errors in the mode report-only", got.Failures, got.Errors)
	}
	if got.Skipped < len(r.Gaps) {
		t.Errorf("%d skipped, want one at least for each of %d gaps", got.Skipped, len(r.Gaps))
	}
	r.Verdict = parity.Verdict{Outcome: parity.Inconclusive, Mode: "block"}
	if got = valid(t, render(t, r)); got.Errors != 1 {
		t.Errorf("%d errors, want 1 where it cannot be told", got.Errors)
	}
}

func TestSums(t *testing.T) {
	got := valid(t, render(t, reporttest.Shop()))
	tests, failures := 0, 0
	for _, s := range got.Suites {
		tests += len(s.Cases)
		for _, c := range s.Cases {
			if c.Failure != nil {
				failures++
			}
		}
	}
	if tests != got.Tests || failures != got.Failures {
		t.Errorf("%d tests with %d failures, the heading says %d with %d", tests, failures, got.Tests, got.Failures)
	}
}

func FuzzWrite(f *testing.F) {
	for _, s := range append(reporttest.Hostiles(), strings.Repeat("<", 300)) {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := reporttest.PoisonFew(s)
		for _, mode := range []string{"block", "report-only"} {
			r.Verdict.Mode, r.Verdict.Outcome = mode, parity.Fail
			data := render(t, r)
			valid(t, data)
			reporttest.Harmless(t, data)
		}
	})
}
