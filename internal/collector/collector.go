// Package collector is the contract between Parity and what it reads: a
// manifest, a typed config, and one function from that config to facts and
// gaps.
package collector

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/naming"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/render"
	"github.com/envparity/parity/internal/trust"
)

// Manifest describes a collector: to parity.yaml, to its documentation page
// and to `parity collectors`.
type Manifest struct {
	// Name is the collector's name in parity.yaml.
	Name string
	// Summary is one sentence.
	Summary string
	// Doc is Markdown: what it reads, what it does not, examples.
	Doc string
	// Role is the role of what it reads. It is empty where that is the same
	// whatever is declared or runs: what an image or a component is made of. A
	// config with a method Roles() []parity.Role says it in its stead.
	Role parity.Role
	// Format names what it speaks of. Where an environment has a source of
	// what runs, one of what is declared in the same format is not compared
	// with other environments, but with what runs. Empty: the collector's name.
	Format string
	// Kinds are those of the subjects that it emits, each declared with what all
	// else asks of it. Each subject is of one of them.
	Kinds []kinds.Kind
	// Complete says that a source in which nothing is found shows that there is
	// nothing of its kinds: it reads all that is declared in their formats.
	Complete bool
	// AfterOthers says that it reads what other sources of the column name. It
	// runs when those have been read, and is given Input.Images.
	AfterOthers bool
	// FilesOnly says that it reads nothing but files, through Input.Root: it
	// starts no program and asks no server. Only such collectors run where what
	// is compared may be hostile. A config with a method FilesOnly() (any, string)
	// says it in its stead: it returns the config of what is left, nil if that is
	// nothing, and why the rest is left out.
	FilesOnly bool
	// Surfaces are those it can speak for.
	Surfaces []parity.Surface
	// Detect tells how well the path fits, 0 (not at all) to 100, so that a
	// source without a collector's name finds one. Nil: never by itself.
	Detect func(p place.Place) int
	// FromPath gives the config for a bare path, for `parity diff` and
	// `parity init`. Nil: it cannot be used so.
	FromPath func(path string) any
}

// Collector reads one kind of source.
type Collector struct {
	Manifest
	// newConfig returns a pointer to a zero config.
	newConfig func() any
	collect   func(ctx context.Context, in Input, cfg any, out Sink) error
	// fingerprint is nil where only reading tells what is there.
	fingerprint func(ctx context.Context, in Input, cfg any) (string, error)
}

// New makes a collector from its manifest and a function of its typed config.
//
// An error from collect means that the whole source could not be read: the
// runner records it as a gap over everything of the source. A failure of a
// part is a gap that collect records itself, and no error.
func New[C any](m Manifest, collect func(ctx context.Context, in Input, cfg C, out Sink) error) Collector {
	return Collector{
		Manifest:  m,
		newConfig: func() any { return new(C) },
		collect: func(ctx context.Context, in Input, cfg any, out Sink) error {
			c, ok := cfg.(*C)
			if !ok {
				return fmt.Errorf("collector %s: config is %T, want %T", m.Name, cfg, new(C))
			}
			return collect(ctx, in, *c, out)
		},
	}
}

// NewTracked is New for a collector that can tell cheaply whether what it would
// read has changed: fingerprint gives the text that collect hands to a
// Tracker when it reads the same. An empty one, or an error, says that
// it has to be read.
func NewTracked[C any](m Manifest, collect func(ctx context.Context, in Input, cfg C, out Sink) error,
	fingerprint func(ctx context.Context, in Input, cfg C) (string, error),
) Collector {
	c := New(m, collect)
	c.fingerprint = func(ctx context.Context, in Input, cfg any) (string, error) {
		typed, ok := cfg.(*C)
		if !ok {
			return "", fmt.Errorf("collector %s: config is %T, want %T", m.Name, cfg, new(C))
		}
		return fingerprint(ctx, in, *typed)
	}
	return c
}

// NewConfig returns a pointer to a zero config, to decode parity.yaml into.
// Its fields carry yaml names and doc comments in `doc:"..."` tags; required
// ones carry `required:"true"`.
func (c Collector) NewConfig() any { return c.newConfig() }

// Collect runs the collector. cfg is what NewConfig returned, filled.
func (c Collector) Collect(ctx context.Context, in Input, cfg any, out Sink) error {
	return c.collect(ctx, in, cfg, out)
}

// Roles gives the roles of columns that a source with the config has something
// to say to; none is all.
func (c Collector) Roles(cfg any) []parity.Role {
	if r, ok := cfg.(interface{ Roles() []parity.Role }); ok {
		return r.Roles()
	}
	if c.Role == "" {
		return nil
	}
	return []parity.Role{c.Role}
}

