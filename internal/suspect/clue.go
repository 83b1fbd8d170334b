package suspect

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/word"
)

// clue is a candidate made ready: its words and its mechanism.
type clue struct {
	*Candidate
	kind   *kinds.Kind
	owners []string // lower case
	// words are those of the subject's name and of the path; has holds them in
	// the singular.
	words []string
	has   map[string]bool
	// mechanism is nil where none fits.
	mechanism *mechanism
}

func newClue(c *Candidate, declared *kinds.Set, known []mechanism) clue {
	x := clue{Candidate: c, kind: declared.OfDifference(c.Difference), has: map[string]bool{}}
	for _, o := range c.Owners {
		x.owners = append(x.owners, strings.ToLower(o))
	}
	d := c.Difference
	x.words = append(word.Split(d.Subject.Name), word.Split(lastly(d.Path))...)
	for _, s := range d.Sides {
		if s.Value != nil && d.Surface == parity.Network {
			x.words = append(x.words, word.Split(*s.Value)...)
		}
	}
	for _, e := range d.Explains {
		x.words = append(x.words, word.Split(e.Path)...)
	}
	for _, w := range append(word.Split(d.Path), x.words...) {
		x.has[word.Singular(w)] = true
	}
	if x.kind.Replicas != "" {
		x.has["replica"] = d.Path == x.kind.Replicas
	}
	if i := slices.IndexFunc(known, func(m mechanism) bool { return m.fits(x.has) }); i >= 0 {
		x.mechanism = &known[i]
	}
	return x
}

// lastly is the part of a path that names the setting: without what every
// object of its kind has before it.
func lastly(path string) string {
	for _, prefix := range []string{"/spec/template/spec", "/spec", "/data"} {
		if rest, ok := strings.CutPrefix(path, prefix); ok {
			return rest
		}
	}
	return path
}

// ownerless reports whether the subject is nobody's in particular: of a namespace
// or of the cluster.
func (c *clue) ownerless() bool {
	return c.kind.Shared || len(c.owners) == 0
}

// mentions gives the known names that the candidate's words hold, apart from
// the services that own it.
func (c *clue) mentions(known map[string]bool) []string {
	var out []string
	for _, w := range c.words {
		if known[w] && !slices.Contains(c.owners, w) && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}
