package compare

import (
	"strings"

	"github.com/envparity/parity/internal/value"
)

// opaque is one identifier in a text.
type opaque struct {
	shape, text string
}

// skeleton replaces the opaque identifiers in a text by their shape. Labels
// of hosts that look random count only where hosts is set.
func skeleton(s string, hosts bool) (string, []opaque) {
	var ids []opaque
	var b strings.Builder
	last := 0
	for i := 0; i < len(s); {
		if !alnum(s[i]) {
			i++
			continue
		}
		end, shape := opaqueAt(s, i, hosts)
		if shape == "" {
			i = segmentEnd(s, i)
			continue
		}
		b.WriteString(s[last:i])
		b.WriteByte(mark)
		b.WriteString(shape)
		b.WriteByte(mark)
		ids = append(ids, opaque{shape, s[i:end]})
		i, last = end, end
	}
	if ids == nil {
		return s, nil
	}
	b.WriteString(s[last:])
	return b.String(), ids
}

// opaqueAt reads the identifier that begins at i; shape is empty where there
// is none.
func opaqueAt(s string, i int, hosts bool) (end int, shape string) {
	if i+36 <= len(s) && (i+36 == len(s) || !alnum(s[i+36])) {
		if sh, ok := value.Identifier(s[i : i+36]); ok && sh == "uuid" {
			return i + 36, "uuid"
		}
	}
	end = segmentEnd(s, i)
	if end < len(s) && s[end] == '-' {
		if stop := segmentEnd(s, end+1); stop-i <= 32 {
			if sh, ok := value.Identifier(s[i:stop]); ok && sh == "id" {
				return stop, "id"
			}
		}
	}
	word := s[i:end]
	if sh, ok := value.Identifier(word); ok && (sh == "hash" || sh == "account") {
		return end, sh
	}
	if hosts && random(word) && (i == 0 || s[i-1] == '.' || s[i-1] == '-' || s[i-1] == '/') && end < len(s) && (s[end] == '.' || s[end] == '-') && inHost(s, end) {
		return end, "label"
	}
	return i, ""
}

// random reports whether a label looks as if a machine had drawn it: letters and
// digits that change places at least twice.
func random(w string) bool {
	if len(w) < 4 || len(w) > 40 {
		return false
	}
	turns := 0
	for i := 1; i < len(w); i++ {
		if digit(w[i]) != digit(w[i-1]) {
			turns++
		}
	}
	return turns >= 2 && lower(w) == w
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// inHost reports whether what follows the label ends as a host does: in a dot
// and letters.
func inHost(s string, from int) bool {
	end := from
	for end < len(s) && (alnum(s[end]) || s[end] == '.' || s[end] == '-' || s[end] == mark || s[end] < ' ') {
		end++
	}
	host := s[from:end]
	dot := strings.LastIndexByte(host, '.')
	if dot < 0 || len(host)-dot < 3 {
		return false
	}
	for _, c := range host[dot+1:] {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return strings.Count(host, ".") >= 2
}

// idKey is one identifier in one pair of columns.
type idKey struct {
	col  int
	text string
}

// idBook records which identifier stands for which, to tell one to one from
// one to many.
type idBook struct {
	forth, back map[idKey]map[string]int
}

func newIDBook() *idBook {
	return &idBook{forth: map[idKey]map[string]int{}, back: map[idKey]map[string]int{}}
}

func (k *idBook) add(col int, own, ref string) {
	count(k.forth, idKey{col, own}, ref)
	count(k.back, idKey{col, ref}, own)
}

func count(m map[idKey]map[string]int, k idKey, v string) {
	if m[k] == nil {
		m[k] = map[string]int{}
	}
	m[k][v]++
}

// oneToOne reports whether the two stand for each other and for nothing else,
// or for each other more often than for anything else.
func (k *idBook) oneToOne(col int, own, ref string) bool {
	return most(k.forth[idKey{col, own}], ref) && most(k.back[idKey{col, ref}], own)
}

func most(m map[string]int, v string) bool {
	for other, n := range m {
		if other != v && n >= m[v] {
			return false
		}
	}
	return true
}

// versionLike are the ends of paths at which a hash names a version rather
// than a thing.
func versionLike(path string) bool {
	tail := lower(value.Tail(path))
	for _, w := range [...]string{"tag", "version", "revision", "commit", "sha", "digest", "checksum", "ref", "image"} {
		if strings.HasSuffix(tail, w) {
			return true
		}
	}
	return false
}
