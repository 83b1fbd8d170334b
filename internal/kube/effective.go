package kube

import (
	"strings"

	"github.com/envparity/parity"
)

// derivedFact is a fact that may follow from others.
type derivedFact struct {
	fact int
	from note
}

// index finds records and what was read at all.
type index struct {
	byKey map[parity.Key]*record
	// images has the applications of which an image was read, configs the
	// namespaces of which configuration was.
	images  map[string]bool
	configs map[string]bool
	unread  func(kind, namespace string) bool
}

func newIndex(records []*record, unread func(kind, namespace string) bool) *index {
	if unread == nil {
		unread = func(string, string) bool { return false }
	}
	x := &index{byKey: map[parity.Key]*record{}, images: map[string]bool{}, configs: map[string]bool{}, unread: unread}
	for _, rec := range records {
		s := &rec.subject
		switch s.Group + "/" + s.Kind {
		case "/ConfigMap", "/Secret":
			x.byKey[s.Key] = rec
			x.configs[s.Scope] = true
		}
		for _, t := range s.Traits {
			if t.Kind == "image" {
				for _, app := range applications(s) {
					x.images[app] = true
				}
				break
			}
		}
	}
	return x
}

// applications are the names under which objects of one application meet.
func applications(s *parity.Subject) []string {
	var apps []string
	for _, name := range [...]string{"app.kubernetes.io/instance", "app.kubernetes.io/part-of", "app.kubernetes.io/name"} {
		if v, ok := s.Label(name); ok && v != "" {
			apps = append(apps, name+"="+v)
		}
	}
	return apps
}

// settleDerived puts the rule on facts whose origin was read too.
func (x *index) settleDerived(rec *record) {
	if len(rec.derived) == 0 {
		return
	}
	image := false
	for _, t := range rec.subject.Traits {
		image = image || t.Kind == "image"
	}
	for _, app := range applications(&rec.subject) {
		image = image || x.images[app]
	}
	for _, d := range rec.derived {
		if d.from == fromImage && image || d.from == fromConfig && x.configs[rec.subject.Scope] {
			rec.facts[d.fact].Rules = rec.facts[d.fact].Rules.With(parity.Derived)
		}
	}
}

// variable is the effective value of one variable, and what it took to get
// there.
type variable struct {
	name    string
	value   parity.Value
	ref     parity.FactRef
	from    *parity.Fact
	kind    string // ConfigMap, Secret, or empty for a value of its own
	shadows []shadow
	known   bool
}

type shadow struct {
	ref  parity.FactRef
	kind string
}

// effective adds the variables that a record's containers get from ConfigMaps
// and Secrets, and gives a gap for each source that was not read.
func (x *index) effective(rec *record) []parity.Gap {
	var gaps []parity.Gap
	for i := range rec.containers {
		c := &rec.containers[i]
		e := environment{x: x, rec: rec, at: map[string]int{}}
		if gap, ok := x.unreadSources(rec, c); ok {
			gaps = append(gaps, gap)
		}
		for _, src := range c.sources {
			if !e.source(src) && src.kind == "ConfigMap" && !src.optional && !x.unread("ConfigMap", rec.subject.Scope) {
				gaps = append(gaps, parity.Gap{
					Kind: rec.subject.Kind, Scope: rec.subject.Scope, Name: rec.subject.Name,
					Path:   c.path + "/effectiveEnv",
					Reason: "variables come from a ConfigMap that no source declares: " + clip(src.name),
					Where:  rec.subject.Origin.Source(c.node.Line, c.node.Col),
					Hint:   "add the source that declares it",
				})
			}
		}
		for _, v := range c.vars {
			e.variable(v)
		}
		e.emit(c)
	}
	return gaps
}

// unreadSources gives a gap over the variables of a container that come, or may
// come, from objects that could not be read.
func (x *index) unreadSources(rec *record, c *containerEnv) (parity.Gap, bool) {
	kinds := make([]string, 0, len(c.sources)+len(c.vars))
	for i := range c.sources {
		kinds = append(kinds, c.sources[i].kind)
	}
	for i := range c.vars {
		kinds = append(kinds, c.vars[i].kind)
	}
	for _, kind := range kinds {
		if kind != "" && x.unread(kind, rec.subject.Scope) {
			return parity.Gap{
				Kind: rec.subject.Kind, Scope: rec.subject.Scope, Name: rec.subject.Name,
				Path:   c.path + "/effectiveEnv",
				Reason: "variables come from objects of kind " + kind + ", which could not be read",
				Where:  rec.subject.Origin.Source(c.node.Line, c.node.Col),
			}, true
		}
	}
	return parity.Gap{}, false
}

// environment is a container's environment while it is put together.
type environment struct {
	x    *index
	rec  *record
	vars []variable
	at   map[string]int
}

func (e *environment) find(kind, name string) *record {
	return e.x.byKey[parity.Key{Kind: kind, Scope: e.rec.subject.Scope, Name: name}]
}

