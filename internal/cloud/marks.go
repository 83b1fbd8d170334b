package cloud

import (
	"strconv"

	"github.com/envparity/parity/internal/doc"
)

// Marks is a tree of what is sensitive in a value. A nil tree marks nothing.
type Marks struct {
	all    bool
	fields map[string]*Marks
}

// MarkAll marks a whole value.
func MarkAll() *Marks { return &Marks{all: true} }

// MarksOf reads the form of plans: true where a value is sensitive, maps and
// lists of the same otherwise.
func MarksOf(n *doc.Node) *Marks {
	switch {
	case n == nil:
		return nil
	case n.Kind == doc.Bool && n.Text == "true":
		return MarkAll()
	case n.Kind == doc.Map:
		m := &Marks{}
		for i := range n.Fields {
			m.put(n.Fields[i].Key, MarksOf(n.Fields[i].Value))
		}
		return m.orNil()
	case n.Kind == doc.List:
		m := &Marks{}
		for i, item := range n.Items {
			m.put(strconv.Itoa(i), MarksOf(item))
		}
		return m.orNil()
	}
	return nil
}

func (m *Marks) put(key string, below *Marks) {
	if below == nil {
		return
	}
	if m.fields == nil {
		m.fields = map[string]*Marks{}
	}
	m.fields[key] = below
}

func (m *Marks) orNil() *Marks {
	if !m.all && len(m.fields) == 0 {
		return nil
	}
	return m
}

// Mark marks what stands at a path of keys and indexes, and gives the tree. An
// empty path marks all.
func (m *Marks) Mark(path ...string) *Marks {
	if m == nil {
		m = &Marks{}
	}
	at := m
	for _, key := range path {
		next := at.fields[key]
		if next == nil {
			next = &Marks{}
			at.put(key, next)
		}
		at = next
	}
	at.all = true
	return m
}

func (m *Marks) whole() bool { return m != nil && m.all }

// any reports whether anything in the value is marked.
func (m *Marks) any() bool {
	if m == nil {
		return false
	}
	if m.all {
		return true
	}
	for _, below := range m.fields {
		if below.any() {
			return true
		}
	}
	return false
}

func (m *Marks) field(key string) *Marks {
	if m == nil {
		return nil
	}
	if m.all {
		return m
	}
	return m.fields[key]
}

func (m *Marks) item(i int) *Marks { return m.field(strconv.Itoa(i)) }

// Union is what is marked in either of two trees.
func (m *Marks) Union(o *Marks) *Marks {
	switch {
	case m == nil:
		return o
	case o == nil:
		return m
	case m.all || o.all:
		return MarkAll()
	}
	out := &Marks{fields: map[string]*Marks{}}
	for key, below := range m.fields {
		out.fields[key] = below.Union(o.fields[key])
	}
	for key, below := range o.fields {
		if out.fields[key] == nil {
			out.fields[key] = below
		}
	}
	return out
}

// without gives the marks of a value that stood within another under "value":
// paths of states go to it directly.
func (m *Marks) without() *Marks {
	if m == nil || m.all {
		return m
	}
	return m.Union(m.fields["value"])
}
