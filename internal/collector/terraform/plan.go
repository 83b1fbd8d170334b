package terraform

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/cloud"
	"github.com/envparity/parity/internal/doc"
)

// shown reads a state as terraform show -json writes it.
func (m *model) shown(root *doc.Node) error {
	m.begin(root)
	if values := root.Get("values"); values != nil && values.Kind == doc.Map {
		m.outputs(values.Get("outputs"))
		m.emit(m.module(values.Get("root_module"), nil), nil)
	} else if values != nil && values.Kind != doc.Null {
		m.odd(values, "the values of the state are no object")
	}
	m.finish(root)
	return nil
}

// plan reads what a plan says of the role that is asked for.
func (m *model) plan(root *doc.Node) error {
	m.begin(root)
	if root.Get("errored").Str() == "true" {
		m.odd(root, "the plan ended with an error and is not whole")
	}
	variables := root.At("configuration", "root_module", "variables")
	isSecret := func(name string, _ *doc.Node) bool { return variables.Get(name).Get("sensitive").Str() == "true" }
	if m.role == parity.Live {
		m.planSecrets(root.Get("variables"), isSecret)
		m.live(root)
		m.finish(root)
		return nil
	}
	m.values("variables", root.Get("variables"), isSecret)
	m.explain("/variables/")
	planned := root.Get("planned_values")
	if planned == nil || planned.Kind != doc.Map {
		m.odd(root, "the plan has no planned values")
		planned = nil
	}
	m.outputs(planned.Get("outputs"))
	m.unknownOutputs(root.Get("output_changes"))
	m.depends = dependencies(map[string][]string{}, root.At("prior_state", "values", "root_module"))
	m.configured = expressions{}
	configured(m.configured, "", root.At("configuration", "root_module"))
	changes := changesOf(root.Get("resource_changes"))
	m.emit(m.module(planned.Get("root_module"), changes), nil)
	m.finish(root)
	return nil
}

func (m *model) outputs(n *doc.Node) {
	m.values("outputs", n, func(_ string, v *doc.Node) bool { return v.Get("sensitive").Str() == "true" })
}

// planSecrets remembers the values of sensitive variables.
func (m *model) planSecrets(n *doc.Node, isSecret func(string, *doc.Node) bool) {
	if n == nil || n.Kind != doc.Map {
		return
	}
	for i := range n.Fields {
		if v := n.Fields[i].Value.Get("value"); v != nil && isSecret(n.Fields[i].Key, nil) {
			m.secretsOf(v)
		}
	}
}

// live reads what the plan found, with what drifted.
func (m *model) live(root *doc.Node) {
	values := root.At("prior_state", "values")
	if values == nil || values.Kind != doc.Map {
		m.odd(root, "the plan has no prior state: nothing was there when it was made, or it was made without a refresh")
		return
	}
	m.outputs(values.Get("outputs"))
	resources := m.module(values.Get("root_module"), nil)
	byAddress := map[string]*cloud.Resource{}
	for _, r := range resources {
		byAddress[r.Address] = r
	}
	var drifted []cloud.Drifted
	for _, d := range listed(root.Get("resource_drift")) {
		now, before := byAddress[d.Get("address").Str()], d.At("change", "before")
		if now == nil || before == nil || before.Kind != doc.Map {
			continue // deleted: it is not there any more
		}
		was := *now
		was.Attributes, was.Secret = before, cloud.MarksOf(d.At("change", "before_sensitive"))
		drifted = append(drifted, cloud.Drifted{Address: now.Address, Before: &was})
	}
	m.emit(resources, drifted)
}

// change is what a plan says of one resource.
type change struct {
	unknown *doc.Node
	marks   *cloud.Marks
}

func changesOf(n *doc.Node) map[string]change {
	all := map[string]change{}
	for _, c := range listed(n) {
		if c.Get("deposed") == nil {
			all[c.Get("address").Str()] = change{c.At("change", "after_unknown"), cloud.MarksOf(c.At("change", "after_sensitive"))}
		}
	}
	return all
}

