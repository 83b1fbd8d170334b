package tfconfig

import (
	"sort"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/envparity/parity/internal/doc"
)

// seen is where a value is shown, so that what it was made of is known to show.
type seen struct{ at *Shown }

func (r *run) newNode(k doc.Kind, text string, p Pos) *doc.Node {
	r.nodes++
	return &doc.Node{Kind: k, Text: text, Line: p.Line, Col: p.Col}
}

// full reports whether no more nodes may be made.
func (r *run) full() bool { return r.nodes > r.limits.Nodes }

// node turns a known value into a tree; unknown is what stands for the parts of it
// that are not known.
func (r *run) node(v cty.Value, p Pos, show seen, unknown string) *doc.Node {
	plain, marks := v.Unmark()
	n := r.plainNode(plain, p, show, unknown)
	for m := range marks {
		switch t := m.(type) {
		case sensitiveMark:
			if r.out.secrets == nil {
				r.out.secrets = map[*doc.Node]bool{}
			}
			r.out.secrets[n] = true
		case *source:
			r.trace(n, t, show)
		}
	}
	return n
}

// trace remembers what a node was made of, if it is that as it is.
func (r *run) trace(n *doc.Node, from *source, show seen) {
	if from.text == "" || n.Text != from.text {
		return
	}
	if r.out.origins == nil {
		r.out.origins = map[*doc.Node]*source{}
	}
	r.out.origins[n] = from
	if show.at != nil && from.shown == nil {
		from.shown = show.at
	}
}

func (r *run) plainNode(v cty.Value, p Pos, show seen, unknown string) *doc.Node {
	switch t := v.Type(); {
	case !v.IsKnown() || r.full():
		return r.newNode(doc.String, unknown, p)
	case v.IsNull():
		return r.newNode(doc.Null, "", p)
	case t == cty.String:
		return r.newNode(doc.String, v.AsString(), p)
	case t == cty.Number:
		return r.newNode(doc.Number, scalarText(v), p)
	case t == cty.Bool:
		return r.newNode(doc.Bool, scalarText(v), p)
	case t.IsMapType() || t.IsObjectType():
		n := r.newNode(doc.Map, "", p)
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			k, _ = k.Unmark()
			n.Fields = append(n.Fields, doc.Field{Key: k.AsString(), Line: p.Line, Col: p.Col, Value: r.node(e, p, show, unknown)})
		}
		sort.Slice(n.Fields, func(i, j int) bool { return n.Fields[i].Key < n.Fields[j].Key })
		return n
	case t.IsCapsuleType():
		return r.newNode(doc.String, unknown, p)
	default:
		n := r.newNode(doc.List, "", p)
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			n.Items = append(n.Items, r.node(e, p, show, unknown))
		}
		return n
	}
}

func scalarText(v cty.Value) string {
	switch v.Type() {
	case cty.String:
		return v.AsString()
	case cty.Bool:
		if v.True() {
			return "true"
		}
		return "false"
	case cty.Number:
		f := v.AsBigFloat()
		if longNumber(f) {
			return f.Text('g', 20)
		}
		return f.Text('f', -1)
	}
	return ""
}

// tree turns an expression into a tree: what is known as its value, and the rest
// as expressions in texts.
func (e env) tree(x hcl.Expression, show seen, depth int) *doc.Node {
	if depth == 0 {
		e.run.steps = 0
	}
	v, p := e.value(x), posOf(x.Range())
	if v.IsWhollyKnown() {
		n := e.run.node(v, p, show, "")
		if n.Kind == doc.Map || n.Kind == doc.List {
			e.locate(n, x, 0)
		}
		return n
	}
	if depth > e.run.limits.Depth || e.run.full() || !e.run.step() {
		return e.run.newNode(doc.String, openMark+"..."+endMark, p)
	}
	switch t := plainExpression(x).(type) {
	case *hclsyntax.ObjectConsExpr:
		return e.objectTree(t, show, depth)
	case *hclsyntax.TupleConsExpr:
		n := e.run.newNode(doc.List, "", p)
		for _, item := range t.Exprs {
			n.Items = append(n.Items, e.tree(item, show, depth+1))
		}
		return n
	case *hclsyntax.ConditionalExpr:
		if c, _ := e.value(t.Condition).Unmark(); c.IsKnown() && !c.IsNull() && c.Type() == cty.Bool {
			if c.True() {
				return e.tree(t.TrueResult, show, depth+1)
			}
			return e.tree(t.FalseResult, show, depth+1)
		}
	case *hclsyntax.ScopeTraversalExpr:
		if n := e.behind(t.Traversal, show, depth); n != nil {
			return n
		}
	case *hclsyntax.FunctionCallExpr:
		if n := e.callTree(t, show, depth); n != nil {
			return n
		}
	}
	text := e.text(x, depth).marked()
	if v.IsKnown() && !v.IsNull() && !v.Type().IsPrimitiveType() {
		return e.run.node(v, p, show, text) // parts of it are known
	}
	return e.run.newNode(doc.String, text, p)
}

