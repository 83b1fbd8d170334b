package ansible

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// variable is one that a group or host is given, with the file that gives it.
type variable struct {
	file  string
	value *doc.Node
}

// group is a group of hosts.
type group struct {
	name            string
	parents, kids   map[string]bool
	hosts           map[string]bool
	file            string
	line, col       int32
	given, fromFile map[string]variable // by the inventory, by group_vars
	depth           int
}

// host is a host.
type host struct {
	name            string
	file            string
	line, col       int32
	given, fromFile map[string]variable // by the inventory, by host_vars
}

// inventory is what all of its files say together.
type inventory struct {
	groups map[string]*group
	hosts  map[string]*host
}

// The bounds of an inventory.
const (
	maxHosts  = 200_000
	maxGroups = 50_000
	maxDepth  = 100
)

var errTooMany = errors.New("the inventory has too many hosts or groups")

func newInventory() *inventory {
	inv := &inventory{groups: map[string]*group{}, hosts: map[string]*host{}}
	inv.groups["all"] = newGroup("all")
	return inv
}

func newGroup(name string) *group {
	return &group{name: name, parents: map[string]bool{}, kids: map[string]bool{}, hosts: map[string]bool{}, given: map[string]variable{}, fromFile: map[string]variable{}}
}

// position is a place in a file of the inventory.
type position struct {
	file      string
	line, col int32
}

func (inv *inventory) group(name string, at position) (*group, error) {
	g := inv.groups[name]
	if g == nil {
		if len(inv.groups) >= maxGroups {
			return nil, errTooMany
		}
		g = newGroup(name)
		inv.groups[name] = g
	}
	if g.file == "" {
		g.file, g.line, g.col = at.file, at.line, at.col
	}
	return g, nil
}

// child puts a group below another, unless that is below it already.
func (inv *inventory) child(parent, name string, at position) error {
	p, err := inv.group(parent, at)
	if err != nil {
		return err
	}
	c, err := inv.group(name, at)
	if err != nil {
		return err
	}
	if inv.isBelow(p.name, c.name, map[string]bool{}) {
		return fmt.Errorf("a group is below itself")
	}
	p.kids[name], c.parents[parent] = true, true
	return nil
}

// isBelow reports whether a group is another, or below it.
func (inv *inventory) isBelow(name, above string, seen map[string]bool) bool {
	if name == above {
		return true
	}
	if seen[name] {
		return false
	}
	seen[name] = true
	for p := range inv.groups[name].parents {
		if inv.isBelow(p, above, seen) {
			return true
		}
	}
	return false
}

// host adds a host to a group.
func (inv *inventory) host(g *group, name string, at position) (*host, error) {
	h := inv.hosts[name]
	if h == nil {
		if len(inv.hosts) >= maxHosts {
			return nil, errTooMany
		}
		h = &host{name: name, file: at.file, line: at.line, col: at.col, given: map[string]variable{}, fromFile: map[string]variable{}}
		inv.hosts[name] = h
	}
	g.hosts[name] = true
	return h, nil
}

// settle gives each group its depth: the longest way from the group of all.
func (inv *inventory) settle() {
	for name, g := range inv.groups {
		if name != "all" && len(g.parents) == 0 {
			g.parents["all"] = true
			inv.groups["all"].kids[name] = true
		}
	}
	known := map[string]int{}
	var depth func(name string, left int) int
	depth = func(name string, left int) int {
		if d, ok := known[name]; ok || left == 0 {
			return d
		}
		most := 0
		for p := range inv.groups[name].parents {
			most = max(most, depth(p, left-1)+1)
		}
		known[name] = most
		return most
	}
	for name, g := range inv.groups {
		g.depth = depth(name, maxDepth)
	}
}

// above lists a group and those that it is below, in the order in which their
// variables are laid over each other: by depth, priority and name.
func (inv *inventory) above(g *group) []*group {
	found := map[string]*group{}
	var visit func(g *group)
	visit = func(g *group) {
		if found[g.name] != nil {
			return
		}
		found[g.name] = g
		for p := range g.parents {
			visit(inv.groups[p])
		}
	}
	visit(g)
	list := make([]*group, 0, len(found))
	for _, g := range found {
		list = append(list, g)
	}
	slices.SortFunc(list, func(a, b *group) int {
		return cmp.Or(cmp.Compare(a.depth, b.depth), cmp.Compare(a.priority(), b.priority()), strings.Compare(a.name, b.name))
	})
	return list
}

func (g *group) priority() int {
	n, err := strconv.Atoi(g.given["ansible_group_priority"].value.Str())
	if err != nil {
		return 1
	}
	return n
}

// origin is a variable with the group that gives it.
type origin struct {
	variable
	group string
}

// effective gives the variables of a group's hosts as Ansible merges them: what
// the inventory says of all groups, then what the files of group_vars say.
func (inv *inventory) effective(g *group) map[string]origin {
	out := map[string]origin{}
	chain := inv.above(g)
	for _, of := range []func(*group) map[string]variable{
		func(g *group) map[string]variable { return g.given },
		func(g *group) map[string]variable { return g.fromFile },
	} {
		for _, x := range chain {
			for name, v := range of(x) {
				out[name] = origin{v, x.name}
			}
		}
	}
	delete(out, "ansible_group_priority")
	return out
}

// ungrouped puts the hosts that are in no group but all into that of the others.
func (inv *inventory) ungrouped() error {
	in := map[string]bool{}
	for name, g := range inv.groups {
		if name != "all" && name != "ungrouped" {
			for h := range g.hosts {
				in[h] = true
			}
		}
	}
	for _, name := range [...]string{"all", "ungrouped"} {
		g := inv.groups[name]
		if g == nil {
			continue
		}
		for h := range g.hosts {
			if in[h] {
				delete(g.hosts, h)
				continue
			}
			if name == "all" {
				u, err := inv.group("ungrouped", position{g.file, g.line, g.col})
				if err != nil {
					return err
				}
				delete(g.hosts, h)
				u.hosts[h] = true
			}
		}
	}
	return nil
}
