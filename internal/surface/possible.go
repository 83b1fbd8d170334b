package surface

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// Possible returns every surface that the table may give to facts of a kind at
// the paths that begin with prefix. It never leaves one out, and may name one
// that no path is on.
func (t *Table) Possible(kind, prefix string) []parity.Surface {
	var out []parity.Surface
	add := func(s parity.Surface) {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	for i := range t.rows {
		r := &t.rows[i]
		if !anyFits(r.kinds, kind) {
			continue
		}
		if r.tail {
			add(r.surface) // what follows the prefix may end in anything
			continue
		}
		may, always := r.path.begins(prefix)
		if may {
			add(r.surface)
		}
		if always {
			return out
		}
	}
	add(parity.Config)
	return out
}

// begins reports whether the pattern may fit a text that begins with s, and
// whether it fits all of them.
func (p pattern) begins(s string) (may, always bool) {
	switch p.how {
	case whole:
		return strings.HasPrefix(p.text, s), false
	case prefix:
		always = strings.HasPrefix(s, p.text)
		return always || strings.HasPrefix(p.text, s), always
	case around:
		return strings.HasPrefix(s, p.text) || strings.HasPrefix(p.text, s), false
	case suffix, within:
		return true, false
	case contains:
		return true, strings.Contains(s, p.text)
	default:
		return true, true
	}
}
