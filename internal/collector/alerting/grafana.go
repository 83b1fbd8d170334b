package alerting

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/promrule"
)

// provisioned reads a file that is provisioned to Grafana, and reports whether it
// is one.
func (r *reader) provisioned(root *doc.Node) bool {
	if root.Get("apiVersion").Str() != "1" {
		return false
	}
	known := false
	for _, key := range []string{"groups", "contactPoints", "policies", "muteTimes", "deleteRules", "deleteContactPoints", "resetPolicies", "deleteMuteTimes", "templates", "datasources"} {
		known = known || root.Get(key) != nil
	}
	for _, group := range items(root.Get("groups")) {
		r.grafanaGroup(group)
	}
	for _, point := range items(root.Get("contactPoints")) {
		var all []integration
		for _, n := range items(point.Get("receivers")) {
			resolved := "true"
			if n.Get("disableResolveMessage").Str() == "true" {
				resolved = "false"
			}
			all = append(all, integration{n.Get("type").Str(), n, resolved})
		}
		r.receiver(point.Get("name").Str(), point, all)
	}
	for _, n := range items(root.Get("datasources")) {
		r.dataSource(n.Get("uid").Str(), n.Get("name").Str())
	}
	for _, policy := range items(root.Get("policies")) {
		r.routes(policy, items(root.Get("muteTimes")))
	}
	return known
}

// dataSource remembers what a source of data is called, whose uid may be drawn
// by each server. One uid with two names, in files of several servers, has none.
func (r *reader) dataSource(uid, name string) {
	if uid == "" || name == "" {
		return
	}
	if before, known := r.dataSources[uid]; known && before != name {
		name = ""
	}
	if r.dataSources == nil {
		r.dataSources = map[string]string{}
	}
	r.dataSources[uid] = name
}

// expressions reports whether a source of data is Grafana itself, which computes
// with the others; that a query is one is told by its type.
func expressions(uid string) bool { return uid == "__expr__" || uid == "-100" }

// nameSources puts the names of sources of data in the place of their uids, where
// a file tells them.
func (r *reader) nameSources(facts []parity.Fact) {
	for i := range facts {
		f := &facts[i]
		if !strings.HasPrefix(f.Path, "/data[name=") || !strings.HasSuffix(f.Path, dataSourcePath) {
			continue
		}
		if name := r.dataSources[f.Value.Raw]; name != "" {
			f.Value = text(name)
		}
	}
}

// dataSourcePath is where a query says whom it asks.
const dataSourcePath = "/datasource"

// grafanaGroup reads a group of Grafana's rules. Its scope is the folder and
// the group, since groups of several folders may have one name.
func (r *reader) grafanaGroup(group *doc.Node) {
	scope := group.Get("name").Str()
	if folder := group.Get("folder").Str(); folder != "" {
		scope = folder + "/" + scope
	}
	for _, n := range items(group.Get("rules")) {
		rule := &promrule.Rule{
			Kind: parity.AlertKind, Group: scope, Name: n.Get("title").Str(), Interval: span(group.Get("interval")),
			For: span(n.Get("for")), KeepFiringFor: span(n.Get("keep_firing_for")),
			Labels: texts(n.Get("labels")), Annotations: texts(n.Get("annotations")),
		}
		var more []parity.Fact
		if record := n.Get("record"); record != nil {
			rule.Kind = parity.RecordingKind
			more = append(more, r.fact("/metric", text(record.Get("metric").Str()), record), r.fact("/from", text(record.Get("from").Str()), record))
		}
		for key, path := range map[string]string{"condition": "/condition", "noDataState": "/noDataState", "execErrState": "/execErrState", "isPaused": "/isPaused"} {
			if v := n.Get(key); v != nil && v.Kind != doc.Null {
				more = append(more, r.leaf(doc.Leaf{Path: path, Node: v, Kind: doc.Scalar}))
			}
		}
		for _, data := range items(n.Get("data")) {
			more = append(more, r.grafanaQuery(data, rule)...)
		}
		r.rules = append(r.rules, fileRule{rule: rule, node: n, origin: r.origin, more: more})
	}
}

// grafanaQuery reads one of the queries and expressions of a rule. The first in
// PromQL or LogQL is the rule's expression.
func (r *reader) grafanaQuery(data *doc.Node, rule *promrule.Rule) []parity.Fact {
	prefix := "/data[name=" + data.Get("refId").Str() + "]"
	var facts []parity.Fact
	model := data.Get("model")
	from := data.Get("datasourceUid")
	if from.Str() == "" {
		from = model.At("datasource", "uid")
	}
	if uid := from.Str(); uid != "" && !expressions(uid) {
		facts = append(facts, r.fact(prefix+dataSourcePath, parity.Value{Kind: parity.Identifier, Raw: uid}, from))
	}
	expression := model.Get("expr").Str()
	if rule.Query == "" {
		rule.Query = expression
	}
	doc.Flatten(model, prefix, func(l doc.Leaf) {
		switch strings.TrimPrefix(l.Path, prefix) {
		case "/refId", "/intervalMs", "/maxDataPoints", "/datasource/uid", "/hide":
			return // how a page shows it, or told already
		case dataSourcePath:
			if from.Str() != "" {
				return
			}
		case "/expr":
			if expression == rule.Query {
				return
			}
		}
		facts = append(facts, r.leaf(l))
	})
	doc.Flatten(data.Get("relativeTimeRange"), prefix+"/relativeTimeRange", func(l doc.Leaf) { facts = append(facts, r.leaf(l)) })
	return facts
}