func (e env) objectTree(x *hclsyntax.ObjectConsExpr, show seen, depth int) *doc.Node {
	n := e.run.newNode(doc.Map, "", posOf(x.SrcRange))
	for _, item := range x.Items {
		k, _ := e.value(item.KeyExpr).Unmark()
		var key string
		if k.IsKnown() && !k.IsNull() && k.Type().IsPrimitiveType() {
			key = scalarText(k)
		} else {
			key = e.text(item.KeyExpr, depth+1).marked()
		}
		p := posOf(item.KeyExpr.Range())
		n.Fields = append(n.Fields, doc.Field{Key: key, Line: p.Line, Col: p.Col, Value: e.tree(item.ValueExpr, show, depth+1)})
	}
	sort.SliceStable(n.Fields, func(i, j int) bool { return n.Fields[i].Key < n.Fields[j].Key })
	return n
}

// callTree reads the calls of functions whose results have the parts of their
// arguments.
func (e env) callTree(x *hclsyntax.FunctionCallExpr, show seen, depth int) *doc.Node {
	switch {
	case x.ExpandFinal || len(x.Args) == 0:
	case x.Name == "jsonencode":
		inner := e.tree(x.Args[0], show, depth+1)
		if inner.Kind == doc.Map || inner.Kind == doc.List {
			return e.run.newNode(doc.String, jsonText(inner), posOf(x.Range()))
		}
	case x.Name == "merge":
		return e.mergeTree(x, show, depth)
	case x.Name == "concat":
		n := e.run.newNode(doc.List, "", posOf(x.Range()))
		for _, a := range x.Args {
			inner := e.tree(a, show, depth+1)
			if inner.Kind != doc.List {
				return nil
			}
			n.Items = append(n.Items, inner.Items...)
		}
		return n
	case x.Name == "toset" || x.Name == "tolist" || x.Name == "tomap" || x.Name == "compact" || x.Name == "flatten":
		inner := e.tree(x.Args[0], show, depth+1)
		if inner.Kind == doc.Map || inner.Kind == doc.List && x.Name != "flatten" {
			return inner
		}
	}
	return nil
}

func (e env) mergeTree(x *hclsyntax.FunctionCallExpr, show seen, depth int) *doc.Node {
	n := e.run.newNode(doc.Map, "", posOf(x.Range()))
	at := map[string]int{}
	for _, a := range x.Args {
		inner := e.tree(a, show, depth+1)
		if inner.Kind == doc.Null {
			continue
		}
		if inner.Kind != doc.Map {
			return nil
		}
		for _, f := range inner.Fields {
			if i, ok := at[f.Key]; ok {
				n.Fields[i] = f
				continue
			}
			at[f.Key] = len(n.Fields)
			n.Fields = append(n.Fields, f)
		}
	}
	sort.SliceStable(n.Fields, func(i, j int) bool { return n.Fields[i].Key < n.Fields[j].Key })
	return n
}

// behind reads a reference to a local, a variable or an output as what stands
// behind it; nil where nothing does.
func (e env) behind(t hcl.Traversal, show seen, depth int) *doc.Node {
	b, rest := e.reference(t)
	if b == nil || b.expr == nil {
		return nil
	}
	n := b.in.tree(b.expr, show, depth+1)
	for _, step := range rest {
		n = stepInto(n, step)
		if n == nil {
			return nil
		}
	}
	return n
}

func stepInto(n *doc.Node, step hcl.Traverser) *doc.Node {
	switch t := step.(type) {
	case hcl.TraverseAttr:
		return n.Get(t.Name)
	case hcl.TraverseIndex:
		if t.Key.Type() == cty.String {
			return n.Get(t.Key.AsString())
		}
		if i, _ := t.Key.AsBigFloat().Int64(); n.Kind == doc.List && i >= 0 && i < int64(len(n.Items)) {
			return n.Items[i]
		}
	}
	return nil
}

// reference finds the named value at the beginning of a reference.
func (e env) reference(t hcl.Traversal) (b *bound, rest hcl.Traversal) {
	if len(t) < 2 {
		return nil, nil
	}
	second, ok := t[1].(hcl.TraverseAttr)
	if !ok {
		return nil, nil
	}
	switch t.RootName() {
	case "var":
		return e.inputs[second.Name], t[2:]
	case "local":
		return e.local(second.Name), t[2:]
	case "module":
		c := e.children[second.Name]
		if c == nil || c.single == nil || len(t) < 3 {
			return nil, nil
		}
		if third, ok := t[2].(hcl.TraverseAttr); ok {
			return c.single.output(third.Name), t[3:]
		}
	}
	return nil, nil
}
