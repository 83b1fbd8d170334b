package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"

	"go.yaml.in/yaml/v3"

	"github.com/envparity/parity"
)

// Bounds of a parity.yaml. A frozen list of bindings makes a large one; what
// lies beyond is an accident or an attack.
const (
	MaxBytes  = 8 << 20
	maxValues = 500_000 // after aliases
	maxMerges = 20      // of merges within merges
)

// parse reads the one document of data.
func parse(file string, data []byte) (*yaml.Node, error) {
	if len(data) > MaxBytes {
		return nil, fault(file, spot{1, 1}, fmt.Sprintf("the file is larger than %d MiB", MaxBytes>>20), "")
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	if err := dec.Decode(&first); errors.Is(err, io.EOF) {
		return nil, fault(file, spot{1, 1}, "the file is empty", "parity init writes one to begin with")
	} else if err != nil {
		return nil, syntaxFault(file, data, err)
	}
	if err := dec.Decode(&second); err == nil {
		return nil, fault(file, spotOf(&second), "a second YAML document", "keep everything in one document, without ---")
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxFault(file, data, err)
	}
	if first.Kind != yaml.DocumentNode || len(first.Content) != 1 {
		return nil, fault(file, spot{1, 1}, "the file is empty", "parity init writes one to begin with")
	}
	return first.Content[0], nil
}

func fault(file string, at spot, what, hint string) error {
	return Faults{{Code: parity.CodeConfig, Where: at.in(file), What: what, Hint: hint}}
}

func spotOf(n *yaml.Node) spot { return spot{max(n.Line, 1), max(n.Column, 1)} }

// target follows an alias to what it stands for.
func target(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		return n.Alias
	}
	return n
}

func isMerge(key *yaml.Node) bool {
	return key.Kind == yaml.ScalarNode && key.Value == "<<" && (key.Tag == "" || key.ShortTag() == "!!merge")
}

// entry is one key of a map with its value.
type entry struct {
	name       string
	key, value *yaml.Node
}

// entries lists a map's keys: its own in the order of the file, then what it
// merges in and does not have itself. repeated is told of keys given twice,
// and odd of keys and merges that are none; both may be nil. Every key costs
// one of budget, and none is listed when it is used up.
func entries(m *yaml.Node, budget *int, repeated func(key, first *yaml.Node), odd func(at *yaml.Node, what string)) []entry {
	w := &walk{budget: budget, repeated: repeated, odd: odd, seen: map[string]*yaml.Node{}}
	w.own(m, true, 0)
	return w.out
}

type walk struct {
	budget   *int
	repeated func(key, first *yaml.Node)
	odd      func(at *yaml.Node, what string)
	seen     map[string]*yaml.Node
	out      []entry
}

func (w *walk) own(m *yaml.Node, direct bool, depth int) {
	*w.budget--
	var merges []*yaml.Node
	for i := 0; i+1 < len(m.Content) && *w.budget > 0; i += 2 {
		*w.budget--
		key, value := target(m.Content[i]), m.Content[i+1]
		switch first := w.seen[key.Value]; {
		case isMerge(key):
			merges = append(merges, value)
		case key.Kind != yaml.ScalarNode:
			w.report(m.Content[i], "a key must be plain text")
		case first == nil:
			w.seen[key.Value] = key
			w.out = append(w.out, entry{key.Value, m.Content[i], value})
		case direct && w.repeated != nil:
			w.repeated(key, first)
		}
	}
	for _, v := range merges {
		w.merge(v, depth+1)
	}
}

func (w *walk) merge(v *yaml.Node, depth int) {
	t := target(v)
	switch {
	case *w.budget <= 0:
	case depth > maxMerges:
		w.report(v, "merges are nested too deeply")
	case t.Kind == yaml.MappingNode:
		w.own(t, false, depth)
	case t.Kind == yaml.SequenceNode:
		for _, item := range t.Content {
			if *w.budget <= 0 {
				return
			}
			if target(item).Kind != yaml.MappingNode {
				w.report(item, "only maps can be merged")
				continue
			}
			w.own(target(item), false, depth)
		}
	default:
		w.report(v, "only maps can be merged")
	}
}

func (w *walk) report(at *yaml.Node, what string) {
	if w.odd != nil {
		w.odd(at, what)
	}
}

// index finds places in a parsed parity.yaml.
type index struct {
	file string
	root *yaml.Node
}

// find follows keys and indices as far as they lead. It gives the last value
// found and its key, which is nil for an item of a list and for the root.
func (x index) find(path ...string) (key, value *yaml.Node) {
	value = x.root
	for _, step := range path {
		k, v := child(target(value), step)
		if v == nil {
			break
		}
		key, value = k, v
	}
	return key, value
}

func child(n *yaml.Node, step string) (key, value *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		budget := maxValues
		for _, e := range entries(n, &budget, nil, nil) {
			if e.name == step {
				return e.key, e.value
			}
		}
	case yaml.SequenceNode:
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(n.Content) {
			return nil, n.Content[i]
		}
	}
	return nil, nil
}

// position is Positions for the file.
func (x index) position(path ...string) string {
	_, v := x.find(path...)
	return spotOf(v).in(x.file)
}

// keyed gives the place of the key where the path ends in one.
func (x index) keyed(path ...string) spot {
	k, v := x.find(path...)
	if k != nil {
		return spotOf(k)
	}
	return spotOf(v)
}

// at gives the place of a value.
func (x index) at(path ...string) spot {
	_, v := x.find(path...)
	return spotOf(v)
}

// lacks reports whether the value is missing or an empty list. What is there but
// could not be read is not lacking.
func (x index) lacks(path ...string) bool {
	_, parent := x.find(path[:len(path)-1]...)
	_, v := child(target(parent), path[len(path)-1])
	return v == nil || target(v).Kind == yaml.SequenceNode && len(target(v).Content) == 0
}

func (x index) isNumber(path ...string) bool {
	_, v := x.find(path...)
	tag := target(v).ShortTag()
	return tag == "!!int" || tag == "!!float"
}
