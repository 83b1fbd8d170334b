package terraform

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/cloud"
	"github.com/envparity/parity/internal/doc"
)

// state reads a state file of version 4.
func (m *model) state(root *doc.Node) error {
	switch v := root.Get("version").Str(); {
	case root.Get("backend") != nil && root.Get("lineage") == nil:
		return &parity.Error{What: "it configures a backend and holds no state", Hint: "have the state with terraform state pull"}
	case v == "":
		return &parity.Error{What: "it is neither a state nor a plan", Hint: "name a .tfstate file, or what terraform show -json wrote"}
	case v != "4":
		return &parity.Error{What: "only version 4 of states is known", Hint: "run terraform 0.13 or newer, or tofu, once on it"}
	}
	m.begin(root)
	m.values("outputs", root.Get("outputs"), func(_ string, v *doc.Node) bool { return v.Get("sensitive").Str() == "true" })
	var all []*cloud.Resource
	resources := root.Get("resources")
	if resources != nil && resources.Kind != doc.List && resources.Kind != doc.Null {
		m.odd(resources, "the resources of the state are no list")
		resources = nil
	}
	for _, r := range listed(resources) {
		more, ok := m.stateResource(r)
		if !ok {
			m.odd(r, "a resource of the state has no type, name or instances")
		}
		all = append(all, more...)
	}
	m.emit(all, nil)
	m.finish(root)
	return nil
}

func listed(n *doc.Node) []*doc.Node {
	if n == nil || n.Kind != doc.List {
		return nil
	}
	return n.Items
}

// stateResource reads the instances of one resource.
func (m *model) stateResource(r *doc.Node) ([]*cloud.Resource, bool) {
	kind, name, instances := r.Get("type").Str(), r.Get("name").Str(), r.Get("instances")
	if kind == "" || name == "" || instances == nil || instances.Kind != doc.List {
		return nil, false
	}
	var all []*cloud.Resource
	module, data := r.Get("module").Str(), r.Get("mode").Str() == "data"
	whole := true
	left := deposed(name, instances.Items)
	for _, i := range instances.Items {
		attributes := i.Get("attributes")
		if attributes == nil || attributes.Kind != doc.Map {
			whole = whole && i.Get("attributes_flat") == nil && attributes == nil
			m.noAttributes(kind, module, withIndex(name, i.Get("index_key")), i)
			continue
		}
		full := withIndex(name, i.Get("index_key"))
		if i.Get("deposed").Str() != "" {
			continue
		}
		var status []string
		if s := i.Get("status").Str(); s != "" {
			status = append(status, s)
		}
		if left[full] {
			status = append(status, "deposed")
		}
		all = append(all, &cloud.Resource{
			Type: kind, Scope: m.scope(module), Name: full, Address: address(module, kind, full, data), Data: data,
			Provider: providerOf(r.Get("provider").Str()), Status: status, Attributes: attributes,
			Secret: stateMarks(i.Get("sensitive_attributes")), DependsOn: texts(i.Get("dependencies")),
			Origin: m.origin, Line: r.Line, Col: r.Col,
		})
	}
	return all, whole
}

// deposed finds the instances of which a former object is still to be destroyed.
func deposed(name string, instances []*doc.Node) map[string]bool {
	var left map[string]bool
	for _, i := range instances {
		if i.Get("deposed").Str() == "" {
			continue
		}
		if left == nil {
			left = map[string]bool{}
		}
		left[withIndex(name, i.Get("index_key"))] = true
	}
	return left
}

// noAttributes records an instance whose attributes cannot be read.
func (m *model) noAttributes(kind, module, name string, at *doc.Node) {
	m.out.Gap(parity.Gap{
		Kind: parity.LiteralPattern(kind), Scope: parity.LiteralPattern(m.scope(module)), Name: parity.LiteralPattern(name),
		Where:  (&doc.Error{Line: at.Line, Col: at.Col}).In(m.file.place.Show()),
		Reason: "an instance in the state has no attributes that can be read", Hint: "run terraform refresh once on it",
	})
}

func texts(n *doc.Node) []string {
	var all []string
	for _, item := range listed(n) {
		all = append(all, item.Text)
	}
	return all
}

// stateMarks reads the paths of what is sensitive. A path that cannot be
// followed, such as one into a set, marks what it can be followed to.
func stateMarks(n *doc.Node) *cloud.Marks {
	var m *cloud.Marks
	for _, steps := range listed(n) {
		m = m.Mark(stepsOf(steps)...)
	}
	return m
}

// stepsOf reads the steps of a path: attributes and indexes. It ends at what is no
// text and no number.
func stepsOf(steps *doc.Node) []string {
	list := listed(steps)
	if text := steps.Str(); text != "" {
		return strings.Split(text, ".") // as the first versions wrote them
	}
	var out []string
	for _, s := range list {
		v := s.Get("value")
		if s.Get("type").Str() == "index" {
			v = v.Get("value")
		}
		if v == nil || v.Kind != doc.String && v.Kind != doc.Number {
			break
		}
		out = append(out, v.Text)
	}
	return slices.Clip(out)
}
