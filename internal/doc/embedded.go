package doc

import (
	"path"
	"strings"
)

// Embedded reads structured text that stands inside a value, such as a
// ConfigMap's key app.yaml, and gives its tree and format; positions count
// within the text. Not ok where the text is not plainly structured.
//
// A key with a known extension says the format. Without an extension only JSON
// and YAML over more than one line count, and YAML only where every line that
// is not indented is a key of identifiers or an item: prose, scripts and other
// languages' files stay text.
func Embedded(key, text string, l Limits) (*Node, Format, bool) {
	l = l.filled()
	if int64(len(text)) > l.Bytes {
		return nil, Unknown, false
	}
	format := byName(key)
	named := format != Unknown
	if !named {
		format = plainly(key, text)
	}
	if format == Unknown {
		return nil, Unknown, false
	}
	root := embeddedTree(format, text, l)
	if root == nil || root.Kind != Map && root.Kind != List && (root.Kind != Null || !named) {
		return nil, Unknown, false
	}
	return root, format, true
}

// embeddedTree parses text; nil where it does not parse. Several documents
// make a list, and none a null.
func embeddedTree(format Format, text string, l Limits) *Node {
	var docs []*Node
	err := Parse(format, strings.NewReader(text), l, func(n *Node, _ int) error {
		docs = append(docs, n)
		return nil
	})
	switch {
	case err != nil:
		return nil
	case len(docs) == 0:
		return &Node{Kind: Null, Line: 1, Col: 1}
	case len(docs) == 1:
		return docs[0]
	default:
		return &Node{Kind: List, Line: 1, Col: 1, Items: docs}
	}
}

// plainly gives the format of text without a telling name.
func plainly(key, text string) Format {
	trimmed := strings.TrimSpace(text)
	if trimmed == "[]" || trimmed == "{}" {
		return JSON
	}
	if !strings.Contains(trimmed, "\n") {
		return Unknown
	}
	if trimmed[0] == '{' || trimmed[0] == '[' {
		return JSON
	}
	if path.Ext(key) != "" || !looksYAML(trimmed) {
		return Unknown
	}
	return YAML
}

// looksYAML reports whether each line that is not indented is "key:",
// "key: value", "- item", a comment or a document marker, with at least two of
// them or something indented below the only one.
func looksYAML(text string) bool {
	outer, inner := 0, 0
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		line = strings.TrimRight(line, " \t\r")
		switch {
		case line == "" || line == "---" || line[0] == '#' && !strings.HasPrefix(line, "#!"):
		case line[0] == ' ':
			inner++
		case outer > 0 && (line == "]" || line == "}"):
		case outer == 0 && (line == "[]" || line == "{}"):
			outer = 2
		case strings.HasPrefix(line, "- ") || plainKey(line):
			outer++
		default:
			return false
		}
	}
	return outer >= 2 || outer == 1 && inner >= 1
}

// plainKey reports whether the line begins with an identifier and a colon.
func plainKey(line string) bool {
	key, rest, ok := strings.Cut(line, ":")
	if !ok || rest != "" && rest[0] != ' ' {
		return false
	}
	key = strings.TrimSpace(strings.Trim(key, `"'`))
	for i := 0; i < len(key); i++ {
		if !nameByte(key[i]) && strings.IndexByte("./-", key[i]) < 0 {
			return false
		}
	}
	return key != ""
}