// module reads the resources of a module and of those in it.
func (m *model) module(n *doc.Node, changes map[string]change) []*cloud.Resource {
	var all []*cloud.Resource
	for _, r := range listed(n.Get("resources")) {
		if res := m.resource(n.Get("address").Str(), r, changes); res != nil {
			all = append(all, res)
		}
	}
	for _, child := range listed(n.Get("child_modules")) {
		all = append(all, m.module(child, changes)...)
	}
	return all
}

func (m *model) resource(module string, r *doc.Node, changes map[string]change) *cloud.Resource {
	kind, name, values := r.Get("type").Str(), r.Get("name").Str(), r.Get("values")
	if kind == "" || name == "" {
		m.odd(r, "a resource has no type or name")
		return nil
	}
	full := withIndex(name, r.Get("index"))
	data := r.Get("mode").Str() == "data"
	if r.Get("deposed_key").Str() != "" {
		return nil
	}
	if values == nil || values.Kind != doc.Map {
		m.noAttributes(kind, module, full, r)
		return nil
	}
	var status []string
	if r.Get("tainted").Str() == "true" {
		status = append(status, "tainted")
	}
	res := &cloud.Resource{
		Type: kind, Scope: m.scope(module), Name: full, Address: address(module, kind, full, data), Data: data,
		Provider: r.Get("provider_name").Str(), Status: status, Attributes: values,
		Secret: cloud.MarksOf(r.Get("sensitive_values")), DependsOn: texts(r.Get("depends_on")),
		Origin: m.origin, Line: r.Line, Col: r.Col,
	}
	if c, ok := changes[r.Get("address").Str()]; ok && !data {
		m.unknown(res, c.unknown)
		res.Secret = res.Secret.Union(c.marks)
		res.Refers = m.configured.refers(module, cloud.WithoutIndexes(res.Address))
		// What is planned does not say what it depends on.
		res.DependsOn = append(res.DependsOn, m.depends[r.Get("address").Str()]...)
		for _, target := range m.configured.targets(cloud.WithoutIndexes(res.Address)) {
			res.DependsOn = append(res.DependsOn, address(cloud.WithoutIndexes(module), "", target, false))
		}
	}
	return res
}

// unknown records the attributes that are known only after apply. What the
// provider is known to compute is not compared anyway.
func (m *model) unknown(res *cloud.Resource, n *doc.Node) {
	if n == nil || n.Kind != doc.Map {
		return
	}
	for i := range n.Fields {
		f := &n.Fields[i]
		if !anyTrue(f.Value) {
			continue
		}
		if res.Unknown == nil {
			res.Unknown = map[string]bool{}
		}
		res.Unknown[f.Key] = true
		if cloud.Computed(res.Type, f.Key) {
			continue
		}
		g := parity.Gap{
			Kind: parity.LiteralPattern(res.Type), Scope: parity.LiteralPattern(res.Scope), Name: parity.LiteralPattern(res.Name), Path: "/" + f.Key,
			Where:  (&doc.Error{Line: f.Line, Col: f.Col}).In(m.file.place.Show()),
			Reason: "the value is known only after apply", Hint: "compare the state instead, once the plan is applied",
		}
		m.out.Gap(g)
		m.elsewhere(res, f.Key, g)
	}
}

// elsewhere records a gap over what an attribute says on other subjects, or
// elsewhere on its own. Which of them it speaks of is not known either.
func (m *model) elsewhere(res *cloud.Resource, attribute string, g parity.Gap) {
	for _, p := range cloud.Elsewhere(res.Type, attribute) {
		g.Path = p.Path
		if p.Kind != "" {
			g.Kind, g.Name = parity.LiteralPattern(p.Kind), ""
			g.Scope = ""
		} else {
			g.Kind, g.Scope, g.Name = parity.LiteralPattern(res.Type), parity.LiteralPattern(res.Scope), parity.LiteralPattern(res.Name)
		}
		if !m.gaps[g] {
			m.gaps[g] = true
			m.out.Gap(g)
		}
	}
}

