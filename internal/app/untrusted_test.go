package app

import (
	"slices"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/alerting"
	"github.com/envparity/parity/internal/collector/all"
	"github.com/envparity/parity/internal/collector/exec"
	"github.com/envparity/parity/internal/collector/sbom"
	"github.com/envparity/parity/internal/webapi"
)

// TestFilesAlone holds which sources an untrusted comparison reads: those that
// say that they read files and nothing else. A new collector is not read until
// it says so here too.
func TestFilesAlone(t *testing.T) {
	var read []string
	for _, c := range all.Collectors() {
		if only, _ := (collector.Configured{Collector: c, Config: c.NewConfig()}).FilesOnly(); only != nil {
			read = append(read, c.Name)
		}
	}
	slices.Sort(read)
	want := []string{
		"alerting", "ansible", "compose", "dotenv", "files", "helmfile", "kubernetes-manifests", "otlp", "process", "provenance", "sbom",
		"terraform", "terraform-config",
	}
	if !slices.Equal(read, want) {
		t.Errorf("%v, want %v", read, want)
	}
}

// TestFilesAloneParts holds what is left of a source that reads files and more,
// and what becomes a gap.
func TestFilesAloneParts(t *testing.T) {
	for name, c := range map[string]struct {
		cfg      any
		asked    parity.Role
		kept     bool
		gap, run bool
	}{
		"exec":                {&exec.Config{Command: []string{"x"}, Format: "yaml"}, "", false, true, false},
		"exec of what runs":   {&exec.Config{Command: []string{"x"}, Format: "yaml", Role: "live"}, "", false, false, false},
		"exec asked for":      {&exec.Config{Command: []string{"x"}, Format: "yaml", Role: "live"}, parity.Live, false, true, false},
		"alertmanager":        {&alerting.Config{Alertmanager: &webapi.Config{URL: "http://h"}}, "", false, false, false},
		"rules":               {&alerting.Config{Files: []string{"x"}}, "", true, false, true},
		"rules with runbooks": {&alerting.Config{Files: []string{"x"}, CheckRunbooks: true}, "", true, true, false},
		"sbom":                {&sbom.Config{Paths: []string{"x"}}, "", true, false, true},
		"syft":                {&sbom.Config{Syft: true, Image: "x"}, "", false, true, false},
		"syft and files":      {&sbom.Config{Syft: true, Image: "x", Path: "y"}, "", true, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			var of collector.Collector
			switch c.cfg.(type) {
			case *exec.Config:
				of = exec.New()
			case *alerting.Config:
				of = alerting.New()
			case *sbom.Config:
				of = sbom.New()
			}
			p := planned{sources: []collector.Configured{{Collector: of, Config: c.cfg, Name: "staging: x"}}}
			p.filesAlone(c.asked)
			if (len(p.sources) > 0) != c.kept || (len(p.gaps) > 0) != c.gap || (len(p.notRun) == 0) != c.run {
				t.Errorf("%d sources, gaps %v, not run %v", len(p.sources), p.gaps, p.notRun)
			}
			for _, s := range p.sources {
				switch cfg := s.Config.(type) {
				case *alerting.Config:
					if cfg.CheckRunbooks {
						t.Error("it would ask for runbooks")
					}
				case *sbom.Config:
					if cfg.Syft {
						t.Error("it would run syft")
					}
				}
			}
		})
	}
}
