package files

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/glob"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/settings"
)

// Config is a source of settings files.
type Config struct {
	Paths  []string `yaml:"paths" required:"true" doc:"Files, directories and patterns (*, ?, [ab], {a,b}, **), relative to the project, or git:REV:path."`
	Format string   `yaml:"format" doc:"Format of the files: yaml, json, toml, ini, properties or dotenv; by extension if left out."`
	Name   string   `yaml:"name" doc:"Scope of the subjects, the same in all environments; by the files' names if left out."`
}

// New makes the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:      "files",
		Summary:   "Reads settings in YAML, JSON, TOML, INI, properties and dotenv files, Helm values among them.",
		Doc:       page,
		FilesOnly: true,
		Kinds:     settings.Kinds(),
		Role:      parity.Desired,
		Surfaces: []parity.Surface{
			parity.Artifact, parity.Config, parity.Secrets, parity.Resource, parity.Network, parity.IdentitySurface,
			parity.Dependency, parity.Telemetry, parity.Flag, parity.Data, parity.Platform, parity.Delivery, parity.Security,
		},
		Detect:   detect,
		FromPath: func(path string) any { return &Config{Paths: []string{path}} },
	}, collect)
}

// detect takes any file of a known format, if no one knows it better.
func detect(p place.Place) int {
	if info, err := fs.Stat(p.FS, p.Path); err != nil || info.IsDir() {
		return detectDirectory(p)
	}
	switch doc.Detect(p.Path, nil) {
	case doc.Unknown:
		return 0
	case doc.Dotenv:
		return 5
	default:
		return 20
	}
}

// detectDirectory takes a directory that holds such files itself.
func detectDirectory(p place.Place) int {
	entries, err := fs.ReadDir(p.FS, p.Path)
	if err != nil {
		return 0
	}
	for _, e := range entries {
		if !e.IsDir() && !glob.Hidden(e.Name()) && doc.Detect(e.Name(), nil) != doc.Unknown {
			return 3
		}
	}
	return 0
}

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	format := doc.Format(strings.ToLower(cfg.Format))
	if format != doc.Unknown && !format.Valid() {
		return &parity.Error{
			Code: parity.CodeConfig, What: fmt.Sprintf("the format %q is not known", cfg.Format),
			Hint: "use yaml, json, toml, ini, properties or dotenv",
		}
	}
	if len(cfg.Paths) == 0 {
		return &parity.Error{Code: parity.CodeConfig, What: "the source names no paths", Hint: "list files, directories or patterns under paths"}
	}
	s := &session{in: in, cfg: cfg, out: out, format: format, limits: doc.Limits{
		Nodes: in.Limits.Nodes, Depth: in.Limits.Depth, Bytes: in.Limits.FileBytes,
	}}
	for _, pattern := range cfg.Paths {
		if err := s.pattern(ctx, pattern); err != nil {
			return err
		}
	}
	return nil
}

// gapOf is a gap over everything: what a path would have stood for is not
// known.
func gapOf(pattern string, err error) parity.Gap {
	g := parity.Gap{Reason: err.Error(), Where: pattern, Hint: parity.HintOf(err)}
	var e *parity.Error
	if errors.As(err, &e) {
		g.Reason = e.What
		if e.Err != nil {
			g.Reason += ": " + e.Err.Error()
		}
	}
	return g
}

// session is one run of the collector.
type session struct {
	in     collector.Input
	cfg    Config
	out    collector.Sink
	format doc.Format
	limits doc.Limits
}

// scope names the file within the source.
func (s *session) scope(f glob.File) string {
	switch {
	case s.cfg.Name != "":
		return s.cfg.Name
	case len(s.cfg.Paths) == 1 && f.Named:
		return ""
	default:
		return f.Name
	}
}

// pattern reads what one path of the config stands for. Where it stands for
// nothing, the other paths are read.
func (s *session) pattern(ctx context.Context, pattern string) error {
	files, err := glob.Find(ctx, s.in.Root, pattern, func(name string) bool {
		return s.format != doc.Unknown || doc.Detect(name, nil) != doc.Unknown
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		s.out.Gap(gapOf(pattern, err))
		return nil
	}
	for _, f := range files {
		if err := s.file(ctx, f); err != nil {
			return err
		}
	}
	return nil
}

// file reads one file. Only a context that is done is an error.
func (s *session) file(ctx context.Context, f glob.File) error {
	scope := s.scope(f)
	r, err := f.Place.FS.Open(f.Place.Path)
	if err != nil {
		s.gap(f, scope, 0, err)
		return nil
	}
	defer r.Close()
	in := bufio.NewReaderSize(contextReader{ctx, r}, 4096)
	format := s.format
	if format == doc.Unknown {
		head, _ := in.Peek(512) // a fault comes again when the rest is read
		format = doc.Detect(f.Place.Path, head)
	}
	if format == doc.Unknown {
		if f.Named {
			s.gap(f, scope, 0, &doc.Error{What: "its format is not known by its extension"})
		}
		return nil
	}
	documents := 0
	err = doc.Parse(format, in, s.limits, func(n *doc.Node, index int) error {
		documents++
		s.document(f, scope, format, n, index)
		return ctx.Err()
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		s.gap(f, scope, documents, err)
	}
	return nil
}

// document hands over one document of a file. Those after the first have
// scopes of their own.
func (s *session) document(f glob.File, scope string, format doc.Format, n *doc.Node, index int) {
	if n.Kind != doc.Map && n.Kind != doc.List {
		s.gap(f, scope, index, &doc.Error{Line: n.Line, Col: n.Col, What: "a document is a single value, no settings"})
		return
	}
	if index > 0 {
		scope += "#" + strconv.Itoa(index+1)
	}
	o := settings.Options{Scope: scope, Limits: doc.Limits{Nodes: s.limits.Nodes / 10, Depth: s.limits.Depth, Bytes: 4 << 20}}
	if format == doc.Dotenv {
		o.Surface = settings.VariableSurface
	}
	settings.Read(n, o, &parity.Origin{File: f.Place.Show(), Precision: parity.AtLine}, s.out.Subject)
}

// gap records that the file, or what of it follows the documents that were
// read, could not be read.
func (s *session) gap(f glob.File, scope string, documents int, err error) {
	show := f.Place.Show()
	g := parity.Gap{Scope: parity.LiteralPattern(scope), Where: show, Reason: "the file cannot be read: " + glob.Cause(err).Error()}
	var e *doc.Error
	if errors.As(err, &e) {
		g.Where = e.In(show)
		g.Reason = "the file cannot be read as settings: " + e.What
		g.Hint = "correct the file, or say its format"
		if documents > 0 {
			g.Hint = "correct the file; the documents before the fault were read"
		}
	}
	s.out.Gap(g)
	if scope != "" && documents > 0 {
		g.Scope += "#*"
		s.out.Gap(g)
	}
}

// contextReader ends reading when the context is done.
type contextReader struct {
	ctx context.Context //nolint:containedctx // it lives as long as one call
	r   io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
