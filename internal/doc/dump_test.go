package doc

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

var kindNames = map[Kind]string{Null: "null", Bool: "bool", Number: "number", String: "string"}

// dump writes a tree in one line, keys and scalars quoted by Go, so that tests
// can compare it.
func dump(n *Node) string {
	var b strings.Builder
	dumpTo(&b, n)
	return b.String()
}

func dumpTo(b *strings.Builder, n *Node) {
	switch n.Kind {
	case Map:
		b.WriteByte('{')
		for i, f := range n.Fields {
			if i > 0 {
				b.WriteByte(' ')
			}
			fmt.Fprintf(b, "%s:", f.Key)
			dumpTo(b, f.Value)
		}
		b.WriteByte('}')
	case List:
		b.WriteByte('[')
		for i, item := range n.Items {
			if i > 0 {
				b.WriteByte(' ')
			}
			dumpTo(b, item)
		}
		b.WriteByte(']')
	case Null:
		b.WriteString("null")
	case String:
		fmt.Fprintf(b, "%q", n.Text)
	default:
		fmt.Fprintf(b, "%s(%s)", kindNames[n.Kind], n.Text)
	}
}

// yamlDocs parses text and gives the dumps of its documents.
func yamlDocs(text string, l Limits) ([]string, error) {
	var docs []string
	err := ParseYAML(strings.NewReader(text), l, func(n *Node, _ int) error {
		docs = append(docs, dump(n))
		return nil
	})
	return docs, err
}

// wantError fails unless err is an *Error at "line:col" that says what, and
// quotes nothing of the secret that tests plant.
func wantError(t *testing.T, err error, place, what string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got error %v, want a *doc.Error", err)
	}
	if got := fmt.Sprintf("%d:%d", e.Line, e.Col); got != place {
		t.Errorf("error is at %s, want %s (%v)", got, place, err)
	}
	if !strings.Contains(e.What, what) {
		t.Errorf("error says %q, want something with %q", e.What, what)
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("error quotes the document: %v", err)
	}
}

// checkTree fails where a tree breaks what every parser promises.
func checkTree(t *testing.T, n *Node, l Limits, lines int) {
	t.Helper()
	l = l.filled()
	count := 0
	var walk func(n *Node, depth int)
	walk = func(n *Node, depth int) {
		count++
		if n == nil {
			t.Fatal("a node is nil")
		}
		if depth > l.Depth {
			t.Fatalf("deeper than %d", l.Depth)
		}
		last := lines
		if n.Kind == Null {
			last++ // a value that is missing at the end is after the last line
		}
		if n.Line < 1 || n.Col < 1 || int(n.Line) > last {
			t.Fatalf("a node is at %d:%d of %d lines", n.Line, n.Col, lines)
		}
		keys := map[string]bool{}
		for _, f := range n.Fields {
			if keys[f.Key] {
				t.Fatal("a key is there twice")
			}
			keys[f.Key] = true
			walk(f.Value, depth+1)
		}
		for _, item := range n.Items {
			walk(item, depth+1)
		}
	}
	walk(n, 1)
	if count > l.Nodes+1 {
		t.Fatalf("%d nodes, more than %d", count, l.Nodes)
	}
}
