package sampleshop

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// edit changes one place of a tree of files.
type edit struct {
	File string `yaml:"file"`
	// Object is kind and name of a Kubernetes object; empty is the document.
	Object string `yaml:"object"`
	// Path leads to the place; an item of a list is its number, or name=NAME.
	Path []string `yaml:"path"`
	// Value is what is put there; nil removes what is there.
	Value any `yaml:"value"`
}

// tree are the documents of files.
type tree map[string][]*yaml.Node

// apply makes an edit. What it changes must be there, and be different.
func (t tree) apply(e edit) error {
	for _, d := range t[e.File] {
		if e.Object != "" && objectOf(d) != e.Object {
			continue
		}
		if err := change(d.Content[0], e.Path, e.Value); err != nil {
			return fmt.Errorf("%s: %s: %s: %w", e.File, e.Object, strings.Join(e.Path, "/"), err)
		}
		return nil
	}
	return fmt.Errorf("%s has no %s", e.File, e.Object)
}

var (
	errNotThere = errors.New("is not there")
	errSame     = errors.New("is so already")
)

func change(n *yaml.Node, path []string, value any) error {
	at := child(n, path[0])
	if at < 0 {
		return errNotThere
	}
	if len(path) > 1 {
		return change(n.Content[at], path[1:], value)
	}
	if value == nil {
		from := at
		if n.Kind == yaml.MappingNode {
			from--
		}
		n.Content = slices.Delete(n.Content, from, at+1)
		return nil
	}
	old := n.Content[at]
	node := &yaml.Node{}
	if err := node.Encode(value); err != nil {
		return err
	}
	if old.Kind == yaml.ScalarNode && old.Value == node.Value {
		return errSame
	}
	if node.Kind == yaml.ScalarNode {
		node.Style = old.Style
	}
	n.Content[at] = node
	return nil
}

// child gives the position of a value, or -1.
func child(n *yaml.Node, segment string) int {
	if n.Kind == yaml.MappingNode {
		for i := 0; i < len(n.Content); i += 2 {
			if n.Content[i].Value == segment {
				return i + 1
			}
		}
		return -1
	}
	if name, ok := strings.CutPrefix(segment, "name="); ok {
		return slices.IndexFunc(n.Content, func(item *yaml.Node) bool {
			at := child(item, "name")
			return at >= 0 && item.Content[at].Value == name
		})
	}
	i, err := strconv.Atoi(segment)
	if err != nil || n.Kind != yaml.SequenceNode || i >= len(n.Content) {
		return -1
	}
	return i
}

// objectOf gives kind and name of a document.
func objectOf(d *yaml.Node) string {
	var o struct {
		Kind     string
		Metadata struct{ Name string }
	}
	if d.Decode(&o) != nil {
		return ""
	}
	return o.Kind + " " + o.Metadata.Name
}
