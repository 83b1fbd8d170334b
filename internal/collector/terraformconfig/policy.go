package terraformconfig

import (
	"encoding/json"

	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/tfconfig"
)

// withDocuments puts the policies that data sources write where they are named.
func (m *model) withDocuments(n *doc.Node) {
	if n.Kind == doc.String {
		if address, ok := tfconfig.Document(n.Text, documentType, "json"); ok && m.documents[address] != "" {
			n.Text = m.documents[address]
		}
		return
	}
	for i := range n.Fields {
		m.withDocuments(n.Fields[i].Value)
	}
	for _, item := range n.Items {
		m.withDocuments(item)
	}
}

// policyText writes the statements of a policy document as AWS's provider does, as
// far as they say something. ok is false where the document adds to others that
// are not known.
func policyText(attributes *doc.Node, known map[string]string) (text string, ok bool) {
	policy := map[string]any{"Version": "2012-10-17"}
	var statements []any
	for _, name := range [...]string{"source_policy_documents", "override_policy_documents", "source_json", "override_json"} {
		more, ok := documentsIn(attributes.Get(name), known)
		if !ok {
			return "", false
		}
		statements = append(statements, more...)
	}
	list := attributes.Get("statement")
	if list == nil && len(statements) == 0 {
		return "", false
	}
	if list != nil {
		for _, s := range list.Items {
			if s.Get("(for_each)") != nil {
				return "", false
			}
			statements = append(statements, statementOf(s))
		}
	}
	policy["Statement"] = statements
	out, err := json.Marshal(policy)
	return string(out), err == nil
}

// documentsIn gives the statements of the documents that one builds on.
func documentsIn(n *doc.Node, known map[string]string) (statements []any, ok bool) {
	if n == nil || n.Kind == doc.Null {
		return nil, true
	}
	items := n.Items
	if n.Kind == doc.String {
		items = []*doc.Node{n}
	} else if n.Kind != doc.List {
		return nil, false
	}
	for _, item := range items {
		text := item.Text
		if address, isDocument := tfconfig.Document(text, documentType, "json"); isDocument {
			text = known[address]
		}
		var policy struct{ Statement []any }
		if json.Unmarshal([]byte(text), &policy) != nil {
			return nil, false
		}
		statements = append(statements, policy.Statement...)
	}
	return statements, true
}

// members are the texts of a list, or a text itself.
func members(n *doc.Node) []string {
	if n == nil {
		return nil
	}
	if n.Kind != doc.List {
		return []string{n.Text}
	}
	out := make([]string, len(n.Items))
	for i, item := range n.Items {
		out[i] = item.Text
	}
	return out
}

func statementOf(n *doc.Node) map[string]any {
	s := map[string]any{"Effect": "Allow"}
	if e := n.Get("effect").Str(); e != "" {
		s["Effect"] = e
	}
	for from, to := range map[string]string{"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"} {
		if list := members(n.Get(from)); len(list) > 0 {
			s[to] = list
		}
	}
	for from, to := range map[string]string{"principals": "Principal", "not_principals": "NotPrincipal"} {
		if list := n.Get(from); list != nil {
			s[to] = principalsOf(list)
		}
	}
	if list := n.Get("condition"); list != nil {
		conditions := map[string]map[string][]string{}
		for _, c := range list.Items {
			test := c.Get("test").Str()
			if conditions[test] == nil {
				conditions[test] = map[string][]string{}
			}
			key := c.Get("variable").Str()
			conditions[test][key] = append(conditions[test][key], members(c.Get("values"))...)
		}
		s["Condition"] = conditions
	}
	return s
}

func principalsOf(list *doc.Node) any {
	byType := map[string][]string{}
	for _, p := range list.Items {
		kind := p.Get("type").Str()
		byType[kind] = append(byType[kind], members(p.Get("identifiers"))...)
	}
	if len(byType) == 1 && len(byType["*"]) == 1 {
		return byType["*"][0]
	}
	return byType
}
