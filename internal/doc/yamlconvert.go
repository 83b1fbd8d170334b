package doc

import (
	"go.yaml.in/yaml/v3"
)

// manyFields is where looking for a duplicate key by comparing all pairs
// becomes dearer than a map.
const manyFields = 24

// converter turns yaml nodes into nodes of this package. It serves one stream.
type converter struct {
	limits Limits
	slab   slab
	left   int                 // nodes that the document may still have
	total  int                 // nodes that all documents of the stream may still have
	active map[*yaml.Node]bool // anchors that are being expanded
	inside int                 // aliases around the node at hand
	outer  *yaml.Node          // the outermost of them
	seen   map[string]struct{}
	// exhausted is set when a limit ended the document.
	exhausted bool
}

// document converts one document; nil for an empty one.
func (c *converter) document(n *yaml.Node) (*Node, error) {
	c.left, c.inside = c.limits.Nodes, 0
	clear(c.active)
	if n.Kind == yaml.DocumentNode {
		if len(n.Content) == 0 {
			return nil, nil
		}
		n = n.Content[0]
	}
	if n.Kind == yaml.ScalarNode && n.Value == "" && n.Tag == "!!null" {
		return nil, nil
	}
	c.slab = slabFor(n)
	root, err := c.node(n, 1)
	c.total -= c.limits.Nodes - c.left
	c.slab = slab{}
	return root, err
}

// slabFor gives pieces of the sizes that a document needs; more come as they
// are needed, for what its aliases stand for.
func slabFor(n *yaml.Node) slab {
	var nodes, fields, items int
	measure(n, &nodes, &fields, &items)
	return slab{
		nodes:  make([]Node, min(nodes, maxPieceSize)),
		fields: make([]Field, min(fields, maxPieceSize)),
		items:  make([]*Node, min(items, maxPieceSize)),
	}
}

// measure counts until a piece is full.
func measure(n *yaml.Node, nodes, fields, items *int) {
	if *nodes++; *nodes >= maxPieceSize {
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		*fields += len(n.Content) / 2
		for i := 1; i < len(n.Content); i += 2 {
			measure(n.Content[i], nodes, fields, items)
		}
	case yaml.SequenceNode:
		*items += len(n.Content)
		for _, item := range n.Content {
			measure(item, nodes, fields, items)
		}
	}
}

func (c *converter) node(n *yaml.Node, depth int) (*Node, error) {
	line, col := int32(n.Line), int32(n.Column)
	if depth > c.limits.Depth {
		c.exhausted = true
		return nil, c.limits.tooDeep(line, col)
	}
	if n.Kind == yaml.AliasNode {
		return c.alias(n, depth)
	}
	if c.left--; c.left < 0 {
		c.exhausted = true
		if c.inside > 0 {
			line, col = int32(c.outer.Line), int32(c.outer.Column)
		}
		return nil, c.limits.tooMany(line, col)
	}
	out := c.slab.node()
	out.Line, out.Col = line, col
	switch n.Kind {
	case yaml.MappingNode:
		out.Kind = Map
		return out, c.fields(out, n, depth)
	case yaml.SequenceNode:
		out.Kind = List
		return out, c.items(out, n, depth)
	default:
		out.Kind = scalarKind(n)
		if out.Kind != Null {
			out.Text = n.Value
		}
		return out, nil
	}
}

// alias converts what an alias stands for. Its lines are the anchor's: that is
// where a person changes the value.
func (c *converter) alias(n *yaml.Node, depth int) (*Node, error) {
	if err := c.enter(n); err != nil {
		return nil, err
	}
	defer c.leave(n)
	return c.node(n.Alias, depth)
}

func (c *converter) enter(n *yaml.Node) error {
	if n.Alias == nil || c.active[n.Alias] {
		return &Error{int32(n.Line), int32(n.Column), "the alias stands for something that contains it"}
	}
	if c.active == nil {
		c.active = map[*yaml.Node]bool{}
	}
	c.active[n.Alias] = true
	if c.inside++; c.inside == 1 {
		c.outer = n
	}
	return nil
}

func (c *converter) leave(n *yaml.Node) {
	c.inside--
	delete(c.active, n.Alias)
}

func (c *converter) items(out *Node, n *yaml.Node, depth int) error {
	out.Items = c.slab.itemList(len(n.Content))
	for _, item := range n.Content {
		v, err := c.node(item, depth+1)
		if err != nil {
			return err
		}
		out.Items = append(out.Items, v)
	}
	return nil
}

