package compose

import (
	"maps"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// peers are the longer names by which services reach each other: that of a
// service, a dot, and the name of a network that it is in. Each leads to the
// name of the service, which means the same there.
type peers map[string]string

// peersOf returns the longer names of the services of a project.
func peersOf(model map[string]any, project string) peers {
	out := peers{}
	services, _ := model["services"].(map[string]any)
	networks, _ := model["networks"].(map[string]any)
	for name, v := range services {
		spec, _ := v.(map[string]any)
		in := slices.Sorted(maps.Keys(asMap(spec["networks"])))
		if len(in) == 0 {
			in = []string{"default"}
		}
		for _, network := range in {
			declared := asMap(networks[network])
			full := text(declared["name"])
			if full == "" {
				full = project + "_" + network
			}
			out[name+"."+full] = name
		}
	}
	return out
}

func asMap(v any) map[string]any {
	m, _ := v.(map[string]any)
	return m
}

// plain returns a value with the longer names of services replaced by the
// short ones. Only a whole host is replaced, never a part of one.
func (p peers) plain(v parity.Value, rules parity.RuleSet) (parity.Value, parity.RuleSet) {
	if v.Kind == parity.Secret || !strings.Contains(v.Raw, ".") {
		return v, rules
	}
	was := v.Canonical()
	parts := hostParts(was)
	changed := false
	for i, part := range parts {
		if name, ok := p[part]; ok {
			parts[i], changed = name, true
		}
	}
	if !changed {
		return v, rules
	}
	v.Canon = strings.Join(parts, "")
	return v, rules | parity.SetOf(parity.URLForm)
}

// hostParts cuts a text into the longest parts that a host can be, and what
// stands between them.
func hostParts(text string) []string {
	var parts []string
	start := 0
	for i := 1; i <= len(text); i++ {
		if i == len(text) || isHostByte(text[i]) != isHostByte(text[i-1]) {
			parts = append(parts, text[start:i])
			start = i
		}
	}
	return parts
}

func isHostByte(c byte) bool {
	return c == '.' || c == '-' || c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
