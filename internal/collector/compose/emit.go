package compose

import (
	"maps"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// emit hands over everything of a model.
func (s *session) emit(model map[string]any) {
	sources := s.sources()
	for _, section := range []struct{ key, kind string }{
		{"services", serviceKind},
		{"jobs", jobKind},
		{"networks", networkKind},
		{"volumes", volumeKind},
		{"secrets", secretKind},
		{"configs", configKind},
		{"models", modelKind},
	} {
		members, _ := model[section.key].(map[string]any)
		for _, name := range slices.Sorted(maps.Keys(members)) {
			spec, _ := members[name].(map[string]any)
			e := &emitter{s: s, sources: sources, section: section.key, subject: parity.Subject{Key: parity.Key{Kind: section.kind, Name: name}}}
			e.begin()
			switch section.key {
			case "services", "jobs":
				e.service(spec)
				if !s.enabled(spec) {
					e.inactive(spec)
				}
			default:
				e.resource(spec)
			}
			s.out.Subject(e.subject, e.facts)
		}
	}
	s.inclusions()
}

// enabled reports whether a service belongs to the environment. Without a word
// on which profiles are on, every service that is declared does: its profiles
// are facts of it.
func (s *session) enabled(spec map[string]any) bool {
	profiles := list(spec["profiles"])
	if len(profiles) == 0 || s.cfg.Profiles == nil {
		return true
	}
	for _, p := range profiles {
		if slices.Contains(s.cfg.Profiles, "*") || slices.Contains(s.cfg.Profiles, text(p)) {
			return true
		}
	}
	return false
}

// inactive states that a service is declared and not run, because none of its
// profiles is on.
func (e *emitter) inactive(spec map[string]any) {
	var names []string
	for _, p := range list(spec["profiles"]) {
		names = append(names, text(p))
	}
	slices.Sort(names)
	raw := "profile " + strings.Join(names, " or ") + " is off"
	e.add("/inactive", raw, parity.Value{Kind: parity.Text, Raw: raw}, 0)
}

// emitter makes the facts of one subject.
type emitter struct {
	s       *session
	sources []*source // the weakest first
	section string
	subject parity.Subject
	facts   []parity.Fact
	// home is the last of the named files that speaks of the subject.
	home *source
}

// begin finds where the subject is declared.
func (e *emitter) begin() {
	e.home = e.s.named[0]
	for _, src := range e.sources {
		n := src.docs[0].At(e.section, e.subject.Name)
		if n == nil {
			continue
		}
		e.home = src
		e.subject.Origin = src.line
		e.subject.Line, e.subject.Col = n.Line, n.Col
	}
	if e.subject.Origin == nil {
		e.subject.Origin = e.home.inside
	}
}

// add adds a fact at a path. keys lead to its place in the files; without
// them, or where the text there is another, only the file is known.
func (e *emitter) add(path, raw string, v parity.Value, rules parity.RuleSet, keys ...string) {
	if needs, ok := e.s.env.unknownIn(raw); ok {
		e.unknown(path, needs)
		return
	}
	f := parity.Fact{Path: path, Value: v, Rules: rules, Surface: surfaces().Of(e.subject.Kind, path), Origin: e.file(path, keys).inside}
	if src, n := e.locate(raw, keys); n != nil {
		f.Origin, f.Line, f.Col = src.line, n.Line, n.Col
	}
	e.facts = append(e.facts, f)
}

// file is the last file that says something of the field which a path is in.
func (e *emitter) file(path string, keys []string) *source {
	field, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	field, _, _ = strings.Cut(field, "[")
	if len(keys) > 0 {
		field = keys[0]
	}
	for _, src := range slices.Backward(e.sources) {
		if src.docs[0].At(e.section, e.subject.Name, field) != nil {
			return src
		}
	}
	return e.home
}

// unknown records a value that needs a variable which is not set.
func (e *emitter) unknown(path, needs string) {
	e.s.out.Gap(parity.Gap{
		Kind: e.subject.Kind, Name: e.subject.Name, Path: path, Where: e.file(path, nil).inside.File,
		Reason: "the value needs " + needs + whereItRuns,
		Hint:   "set it under environment, or in an env file",
	})
}

// locate finds the text of a value in the files, the last one first.
func (e *emitter) locate(raw string, keys []string) (*source, *doc.Node) {
	if len(keys) == 0 {
		return nil, nil
	}
	for _, src := range slices.Backward(e.sources) {
		n := src.docs[0].At(e.section, e.subject.Name).At(keys...)
		switch {
		case n == nil:
		case n.Kind != doc.Map && n.Kind != doc.List && n.Text == raw:
			return src, n
		default:
			return nil, nil
		}
	}
	return nil, nil
}

// tree adds the facts of a value for which there is no rule of its own.
func (e *emitter) tree(path string, v any, keys []string) {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 {
			e.add(path, "", parity.Value{Kind: parity.Null}, parity.SetOf(parity.EmptyIsAbsent))
		}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			e.tree(path+"/"+k, v[k], below(keys, k))
		}
	case []any:
		e.items(path, v)
	default:
		raw := text(v)
		val, rules := typed(path, raw, v)
		e.add(path, raw, val, rules, keys...)
	}
}

