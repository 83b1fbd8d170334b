package compare

import "github.com/envparity/parity"

// renamedScopes joins by kind and name alone what is left of a kind in a scope in
// which the other side has none of that kind: the reference for a column, and any
// column for the reference. Two scopes are one that was renamed only if half of
// what the smaller one holds, or more, has its namesake in the other: one name that
// two scopes share says nothing.
func (a *aligner) renamedScopes() {
	scopes := a.scopePairs()
	a.join("kind", movedConfidence, func(c *column, i int) (string, bool) {
		k := a.logical[c.index][i]
		if !a.newScope(c, [2]string{k.Kind, k.Scope}) || !scopes.renamed(c.index, &k) {
			return "", false
		}
		return namesake(&k), true
	})
}

// namesake is what subjects of one kind and name share in any scope.
func namesake(k *parity.Key) string { return joinKey(k.Kind, k.Group, "", k.Name) }

// scopeAt is a scope of one column.
type scopeAt struct {
	column int
	scope  string
}

// scopePairs are the scopes of subjects that lack a counterpart, by what they share:
// namesakes that have met in another way speak for it as well.
type scopePairs struct {
	sizes map[scopeAt]int // subjects in all
	where map[string][]scopeAt
	// common counts the namesakes of two scopes of different columns.
	common map[[2]scopeAt]int
}

func (a *aligner) scopePairs() *scopePairs {
	p := &scopePairs{sizes: map[scopeAt]int{}, where: map[string][]scopeAt{}, common: map[[2]scopeAt]int{}}
	first := make(map[int]string, len(a.rows))
	met := map[int][]scopeAt{} // by row whose subjects are in different scopes
	for _, c := range a.cols {
		for i := range c.rows {
			k := &a.logical[c.index][i]
			at := scopeAt{c.index, k.Scope}
			p.sizes[at]++
			w := a.rowOf(c, i)
			if w < 0 || !a.rows[w].full {
				p.where[namesake(k)] = append(p.where[namesake(k)], at)
			}
			if scope, ok := first[w]; w >= 0 && !ok {
				first[w] = k.Scope
			} else if w >= 0 && scope != k.Scope {
				met[w] = nil
			}
		}
	}
	a.countMet(p, met)
	for _, all := range p.where {
		if len(all) <= len(a.cols) { // else the name recurs within a column
			p.count(all)
		}
	}
	return p
}

// countMet counts the subjects that met though their scopes differ.
func (a *aligner) countMet(p *scopePairs, met map[int][]scopeAt) {
	if len(met) == 0 {
		return
	}
	for _, c := range a.cols {
		for i := range c.rows {
			if w := a.rowOf(c, i); w >= 0 {
				if all, ok := met[w]; ok {
					met[w] = append(all, scopeAt{c.index, a.logical[c.index][i].Scope})
				}
			}
		}
	}
	for _, all := range met {
		p.count(all)
	}
}

// count counts namesakes of different columns and scopes.
func (p *scopePairs) count(all []scopeAt) {
	for i, x := range all {
		for _, y := range all[:i] {
			if x.column != y.column && x.scope != y.scope {
				p.common[[2]scopeAt{y, x}]++
			}
		}
	}
}

// renamed reports whether a subject's scope is another column's, renamed, in which
// the subject has a namesake.
func (p *scopePairs) renamed(column int, k *parity.Key) bool {
	own := scopeAt{column, k.Scope}
	for _, other := range p.where[namesake(k)] {
		common := max(p.common[[2]scopeAt{own, other}], p.common[[2]scopeAt{other, own}])
		if common > 0 && 2*common >= min(p.sizes[own], p.sizes[other]) {
			return true
		}
	}
	return false
}

// unscopedKey joins what the reference declares without a namespace to the one
// subject of that kind and name, wherever it is.
func (a *aligner) unscopedKey(c *column, i int) (string, bool) {
	k := c.snap.Subjects[i].Subject.Key
	if (c == a.ref) != (k.Scope == "") {
		return "", false
	}
	return joinKey(k.Kind, k.Group, "", k.Name), true
}

func (a *aligner) newScope(c *column, scope [2]string) bool {
	if c != a.ref {
		return !a.scopes[a.ref.index][scope]
	}
	for i := range a.cols {
		if i != c.index && !a.scopes[i][scope] {
			return true
		}
	}
	return false
}

// unscopedPairs joins a Kubernetes object that states no namespace to the one
// of its kind and name that states one: objects of a cluster-scoped kind, to
// which a tool has added a namespace in some environments, and objects that get
// theirs when they are applied. The name must be unique in its column.
func (a *aligner) unscopedPairs() {
	type name struct{ kind, group, name string }
	type scopes struct {
		names []string // different ones, the empty one too
		count []int    // subjects by column
	}
	wanted := map[name]*scopes{}
	each := func(visit func(c *column, i int, k name)) {
		for _, c := range a.cols {
			for i := range c.rows {
				k := &a.logical[c.index][i]
				visit(c, i, name{k.Kind, k.Group, k.Name})
			}
		}
	}
	each(func(c *column, i int, k name) {
		if s := &c.snap.Subjects[i].Subject; s.Scope != "" || a.opt.Kinds.Of(s).ScopePath == "" {
			return
		}
		if w := a.rowOf(c, i); w < 0 || !a.rows[w].full {
			wanted[k] = &scopes{count: make([]int, len(a.cols))}
		}
	})
	if len(wanted) == 0 {
		return
	}
	refScope := map[name]string{}
	each(func(c *column, i int, k name) {
		s := wanted[k]
		if s == nil {
			return
		}
		s.count[c.index]++
		scope := a.logical[c.index][i].Scope
		if !contains(s.names, scope) {
			s.names = append(s.names, scope)
		}
		if c == a.ref {
			refScope[k] = scope
		}
	})
	a.join("kind", movedConfidence, func(c *column, i int) (string, bool) {
		l := &a.logical[c.index][i]
		k := name{l.Kind, l.Group, l.Name}
		s := wanted[k]
		if s == nil || s.count[c.index] != 1 || len(s.names) < 2 {
			return "", false
		}
		if ref, has := refScope[k]; len(s.names) > 2 && !(has && (ref == "" || l.Scope == "" || l.Scope == ref)) {
			return "", false // which of the namespaces is meant cannot be told
		}
		return joinKey(k.kind, k.group, "", k.name), true
	})
}
