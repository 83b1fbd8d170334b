package tfconfig

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// TerragruntFile is the name of the files of Terragrunt.
const TerragruntFile = "terragrunt.hcl"

// Unit is what a unit of Terragrunt says.
type Unit struct {
	// Inputs are what it gives its module; Module is that module's source, and Dir
	// its directory where it is in the repository.
	Inputs []Named
	Module string
	Pos    Pos
	Dir    string
	// RemoteState is where the state is kept; its Node is nil where nothing says so.
	RemoteState Value
	// Config is the evaluated module where it is in the repository, and has the
	// problems in any case.
	Config *Config
}

var terragruntSchema = &hcl.BodySchema{
	Attributes: []hcl.AttributeSchema{{Name: "inputs"}},
	Blocks: []hcl.BlockHeaderSchema{
		{Type: "locals"},
		{Type: "include", LabelNames: []string{"name"}},
		{Type: "terraform"},
		{Type: "remote_state"},
		{Type: "dependency", LabelNames: []string{"name"}},
		{Type: "feature", LabelNames: []string{"name"}},
	},
}

// bareInclude is how earlier versions write an include: without a name.
var bareInclude = &hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "include"}}}

// IsUnit reports whether a directory's file of Terragrunt is of a unit: it names a
// module, or includes another file that does.
func IsUnit(fsys fs.FS, dir string) bool {
	r := newRun(Files{FS: fsys})
	body, problem := r.parse(path.Join(dir, TerragruntFile))
	if problem != nil {
		return true // reading it tells why
	}
	blocks := blocksOf(body)
	return len(blocks["include"]) > 0 || slices.ContainsFunc(blocks["terraform"], func(b *hcl.Block) bool { return attributesOf(b.Body)["source"] != nil })
}

// blocksOf returns the blocks of a file by type.
func blocksOf(body hcl.Body) map[string]hcl.Blocks {
	content, _, _ := body.PartialContent(terragruntSchema)
	bare, _, _ := body.PartialContent(bareInclude)
	out := map[string]hcl.Blocks{}
	for _, b := range slices.Concat(content.Blocks, bare.Blocks) {
		if !slices.ContainsFunc(out[b.Type], func(x *hcl.Block) bool { return x.DefRange == b.DefRange }) {
			out[b.Type] = append(out[b.Type], b)
		}
	}
	return out
}

// grunt is the evaluation of one file of Terragrunt.
type grunt struct {
	run *run
	// unit is the directory of the unit, dir that of the file, and parent the one of
	// the file that the unit includes, where this is it.
	unit, dir, parent string
	env               env
	inputs            map[string]*bound
	source            *bound
	remote            *Value
	varFiles          []string
	depth             int
}

// ReadUnit evaluates the unit of Terragrunt in a directory, with its module where
// that is in the repository.
func ReadUnit(f Files, dir string, o Options) *Unit {
	r := newRun(f)
	r.rootDir, r.workspace = dir, o.Workspace
	g := &grunt{run: r, unit: dir, dir: dir}
	u := &Unit{Config: r.out}
	if !g.file(path.Join(dir, TerragruntFile)) {
		return u
	}
	for name, b := range g.inputs {
		u.Inputs = append(u.Inputs, Named{name, Value{r.boundNode(b), b.pos}})
	}
	slices.SortFunc(u.Inputs, func(a, b Named) int { return strings.Compare(a.Name, b.Name) })
	if g.remote != nil {
		u.RemoteState = *g.remote
	}
	if g.source == nil {
		if files, _, err := sourceFiles(f.FS, dir); err == nil && len(files) > 0 {
			u.Dir = dir // its module is beside it
		}
	} else {
		u.Pos, u.Module = g.source.pos, g.sourceText()
		u.Dir = g.moduleDir(u.Module)
	}
	if u.Dir == "" {
		return u
	}
	problems := r.out.Problems
	o.VarFiles = append(slices.Clone(g.varFiles), o.VarFiles...)
	o.Inputs = &Inputs{values: g.inputs}
	u.Config = Read(f, u.Dir, o)
	u.Config.Problems = append(problems, u.Config.Problems...)
	return u
}

