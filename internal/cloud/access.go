package cloud

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// permissions reads what gives permissions in other ways than a policy of AWS.
func (r *reader) permissions(rec *record) {
	switch t := rec.res.Type; {
	case rec.res.Data && t == "aws_iam_policy_document":
		rec.skip["minified_json"] = true
	case strings.HasPrefix(t, "google_") && (strings.HasSuffix(t, "_iam_member") || strings.HasSuffix(t, "_iam_binding") || strings.HasSuffix(t, "_iam_policy")):
		r.googleAccess(rec)
	case t == "azurerm_role_assignment":
		r.azureAssignment(rec)
	case t == "azurerm_role_definition":
		r.azureDefinition(rec)
	}
}

// googleTargets are the attributes that name what a permission is given on,
// besides the one that the type is named after.
var googleTargets = []string{"project", "folder", "org_id", "bucket", "service_account_id", "topic", "subscription", "secret_id", "dataset_id", "crypto_key_id", "key_ring_id", "repository", "instance", "name", "service", "function", "cloud_function"}

// googleAccess tells the permissions of members, bindings and policies on what
// they are given on, so that one binding and its members one by one are equal.
func (r *reader) googleAccess(rec *record) {
	t := rec.res.Type
	base := t[:strings.LastIndex(t, "_iam_")]
	var all []stated
	switch at := rec.res.Attributes; {
	case strings.HasSuffix(t, "_iam_member"):
		all = bindingOf(at, rec.attr("role"), &doc.Node{Kind: doc.List, Items: rec.members("member")}, rec.condition())
	case strings.HasSuffix(t, "_iam_binding"):
		all = bindingOf(at, rec.attr("role"), &doc.Node{Kind: doc.List, Items: rec.members("members")}, rec.condition())
	default:
		root := parseJSON(rec.text("policy_data"), r.options.Limits)
		if root == nil {
			return
		}
		var ok bool
		if all, ok = googlePolicy(root, root.Get("bindings")); !ok {
			return
		}
		for i := range all {
			all[i].at = rec.res.Attributes
		}
		rec.skip["policy_data"] = true
	}
	if len(all) == 0 {
		return
	}
	target := r.target(rec, base)
	w := &walker{reader: r, rec: target, path: []byte("/iam")}
	w.tuples(unseen(target, all))
	first := target.ref("/iam[=" + canonical(all[0].shown).String() + "]")
	r.later = append(r.later, func() { rec.deriveAll(first) })
}

// unseen are the permissions that the target does not have yet.
func unseen(target *record, all []stated) []stated {
	if target.told == nil {
		target.told = map[string]bool{}
	}
	var out []stated
	for _, s := range all {
		if text := canonical(s.shown).String(); !target.told[text] {
			target.told[text] = true
			out = append(out, s)
		}
	}
	return out
}

// members are the members that an attribute names; a sensitive one is hidden.
func (rec *record) members(attribute string) []*doc.Node {
	n := rec.res.Attributes.Get(attribute)
	if n == nil {
		return nil
	}
	list := []*doc.Node{n}
	if n.Kind == doc.List {
		list = n.Items
	}
	if !rec.res.Secret.field(attribute).any() {
		return list
	}
	return []*doc.Node{{Kind: doc.String, Text: hidden, Line: n.Line, Col: n.Col}}
}

func (rec *record) condition() *doc.Node {
	return rec.attr("condition", "expression")
}

// target is the subject that stands for what permissions are given on: the
// resource itself where the state has it, else one named as in the cloud. Where
// there is only one of a kind, it has no name of its own: a project is called
// otherwise in each environment.
func (r *reader) target(rec *record, base string) *record {
	name, attribute := "", ""
	for _, attribute = range append([]string{strings.TrimPrefix(base[strings.LastIndex(base, "_")+1:], "_")}, googleTargets...) {
		if name = rec.text(attribute); name != "" {
			break
		}
	}
	if to := r.index.find(rec.res, attribute, name); to != nil && to.Type == base {
		if own := r.byAddress[to.Scope+"\x1f"+to.Type+"\x1f"+to.Name]; own != nil {
			return own
		}
	}
	key := base + "\x1f" + name
	if t := r.targets[key]; t != nil {
		return t
	}
	res := &Resource{
		Type: base + "_iam", Scope: stateOf(rec.res.Scope), Name: name, Attributes: &doc.Node{Kind: doc.Map},
		Origin: rec.res.Origin, Line: rec.res.Line, Col: rec.res.Col, Provider: rec.res.Provider,
	}
	if name == "" {
		res.Name = "default"
	}
	t := r.newRecord(res)
	r.targets[key] = t
	r.records = append(r.records, t)
	return t
}

