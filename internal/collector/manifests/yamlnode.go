package manifests

import (
	"go.yaml.in/yaml/v3"

	"github.com/envparity/parity/internal/doc"
)

// converter turns what kustomize rendered into nodes, without writing it out
// and parsing it again, and values of Helm, which may name a key twice.
type converter struct {
	left, depth int
}

const errTooLarge = fault("the object is too large or nested too deeply")

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
		out := &doc.Node{Kind: doc.List, Line: int32(n.Line), Col: int32(n.Column), Items: make([]*doc.Node, 0, len(n.Content))}
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

// fields converts a map. Of a key that is there again the last counts.
func (c *converter) fields(n *yaml.Node, depth int) (*doc.Node, error) {
	out := &doc.Node{Kind: doc.Map, Line: int32(n.Line), Col: int32(n.Column), Fields: make([]doc.Field, 0, len(n.Content)/2)}
	var merged []*doc.Node
	at := make(map[string]int, len(n.Content)/2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != yaml.ScalarNode {
			return nil, errKey
		}
		v, err := c.node(n.Content[i+1], depth+1)
		if err != nil {
			return nil, err
		}
		f := doc.Field{Key: k.Value, Line: int32(k.Line), Col: int32(k.Column), Value: v}
		if k.ShortTag() == "!!merge" {
			merged = append(merged, v)
		} else if j, ok := at[f.Key]; ok {
			out.Fields[j] = f
		} else {
			at[f.Key] = len(out.Fields)
			out.Fields = append(out.Fields, f)
		}
	}
	for _, m := range merged {
		mergeInto(out, m, at)
	}
	return out, nil
}

const errKey = fault("a key is no plain text")

// mergeInto adds the fields of m, or of the maps in it, that out lacks.
func mergeInto(out, m *doc.Node, at map[string]int) {
	for _, item := range m.Items {
		mergeInto(out, item, at)
	}
	for _, f := range m.Fields {
		if _, ok := at[f.Key]; !ok {
			at[f.Key] = len(out.Fields)
			out.Fields = append(out.Fields, f)
		}
	}
}

func scalar(n *yaml.Node) *doc.Node {
	out := &doc.Node{Kind: doc.String, Text: n.Value, Line: int32(n.Line), Col: int32(n.Column)}
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

// lenient parses a text of values as Helm does, which takes a key that is
// there twice; nil where it is no single map.
func lenient(text string, l doc.Limits) *doc.Node {
	var root yaml.Node
	if err := guard(func() error { return yaml.Unmarshal([]byte(text), &root) }); err != nil {
		return nil
	}
	n, err := fromYAML(&root, l)
	if err != nil || n.Kind != doc.Map {
		return nil
	}
	return n
}
