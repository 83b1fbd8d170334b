package policy

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

var update = flag.Bool("update", false, "write golden files anew")

// The table over every surface, counting class and kind of change, for
// services of every criticality.
func TestSeverityGolden(t *testing.T) {
	table, err := newSeverities(empty())
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	paths := []string{"/spec/x", "/metadata/labels/a.b/c", "/spec/template/metadata/annotations/a"}
	changes := []parity.Change{
		parity.ToggleChange, parity.VersionChange, parity.SizingChange, parity.ScheduleChange, parity.AddressChange, parity.TextChange,
		parity.SecretChange, parity.KindChange, parity.NameChange, parity.OrderChange, parity.StructureChange, parity.IdentifierChange, parity.BehaviourChange,
	}
	row := func(c severityCase) {
		var got []string
		for _, crit := range []parity.Severity{parity.Low, parity.Medium, parity.Critical} {
			c.criticality = crit
			s, _ := table.of(c)
			got = append(got, s.String())
		}
		fmt.Fprintf(&out, "%-10s %-8s %-10s %-40s %s\n", c.surface, c.class, c.change, c.path, strings.Join(got, " "))
	}
	fmt.Fprintf(&out, "%-10s %-8s %-10s %-40s %s\n", "surface", "class", "change", "path", "low medium critical service")
	for _, s := range parity.Surfaces() {
		for _, p := range paths {
			row(severityCase{surface: s, class: parity.Missing, path: p})
			row(severityCase{surface: s, class: parity.Extra, path: p})
		}
		for _, ch := range changes {
			row(severityCase{surface: s, class: parity.Changed, change: ch, path: "/spec/x"})
		}
		row(severityCase{surface: s, class: parity.Changed, change: parity.SizingChange, path: "/spec/resources/limits/memory"})
		row(severityCase{surface: s, class: parity.Leak, change: parity.AddressChange, path: "/spec/x"})
	}
	golden := filepath.Join("testdata", "severity.golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), out.String()); diff != "" {
		t.Error(diff)
	}
}

// What the practice knows to break production, and how bad it is.
func TestSeveritySense(t *testing.T) {
	table, err := newSeverities(empty())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		in   severityCase
		want parity.Severity
	}{
		{"a leak", severityCase{surface: parity.Config, class: parity.Leak, path: "/a"}, parity.Critical},
		{"a leak in an annotation", severityCase{surface: parity.Config, class: parity.Leak, path: "/metadata/annotations/a"}, parity.Critical},
		{"a leak of a low service", severityCase{surface: parity.Config, class: parity.Leak, criticality: parity.Low}, parity.Critical},
		{"a missing network policy", severityCase{surface: parity.Network, class: parity.Missing}, parity.High},
		{"an over-wide role", severityCase{surface: parity.IdentitySurface, class: parity.Extra}, parity.High},
		{"a permission that is not there", severityCase{surface: parity.IdentitySurface, class: parity.Missing}, parity.High},
		{"another image", severityCase{surface: parity.Artifact, class: parity.Changed, change: parity.VersionChange}, parity.Medium},
		{"another image of a critical service", severityCase{surface: parity.Artifact, class: parity.Changed, change: parity.VersionChange, criticality: parity.Critical}, parity.High},
		{"a toggle", severityCase{surface: parity.Config, class: parity.Changed, change: parity.ToggleChange}, parity.High},
		{"a variable that is not there", severityCase{surface: parity.Config, class: parity.Missing, path: "/spec/containers[name=web]/env[name=A]/value"}, parity.Medium},
		{"the same of a critical service", severityCase{surface: parity.Config, class: parity.Missing, criticality: parity.Critical}, parity.High},
		{"replicas", severityCase{surface: parity.Resource, class: parity.Changed, change: parity.SizingChange, path: "/spec/replicas"}, parity.Low},
		{"a memory limit", severityCase{surface: parity.Resource, class: parity.Changed, change: parity.SizingChange, path: "/spec/containers[name=a]/resources/limits/memory"}, parity.Medium},
		{"a schedule", severityCase{surface: parity.Delivery, class: parity.Changed, change: parity.ScheduleChange}, parity.Low},
		{"a label", severityCase{surface: parity.Config, class: parity.Missing, path: "/metadata/labels/a.b/c"}, parity.Info},
		{"an annotation", severityCase{surface: parity.Config, class: parity.Missing, path: "/metadata/annotations/a.b/c"}, parity.Low},
		{"telemetry", severityCase{surface: parity.Telemetry, class: parity.Missing}, parity.Medium},
	} {
		if c.in.criticality == 0 {
			c.in.criticality = parity.Medium
		}
		if got, _ := table.of(c.in); got != c.want {
			t.Errorf("%s is %s, want %s", c.name, got, c.want)
		}
	}
}

