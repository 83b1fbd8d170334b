package terraformconfig

import (
	"context"
	_ "embed"
	"io/fs"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/cloud"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/surface"
	"github.com/envparity/parity/internal/tfconfig"
)

// Config is a source of configurations of Terraform or OpenTofu.
type Config struct {
	Path      string   `yaml:"path" required:"true" doc:"A root module's directory, a directory of several, a unit of Terragrunt, a .tfvars file, or a pattern of these, relative to the project, or git:REV:path."`
	VarFiles  []string `yaml:"varFiles" doc:"Files of variables, or patterns, over terraform.tfvars and *.auto.tfvars; later ones win. $MODULE stands for the name of each root module's directory."`
	Workspace string   `yaml:"workspace" doc:"Workspace that terraform.workspace names; default if left out."`
	Name      string   `yaml:"name" doc:"Scope of the subjects, the same in all environments; by the directories' names if left out."`
}

// Format is the format of what only a configuration can state. Its resources are
// of the format of states and plans.
const Format = "terraform-config"

// The kinds of what only a configuration can state.
const (
	VariablesKind = "terraform-variables"
	LocalsKind    = "terraform-locals"
	ModuleKind    = "terraform-module"
	ProviderKind  = "terraform-provider"
	SettingsKind  = "terraform-settings"
)

// New makes the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:      "terraform-config",
		Summary:   "Reads configurations of Terraform, OpenTofu and Terragrunt: variables, resources, modules, providers, backends.",
		Doc:       page,
		FilesOnly: true,
		Role:      parity.Desired,
		Format:    cloud.Format,
		Kinds:     declared(),
		Complete:  true,
		Surfaces: []parity.Surface{
			parity.Artifact, parity.Config, parity.Secrets, parity.Resource, parity.Network, parity.IdentitySurface,
			parity.Dependency, parity.Telemetry, parity.Flag, parity.Data, parity.Platform, parity.Delivery, parity.Security,
		},
		Detect:   detect,
		FromPath: func(path string) any { return &Config{Path: path} },
	}, collect)
}

func declared() []kinds.Kind {
	own := []kinds.Kind{
		{Name: VariablesKind, Format: Format, Settings: true, Surfaces: surfaces()},
		{Name: LocalsKind, Format: Format, Settings: true, Surfaces: surfaces()},
		{Name: ModuleKind, Format: Format, Surfaces: surfaces()},
		{Name: ProviderKind, Format: Format, Surfaces: surfaces()},
		{Name: SettingsKind, Format: Format, Surfaces: surfaces()},
		{Name: "data.*_*", Format: Format, Surfaces: cloud.Surfaces()},
	}
	return append(own, cloud.Kinds()...)
}

//go:embed surfaces.tsv
var surfaceRows string

var surfaces = surface.Lazy(surfaceRows, "")

// detect knows the directories of configurations and files of variables.
func detect(p place.Place) int {
	info, err := fs.Stat(p.FS, p.Path)
	if err != nil {
		return 0
	}
	if !info.IsDir() {
		if tfconfig.IsVariables(p.Path[strings.LastIndexByte(p.Path, '/')+1:]) {
			return 90
		}
		return 0
	}
	entries, err := fs.ReadDir(p.FS, p.Path)
	if err != nil {
		return 0
	}
	best := 0
	for _, e := range entries {
		switch name := e.Name(); {
		case e.IsDir():
		case tfconfig.IsSource(name) || name == tfconfig.TerragruntFile:
			return 55 // a state beside it says more
		case tfconfig.IsVariables(name):
			best = 50
		}
	}
	return best
}

// session is one run of the collector.
type session struct {
	in  collector.Input
	out collector.Sink
	cfg Config
}

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	if cfg.Path == "" {
		return &parity.Error{Code: parity.CodeConfig, What: "the source names no path", Hint: "name a root module's directory under path"}
	}
	s := &session{in: in, out: out, cfg: cfg}
	units, err := s.find(ctx)
	if err != nil {
		return err
	}
	for _, u := range units {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.unit(ctx, u)
	}
	return ctx.Err()
}

// limits are the collector's, for evaluation.
func (s *session) limits() tfconfig.Limits {
	return tfconfig.Limits{Bytes: s.in.Limits.FileBytes, Nodes: s.in.Limits.Nodes}
}
