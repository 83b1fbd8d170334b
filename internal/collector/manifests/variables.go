package manifests

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	kyaml "sigs.k8s.io/yaml"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/render"
)

// variables are those that a Kustomization of Flux puts into what it builds.
type variables struct {
	s     *session
	known map[string]string
	// unknown are those whose values are not known, with the object that has
	// them; others are those of objects that are not here.
	unknown map[string]string
	others  []string
}

// hasVariables reports whether the objects are here that a Kustomization takes
// its variables from.
func (s *session) hasVariables(n *doc.Node) bool {
	for _, from := range items(n.At("spec", "postBuild", "substituteFrom")) {
		if s.seen.known[knownKey(from.Get("kind").Str(), n.At("metadata", "namespace").Str(), from.Get("name").Str())] == nil {
			return false
		}
	}
	return true
}

// variables reads those of a Kustomization, nil where it has none.
func (s *session) variables(d *deployment) *variables {
	post := d.node.At("spec", "postBuild")
	v := &variables{s: s, known: map[string]string{}, unknown: map[string]string{}}
	for _, from := range items(post.Get("substituteFrom")) {
		kind, name := from.Get("kind").Str(), from.Get("name").Str()
		obj := s.seen.known[knownKey(kind, d.namespace(), name)]
		switch {
		case obj == nil:
			v.others = append(v.others, kind+" "+name)
		case kind == "ConfigMap" && obj.Get("sops") == nil:
			for _, f := range fields(obj.Get("data")) {
				v.set(f.Key, f.Value.Str())
			}
		default:
			for _, key := range []string{"data", "stringData"} {
				for _, f := range fields(obj.Get(key)) {
					delete(v.known, f.Key)
					v.unknown[f.Key] = kind + " " + name
				}
			}
		}
	}
	for _, f := range fields(post.Get("substitute")) {
		v.set(f.Key, f.Value.Str())
	}
	if len(v.known)+len(v.unknown)+len(v.others) == 0 {
		return nil
	}
	return v
}

func fields(n *doc.Node) []doc.Field {
	if n == nil {
		return nil
	}
	return n.Fields
}

// set sets a variable. Flux takes the ends of lines out.
func (v *variables) set(name, value string) {
	delete(v.unknown, name)
	v.known[name] = strings.ReplaceAll(value, "\n", "")
}

const substituteMark = "kustomize.toolkit.fluxcd.io/substitute"

// maxReferences bounds the variables that one object may refer to.
const maxReferences = 10_000

// apply puts the variables into an object, as text, as Flux does. What depends
// on a value that is not known is left out, with a gap; nil is returned where
// that is the object's name, or all of it.
func (v *variables) apply(n *doc.Node, origin *parity.Origin) *doc.Node {
	if v == nil || !holdsText(n, "$") {
		return n
	}
	for _, key := range []string{"labels", "annotations"} {
		if n.At("metadata", key, substituteMark).Str() == "disabled" {
			return n
		}
	}
	text, err := kyaml.Marshal(plainWhole(n))
	if err != nil || strings.Count(string(text), "$") > maxReferences {
		return v.lost(n, origin, "it refers to more variables than are looked at")
	}
	out, err := v.s.render(substituteTask, v.request(string(text)), nil)
	if err != nil {
		return v.lost(n, origin, "a variable in it is not written as Flux expects")
	}
	d := render.NewDecoder(out)
	first, second := d.Bytes(), d.Bytes()
	made, twin := v.parse(first), v.parse(second)
	if made == nil || twin == nil || d.Err() != nil {
		return v.lost(n, origin, "it is no object any more with the values of its variables")
	}
	settled := &settling{v: v, kind: n.Get("kind").Str(), name: n.At("metadata", "name").Str(), before: n, where: sourceOf(n, origin)}
	if !alikeAt(made, twin, "kind") || !alikeAt(made, twin, "metadata", "name") || !alikeAt(made, twin, "metadata", "namespace") {
		return v.lost(n, origin, "its name depends on "+v.named(n))
	}
	settled.name = made.At("metadata", "name").Str()
	settled.differing(made, twin, "")
	putAt(made, n)
	return made
}

func (v *variables) request(text string) []byte {
	var e render.Encoder
	e.String(text)
	e.Uint(uint64(len(v.known)))
	for name, value := range v.known {
		e.String(name)
		e.String(value)
	}
	e.Uint(uint64(len(v.unknown)))
	for name := range v.unknown {
		e.String(name)
	}
	e.Bool(len(v.others) > 0)
	e.Uint(uint64(v.s.in.Limits.FileBytes))
	return e.Data()
}

func (v *variables) parse(text []byte) *doc.Node {
	out, err := doc.ParseJSON(text, v.s.limits())
	if err != nil || !isObject(out) {
		return nil
	}
	return out
}

// lost records that an object is not known.
func (v *variables) lost(n *doc.Node, origin *parity.Origin, why string) *doc.Node {
	kind := n.Get("kind").Str()
	g := v.s.objectsGap(sourceOf(n, origin), "an object of kind "+kind+" is not known: "+why, "give the variable a value in the repository")
	g.Kind = kind
	v.s.out.Gap(g)
	return nil
}

