package compose

import (
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// sizes are the fields that hold a number of bytes, in Compose's units.
var sizes = map[string]bool{
	"memory": true, "mem_limit": true, "mem_reservation": true, "memswap_limit": true, "shm_size": true, "size": true,
}

// durations are the fields that hold a time.
var durations = map[string]bool{
	"interval": true, "timeout": true, "start_period": true, "start_interval": true, "stop_grace_period": true,
	"delay": true, "monitor": true, "window": true, "initial_sync": true, "pull_refresh_after": true,
}

// limits are the older fields that say what one below deploy says now.
var limits = map[string]string{
	"mem_limit":       "/deploy/resources/limits/memory",
	"mem_reservation": "/deploy/resources/reservations/memory",
	"cpus":            "/deploy/resources/limits/cpu",
	"pids_limit":      "/deploy/resources/limits/pids",
	"scale":           "/deploy/replicas",
}

// service adds the facts of a service.
func (e *emitter) service(spec map[string]any) {
	env := e.environment(spec)
	for _, key := range slices.Sorted(maps.Keys(spec)) {
		v := spec[key]
		at, keys := "/"+key, []string{key}
		switch key {
		case "image":
			e.image(text(v))
		case "environment", "env_file", "extends":
		case "ports":
			e.ports(list(v))
		case "command", "entrypoint":
			e.command(at, v, keys)
		case "labels", "annotations":
			e.pairs(at, v, keys)
		case "secrets", "configs":
			e.references(at, strings.TrimSuffix(key, "s"), list(v))
		case "networks":
			e.networks(v)
		case "volumes":
			e.mounts(list(v))
		case "depends_on":
			e.dependencies(v, keys)
		case "healthcheck":
			e.healthcheck(v)
		case "deploy":
			e.deploy(v)
		case "build":
			e.build(v)
		default:
			if other := limits[key]; other != "" {
				at = other
			}
			e.tree(at, v, keys)
		}
	}
	e.facts = append(e.facts, env...)
	for _, l := range pairsOf(spec["labels"]) {
		e.subject.Labels = append(e.subject.Labels, parity.Label{Name: l[0], Value: l[1]})
	}
}

// resource adds the facts of a network, volume, secret, config or model.
func (e *emitter) resource(spec map[string]any) {
	for _, key := range slices.Sorted(maps.Keys(spec)) {
		switch key {
		case types.SecretConfigXValue:
			// The value of a secret, taken from a variable: its name stands
			// beside it.
		case "labels":
			e.pairs("/labels", spec[key], []string{key})
		default:
			e.tree("/"+key, spec[key], []string{key})
		}
	}
	// That it is declared, whatever it sets: where one side sets something and the
	// other nothing, both still have it.
	e.add("", "", parity.Value{Kind: parity.Null}, 0)
}

func (e *emitter) image(raw string) {
	v, rules := parity.Value{Kind: parity.Text, Raw: raw}, parity.RuleSet(0)
	if img, ok := value.ParseImage(raw); ok {
		v, rules = shaped(parity.Image, raw, img.Canonical(nil), parity.ImageForm)
		e.subject.Traits = append(e.subject.Traits, parity.Trait{Kind: "image", Value: img.Registry + "/" + img.Repository})
	}
	e.add("/image", raw, v, rules, "image")
}

// ports adds the published ports, by the port and protocol they lead to.
func (e *emitter) ports(ports []any) {
	for i, p := range ports {
		m, ok := p.(map[string]any)
		if !ok {
			e.items("/ports", ports[i:i+1])
			continue
		}
		target, protocol := text(m["target"]), text(m["protocol"])
		if needs, ok := e.s.env.unknownIn(target); ok {
			e.unknown("/ports", needs)
			continue
		}
		if protocol == "" {
			protocol = "tcp"
		}
		e.subject.Traits = append(e.subject.Traits, parity.Trait{Kind: "port", Value: target})
		e.port("/ports[target="+target+"/"+protocol+"]", m)
	}
}

// port adds one published port as one fact: the address and port it is
// published at, and its options where they are not the defaults.
func (e *emitter) port(at string, m map[string]any) {
	raw := text(m["published"])
	if raw == "" {
		raw = "any"
	}
	if host := text(m["host_ip"]); host != "" {
		raw = net.JoinHostPort(host, raw)
	}
	var options []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		switch {
		case slices.Contains([]string{"published", "target", "host_ip", "protocol"}, key), key == "mode" && text(m[key]) == "ingress":
		default:
			options = append(options, key+"="+text(m[key]))
		}
	}
	if len(options) > 0 {
		raw += ":" + strings.Join(options, ",")
	}
	if needs, ok := e.s.env.unknownIn(raw); ok {
		e.unknown(at, needs)
		return
	}
	v, rules := value.Of(at, raw, value.StringScalar)
	e.add(at, raw, v, rules)
}

// command adds a command line. The form of a list and that of a shell line
// mean the same.
func (e *emitter) command(at string, v any, keys []string) {
	raw, isText := v.(string)
	var words types.ShellCommand
	if err := guard(func() error { return words.DecodeMapstructure(v) }); err != nil || v == nil {
		e.tree(at, v, keys)
		return
	}
	data, err := json.Marshal([]string(words))
	if err != nil {
		return
	}
	rules := parity.RuleSet(0)
	if isText {
		rules = parity.SetOf(parity.ScalarForm)
	} else {
		raw = string(data)
	}
	for _, w := range words {
		if needs, ok := e.s.env.unknownIn(w); ok {
			e.unknown(at, needs)
			return
		}
	}
	val := parity.Value{Kind: parity.List, Raw: string(data)}
	if isText {
		e.add(at, raw, val, rules, keys...)
		return
	}
	e.add(at, raw, val, rules)
}

