package kubernetes

import (
	"errors"

	"go.yaml.in/yaml/v3"

	"github.com/envparity/parity/internal/doc"
)

// converter turns what kustomize rendered into nodes, without writing it out
// and parsing it again.
type converter struct {
	left, depth int
}

var errTooLarge = errors.New("the object is too large or nested too deeply")

func fromYAML(n *yaml.Node, l doc.Limits) (*doc.Node, error) {
	c := converter{left: l.Nodes, depth: l.Depth}
	if c.left <= 0 {
		c.left = 2_000_000
	}
	if c.depth <= 0 {
		c.depth = 200
	}
	return c.node(n, 0)
}

func (c *converter) node(n *yaml.Node, depth int) (*doc.Node, error) {
	if c.left--; c.left < 0 || depth > c.depth {
		return nil, errTooLarge
	}
	switch n.Kind {
	case yaml.DocumentNode:
		if len(n.Content) == 0 {
			return &doc.Node{}, nil
		}
		return c.node(n.Content[0], depth+1)
	case yaml.AliasNode:
		return c.node(n.Alias, depth+1)
	case yaml.MappingNode:
		return c.fields(n, depth)
	case yaml.SequenceNode:
		out := &doc.Node{Kind: doc.List, Items: make([]*doc.Node, 0, len(n.Content))}
		for _, item := range n.Content {
			v, err := c.node(item, depth+1)
			if err != nil {
				return nil, err
			}
			out.Items = append(out.Items, v)
		}
		return out, nil
	default:
		return scalar(n), nil
	}
}

func (c *converter) fields(n *yaml.Node, depth int) (*doc.Node, error) {
	out := &doc.Node{Kind: doc.Map, Fields: make([]doc.Field, 0, len(n.Content)/2)}
	for i := 0; i+1 < len(n.Content); i += 2 {
		v, err := c.node(n.Content[i+1], depth+1)
		if err != nil {
			return nil, err
		}
		out.Fields = append(out.Fields, doc.Field{Key: n.Content[i].Value, Value: v})
	}
	return out, nil
}

func scalar(n *yaml.Node) *doc.Node {
	out := &doc.Node{Kind: doc.String, Text: n.Value}
	switch n.ShortTag() {
	case "!!int", "!!float":
		out.Kind = doc.Number
	case "!!bool":
		out.Kind = doc.Bool
	case "!!null":
		out.Kind, out.Text = doc.Null, ""
	}
	return out
}
