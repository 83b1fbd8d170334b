package main

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed schema.txt
var schemaText string

// kind is one resource type or data source.
type kind struct {
	name   string
	data   bool
	fields []*field
}

// field is an attribute or a block.
type field struct {
	name string
	// typ is string, bool, number, list, set, map, listblock or setblock.
	typ                           string
	required, computed, sensitive bool
	hasDefault                    bool
	fallback                      string
	// template makes up a computed text: "{name}" stands for an attribute,
	// "{account}", "{region}", "{hash8}" and "{hash17}" for what a cloud knows.
	template string
	fields   []*field
}

// parseKinds reads the table of types. Two spaces indent a block's fields.
//
//	resource aws_iam_policy
//	  name string !
//	  path string =/
//	  arn string ~arn:aws:iam::{account}:policy{path}{name}
//	  password string ! sensitive
func parseKinds(text string) ([]*kind, error) {
	var kinds []*kind
	var at []*[]*field // the lists of fields that are open, by depth
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\n")
		words := strings.Fields(line)
		if len(words) == 0 || words[0][0] == '#' {
			continue
		}
		depth := (len(line) - len(strings.TrimLeft(line, " "))) / 2
		if depth == 0 {
			k := &kind{name: words[1], data: words[0] == "data"}
			kinds = append(kinds, k)
			at = []*[]*field{&k.fields}
			continue
		}
		if depth > len(at) || len(words) < 2 {
			return nil, fmt.Errorf("schema.txt:%d: indented too far, or without a type", n)
		}
		f := &field{name: words[0], typ: words[1]}
		for _, w := range words[2:] {
			f.flag(w)
		}
		at = append(at[:depth], &f.fields)
		*at[depth-1] = append(*at[depth-1], f)
	}
	return kinds, nil
}

func (f *field) flag(w string) {
	switch {
	case w == "!":
		f.required = true
	case w == "sensitive":
		f.sensitive = true
	case w == "computed":
		f.computed = true
	case w[0] == '=':
		f.hasDefault, f.fallback = true, strings.ReplaceAll(w[1:], "_", " ")
		f.computed = true
	case w[0] == '~':
		f.computed, f.template = true, w[1:]
	}
}
