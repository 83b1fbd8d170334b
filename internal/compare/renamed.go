package compare

import (
	"fmt"
	"strings"

	"github.com/envparity/parity"
)

// renaming is how a column calls what the reference calls otherwise: the parts
// of both names that differ.
type renaming struct {
	col      int
	own, ref string
}

// renamed are the rows that a renaming is common to. The first tells it.
type renamed struct {
	first *parity.SubjectFacts
	count int
}

// name is the name of subjects that met though their names differ. A renaming
// that several subjects have in common is told once.
func (j *joiner) name(n int) trait {
	path := "/name"
	if scope := j.opt.Kinds.OfRow(&j.rows[n].aligned).ScopePath; scope != "" {
		path = scope[:strings.LastIndexByte(scope, '/')] + path
	}
	return trait{
		path: path, change: parity.NameChange,
		of: func(s *parity.Subject) string { return s.Name },
		note: func(c *column, own, ref *parity.SubjectFacts) string {
			if more := j.renamings()[j.renamingOf(c, own, ref)].count - 1; more > 0 {
				return fmt.Sprintf("%d more are renamed in the same way", more)
			}
			return ""
		},
		differs: func(c *column, own, ref *parity.SubjectFacts) bool {
			x := j.renamings()[j.renamingOf(c, own, ref)]
			return x != nil && x.first == own
		},
	}
}

// renamings counts the subjects that each renaming is common to.
func (j *joiner) renamings() map[renaming]*renamed {
	if j.names != nil {
		return j.names
	}
	j.names = map[renaming]*renamed{}
	for _, w := range j.rows {
		ref := w.aligned.Sides[j.ref.index]
		if !w.renamed || ref == nil {
			continue
		}
		for i, own := range w.aligned.Sides {
			if own == nil || i == j.ref.index {
				continue
			}
			k := j.renamingOf(j.cols[i], own, ref)
			if k.own == k.ref {
				continue
			}
			if j.names[k] == nil {
				j.names[k] = &renamed{first: own}
			}
			j.names[k].count++
		}
	}
	return j.names
}

// renamingOf takes from two names what both begin and end with, in whole
// segments. Environments' words and generated suffixes are no part of a name.
func (j *joiner) renamingOf(c *column, own, ref *parity.SubjectFacts) renaming {
	a, b := lastingName(c, &own.Subject), lastingName(j.ref, &ref.Subject)
	x := renaming{col: c.index, own: a, ref: b}
	if a == b {
		return renaming{col: c.index}
	}
	for {
		first, rest, more := cutSegment(x.own)
		other, restRef, moreRef := cutSegment(x.ref)
		if first != other || !more && !moreRef {
			break
		}
		x.own, x.ref = rest, restRef
	}
	for {
		last, rest, more := cutLastSegment(x.own)
		other, restRef, moreRef := cutLastSegment(x.ref)
		if last != other || last == "" || !more && !moreRef {
			break
		}
		x.own, x.ref = rest, restRef
	}
	return x
}

func lastingName(c *column, s *parity.Subject) string {
	if s.Stem != "" {
		return c.withoutWords(s.Stem)
	}
	return c.withoutWords(s.Name)
}

// cutSegment cuts a name behind its first segment.
func cutSegment(name string) (segment, rest string, ok bool) {
	i := strings.IndexFunc(name, func(r rune) bool { return strings.ContainsRune("-._/:", r) })
	if i < 0 {
		return name, "", false
	}
	return name[:i], name[i+1:], true
}

// cutLastSegment cuts a name before its last segment.
func cutLastSegment(name string) (segment, rest string, ok bool) {
	i := strings.LastIndexAny(name, "-._/:")
	if i < 0 {
		return name, "", false
	}
	return name[i+1:], name[:i], true
}
