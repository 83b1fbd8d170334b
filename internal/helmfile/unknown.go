package helmfile

import (
	"errors"
	"strings"
)

// Mark stands in a text for what is not known.
const Mark = "parity-unknown-value"

// Unknown reports whether a text is not known, or a part of it.
func Unknown(text string) bool { return strings.Contains(text, Mark) }

// unknown is a value that is not known, such as that of an environment variable.
// It passes through what does not look at it. What would decide by it fails.
type unknown struct{}

// String returns the mark, so that it is found in whatever text it is put into.
func (unknown) String() string { return Mark }

// MarshalJSON implements json.Marshaler, which YAML is written through as well.
func (unknown) MarshalJSON() ([]byte, error) { return []byte(`"` + Mark + `"`), nil }

// errUndecided says that a template decides by what is not known.
var errUndecided = errors.New("undecided: " + Mark)

// known returns a value that something is decided by.
func known(v any) (any, error) {
	if tainted(v) {
		return nil, errUndecided
	}
	return v, nil
}

// tainted reports whether a value is not known, or an item of it. Maps are not:
// what is taken out of them is.
func tainted(v any) bool {
	switch v := v.(type) {
	case unknown:
		return true
	case string:
		return Unknown(v)
	case []any:
		for _, item := range v {
			if tainted(item) {
				return true
			}
		}
	}
	return false
}

// copied returns a deep copy of values.
func copied(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = copied(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = copied(x)
		}
		return out
	}
	return v
}

// merged merges b over a: maps by key, all else replaced. Where lists is set,
// lists are joined.
func merged(a, b map[string]any, lists bool) map[string]any {
	out, _ := copied(a).(map[string]any)
	if out == nil {
		out = map[string]any{}
	}
	for k, v := range b {
		switch bv := v.(type) {
		case map[string]any:
			if av, ok := out[k].(map[string]any); ok {
				out[k] = merged(av, bv, lists)
				continue
			}
		case []any:
			if av, ok := out[k].([]any); ok && lists {
				both, _ := copied(append(av[:len(av):len(av)], bv...)).([]any)
				out[k] = both
				continue
			}
		}
		out[k] = copied(v)
	}
	return out
}

// text returns a text; what is not known is the mark.
func text(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case unknown:
		return Mark
	}
	return ""
}

func texts(v any) []string {
	list, _ := v.([]any)
	var out []string
	for _, item := range list {
		if s := text(item); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// maps returns the maps of a list.
func mapsOf(v any) []map[string]any {
	list, _ := v.([]any)
	var out []map[string]any
	for _, item := range list {
		if m, ok := item.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// at follows a path of keys with dots between them.
func at(values map[string]any, dotted string) (any, bool) {
	var v any = values
	for key := range strings.SplitSeq(dotted, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil, false
		}
		if v, ok = m[key]; !ok {
			return nil, false
		}
	}
	return v, true
}
