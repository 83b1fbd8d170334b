package compare

import (
	"sort"
	"strings"

	"github.com/envparity/parity"
)

// outcome gathers what the run learned, in a fixed order.
func (r *run) outcome() *Outcome {
	return &Outcome{
		Bindings:    r.bindings(),
		Shared:      r.sharedValues(),
		IDs:         r.identifierPairs(),
		Ambiguities: r.found.ambiguities,
		Rules:       r.ruleCounts(),
		Gaps:        r.gapCounts(),
		Alignments:  r.alignments(),
		Behaviours:  r.measured.all,
	}
}

// bindings lists each role once, with the spellings of every column. Roles of
// different columns are one where the reference spells them alike.
func (r *run) bindings() []parity.Binding {
	byKey := map[string]*parity.Binding{}
	var order []string
	for _, c := range r.cols {
		b := r.binders[c.index]
		if b == nil {
			continue
		}
		for k, x := range b.roles {
			if !r.opt.EveryBinding && x.facts == 0 && !x.cited && x.origin != "declared" && x.origin != "frozen" {
				continue
			}
			key := joinKey(x.name, x.origin, strings.Join(x.ref, ","))
			g := byKey[key]
			if g == nil {
				g = &parity.Binding{ID: b.id(class(k)), Role: x.name, Origin: x.origin}
				g.Spellings = append(g.Spellings, spellings(r.ref.name, x.ref)...)
				byKey[key] = g
				order = append(order, key)
			}
			g.Spellings = append(g.Spellings, spellings(c.name, x.own)...)
			g.Support += len(x.support)
			g.Against += x.against
			g.Facts += x.facts
			for _, e := range x.examples {
				if len(g.Examples) < 3 {
					g.Examples = append(g.Examples, parity.FactRef{Subject: r.rows[e.row].aligned.Key, Path: e.path})
				}
			}
		}
	}
	out := make([]parity.Binding, 0, len(order))
	for _, key := range order {
		g := byKey[key]
		if g.Facts == 0 && g.Origin == "declared" {
			g.Note = "it makes no two values equal; a spelling stands for itself only as whole words between separators"
		}
		out = append(out, *g)
	}
	if r.opt.EveryBinding {
		return out
	}
	sort.SliceStable(out, func(i, j int) bool {
		switch a, b := &out[i], &out[j]; {
		case (a.Note == "") != (b.Note == ""):
			return a.Note != ""
		case a.Facts != b.Facts:
			return a.Facts > b.Facts
		default:
			return a.ID < b.ID
		}
	})
	return out
}

func spellings(column string, texts []string) []parity.Spelling {
	sorted := append([]string(nil), texts...)
	sort.Strings(sorted)
	var out []parity.Spelling
	for _, t := range sorted {
		out = append(out, parity.Spelling{Column: column, Text: t})
	}
	return out
}

func (r *run) sharedValues() []parity.SharedValue {
	var out []parity.SharedValue
	for _, s := range r.found.shared {
		out = append(out, *s)
	}
	sort.Slice(out, func(i, j int) bool {
		if x, y := len(out[i].Columns) > 0, len(out[j].Columns) > 0; x != y {
			return x // addresses first
		}
		if out[i].Facts != out[j].Facts {
			return out[i].Facts > out[j].Facts
		}
		return out[i].Token+out[i].Owner < out[j].Token+out[j].Owner
	})
	return append(r.sharedSecrets(), out...)
}

// sharedSecrets lists each secret that several environments have once.
func (r *run) sharedSecrets() []parity.SharedValue {
	var out []parity.SharedValue
	for _, s := range r.found.sharedSecrets {
		sort.Strings(s.Columns)
		out = append(out, *s)
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := &out[i], &out[j]
		if a.Facts != b.Facts {
			return a.Facts > b.Facts
		}
		x, y := a.Where[0], b.Where[0]
		return joinKey(x.Subject.String(), x.Path, a.Owner) < joinKey(y.Subject.String(), y.Path, b.Owner)
	})
	return out
}

func (r *run) identifierPairs() []parity.IdentifierPair {
	var out []parity.IdentifierPair
	for p, n := range r.found.idPairs {
		out = append(out, parity.IdentifierPair{Shape: p.shape, Facts: n, Spellings: []parity.Spelling{
			{Column: r.cols[p.col].name, Text: p.own}, {Column: r.ref.name, Text: p.ref},
		}})
	}
	sort.Slice(out, func(i, j int) bool {
		a, b := out[i].Spellings, out[j].Spellings
		return joinKey(a[0].Column, a[0].Text, a[1].Text) < joinKey(b[0].Column, b[0].Text, b[1].Text)
	})
	return out
}

func (r *run) ruleCounts() []parity.RuleCount {
	var out []parity.RuleCount
	for _, x := range parity.Rules() {
		if n := r.found.rules[x]; n > 0 {
			out = append(out, parity.RuleCount{Rule: x, Facts: n})
		}
	}
	return out
}

func (r *run) alignments() []parity.SubjectRef {
	var out []parity.SubjectRef
	for _, w := range r.rows {
		if m := w.aligned.Alignment.Method; m == "exact" || m == "none" {
			continue
		}
		k := w.aligned.Key
		out = append(out, parity.SubjectRef{Kind: k.Kind, Group: k.Group, Scope: k.Scope, Name: k.Name, Alignment: w.aligned.Alignment})
	}
	return out
}
