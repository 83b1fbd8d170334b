package terraform

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/cloud"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/place"
)

// Config is a source of Terraform's or OpenTofu's files.
type Config struct {
	State     string `yaml:"state" doc:"State: a file, a directory of a local backend or of several, or a pattern (*, ?, [ab] within a name, ** for any directories), relative to the project, or git:REV:path."`
	Workspace string `yaml:"workspace" doc:"Workspace of a local backend whose state is read; default if left out."`
	Plan      string `yaml:"plan" doc:"Plan in JSON, as terraform show -json writes it."`
	Path      string `yaml:"path" doc:"A state or a plan, whichever it is."`
	Role      string `yaml:"role" doc:"What a plan speaks of: desired, live, or both if left out."`
}

// Roles tells what the source has something to say of: a state says what runs, a
// plan what is declared too.
func (c Config) Roles() []parity.Role {
	switch {
	case c.Role == string(parity.Desired) || c.Role == string(parity.Live):
		return []parity.Role{parity.Role(c.Role)}
	case c.Plan != "" || c.Path != "" && !strings.HasSuffix(c.Path, stateSuffix) && path.Ext(c.Path) == ".json":
		return []parity.Role{parity.Desired, parity.Live}
	default:
		return []parity.Role{parity.Live}
	}
}

const stateSuffix = ".tfstate"

// New makes the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:      "terraform",
		Summary:   "Reads state and plans of Terraform and OpenTofu: resources, permissions, network rules, functions.",
		Doc:       page,
		FilesOnly: true,
		Format:    cloud.Format,
		Kinds:     cloud.Kinds(),
		Complete:  true,
		Surfaces: []parity.Surface{
			parity.Artifact, parity.Config, parity.Secrets, parity.Resource, parity.Network, parity.IdentitySurface,
			parity.Dependency, parity.Telemetry, parity.Flag, parity.Data, parity.Platform, parity.Delivery, parity.Security,
		},
		Detect:   detect,
		FromPath: func(path string) any { return &Config{Path: path} },
	}, collect)
}

// detect knows states by their name, plans by how they begin, and the directory
// of a local backend.
func detect(p place.Place) int {
	info, err := fs.Stat(p.FS, p.Path)
	switch {
	case err != nil:
		return 0
	case info.IsDir():
		for _, name := range [...]string{"terraform.tfstate", "terraform.tfstate.d"} {
			if _, err := fs.Stat(p.FS, path.Join(p.Path, name)); err == nil {
				return 60
			}
		}
		return 0
	case strings.HasSuffix(p.Path, stateSuffix):
		return 95
	case path.Ext(p.Path) != ".json":
		return 0
	}
	f, err := p.FS.Open(p.Path)
	if err != nil {
		return 0
	}
	defer f.Close()
	head, _ := io.ReadAll(io.LimitReader(f, 512)) // a fault comes again when all is read
	text := string(head)
	if strings.Contains(text, `"terraform_version"`) && (strings.Contains(text, `"format_version"`) || strings.Contains(text, `"lineage"`)) {
		return 95
	}
	return 0
}

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	if err := check(cfg); err != nil {
		return err
	}
	s := &session{in: in, out: out, limits: doc.Limits{Nodes: in.Limits.Nodes, Depth: in.Limits.Depth, Bytes: in.Limits.FileBytes}}
	s.role = in.Column.Role
	if s.role == "" || cfg.Role != "" {
		s.role = parity.Role(cfg.Role)
	}
	if cfg.Plan != "" && (cfg.State == "" || s.role == parity.Desired) {
		return s.one(ctx, cfg.Plan, planFile)
	}
	if cfg.State == "" {
		info, err := s.stat(cfg.Path)
		if err != nil {
			return err
		}
		if !info.IsDir() {
			return s.one(ctx, cfg.Path, anyFile)
		}
		cfg.State = cfg.Path
	}
	files, err := find(ctx, in.Root, cfg.State, cfg.Workspace)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := s.file(ctx, f, stateFile); err != nil {
			return err
		}
	}
	return nil
}

func check(cfg Config) error {
	switch {
	case cfg.State == "" && cfg.Plan == "" && cfg.Path == "":
		return &parity.Error{Code: parity.CodeConfig, What: "the source names no state and no plan", Hint: "say state or plan"}
	case cfg.Path != "" && cfg.State+cfg.Plan != "":
		return &parity.Error{Code: parity.CodeConfig, What: "the source has a path besides a state or a plan", Hint: "say state or plan instead of path"}
	case cfg.Role != "" && cfg.Role != string(parity.Desired) && cfg.Role != string(parity.Live):
		return &parity.Error{Code: parity.CodeConfig, What: "the role is not known", Hint: "use desired or live"}
	case cfg.Role == string(parity.Desired) && cfg.Plan == "" && cfg.Path == "":
		return &parity.Error{Code: parity.CodeConfig, What: "a state does not say what is declared", Hint: "name a plan"}
	}
	return nil
}

