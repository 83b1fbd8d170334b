package app

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// errFlow says that a part of parity.yaml is written in a way that lines cannot be
// added to.
var errFlow = errors.New("it is written in flow style, on one line; write it as lines of its own first")

// addToSection adds an entry to the list of a key at the top of parity.yaml, and
// leaves every other byte as it is. The entry's lines are indented by two spaces.
// line is where the entry begins, from 1.
func addToSection(text []byte, key, entry string) (out []byte, line int, err error) {
	root, err := topMap(text)
	if err != nil {
		return nil, 0, err
	}
	if out, line, err = insertEntry(text, root, key, entry); err != nil {
		return nil, 0, err
	}
	after, err := topMap(out)
	if err != nil || len(valueOf(after, key).Content) != len(valueOf(root, key).Content)+1 {
		return nil, 0, fmt.Errorf("%s: lines cannot be added to the list as it is written", key)
	}
	return out, line, nil
}

func insertEntry(text []byte, root *yaml.Node, key, entry string) (out []byte, line int, err error) {
	lines := strings.SplitAfter(string(text), "\n")
	begin, end := sectionLines(root.Content, lines, key)
	if begin < 0 {
		head := string(bytes.TrimRight(text, "\n"))
		out := head + "\n\n" + key + ":\n" + entry
		return []byte(out), strings.Count(head, "\n") + 4, nil
	}
	list := valueOf(root, key)
	switch {
	case list.Kind == yaml.SequenceNode && list.Style&yaml.FlowStyle == 0 && len(list.Content) > 0:
		if last := end - 1; !strings.HasSuffix(lines[last], "\n") {
			lines[last] += "\n"
		}
		entry = indented(entry, list.Column-1)
		return joined(lines[:end], entry, lines[end:]), end + 1, nil
	case len(list.Content) == 0 && end == begin+1:
		// An empty list is "[]" or nothing, and a comment may follow it.
		head := strings.TrimRight(strings.Replace(lines[begin], "[]", "", 1), " \n")
		return joined(lines[:begin], head+"\n"+entry, lines[end:]), begin + 2, nil
	default:
		return nil, 0, fmt.Errorf("%s: %w", key, errFlow)
	}
}

func joined(before []string, middle string, after []string) []byte {
	return []byte(strings.Join(slices.Concat(before, []string{middle}, after), ""))
}

// indented moves lines that are indented by two spaces to another indentation.
func indented(entry string, spaces int) string {
	var out strings.Builder
	for line := range strings.Lines(entry) {
		out.WriteString(strings.Repeat(" ", spaces) + strings.TrimPrefix(line, "  "))
	}
	return out.String()
}

// topMap returns the map that parity.yaml is.
func topMap(text []byte) (*yaml.Node, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	switch {
	case len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode:
		return nil, errors.New("it is not a map")
	case doc.Content[0].Style&yaml.FlowStyle != 0:
		return nil, errFlow
	}
	return doc.Content[0], nil
}

func valueOf(m *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(m.Content); i += 2 {
		if m.Content[i].Value == key {
			return m.Content[i+1]
		}
	}
	return &yaml.Node{}
}
