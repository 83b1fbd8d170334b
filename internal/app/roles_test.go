package app

import (
	"context"
	"slices"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
)

// both is a config whose sources speak of what is declared and of what runs.
type both struct{}

func (both) Roles() []parity.Role { return []parity.Role{parity.Desired, parity.Live} }

// spoken is a config that says what its source speaks.
type spoken struct{}

func (spoken) Speaks() string { return "kubernetes" }

func TestSourcesOfARole(t *testing.T) {
	none := func(context.Context, collector.Input, struct{}, collector.Sink) error { return nil }
	source := func(name, format string, role parity.Role, cfg any) collector.Configured {
		return collector.Configured{Name: name, Config: cfg, Collector: collector.New(collector.Manifest{Name: name, Format: format, Role: role}, none)}
	}
	files := source("manifests", "kubernetes", parity.Desired, nil)
	cluster := source("cluster", "kubernetes", parity.Live, nil)
	compose := source("compose", "", parity.Desired, nil)
	parts := source("sbom", "", "", nil)
	plan := source("plan", "", parity.Live, both{})
	dump := source("dump", "", parity.Live, spoken{})
	for _, tt := range []struct {
		name    string
		sources []collector.Configured
		asked   parity.Role
		want    []string
		role    parity.Role
	}{
		{"only what is declared", []collector.Configured{files, compose, parts}, "", []string{"manifests", "compose", "sbom"}, parity.Desired},
		{"what runs takes its place", []collector.Configured{files, cluster, compose, parts}, "", []string{"cluster", "compose", "sbom"}, parity.Live},
		{"so does what a command says of it", []collector.Configured{files, dump, compose}, "", []string{"dump", "compose"}, parity.Live},
		{"what is declared", []collector.Configured{files, cluster, plan, parts}, parity.Desired, []string{"manifests", "plan", "sbom"}, parity.Desired},
		{"what runs", []collector.Configured{files, cluster, plan, compose, parts}, parity.Live, []string{"cluster", "plan", "sbom"}, parity.Live},
		{"a source of both stays", []collector.Configured{files, plan}, "", []string{"manifests", "plan"}, parity.Live},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, role := inRole(tt.sources, tt.asked)
			var names []string
			for _, s := range got {
				names = append(names, s.Name)
			}
			if !slices.Equal(names, tt.want) || role != tt.role {
				t.Errorf("inRole gives %v as %s, want %v as %s", names, role, tt.want, tt.role)
			}
		})
	}
}
