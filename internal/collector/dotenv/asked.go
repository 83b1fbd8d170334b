package dotenv

import (
	"context"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/glob"
)

// Bounds of the search for names in code.
const (
	maxCodeFiles = 20_000
	maxCodeBytes = 1 << 20
	maxAsked     = 10_000
)

// asked are the variables that something asks for, and where it does first.
type asked struct {
	where map[string]string
	// all reports whether all code was read, and none of it takes variables
	// without their names.
	all bool
}

// readAsked reads the example and the code of a source.
func readAsked(ctx context.Context, in collector.Input, cfg Config, out collector.Sink, key parity.Key) (*asked, error) {
	a := &asked{where: map[string]string{}, all: len(cfg.Code) > 0}
	fault := func(where string, err error) {
		a.all = false
		g := gap(key, where, err)
		g.Hides = parity.HidesNothing
		out.Gap(g)
	}
	seen := 0
	for _, pattern := range cfg.Code {
		files, err := glob.Find(ctx, in.Root, pattern, isCode)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err != nil {
			fault(pattern, err)
			continue
		}
		for _, f := range files {
			if !f.Named && !isCode(f.Place.Path) {
				continue
			}
			if seen++; seen > maxCodeFiles || ctx.Err() != nil {
				break
			}
			a.code(f)
		}
	}
	if seen > maxCodeFiles {
		fault(cfg.Code[0], &parity.Error{What: fmt.Sprintf("there are more than %d files of code", maxCodeFiles)})
	}
	if cfg.Example != "" {
		if err := a.example(in, cfg.Example); err != nil {
			fault(cfg.Example, err)
		}
	}
	return a, ctx.Err()
}

// example reads the names that an example has.
func (a *asked) example(in collector.Input, name string) error {
	p, err := in.Root.Resolve(name)
	if err != nil {
		return err
	}
	data, err := p.Read(maxCodeBytes)
	if err != nil {
		return err
	}
	root, err := doc.ParseDotenvWith(data, doc.Limits{Nodes: in.Limits.Nodes, Bytes: maxCodeBytes}, func(string) (string, bool) { return "", true })
	if err != nil {
		return &fault{p.Show(), err}
	}
	doc.StripSOPS(root)
	for i := range root.Fields {
		a.note(root.Fields[i].Key, fmt.Sprintf("%s:%d", p.Show(), root.Fields[i].Value.Line))
	}
	return nil
}

// note notes who asks for a variable; the first one counts.
func (a *asked) note(name, where string) {
	if a.where[name] == "" && len(a.where) < maxAsked {
		a.where[name] = where
	}
}

// code searches one file. One that cannot be read may ask for anything.
func (a *asked) code(f glob.File) {
	data, err := f.Place.Read(maxCodeBytes)
	if err != nil {
		a.all = false
		return
	}
	lang := languages[strings.ToLower(path.Ext(f.Place.Path))]
	if lang.any(data) {
		a.all = false
	}
	for _, hit := range lang.names(data) {
		a.note(hit.name, fmt.Sprintf("%s:%d", f.Place.Show(), hit.line))
	}
}

// traits states what is asked for and not set, and what is set and not asked
// for.
func (a *asked) traits(v *variables) []parity.Trait {
	var out []parity.Trait
	for _, name := range slices.Sorted(maps.Keys(a.where)) {
		if _, set := v.at[name]; !set {
			out = append(out, parity.Trait{Kind: "asked", Value: name + " " + a.where[name]})
		}
	}
	for i := range v.facts {
		name := strings.TrimPrefix(v.facts[i].Path, "/")
		if a.all && a.where[name] == "" {
			out = append(out, parity.Trait{Kind: "unasked", Value: name})
		}
	}
	return out
}