// sourceText is the module's source, with expressions in it where it is not known.
func (g *grunt) sourceText() string {
	if text := plainText(g.source.value); text != "" {
		return text
	}
	return g.source.in.text(g.source.expr, 0).marked()
}

// moduleDir is the directory of a module in the repository, "" for any other.
func (g *grunt) moduleDir(source string) string {
	dir := strings.Replace(source, "//", "/", 1)
	switch {
	case strings.HasPrefix(dir, "./") || strings.HasPrefix(dir, "../"):
		dir = path.Join(g.unit, dir)
	case strings.HasPrefix(dir, "/"):
		dir = strings.TrimPrefix(path.Clean(dir), "/")
	default:
		return ""
	}
	if !fs.ValidPath(dir) {
		return ""
	}
	if info, err := fs.Stat(g.run.files.FS, dir); err != nil || !info.IsDir() {
		return ""
	}
	return dir
}

// maxIncludes bounds the files that read each other.
const maxIncludes = 12

// file evaluates a file: what it includes, its locals, and what it says over them.
func (g *grunt) file(name string) bool {
	if g.depth > maxIncludes {
		g.run.problem(Problem{Pos: Pos{File: name}, What: "files read each other in a circle, or too deeply", Whole: true})
		return false
	}
	body, problem := g.run.parse(name)
	if problem != nil {
		problem.Whole = true
		g.run.problem(*problem)
		return false
	}
	blocks := blocksOf(body)
	s := &scope{run: g.run, mod: &module{dir: g.dir, locals: map[string]*hcl.Attribute{}}, inputs: map[string]*bound{}, locals: map[string]*bound{}, busy: map[string]bool{}}
	for _, b := range blocks["locals"] {
		maps.Copy(s.mod.locals, attributesOf(b.Body))
	}
	s.extra = g.functions()
	g.env = env{s, map[string]cty.Value{"dependency": cty.DynamicVal, "include": cty.DynamicVal, "feature": cty.DynamicVal}}
	g.inputs = map[string]*bound{}
	included := map[string]cty.Value{}
	for _, b := range blocks["include"] {
		g.include(b, included)
	}
	if len(included) > 0 {
		g.env = g.env.with("include", cty.ObjectVal(included))
	}
	s.base = g.env.vars
	g.own(body, blocks)
	return true
}

// own reads what a file says itself, over what it includes.
func (g *grunt) own(body hcl.Body, blocks map[string]hcl.Blocks) {
	content, _, _ := body.PartialContent(terragruntSchema)
	if a := content.Attributes["inputs"]; a != nil {
		maps.Copy(g.inputs, g.inputsOf(a.Expr))
	}
	for _, b := range blocks["terraform"] {
		if a := attributesOf(b.Body)["source"]; a != nil {
			g.source = &bound{value: g.env.value(a.Expr), expr: a.Expr, in: g.env, pos: posOf(a.Expr.Range())}
		}
		g.extraArguments(b.Body)
	}
	for _, b := range blocks["remote_state"] {
		n := g.env.bodyTree(&block{rng: b.DefRange, bodies: []hcl.Body{b.Body}}, seen{}, 0, map[string]bool{"generate": true})
		g.remote = &Value{n, posOf(b.DefRange)}
	}
}

// inputsOf reads inputs, each with its expression where they are written one by
// one.
func (g *grunt) inputsOf(x hcl.Expression) map[string]*bound {
	out := map[string]*bound{}
	if pairs, diags := hcl.ExprMap(plainExpression(x)); !diags.HasErrors() {
		for _, p := range pairs {
			key := plainText(g.env.value(p.Key))
			if key == "" {
				key = hcl.ExprAsKeyword(p.Key)
			}
			out[key] = &bound{value: g.env.value(p.Value), expr: p.Value, in: g.env, pos: posOf(p.Value.Range())}
		}
		return out
	}
	v, _ := g.env.value(x).Unmark()
	if !v.IsKnown() || v.IsNull() || !v.Type().IsObjectType() && !v.Type().IsMapType() {
		g.run.problem(Problem{Pos: posOf(x.Range()), What: "the inputs are known only when it is run", Whole: true})
		return out
	}
	for key, value := range v.AsValueMap() {
		out[key] = &bound{value: value, in: g.env, pos: posOf(x.Range())}
	}
	return out
}

