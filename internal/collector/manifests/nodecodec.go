package manifests

import (
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/render"
)

// maxNodeDepth bounds how deeply a node of a message is nested.
const maxNodeDepth = 10_000

// encodeNode writes a node with its places.
func encodeNode(e *render.Encoder, n *doc.Node) {
	e.Uint(uint64(n.Kind))
	e.Int(int64(n.Line))
	e.Int(int64(n.Col))
	switch n.Kind {
	case doc.Map:
		e.Uint(uint64(len(n.Fields)))
		for i := range n.Fields {
			f := &n.Fields[i]
			e.String(f.Key)
			e.Int(int64(f.Line))
			e.Int(int64(f.Col))
			encodeNode(e, f.Value)
		}
	case doc.List:
		e.Uint(uint64(len(n.Items)))
		for _, item := range n.Items {
			encodeNode(e, item)
		}
	default:
		e.String(n.Text)
	}
}

// decodeNode reads a node.
func decodeNode(d *render.Decoder, depth int) *doc.Node {
	n := &doc.Node{Kind: doc.Kind(d.Uint()), Line: int32(d.Int()), Col: int32(d.Int())}
	switch {
	case depth > maxNodeDepth || n.Kind > doc.List:
		d.Fail()
	case n.Kind == doc.Map:
		decodeList(d, func() {
			f := doc.Field{Key: d.String(), Line: int32(d.Int()), Col: int32(d.Int())}
			f.Value = decodeNode(d, depth+1)
			n.Fields = append(n.Fields, f)
		})
	case n.Kind == doc.List:
		decodeList(d, func() { n.Items = append(n.Items, decodeNode(d, depth+1)) })
	default:
		n.Text = d.String()
	}
	return n
}
