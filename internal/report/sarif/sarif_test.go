package sarif

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

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

// official compiles the standard's own schema.
func official(t testing.TB) *jsonschema.Schema {
	t.Helper()
	f, err := os.Open("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(t testing.TB, s *jsonschema.Schema, data []byte) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatalf("not JSON: %v", err)
	}
	if err := s.Validate(doc); err != nil {
		t.Fatal(err)
	}
}

func TestGoldenAndSchema(t *testing.T) {
	schema := official(t)
	for name, r := range map[string]*parity.Result{
		"shop.sarif": reporttest.Shop(), "passing.sarif": reporttest.Passing(), "empty.sarif": reporttest.Empty(),
	} {
		t.Run(name, func(t *testing.T) {
			got := render(t, r)
			validate(t, schema, got)
			reporttest.Golden(t, name, got, *update)
		})
	}
}

// The schema's check is one that can fail.
func TestSchemaRefuses(t *testing.T) {
	bad := bytes.Replace(render(t, reporttest.Shop()), []byte(`"level": "error"`), []byte(`"level": "grave"`), 1)
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(bad))
	if err != nil {
		t.Fatal(err)
	}
	if official(t).Validate(doc) == nil {
		t.Error("a level that the standard does not know passes")
	}
}

func decode(t *testing.T, data []byte) log {
	t.Helper()
	var l log
	if err := json.Unmarshal(data, &l); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestResults(t *testing.T) {
	r := reporttest.Shop()
	l := decode(t, render(t, r))
	run := l.Runs[0]
	regions, suppressed := 0, 0
	for _, res := range run.Results {
		if run.Tool.Driver.Rules[res.RuleIndex].ID != res.RuleID {
			t.Errorf("rule index %d of %s points at %s", res.RuleIndex, res.RuleID, run.Tool.Driver.Rules[res.RuleIndex].ID)
		}
		if len(res.PartialFingerprints[fingerprintID]) == 0 {
			t.Errorf("%s has no fingerprint", res.Message.Text)
		}
		for _, loc := range append(res.Locations, res.RelatedLocations...) {
			if loc.Physical != nil && loc.Physical.Region != nil {
				regions++
				if loc.Physical.Region.StartLine < 1 {
					t.Errorf("a region without a true line: %+v", loc.Physical)
				}
			}
		}
		if len(res.Suppressions) > 0 {
			suppressed++
		}
	}
	want := 0
	for _, g := range r.Groups {
		for _, d := range g.Differences {
			for _, s := range d.Sides {
				if s.File != "" && s.Line > 0 {
					want++
				}
			}
		}
	}
	if regions != want {
		t.Errorf("%d regions, want one for each of the %d sides with a line", regions, want)
	}
	if suppressed != 2 {
		t.Errorf("%d suppressed, want the excepted one and the one in the baseline", suppressed)
	}
	if n := len(run.Invocations[0].Execution); n != len(r.Gaps) {
		t.Errorf("%d notifications, want one for each of the %d gaps", n, len(r.Gaps))
	}
}

func TestArtifact(t *testing.T) {
	for file, want := range map[string]string{
		"deploy/web.yaml":                     "deploy/web.yaml",
		"deploy/a b/ü%.yaml":                  "deploy/a%20b/%C3%BC%25.yaml",
		"git:main:deploy/web.yaml":            "deploy/web.yaml",
		"git:feature/x:deploy/web.yaml":       "deploy/web.yaml",
		"a:b.yaml":                            "a%3Ab.yaml",
		"../other/x.yaml":                     "../other/x.yaml",
		"/etc/parity/x y.yaml":                "file:///etc/parity/x%20y.yaml",
		"//host/share":                        "file:///host/share",
		`deploy\windows.yaml`:                 "deploy/windows.yaml",
		"x\x1b[31m\n\xff?#.yaml":              "x%1B%5B31m%0A%FF%3F%23.yaml",
		"https://example.com/base//kustomize": "https%3A//example.com/base//kustomize",
	} {
		got := artifact(file)
		if got.URI != want {
			t.Errorf("artifact(%q) = %q, want %q", file, got.URI, want)
		}
		if _, err := url.Parse(got.URI); err != nil {
			t.Errorf("artifact(%q): %v", file, err)
		}
	}
}

func TestWhereOf(t *testing.T) {
	for where, want := range map[string]string{
		"parity.yaml:88:5":    `[{"physicalLocation":{"artifactLocation":{"uri":"parity.yaml","uriBaseId":"%SRCROOT%"},"region":{"startLine":88,"startColumn":5}}}]`,
		"parity.yaml:88":      `[{"physicalLocation":{"artifactLocation":{"uri":"parity.yaml","uriBaseId":"%SRCROOT%"},"region":{"startLine":88}}}]`,
		"deploy/base":         `[{"physicalLocation":{"artifactLocation":{"uri":"deploy/base","uriBaseId":"%SRCROOT%"}}}]`,
		"Deployment shop/web": `null`,
		"":                    `null`,
	} {
		got, err := json.Marshal(whereOf(where))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("whereOf(%q)\n got %s\nwant %s", where, got, want)
		}
	}
}

func FuzzWrite(f *testing.F) {
	for _, s := range append(reporttest.Hostiles(), strings.Repeat("é", 500)) {
		f.Add(s)
	}
	schema := official(f)
	f.Fuzz(func(t *testing.T, s string) {
		data := render(t, reporttest.PoisonFew(s))
		validate(t, schema, data)
		reporttest.Harmless(t, data)
	})
}
