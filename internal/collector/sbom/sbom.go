// Package sbom reads what software is made of: bills of materials, lock files
// and the build information of Go's binaries.
package sbom

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/glob"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/place"
	list "github.com/envparity/parity/internal/sbom"
)

// Kind is the kind of the subjects: a piece of software with its packages.
const Kind = "software"

// Config is a source of lists of components.
type Config struct {
	Path    string   `yaml:"path" doc:"A file, a directory or a pattern (*, ?, [ab], {a,b}, **), relative to the project, or git:REV:path."`
	Paths   []string `yaml:"paths" doc:"Several of them."`
	Name    string   `yaml:"name" doc:"What the list is of, such as the service, the same in all environments; what the list says, or the file's name, if left out."`
	Format  string   `yaml:"format" doc:"Format of the files, such as cyclonedx or requirements; by name and content if left out."`
	Syft    bool     `yaml:"syft" doc:"Whether to ask the program syft on the PATH about image or dir."`
	Image   string   `yaml:"image" doc:"With syft: the image, as syft takes it, such as registry:registry.example.com/shop/web:1.4.0."`
	Dir     string   `yaml:"dir" doc:"With syft: the directory, relative to the project."`
	Env     []string `yaml:"env" doc:"With syft: names of the environment variables that it may see, such as DOCKER_CONFIG."`
	Timeout int      `yaml:"timeout" doc:"With syft: seconds that it may take; 300 if left out."`
}

// FilesOnly leaves out what runs a program.
func (c *Config) FilesOnly() (only any, leftOut string) {
	switch {
	case c.Syft && c.Path == "" && len(c.Paths) == 0:
		return nil, "it runs the program syft"
	case c.Syft:
		left := *c
		left.Syft, left.Image, left.Dir = false, "", ""
		return &left, "it runs the program syft; its files are read"
	}
	return c, ""
}

// New makes the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:      "sbom",
		Summary:   "Reads the packages that software is made of: CycloneDX and SPDX, lock files, Go binaries.",
		Doc:       page,
		FilesOnly: true,
		Kinds:     []kinds.Kind{{Name: Kind, Format: "sbom"}},
		Surfaces:  []parity.Surface{parity.Dependency, parity.Artifact},
		Detect:    detect,
		FromPath:  func(path string) any { return &Config{Path: path} },
	}, collect)
}

// detect takes files with names of their own. A list of requirements may be
// called anything else, so its name says less.
func detect(p place.Place) int {
	if info, err := fs.Stat(p.FS, p.Path); err != nil || info.IsDir() {
		return 0
	}
	switch list.DetectName(p.Path) {
	case "":
		return 0
	case list.Requirements:
		return 60
	default:
		return 85
	}
}

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	if cfg.Path != "" {
		cfg.Paths = append([]string{cfg.Path}, cfg.Paths...)
	}
	if err := cfg.check(); err != nil {
		return err
	}
	limits := in.Limits
	if limits == (collector.Limits{}) {
		limits = collector.DefaultLimits()
	}
	s := &session{in: in, cfg: cfg, out: out, limits: list.Limits{Bytes: limits.FileBytes, Nodes: limits.Nodes, Depth: limits.Depth}}
	if cfg.Syft {
		if err := s.syft(ctx); err != nil {
			return err
		}
	}
	files := glob.FindAll(ctx, in.Root, cfg.Paths, wanted, func(pattern string, err error) { out.Gap(gapOf(pattern, err)) })
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, f := range files {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.file(f, len(files) > 1)
	}
	return nil
}

func (c *Config) check() error {
	known := func(f list.Format) bool { return string(f) == c.Format }
	switch {
	case len(c.Paths) == 0 && !c.Syft:
		return &parity.Error{Code: parity.CodeConfig, What: "the source names no paths", Hint: "name files, directories or patterns under path or paths"}
	case c.Syft && (c.Image == "") == (c.Dir == ""):
		return &parity.Error{Code: parity.CodeConfig, What: "the source does not say what to ask syft about", Hint: "name either an image or a dir"}
	case !c.Syft && (c.Image != "" || c.Dir != ""):
		return &parity.Error{Code: parity.CodeConfig, What: "image and dir are for syft, which is not asked", Hint: "set syft: true, or name files under paths"}
	case c.Format != "" && !slices.ContainsFunc(list.Formats(), known):
		return &parity.Error{Code: parity.CodeConfig, What: "the format is not known", Hint: "use one of " + strings.Join(formatNames(), ", ")}
	}
	return nil
}

func formatNames() []string {
	var all []string
	for _, f := range list.Formats() {
		all = append(all, string(f))
	}
	return all
}

