// Package dotenv reads the environment variables that dotenv files declare.
package dotenv

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/surface"
	"github.com/envparity/parity/internal/value"
)

const page = `Reads dotenv files, in order: of a variable that several files set, the last counts, and its origin names the
files behind it.

` + "```yaml" + `
sources:
  - collector: dotenv
    files: [.env, .env.staging]
    name: web
` + "```" + `

All variables belong to one subject of kind ` + "`environment`" + `, called ` + "`name`" + `. A file may be taken from a
git revision: ` + "`git:main:.env`" + `.

Understood are ` + "`NAME=value`, `export NAME=value` and `NAME: value`" + `, comments, values in single quotes (as they
are) and in double quotes (with escapes), values over several lines, and references to variables of earlier lines and
files: ` + "`$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+instead}`" + `. A reference to a variable that no file
sets stays as it is spelled: it stands for what the process has that reads the file, and is not known here. A name
without a value is null for the same reason.

A file that cannot be read or parsed is a gap. What the files before it set is unknown then, too, for the broken one
may set it again; what the files after it set is known.
`

// Config is a source of dotenv files.
type Config struct {
	Files []string `yaml:"files" required:"true" doc:"The files in order, relative to the project, or git:REV:path; later ones win."`
	Name  string   `yaml:"name" doc:"Name of the subject that has the variables, such as a service's; default if left out."`
}

// New makes the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:      "dotenv",
		Summary:   "Reads the environment variables of one or more dotenv files, in order.",
		Doc:       page,
		FilesOnly: true,
		Kinds:     []kinds.Kind{{Name: Kind, Format: "dotenv", Settings: true, Variables: true, Surfaces: surface.Common()}},
		Complete:  true,
		Role:      parity.Desired,
		Surfaces: []parity.Surface{
			parity.Config, parity.Secrets, parity.Artifact, parity.Resource, parity.Network, parity.IdentitySurface,
			parity.Dependency, parity.Telemetry, parity.Flag, parity.Data, parity.Platform, parity.Delivery, parity.Security,
		},
		Detect:   detect,
		FromPath: func(path string) any { return &Config{Files: []string{path}} },
	}, collect)
}

func detect(p place.Place) int {
	if info, err := fs.Stat(p.FS, p.Path); err != nil || info.IsDir() || doc.Detect(p.Path, nil) != doc.Dotenv {
		return 0
	}
	return 90
}

// Kind is the kind of the subject that has the variables.
const Kind = "environment"

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	if len(cfg.Files) == 0 {
		return &parity.Error{Code: parity.CodeConfig, What: "the source names no files", Hint: "list dotenv files under files"}
	}
	key := parity.Key{Kind: Kind, Name: cfg.Name}
	if key.Name == "" {
		key.Name = "default"
	}
	v := &variables{at: map[string]int{}}
	for _, name := range cfg.Files {
		err := v.file(ctx, in, name)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			out.Gap(gap(key, name, err))
			v.forget()
		}
	}
	if v.first == nil {
		return nil
	}
	s := parity.Subject{Key: key, Origin: v.first, Line: 1, Col: 1}
	out.Subject(s, v.facts)
	return nil
}

// variables gathers variables over files.
type variables struct {
	first *parity.Origin // the first file that was read
	facts []parity.Fact
	at    map[string]int // index of a variable's fact by name
	set   map[string]string
	// partly: a file could not be read, and may have set what others refer to.
	partly bool
}

// forget drops what a file that cannot be read may have set again.
func (v *variables) forget() {
	v.partly, v.facts, v.set = true, nil, nil
	clear(v.at)
}

// file reads one more file over those before it.
func (v *variables) file(ctx context.Context, in collector.Input, name string) error {
	p, err := in.Root.Resolve(name)
	if err != nil {
		return err
	}
	limit := in.Limits.FileBytes
	if limit <= 0 {
		limit = collector.DefaultLimits().FileBytes
	}
	data, err := p.Read(limit)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	root, err := doc.ParseDotenvWith(data, doc.Limits{Nodes: in.Limits.Nodes, Bytes: limit}, v.lookup)
	if err != nil {
		return &fault{p.Show(), err}
	}
	origin := &parity.Origin{File: p.Show(), Precision: parity.AtLine}
	if v.first == nil {
		v.first = origin
	}
	doc.StripSOPS(root)
	for i := range root.Fields {
		v.variable(&root.Fields[i], origin)
	}
	return nil
}

// lookup gives a variable of the files before.
func (v *variables) lookup(name string) (string, bool) {
	text, ok := v.set[name]
	return text, ok
}

// variable adds a fact, or puts it over the one that is there.
func (v *variables) variable(f *doc.Field, origin *parity.Origin) {
	if v.partly && (f.Value.Kind == doc.Null || strings.Contains(f.Value.Text, "$")) {
		return
	}
	path := "/" + f.Key
	val, rules := parity.Value{Kind: parity.Null, Raw: "null"}, parity.SetOf(parity.EmptyIsAbsent)
	if f.Value.Kind != doc.Null {
		val, rules = value.Of(path, f.Value.Text, value.StringScalar)
		if v.set == nil {
			v.set = map[string]string{}
		}
		v.set[f.Key] = f.Value.Text
	}
	fact := parity.Fact{
		Path: path, Value: val, Rules: rules, Surface: surface.Common().Of(Kind, path),
		Origin: origin, Line: f.Value.Line, Col: f.Value.Col,
	}
	i, again := v.at[f.Key]
	if !again {
		v.at[f.Key] = len(v.facts)
		v.facts = append(v.facts, fact)
		return
	}
	if f.Value.Kind == doc.Null && v.facts[i].Value.Kind != parity.Null {
		return // it takes the value that is there
	}
	fact.Origin = over(origin, v.facts[i].Origin)
	v.facts[i] = fact
}

// over chains an origin to the one whose value it replaces.
func over(origin, before *parity.Origin) *parity.Origin {
	chained := *origin
	chained.From = before
	return &chained
}

// fault is what is wrong in a file.
type fault struct {
	file string
	err  error
}

func (f *fault) Error() string { return f.file + ": " + f.err.Error() }
func (f *fault) Unwrap() error { return f.err }

// gap is what a file that cannot be read leaves open: any variable of the
// subject.
func gap(key parity.Key, name string, err error) parity.Gap {
	g := parity.Gap{Kind: key.Kind, Name: parity.LiteralPattern(key.Name), Where: name, Hint: parity.HintOf(err)}
	var at *fault
	var in *doc.Error
	var known *parity.Error
	var path *fs.PathError
	switch {
	case errors.As(err, &at) && errors.As(err, &in):
		g.Where, g.Reason = in.In(at.file), "the dotenv file cannot be read: "+in.What
		g.Hint = "correct the file"
		if in.Locked() {
			g.Reason, g.Hint = "the dotenv file "+in.What, doc.UnlockHint
		}
	case errors.As(err, &known):
		g.Reason = "the dotenv file cannot be read: " + known.What
	case errors.As(err, &path):
		g.Reason = "the dotenv file cannot be read: " + path.Err.Error()
	default:
		g.Reason = "the dotenv file cannot be read: " + err.Error()
	}
	return g
}
