package cloud

import (
	"slices"
	"strings"

	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// googleFirewall reads a firewall: its peers, and what it allows or denies.
// What it is for and its priority stay attributes: it is one rule.
func (r *reader) googleFirewall(rec *record) {
	if rec.res.Secret.any() || rec.unsure() {
		return
	}
	direction, lists := "ingress", []string{"source_ranges", "source_tags", "source_service_accounts"}
	if strings.EqualFold(rec.text("direction"), "EGRESS") {
		direction, lists = "egress", []string{"destination_ranges"}
	}
	prefixes := map[string]string{"source_tags": "tag:", "source_service_accounts": "serviceAccount:"}
	var peers []rule
	for _, list := range lists {
		for _, item := range items(rec.attr(list)) {
			peers = append(peers, rule{Traffic: value.Traffic{Peer: prefixes[list] + r.peer(rec, item.Text)}, at: item})
		}
	}
	if len(peers) == 0 {
		peers = []rule{{Traffic: value.Traffic{Peer: "0.0.0.0/0"}, at: rec.res.Attributes}}
	}
	found := false
	for _, part := range [...]struct{ list, verdict string }{{"allow", ""}, {"deny", "deny"}} {
		blocks := rec.attr(part.list)
		if blocks == nil || blocks.Kind != doc.List || len(blocks.Items) == 0 {
			continue
		}
		rec.skip[part.list], found = true, true
		for _, b := range blocks.Items {
			for _, peer := range peers {
				peer.Direction, peer.Verdict, peer.by = direction, part.verdict, rec
				r.groups[rec] = append(r.groups[rec], withPorts(peer, b.Get("protocol").Str(), items(b.Get("ports")))...)
			}
		}
	}
	if found {
		for _, list := range lists {
			rec.skip[list] = true
		}
	}
}

// withPorts makes a rule for each range of ports; none is any.
func withPorts(x rule, protocol string, ports []*doc.Node) []*rule {
	x.Protocol = protocolOf(protocol)
	if len(ports) == 0 {
		x.Ports = portsOf(x.Protocol, "", "")
		return []*rule{&x}
	}
	var all []*rule
	for _, p := range ports {
		y := x
		from, to, _ := strings.Cut(p.Text, "-")
		if p.Text == "*" {
			from = ""
		}
		y.Ports = portsOf(x.Protocol, from, to)
		all = append(all, &y)
	}
	return all
}

// azureGroup is the record of the group that a rule names: by its name and
// resource group, for the rule does not know its identifier.
func (r *reader) azureGroup(rec *record) *record {
	if r.azureGroups == nil {
		r.azureGroups = map[[3]string]*record{}
		for _, g := range r.records {
			if g.res.Type == "azurerm_network_security_group" {
				r.azureGroups[[3]string{stateOf(g.res.Scope), g.text("resource_group_name"), g.text("name")}] = g
			}
		}
	}
	if g := r.azureGroups[[3]string{stateOf(rec.res.Scope), rec.text("resource_group_name"), rec.text("network_security_group_name")}]; g != nil {
		return g
	}
	return rec
}

// azureRule reads a rule of a network security group.
func (r *reader) azureRule(rec *record, _ string, n *doc.Node) []*rule {
	direction, near, far := "ingress", "destination", "source"
	if strings.EqualFold(n.Get("direction").Str(), "Outbound") {
		direction, near, far = "egress", "source", "destination"
	}
	ports := oneOrMany(n, "destination_port_range")
	var all []*rule
	for _, peer := range oneOrMany(n, far+"_address_prefix") {
		x := rule{at: peer, by: rec, order: n.Get("priority").Str(), Traffic: value.Traffic{
			Direction: direction, Verdict: strings.ToLower(n.Get("access").Str()), Peer: r.peer(rec, anyone(peer.Text)), At: besides(n, near),
		}}
		all = append(all, withPorts(x, n.Get("protocol").Str(), ports)...)
	}
	return all
}

// oneOrMany reads a value that is given by itself, or as a list under the
// plural.
func oneOrMany(n *doc.Node, name string) []*doc.Node {
	plural := name + "s"
	if strings.HasSuffix(name, "x") {
		plural = name + "es"
	}
	all := items(n.Get(plural))
	if one := n.Get(name); one.Str() != "" {
		all = append(all, one)
	}
	return all
}

func anyone(text string) string {
	if text == "*" {
		return "any"
	}
	return text
}

// besides says what of the group's own addresses, and from which ports, a rule
// is for; empty where it is for all.
func besides(n *doc.Node, near string) string {
	var parts []string
	for _, x := range oneOrMany(n, near+"_address_prefix") {
		if x.Text != "*" {
			parts = append(parts, x.Text)
		}
	}
	for _, x := range oneOrMany(n, "source_port_range") {
		if x.Text != "*" && x.Text != "0-65535" {
			parts = append(parts, "source-port:"+x.Text)
		}
	}
	slices.Sort(parts)
	return strings.Join(parts, ",")
}
