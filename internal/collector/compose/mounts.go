package compose

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// mounts adds what is mounted into a service: one fact per mount, by its
// target. Bind mounts that lay parts of the project's directory out at the
// same places below one directory of the container follow from one decision,
// and are one fact together.
func (e *emitter) mounts(items []any) {
	mirrored := map[string][]string{}
	for i, item := range items {
		m, ok := item.(map[string]any)
		if !ok {
			e.items("/volumes", items[i:i+1])
			continue
		}
		target := text(m["target"])
		if needs, ok := e.s.env.unknownIn(target); ok {
			e.unknown("/volumes", needs)
			continue
		}
		if root, entry, ok := e.mirror(m); ok {
			mirrored[root] = append(mirrored[root], entry+modeSuffix(m))
			continue
		}
		e.mount("/volumes[target="+target+"]", m)
	}
	for _, root := range slices.Sorted(maps.Keys(mirrored)) {
		entries := mirrored[root]
		slices.Sort(entries)
		data, err := json.Marshal(entries)
		if err != nil {
			continue
		}
		raw := string(data)
		e.add("/volumes[source=.,target="+root+"]", raw, parity.Value{Kind: parity.List, Raw: raw}, 0)
	}
}

// mount adds one mount: what is mounted, and how where that is not the default.
func (e *emitter) mount(at string, m map[string]any) {
	source, kind := text(m["source"]), text(m["type"])
	suffix := modeSuffix(m)
	if kind == "volume" && source != "" {
		ref := parity.Value{Kind: parity.Reference, Raw: source, Canon: parity.RefTarget("volume", "", source)}
		e.add(at, source, ref, 0)
		if suffix != "" {
			suffix = suffix[1:]
			e.add(at+"/mode", suffix, parity.Value{Kind: parity.Text, Raw: suffix}, 0)
		}
		return
	}
	if source == "" {
		source = kind
	}
	v, rules := value.Of(at, source+suffix, value.StringScalar)
	e.add(at, source+suffix, v, rules)
}

// mirror reports whether a mount puts a part of the project's directory at the
// same place below a directory of the container, and returns that directory
// and the part.
func (e *emitter) mirror(m map[string]any) (root, entry string, ok bool) {
	source, target := text(m["source"]), text(m["target"])
	if _, unknown := e.s.env.unknownIn(source); unknown || text(m["type"]) != "bind" || !path.IsAbs(target) {
		return "", "", false
	}
	source, root = path.Clean(source), path.Clean(target)
	if source == ".." || strings.HasPrefix(source, "../") || strings.HasPrefix(source, "~") || path.IsAbs(source) {
		return "", "", false
	}
	for entry = source; source != "."; source, root = path.Dir(source), path.Dir(root) {
		if path.Base(source) != path.Base(root) {
			return "", "", false
		}
	}
	return root, entry, root != "/"
}

// usualOptions are the defaults of a mount's options, and those that change
// nothing where containers run on Linux.
var usualOptions = map[string][]string{
	"read_only":             {"false"},
	"consistency":           {"consistent", "cached", "delegated", "default"},
	"bind/create_host_path": {"true"},
	"bind/propagation":      {"rprivate"},
	"bind/recursive":        {"enabled"},
	"volume/nocopy":         {"false"},
}

// modeSuffix is ":ro,selinux=z": how something is mounted, empty for the
// default.
func modeSuffix(m map[string]any) string {
	var options []string
	addOptions(m, "", func(name, text string) {
		switch {
		case slices.Contains(usualOptions[name], text):
		case name == "read_only":
			options = append(options, "ro")
		default:
			options = append(options, path.Base(name)+"="+text)
		}
	})
	if len(options) == 0 {
		return ""
	}
	slices.Sort(options)
	return ":" + strings.Join(options, ",")
}

// addOptions visits the options of a mount by their paths.
func addOptions(m map[string]any, prefix string, visit func(name, text string)) {
	for _, key := range slices.Sorted(maps.Keys(m)) {
		name := prefix + key
		switch v := m[key].(type) {
		case nil:
		case map[string]any:
			addOptions(v, name+"/", visit)
		case []any:
			for _, item := range v {
				visit(name, text(item))
			}
		default:
			if prefix == "" && (key == "type" || key == "source" || key == "target") {
				continue
			}
			raw := text(v)
			if sizes[key] {
				if canon, _ := size(raw); canon.Canon != "" {
					raw = canon.Canon
				}
			}
			visit(name, raw)
		}
	}
}

// dependencies adds the services that a service waits for. What Compose fills
// in is left out.
func (e *emitter) dependencies(v any, keys []string) {
	m, ok := v.(map[string]any)
	if !ok {
		e.tree("/depends_on", v, keys)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		spec, ok := m[name].(map[string]any)
		if !ok {
			e.tree("/depends_on/"+name, m[name], below(keys, name))
			continue
		}
		kept := maps.Clone(spec)
		maps.DeleteFunc(kept, func(key string, v any) bool {
			return key == "required" && v == true || key == "restart" && v == false
		})
		e.tree("/depends_on/"+name, kept, below(keys, name))
	}
}
