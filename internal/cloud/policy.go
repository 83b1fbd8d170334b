package cloud

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// maxTuples bounds what one policy expands to; a longer one is read as it is
// written.
const maxTuples = 20_000

// stated is one permission with the place that states it.
type stated struct {
	at    *doc.Node
	shown value.Permission
}

// policy reads a text that is a policy as permissions, one fact each:
// "/policy[=allow s3:getobject on arn:aws:s3:::a/*]".
func (w *walker) policy(n *doc.Node) bool {
	if !strings.Contains(n.Text, "tatement") && !strings.Contains(n.Text, "bindings") {
		return false
	}
	root := parseJSON(n.Text, w.options.Limits)
	if root == nil {
		return false
	}
	all, ok := policyOf(root)
	if !ok {
		return false
	}
	for i := range all {
		all[i].at = n
	}
	w.rec.policies[string(w.path)] = canonicalPolicy(all)
	w.tuples(all)
	return true
}

// tuples emits permissions, each once.
func (w *walker) tuples(all []stated) {
	seen := map[string]bool{}
	at := len(w.path)
	for _, s := range all {
		s.shown = w.discreet(s.shown)
		shown, canon := s.shown.String(), canonical(s.shown).String()
		if seen[canon] {
			continue
		}
		seen[canon] = true
		v := parity.Value{Kind: parity.Tuple, Raw: shown}
		if canon != shown {
			v.Canon = canon
		}
		w.path = append(append(append(w.path, "[="...), canon...), ']')
		w.rec.add(s.at, string(w.path), v, parity.SetOf(parity.PolicyTuples))
		w.path = w.path[:at]
	}
}

// hidden stands for a secret in a tuple, which has no kind of its own for one.
const hidden = "hidden"

// discreet is a permission without what is secret in it: sensitive texts, and
// the referrer, by which sites let in who knows a word.
func (r *reader) discreet(p value.Permission) value.Permission {
	p = p.Map(func(s string) string {
		if r.secrets[s] {
			return hidden
		}
		return s
	})
	for i := range p.Conditions {
		if strings.EqualFold(p.Conditions[i].Key, "aws:referer") {
			p.Conditions[i].Values = []string{hidden}
		}
	}
	return p
}

func canonicalPolicy(all []stated) string {
	texts := make([]string, len(all))
	for i, s := range all {
		texts[i] = canonical(s.shown).String()
	}
	slices.Sort(texts)
	return strings.Join(slices.Compact(texts), "\n")
}

// canonical brings the parts whose letter case says nothing to lower case, and
// puts lists in order.
func canonical(p value.Permission) value.Permission {
	p.Action = value.Patterns{Not: p.Action.Not, Items: lowered(p.Action.Items)}
	if p.Action.Not {
		p.Action = value.Except(p.Action.Items)
	}
	conditions := make([]value.Condition, 0, len(p.Conditions))
	for _, c := range p.Conditions {
		values := slices.Clone(c.Values)
		c.Key, c.Operator = strings.ToLower(c.Key), strings.ToLower(c.Operator)
		if strings.Contains(c.Operator, "ignorecase") || strings.HasPrefix(c.Operator, "bool") || strings.HasPrefix(c.Operator, "null") {
			values = lowered(values)
		}
		slices.Sort(values)
		c.Values = slices.Compact(values)
		conditions = append(conditions, c)
	}
	slices.SortStableFunc(conditions, func(a, b value.Condition) int {
		return strings.Compare(a.Key+"\x1f"+a.Operator, b.Key+"\x1f"+b.Operator)
	})
	p.Conditions = conditions
	return p
}

func lowered(items []string) []string {
	out := make([]string, len(items))
	for i, x := range items {
		out[i] = strings.ToLower(x)
	}
	return out
}

// policyOf reads an AWS policy, or a policy of Google's with bindings. Not ok
// where it is none, or holds what is not known: it is then read as it is
// written.
func policyOf(root *doc.Node) ([]stated, bool) {
	if bindings := root.Get("bindings"); bindings != nil {
		return googlePolicy(root, bindings)
	}
	statements := fold(root, "Statement")
	if statements == nil {
		return nil, false
	}
	for i := range root.Fields {
		switch strings.ToLower(root.Fields[i].Key) {
		case "version", "id", "statement":
		default:
			return nil, false
		}
	}
	list := []*doc.Node{statements}
	if statements.Kind == doc.List {
		list = statements.Items
	}
	var all []stated
	for _, s := range list {
		more, ok := statement(s)
		if !ok || len(all)+len(more) > maxTuples {
			return nil, false
		}
		all = append(all, more...)
	}
	return all, len(all) > 0
}

// fold finds a key whatever its letter case.
func fold(n *doc.Node, key string) *doc.Node {
	if n == nil || n.Kind != doc.Map {
		return nil
	}
	for i := range n.Fields {
		if strings.EqualFold(n.Fields[i].Key, key) {
			return n.Fields[i].Value
		}
	}
	return nil
}

