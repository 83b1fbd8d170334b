package spans

import (
	"cmp"
	"slices"
	"time"

	"github.com/envparity/parity/internal/naming"
)

// Node is a span in its place.
type Node struct {
	*Span
	// Parent is an index into the tree's nodes, or -1.
	Parent   int
	Children []int
	// Orphan is set where the span names a parent that is not there.
	Orphan bool
	// Begin is the start in the parent's clock.
	Begin int64
	// Self is the part of the duration in which no child was running.
	Self time.Duration
}

// End is when the span ended, in the parent's clock.
func (n *Node) End() int64 { return n.Begin + int64(n.Duration) }

// Tree is a trace with its spans in place: whatever the spans say, each is
// there once, and every chain of parents ends.
type Tree struct {
	Nodes []Node
	Roots []int
	// Doubles, Orphans and Cycles count what was put right.
	Doubles, Orphans, Cycles int
}

// Grow puts the spans of a trace in place. The tree refers to them.
func Grow(t *Trace) *Tree {
	tree := &Tree{}
	at := tree.place(t.Spans)
	tree.connect(at)
	tree.cut()
	for i := range tree.Nodes {
		n := &tree.Nodes[i]
		if n.Parent < 0 {
			tree.Roots = append(tree.Roots, i)
			continue
		}
		tree.Nodes[n.Parent].Children = append(tree.Nodes[n.Parent].Children, i)
	}
	for _, root := range tree.Roots {
		tree.align(root)
	}
	for i := range tree.Nodes {
		tree.Nodes[i].Self = tree.self(i)
	}
	return tree
}

// pair are the places of the spans with one identity: a client's and its
// server's may share it.
type pair struct{ server, other int }

// place keeps each span once, in order of time, and gives the places of
// identities.
func (t *Tree) place(all []Span) map[ID]pair {
	t.Nodes = make([]Node, 0, len(all))
	order := make([]*Span, len(all))
	for i := range all {
		order[i] = &all[i]
	}
	slices.SortStableFunc(order, func(a, b *Span) int { return cmp.Compare(a.Start, b.Start) })
	at := make(map[ID]pair, len(all))
	for _, s := range order {
		p, ok := at[s.ID]
		if !ok {
			p = pair{-1, -1}
		}
		where := &p.other
		if s.Kind.Serves() {
			where = &p.server
		}
		if *where >= 0 && s.ID != 0 {
			t.Doubles++
			continue
		}
		*where = len(t.Nodes)
		at[s.ID] = p
		t.Nodes = append(t.Nodes, Node{Span: s, Parent: -1, Begin: s.Start})
	}
	return at
}

// connect finds the parents.
func (t *Tree) connect(at map[ID]pair) {
	for i := range t.Nodes {
		n := &t.Nodes[i]
		if own := at[n.ID]; n.ID != 0 && own.server == i && own.other >= 0 && t.Nodes[own.other].Kind.Calls() {
			n.Parent = own.other // client and server share the identity
			continue
		}
		if n.Span.Parent == 0 {
			continue
		}
		p, ok := at[n.Span.Parent]
		switch {
		case !ok || n.Span.Parent == n.ID:
			n.Orphan = true
			t.Orphans++
		case n.Kind.Serves() && p.other >= 0, p.server < 0:
			n.Parent = p.other
		default:
			n.Parent = p.server
		}
	}
}

// cut ends chains of parents that come back to where they began.
func (t *Tree) cut() {
	const (
		fresh = iota
		open
		done
	)
	state := make([]uint8, len(t.Nodes))
	for i := range t.Nodes {
		var chain []int
		for at := i; at >= 0 && state[at] != done; at = t.Nodes[at].Parent {
			if state[at] == open {
				// The chain closed at a span of its own. The earliest of the
				// circle, the lowest index, becomes a root.
				first := at
				for p := t.Nodes[at].Parent; p != at; p = t.Nodes[p].Parent {
					first = min(first, p)
				}
				t.Nodes[first].Parent = -1
				t.Cycles++
				break
			}
			state[at] = open
			chain = append(chain, at)
		}
		for _, at := range chain {
			state[at] = done
		}
	}
}

// align puts the clock of a service that was called right by that of its
// caller: a server's span cannot begin before its client's, nor end after it.
// The difference moves all that hangs below.
func (t *Tree) align(root int) {
	type step struct {
		node  int
		shift int64
	}
	todo := []step{{root, 0}}
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		n := &t.Nodes[s.node]
		n.Begin += s.shift
		if n.Parent >= 0 {
			more := skew(&t.Nodes[n.Parent], n)
			n.Begin += more
			s.shift += more
		}
		for _, child := range n.Children {
			todo = append(todo, step{child, s.shift})
		}
	}
}

// skew is how much later a child ran by its parent's clock.
func skew(parent, child *Node) int64 {
	if child.Service == parent.Service || child.Kind != naming.ServerSpan || child.Duration > parent.Duration {
		return 0
	}
	if child.Begin >= parent.Begin && child.End() <= parent.End() {
		return 0
	}
	return parent.Begin + int64(parent.Duration-child.Duration)/2 - child.Begin
}

// self is the duration less the union of the children's.
func (t *Tree) self(i int) time.Duration {
	n := &t.Nodes[i]
	if len(n.Children) == 0 {
		return n.Duration
	}
	order := slices.Clone(n.Children)
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(t.Nodes[a].Begin, t.Nodes[b].Begin) })
	left, until := int64(n.Duration), n.Begin
	for _, child := range order {
		begin, end := max(t.Nodes[child].Begin, until), min(t.Nodes[child].End(), n.End())
		if end > begin {
			left -= end - begin
			until = end
		}
	}
	return time.Duration(left)
}

// Served gives the service and the name of what a call reached: the server's
// span below it, or what the call itself says.
func (t *Tree) Served(i int) (service, name string) {
	for _, child := range t.Nodes[i].Children {
		if c := &t.Nodes[child]; c.Kind.Serves() && c.Service != "" {
			return c.Service, c.Name
		}
	}
	return t.Nodes[i].Peer, t.Nodes[i].Name
}