// pairs adds names and values that may be written as a map or as a list of
// name=value.
func (e *emitter) pairs(path string, v any, keys []string) {
	for _, p := range pairsOf(v) {
		at := path + "/" + p[0]
		val, rules := value.Of(at, p[1], value.StringScalar)
		e.add(at, p[1], val, rules, append(keys[:len(keys):len(keys)], p[0])...)
	}
}

// references adds the secrets or configs that a service takes.
func (e *emitter) references(path, kind string, items []any) {
	for i, item := range items {
		m, ok := item.(map[string]any)
		if !ok {
			e.items(path, items[i:i+1])
			continue
		}
		source := text(m["source"])
		at := path + "[source=" + source + "]"
		e.add(at+"/source", source, parity.Value{Kind: parity.Reference, Raw: source, Canon: parity.RefTarget(kind, "", source)}, 0)
		for _, key := range slices.Sorted(maps.Keys(m)) {
			if key != "source" {
				e.tree(at+"/"+key, m[key], nil)
			}
		}
	}
}

// networks adds the networks that a service is in.
func (e *emitter) networks(v any) {
	m, ok := v.(map[string]any)
	if !ok {
		e.tree("/networks", v, nil)
		return
	}
	for _, name := range slices.Sorted(maps.Keys(m)) {
		e.add("/networks[name="+name+"]/name", name,
			parity.Value{Kind: parity.Reference, Raw: name, Canon: parity.RefTarget(networkKind, "", name)}, 0)
		if spec, ok := m[name].(map[string]any); ok && len(spec) > 0 {
			e.tree("/networks[name="+name+"]", spec, []string{"networks", name})
		}
	}
}

// healthcheck adds a health check; its test is a command line, of which the
// short form is the long one with CMD-SHELL before it.
func (e *emitter) healthcheck(v any) {
	m, ok := v.(map[string]any)
	if !ok {
		return
	}
	for _, key := range slices.Sorted(maps.Keys(m)) {
		keys := []string{"healthcheck", key}
		if key != "test" {
			e.tree("/healthcheck/"+key, m[key], keys)
			continue
		}
		test := m[key]
		if line, ok := test.(string); ok {
			test = []any{"CMD-SHELL", line}
		}
		e.command("/healthcheck/test", test, keys)
	}
}

// deploy adds what deploy says; its cpus are called cpu, as everywhere else.
func (e *emitter) deploy(v any) {
	m, _ := v.(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(m)) {
		switch key {
		case "labels":
			e.pairs("/deploy/labels", m[key], []string{"deploy", key})
		case "resources":
			e.resources(m[key])
		default:
			e.tree("/deploy/"+key, m[key], []string{"deploy", key})
		}
	}
}

func (e *emitter) resources(v any) {
	m, _ := v.(map[string]any)
	for _, side := range slices.Sorted(maps.Keys(m)) {
		amounts, _ := m[side].(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(amounts)) {
			name := key
			if key == "cpus" {
				name = "cpu"
			}
			e.tree("/deploy/resources/"+side+"/"+name, amounts[key], []string{"deploy", "resources", side, key})
		}
	}
}

// build adds where an image is built from as one fact, and what goes into it
// by name.
func (e *emitter) build(v any) {
	m, ok := v.(map[string]any)
	if !ok {
		e.tree("/build", v, []string{"build"})
		return
	}
	from := text(m["context"])
	if !strings.Contains(from, "://") {
		from = path.Clean(from)
	}
	if file := text(m["dockerfile"]); file != "" && file != "Dockerfile" {
		from += " " + file
	}
	if target := text(m["target"]); target != "" {
		from += " target " + target
	}
	e.add("/build", from, parity.Value{Kind: parity.Text, Raw: from}, 0, "build", "context")
	for _, key := range slices.Sorted(maps.Keys(m)) {
		switch key {
		case "context", "dockerfile", "target":
		case "args", "labels":
			e.pairs("/build/"+key, m[key], []string{"build", key})
		default:
			e.tree("/build/"+key, m[key], []string{"build", key})
		}
	}
}

// size reads a number of bytes in Compose's units, which are binary.
func size(raw string) (parity.Value, parity.RuleSet) {
	var u types.UnitBytes
	if err := u.DecodeMapstructure(raw); err != nil {
		return value.Of("", raw, value.StringScalar)
	}
	return shaped(parity.Quantity, raw, strconv.FormatInt(int64(u), 10), parity.QuantityForm)
}

// pairsOf gives names and values, sorted by name, of a map or of a list of
// name=value.
func pairsOf(v any) [][2]string {
	var out [][2]string
	switch v := v.(type) {
	case map[string]any:
		for _, k := range slices.Sorted(maps.Keys(v)) {
			out = append(out, [2]string{k, text(v[k])})
		}
	case []any:
		for _, item := range v {
			k, x, _ := strings.Cut(text(item), "=")
			out = append(out, [2]string{k, x})
		}
		slices.SortStableFunc(out, func(a, b [2]string) int { return strings.Compare(a[0], b[0]) })
	}
	return out
}

func list(v any) []any {
	l, _ := v.([]any)
	return l
}

// text spells a scalar.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case float32:
		return strconv.FormatFloat(float64(v), 'f', -1, 32)
	default:
		return fmt.Sprint(v)
	}
}
