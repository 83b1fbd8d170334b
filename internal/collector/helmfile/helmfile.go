// Package helmfile collects what helmfiles declare, without running helmfile.
package helmfile

import (
	"context"
	"io/fs"
	"path"
	"strings"

	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/manifests"
	"github.com/envparity/parity/internal/helmfile"
	"github.com/envparity/parity/internal/place"
)

// Config is the configuration of one helmfile source.
type Config struct {
	Path        string            `yaml:"path" required:"true" doc:"A helmfile (helmfile.yaml, helmfile.yaml.gotmpl), or a directory that has one or a helmfile.d; may be git:REV:path."`
	Environment string            `yaml:"environment" doc:"Name of the environment in the helmfile; default if left out."`
	StateValues map[string]any    `yaml:"stateValues" doc:"Values over those of the environment, as helmfile's --state-values-set has them."`
	Variables   map[string]string `yaml:"variables" doc:"Environment variables that the helmfile reads, with their values. Those of the process are never read; what is not given here is unknown."`
	Namespace   string            `yaml:"namespace" doc:"Namespace of objects and releases that name none."`
	KubeVersion string            `yaml:"kubeVersion" number:"text" doc:"The Kubernetes version that charts are told, such as 1.34; that of the helmfile or of rules.kubernetes if left out."`
	APIVersions []string          `yaml:"apiVersions" doc:"Further API versions that charts are told of."`
}

// New gives the collector. What it shares with that of manifests is given.
func New(shared *manifests.Shared) collector.Collector {
	m := shared.Collector().Manifest
	m.Name, m.Summary, m.Doc = "helmfile", "The releases that a helmfile declares for an environment, rendered in process.", page
	m.Detect, m.FromPath = detect, func(p string) any { return &Config{Path: p} }
	return collector.New(m, func(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
		return shared.Helmfile(ctx, in, manifests.Helmfile(cfg), out)
	})
}

// detect says how well the collector fits a path.
func detect(p place.Place) int {
	base := path.Base(p.Path)
	isState := strings.HasPrefix(base, "helmfile.") && (strings.HasSuffix(base, ".yaml") || strings.HasSuffix(base, ".gotmpl") || strings.HasSuffix(base, ".yml"))
	info, err := fs.Stat(p.FS, p.Path)
	if err != nil || !info.IsDir() && !isState || info.IsDir() && len(helmfile.InDirectory(p.FS, p.Path)) == 0 {
		return 0
	}
	return 88
}