// FilesOnly gives the config with which the source reads files and nothing
// else, nil where it cannot, and why something is left out, empty where nothing
// is.
func (c Configured) FilesOnly() (only any, leftOut string) {
	if f, ok := c.Config.(interface{ FilesOnly() (any, string) }); ok {
		return f.FilesOnly()
	}
	if c.Collector.FilesOnly {
		return c.Config, ""
	}
	return nil, "the collector " + c.Collector.Name + " reads more than files"
}

// Input is what a collector may know besides its config.
type Input struct {
	// Column's role is what is asked for, where a source has several.
	Column parity.Column
	// Root resolves the paths of the config: below the project's directory,
	// or in a git revision.
	Root place.Root
	Log  *slog.Logger
	// Source names the source in gaps: "staging: kubernetes-manifests overlays/staging".
	Source string
	// Namespace is what a namespaced object without a namespace belongs to;
	// usually empty.
	Namespace string
	// Kubernetes is the minor version whose defaults apply, such as "1.34";
	// empty is the newest known.
	Kubernetes string
	// Limits bound what is read.
	Limits Limits
	// Lookup reads a variable of the process's environment. It is never nil.
	Lookup func(name string) (string, bool)
	// Allow says which credential may be sent to which host.
	Allow trust.Allowed
	// Now is when the column is read; windows of telemetry end there.
	Now time.Time
	// Naming says what labels and attributes call services, endpoints and
	// what is called.
	Naming naming.Config
	// Images are those that the other sources of the column name, sorted by
	// reference; for collectors that run after the others.
	Images []NamedImage
	// Renderer runs templates within bounds; nil is in this process, where only
	// time and output are bounded.
	Renderer render.Renderer
	// Charts gets charts that are not in the repository; nil gets none.
	Charts Charts
}

// Charts gets one version of a chart from a repository, packed. Its error quotes
// nothing that was read.
type Charts interface {
	Chart(ctx context.Context, repository, name, version string) ([]byte, error)
}

// NamedImage is an image that a source names.
type NamedImage struct {
	// Ref is the reference as the source has it, and Canonical its canonical
	// form, by which mirrors are what they mirror.
	Ref, Canonical string
	// From is where it is named; the first of several places.
	From parity.FactRef
}

// Limits bound memory whatever the input.
type Limits struct {
	FileBytes int64 // largest file, in bytes; default 64 MiB
	Nodes     int   // most nodes of one document after aliases; default 2,000,000
	Depth     int   // deepest nesting; default 200
	Facts     int64 // most facts of one column; default 20,000,000
	Memory    int64 // most bytes that the facts of one column take; default 8 GiB
	// Render bounds what templates may take; zero fields are its defaults.
	Render render.Limits
}

// DefaultLimits are the bounds where nothing else is said.
func DefaultLimits() Limits {
	return Limits{FileBytes: 64 << 20, Nodes: 2_000_000, Depth: 200, Facts: 20_000_000, Memory: 8 << 30}
}

// orDefault gives the limits with the defaults in place of what is zero.
func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	return Limits{
		FileBytes: cmp.Or(l.FileBytes, d.FileBytes), Nodes: cmp.Or(l.Nodes, d.Nodes), Depth: cmp.Or(l.Depth, d.Depth),
		Facts: cmp.Or(l.Facts, d.Facts), Memory: cmp.Or(l.Memory, d.Memory),
		Render: l.Render,
	}
}

// Sink takes what a collector finds. It turns secrets into keyed digests
// before it keeps anything, so a collector hands over what it read. Facts need
// not be sorted. Not safe for concurrent use.
type Sink interface {
	// Subject adds a subject and its facts. The slice is the sink's afterwards.
	Subject(s parity.Subject, facts []parity.Fact)
	// Gap adds a gap. Source is filled in where it is empty, and Use becomes a
	// keyed digest of the text that the collector gives there.
	Gap(g parity.Gap)
	// Tool records a renderer with its version.
	Tool(name, version string)
}

// Tracker is what a sink is too where what was read is kept: a collector made
// by NewTracked says by which text it will be known again.
type Tracker interface {
	Fingerprint(text string)
}

// LeavesOut says why a source does not look at a subject by choice of its
// config, which has a method of that name where it can choose. chooses is
// whether it has.
func (c Configured) LeavesOut(k parity.Key) (why string, chooses bool) {
	s, ok := c.Config.(interface{ LeavesOut(k parity.Key) string })
	if !ok {
		return "", false
	}
	return s.LeavesOut(k), true
}
