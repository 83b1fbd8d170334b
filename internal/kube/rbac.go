package kube

import (
	"strconv"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// maxTuples bounds what one list of rules expands to; a longer one is read as
// it is written.
const maxTuples = 20_000

func appendCount(b []byte, c int) []byte { return strconv.AppendInt(append(b, '#'), int64(c), 10) }

// rules expands RBAC rules to one fact for each permission, whatever rule it
// stands in: "/rules[=apps/deployments:get]".
func (w *walker) rules(n *doc.Node) bool {
	total := 0
	for _, rule := range n.Items {
		if !rbacRule(rule) {
			return false
		}
		total += tupleCount(rule)
		if total > maxTuples {
			return false
		}
	}
	seen := make(map[string]bool, total)
	for _, rule := range n.Items {
		w.rule(rule, seen)
	}
	return true
}

// rbacRule reports whether the rule holds nothing but lists of texts.
func rbacRule(rule *doc.Node) bool {
	for i := range rule.Fields {
		switch rule.Fields[i].Key {
		case "apiGroups", "resources", "resourceNames", "verbs", "nonResourceURLs":
		default:
			return false
		}
		if v := rule.Fields[i].Value; v.Kind != doc.Null && (v.Kind != doc.List || !allScalars(v.Items)) {
			return false
		}
	}
	return true
}

func items(n *doc.Node) []*doc.Node {
	if n == nil {
		return nil
	}
	return n.Items
}

func tupleCount(rule *doc.Node) int {
	count := 1
	for _, f := range [...]string{"apiGroups", "resources", "resourceNames", "verbs"} {
		if n := len(items(rule.Get(f))); n > 0 {
			count *= min(n, maxTuples+1)
			count = min(count, maxTuples+1)
		}
	}
	return count + min(len(items(rule.Get("nonResourceURLs")))*max(1, len(items(rule.Get("verbs")))), maxTuples+1)
}

// one stands for a list that is left out: any name.
var one = []*doc.Node{{Kind: doc.Null}}

func (w *walker) rule(rule *doc.Node, seen map[string]bool) {
	verbs, names := items(rule.Get("verbs")), items(rule.Get("resourceNames"))
	if len(names) == 0 {
		names = one
	}
	for _, url := range items(rule.Get("nonResourceURLs")) {
		for _, verb := range verbs {
			w.permission(verb, "url "+url.Text, "", verb.Text, seen)
		}
	}
	for _, group := range items(rule.Get("apiGroups")) {
		g := group.Text
		if g == "" {
			g = "core"
		}
		for _, resource := range items(rule.Get("resources")) {
			for _, name := range names {
				for _, verb := range verbs {
					w.permission(verb, g+"/"+resource.Text, name.Text, verb.Text, seen)
				}
			}
		}
	}
}

// permission emits one permission: "apps/deployments:get" with the text "get
// apps/deployments".
func (w *walker) permission(at *doc.Node, what, name, verb string, seen map[string]bool) {
	id, text := what+":"+verb, verb+" "+what
	if name != "" {
		id, text = what+"("+name+"):"+verb, text+" named "+name
	}
	w.tuple(at, id, text, parity.RBACTuples, seen)
}

// tuple emits a member of a list that is expanded, once.
func (w *walker) tuple(n *doc.Node, id, text string, rule parity.Rule, seen map[string]bool) {
	if seen[id] {
		return
	}
	seen[id] = true
	at := len(w.path)
	w.path = append(append(append(w.path, "[="...), id...), ']')
	w.emit(n, parity.Value{Kind: parity.Tuple, Raw: text}, parity.SetOf(rule))
	w.pop(at)
}

// subjects reads the subjects of a binding by name; of several with one name,
// all but the first also by kind and namespace.
func (w *walker) subjects(n *doc.Node) bool {
	first := make(map[string]string, len(n.Items))
	for _, s := range n.Items {
		name, more := s.Get("name").Str(), subjectKind(s)
		if least, ok := first[name]; !ok || more < least {
			first[name] = more
		}
	}
	seen := newSeen(len(n.Items))
	for _, s := range n.Items {
		name, more := s.Get("name").Str(), subjectKind(s)
		at := len(w.path)
		w.path = append(append(w.path, "[name="...), name...)
		if first[name] != more {
			w.path = append(w.path, more...)
		}
		w.path = append(w.path, ']')
		if c := seen.count(string(w.path[at:])); c > 1 {
			w.path = appendCount(w.path, c)
		}
		w.subjectFields(s, s.Get("kind").Str(), s.Get("namespace").Str())
		w.pop(at)
	}
	return true
}

func subjectKind(s *doc.Node) string {
	more := ",kind=" + s.Get("kind").Str()
	if ns := s.Get("namespace").Str(); ns != "" {
		more += ",namespace=" + ns
	}
	return more
}

func (w *walker) subjectFields(s *doc.Node, kind, ns string) {
	for i := range s.Fields {
		n := s.Fields[i].Value
		at := w.push(s.Fields[i].Key)
		switch {
		case s.Fields[i].Key == "name" && kind == "ServiceAccount" && scalarText(n):
			w.emit(n, reference(kind, ns, n.Text), parity.SetOf(parity.ReferenceName))
		case s.Fields[i].Key == "namespace" && scalarText(n):
			w.emit(n, reference("Namespace", "", n.Text), parity.SetOf(parity.ReferenceName))
		case s.Fields[i].Key == "apiGroup":
			w.apiGroup(n, kind)
		default:
			w.untyped(n, "")
		}
		w.pop(at)
	}
}

// apiGroup follows from the kind of the subject.
func (w *walker) apiGroup(n *doc.Node, kind string) {
	var rules parity.RuleSet
	if kind == "ServiceAccount" && n.Text == "" || (kind == "User" || kind == "Group") && n.Text == "rbac.authorization.k8s.io" {
		rules = parity.SetOf(parity.DefaultValue)
	}
	w.emit(n, parity.Value{Kind: parity.Text, Raw: n.Text}, rules)
}

// selectors reads the selectors of an aggregated role: each is one text.
func (w *walker) selectors(n *doc.Node) bool {
	seen := map[string]bool{}
	for _, s := range n.Items {
		text := string(appendSelector(nil, s))
		w.tuple(s, text, "aggregates roles with "+text, parity.RBACTuples, seen)
	}
	return true
}