// source adds all keys of a ConfigMap or a Secret; false where it is not known.
func (e *environment) source(src envSource) bool {
	from := e.find(src.kind, src.name)
	if from == nil {
		return false
	}
	for i := range from.facts {
		key, ok := strings.CutPrefix(from.facts[i].Path, "/data/")
		if !ok || from.facts[i].Rules.Has(parity.EmbeddedText) {
			continue
		}
		e.set(src.prefix+key, src.kind, from, &from.facts[i], from.facts[i].Value)
	}
	for path, text := range from.texts {
		e.set(src.prefix+strings.TrimPrefix(path, "/data/"), src.kind, from, &parity.Fact{Path: path}, parity.Value{Kind: parity.Text, Raw: text})
	}
	return true
}

func (e *environment) set(name, kind string, from *record, f *parity.Fact, v parity.Value) {
	next := variable{name: name, value: v, kind: kind, from: f, known: true, ref: parity.FactRef{Subject: from.subject.Key, Path: f.Path}}
	i, ok := e.at[name]
	if !ok {
		e.at[name] = len(e.vars)
		e.vars = append(e.vars, next)
		return
	}
	old := e.vars[i]
	next.shadows = old.shadows
	if old.known {
		next.shadows = append(next.shadows, shadow{old.ref, old.kind})
	}
	e.vars[i] = next
}

// variable adds one item of env.
func (e *environment) variable(v envVar) {
	if v.kind == "" {
		if i, ok := e.at[v.name]; ok && v.path != "" {
			own := e.rec.fact(v.path)
			if own != nil {
				e.set(v.name, "", e.rec, own, own.Value)
				return
			}
			e.vars[i].known = false
		}
		return
	}
	from := e.find(v.kind, v.ref)
	if from == nil {
		if i, ok := e.at[v.name]; ok {
			e.vars[i].known = false
		}
		return
	}
	path := "/data/" + v.key
	if text, ok := from.texts[path]; ok {
		e.set(v.name, v.kind, from, &parity.Fact{Path: path}, parity.Value{Kind: parity.Text, Raw: text})
		return
	}
	if f := from.fact(path); f != nil {
		e.set(v.name, v.kind, from, f, f.Value)
	}
}

// fact finds a fact by its path.
func (rec *record) fact(path string) *parity.Fact {
	if rec.byPath == nil {
		rec.byPath = make(map[string]int, len(rec.facts))
		for i := range rec.facts {
			rec.byPath[rec.facts[i].Path] = i
		}
	}
	if i, ok := rec.byPath[path]; ok {
		return &rec.facts[i]
	}
	return nil
}

// emit adds the facts of what is known. A value that the container sets itself
// is derived only where it overrides something.
func (e *environment) emit(c *containerEnv) {
	for _, v := range e.vars {
		if !v.known || v.kind == "" && len(v.shadows) == 0 {
			continue
		}
		path := c.path + "/effectiveEnv[name=" + v.name + "]"
		ref := v.ref
		for _, s := range v.shadows {
			ref.Shadows = append(ref.Shadows, s.ref)
		}
		f := parity.Fact{Path: path, Value: v.value, Surface: parity.Config, Origin: e.rec.subject.Origin, DerivedFrom: &ref}
		if v.value.Kind == parity.Secret {
			f.Surface = parity.Secrets
		}
		if v.from.Path != "" && v.from.Origin != nil {
			f.Origin, f.Line, f.Col, f.Surface = v.from.Origin, v.from.Line, v.from.Col, v.from.Surface
		}
		e.rec.facts = append(e.rec.facts, f)
		e.shadowed(c, v, path)
	}
}

// shadowed says that a Secret hides a ConfigMap's key: a setting that looks as
// if it counted, and does not.
func (e *environment) shadowed(c *containerEnv, v variable, path string) {
	if v.kind != "Secret" {
		return
	}
	for _, s := range v.shadows {
		if s.kind != "ConfigMap" {
			continue
		}
		f := parity.Fact{
			Path: path + "/shadowed", Surface: parity.Config, Origin: e.rec.subject.Origin,
			Value: parity.Value{Kind: parity.Text, Raw: "Secret " + withoutHash(v.ref.Subject.Name) + " hides ConfigMap " + withoutHash(s.ref.Subject.Name)},
		}
		if o := e.rec.subject.Origin; o == nil || o.Precision == parity.AtLine {
			f.Line, f.Col = c.node.Line, c.node.Col
		}
		e.rec.facts = append(e.rec.facts, f)
		return
	}
}

// settleScopes takes the filled-in namespace off subjects whose kind a
// CustomResourceDefinition declares without one.
func (r *Reader) settleScopes() {
	cluster := map[[2]string]bool{}
	for _, rec := range r.records {
		if rec.subject.Kind != "CustomResourceDefinition" {
			continue
		}
		var group, kind, scope string
		for i := range rec.facts {
			switch rec.facts[i].Path {
			case "/spec/group":
				group = rec.facts[i].Value.Raw
			case "/spec/names/kind":
				kind = rec.facts[i].Value.Raw
			case "/spec/scope":
				scope = rec.facts[i].Value.Raw
			}
		}
		if scope == "Cluster" {
			cluster[[2]string{group, kind}] = true
		}
	}
	if len(cluster) == 0 {
		return
	}
	for _, rec := range r.records {
		if rec.filledScope && cluster[[2]string{rec.subject.Group, rec.subject.Kind}] {
			rec.subject.Scope = ""
		}
	}
}
