// Package provenance reads attestations from files: who built an artifact, from
// what and with which parameters.
package provenance

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/attest"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/glob"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/place"
)

// Kind is the kind of the subjects: an artifact that was built.
const Kind = "artifact"

// Config is a source of attestations.
type Config struct {
	Path  string   `yaml:"path" doc:"A file, a directory or a pattern (*, ?, [ab], {a,b}, **), relative to the project, or git:REV:path."`
	Paths []string `yaml:"paths" doc:"Several of them."`
	Name  string   `yaml:"name" doc:"What the artifact is called, such as the service, the same in all environments; as the statement calls it if left out."`
}

// New makes the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:      "provenance",
		Summary:   "Reads attestations of how artifacts were built: in-toto, DSSE, Sigstore bundles, SLSA provenance.",
		Doc:       page,
		FilesOnly: true,
		Kinds:     []kinds.Kind{{Name: Kind, Format: "provenance"}},
		Surfaces:  []parity.Surface{parity.Delivery, parity.Artifact, parity.Dependency},
		Detect:    detect,
		FromPath:  func(path string) any { return &Config{Path: path} },
	}, collect)
}

func detect(p place.Place) int {
	if info, err := fs.Stat(p.FS, p.Path); err != nil || info.IsDir() || !wanted(p.Path) {
		return 0
	}
	return 85
}

// wanted reports whether a file's name says that it holds attestations.
func wanted(name string) bool {
	base := strings.ToLower(path.Base(name))
	for _, end := range []string{
		".intoto.json", ".intoto.jsonl", ".intoto", ".sigstore.json", ".sigstore", ".sigstore.jsonl", ".dsse.json", ".att.json",
		".provenance.json", ".provenance.jsonl", ".attestation.json", ".attestations.json", ".attestation.jsonl", ".attestations.jsonl",
	} {
		if strings.HasSuffix(base, end) {
			return true
		}
	}
	return base == "provenance.json" || base == "attestations.json" || base == "multiple.intoto.jsonl"
}

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	if cfg.Path != "" {
		cfg.Paths = append([]string{cfg.Path}, cfg.Paths...)
	}
	if len(cfg.Paths) == 0 {
		return &parity.Error{Code: parity.CodeConfig, What: "the source names no paths", Hint: "name files, directories or patterns under path or paths"}
	}
	limits := in.Limits
	if limits == (collector.Limits{}) {
		limits = collector.DefaultLimits()
	}
	s := &session{cfg: cfg, out: out, byKey: map[parity.Key]*artifact{}, limits: attest.Limits{Bytes: limits.FileBytes, Nodes: limits.Nodes, Depth: limits.Depth}}
	files := glob.FindAll(ctx, in.Root, cfg.Paths, wanted, func(pattern string, err error) { out.Gap(gapOf(pattern, err)) })
	if ctx.Err() != nil {
		return ctx.Err()
	}
	for _, f := range files {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.file(f)
	}
	s.finish()
	return nil
}

// session is one run of the collector.
type session struct {
	cfg    Config
	out    collector.Sink
	limits attest.Limits
	// found are the artifacts in the order in which they were met.
	found []*artifact
	byKey map[parity.Key]*artifact
}

// artifact is one subject with all that was stated of it, by type of statement.
type artifact struct {
	subject parity.Subject
	facts   []parity.Fact
	// seen are the facts that there are, by path and text: a second statement
	// that says the same adds nothing. What says otherwise stands beside it.
	seen map[[2]string]bool
}

// file reads the attestations of one file.
func (s *session) file(f glob.File) {
	show := f.Place.Show()
	data, err := f.Place.Read(s.limits.Bytes)
	if err != nil {
		s.out.Gap(parity.Gap{
			Kind: Kind, Name: parity.LiteralPattern(s.cfg.Name), Where: show, Reason: "the attestations cannot be read: " + glob.Cause(err).Error(),
		})
		return
	}
	all, faults := attest.Parse(data, s.limits)
	origin := &parity.Origin{File: show, Precision: parity.AtLine}
	for i := range all {
		s.attestation(&all[i], f, origin, show)
	}
	for _, x := range faults {
		g := x.Gap(show)
		g.Kind, g.Name = Kind, parity.LiteralPattern(s.cfg.Name)
		g.Hint = "correct the file, or leave it out of the paths"
		s.out.Gap(g)
	}
}

func (s *session) attestation(a *attest.Attestation, f glob.File, origin *parity.Origin, show string) {
	key := parity.Key{Kind: Kind, Name: s.name(a, f)}
	x := s.artifact(key, origin, a)
	facts := a.Facts(key, "", origin)
	if a.BOM != nil {
		facts = append(facts, a.BOM.Facts(key, "", origin)...)
		for _, g := range a.BOM.Gaps(key, "", show) {
			s.out.Gap(g)
		}
	}
	for i := range facts {
		if a.Packed {
			facts[i].Line, facts[i].Col = a.Line, a.Col
		}
		said := [2]string{facts[i].Path, facts[i].Value.Raw}
		if !x.seen[said] {
			x.seen[said] = true
			x.facts = append(x.facts, facts[i])
		}
	}
}

// artifact gives the subject of a key, a new one the first time.
func (s *session) artifact(key parity.Key, origin *parity.Origin, a *attest.Attestation) *artifact {
	if x := s.byKey[key]; x != nil {
		return x
	}
	x := &artifact{subject: parity.Subject{Key: key, Origin: origin, Line: a.Line, Col: a.Col}, seen: map[[2]string]bool{}}
	s.byKey[key] = x
	s.found = append(s.found, x)
	return x
}

// name is what an artifact is called in all environments.
func (s *session) name(a *attest.Attestation, f glob.File) string {
	if s.cfg.Name != "" {
		return s.cfg.Name
	}
	if name := a.Name(); name != "" {
		return name
	}
	if a.Provenance != nil && a.Provenance.Source.Repository != "" {
		return path.Base(a.Provenance.Source.Repository)
	}
	return attest.WithoutVersion(strings.TrimSuffix(f.Name, ".intoto"))
}

func (s *session) finish() {
	for _, x := range s.found {
		s.out.Subject(x.subject, x.facts)
	}
}

// gapOf is a gap over all artifacts: what a path would have stood for is not
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