// extraArguments reads the files of variables that every run is given.
func (g *grunt) extraArguments(body hcl.Body) {
	content, _, _ := body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "extra_arguments", LabelNames: []string{"name"}}}})
	for _, b := range content.Blocks {
		all := attributesOf(b.Body)
		var names []string
		for _, key := range [...]string{"required_var_files", "optional_var_files", "arguments"} {
			if all[key] == nil {
				continue
			}
			v, _ := g.env.value(all[key].Expr).UnmarkDeep()
			if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
				continue
			}
			for _, item := range v.AsValueSlice() {
				text := plainText(item)
				if key == "arguments" {
					after, ok := strings.CutPrefix(text, "-var-file=")
					if text = after; !ok {
						continue
					}
				}
				names = append(names, text)
			}
		}
		for _, name := range names {
			if full, ok := g.path(name); ok {
				if _, err := fs.Stat(g.run.files.FS, full); err == nil {
					g.varFiles = append(g.varFiles, full)
				}
			}
		}
	}
}

// path is a path of the file system that an expression names. Those of Terragrunt
// are absolute: they begin at the file system's root.
func (g *grunt) path(name string) (string, bool) {
	full := strings.TrimPrefix(path.Clean(name), "/")
	if !path.IsAbs(name) {
		full = path.Join(g.dir, name)
	}
	return full, name != "" && fs.ValidPath(full)
}

// include evaluates a file for the unit, and takes over what it says.
func (g *grunt) include(b *hcl.Block, included map[string]cty.Value) {
	all := attributesOf(b.Body)
	a := all["path"]
	if a == nil {
		return
	}
	at := posOf(a.Expr.Range())
	full, ok := g.path(plainText(g.env.value(a.Expr)))
	if !ok {
		g.run.problem(Problem{Pos: at, What: "which file is included is not known, or it is not in the repository", Whole: true})
		return
	}
	inner := &grunt{run: g.run, unit: g.unit, dir: g.unit, parent: path.Dir(full), depth: g.depth + 1}
	if !inner.file(full) {
		return
	}
	if len(b.Labels) > 0 {
		included[b.Labels[0]] = inner.value()
	} else {
		maps.Copy(included, map[string]cty.Value{"locals": inner.localsValue(), "inputs": objectOf(inner.inputs)})
	}
	strategy := ""
	if s := all["merge_strategy"]; s != nil {
		strategy = literalText(s.Expr)
	}
	g.take(inner, strategy)
}

// take takes over what an included file says; what follows in the unit wins.
func (g *grunt) take(inner *grunt, strategy string) {
	if strategy == "no_merge" {
		return
	}
	maps.Copy(g.inputs, inner.inputs)
	if inner.source != nil {
		g.source = inner.source
	}
	if inner.remote != nil {
		g.remote = inner.remote
	}
	g.varFiles = append(g.varFiles, inner.varFiles...)
}

func objectOf(all map[string]*bound) cty.Value {
	fields := map[string]cty.Value{}
	for name, b := range all {
		fields[name] = b.value
	}
	return cty.ObjectVal(fields)
}

func (g *grunt) localsValue() cty.Value {
	fields := map[string]cty.Value{}
	for name := range g.env.mod.locals {
		fields[name] = g.env.local(name).value
	}
	return cty.ObjectVal(fields)
}

// value is a file as others see it.
func (g *grunt) value() cty.Value {
	source := cty.NullVal(cty.String)
	if g.source != nil {
		source = g.source.value
	}
	return cty.ObjectVal(map[string]cty.Value{
		"locals": g.localsValue(), "inputs": objectOf(g.inputs), "terraform": cty.ObjectVal(map[string]cty.Value{"source": source}),
		"dependency": cty.DynamicVal, "remote_state": cty.DynamicVal,
	})
}