// session is one run of the collector.
type session struct {
	in     collector.Input
	out    collector.Sink
	limits doc.Limits
	role   parity.Role
}

// expected is what a file is meant to be.
type expected uint8

const (
	anyFile expected = iota
	stateFile
	planFile
)

func (s *session) stat(name string) (fs.FileInfo, error) {
	p, err := s.in.Root.Resolve(name)
	if err != nil {
		return nil, err
	}
	info, err := fs.Stat(p.FS, p.Path)
	if err != nil {
		return nil, unreadable(name, err)
	}
	return info, nil
}

func unreadable(where string, err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		err = pe.Err
	}
	return &parity.Error{Code: parity.CodeUnavailable, Where: where, What: "it cannot be read", Err: err}
}

func (s *session) one(ctx context.Context, name string, want expected) error {
	p, err := s.in.Root.Resolve(name)
	if err != nil {
		return err
	}
	return s.file(ctx, file{place: p}, want)
}

// file reads one file. Only a context that is done is an error; any other fault
// is a gap over what the file could have held.
func (s *session) file(ctx context.Context, f file, want expected) error {
	root, err := s.parse(ctx, f.place)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err == nil {
		err = s.document(f, root, want)
	}
	if err != nil {
		s.gap(f, err)
	}
	return ctx.Err()
}

// parse reads no more than one byte over the limit, which the parser then
// refuses.
func (s *session) parse(ctx context.Context, p place.Place) (*doc.Node, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r, err := p.FS.Open(p.Path)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	limit := s.limits.Bytes
	if limit <= 0 {
		limit = collector.DefaultLimits().FileBytes
	}
	data, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err != nil {
		return nil, err
	}
	if strings.HasPrefix(string(data[:min(len(data), 4)]), "PK\x03\x04") {
		return nil, &parity.Error{What: "this is a binary plan", Hint: "write it as JSON: terraform show -json PLAN > plan.json"}
	}
	return doc.ParseJSON(data, s.limits)
}

// document reads a state or a plan.
func (s *session) document(f file, root *doc.Node, want expected) error {
	m := &model{session: s, file: f, origin: &parity.Origin{File: f.place.Show(), Precision: parity.AtLine}, gaps: map[parity.Gap]bool{}}
	switch {
	case root.Kind != doc.Map:
		return &doc.Error{Line: root.Line, Col: root.Col, What: "it holds no object"}
	case root.Get("encrypted_data") != nil:
		return &parity.Error{What: "the state is encrypted", Hint: "decrypt it: tofu state pull > state.json"}
	case root.Get("format_version") != nil && root.Get("planned_values") != nil || root.Get("resource_changes") != nil:
		if want == stateFile {
			return &parity.Error{What: "this is a plan, not a state", Hint: "name it under plan"}
		}
		return m.plan(root)
	case want == planFile && root.Get("format_version") != nil:
		return &parity.Error{What: "this is a state, not a plan", Hint: "name it under state"}
	case want == planFile:
		return &parity.Error{What: "this is no plan in JSON", Hint: "write one: terraform show -json PLAN > plan.json"}
	case s.role == parity.Desired:
		return &parity.Error{What: "a state does not say what is declared", Hint: "name a plan"}
	case root.Get("format_version") != nil:
		return m.shown(root)
	}
	return m.state(root)
}

// gap records that a file could not be read.
func (s *session) gap(f file, err error) {
	show := f.place.Show()
	g := parity.Gap{Where: show, Hint: parity.HintOf(err)}
	var at *doc.Error
	var known *parity.Error
	var pe *fs.PathError
	switch {
	case errors.As(err, &at):
		g.Where, g.Reason = at.In(show), "the file cannot be read as state or plan: "+at.What
		if g.Hint == "" {
			g.Hint = "write it again: terraform state pull, or terraform show -json"
		}
	case errors.As(err, &known):
		g.Reason = "the file cannot be read as state or plan: " + known.What
	case errors.As(err, &pe):
		g.Reason = "the file cannot be read: " + pe.Err.Error()
	default:
		g.Reason = "the file cannot be read: " + err.Error()
	}
	s.overScope(f, g)
}

// overScope records a gap over all that a file could have held.
func (s *session) overScope(f file, g parity.Gap) {
	if f.name == "" {
		s.out.Gap(g)
		return
	}
	g.Scope = parity.LiteralPattern(f.name)
	s.out.Gap(g)
	g.Scope += ":*"
	s.out.Gap(g)
}

// emit hands over what the resources mean.
func (m *model) emit(resources []*cloud.Resource, also []cloud.Drifted) {
	o := cloud.Options{Limits: doc.Limits{Nodes: m.limits.Nodes / 10, Depth: m.limits.Depth, Bytes: 4 << 20}, Secrets: m.secrets}
	cloud.ReadDrifted(resources, also, o, m.out.Subject)
}
