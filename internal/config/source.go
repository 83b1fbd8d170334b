package config

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Kinds maps a collector's name to a function that returns a pointer to its
// zero config. The config's fields carry the tags that Config's do. One that
// has a method Validate() error is asked after it is filled.
type Kinds map[string]func() any

func (k Kinds) names() []string { return slices.Sorted(maps.Keys(k)) }

// source decodes one source: a collector with its own keys beside it, or a
// bare path that finds its collector when it is read.
func (d *decoder) source(n *yaml.Node, s *Source, at string) {
	s.Where = spotOf(n).in(d.faults.file)
	if target(n).Kind != yaml.MappingNode {
		d.wants(n, at, "a map", "write it as - path: overlays/staging, or with a collector and its keys")
		return
	}
	es := d.entries(n, at)
	i := slices.IndexFunc(es, func(e entry) bool { return e.name == collectorKey })
	if i < 0 {
		d.barePath(n, es, s, at)
		return
	}
	var name string
	d.value(es[i].value, reflect.ValueOf(&name).Elem(), constraint{nonEmpty: true}, under(at, collectorKey))
	if name == "" {
		return
	}
	zero, ok := d.kinds[name]
	if !ok {
		d.fault(es[i].value, suggest(name, "collectors", d.kinds.names()), "there is no collector %s", quote(name))
		return
	}
	s.Collector, s.Config = name, zero()
	before := len(d.faults.all)
	d.filled(n, slices.Delete(es, i, i+1), reflect.ValueOf(s.Config).Elem(), at)
	v, ok := s.Config.(interface{ Validate() error })
	if !ok || len(d.faults.all) > before {
		return
	}
	if err := v.Validate(); err != nil {
		d.fault(n, "", "%s: %v", at, err)
	}
}

const (
	collectorKey = "collector"
	pathKey      = "path"
)

func (d *decoder) barePath(n *yaml.Node, es []entry, s *Source, at string) {
	found := false
	for _, e := range es {
		switch {
		case e.name == pathKey:
			found = true
			d.value(e.value, reflect.ValueOf(&s.Path).Elem(), constraint{nonEmpty: true}, under(at, pathKey))
		case nearest(e.name, []string{collectorKey, pathKey}) != "" && len(d.owners(e.name)) == 0:
			found = true
			d.fault(e.key, suggest(e.name, "keys", []string{collectorKey, pathKey}), "unknown key %s in %s", quote(e.name), at)
		default:
			d.fault(e.key, d.ownerHint(e.name), "key %s in %s needs its collector named", quote(e.name), at)
			found = true
		}
	}
	if !found {
		d.fault(n, "collectors: "+strings.Join(d.kinds.names(), ", "), "%s has neither collector nor path", at)
	}
}

// owners lists the collectors that have a key.
func (d *decoder) owners(key string) []string {
	var out []string
	for _, name := range d.kinds.names() {
		t := reflect.TypeOf(d.kinds[name]()).Elem()
		if t.Kind() == reflect.Struct && findField(d.fieldsOf(t), key) != nil {
			out = append(out, name)
		}
	}
	return out
}

func (d *decoder) ownerHint(key string) string {
	if owners := d.owners(key); len(owners) > 0 {
		return "add collector: " + strings.Join(owners, " or ")
	}
	return "collectors: " + strings.Join(d.kinds.names(), ", ")
}
