// Package process collects how programs are built and run by files that are
// neither Compose nor Kubernetes: Procfiles, Dockerfiles, ECS task definitions,
// systemd units and the files that pin the versions of tools.
package process

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/glob"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/surface"
	"github.com/envparity/parity/internal/value"
)

const page = `Reads how programs are built and run.

| file | what is read |
|---|---|
| ` + "`Procfile`, `Procfile.*`" + ` | the command of each process type |
| ` + "`app.json`" + ` | Heroku's: stack, variables, add-ons, formation |
| ` + "`Dockerfile`, `Dockerfile.*`, `*.Dockerfile`, `Containerfile`" + ` | base images, arguments, and of the last stage variables, user, ports, health check, entry point and command |
| ` + "`.tool-versions`, `.nvmrc`, `.node-version`, `.python-version`, `.ruby-version`, `.java-version`, `.terraform-version`" + `, ` + "`go.mod`, `package.json`" + ` | the versions of tools; of go.mod ` + "`go` and `toolchain`" + `, of package.json ` + "`engines`" + ` |
| a JSON file with ` + "`containerDefinitions`" + ` | an ECS task definition |
| ` + "`*.service`, `*.timer`, `*.socket`" + ` | a systemd unit, with the drop-ins in the directory beside it |

` + "```yaml" + `
sources:
  - collector: process
    paths: [deploy/production/task.json, Procfile, .tool-versions]
` + "```" + `

A container of a task definition compares with a Compose service or a Kubernetes workload of the same name. Where a
base image or another value needs an argument without a default, it is a gap. A secret of a task definition is compared
by where it is from; its value is not there.
`

// Config is a source of such files.
type Config struct {
	Paths []string `yaml:"paths" required:"true" doc:"Files and patterns, relative to the project, or git:REV:path."`
	Name  string   `yaml:"name" doc:"Scope of the subjects, the same in all environments; none if left out."`
}

// The kinds that files declare.
const (
	processKind   = "process"
	toolsKind     = "tools"
	buildKind     = "image-build"
	containerKind = "container"
	taskKind      = "task-definition"
	unitKind      = "unit"
	appKind       = "app"
)

func declared() []kinds.Kind {
	out := []kinds.Kind{
		{Name: processKind, Runs: true},
		{Name: containerKind, Family: "workload", Rank: kinds.RankLead, Runs: true, Common: commonPaths},
		{Name: toolsKind, Settings: true},
		{Name: buildKind},
		{Name: taskKind},
		{Name: unitKind},
		{Name: appKind},
	}
	for i := range out {
		out[i].Format, out[i].Surfaces = "process", surface.Common()
	}
	return out
}

// commonPaths says which paths of a container other formats understand.
func commonPaths(*parity.SubjectFacts) func(string) string {
	return func(p string) string {
		if p == "/image" || strings.HasPrefix(p, "/environment[") || strings.HasPrefix(p, "/deploy/resources/limits/") {
			return p
		}
		return ""
	}
}

// New makes the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:      "process",
		Summary:   "Reads Procfiles, Dockerfiles, ECS task definitions, systemd units and the versions of tools.",
		Doc:       page,
		FilesOnly: true,
		Kinds:     declared(),
		Role:      parity.Desired,
		Surfaces: []parity.Surface{
			parity.Artifact, parity.Config, parity.Secrets, parity.Resource, parity.Network, parity.IdentitySurface,
			parity.Dependency, parity.Telemetry, parity.Flag, parity.Data, parity.Platform, parity.Delivery, parity.Security,
		},
		Detect:   detect,
		FromPath: func(p string) any { return &Config{Paths: []string{p}} },
	}, collect)
}

// reader reads one format.
type reader func(f *file, data []byte) error

// readerOf returns the reader of a file by its name, and nil for another file.
func readerOf(name string) reader {
	base := path.Base(name)
	lower := strings.ToLower(base)
	switch {
	case base == "Procfile" || strings.HasPrefix(base, "Procfile."):
		return readProcfile
	case lower == "dockerfile", lower == "containerfile", strings.HasPrefix(lower, "dockerfile.") && lower != "dockerfile.dockerignore", strings.HasSuffix(lower, ".dockerfile"):
		return readDockerfile
	case base == "app.json":
		return readApp
	case base == ".tool-versions", base == "go.mod", base == "package.json", versionFiles[base] != "":
		return readTools
	case strings.HasSuffix(lower, ".json"):
		return readTask
	}
	switch path.Ext(lower) {
	case ".service", ".timer", ".socket":
		return readUnit
	}
	return nil
}

// detect takes files by name. Of JSON files only a task definition is one.
func detect(p place.Place) int {
	r := readerOf(p.Path)
	base := path.Base(p.Path)
	switch {
	case r == nil || base == "package.json" || base == "go.mod":
		return 0
	case base == "app.json":
		return 60
	case strings.HasSuffix(base, ".json"):
		data, err := p.Read(1 << 20)
		if err != nil || !strings.Contains(string(data), `"containerDefinitions"`) {
			return 0
		}
	}
	return 85
}

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	if len(cfg.Paths) == 0 {
		return &parity.Error{Code: parity.CodeConfig, What: "the source names no paths", Hint: "list files or patterns under paths"}
	}
	for _, pattern := range cfg.Paths {
		files, err := glob.Find(ctx, in.Root, pattern, func(name string) bool { return readerOf(name) != nil })
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			out.Gap(gapOf(cfg, pattern, err))
			continue
		}
		for _, g := range files {
			if err := ctx.Err(); err != nil {
				return err
			}
			f := &file{in: in, cfg: cfg, out: out, place: g.Place}
			f.origin = &parity.Origin{File: g.Place.Show(), Precision: parity.AtLine}
			if err := f.read(); err != nil {
				out.Gap(gapOf(cfg, g.Place.Show(), err))
			}
		}
	}
	return ctx.Err()
}

