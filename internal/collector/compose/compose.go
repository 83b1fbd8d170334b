// Package compose collects the services, networks, volumes, secrets and
// configs that Compose files declare.
package compose

import (
	"cmp"
	"context"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/render"
)

// Config is the configuration of one compose source.
type Config struct {
	Files       []string          `yaml:"files" doc:"Compose files in order, later ones over earlier ones; a directory stands for those that COMPOSE_FILE in its .env names, else for its compose.yaml and compose.override.yaml. The project's directory if left out."`
	EnvFiles    []string          `yaml:"envFiles" doc:"Files with the variables of the Compose files; .env beside the first one if left out."`
	Profiles    []string          `yaml:"profiles" doc:"Profiles that are on; * is all, [] none. A service behind others is read and marked inactive. COMPOSE_PROFILES of the env files if left out, and where that is not set either, services behind profiles are read too."`
	Project     string            `yaml:"project" doc:"Name of the project; that of the first file, or of its directory, if left out."`
	Environment map[string]string `yaml:"environment" doc:"Variables over those of the env files: what the environment sets where Compose runs."`
}

// New gives the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:      "compose",
		Summary:   "Services, networks, volumes, secrets and configs of Compose files.",
		Doc:       manifestDoc,
		FilesOnly: true,
		Kinds:     declared(),
		Complete:  true,
		Role:      parity.Desired,
		Surfaces: []parity.Surface{
			parity.Artifact, parity.Config, parity.Secrets, parity.Resource, parity.Network, parity.IdentitySurface,
			parity.Dependency, parity.Telemetry, parity.Flag, parity.Data, parity.Platform, parity.Delivery, parity.Security,
		},
		Detect:   detect,
		FromPath: func(p string) any { return &Config{Files: []string{p}} },
	}, collect)
}

// session is the reading of one source.
type session struct {
	ctx context.Context
	in  collector.Input
	cfg Config
	out collector.Sink
	// files are the Compose files, all in one file system.
	files []place.Place
	// dir is the project's directory in that file system.
	dir string
	// started is the directory whose .env named the files; empty where none did.
	started string
	env     *variables
	// named are the parsed files of the config, in order; included is what they
	// take in.
	named, included []*source
	// envFiles are those that services name, by the file that names them.
	envFiles map[*source][]string
	peers    peers
	renderer render.Renderer
}

// source is one parsed Compose file.
type source struct {
	path         string
	docs         []*doc.Node
	line, inside *parity.Origin // with and without a line
}

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	s := &session{ctx: ctx, in: in, cfg: cfg, out: out, renderer: in.Renderer}
	if s.renderer == nil {
		s.renderer = render.InProcess(Tasks())
	}
	if err := s.find(); err != nil {
		return err
	}
	if err := s.variables(); err != nil {
		return err
	}
	model, err := s.load()
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.peers = peersOf(model, s.project())
	s.emit(model)
	return nil
}

// The names that Compose looks for, in its order.
var (
	defaultNames  = []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}
	overrideNames = []string{"compose.override.yaml", "compose.override.yml", "docker-compose.override.yml", "docker-compose.override.yaml"}
)

// find resolves the files of the config.
func (s *session) find() error {
	names := s.cfg.Files
	if len(names) == 0 {
		names = []string{"."}
	}
	for _, name := range names {
		p, err := s.in.Root.Resolve(name)
		if err != nil {
			return err
		}
		if info, err := fs.Stat(p.FS, p.Path); err == nil && info.IsDir() {
			found, err := s.inDirectory(p)
			if err != nil {
				return err
			}
			if len(found) == 0 {
				return &parity.Error{
					Code: parity.CodeConfig, Where: p.Show(), What: "there is no Compose file in this directory",
					Hint: "name the files under files:",
				}
			}
			s.files = append(s.files, found...)
			continue
		}
		s.files = append(s.files, p)
	}
	for _, p := range s.files[1:] {
		if (p.OnDisk == "") != (s.files[0].OnDisk == "") {
			return &parity.Error{
				Code: parity.CodeConfig, Where: p.Show(),
				What: "Compose files from disk and from a revision cannot be read together",
			}
		}
	}
	s.dir = path.Dir(s.files[0].Path)
	return nil
}

