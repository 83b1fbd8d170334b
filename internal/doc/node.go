// Package doc parses YAML, JSON, TOML, INI, properties and dotenv text into
// one tree of nodes with positions, within bounds.
//
// Every parser of this package is given bytes that nobody here wrote. Errors
// name a place and what is wrong there, and never quote the text: it may hold
// a secret.
package doc

// Kind is the kind of a node.
type Kind uint8

// The kinds.
const (
	Null Kind = iota
	Bool
	Number
	String
	Map
	List
)

// Node is one value in a document.
type Node struct {
	Kind Kind
	// Text is a scalar as the source spells it, quotes and escapes resolved.
	Text string
	// Line and Col are 1-based.
	Line, Col int32
	// Fields are a map's, in the order of the source.
	Fields []Field
	// Items are a list's.
	Items []*Node
}

// Field is one key of a map.
type Field struct {
	Key       string
	Line, Col int32 // of the key
	Value     *Node
}

// Get returns the value of a map's key, or nil.
func (n *Node) Get(key string) *Node {
	if n == nil || n.Kind != Map {
		return nil
	}
	for i := range n.Fields {
		if n.Fields[i].Key == key {
			return n.Fields[i].Value
		}
	}
	return nil
}

// At follows keys through maps; nil where one is missing.
func (n *Node) At(keys ...string) *Node {
	for _, k := range keys {
		n = n.Get(k)
	}
	return n
}

// Str gives a scalar's text, and "" for nil, null, maps and lists.
func (n *Node) Str() string {
	if n == nil {
		return ""
	}
	return n.Text
}