func (c *converter) fields(out *Node, n *yaml.Node, depth int) error {
	merges, err := c.keys(out, n)
	if err != nil {
		return err
	}
	at := 0
	for i := 0; i+1 < len(n.Content); i += 2 {
		if isMerge(n.Content[i]) {
			continue
		}
		v, err := c.node(n.Content[i+1], depth+1)
		if err != nil {
			return err
		}
		out.Fields[at].Value = v
		at++
	}
	if merges == 0 {
		return nil
	}
	own := make(map[string]struct{}, 2*len(out.Fields))
	for i := range out.Fields {
		own[out.Fields[i].Key] = struct{}{}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if isMerge(n.Content[i]) {
			if err := c.merge(out, own, n.Content[i+1], depth); err != nil {
				return err
			}
		}
	}
	return nil
}

// keys sets out's fields, still without values, and counts the merge keys.
func (c *converter) keys(out *Node, n *yaml.Node) (merges int, err error) {
	out.Fields = c.slab.fieldList(len(n.Content) / 2)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if isMerge(k) {
			merges++
			continue
		}
		text, ok := keyText(k)
		if !ok {
			return 0, &Error{int32(k.Line), int32(k.Column), "the key is a map or a list; only scalars can be keys"}
		}
		out.Fields = append(out.Fields, Field{Key: text, Line: int32(k.Line), Col: int32(k.Column)})
	}
	return merges, c.unique(out.Fields)
}

func keyText(k *yaml.Node) (string, bool) {
	if k.Kind == yaml.AliasNode {
		k = k.Alias
	}
	if k == nil || k.Kind != yaml.ScalarNode {
		return "", false
	}
	return k.Value, true
}

// unique refuses a key that is there twice, at its second place.
func (c *converter) unique(fields []Field) error {
	if len(fields) <= manyFields {
		for i := 1; i < len(fields); i++ {
			for j := range i {
				if fields[i].Key == fields[j].Key {
					return duplicate(fields[i].Line, fields[i].Col)
				}
			}
		}
		return nil
	}
	if c.seen == nil {
		c.seen = make(map[string]struct{}, len(fields))
	}
	clear(c.seen)
	for i := range fields {
		if _, ok := c.seen[fields[i].Key]; ok {
			return duplicate(fields[i].Line, fields[i].Col)
		}
		c.seen[fields[i].Key] = struct{}{}
	}
	return nil
}

func duplicate(line, col int32) error {
	return &Error{line, col, "the key is there twice"}
}

// isMerge recognises "<<" and "!!merge <<".
func isMerge(k *yaml.Node) bool {
	return k.Kind == yaml.ScalarNode && k.Tag == "!!merge"
}

// merge adds the fields of a map, or of a list of maps, that out does not have
// yet; own is the set of those that it has. A merge within a merge counts as a
// level.
func (c *converter) merge(out *Node, own map[string]struct{}, from *yaml.Node, depth int) error {
	if from.Kind == yaml.AliasNode {
		if err := c.enter(from); err != nil {
			return err
		}
		defer c.leave(from)
		return c.merge(out, own, from.Alias, depth)
	}
	switch from.Kind {
	case yaml.MappingNode:
		v, err := c.node(from, depth+1)
		if err != nil {
			return err
		}
		adopt(out, own, v.Fields)
		return nil
	case yaml.SequenceNode:
		for _, item := range from.Content {
			if target := item; target.Kind == yaml.SequenceNode ||
				target.Kind == yaml.AliasNode && target.Alias != nil && target.Alias.Kind == yaml.SequenceNode {
				return notMergeable(item)
			}
			if err := c.merge(out, own, item, depth); err != nil {
				return err
			}
		}
		return nil
	default:
		if from.Tag == "!!null" {
			return nil
		}
		return notMergeable(from)
	}
}

func notMergeable(n *yaml.Node) error {
	return &Error{int32(n.Line), int32(n.Column), "only a map or a list of maps can be merged"}
}

// adopt appends the fields whose keys are not in own yet.
func adopt(out *Node, own map[string]struct{}, fields []Field) {
	for i := range fields {
		if _, ok := own[fields[i].Key]; !ok {
			own[fields[i].Key] = struct{}{}
			out.Fields = append(out.Fields, fields[i])
		}
	}
}

// scalarKind gives the kind by the resolved tag. An unknown tag leaves text.
func scalarKind(n *yaml.Node) Kind {
	switch n.Tag {
	case "!!int", "!!float":
		return Number
	case "!!bool":
		return Bool
	case "!!null":
		return Null
	default:
		return String
	}
}
