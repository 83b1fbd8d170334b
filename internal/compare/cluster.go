package compare

import (
	"sort"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
)

// clustering joins the subjects that the same columns lack into causes: those
// that refer to each other, share a name, a release or an absent namespace;
// then those that share a rare part of their names or a file of their own; and
// only where many of one kind are left, those.
type clustering struct {
	r      *run
	parent map[*row]*row
	names  map[*row]parity.Cause
}

// clusters computes the clustering when first asked.
func (r *run) clusters() *clustering {
	if r.clustered == nil {
		r.clustered = newClustering(r)
	}
	return r.clustered
}

func newClustering(r *run) *clustering {
	k := &clustering{r: r, parent: map[*row]*row{}, names: map[*row]parity.Cause{}}
	var partial []*row
	for _, w := range r.rows {
		if k.signature(w) != "" {
			partial = append(partial, w)
			k.parent[w] = w
		}
	}
	k.joinBy(partial, func(w *row) []string { return []string{joinKey("name", w.aligned.Logical.Name)} })
	k.joinBy(partial, identities)
	k.joinNamespaces(partial)
	for _, w := range partial {
		k.joinReferences(w)
	}
	k.joinSelectors(partial)
	k.joinBy(partial, k.rare(partial, "word", (*row).words))
	k.joinBy(partial, k.rare(partial, "file", (*row).files))
	k.joinSingles(partial)
	k.nameAll(partial)
	return k
}

// signature says which columns have a subject; empty where all have it.
func (k *clustering) signature(w *row) string {
	s := make([]byte, len(w.aligned.Sides))
	all := true
	for i, side := range w.aligned.Sides {
		s[i] = '1'
		if side == nil {
			s[i], all = '0', false
		}
	}
	if all {
		return ""
	}
	return string(s)
}

func (k *clustering) root(w *row) *row {
	for k.parent[w] != w {
		k.parent[w] = k.parent[k.parent[w]]
		w = k.parent[w]
	}
	return w
}

func (k *clustering) join(a, b *row) {
	if k.parent[a] == nil || k.parent[b] == nil || k.signature(a) != k.signature(b) {
		return
	}
	k.parent[k.root(b)] = k.root(a)
}

func (k *clustering) joinBy(rows []*row, keys func(*row) []string) {
	first := map[string]*row{}
	for _, w := range rows {
		for _, key := range keys(w) {
			key = joinKey(k.signature(w), key)
			if f, ok := first[key]; ok {
				k.join(f, w)
			} else {
				first[key] = w
			}
		}
	}
}

func (w *row) any() *parity.SubjectFacts {
	for _, s := range w.aligned.Sides {
		if s != nil {
			return s
		}
	}
	return nil
}

func identities(w *row) []string {
	var keys []string
	s := &w.any().Subject
	for _, id := range s.IDs {
		if id.Method == "release" {
			keys = append(keys, joinKey("release", id.Value))
		}
	}
	for _, name := range [...]string{"app.kubernetes.io/instance", "app.kubernetes.io/part-of"} {
		if v, ok := s.Label(name); ok && v != "" {
			keys = append(keys, joinKey(name, v))
		}
	}
	return keys
}

// joinNamespaces joins what stands in a namespace with the namespace itself, if
// that is absent too.
func (k *clustering) joinNamespaces(rows []*row) {
	namespaces := map[string]*row{}
	for _, w := range rows {
		if k.r.opt.Kinds.OfRow(&w.aligned).Rank == kinds.RankScope {
			namespaces[w.aligned.Logical.Name] = w
		}
	}
	for _, w := range rows {
		if n := namespaces[w.aligned.Logical.Scope]; n != nil && w.aligned.Logical.Scope != "" {
			k.join(n, w)
		}
	}
}

func (k *clustering) joinReferences(w *row) {
	for i, s := range w.aligned.Sides {
		if s == nil {
			continue
		}
		for f := range s.Facts {
			if from := s.Facts[f].DerivedFrom; from != nil && s.Subject.Kind == parity.ImageSubject {
				if n, ok := k.r.cols[i].find(refKey{from.Subject.Kind, from.Subject.Scope, from.Subject.Name}); ok {
					k.join(w, k.r.rows[n]) // the workload that runs the image
				}
			}
			if s.Facts[f].Value.Kind != parity.Reference {
				continue
			}
			if n, ok := k.r.target(i, &s.Facts[f], s.Subject.Scope); ok {
				k.join(w, k.r.rows[n])
			}
		}
	}
}

// maxAlone is how many subjects of a kind stay causes of their own.
const maxAlone = 3

// joinSingles joins the rows that are alone so far by kind, where there are many
// of one kind. Those of one kind and name, in several scopes, are one.
func (k *clustering) joinSingles(rows []*row) {
	nameOf := func(w *row) string { return joinKey(w.aligned.Logical.Kind, w.aligned.Logical.Name) }
	names := map[*row]string{} // of a cluster; empty where it has several
	for _, w := range rows {
		root, name := k.root(w), nameOf(w)
		if have, ok := names[root]; ok && have != name {
			name = ""
		}
		names[root] = name
	}
	kindOf := func(w *row) string {
		return joinKey(k.signature(w), w.aligned.Logical.Kind, w.aligned.Logical.Group)
	}
	alone := map[string]int{}
	for _, w := range rows {
		if k.root(w) == w && names[w] != "" {
			alone[kindOf(w)]++
		}
	}
	single := func(w *row) bool { return names[k.root(w)] != "" && alone[kindOf(w)] > maxAlone }
	var many []*row
	for _, w := range rows {
		if single(w) {
			many = append(many, w)
		}
	}
	k.joinBy(many, func(w *row) []string {
		return []string{joinKey("kind", w.aligned.Logical.Kind, w.aligned.Logical.Group)}
	})
}

func (k *clustering) nameAll(rows []*row) {
	members := map[*row][]*row{}
	for _, w := range rows {
		members[k.root(w)] = append(members[k.root(w)], w)
	}
	rank := func(w *row) kinds.Rank { return k.r.opt.Kinds.OfRow(&w.aligned).Rank }
	for root, all := range members {
		sort.SliceStable(all, func(i, j int) bool { return rank(all[i]) < rank(all[j]) })
		first := &all[0].aligned
		k.names[root] = parity.Cause{Kind: "subject", Key: first.Logical.String(), Label: first.Key.String()}
	}
}

// cause is that of the row's cluster; empty where all columns have the subject.
func (k *clustering) cause(w *row) parity.Cause {
	if k.parent[w] == nil {
		return parity.Cause{}
	}
	return k.names[k.root(w)]
}