// wanted tells which files of a directory are lists: those with names of their
// own, but not those of what was installed.
func wanted(name string) bool {
	for dir := range strings.SplitSeq(path.Dir(name), "/") {
		switch dir {
		case "node_modules", "vendor", "testdata", "site-packages", "target":
			return false
		}
	}
	return list.DetectName(name) != ""
}

// session is one run of the collector.
type session struct {
	in     collector.Input
	cfg    Config
	out    collector.Sink
	limits list.Limits
}

// file reads one list. several tells that it is not the only one.
func (s *session) file(f glob.File, several bool) {
	show := f.Place.Show()
	d, err := s.read(f.Place)
	if err != nil {
		s.out.Gap(s.gap(f, several, show, err))
		return
	}
	s.hand(d, s.key(d, f, several), &parity.Origin{File: show, Precision: precision(d)}, show)
}

func precision(d *list.Document) parity.Precision {
	if d.Format == list.GoBinary {
		return parity.AtFile
	}
	return parity.AtLine
}

// hand hands over a list. The form of one that could not be read in part is
// still known.
func (s *session) hand(d *list.Document, key parity.Key, origin *parity.Origin, show string) {
	subject := parity.Subject{Key: key, Origin: origin}
	if origin.Precision == parity.AtLine {
		subject.Line, subject.Col = 1, 1
	}
	facts := d.Facts(key, "", origin)
	s.out.Subject(subject, facts)
	for _, g := range d.Gaps(key, "", show) {
		g.Hint = "state the version, or read a list that does: a bill of materials or a lock file"
		s.out.Gap(g)
	}
}

// key names what a list is of: as the config says, as the list says, or after
// its file.
func (s *session) key(d *list.Document, f glob.File, several bool) parity.Key {
	name := d.Root.PURL.Software()
	if name == "" || name == "." || strings.HasPrefix(name, "/") {
		name = fileName(f)
	}
	switch {
	case s.cfg.Name == "":
		return parity.Key{Kind: Kind, Name: name}
	case several:
		return parity.Key{Kind: Kind, Scope: s.cfg.Name, Name: name}
	default:
		return parity.Key{Kind: Kind, Name: s.cfg.Name}
	}
}

// fileName names a list after its file: a lock file by its whole name, another
// without the endings that tell its form.
func fileName(f glob.File) string {
	base := path.Base(f.Place.Path)
	switch list.DetectName(base) {
	case "", list.CycloneDX, list.SPDX, list.Requirements:
		return strings.TrimSuffix(strings.TrimSuffix(f.Name, ".cdx"), ".spdx")
	}
	return path.Join(path.Dir(f.Name), base)
}

// gap is what a list that cannot be read leaves open: all of what it is of.
func (s *session) gap(f glob.File, several bool, show string, err error) parity.Gap {
	g := parity.Gap{Kind: Kind, Where: show, Hint: parity.HintOf(err), Reason: "the list of components cannot be read: " + glob.Cause(err).Error()}
	if s.cfg.Name != "" {
		key := s.key(&list.Document{}, f, several)
		g.Scope, g.Name = parity.LiteralPattern(key.Scope), parity.LiteralPattern(key.Name)
		if several {
			g.Name = ""
		}
	}
	var in *doc.Error
	if errors.As(err, &in) {
		g.Where, g.Reason = in.In(show), "the list of components cannot be read: "+in.What
		g.Hint = "correct the file, or say its format"
	}
	return g
}

// read reads a file: an executable where it lies, anything else as a whole.
func (s *session) read(p place.Place) (*list.Document, error) {
	f, err := p.FS.Open(p.Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head := make([]byte, 4096)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return nil, err
	}
	head = head[:n]
	format := list.Format(s.cfg.Format)
	if format == "" {
		if format, err = list.Detect(p.Path, head); err != nil {
			return nil, err
		}
	}
	if at, ok := f.(io.ReaderAt); ok && format == list.GoBinary {
		return list.ParseBinary(at, s.limits)
	}
	data, err := io.ReadAll(io.LimitReader(io.MultiReader(bytes.NewReader(head), f), s.limits.Bytes+1))
	if err != nil {
		return nil, err
	}
	return list.ParseAs(format, data, s.limits)
}

// gapOf is a gap over everything: what a path would have stood for is not
// known.
func gapOf(pattern string, err error) parity.Gap {
	g := parity.Gap{Kind: Kind, Reason: err.Error(), Where: pattern, Hint: parity.HintOf(err)}
	var e *parity.Error
	if errors.As(err, &e) {
		g.Reason = e.What
		if e.Err != nil {
			g.Reason += ": " + e.Err.Error()
		}
	}
	return g
}
