package kube

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// containerEnv is what Finish needs to know a container's effective
// environment.
type containerEnv struct {
	path    string
	node    doc.Node // the place only
	sources []envSource
	vars    []envVar
	// refers: something in it names a ConfigMap or a Secret.
	refers bool
}

// envSource is one item of envFrom.
type envSource struct {
	kind, name, prefix string
	optional           bool
}

// envVar is one item of env: by value at a path, or by a key of a ConfigMap or
// Secret.
type envVar struct {
	name, path     string
	kind, ref, key string
}

// sidecars are containers that managers inject.
var sidecars = map[string]bool{
	"istio-proxy": true, "istio-init": true, "istio-validation": true,
	"linkerd-proxy": true, "linkerd-init": true, "linkerd-network-validator": true,
	"vault-agent": true, "vault-agent-init": true, "consul-dataplane": true, "consul-connect-inject-init": true,
	"daprd": true, "kuma-sidecar": true, "kuma-init": true, "aws-guardduty-agent": true,
	"datadog-lib-js-init": true, "datadog-lib-java-init": true, "datadog-lib-python-init": true,
	"opentelemetry-auto-instrumentation": true, "otc-container": true,
}

// containerItem reads one container.
func (w *walker) containerItem(t *typ) func(item *doc.Node) {
	return func(item *doc.Node) {
		name := item.Get("name").Str()
		before, platform := w.extra, w.platform
		if sidecars[name] {
			w.platform, w.extra = true, w.extra.With(parity.Sidecar)
		} else {
			w.trait("container", name)
		}
		for _, p := range items(item.Get("ports")) {
			w.trait("port", p.Get("containerPort").Str())
		}
		w.container = containerEnv{node: doc.Node{Line: item.Line, Col: item.Col}, sources: w.container.sources[:0], vars: w.container.vars[:0]}
		at := len(w.path)
		w.members(item, t)
		if w.container.refers {
			w.keepContainer(string(w.path[:at]))
		}
		w.extra, w.platform = before, platform
	}
}

func (w *walker) keepContainer(path string) {
	c := w.container
	c.path = path
	c.sources = append([]envSource(nil), c.sources...)
	c.vars = append([]envVar(nil), c.vars...)
	w.rec.containers = append(w.rec.containers, c)
}

// env reads a container's variables. A value is never more than the text that
// the process gets: "01" and "1" are two values there.
func (w *walker) env(n *doc.Node, elem *typ) bool {
	if !namedItems(n.Items) {
		return false
	}
	rules := parity.RuleSet(0)
	for i := 1; i < len(n.Items); i++ {
		if n.Items[i].Get("name").Text < n.Items[i-1].Get("name").Text {
			rules = parity.SetOf(parity.ListKey)
		}
	}
	seen := newSeen(len(n.Items))
	for _, item := range n.Items {
		name := item.Get("name").Text
		w.trait("variable", name)
		at := len(w.path)
		w.path = append(append(append(w.path, "[name="...), name...), ']')
		if c := seen.count(name); c > 1 {
			w.path = appendCount(w.path, c)
		}
		w.item(item)
		w.variable(item, name, elem, rules)
		w.pop(at)
	}
	return true
}

func namedItems(nodes []*doc.Node) bool {
	for _, item := range nodes {
		if !scalarText(item.Get("name")) {
			return false
		}
	}
	return true
}

func (w *walker) variable(item *doc.Node, name string, elem *typ, rules parity.RuleSet) {
	if from := item.Get("valueFrom"); from != nil && from.Kind == doc.Map {
		w.variableFrom(from, name)
		for i := range item.Fields {
			if item.Fields[i].Key != "name" {
				w.member(item, elem, &item.Fields[i])
			}
		}
		return
	}
	at := w.push("value")
	e := w.here()
	v := item.Get("value")
	if v == nil || v.Kind == doc.Null {
		w.emitAt(e, item, parity.Value{Kind: parity.Text}, rules)
	} else if v.Kind == doc.Map || v.Kind == doc.List {
		w.untyped(v, "")
	} else {
		w.variableValue(e, v, rules)
	}
	w.container.vars = append(w.container.vars, envVar{name: name, path: e.path})
	w.pop(at)
	for i := range item.Fields {
		if k := item.Fields[i].Key; k != "name" && k != "value" {
			w.member(item, elem, &item.Fields[i])
		}
	}
}

// variableValue emits the text of a variable. What it looks like gives it its
// kind; only URLs, images and the like have another form that means the same.
func (w *walker) variableValue(e *pathEntry, n *doc.Node, rules parity.RuleSet) {
	v, more := w.textValue(e.path, n.Text)
	if more.Has(parity.ScalarForm) {
		v, more = parity.Value{Kind: v.Kind, Raw: n.Text}, 0
	}
	w.emitAt(e, n, v, rules|more)
}

