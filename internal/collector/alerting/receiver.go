package alerting

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// integration is one way of a receiver to tell people.
type integration struct {
	kind string
	at   *doc.Node
	// resolved is "true" or "false", or empty where it is not known.
	resolved string
}

// configuration reads a configuration of Alertmanager, and reports whether the
// document is one.
func (r *reader) configuration(root *doc.Node) bool {
	route, receivers := root.Get("route"), root.Get("receivers")
	if route == nil && receivers == nil {
		return false
	}
	for _, n := range items(receivers) {
		r.receiver(n.Get("name").Str(), n, integrations(n))
	}
	if route != nil {
		r.routes(route, append(items(root.Get("time_intervals")), items(root.Get("mute_time_intervals"))...))
	}
	for _, n := range items(root.Get("inhibit_rules")) {
		r.inhibition(n)
	}
	return true
}

// integrations gives those of a receiver of Alertmanager: the items of all keys
// such as slack_configs.
func integrations(receiver *doc.Node) []integration {
	var all []integration
	if receiver == nil {
		return nil
	}
	for i := range receiver.Fields {
		kind, ok := strings.CutSuffix(receiver.Fields[i].Key, "_configs")
		if !ok {
			continue
		}
		for _, n := range items(receiver.Fields[i].Value) {
			resolved := n.Get("send_resolved").Str()
			if resolved == "" {
				resolved = resolvedByDefault(kind)
			}
			all = append(all, integration{kind, n, resolved})
		}
	}
	return all
}

// resolvedByDefault says whether an integration tells of the end of alerts
// where nothing is said.
func resolvedByDefault(kind string) string {
	switch kind {
	case "email", "slack", "rocketchat", "wechat":
		return "false"
	case "webhook", "webex", "discord", "pagerduty", "opsgenie", "victorops", "pushover", "sns", "telegram", "msteams", "msteamsv2", "jira", "incidentio":
		return "true"
	}
	return ""
}

// receiver hands a receiver over: which kinds of integrations it has, how many,
// and whether they tell of the end. Where they write to is never read.
func (r *reader) receiver(name string, at *doc.Node, all []integration) {
	byKind := map[string][]integration{}
	for _, i := range all {
		byKind[i.kind] = append(byKind[i.kind], i)
	}
	facts := []parity.Fact{r.fact("/name", text(name), at)}
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		same := byKind[kind]
		first := same[0].at
		facts = append(facts,
			r.fact("/integrations[="+kind+"]", parity.Value{Kind: parity.Set, Raw: kind}, first),
			r.fact("/integrations[name="+kind+"]/count", parity.Value{Kind: parity.Number, Raw: strconv.Itoa(len(same))}, first))
		resolved := same[0].resolved
		if slices.ContainsFunc(same, func(i integration) bool { return i.resolved != resolved }) {
			resolved = "of some"
		}
		switch resolved {
		case "true", "false":
			facts = append(facts, r.fact("/integrations[name="+kind+"]/sendResolved", boolean(resolved == "true"), first))
		case "of some":
			facts = append(facts, r.fact("/integrations[name="+kind+"]/sendResolved", text(resolved), first))
		}
	}
	r.subject(parity.Key{Kind: parity.ReceiverKind, Name: name}, at, facts)
}

// inhibition hands over that some alerts silence others.
func (r *reader) inhibition(n *doc.Node) {
	source := matchersOf(n.Get("source_match"), n.Get("source_match_re"), n.Get("source_matchers"))
	target := matchersOf(n.Get("target_match"), n.Get("target_match_re"), n.Get("target_matchers"))
	facts := []parity.Fact{
		r.fact("/source", text(shown(source)), n), r.fact("/target", text(shown(target)), n),
	}
	facts = append(facts, r.members("/equal[=", n.Get("equal"))...)
	name := shown(source) + " silences " + shown(target)
	r.subject(parity.Key{Kind: parity.InhibitionKind, Name: name}, n, facts)
}
