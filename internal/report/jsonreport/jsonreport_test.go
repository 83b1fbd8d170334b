package jsonreport

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	validator "github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/reporttest"
	"github.com/envparity/parity/internal/report/view"
)

func render(t testing.TB, r *parity.Result) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, r, view.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func published(t testing.TB) *validator.Schema { return compiled(t, Schema()) }

func compiled(t testing.TB, schema []byte) *validator.Schema {
	t.Helper()
	doc, err := validator.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := validator.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("result.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("result.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func check(s *validator.Schema, data []byte) error {
	doc, err := validator.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return s.Validate(doc)
}

func TestGoldenAndSchema(t *testing.T) {
	s := published(t)
	for name, r := range map[string]*parity.Result{
		"shop.json": reporttest.Shop(), "passing.json": reporttest.Passing(), "empty.json": reporttest.Empty(), "nil.json": {},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "nil.json" { // words that are always set
				r.Verdict = parity.Verdict{Outcome: parity.Inconclusive, Mode: "report-only"}
				r.Groups = []parity.Group{{Differences: []parity.Difference{{Sides: []parity.Side{{Role: parity.Desired, State: parity.Absent}}}}}}
				r.Environments = []parity.EnvironmentResult{{Column: parity.Column{Role: parity.Live}}}
				r.Classes = []parity.ClassCount{{}}
				r.Bindings = []parity.Binding{{}}
				r.Ambiguities = []parity.Ambiguity{{}}
			}
			got := render(t, r)
			if err := check(s, got); err != nil {
				t.Error(err)
			}
			reporttest.Golden(t, name, got, *update)
		})
	}
}

func TestDriftGoldenAndSchema(t *testing.T) {
	s := compiled(t, DriftSchema())
	for name, r := range map[string]*parity.DriftResult{
		"drift.json": reporttest.Drift(), "drift-none.json": reporttest.NoDrift(),
	} {
		t.Run(name, func(t *testing.T) {
			var b bytes.Buffer
			if err := WriteDrift(&b, r, view.Options{}); err != nil {
				t.Fatal(err)
			}
			if err := check(s, b.Bytes()); err != nil {
				t.Error(err)
			}
			reporttest.Harmless(t, b.Bytes())
			reporttest.Golden(t, name, b.Bytes(), *update)
			wrong := strings.Replace(b.String(), `"role": "live"`, `"role": "alive"`, 1)
			if check(s, []byte(wrong)) == nil {
				t.Error("the schema takes a role that there is not")
			}
		})
	}
}

// The schema refuses what is not a result.
func TestSchemaRefuses(t *testing.T) {
	s := published(t)
	good := string(render(t, reporttest.Shop()))
	for name, replace := range map[string][2]string{
		"class":    {`"class": "leak"`, `"class": "leaked"`},
		"severity": {`"severity": "critical"`, `"severity": "grave"`},
		"null":     {`"bindings": [`, `"bindings": null, "x": [`},
		"surface":  {`"surface": "config"`, `"surface": "configuration"`},
		"state":    {`"state": "absent"`, `"state": "gone"`},
		"missing":  {`"verdict"`, `"judgement"`},
		"counts":   {`"bound": 200`, `"bond": 200`},
	} {
		if !strings.Contains(good, replace[0]) {
			t.Fatalf("%s: the report does not hold %s", name, replace[0])
		}
		if check(s, []byte(strings.Replace(good, replace[0], replace[1], 1))) == nil {
			t.Errorf("%s: %s passes", name, replace[1])
		}
	}
}

// What is written reads back as the same result, apart from nil lists that
// are empty and bytes that are not UTF-8.
func TestRoundTrip(t *testing.T) {
	want := reporttest.Large(3, 4)
	var got parity.Result
	if err := json.Unmarshal(render(t, want), &got); err != nil {
		t.Fatal(err)
	}
	valid := cmp.Transformer("valid", func(s string) string { return strings.ToValidUTF8(s, "\ufffd") })
	if diff := cmp.Diff(want, &got, cmpopts.EquateEmpty(), valid); diff != "" {
		t.Error(diff)
	}
}

func TestSameBytes(t *testing.T) {
	r := reporttest.Shop()
	first := render(t, r)
	for range 20 {
		if !bytes.Equal(first, render(t, r)) {
			t.Fatal("the same result gives other bytes")
		}
	}
}

func TestResultIsNotChanged(t *testing.T) {
	r := &parity.Result{Groups: []parity.Group{{}}}
	render(t, r)
	if r.Bindings != nil || r.Groups[0].Differences != nil {
		t.Error("writing fills the caller's nil lists")
	}
}

func FuzzWrite(f *testing.F) {
	for _, s := range append(reporttest.Hostiles(), "\u2028\U000e0041\U000f0000") {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		data := render(t, reporttest.PoisonFew(s))
		if !json.Valid(data) {
			t.Fatal("not JSON")
		}
		reporttest.Harmless(t, data)
	})
}