func TestOwnRowsAndSurfaceCriticality(t *testing.T) {
	web := subject("Deployment", "web", "web", "web")
	leak := text(web, "/a", "1", "2")
	leak.Cells[0].Class = parity.Leak
	base := func() *config.Config {
		return &config.Config{
			Services: []config.Service{{Name: "web", Criticality: parity.Critical}},
			Surfaces: map[parity.Surface]config.Surface{parity.Config: {Criticality: ptr(parity.Low)}},
		}
	}
	own := base()
	own.Severities = []config.SeverityRow{
		{Kind: "Job", Severity: parity.Critical},
		{Path: "/a", Criticality: []parity.Severity{parity.Critical}, Severity: parity.Info, Why: "we know."},
		{Path: "/a", Severity: parity.High},
	}
	for _, c := range []struct {
		name string
		cfg  *config.Config
		fact *parity.Joined
		want parity.Severity
		why  string
	}{
		{
			"the surface's, one up for a critical service", base(), text(web, "/a", "1", "2"), parity.Medium,
			"low by the criticality of surface config in parity.yaml; one step up to medium for a critical service",
		},
		{
			"a leak keeps its own", base(), leak, parity.Critical,
			"critical by row 1 of the built-in table: leak on surface config; what belongs to one environment is used by another",
		},
		{
			"an own row, as it is", own, text(web, "/a", "1", "2"), parity.Info,
			"info by row 2 of severities in parity.yaml: text changed on surface config at /a; we know",
		},
	} {
		d := only(t, judge(t, c.cfg, two, c.fact))
		if d.Severity != c.want {
			t.Errorf("%s: %s", c.name, d.Severity)
		}
		if c.fact == leak {
			c.why = strings.Replace(c.why, "leak on", "text leak on", 1)
		}
		if d.Why != c.why {
			t.Errorf("%s: %q, want %q", c.name, d.Why, c.why)
		}
	}
}

func TestServices(t *testing.T) {
	cfg := &config.Config{Services: []config.Service{
		{Name: "jobs", Owner: "batch", Match: []config.Match{{Kind: "CronJob"}, {Name: "*-worker"}}},
		{Name: "web", Owner: "front"},
	}}
	s, err := newServices(cfg)
	if err != nil {
		t.Fatal(err)
	}
	labelled := func(name, label, value string) *parity.Aligned {
		a := subject("ConfigMap", name, name, "")
		a.Sides[0].Subject.Labels = []parity.Label{{Name: label, Value: value}}
		return a
	}
	logical := subject("Deployment", "web-prod", "web-stg", "web-prod")
	logical.Logical.Name = "web"
	for _, c := range []struct {
		a    *parity.Aligned
		want string
	}{
		{subject("CronJob", "web", "web", "web"), "jobs"},
		{subject("Deployment", "mail-worker", "", "mail-worker"), "jobs"},
		{subject("Deployment", "web", "web", "web"), "web"},
		{logical, "web"},
		{labelled("x", "app.kubernetes.io/name", "web"), "web"},
		{labelled("x", "app.kubernetes.io/part-of", "web"), "web"},
		{labelled("x", "app", "web"), "web"},
		{labelled("x", "app", "other"), ""},
		{subject("Deployment", "web2", "web2", "web2"), ""},
	} {
		if got := s.of(c.a); got.name != c.want {
			t.Errorf("%s is of service %q, want %q", c.a.Key, got.name, c.want)
		}
	}
	d := only(t, judge(t, cfg, two, text(subject("Deployment", "web", "web", "web"), "/a", "1", "2")))
	if d.Subject.Service != "web" || d.Subject.Owner != "front" {
		t.Errorf("%+v", d.Subject)
	}
}
