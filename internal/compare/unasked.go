package compare

import (
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/behaviour"
)

// unasked says of each service once what one of the two sides was never asked: of
// such endpoints and calls nothing is known, however many there are.
func (r *run) unasked(c *column) []parity.Judged {
	if !c.formats[behaviourFormat] || !r.ref.formats[behaviourFormat] {
		return nil
	}
	found := map[unaskedKey][]string{}
	for _, w := range r.rows {
		own, ref := w.aligned.Sides[c.index], w.aligned.Sides[r.ref.index]
		silent, seen := c, ref
		if ref == nil {
			silent, seen = r.ref, own
		}
		if (own == nil) == (ref == nil) || !isMeasured(seen) || silent.hides(seen.Subject.Key) {
			continue
		}
		key := unaskedKey{service: seen.Subject.Scope, kind: seen.Subject.Kind, inReference: ref == nil}
		found[key] = append(found[key], seen.Subject.Name)
	}
	var keys []unaskedKey
	for k := range found {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, unaskedKey.compare)
	var out []parity.Judged
	for _, k := range keys {
		out = append(out, k.judged(c.name, found[k]))
	}
	return out
}

// behaviourFormat is the format of endpoints and integrations.
const behaviourFormat = "behaviour"

// isMeasured reports whether a subject is an endpoint or integration of which
// something was measured.
func isMeasured(s *parity.SubjectFacts) bool {
	if s.Subject.Kind != parity.EndpointKind && s.Subject.Kind != parity.IntegrationKind {
		return false
	}
	return slices.ContainsFunc(s.Facts, func(f parity.Fact) bool { return f.Value.Kind.Measured() })
}

// hides reports whether a gap of the column covers a subject.
func (c *column) hides(k parity.Key) bool {
	return slices.ContainsFunc(c.gaps, func(g parity.Gap) bool { return g.CoversSubject(k) })
}

// unaskedKey is what one side of a service was never asked.
type unaskedKey struct {
	service, kind string
	inReference   bool
}

func (k unaskedKey) compare(other unaskedKey) int {
	text := func(k unaskedKey) string { return fmt.Sprint(k.service, "\x00", k.kind, k.inReference) }
	return strings.Compare(text(k), text(other))
}

// namedUnasked are the names that a note holds.
const namedUnasked = 3

func (k unaskedKey) judged(column string, names []string) parity.Judged {
	slices.Sort(names)
	what, did := "endpoint", "was asked"
	if k.kind == parity.IntegrationKind {
		what, did = "integration", "was called"
	}
	if len(names) > 1 {
		what += "s"
		did = strings.Replace(did, "was", "were", 1)
	}
	list := strings.Join(names[:min(len(names), namedUnasked)], ", ")
	if more := len(names) - namedUnasked; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	where := "in the reference and never here"
	if k.inReference {
		where = "here and never in the reference"
	}
	return parity.Judged{
		Column: column, Subject: parity.Key{Kind: parity.WholeService, Name: k.service}, Answer: parity.AnswerInconclusive,
		Effect: "difference", Reason: behaviour.Unasked, Note: fmt.Sprintf("%d %s %s %s: %s", len(names), what, did, where, list),
	}
}
