package kube

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// pathTable interns the paths of one kind with their surfaces.
type pathTable map[string]*pathEntry

type pathEntry struct {
	path    string
	surface parity.Surface
	// object is the last object that has a fact here, by number.
	object int
}

// push appends a map's key to the path and gives the length to pop to.
func (w *walker) push(key string) int {
	at := len(w.path)
	w.path = append(append(w.path, '/'), key...)
	return at
}

func (w *walker) pop(at int) { w.path = w.path[:at] }

// here interns the current path.
func (w *walker) here() *pathEntry {
	e, ok := w.tab[string(w.path)]
	if !ok {
		path := string(w.path)
		e = &pathEntry{path: path, surface: surfaces().Of(w.kind, path)}
		w.tab[path] = e
	}
	return e
}

func (w *walker) emit(n *doc.Node, v parity.Value, rules parity.RuleSet) {
	w.emitAt(w.here(), n, v, rules)
}

func (w *walker) emitAt(e *pathEntry, n *doc.Node, v parity.Value, rules parity.RuleSet) {
	w.emitOn(e.surface, e, n, v, rules)
}

// emitOn adds a fact to the object. A path that the object has already gets
// "#2": keys may hold what paths are made of.
func (w *walker) emitOn(on parity.Surface, e *pathEntry, n *doc.Node, v parity.Value, rules parity.RuleSet) {
	if encrypted(v.Raw) {
		v = parity.Value{Kind: parity.Secret}
	}
	if e.object == w.number {
		e = w.another(e.path)
	}
	e.object = w.number
	f := parity.Fact{Path: e.path, Value: v, Rules: rules | w.extra, Surface: on, Origin: w.origin}
	if w.platform {
		f.Surface = parity.Platform
	}
	if w.fixed != nil {
		n = w.fixed
	}
	if w.lines && n != nil {
		f.Line, f.Col = n.Line, n.Col
	}
	w.facts = append(w.facts, f)
}

// another gives the next free path of the object that begins with a taken one.
func (w *walker) another(path string) *pathEntry {
	before := w.path
	w.path = append([]byte(nil), path...)
	e := w.here()
	for c := 2; e.object == w.number; c++ {
		w.path = appendCount(w.path[:len(path)], c)
		e = w.here()
	}
	w.path = before
	return e
}