// variableFrom notes where a variable comes from.
func (w *walker) variableFrom(from *doc.Node, name string) {
	for _, s := range [...]struct{ field, kind string }{{"configMapKeyRef", "ConfigMap"}, {"secretKeyRef", "Secret"}} {
		if ref := from.Get(s.field); scalarText(ref.Get("name")) {
			w.container.refers = true
			w.container.vars = append(w.container.vars, envVar{name: name, kind: s.kind, ref: ref.Get("name").Text, key: ref.Get("key").Str()})
			return
		}
	}
	w.container.vars = append(w.container.vars, envVar{name: name})
}

// envFrom reads the sources of variables by what they name. Where there are
// several, their order is a fact too: the later one wins.
func (w *walker) envFrom(n *doc.Node) bool {
	base := len(w.path)
	order := []byte{'['}
	seen := newSeen(len(n.Items))
	t := w.r.schema.named("core.v1.EnvFromSource")
	for i, item := range n.Items {
		src, field := envSourceOf(item)
		w.path = append(append(append(append(w.path, '['), field...), '='), withoutHash(src.name)...)
		if src.prefix != "" {
			w.path = append(append(w.path, ",prefix="...), src.prefix...)
		}
		if i > 0 {
			order = append(order, ',')
		}
		order = appendJSON(order, string(w.path[base+1:]))
		w.path = append(w.path, ']')
		if c := seen.count(string(w.path[base:])); c > 1 {
			w.path = appendCount(w.path, c)
		}
		w.container.sources = append(w.container.sources, src)
		w.members(item, t)
		w.pop(base)
	}
	w.container.refers = true
	if len(n.Items) > 1 {
		w.emit(n, parity.Value{Kind: parity.List, Raw: string(append(order, ']'))}, 0)
	}
	return true
}

func envSourceOf(item *doc.Node) (src envSource, field string) {
	src.prefix = item.Get("prefix").Str()
	for _, s := range [...]struct{ field, kind string }{{"configMapRef", "ConfigMap"}, {"secretRef", "Secret"}} {
		if ref := item.Get(s.field); ref != nil {
			src.kind, src.name = s.kind, ref.Get("name").Str()
			src.optional = ref.Get("optional").Str() == "true"
			return src, s.field
		}
	}
	return src, "source"
}

// args reads command line arguments: flags by name, and what is left in order.
func (w *walker) args(n *doc.Node) bool {
	if !allScalars(n.Items) {
		return false
	}
	var rest []*doc.Node
	seen := newSeen(len(n.Items))
	for i := 0; i < len(n.Items); i++ {
		text := n.Items[i].Text
		if text == "--" {
			rest = append(rest, n.Items[i:]...)
			break
		}
		name, val, raw, used := flagOf(n.Items[i:])
		if name == "" {
			rest = append(rest, n.Items[i])
			continue
		}
		at := len(w.path)
		w.path = append(append(append(w.path, "[="...), name...), ']')
		if c := seen.count(name); c > 1 {
			w.path = appendCount(w.path, c)
		}
		w.flag(n.Items[i], raw, val)
		w.pop(at)
		i += used - 1
	}
	if len(rest) > 0 {
		w.ordered(n, rest)
	}
	return true
}

// flag emits one flag: as it is spelled, and its value as its meaning.
func (w *walker) flag(n *doc.Node, raw, val string) {
	e := w.here()
	v, _ := w.guessText(e.path, val, 3)
	if value.Encrypted(val) {
		raw = val
	}
	v.Canon, v.Raw = v.Canonical(), raw
	w.emitAt(e, n, v, parity.SetOf(parity.FlagForm))
}

// flagOf takes a flag off the front of the arguments: "--name=value", "--name
// value" or "--name". name is empty where there is none.
func flagOf(args []*doc.Node) (name, val, raw string, used int) {
	text := args[0].Text
	if !isFlag(text) {
		return "", "", "", 0
	}
	if name, val, ok := strings.Cut(text, "="); ok {
		return name, val, text, 1
	}
	if len(args) > 1 && !isFlag(args[1].Text) && args[1].Text != "--" {
		return text, args[1].Text, text + " " + args[1].Text, 2
	}
	return text, "true", text, 1
}

func isFlag(s string) bool {
	return len(s) > 1 && s[0] == '-' && (s[1]|0x20 >= 'a' && s[1]|0x20 <= 'z' || s[1] == '-' && len(s) > 2) && !strings.ContainsAny(s[:min(len(s), 64)], " \n") || len(s) > 3 && s[:2] == "--" && strings.Contains(s, "=")
}