// stateOf is the part of a scope that names the state, where there are several.
func stateOf(scope string) string {
	state, _, ok := strings.Cut(scope, ":")
	if !ok {
		return ""
	}
	return state
}

// nameTargets gives the only target of a kind the same name everywhere. What
// it is called is a fact of it.
func (r *reader) nameTargets() {
	count := map[string]int{}
	for _, t := range r.targets {
		count[t.subject.Scope+"\x1f"+t.subject.Kind]++
	}
	for _, rec := range r.records {
		if rec.res.Provider == "" || r.targets[strings.TrimSuffix(rec.subject.Kind, "_iam")+"\x1f"+rec.res.Name] != rec {
			continue
		}
		if count[rec.subject.Scope+"\x1f"+rec.subject.Kind] == 1 && rec.res.Name != "default" {
			rec.subject.IDs = []parity.Identity{{Method: "app", Value: "the only one"}}
		}
	}
}

// bindingOf are the permissions of one role and its members.
func bindingOf(at, role, members, condition *doc.Node) []stated {
	if role == nil || members == nil || members.Kind != doc.List {
		return nil
	}
	var conditions []value.Condition
	if text := strings.Join(strings.Fields(condition.Str()), " "); text != "" {
		conditions = []value.Condition{{Values: []string{text}}}
	}
	var all []stated
	for _, m := range members.Items {
		if m == nil || m.Kind != doc.String {
			continue
		}
		all = append(all, stated{at, value.Permission{
			Effect: "allow", Action: value.One(role.Text), Resource: value.One("this"), Principal: value.One(m.Text), Conditions: conditions,
		}})
	}
	return all
}

// googlePolicy reads a policy with bindings.
func googlePolicy(root, bindings *doc.Node) ([]stated, bool) {
	if bindings == nil || bindings.Kind != doc.List {
		return nil, false
	}
	for i := range root.Fields {
		switch root.Fields[i].Key {
		case "bindings", "etag", "version":
		default:
			return nil, false
		}
	}
	var all []stated
	for _, b := range bindings.Items {
		members := b.Get("members")
		if b.Get("role").Str() == "" || members == nil || members.Kind != doc.List {
			return nil, false
		}
		all = append(all, bindingOf(b, b.Get("role"), members, b.At("condition", "expression"))...)
		if len(all) > maxTuples {
			return nil, false
		}
	}
	return all, len(all) > 0
}

// azureAssignment reads who has a role on what.
func (r *reader) azureAssignment(rec *record) {
	role, scope, principal := rec.attr("role_definition_name"), rec.attr("scope"), rec.attr("principal_id")
	attribute := "role_definition_name"
	if role == nil {
		role, attribute = rec.attr("role_definition_id"), "role_definition_id"
	}
	if role == nil || scope == nil || principal == nil {
		return
	}
	p := value.Permission{Effect: "allow", Action: value.One(r.called(rec, attribute, role.Text)), Resource: value.One(scope.Text), Principal: value.One(r.called(rec, "principal_id", principal.Text))}
	if c := rec.text("condition"); c != "" {
		p.Conditions = []value.Condition{{Values: []string{strings.Join(strings.Fields(c), " ")}}}
	}
	w := &walker{reader: r, rec: rec, path: []byte("/assignment")}
	w.tuples([]stated{{role, p}})
	from := rec.facts[len(rec.facts)-1].Path
	r.later = append(r.later, func() {
		for _, name := range [...]string{attribute, "scope", "principal_id", "condition"} {
			rec.derive("/"+name, rec.ref(from))
		}
	})
}

// called is the address of the resource that the text of an attribute names,
// or the text.
func (r *reader) called(rec *record, attribute, text string) string {
	if to := r.index.find(rec.res, attribute, text); to != nil {
		return to.Address
	}
	return text
}

// azureDefinition reads what a role may do, and what it leaves out of that.
func (r *reader) azureDefinition(rec *record) {
	permissions := rec.attr("permissions")
	if permissions == nil || permissions.Kind != doc.List {
		return
	}
	var all []stated
	for _, p := range permissions.Items {
		for _, part := range [...]struct{ list, effect, prefix string }{
			{"actions", "allow", ""}, {"not_actions", "except", ""}, {"data_actions", "allow", "data:"}, {"not_data_actions", "except", "data:"},
		} {
			n := p.Get(part.list)
			if n == nil || n.Kind != doc.List {
				continue
			}
			for _, a := range n.Items {
				all = append(all, stated{a, value.Permission{Effect: part.effect, Action: value.One(part.prefix + a.Text), Resource: value.One("this")}})
			}
		}
	}
	if len(all) == 0 || len(all) > maxTuples {
		return
	}
	rec.skip["permissions"] = true
	w := &walker{reader: r, rec: rec, path: []byte("/permissions")}
	w.tuples(all)
}
