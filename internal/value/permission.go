package value

import (
	"net/netip"
	"slices"
	"strings"
)

// Permission is one tuple of a cloud's policy: an effect, and what it speaks
// of.
type Permission struct {
	// Effect is "allow", "deny", or "except": what an allowing tuple of the
	// same policy leaves out.
	Effect    string
	Action    Patterns
	Resource  Patterns
	Principal Patterns // without items where the policy belongs to who it is for
	// Conditions must all hold.
	Conditions []Condition
}

// Condition is one test of a request's context: the key's value against one of
// several.
type Condition struct {
	// Key and Operator are empty for an expression, which is the one value.
	Key, Operator string
	Values        []string
}

// String writes the permission as people read it, and as ParsePermission reads
// it: "allow s3:getobject on arn:aws:s3:::a/* to * if aws:securetransport bool
// true".
func (p Permission) String() string {
	b := p.Action.append(append([]byte(p.Effect), ' '))
	b = p.Resource.append(append(b, " on "...))
	if len(p.Principal.Items) > 0 {
		b = p.Principal.append(append(b, " to "...))
	}
	for i, c := range p.Conditions {
		if i == 0 {
			b = append(b, " if "...)
		} else {
			b = append(b, " and "...)
		}
		if c.Key != "" {
			b = append(appendItem(b, c.Key), ' ')
			b = append(appendItem(b, c.Operator), ' ')
		}
		b = appendList(b, c.Values)
	}
	return string(b)
}

// ParsePermission reads what String writes.
func ParsePermission(s string) (p Permission, ok bool) {
	r := &tupleReader{rest: s}
	switch p.Effect = r.plain(); p.Effect {
	case "allow", "deny", "except":
	default:
		return p, false
	}
	if p.Action, ok = r.patterns(); !ok || !r.word("on") {
		return p, false
	}
	if p.Resource, ok = r.patterns(); !ok {
		return p, false
	}
	if r.word("to") {
		if p.Principal, ok = r.patterns(); !ok {
			return p, false
		}
	}
	if r.rest == "" {
		return p, true
	}
	if !r.word("if") {
		return p, false
	}
	return p, r.conditions(&p)
}

func (r *tupleReader) conditions(p *Permission) bool {
	for {
		first, ok := r.patterns()
		if !ok {
			return false
		}
		c := Condition{Values: first.Items}
		if r.rest != "" && !strings.HasPrefix(r.rest, "and ") {
			operator, ok := r.patterns()
			if !ok || len(first.Items) != 1 || len(operator.Items) != 1 {
				return false
			}
			values, ok := r.patterns()
			if !ok {
				return false
			}
			c = Condition{Key: first.Items[0], Operator: operator.Items[0], Values: values.Items}
		}
		p.Conditions = append(p.Conditions, c)
		if r.rest == "" {
			return true
		}
		if !r.word("and") {
			return false
		}
	}
}

// Map gives the permission with every text replaced.
func (p Permission) Map(f func(string) string) Permission {
	each := func(items []string) []string {
		out := make([]string, len(items))
		for i, x := range items {
			out[i] = f(x)
		}
		return out
	}
	p.Resource.Items, p.Principal.Items = each(p.Resource.Items), each(p.Principal.Items)
	conditions := make([]Condition, len(p.Conditions))
	for i, c := range p.Conditions {
		conditions[i] = Condition{Key: c.Key, Operator: c.Operator, Values: each(c.Values)}
	}
	p.Conditions = conditions
	return p
}

// Covers reports whether all that q says is within what p says: p allows, or
// denies, at least as much.
func (p Permission) Covers(q Permission) bool {
	if p.Effect != q.Effect || !p.Action.Covers(q.Action) || !p.Resource.Covers(q.Resource) {
		return false
	}
	if len(p.Principal.Items) == 0 || len(q.Principal.Items) == 0 {
		if len(p.Principal.Items) != len(q.Principal.Items) {
			return false
		}
	} else if !p.Principal.Covers(q.Principal) {
		return false
	}
	for _, c := range p.Conditions {
		if !slices.ContainsFunc(q.Conditions, c.impliedBy) {
			return false
		}
	}
	return true
}

// impliedBy reports whether c holds wherever d does.
func (c Condition) impliedBy(d Condition) bool {
	if c.Key != d.Key || c.Operator != d.Operator {
		return false
	}
	if slices.Equal(c.Values, d.Values) {
		return true
	}
	operator := strings.TrimSuffix(c.Operator, "ifexists")
	operator = operator[strings.LastIndexByte(operator, ':')+1:]
	wide, narrow := c.Values, d.Values
	var within func(narrow, wide string) bool
	switch operator {
	case "stringequals", "stringequalsignorecase", "numericequals", "dateequals", "binaryequals":
		within = func(a, b string) bool { return a == b }
	case "stringlike", "arnlike", "arnequals":
		within = Within
	case "ipaddress":
		within = withinNetwork
	case "stringnotequals", "stringnotequalsignorecase", "numericnotequals", "datenotequals":
		wide, narrow = narrow, wide
		within = func(a, b string) bool { return a == b }
	case "stringnotlike", "arnnotlike", "arnnotequals":
		wide, narrow = narrow, wide
		within = Within
	case "notipaddress":
		wide, narrow = narrow, wide
		within = withinNetwork
	default:
		return false
	}
	return all(narrow, func(a string) bool { return slices.ContainsFunc(wide, func(b string) bool { return within(a, b) }) })
}

// withinNetwork reports whether the addresses of a network, or one address, are
// all in another network.
func withinNetwork(narrow, wide string) bool {
	if narrow == wide {
		return true
	}
	a, okA := Network(narrow)
	b, okB := Network(wide)
	return okA && okB && b.Bits() <= a.Bits() && b.Contains(a.Addr())
}

// Network reads an address or a network in the usual notation, without the
// bits that the mask leaves out.
func Network(s string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(s); err == nil {
		return p.Masked(), true
	}
	if a, err := netip.ParseAddr(s); err == nil && a.Zone() == "" {
		return netip.PrefixFrom(a, a.BitLen()), true
	}
	return netip.Prefix{}, false
}
