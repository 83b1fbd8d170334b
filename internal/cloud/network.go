package cloud

import (
	"cmp"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// rule is one network rule with the resource that states it.
type rule struct {
	value.Traffic
	order string // its number, kept where it decides
	at    *doc.Node
	by    *record
	// whole is set where the resource is nothing but this rule.
	whole bool
}

// rules reads the network rules of a resource.
func (r *reader) rules(rec *record) {
	switch rec.res.Type {
	case "aws_security_group", "aws_default_security_group":
		r.inline(rec, "ingress", r.groupRule)
		r.inline(rec, "egress", r.groupRule)
	case "aws_network_acl", "aws_default_network_acl":
		r.inline(rec, "ingress", r.aclRule)
		r.inline(rec, "egress", r.aclRule)
	case "aws_security_group_rule":
		r.apart(rec, r.group(rec, "security_group_id"), r.groupRule(rec, rec.text("type"), rec.res.Attributes))
	case "aws_vpc_security_group_ingress_rule":
		r.apart(rec, r.group(rec, "security_group_id"), r.newRule(rec, "ingress"))
	case "aws_vpc_security_group_egress_rule":
		r.apart(rec, r.group(rec, "security_group_id"), r.newRule(rec, "egress"))
	case "aws_network_acl_rule":
		direction := "ingress"
		if rec.text("egress") == "true" {
			direction = "egress"
		}
		r.apart(rec, r.group(rec, "network_acl_id"), r.aclRule(rec, direction, rec.res.Attributes))
	case "google_compute_firewall":
		r.googleFirewall(rec)
	case "azurerm_network_security_group":
		r.inline(rec, "security_rule", r.azureRule)
	case "azurerm_network_security_rule":
		r.apart(rec, r.azureGroup(rec), r.azureRule(rec, "", rec.res.Attributes))
	}
}

// inline reads the rules of a list of a group's own. Of one that is sensitive in
// part, only that there is one is told; one that is not known yet is left out.
func (r *reader) inline(rec *record, list string, read func(*record, string, *doc.Node) []*rule) {
	n, m := rec.res.Attributes.Get(list), rec.res.Secret.field(list)
	if n == nil || n.Kind != doc.List || m.whole() || slices.ContainsFunc(n.Items, func(x *doc.Node) bool { return x.Kind != doc.Map }) {
		return
	}
	if len(n.Items) > 0 {
		rec.skip[list] = true
	}
	for i, item := range n.Items {
		if rec.res.Unknown[list] && partly(item) {
			continue
		}
		rules := read(rec, list, item)
		if m.item(i).any() {
			hide(rules)
		}
		r.groups[rec] = append(r.groups[rec], rules...)
	}
}

// partly reports whether a rule lacks what it cannot be told without.
func partly(item *doc.Node) bool {
	needed := []string{"from_port", "to_port", "protocol"}
	if item.Get("priority") != nil || item.Get("access") != nil { // one of Azure's
		needed = []string{"priority", "access", "direction", "protocol"}
	}
	return slices.ContainsFunc(needed, func(name string) bool { return item.Get(name) == nil })
}

// hide takes what is said of peers and ports out of rules.
func hide(rules []*rule) {
	for _, x := range rules {
		x.Peer, x.At = hidden, ""
		if x.Ports != "" {
			x.Ports = hidden
		}
	}
}

// apart adds the rules of a resource that is nothing else to its group.
func (r *reader) apart(rec, group *record, rules []*rule) {
	if rec.unsure("security_group_id", "network_acl_id", "network_security_group_name") {
		return
	}
	if rec.res.Secret.any() {
		hide(rules)
	}
	for _, x := range rules {
		x.whole = true
	}
	r.groups[group] = append(r.groups[group], rules...)
}

// group is the record of the group that a rule names, or the rule's own where
// the state does not have it.
func (r *reader) group(rec *record, attribute string) *record {
	to := r.index.find(rec.res, attribute, rec.text(attribute))
	if to == nil && rec.text(attribute) == "" {
		to = r.index.at(rec.res.Refers[attribute])
	}
	if to != nil {
		if own := r.byAddress[to.Scope+"\x1f"+to.Type+"\x1f"+to.Name]; own != nil {
			return own
		}
	}
	return rec
}

// groupRule reads a rule of a security group in its older form: one for each
// peer of its lists.
func (r *reader) groupRule(rec *record, direction string, n *doc.Node) []*rule {
	protocol := protocolOf(n.Get("protocol").Str())
	ports := portsOf(protocol, n.Get("from_port").Str(), n.Get("to_port").Str())
	var all []*rule
	add := func(at *doc.Node, peer string) {
		all = append(all, &rule{Traffic: value.Traffic{Direction: direction, Protocol: protocol, Ports: ports, Peer: peer}, at: at, by: rec})
	}
	for _, list := range [...]string{"cidr_blocks", "ipv6_cidr_blocks", "prefix_list_ids", "security_groups"} {
		for _, item := range items(n.Get(list)) {
			add(item, r.peer(rec, item.Text))
		}
	}
	if source := n.Get("source_security_group_id"); source.Str() != "" && n.Get("self").Str() != "true" {
		add(source, r.peer(rec, source.Text))
	}
	if self := n.Get("self"); self.Str() == "true" {
		add(self, "itself")
	}
	return all
}

// newRule reads a rule of a security group in its newer form, with one peer.
func (r *reader) newRule(rec *record, direction string) []*rule {
	n := rec.res.Attributes
	protocol := protocolOf(n.Get("ip_protocol").Str())
	ports := portsOf(protocol, n.Get("from_port").Str(), n.Get("to_port").Str())
	for _, name := range [...]string{"cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"} {
		peer := n.Get(name)
		if peer.Str() == "" {
			continue
		}
		text := r.peer(rec, peer.Text)
		if peer.Text == n.Get("security_group_id").Str() {
			text = "itself"
		}
		return []*rule{{Traffic: value.Traffic{Direction: direction, Protocol: protocol, Ports: ports, Peer: text}, at: peer, by: rec}}
	}
	return nil
}

// aclRule reads a rule of a network ACL.
func (r *reader) aclRule(rec *record, direction string, n *doc.Node) []*rule {
	number, verdict := cmp.Or(n.Get("rule_no").Str(), n.Get("rule_number").Str()), cmp.Or(n.Get("action").Str(), n.Get("rule_action").Str())
	protocol := protocolOf(n.Get("protocol").Str())
	from, to := n.Get("from_port").Str(), n.Get("to_port").Str()
	if strings.HasPrefix(protocol, "icmp") {
		from, to = n.Get("icmp_type").Str(), n.Get("icmp_code").Str()
	}
	var all []*rule
	for _, name := range [...]string{"cidr_block", "ipv6_cidr_block"} {
		if peer := n.Get(name); peer.Str() != "" {
			all = append(all, &rule{Traffic: value.Traffic{
				Direction: direction, Verdict: strings.ToLower(verdict), Protocol: protocol, Ports: portsOf(protocol, from, to), Peer: r.peer(rec, peer.Text),
			}, order: number, at: peer, by: rec})
		}
	}
	return all
}

// peer names who a rule speaks of: a network without the bits that its mask
// leaves out, or a resource by its address.
func (r *reader) peer(rec *record, text string) string {
	if p, ok := value.Network(text); ok {
		return p.String()
	}
	return r.called(rec, "", text)
}

func items(n *doc.Node) []*doc.Node {
	if n == nil || n.Kind != doc.List {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(n.Items), func(x *doc.Node) bool { return x.Kind != doc.String || x.Text == "" })
}

// protocolOf names a protocol that is given by name or number.
func protocolOf(s string) string {
	switch s = strings.ToLower(s); s {
	case "-1", "all", "*", "any", "":
		return "all"
	case "6":
		return "tcp"
	case "17":
		return "udp"
	case "1":
		return "icmp"
	case "58":
		return "icmpv6"
	}
	return strings.ReplaceAll(s, " ", "-")
}

// portsOf writes a range of ports, or the type and code of ICMP.
func portsOf(protocol, from, to string) string {
	if protocol == "all" {
		return ""
	}
	if strings.HasPrefix(protocol, "icmp") {
		switch {
		case from == "" || from == "-1":
			return "any"
		case to == "" || to == "-1":
			return from
		}
		return from + "/" + to
	}
	a, errA := strconv.Atoi(from)
	b, errB := strconv.Atoi(cmp.Or(to, from))
	switch {
	case errA != nil || errB != nil || a < 0 || a == 0 && b >= 65535:
		return "any"
	case a >= b:
		return strconv.Itoa(a)
	}
	return strconv.Itoa(a) + "-" + strconv.Itoa(b)
}

// network tells the rules of each group on it, and says of the resources that
// state them that they are told there.
func (r *reader) network() {
	for _, rec := range slices.Clone(r.records) {
		rules := r.groups[rec]
		if len(rules) == 0 {
			continue
		}
		numbered(rules)
		merged := mergeNetworks(mergePorts(rules))
		seen := map[string]bool{}
		for _, x := range merged {
			text := x.String()
			if seen[text] {
				continue
			}
			seen[text] = true
			rec.tell(x, text)
		}
		for _, x := range rules {
			if !x.whole {
				continue
			}
			if i := slices.IndexFunc(merged, func(m *rule) bool { return m.Covers(x.Traffic) }); i >= 0 {
				x.by.deriveAll(rec.ref("/network[=" + merged[i].String() + "]"))
			}
		}
	}
}

// tell adds a rule to its group, from where it was stated.
func (rec *record) tell(x *rule, text string) {
	rec.stateBy(x.by, x.at, "/network[="+text+"]", parity.Value{Kind: parity.Tuple, Raw: text}, parity.SetOf(parity.NetworkTuples))
}

// numbered keeps the numbers of rules in the directions in which some allow and
// some deny: elsewhere their order says nothing.
func numbered(rules []*rule) {
	verdicts := map[string]map[string]bool{}
	for _, x := range rules {
		if verdicts[x.Direction] == nil {
			verdicts[x.Direction] = map[string]bool{}
		}
		verdicts[x.Direction][cmp.Or(x.Verdict, "allow")] = true
	}
	for _, x := range rules {
		if len(verdicts[x.Direction]) > 1 && x.order != "" {
			x.Order = x.order
		} else if x.Verdict == "allow" {
			x.Verdict = ""
		}
	}
}

// mergePorts joins port ranges that overlap or touch, of rules that are the
// same but for them.
func mergePorts(rules []*rule) []*rule {
	type span struct {
		from, to int
		rule     *rule
	}
	spans := map[value.Traffic][]span{}
	var order []value.Traffic
	var out []*rule
	for _, x := range rules {
		from, to, ok := value.PortRange(x.Ports)
		if x.Ports == "any" && !strings.HasPrefix(x.Protocol, "icmp") {
			from, to, ok = 0, 65535, true
		}
		if !ok || strings.HasPrefix(x.Protocol, "icmp") {
			out = append(out, x)
			continue
		}
		k := x.Traffic
		k.Ports = ""
		if spans[k] == nil {
			order = append(order, k)
		}
		spans[k] = append(spans[k], span{from, to, x})
	}
	for _, k := range order {
		list := spans[k]
		slices.SortStableFunc(list, func(a, b span) int { return cmp.Compare(a.from, b.from) })
		for i := 0; i < len(list); {
			joined := list[i]
			for i++; i < len(list) && list[i].from <= joined.to+1; i++ {
				joined.to = max(joined.to, list[i].to)
			}
			x := *joined.rule
			x.Ports = portsOf(x.Protocol, strconv.Itoa(joined.from), strconv.Itoa(joined.to))
			out = append(out, &x)
		}
	}
	return out
}

// mergeNetworks drops networks within others, and joins two halves of a larger
// one, of rules that are the same but for them.
func mergeNetworks(rules []*rule) []*rule {
	lists := map[value.Traffic][]netip.Prefix{}
	first := map[value.Traffic]map[netip.Prefix]*rule{}
	var order []value.Traffic
	var out []*rule
	for _, x := range rules {
		p, ok := value.Network(x.Peer)
		if !ok {
			out = append(out, x)
			continue
		}
		k := x.Traffic
		k.Peer = ""
		if first[k] == nil {
			first[k] = map[netip.Prefix]*rule{}
			order = append(order, k)
		}
		if first[k][p] == nil {
			first[k][p] = x
			lists[k] = append(lists[k], p)
		}
	}
	for _, k := range order {
		for _, p := range mergePrefixes(lists[k]) {
			x := first[k][p]
			if x == nil {
				x = first[k][lists[k][slices.IndexFunc(lists[k], p.Overlaps)]]
			}
			y := *x
			y.Peer = p.String()
			out = append(out, &y)
		}
	}
	return out
}

// mergePrefixes is the least list of networks that holds the same addresses.
func mergePrefixes(list []netip.Prefix) []netip.Prefix {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b netip.Prefix) int {
		return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
	})
	var out []netip.Prefix
	for _, p := range sorted {
		if n := len(out); n > 0 && out[n-1].Bits() <= p.Bits() && out[n-1].Contains(p.Addr()) {
			continue
		}
		out = append(out, p)
		for n := len(out); n > 1; n = len(out) {
			a, b := out[n-2], out[n-1]
			if a.Bits() != b.Bits() || a.Bits() == 0 || a.Addr().BitLen() != b.Addr().BitLen() {
				break
			}
			parent := netip.PrefixFrom(a.Addr(), a.Bits()-1).Masked()
			if parent.Addr() != a.Addr() || !parent.Contains(b.Addr()) {
				break
			}
			out = append(out[:n-2], parent)
		}
	}
	return out
}