// gapOf is what a file that cannot be read leaves open.
func gapOf(cfg Config, where string, err error) parity.Gap {
	g := parity.Gap{Scope: parity.LiteralPattern(cfg.Name), Where: where, Hint: parity.HintOf(err), Reason: "the file cannot be read: " + glob.Cause(err).Error()}
	var known *parity.Error
	var in *doc.Error
	switch {
	case errors.As(err, &in):
		g.Where, g.Reason, g.Hint = in.In(where), "the file cannot be read: "+in.What, "correct the file"
		if in.Locked() {
			g.Hint = doc.UnlockHint
		}
	case errors.As(err, &known):
		g.Reason = "the file cannot be read: " + known.What
	}
	return g
}

// file is one file that is read.
type file struct {
	in     collector.Input
	cfg    Config
	out    collector.Sink
	place  place.Place
	origin *parity.Origin
}

func (f *file) read() error {
	r := readerOf(f.place.Path)
	if r == nil {
		return &doc.Error{What: "its name says no format that is known here"}
	}
	limit := f.in.Limits.FileBytes
	if limit <= 0 {
		limit = collector.DefaultLimits().FileBytes
	}
	data, err := f.place.Read(limit)
	if err != nil {
		return err
	}
	if err := doc.CheckLocked(data); err != nil {
		return err
	}
	return r(f, data)
}

func (f *file) limits() doc.Limits {
	return doc.Limits{Nodes: f.in.Limits.Nodes, Depth: f.in.Limits.Depth, Bytes: f.in.Limits.FileBytes}
}

// subject gathers the facts of one subject.
type subject struct {
	f     *file
	s     parity.Subject
	facts []parity.Fact
	at    map[string]int
}

func (f *file) subject(kind, name string, line int) *subject {
	key := parity.Key{Kind: kind, Scope: f.cfg.Name, Name: name}
	return &subject{f: f, s: parity.Subject{Key: key, Origin: f.origin, Line: int32(line), Col: 1}, at: map[string]int{}}
}

// text adds a fact that is a text; a later one at the same path takes its place.
func (s *subject) text(at, raw string, line int) {
	v, rules := value.Of(at, raw, value.StringScalar)
	s.put(at, v, rules, line)
}

// variable adds an environment variable, which is text to the program.
func (s *subject) variable(name, raw string, line int) {
	at := "/environment[name=" + name + "]/value"
	v, rules := value.Of(at, raw, value.StringScalar)
	if rules.Has(parity.ScalarForm) {
		v, rules = parity.Value{Kind: v.Kind, Raw: raw}, 0
	}
	s.s.Traits = append(s.s.Traits, parity.Trait{Kind: "variable", Value: name})
	s.put(at, v, rules, line)
}

// image adds the name of an image.
func (s *subject) image(at, raw string, line int) {
	v, rules := parity.Value{Kind: parity.Text, Raw: raw}, parity.RuleSet(0)
	if img, ok := value.ParseImage(raw); ok {
		v = parity.Value{Kind: parity.Image, Raw: raw, Canon: img.Canonical(nil)}
		rules = parity.SetOf(parity.ImageForm)
		s.s.Traits = append(s.s.Traits, parity.Trait{Kind: "image", Value: img.Registry + "/" + img.Repository})
	}
	s.put(at, v, rules, line)
}

// member adds an item of a set.
func (s *subject) member(at, raw string, line int) {
	s.put(at+"[="+raw+"]", parity.Value{Kind: parity.Set, Raw: raw}, 0, line)
}

func (s *subject) put(at string, v parity.Value, rules parity.RuleSet, line int) {
	fact := parity.Fact{
		Path: at, Value: v, Rules: rules, Surface: surfaceOf(s.s.Key.Kind, at), Origin: s.f.origin, Line: int32(line), Col: 1,
	}
	if i, again := s.at[at]; again {
		s.facts[i] = fact
		return
	}
	s.at[at] = len(s.facts)
	s.facts = append(s.facts, fact)
}

// gap states that the value at a path is not known.
func (s *subject) gap(at, reason, hint string, line int) {
	s.f.out.Gap(parity.Gap{
		Kind: s.s.Key.Kind, Scope: parity.LiteralPattern(s.s.Key.Scope), Name: parity.LiteralPattern(s.s.Key.Name), Path: at,
		Reason: reason, Hint: hint, Where: fmt.Sprintf("%s:%d", s.f.place.Show(), line),
	})
}

func (s *subject) done() {
	if len(s.facts) == 0 {
		s.put("", parity.Value{Kind: parity.Null}, 0, int(s.s.Line))
	}
	s.f.out.Subject(s.s, s.facts)
}

// surfaceOf returns the surface of a fact: versions of tools and base images are
// what an artifact is made of.
func surfaceOf(kind, at string) parity.Surface {
	switch {
	case kind == toolsKind, at == "/image", strings.HasPrefix(at, "/from["):
		return parity.Artifact
	case strings.HasPrefix(at, "/ports["):
		return parity.Network
	case at == "/user", at == "/Service/User", at == "/Service/Group", strings.HasSuffix(at, "RoleArn"):
		return parity.IdentitySurface
	case strings.HasPrefix(at, "/deploy/resources/"), strings.HasPrefix(at, "/Service/Limit"), strings.HasPrefix(at, "/Service/Memory"), strings.HasPrefix(at, "/Service/CPU"):
		return parity.Resource
	case strings.HasPrefix(at, "/logConfiguration"):
		return parity.Telemetry
	case strings.HasSuffix(at, "/valueFrom"):
		return parity.Secrets
	}
	return surface.Common().Of(kind, at)
}
