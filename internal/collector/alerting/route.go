package alerting

import (
	"strconv"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/promrule"
	"github.com/envparity/parity/internal/value"
)

// rootRoute is what the route is called that takes every alert.
const rootRoute = "root"

// route is one node of the tree of routes.
type route struct {
	node *doc.Node
	// name is the path of matchers from the root.
	name   string
	parent *route
}

// routes reads a tree of routes. intervals are the times that routes may name.
func (r *reader) routes(root *doc.Node, intervals []*doc.Node) {
	top := &route{node: root, name: rootRoute}
	facts := r.routeFacts(top)
	for _, n := range intervals {
		name := n.Get("name").Str()
		doc.Flatten(n.Get("time_intervals"), "/timeIntervals[name="+name+"]", func(l doc.Leaf) {
			facts = append(facts, r.leaf(l))
		})
	}
	r.subject(top.key(), root, facts)
	r.children(top)
}

func (r *reader) children(parent *route) {
	taken := map[string]int{}
	for _, n := range items(parent.node.Get("routes")) {
		matchers := matchersOf(n.Get("match"), n.Get("match_re"), n.Get("matchers"))
		for _, m := range items(n.Get("object_matchers")) {
			if parts := items(m); len(parts) == 3 {
				matchers = append(matchers, matcher(parts[0].Str(), parts[1].Str(), parts[2].Str()))
			}
		}
		name := shown(matchers)
		if parent.parent != nil {
			name = parent.name + " > " + name
		}
		if taken[name]++; taken[name] > 1 {
			name += " #" + strconv.Itoa(taken[name])
		}
		child := &route{node: n, name: name, parent: parent}
		r.subject(child.key(), n, r.routeFacts(child))
		r.children(child)
	}
}

func (rt *route) key() parity.Key { return parity.Key{Kind: parity.RouteKind, Name: rt.name} }

// find gives a setting of the route: its own, or that of the nearest route above
// that has one.
func (rt *route) find(key string) (*doc.Node, *route) {
	for at := rt; at != nil; at = at.parent {
		if n := at.node.Get(key); n != nil && n.Kind != doc.Null {
			return n, at
		}
	}
	return nil, nil
}

// timing are the settings of a route that are times, and what they are where
// nobody sets them.
func timing() []struct {
	key, path string
	otherwise time.Duration
} {
	return []struct {
		key, path string
		otherwise time.Duration
	}{
		{"group_wait", "/groupWait", 30 * time.Second},
		{"group_interval", "/groupInterval", 5 * time.Minute},
		{"repeat_interval", "/repeatInterval", 4 * time.Hour},
	}
}

// routeFacts gives what is in force for a route. What it has from a route above
// is derived from that.
func (r *reader) routeFacts(rt *route) []parity.Fact {
	var facts []parity.Fact
	add := func(from *route, more ...parity.Fact) {
		for _, f := range more {
			if from != rt {
				f.DerivedFrom = &parity.FactRef{Subject: from.key(), Path: f.Path}
			}
			facts = append(facts, f)
		}
	}
	if n, from := rt.find("receiver"); n != nil {
		add(from, r.fact("/receiver", text(n.Str()), n))
	}
	if n, from := rt.find("group_by"); n != nil {
		add(from, r.members("/groupBy[=", n)...)
	}
	for _, t := range timing() {
		n, from := rt.find(t.key)
		if n == nil {
			add(rt, r.fact(t.path, promrule.Duration(t.otherwise), rt.node, parity.DefaultValue))
			continue
		}
		add(from, r.fact(t.path, promrule.ParseDuration(strings.TrimSpace(n.Str())), n, parity.DurationForm))
	}
	if n := rt.node.Get("continue"); n.Str() == "true" {
		add(rt, r.fact("/continue", boolean(true), n))
	} else {
		add(rt, r.fact("/continue", boolean(false), rt.node, parity.DefaultValue))
	}
	add(rt, r.members("/muteTimeIntervals[=", rt.node.Get("mute_time_intervals"))...)
	add(rt, r.members("/activeTimeIntervals[=", rt.node.Get("active_time_intervals"))...)
	return facts
}

// leaf makes a fact of a value for which no schema is known.
func (r *reader) leaf(l doc.Leaf) parity.Fact {
	scalar := value.StringScalar
	switch l.Node.Kind {
	case doc.Bool:
		scalar = value.BoolScalar
	case doc.Number:
		scalar = value.NumberScalar
	case doc.Null:
		scalar = value.NullScalar
	}
	v, rules := value.Of(l.Path, l.Node.Text, scalar)
	switch l.Kind {
	case doc.Member:
		v, rules = parity.Value{Kind: parity.Set, Raw: l.Node.Text}, 0
	case doc.Empty:
		v, rules = parity.Value{Kind: parity.List, Raw: "[]"}, parity.SetOf(parity.EmptyIsAbsent)
	}
	f := r.fact(l.Path, v, l.Node)
	f.Rules = rules
	return f
}
