package config

import (
	"fmt"
	"reflect"

	"go.yaml.in/yaml/v3"

	"github.com/envparity/parity"
)

// Isolate selects the secrets that each environment must have of its own. The
// file says true, which becomes one empty selector, or lists selectors.
type Isolate []SecretMatch

// SecretMatch selects secrets: all that is named must fit.
type SecretMatch struct {
	Kind  string `yaml:"kind" doc:"Pattern of the kind of the secret's subject."`
	Scope string `yaml:"scope" doc:"Pattern of its namespace."`
	Name  string `yaml:"name" doc:"Pattern of its name."`
	Path  string `yaml:"path" doc:"Pattern of the secret's path, as in match."`
}

// All reports whether every known secret is selected.
func (i Isolate) All() bool { return len(i) == 1 && i[0] == SecretMatch{} }

// Compile gives a function that reports whether a single selector fits a
// secret; nil where there is none. The error is that of an invalid pattern;
// there is none for what Load has accepted.
func (i Isolate) Compile() (func(parity.Key, string) bool, error) {
	if len(i) == 0 || i.All() {
		return nil, nil
	}
	matchers := make([]Matcher, len(i))
	for n, s := range i {
		m, err := Match{Kind: s.Kind, Scope: s.Scope, Name: s.Name, Path: s.Path}.Compile()
		if err != nil {
			return nil, fmt.Errorf("secrets.isolate[%d]: %w", n, err)
		}
		matchers[n] = m
	}
	return func(k parity.Key, path string) bool {
		for _, m := range matchers {
			if m.Subject(k.Kind, k.Scope, k.Name, nil, "") && m.path.MatchPath(path) {
				return true
			}
		}
		return false
	}, nil
}

// isolate decodes true, false or a list of selectors.
func (d *decoder) isolate(n *yaml.Node, v reflect.Value, c constraint, at string) {
	t := target(n)
	if t.Kind == yaml.ScalarNode && t.ShortTag() == "!!bool" {
		all := false
		d.native(n, reflect.ValueOf(&all).Elem(), at)
		if all {
			v.Set(reflect.ValueOf(Isolate{{}}))
		}
		return
	}
	if t.Kind != yaml.SequenceNode {
		d.wants(n, at, "true or a list of selectors", "write isolate: true, or isolate: [{kind: Secret, name: db}]")
		return
	}
	d.list(n, v, c, at)
	for i, s := range v.Interface().(Isolate) {
		if (s == SecretMatch{}) && i < len(t.Content) {
			d.fault(t.Content[i], "write isolate: true for all", "%s[%d] selects nothing in particular", at, i)
		}
	}
}
