// Package grouping puts differences together by what is behind them, says in
// words what each group is about, and orders groups by how likely they are to
// be repaired.
//
// There are two levels. A group is what one commit would settle: subjects on one
// side with what refers to them, the parts of one subject, or one cause that
// several subjects show. A block is one place of one class inside it.
package grouping

import (
	"cmp"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
)

// Group puts differences with one cause together; known declares their kinds.
// Groups that count come first; leaks before them all, then by rank. It reorders
// the differences, which groups then hold parts of: there may be very many.
func Group(all []parity.Difference, known *kinds.Set) []parity.Group {
	homes := homesOf(all, known)
	ranks := newRanker(all, homes, known)
	byKey := map[string]int{}
	groups := []parity.Group{}
	var members [][]int
	for i := range all {
		n, ok := byKey[homes[i].group]
		if !ok {
			n = len(groups)
			byKey[homes[i].group] = n
			groups = append(groups, parity.Group{Cause: homes[i].kind, Counts: all[i].Class.Counts()})
			members = append(members, nil)
		}
		members[n] = append(members[n], i)
	}
	ids := newIDs()
	for key, n := range byKey {
		ids.add(key, &groups[n])
	}
	ids.assign()
	order := make([]int, 0, len(all))
	blocks := make([][][]int, len(groups))
	for n := range groups {
		blocks[n] = ranks.blocks(all, homes, members[n])
		for _, b := range blocks[n] {
			order = append(order, b...)
		}
	}
	permute(all, order)
	first := 0
	for n := range groups {
		end := first + len(members[n])
		groups[n].Differences = all[first:end:end]
		ranks.fill(&groups[n], blocks[n], members[n])
		first = end
	}
	discount(groups)
	slices.SortStableFunc(groups, before)
	return groups
}

// permute moves differences so that each place holds the one that order names for
// it.
func permute(all []parity.Difference, order []int) {
	to := make([]int, len(order))
	for place, from := range order {
		to[from] = place
	}
	for i := range to {
		for to[i] != i {
			j := to[i]
			all[i], all[j] = all[j], all[i]
			to[i], to[j] = to[j], to[i]
		}
	}
}

// fill gives a group, which has its members, its blocks and what follows from them.
func (r *ranker) fill(g *parity.Group, blocks [][]int, members []int) {
	g.Blocks = make([]parity.Block, 0, len(blocks))
	services, columns := map[string]bool{}, map[string]bool{}
	for i := range g.Differences {
		d := &g.Differences[i]
		g.Severity = max(g.Severity, d.Severity)
		g.Facts += d.Facts
		if d.Subject.Service != "" {
			services[d.Subject.Service] = true
		}
		for _, c := range d.Columns {
			if !columns[c] {
				columns[c] = true
				g.Columns = append(g.Columns, c)
			}
		}
	}
	first := 0
	for _, b := range blocks {
		add := block(g.Differences[first : first+len(b)])
		if n := len(g.Blocks); n == 0 || !extend(&g.Blocks[n-1], &add, g.Differences[0].Sides) {
			g.Blocks = append(g.Blocks, add)
		}
		first += len(b)
	}
	g.Services = sorted(services)
	g.Class, g.Change = g.Blocks[0].Class, g.Blocks[0].Change
	for i := range g.Blocks {
		if g.Blocks[i].Class != g.Class || g.Blocks[i].Change != g.Change {
			g.Change = ""
		}
	}
	g.Surface = g.Differences[0].Surface
	g.Within = withinOf(g.Differences)
	g.Columns = inOrder(g.Columns, g.Differences[0].Sides)
	g.Rank = r.group(g, members)
	g.Summary = r.summary(g)
}

// inOrder puts names of columns in the order of the sides.
func inOrder(names []string, sides []parity.Side) []string {
	at := map[string]int{}
	for i, s := range sides {
		at[columnOf(s)] = i
	}
	slices.SortStableFunc(names, func(a, b string) int { return cmp.Compare(at[a], at[b]) })
	return names
}

// block describes the differences of one block.
func block(ds []parity.Difference) parity.Block {
	b := parity.Block{Object: object(ds), Text: text(ds), Class: ds[0].Class, Change: ds[0].Change, Members: len(ds)}
	for i := range ds {
		d := &ds[i]
		b.Severity = max(b.Severity, d.Severity)
		b.Facts += d.Facts
		if d.Change != b.Change {
			b.Change = ""
		}
		for _, c := range d.Columns {
			if !slices.Contains(b.Columns, c) {
				b.Columns = append(b.Columns, c)
			}
		}
	}
	b.Columns = inOrder(b.Columns, ds[0].Sides)
	return b
}

// extend adds a block to the one before it where a reader would read the same line
// twice: the columns of one fact may be of several kinds.
func extend(to, b *parity.Block, sides []parity.Side) bool {
	if to.Object != b.Object || to.Text != b.Text || to.Class != b.Class {
		return false
	}
	to.Members, to.Facts, to.Severity = to.Members+b.Members, to.Facts+b.Facts, max(to.Severity, b.Severity)
	if to.Change != b.Change {
		to.Change = ""
	}
	for _, c := range b.Columns {
		if !slices.Contains(to.Columns, c) {
			to.Columns = append(to.Columns, c)
		}
	}
	to.Columns = inOrder(to.Columns, sides)
	return true
}

// blocks puts members into blocks, those first that weigh most.
func (r *ranker) blocks(all []parity.Difference, homes []home, members []int) [][]int {
	byKey := make(map[string]int, min(len(members), 1<<16))
	var blocks [][]int
	for _, i := range members {
		n, ok := byKey[homes[i].block]
		if !ok {
			n = len(blocks)
			byKey[homes[i].block] = n
			blocks = append(blocks, nil)
		}
		blocks[n] = append(blocks[n], i)
	}
	inBlock := func(i, j int) int {
		return cmp.Or(cmp.Compare(r.weights[j], r.weights[i]), r.byName(&all[i], &all[j]))
	}
	for _, b := range blocks {
		slices.SortStableFunc(b, inBlock)
	}
	slices.SortStableFunc(blocks, func(a, b []int) int {
		return cmp.Or(cmp.Compare(r.heaviest(b), r.heaviest(a)), cmp.Compare(len(b), len(a)), inBlock(a[0], b[0]))
	})
	return blocks
}

// byName orders differences of one weight.
func (r *ranker) byName(a, b *parity.Difference) int {
	return cmp.Or(
		cmp.Compare(b.Severity, a.Severity), cmp.Compare(r.kinds.OfDifference(a).Rank, r.kinds.OfDifference(b).Rank),
		a.Subject.Key().Compare(b.Subject.Key()), strings.Compare(a.Path, b.Path), cmp.Compare(a.Class, b.Class),
	)
}

// before orders groups.
func before(a, b parity.Group) int {
	first := func(x, y bool) int {
		switch {
		case x == y:
			return 0
		case x:
			return -1
		}
		return 1
	}
	return cmp.Or(
		first(a.Counts, b.Counts), first(a.Class == parity.Leak, b.Class == parity.Leak),
		cmp.Compare(b.Rank, a.Rank), cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.Facts, a.Facts),
		strings.Compare(a.Summary, b.Summary), strings.Compare(a.ID, b.ID),
	)
}

func sorted(set map[string]bool) []string {
	names := make([]string, 0, len(set))
	for name := range set {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