// statement expands one statement. What it excepts stays one: nobody can list
// all actions but some.
func statement(s *doc.Node) ([]stated, bool) {
	if s.Kind != doc.Map {
		return nil, false
	}
	for i := range s.Fields {
		switch strings.ToLower(s.Fields[i].Key) {
		case "sid", "effect", "action", "notaction", "resource", "notresource", "principal", "notprincipal", "condition":
		default:
			return nil, false
		}
	}
	effect := strings.ToLower(fold(s, "Effect").Str())
	actions, okA := alternatives(fold(s, "Action"), fold(s, "NotAction"), texts)
	resources, okR := alternatives(fold(s, "Resource"), fold(s, "NotResource"), texts)
	principals, okP := alternatives(fold(s, "Principal"), fold(s, "NotPrincipal"), principalsOf)
	conditions, okC := conditionsOf(fold(s, "Condition"))
	if effect != "allow" && effect != "deny" || !okA || !okR || !okP || !okC || len(actions) == 0 {
		return nil, false
	}
	if len(resources) == 0 {
		resources = []value.Patterns{value.One("this")}
	}
	if len(principals) == 0 {
		principals = []value.Patterns{{}}
	}
	if len(actions)*len(resources) > maxTuples || len(actions)*len(resources)*len(principals) > maxTuples {
		return nil, false
	}
	all := make([]stated, 0, len(actions)*len(resources)*len(principals))
	for _, p := range principals {
		for _, a := range actions {
			for _, x := range resources {
				all = append(all, stated{s, value.Permission{Effect: effect, Action: a, Resource: x, Principal: p, Conditions: conditions}})
			}
		}
	}
	return all, true
}

// alternatives are the patterns that an element stands for, each by itself, or
// the one of an element that excepts.
func alternatives(yes, not *doc.Node, read func(*doc.Node) ([]string, bool)) ([]value.Patterns, bool) {
	if yes != nil && not != nil {
		return nil, false
	}
	if not != nil {
		items, ok := read(not)
		if !ok || len(items) == 0 {
			return nil, false
		}
		return []value.Patterns{value.Except(items)}, true
	}
	if yes == nil {
		return nil, true
	}
	items, ok := read(yes)
	if !ok || len(items) == 0 {
		return nil, false
	}
	out := make([]value.Patterns, len(items))
	for i, x := range items {
		out[i] = value.One(x)
	}
	return out, true
}

// texts reads one scalar or a list of them.
func texts(n *doc.Node) ([]string, bool) {
	switch n.Kind {
	case doc.String, doc.Number, doc.Bool:
		return []string{n.Text}, true
	case doc.List:
		out := make([]string, 0, len(n.Items))
		for _, item := range n.Items {
			if item.Kind == doc.Map || item.Kind == doc.List || item.Kind == doc.Null {
				return nil, false
			}
			out = append(out, item.Text)
		}
		return out, true
	default:
		return nil, false
	}
}

// principalsOf reads "*", or a map of kinds to one or several.
func principalsOf(n *doc.Node) ([]string, bool) {
	if n.Kind != doc.Map {
		items, ok := texts(n)
		for i, x := range items {
			items[i] = principal("AWS", x)
		}
		return items, ok
	}
	var all []string
	for i := range n.Fields {
		items, ok := texts(n.Fields[i].Value)
		if !ok {
			return nil, false
		}
		for _, x := range items {
			all = append(all, principal(n.Fields[i].Key, x))
		}
	}
	return all, true
}

// principal names a principal: an account by the ARN of its root, anyone by *,
// and what is not of AWS with its kind before it.
func principal(kind, name string) string {
	if !strings.EqualFold(kind, "AWS") {
		return strings.ToLower(kind) + ":" + name
	}
	if shape, _ := value.Identifier(name); shape == "account" {
		return "arn:aws:iam::" + name + ":root"
	}
	return name
}

func conditionsOf(n *doc.Node) ([]value.Condition, bool) {
	if n == nil || n.Kind == doc.Null {
		return nil, true
	}
	if n.Kind != doc.Map {
		return nil, false
	}
	var all []value.Condition
	for i := range n.Fields {
		tests := n.Fields[i].Value
		if tests.Kind != doc.Map {
			return nil, false
		}
		for j := range tests.Fields {
			values, ok := texts(tests.Fields[j].Value)
			if !ok || len(values) == 0 || n.Fields[i].Key == "" || tests.Fields[j].Key == "" {
				return nil, false
			}
			all = append(all, value.Condition{Key: tests.Fields[j].Key, Operator: n.Fields[i].Key, Values: values})
		}
	}
	return all, true
}

// documents says of each policy document that what it states follows from the
// resource that holds it: it is only written down there.
func (r *reader) documents() {
	holders := map[string]parity.FactRef{}
	for _, rec := range r.records {
		if rec.res == nil || rec.res.Data {
			continue
		}
		for path, policy := range rec.policies {
			if _, ok := holders[policy]; !ok || rec.ref(path).Path < holders[policy].Path {
				holders[policy] = rec.ref(path)
			}
		}
	}
	for _, rec := range r.records {
		if !rec.res.Data {
			continue
		}
		policy := rec.policies["/json"]
		holder, held := holders[policy]
		for i := range rec.facts {
			f := &rec.facts[i]
			switch {
			case held && policy != "" && strings.HasPrefix(f.Path, "/json["):
				from := parity.FactRef{Subject: holder.Subject, Path: holder.Path + strings.TrimPrefix(f.Path, "/json")}
				f.DerivedFrom = &from
			case !strings.HasPrefix(f.Path, "/json["):
				from := rec.ref("/json")
				f.DerivedFrom = &from
			}
		}
	}
}