// inDirectory returns the Compose files of a directory: those that COMPOSE_FILE
// names in its env files, else those that Compose looks for.
func (s *session) inDirectory(p place.Place) ([]place.Place, error) {
	named, err := s.namedByEnv(p)
	if err != nil || len(named) > 0 {
		return named, err
	}
	return inDir(p), nil
}

// namedByEnv returns the files that COMPOSE_FILE names, relative to a directory.
func (s *session) namedByEnv(p place.Place) ([]place.Place, error) {
	files := []place.Place{}
	if s.cfg.EnvFiles == nil {
		env := p
		if env.Path = path.Join(p.Path, ".env"); isThere(env) {
			files = append(files, env)
		}
	}
	for _, name := range s.cfg.EnvFiles {
		env, err := s.in.Root.Resolve(name)
		if err != nil {
			return nil, err
		}
		files = append(files, env)
	}
	env := &variables{values: map[string]string{}}
	if err := env.read(s, files); err != nil {
		return nil, err
	}
	maps.Copy(env.values, s.cfg.Environment)
	var found []place.Place
	for name := range strings.SplitSeq(env.values["COMPOSE_FILE"], cmp.Or(env.values["COMPOSE_PATH_SEPARATOR"], ":")) {
		if name == "" {
			continue
		}
		at := p
		if at.Path = path.Join(p.Path, name); path.IsAbs(name) || !fs.ValidPath(at.Path) {
			return nil, &parity.Error{
				Code: parity.CodeConfig, Where: p.Display(path.Join(p.Path, ".env")),
				What: "COMPOSE_FILE names a file outside of the project", Hint: "name the Compose files under files:",
			}
		}
		found = append(found, at)
	}
	if len(found) > 0 {
		s.started = p.Path
	}
	return found, nil
}

// inDir gives the Compose file of a directory, and its override.
func inDir(p place.Place) []place.Place {
	var found []place.Place
	for _, names := range [][]string{defaultNames, overrideNames} {
		for _, name := range names {
			at := p
			at.Path = path.Join(p.Path, name)
			if isThere(at) {
				found = append(found, at)
				break
			}
		}
		if len(found) == 0 {
			return nil
		}
	}
	return found
}

// isThere reports whether a file is there, also one that is not read: opening
// it says why.
func isThere(p place.Place) bool {
	info, err := fs.Stat(p.FS, p.Path)
	return place.Refused(err) != nil || err == nil && !info.IsDir()
}

// detect says how well the collector fits a path.
func detect(p place.Place) int {
	info, err := fs.Stat(p.FS, p.Path)
	switch {
	case err != nil:
		return 0
	case info.IsDir() && len(inDir(p)) > 0:
		return 75
	case info.IsDir():
		return 0
	}
	base := path.Base(p.Path)
	if slices.Contains(defaultNames, base) || slices.Contains(overrideNames, base) {
		return 90
	}
	if ext := path.Ext(base); (ext == ".yaml" || ext == ".yml") && sniff(p) {
		return 80
	}
	return 0
}

// sniff reports whether a YAML file begins like a Compose file: with services,
// and nothing that only other files have.
func sniff(p place.Place) bool {
	f, err := p.FS.Open(p.Path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 16<<10)
	n, _ := f.Read(head)
	services, image := false, false
	for line := range strings.Lines(string(head[:n])) {
		switch {
		case strings.HasPrefix(line, "apiVersion:"), strings.HasPrefix(line, "kind:"):
			return false
		case strings.HasPrefix(line, "services:"):
			services = true
		case services && (strings.HasPrefix(line, "    image:") || strings.HasPrefix(line, "    build:")):
			image = true
		}
	}
	return services && image
}

// sources are all files, the weakest first.
func (s *session) sources() []*source { return slices.Concat(s.included, s.named) }

func (s *session) place() place.Place { return s.files[0] }

func (s *session) display(at string) string { return s.place().Display(at) }

func (s *session) limits() doc.Limits {
	return doc.Limits{Nodes: s.in.Limits.Nodes, Depth: s.in.Limits.Depth, Bytes: s.in.Limits.FileBytes}
}
