package tfconfig

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/envparity/parity/internal/doc"
)

// locate puts the parts of a tree where an expression states them.
func (e env) locate(n *doc.Node, x hcl.Expression, depth int) {
	p := posOf(x.Range())
	n.Line, n.Col = p.Line, p.Col
	if depth > e.run.limits.Depth {
		return
	}
	switch t := plainExpression(x).(type) {
	case *hclsyntax.ObjectConsExpr:
		if n.Kind != doc.Map {
			return
		}
		at := make(map[string]int, len(n.Fields))
		for i := range n.Fields {
			at[n.Fields[i].Key] = i
		}
		for _, item := range t.Items {
			k, _ := e.value(item.KeyExpr).Unmark()
			if !k.IsKnown() || k.IsNull() || k.Type() != cty.String {
				continue
			}
			if i, ok := at[k.AsString()]; ok {
				p := posOf(item.KeyExpr.Range())
				n.Fields[i].Line, n.Fields[i].Col = p.Line, p.Col
				e.locate(n.Fields[i].Value, item.ValueExpr, depth+1)
			}
		}
	case *hclsyntax.TupleConsExpr:
		if n.Kind == doc.List && len(n.Items) == len(t.Exprs) {
			for i, item := range t.Exprs {
				e.locate(n.Items[i], item, depth+1)
			}
		}
	}
}
