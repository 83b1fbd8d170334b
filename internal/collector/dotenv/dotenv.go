// Package dotenv reads the environment variables that dotenv files declare.
package dotenv

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
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

` + "`mode: production`" + ` reads those of ` + "`.env`, `.env.local`, `.env.production` and `.env.production.local`" + ` that
are there, in this order. Of an ` + "`.envrc`" + ` the lines that export a text are read; those that run something or read other
files are gaps.

## Against what the code reads

` + "```yaml" + `
sources:
  - collector: dotenv
    mode: production
    example: .env.example
    code: [src, "server/**/*.ts"]
` + "```" + `

A variable that is missing here, and that ` + "`example`" + ` names or the code asks for, is of kind ` + "`asked`" + ` and weighs more
than another. One that no environment sets is no news. One that only this environment sets, and that no code asks for by name, is
noted as that. The code is searched, not understood: a name that is put together while the program runs is not found,
and where a file reads all variables no variable is said to be unasked.

A file that cannot be read or parsed is a gap. What the files before it set is unknown then, too, for the broken one
may set it again; what the files after it set is known.
`

// Config is a source of dotenv files.
type Config struct {
	Files     []string `yaml:"files" doc:"The files in order, relative to the project, or git:REV:path; later ones win."`
	Mode      string   `yaml:"mode" doc:"Reads, before files, those of .env, .env.local, .env.MODE and .env.MODE.local that are there, in this order, as web frameworks do."`
	Directory string   `yaml:"directory" doc:"The directory of the files that mode stands for; the project's if left out."`
	Example   string   `yaml:"example" doc:"A file, such as .env.example, that names what an environment has to set. Its values are not read."`
	Code      []string `yaml:"code" doc:"Files, directories and patterns of the program, which is searched for the names of variables that it asks for."`
	Name      string   `yaml:"name" doc:"Name of the subject that has the variables, such as a service's; default if left out."`
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
	if len(cfg.Files) == 0 && cfg.Mode == "" {
		return &parity.Error{Code: parity.CodeConfig, What: "the source names no files", Hint: "list dotenv files under files"}
	}
	files := slices.Concat(layers(in, cfg), cfg.Files)
	if len(files) == 0 {
		return &parity.Error{Code: parity.CodeConfig, What: "none of the files that mode stands for is there", Hint: "say where they are under directory, or list them under files"}
	}
	key := parity.Key{Kind: Kind, Name: cfg.Name}
	if key.Name == "" {
		key.Name = "default"
	}
	v := &variables{key: key, at: map[string]int{}}
	for _, name := range files {
		err := v.file(ctx, in, name)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			out.Gap(gap(key, name, err))
			v.forget()
		}
	}
	for _, g := range v.gaps {
		out.Gap(g)
	}
	if v.first == nil {
		return nil
	}
	s := parity.Subject{Key: key, Origin: v.first, Line: 1, Col: 1}
	asked, err := readAsked(ctx, in, cfg, out, key)
	if err != nil {
		return err
	}
	s.Traits = asked.traits(v)
	out.Subject(s, v.facts)
	return nil
}

// layers returns the files that a mode stands for, in the order in which web
// frameworks lay them over each other.
func layers(in collector.Input, cfg Config) []string {
	if cfg.Mode == "" {
		return nil
	}
	var found []string
	for _, name := range []string{".env", ".env.local", ".env." + cfg.Mode, ".env." + cfg.Mode + ".local"} {
		name = path.Join(cfg.Directory, name)
		p, err := in.Root.Resolve(name)
		if err != nil {
			continue
		}
		if _, err := fs.Stat(p.FS, p.Path); err == nil || place.Refused(err) != nil {
			found = append(found, name)
		}
	}
	return found
}

// variables gathers variables over files.
type variables struct {
	key   parity.Key
	gaps  []parity.Gap   // of lines that set what is not known
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
	if path.Base(p.Path) == ".envrc" {
		var left []unread
		data, left = exports(data)
		for _, u := range left {
			v.gaps = append(v.gaps, u.gap(v.key, p.Show()))
		}
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
	at := "/" + f.Key
	val, rules := parity.Value{Kind: parity.Null, Raw: "null"}, parity.SetOf(parity.EmptyIsAbsent)
	if f.Value.Kind != doc.Null {
		val, rules = value.Of(at, f.Value.Text, value.StringScalar)
		if v.set == nil {
			v.set = map[string]string{}
		}
		v.set[f.Key] = f.Value.Text
	}
	fact := parity.Fact{
		Path: at, Value: val, Rules: rules, Surface: surface.Common().Of(Kind, at),
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
	var pathErr *fs.PathError
	switch {
	case errors.As(err, &at) && errors.As(err, &in):
		g.Where, g.Reason = in.In(at.file), "the dotenv file cannot be read: "+in.What
		g.Hint = "correct the file"
		if in.Locked() {
			g.Reason, g.Hint = "the dotenv file "+in.What, doc.UnlockHint
		}
	case errors.As(err, &known):
		g.Reason = "the dotenv file cannot be read: " + known.What
	case errors.As(err, &pathErr):
		g.Reason = "the dotenv file cannot be read: " + pathErr.Err.Error()
	default:
		g.Reason = "the dotenv file cannot be read: " + err.Error()
	}
	return g
}