// below leads one key further; nowhere where keys lead nowhere.
func below(keys []string, key string) []string {
	if keys == nil {
		return nil
	}
	return append(keys[:len(keys):len(keys)], key)
}

// items adds the facts of a list: members where it holds scalars, else items
// by what names them.
func (e *emitter) items(path string, items []any) {
	for i, item := range items {
		m, ok := item.(map[string]any)
		if !ok {
			raw := text(item)
			if needs, ok := e.s.env.unknownIn(raw); ok {
				e.unknown(path, needs)
				continue
			}
			e.add(path+"[="+raw+"]", raw, parity.Value{Kind: parity.Set, Raw: raw}, 0)
			continue
		}
		e.tree(path+"["+itemName(m, i)+"]", m, nil)
	}
}

// itemName names an item of a list by the first of the fields that may.
func itemName(m map[string]any, i int) string {
	for _, key := range []string{"target", "source", "name", "id", "path"} {
		if v, ok := m[key]; ok {
			return key + "=" + text(v)
		}
	}
	return text(i)
}

// typed says what a scalar is.
func typed(path, raw string, v any) (parity.Value, parity.RuleSet) {
	tail := value.Tail(path)
	switch {
	case v == nil:
		return parity.Value{Kind: parity.Null}, parity.SetOf(parity.EmptyIsAbsent)
	case sizes[tail] && !strings.HasPrefix(path, "/environment") && !strings.Contains(path, "labels"):
		return size(raw)
	case tail == "host_ip":
		return parity.Value{Kind: parity.Text, Raw: raw}, 0
	case durations[tail]:
		if canon, ok := value.Duration(raw); ok {
			return shaped(parity.Duration, raw, canon, parity.DurationForm)
		}
	case tail == "cpus" || tail == "cpu":
		if canon, ok := value.Quantity(raw); ok {
			return shaped(parity.Quantity, raw, canon, parity.QuantityForm)
		}
	}
	return value.Of(path, raw, scalarOf(v))
}

func shaped(kind parity.ValueKind, raw, canon string, rule parity.Rule) (parity.Value, parity.RuleSet) {
	if canon == raw {
		return parity.Value{Kind: kind, Raw: raw}, 0
	}
	return parity.Value{Kind: kind, Raw: raw, Canon: canon}, parity.SetOf(rule)
}

func scalarOf(v any) value.Scalar {
	switch v.(type) {
	case nil:
		return value.NullScalar
	case bool:
		return value.BoolScalar
	case string:
		return value.StringScalar
	case int, int64, uint64, uint32, float32, float64:
		return value.NumberScalar
	}
	if s := text(v); s == "true" || s == "false" {
		return value.BoolScalar // one of the library's own types
	}
	return value.StringScalar
}
