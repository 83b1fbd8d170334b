package alerting

import (
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/promrule"
	"github.com/envparity/parity/internal/value"
)

// fileRule is a rule of a file.
type fileRule struct {
	rule   *promrule.Rule
	node   *doc.Node
	origin *parity.Origin
	// more are facts that only its kind of file has.
	more []parity.Fact
}

// ruleGroups reads groups of rules as Prometheus has them.
func (r *reader) ruleGroups(groups *doc.Node) {
	for _, group := range items(groups) {
		interval := span(group.Get("interval"))
		for _, n := range items(group.Get("rules")) {
			rule := &promrule.Rule{
				Kind: parity.AlertKind, Group: group.Get("name").Str(), Name: n.Get("alert").Str(), Query: n.Get("expr").Str(),
				Interval: interval, For: span(n.Get("for")), KeepFiringFor: span(n.Get("keep_firing_for")),
				Labels: texts(group.Get("labels")), Annotations: texts(n.Get("annotations")),
			}
			for name, v := range texts(n.Get("labels")) {
				rule.Labels[name] = v
			}
			if record := n.Get("record").Str(); record != "" {
				rule.Kind, rule.Name = parity.RecordingKind, record
			}
			r.rules = append(r.rules, fileRule{rule: rule, node: n, origin: r.origin})
		}
	}
}

// span reads a duration; what is none is 0.
func span(n *doc.Node) time.Duration {
	canon, ok := value.Duration(n.Str())
	if !ok {
		return 0
	}
	d, err := time.ParseDuration(canon)
	if err != nil {
		return 0
	}
	return d
}

// texts gives a map's scalars.
func texts(n *doc.Node) map[string]string {
	all := map[string]string{}
	if n == nil {
		return all
	}
	for i := range n.Fields {
		if v := n.Fields[i].Value; v != nil && v.Kind != doc.Map && v.Kind != doc.List {
			all[n.Fields[i].Key] = v.Text
		}
	}
	return all
}

// runbooks gives the addresses of the runbooks that rules name.
func (r *reader) runbooks() []string {
	var all []string
	for _, f := range r.rules {
		if f.rule.Kind == parity.AlertKind {
			if at := promrule.Runbook(f.rule.Annotations); at != "" {
				all = append(all, at)
			}
		}
	}
	return all
}

// emitRules hands all rules over. state is what is known of runbooks; nil where
// they were not asked for.
func (r *reader) emitRules(state map[string]runbookState) {
	stated := make([]*promrule.Rule, len(r.rules))
	for i := range r.rules {
		stated[i] = r.rules[i].rule
	}
	shownLabel := func(string) bool { return false }
	for _, known := range promrule.Names(stated, shownLabel) {
		f := r.rules[known.Index]
		key := parity.Key{Kind: f.rule.Kind, Scope: f.rule.Group, Name: known.Name}
		r.origin = f.origin
		facts := f.rule.Facts(f.origin, promrule.Expression(f.rule.Query, nil), shownLabel)
		facts = r.judged(key, f, facts, state)
		for i := range facts {
			at := lineOf(f.node, facts[i].Path)
			facts[i].Line, facts[i].Col = at.Line, at.Col
		}
		r.nameSources(f.more)
		r.subject(key, f.node, append(facts, f.more...))
	}
}

// lineOf gives the node of a rule that a fact is from.
func lineOf(rule *doc.Node, path string) *doc.Node {
	at := rule
	switch {
	case path == "/expr":
		at = rule.Get("expr")
	case path == "/for":
		at = rule.Get("for")
	case path == "/keepFiringFor":
		at = rule.Get("keep_firing_for")
	case len(path) > len("/labels/") && path[:len("/labels/")] == "/labels/":
		at = rule.At("labels", path[len("/labels/"):])
	case len(path) > len("/annotations/") && path[:len("/annotations/")] == "/annotations/":
		at = rule.At("annotations", path[len("/annotations/"):])
	case path == parity.RunbookPath:
		at = rule.Get("annotations")
	}
	if at == nil {
		return rule
	}
	return at
}

// judged puts what was found of a runbook in the place of its presence.
func (r *reader) judged(key parity.Key, f fileRule, facts []parity.Fact, state map[string]runbookState) []parity.Fact {
	address := promrule.Runbook(f.rule.Annotations)
	found, asked := state[address]
	if !asked || f.rule.Kind != parity.AlertKind {
		return facts
	}
	for i := range facts {
		if facts[i].Path != parity.RunbookPath {
			continue
		}
		switch {
		case found.dead != "":
			facts[i].Value = text(found.dead)
		case found.unknown != "":
			r.out.Gap(parity.Gap{
				Kind: key.Kind, Scope: parity.LiteralPattern(key.Scope), Name: parity.LiteralPattern(key.Name), Path: parity.RunbookPath,
				Reason: found.unknown, Where: f.origin.File, Hint: "see whether the runbook can be reached from here",
			})
			return append(facts[:i:i], facts[i+1:]...)
		}
	}
	return facts
}