var variableName = regexp.MustCompile(`\$\{?#?([A-Za-z_][A-Za-z0-9_]*)`)

// named says which variables without a value a node refers to, and where they
// are from.
func (v *variables) named(n *doc.Node) string {
	var found []string
	var visit func(n *doc.Node)
	look := func(text string) {
		for _, m := range variableName.FindAllStringSubmatch(text, -1) {
			name := m[1]
			if _, known := v.known[name]; known {
				continue
			}
			from := v.unknown[name]
			if from == "" {
				from = strings.Join(v.others, " or ")
			}
			if from == "" {
				continue
			}
			if text := "the variable " + name + " of " + from; !slices.Contains(found, text) {
				found = append(found, text)
			}
		}
	}
	visit = func(n *doc.Node) {
		if n == nil {
			return
		}
		look(n.Text)
		for _, f := range n.Fields {
			look(f.Key)
			visit(f.Value)
		}
		for _, item := range n.Items {
			visit(item)
		}
	}
	visit(n)
	if len(found) == 0 {
		return "a variable whose value is not here"
	}
	return strings.Join(found, ", ")
}

// settling takes out of an object what depends on variables that are not known.
type settling struct {
	v          *variables
	kind, name string
	before     *doc.Node
	where      string
}

func (c *settling) gap(at string, before *doc.Node) {
	if before == nil {
		before = c.before
	}
	p, _, _ := strings.Cut(at, "[")
	c.v.s.out.Gap(parity.Gap{
		Kind: c.kind, Name: parity.LiteralPattern(c.name), Path: p, Hides: parity.HidesParts,
		Where:  c.where,
		Reason: "the value is not known: it depends on " + c.v.named(before),
		Hint:   "what holds the variable is not in the repository, or is a secret",
	})
}

// differing goes through an object and its twin, which has other values for what
// is not known.
func (c *settling) differing(n, twin *doc.Node, at string) {
	switch n.Kind {
	case doc.Map:
		if slices.ContainsFunc(twin.Fields, func(f doc.Field) bool { return n.Get(f.Key) == nil }) {
			c.gap(at, c.beforeAt(at)) // the names of fields depend on it
		}
		kept := n.Fields[:0]
		for _, f := range n.Fields {
			other, p := twin.Get(f.Key), at+"/"+f.Key
			if !alike(f.Value, other) {
				c.gap(p, c.beforeAt(p))
				continue
			}
			c.differing(f.Value, other, p)
			kept = append(kept, f)
		}
		n.Fields = kept
	case doc.List:
		kept := n.Items[:0]
		for i, item := range n.Items {
			whole := len(item.Fields)
			c.differing(item, twin.Items[i], at+"["+strconv.Itoa(i)+"]")
			// An item of which no more than its name is left would mean another
			// thing, such as a variable that is empty.
			if len(item.Fields) == whole || len(item.Fields) > 1 {
				kept = append(kept, item)
			}
		}
		n.Items = kept
	}
}

// beforeAt returns the node at a path before variables were put in; nil where
// there is none.
func (c *settling) beforeAt(at string) *doc.Node {
	n := c.before
	for key := range strings.SplitSeq(strings.TrimPrefix(at, "/"), "/") {
		name, rest, _ := strings.Cut(key, "[")
		n = n.Get(name)
		for index := range strings.SplitSeq(strings.TrimSuffix(rest, "]"), "][") {
			i, err := strconv.Atoi(index)
			if err != nil || n == nil || i >= len(n.Items) {
				break
			}
			n = n.Items[i]
		}
	}
	return n
}

func alikeAt(a, b *doc.Node, keys ...string) bool {
	x, y := a.At(keys...), b.At(keys...)
	return x == nil && y == nil || alike(x, y)
}

// holdsText reports whether any text or key of a node holds a text.
func holdsText(n *doc.Node, part string) bool {
	if n == nil {
		return false
	}
	return strings.Contains(n.Text, part) ||
		slices.ContainsFunc(n.Fields, func(f doc.Field) bool { return strings.Contains(f.Key, part) || holdsText(f.Value, part) }) ||
		slices.ContainsFunc(n.Items, func(item *doc.Node) bool { return holdsText(item, part) })
}

// putAt moves a node to the positions of another one, as far as they have the
// same fields and items.
func putAt(n, from *doc.Node) {
	if n == nil || from == nil {
		return
	}
	n.Line, n.Col = from.Line, from.Col
	for i := range n.Fields {
		f := &n.Fields[i]
		f.Line, f.Col = from.Line, from.Col
		for j := range from.Fields {
			if from.Fields[j].Key == f.Key {
				f.Line, f.Col = from.Fields[j].Line, from.Fields[j].Col
			}
		}
		other := from.Get(f.Key)
		if other == nil {
			other = &doc.Node{Line: from.Line, Col: from.Col}
		}
		putAt(f.Value, other)
	}
	for i, item := range n.Items {
		other := &doc.Node{Line: from.Line, Col: from.Col}
		if i < len(from.Items) {
			other = from.Items[i]
		}
		putAt(item, other)
	}
}
