package report_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report"
	"github.com/envparity/parity/internal/report/reporttest"
)

func TestFormats(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range report.Formats() {
		if f.Name == "" || strings.ContainsFunc(f.Name, func(r rune) bool { return !unicode.IsLower(r) }) {
			t.Errorf("the name %q is not made of small letters", f.Name)
		}
		if seen[f.Name] || seen[f.Extension] {
			t.Errorf("%s (%s) is there twice", f.Name, f.Extension)
		}
		seen[f.Name], seen[f.Extension] = true, true
		if f.Summary == "" || len(f.Summary) > 70 || !strings.HasPrefix(f.Extension, ".") {
			t.Errorf("%s: summary %q, extension %q", f.Name, f.Summary, f.Extension)
		}
		if got, ok := report.Find(f.Name); !ok || got.Summary != f.Summary {
			t.Errorf("%s is not found", f.Name)
		}
	}
	if _, ok := report.Find("pdf"); ok {
		t.Error("pdf is found")
	}
}

// What every format keeps to: it does not change the result, gives the same
// bytes again, holds nothing that could steer a terminal, says no secret,
// takes empty results, and hands on what the writer says.
func TestEveryFormat(t *testing.T) {
	for _, f := range report.Formats() {
		t.Run(f.Name, func(t *testing.T) {
			r := withSecret(reporttest.Shop())
			first, second := write(t, f, r), write(t, f, r)
			if !bytes.Equal(first, second) {
				t.Error("the same result gives other bytes")
			}
			if diff := cmp.Diff(withSecret(reporttest.Shop()), r); diff != "" {
				t.Errorf("the result is changed: %s", diff)
			}
			reporttest.Harmless(t, first)
			if f.Name != "json" && bytes.Contains(first, []byte("hunter2")) {
				t.Error("the value of a secret is in it")
			}
			for _, empty := range []*parity.Result{{}, reporttest.Empty(), {Groups: []parity.Group{{Counts: true}}, Classes: []parity.ClassCount{{}}, Environments: []parity.EnvironmentResult{{}}}} {
				if len(write(t, f, empty)) == 0 {
					t.Error("an empty result gives nothing")
				}
			}
			if err := f.Write(broken{}, r, report.Options{}); !errors.Is(err, errBroken) {
				t.Errorf("the writer's error is lost: %v", err)
			}
		})
	}
}

// Every format of drift keeps to the same.
func TestEveryDriftFormat(t *testing.T) {
	for _, f := range report.DriftFormats() {
		t.Run(f.Name, func(t *testing.T) {
			if other, ok := report.Find(f.Name); !ok || other.Extension != f.Extension {
				t.Error("a comparison has no such format")
			}
			if _, ok := report.FindDrift(f.Name); !ok {
				t.Error("it is not found")
			}
			r := reporttest.Drift()
			var first, second bytes.Buffer
			for _, b := range []*bytes.Buffer{&first, &second} {
				if err := f.Write(b, r, report.Options{All: true, Verbose: true}); err != nil {
					t.Fatal(err)
				}
			}
			if !bytes.Equal(first.Bytes(), second.Bytes()) {
				t.Error("the same result gives other bytes")
			}
			if diff := cmp.Diff(reporttest.Drift(), r); diff != "" {
				t.Errorf("the result is changed: %s", diff)
			}
			reporttest.Harmless(t, first.Bytes())
			if err := f.Write(broken{}, r, report.Options{}); !errors.Is(err, errBroken) {
				t.Errorf("the writer's error is lost: %v", err)
			}
		})
	}
	if _, ok := report.FindDrift("sarif"); ok {
		t.Error("sarif is found")
	}
}

// withSecret puts a value where a faulty collector would leave one.
func withSecret(r *parity.Result) *parity.Result {
	value := "hunter2"
	for i := range r.Groups {
		for j := range r.Groups[i].Differences {
			d := &r.Groups[i].Differences[j]
			for k := range d.Sides {
				if d.Sides[k].Kind == parity.Secret {
					d.Sides[k].Value = &value
				}
			}
		}
	}
	return r
}

func write(t *testing.T, f report.Format, r *parity.Result) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b, r, report.Options{All: true, Verbose: true, MaxBytes: 1 << 20}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var errBroken = errors.New("broken pipe")

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errBroken }

func BenchmarkFormats(b *testing.B) {
	r := reporttest.Large(60, 100)
	for _, f := range report.Formats() {
		b.Run(f.Name, func(b *testing.B) {
			for b.Loop() {
				var buf bytes.Buffer
				if err := f.Write(&buf, r, report.Options{}); err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(buf.Len()))
			}
		})
	}
}

// TestWriterIsShown: where a server says who wrote a value, the reports for
// people say so beside its place.
func TestWriterIsShown(t *testing.T) {
	for _, name := range []string{"terminal", "markdown", "html", "json"} {
		f, ok := report.Find(name)
		if !ok {
			t.Fatalf("there is no format %s", name)
		}
		r := reporttest.Shop()
		if bytes.Contains(write(t, f, r), []byte("kubectl-edit")) {
			t.Fatalf("%s names a writer that nobody told of", name)
		}
		for i := range r.Groups {
			for j := range r.Groups[i].Differences {
				for k := range r.Groups[i].Differences[j].Sides {
					r.Groups[i].Differences[j].Sides[k].Writer = &parity.Writer{Manager: "kubectl-edit", Operation: "Update"}
				}
			}
		}
		if !bytes.Contains(write(t, f, r), []byte("kubectl-edit")) {
			t.Errorf("%s does not say who wrote a value", name)
		}
	}
}