func anyTrue(n *doc.Node) bool {
	switch n.Kind {
	case doc.Bool:
		return n.Text == "true"
	case doc.Map:
		for i := range n.Fields {
			if anyTrue(n.Fields[i].Value) {
				return true
			}
		}
	case doc.List:
		for _, item := range n.Items {
			if anyTrue(item) {
				return true
			}
		}
	}
	return false
}

// unknownOutputs records the outputs that are known only after apply.
func (m *model) unknownOutputs(n *doc.Node) {
	if n == nil || n.Kind != doc.Map {
		return
	}
	for i := range n.Fields {
		f := &n.Fields[i]
		if unknown := f.Value.Get("after_unknown"); unknown == nil || !anyTrue(unknown) {
			continue
		}
		m.out.Gap(parity.Gap{
			Kind: rootKind, Scope: parity.LiteralPattern(m.scope("")), Name: rootName, Path: "/outputs/" + f.Key,
			Where:  (&doc.Error{Line: f.Line, Col: f.Col}).In(m.file.place.Show()),
			Reason: "the output is known only after apply", Hint: "compare the state instead, once the plan is applied",
		})
	}
}

// dependencies gathers what the resources of a state depend on, by address.
func dependencies(to map[string][]string, module *doc.Node) map[string][]string {
	for _, r := range listed(module.Get("resources")) {
		if list := texts(r.Get("depends_on")); len(list) > 0 {
			to[r.Get("address").Str()] = list
		}
	}
	for _, child := range listed(module.Get("child_modules")) {
		dependencies(to, child)
	}
	return to
}

// expressions are the configuration's expressions of a resource, by its address
// without indexes.
type expressions map[string]*doc.Node

// configured gathers the expressions of a module and of those that it calls.
func configured(to expressions, prefix string, module *doc.Node) {
	for _, r := range listed(module.Get("resources")) {
		if a, e := r.Get("address").Str(), r.Get("expressions"); a != "" && e != nil {
			to[prefix+a] = e
		}
	}
	calls := module.Get("module_calls")
	if calls == nil || calls.Kind != doc.Map {
		return
	}
	for i := range calls.Fields {
		configured(to, prefix+"module."+calls.Fields[i].Key+".", calls.Fields[i].Value.Get("module"))
	}
}

// targets gives the resources that the expressions of one refer to, as its module
// names them.
func (e expressions) targets(plain string) []string {
	var out []string
	var visit func(n *doc.Node)
	visit = func(n *doc.Node) {
		for i := range n.Fields {
			if n.Fields[i].Key != "references" {
				visit(n.Fields[i].Value)
				continue
			}
			for _, reference := range texts(n.Fields[i].Value) {
				if strings.Count(reference, ".") == 1 && !strings.Contains(reference, "[") {
					out = append(out, reference)
				}
			}
		}
		for _, item := range n.Items {
			visit(item)
		}
	}
	if n := e[plain]; n != nil {
		visit(n)
	}
	return out
}

// refers gives the resources that the attributes of one refer to by their
// identifiers, so that it is known what a rule will belong to before that has an
// identifier.
func (e expressions) refers(module, plain string) map[string]string {
	var out map[string]string
	all := e[plain]
	if all == nil || all.Kind != doc.Map {
		return nil
	}
	for i := range all.Fields {
		references := texts(all.Fields[i].Value.Get("references"))
		if len(references) == 0 {
			continue
		}
		target, ok := strings.CutSuffix(references[0], ".id")
		if !ok || strings.HasPrefix(target, "module.") || strings.HasPrefix(target, "data.") {
			continue
		}
		if module != "" {
			target = module + "." + target
		}
		if out == nil {
			out = map[string]string{}
		}
		out[all.Fields[i].Key] = target
	}
	return out
}
