// Package settings says what a document of settings means that is of no kind
// known more closely: Helm values, an application's configuration, an export.
// It is to such files what package kube is to Kubernetes objects.
package settings

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// The kinds and names of subjects that do not take them from the document.
const (
	// SectionKind is the kind of a map that stands at the top of a document.
	SectionKind = "section"
	// ValuesKind is the kind of what stands at the top of a document and is
	// neither a section nor a list of named items.
	ValuesKind = "values"
	// TopLevel is the name of the one subject of ValuesKind.
	TopLevel = "top-level"
	// ItemKind is the kind of the named items of a document that is a list.
	ItemKind = "item"
)

// Options say how a document is read.
type Options struct {
	// Scope is the scope of all subjects.
	Scope string
	// Surface returns the surface of a fact by its path in the document; that of
	// Surfaces if nil.
	Surface func(path string) parity.Surface
	// Limits bound structured text within values.
	Limits doc.Limits
	// OriginOf returns where a node is from, where a document was put together
	// from several; nil: all of it is from the origin given.
	OriginOf func(n *doc.Node) *parity.Origin
}

// Read turns a document into subjects with their facts. Each map at the top of
// the document is a subject of kind "section"; each item of a list at the top
// whose items have names is one of the list's name; what is left belongs to
// one subject of kind "values". A document that is a single value has nothing
// to say and gives none.
//
// Facts point to their lines where the origin's precision allows.
func Read(root *doc.Node, o Options, origin *parity.Origin, emit func(parity.Subject, []parity.Fact)) {
	if o.Surface == nil {
		o.Surface = func(path string) parity.Surface { return surfaces().Of(ValuesKind, path) }
	}
	doc.StripSOPS(root)
	r := &reader{options: o, origin: origin, emit: emit}
	switch {
	case root == nil:
	case root.Kind == doc.Map:
		if root.Get("apiVersion") != nil {
			r.secret, r.ciphered = root.Get("kind").Str() == "Secret", root.Get("kind").Str() == "SealedSecret"
		}
		r.top(root)
	case root.Kind == doc.List:
		r.topList(root)
	}
}

// Facts returns the facts of a map as those of one subject, at paths that begin
// with prefix.
func Facts(n *doc.Node, prefix string, o Options, origin *parity.Origin) []parity.Fact {
	if o.Surface == nil {
		o.Surface = func(path string) parity.Surface { return surfaces().Of(ValuesKind, path) }
	}
	r := &reader{options: o, origin: origin, path: []byte(prefix)}
	r.fields(n)
	return r.facts
}

type reader struct {
	options Options
	origin  *parity.Origin
	emit    func(parity.Subject, []parity.Fact)
	facts   []parity.Fact
	// path is where the reader is in the document; from start on it is the
	// path within the subject.
	path  []byte
	start int
	extra parity.RuleSet
	// secret is set in a Kubernetes Secret: its data is secret by any name.
	secret bool
	// ciphered is set in a SealedSecret: its data is another each time.
	ciphered bool
	// fixed, if set, is where all facts stand: their own places count within
	// a text.
	fixed *doc.Node
}

func (r *reader) top(root *doc.Node) {
	var rest []*doc.Field
	for i := range root.Fields {
		f := &root.Fields[i]
		switch v := f.Value; {
		case v.Kind == doc.Map && len(v.Fields) > 0:
			r.subject(SectionKind, f.Key, "/"+f.Key, f.Line, f.Col, v)
		case v.Kind == doc.List && r.named(f.Key, "/"+f.Key, v):
		default:
			rest = append(rest, f)
		}
	}
	r.values(root, func() {
		for _, f := range rest {
			r.field(f)
		}
	}, len(rest))
}

func (r *reader) topList(root *doc.Node) {
	if len(root.Items) > 0 && !r.named(ItemKind, "", root) {
		r.values(root, func() { r.list(root, "") }, 1)
	}
}

// values emits the subject of what is left.
func (r *reader) values(root *doc.Node, read func(), n int) {
	if n == 0 {
		return
	}
	r.path, r.start = r.path[:0], 0
	read()
	r.finish(ValuesKind, TopLevel, root.Line, root.Col)
}

// identities are the fields that make an item a thing of its own; a port or a
// path only tells it apart.
var identities = []string{"name", "key", "id", "host", "kind/name"}

// named reads the items of a list as subjects, if they have names.
func (r *reader) named(kind, path string, n *doc.Node) bool {
	names, key := doc.ItemNames(n)
	if len(names) == 0 || !slices.Contains(identities, key) {
		return false
	}
	for i, item := range n.Items {
		r.subject(kind, names[i], path+"["+key+"="+names[i]+"]", item.Line, item.Col, item)
	}
	return true
}

// subject emits the map n as a subject of its own.
func (r *reader) subject(kind, name, path string, line, col int32, n *doc.Node) {
	r.path = append(r.path[:0], path...)
	r.start = len(r.path)
	r.fields(n)
	r.finish(kind, name, line, col)
}

func (r *reader) finish(kind, name string, line, col int32) {
	s := parity.Subject{
		Key:    parity.Key{Kind: kind, Scope: r.options.Scope, Name: name},
		Format: Format,
		Origin: r.origin,
	}
	if r.toLine() {
		s.Line, s.Col = line, col
	}
	r.emit(s, r.facts)
	r.facts = nil
}

func (r *reader) toLine() bool { return toLine(r.origin) }

// toLine reports whether what is from the origin stands in a line of it.
func toLine(o *parity.Origin) bool { return o == nil || o.Precision == parity.AtLine }

// add emits one fact at the path at hand.
func (r *reader) add(n *doc.Node, v parity.Value, rules parity.RuleSet) {
	full := string(r.path)
	f := parity.Fact{
		Path: full[r.start:], Value: v, Rules: rules | r.extra,
		Surface: r.options.Surface(full), Origin: r.origin,
	}
	if r.fixed != nil {
		n = r.fixed
	}
	if r.options.OriginOf != nil {
		f.Origin = r.options.OriginOf(n)
	}
	if toLine(f.Origin) {
		f.Line, f.Col = n.Line, n.Col
	}
	r.facts = append(r.facts, f)
}

func (r *reader) scalar(n *doc.Node) {
	v, rules := value.Of(string(r.path), n.Text, scalarOf(n.Kind))
	switch {
	case v.Kind == parity.Null:
		v.Raw = "null"
	case v.Kind == parity.Text && strings.IndexByte(n.Text, '\n') >= 0:
		v, rules = lines(n.Text)
	}
	r.add(n, v, rules)
}

// lines reads a text of several lines: how its lines end, and how many empty
// ones come last, says nothing.
func lines(text string) (parity.Value, parity.RuleSet) {
	v := parity.Value{Kind: parity.Text, Raw: text}
	canon := strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if canon == text || canon == "" {
		return v, 0
	}
	v.Canon = canon
	return v, parity.SetOf(parity.TextForm)
}

func scalarOf(k doc.Kind) value.Scalar {
	switch k {
	case doc.Null:
		return value.NullScalar
	case doc.Bool:
		return value.BoolScalar
	case doc.Number:
		return value.NumberScalar
	default:
		return value.StringScalar
	}
}
