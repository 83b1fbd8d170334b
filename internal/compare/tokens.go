package compare

import (
	"sort"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// class identifies a role within one pair of columns. All spellings of a role
// share it.
type class int32

// environmentClass is the role of the environment's own name.
const environmentClass class = 0

// mark begins a placeholder in an abstracted text; no source holds it, since
// control characters in texts are abstracted as they are and then only ever
// compared with others of the same making.
const mark = '\x00'

// token is one spelling of a role.
type token struct {
	text  string
	class class
	// word is set for environment words, which are matched without regard to
	// case.
	word bool
	// domain is set for domains, which match only at the end of a host; public
	// for those under which anyone may register, which match only as a whole
	// host.
	domain, public bool
	// quiet is set for a spelling that binds and never makes a leak.
	quiet bool
	// inserted is set for a part of names that the other side leaves out.
	inserted bool
	// further is set for a word that is listed as a spelling only once it binds.
	further bool
}

// domainToken makes the token of a domain.
func domainToken(text string, k class) token {
	suffix, _ := publicsuffix.PublicSuffix(text)
	return token{text: text, class: k, domain: true, public: suffix == text}
}

// fits reports whether what stands around a match allows it.
func (t token) fits(s string, start, stop int) bool {
	if t.word {
		return !qualified(s, start)
	}
	if !t.domain {
		return true
	}
	if stop < len(s) && (s[stop] == '-' || s[stop] == '.' && stop+1 < len(s) && alnum(s[stop+1])) {
		return false
	}
	if !t.public {
		return true
	}
	start -= len("www.")
	if start < 0 || s[start:start+len("www.")] != "www." {
		start += len("www.")
	}
	return start == 0 || s[start-1] != '.' && s[start-1] != '-'
}

// matcher finds a column's spellings in a text, at whole segments, the longest
// first.
type matcher struct {
	byFirst map[string][]token // by the first segment, lower case; longest first
	// initial holds, by the first byte of a segment, the lengths that the first
	// segments of tokens have, a bit each; the last bit stands for all longer.
	initial [256]uint64
	count   int
	// shortest is the length of the shortest token.
	shortest int
}

func newMatcher() *matcher { return &matcher{byFirst: map[string][]token{}} }

func (m *matcher) add(t token) {
	if t.text == "" {
		return
	}
	first := strings.ToLower(t.text[:segmentEnd(t.text, 0)])
	if first == "" {
		return
	}
	m.byFirst[first] = append(m.byFirst[first], t)
	list := m.byFirst[first]
	sort.SliceStable(list, func(i, j int) bool { return len(list[i].text) > len(list[j].text) })
	lengths := lengthBit(len(first))
	if !ascii(first) {
		lengths = ^uint64(0) // the other case of a letter may take more bytes
	}
	m.initial[first[0]] |= lengths
	if first[0] >= 'a' && first[0] <= 'z' {
		m.initial[first[0]-'a'+'A'] |= lengths
	}
	if m.count == 0 || len(t.text) < m.shortest {
		m.shortest = len(t.text)
	}
	m.count++
}

// lengthBit is the bit of a segment's length.
func lengthBit(n int) uint64 { return 1 << min(n, 63) }

// ascii reports whether a text has no byte outside of ASCII.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// addAll adds the tokens of other matchers.
func (m *matcher) addAll(others ...*matcher) {
	for _, other := range others {
		for _, first := range sortedKeys(other.byFirst) {
			for _, t := range other.byFirst[first] {
				m.add(t)
			}
		}
	}
}

// finds reports whether a text has a spelling.
func (m *matcher) finds(s string) bool {
	found := false
	m.each(s, nil, func(match) bool { found = true; return false })
	return found
}

// segmentEnd is the end of the run of letters and digits that begins at i.
func segmentEnd(s string, i int) int {
	for i < len(s) && alnum(s[i]) {
		i++
	}
	return i
}

// match is one occurrence of a token.
type match struct {
	start, end int
	token      token
}

// each calls f for every match, from left to right, without overlap, until f
// returns false. Tokens that skip names, when it is not nil, do not match.
func (m *matcher) each(s string, skip func(token) bool, f func(match) bool) {
	if m == nil || m.count == 0 || len(s) < m.shortest {
		return
	}
	for i := 0; i < len(s); {
		if !alnum(s[i]) {
			i++
			continue
		}
		end := segmentEnd(s, i)
		if m.initial[s[i]]&lengthBit(end-i) != 0 {
			if t, ok := m.at(s, i, end, skip); ok {
				stop := i + len(t.text)
				if t.word {
					stop = projectNumber(s, stop)
				}
				if !f(match{i, stop, t}) {
					return
				}
				i = stop
				continue
			}
		}
		i = end
	}
}

// projectNumber returns the end of the number that Google Cloud gives to the
// identifier of a project whose name is taken, where it stands at stop in the
// address of a service account; else stop.
func projectNumber(s string, stop int) int {
	const digits = 6
	end := stop + 1 + digits
	if end > len(s) || s[stop] != '-' || !strings.HasPrefix(s[end:], ".iam.gserviceaccount.com") {
		return stop
	}
	for i := stop + 1; i < end; i++ {
		if s[i] < '0' || s[i] > '9' {
			return stop
		}
	}
	return end
}

func (m *matcher) at(s string, start, end int, skip func(token) bool) (token, bool) {
	if end-start > 64 {
		return token{}, false
	}
	for _, t := range m.byFirst[lower(s[start:end])] {
		stop := start + len(t.text)
		if stop > len(s) || stop < len(s) && alnum(s[stop]) {
			continue
		}
		same := s[start:stop] == t.text || t.word && strings.EqualFold(s[start:stop], t.text)
		if same && t.fits(s, start, stop) && (skip == nil || !skip(t)) {
			return t, true
		}
	}
	return token{}, false
}

// lower avoids the allocation of strings.ToLower where nothing is to do, which
// strings.ToLower does too, and keeps the common case inlined.
func lower(s string) string {
	for i := range len(s) {
		if s[i] >= 'A' && s[i] <= 'Z' {
			return strings.ToLower(s)
		}
	}
	return s
}

// abstract replaces each spelling by its role's placeholder. skip, when not
// nil, leaves a token as it stands. used are the roles that were replaced.
func (m *matcher) abstract(s string, skip func(token) bool) (out string, used []class) {
	var b strings.Builder
	last := 0
	m.each(s, skip, func(x match) bool {
		b.WriteString(s[last:x.start])
		writePlaceholder(&b, x.token)
		last = x.end
		used = append(used, x.token.class)
		return true
	})
	if used == nil {
		return s, nil
	}
	b.WriteString(s[last:])
	return b.String(), used
}

func writePlaceholder(b *strings.Builder, t token) {
	c, high := t.class, byte(t.class>>14&0x07)+1
	if t.inserted {
		high |= insertedBit
	}
	b.WriteByte(mark)
	b.WriteByte(high)
	b.WriteByte(byte(c>>7&0x7f) + 1)
	b.WriteByte(byte(c&0x7f) + 1)
}

const placeholderLen = 4

// insertedBit marks the placeholder of a token that is inserted.
const insertedBit = 0x10

// collapse removes the placeholders of the environment's name, and of parts
// that the other side leaves out, together with one separator beside each: the
// empty spelling, allowed only where the name was a whole segment of a longer
// name. removed counts them.
func collapse(s string) (out string, removed int) {
	i := strings.IndexByte(s, mark)
	if i < 0 {
		return s, 0
	}
	var b strings.Builder
	for i >= 0 {
		end := i + placeholderLen
		if end > len(s) {
			break
		}
		from, to, ok := end, end, false
		if isEnvironment(s[i:end]) {
			from, to, ok = cut(s, i, end)
		}
		if ok {
			removed++
		} else {
			from, to = end, end
		}
		b.WriteString(s[:from])
		s = s[to:]
		i = strings.IndexByte(s, mark)
	}
	b.WriteString(s)
	return b.String(), removed
}

// cut says what goes with a word that is taken out of a text: the separator
// beside it, and of two the one that binds less, so that what the word was
// attached to stays where it was: api-staging.example.com is api.example.com.
func cut(s string, start, end int) (from, to int, ok bool) {
	before, after := byte(0), byte(0)
	if start > 0 {
		before = s[start-1]
	}
	if end < len(s) {
		after = s[end]
	}
	switch {
	case joins(before) && joins(after) && strength(before) < strength(after):
		return start - 1, end, true
	case joins(after):
		return start, end + 1, true
	case joins(before):
		return start - 1, end, true
	case start > 1 && s[start-2] == ' ' && (before == '(' && after == ')' || before == '[' && after == ']'):
		return start - 2, end + 1, true
	case before == ' ' && end == len(s) && title(s[:start]):
		return start - 1, end, true
	case after == ' ' && start == 0 && title(s[end:]):
		return start, end + 1, true
	}
	return start, end, false
}

// strength orders separators by how much they divide.
func strength(c byte) int {
	switch c {
	case '/':
		return 3
	case '.':
		return 2
	}
	return 1
}

// title reports whether a text can be a part of a name for people: words with
// single spaces between them and nothing else.
func title(s string) bool {
	for i := range len(s) {
		if !alnum(s[i]) && s[i] != ' ' && s[i] != mark && s[i] >= ' ' {
			return false
		}
	}
	return !strings.Contains(s, "  ")
}

// isEnvironment reports whether a placeholder is that of the environment's name
// or of a part that the other side leaves out.
func isEnvironment(p string) bool {
	return p[1]&insertedBit != 0 || p[1] == 1 && p[2] == 1 && p[3] == 1
}

func joins(c byte) bool { return c == '-' || c == '.' || c == '_' || c == '/' || c == '+' }

// binder knows the spellings of one column and of the reference, as far as
// the two are compared with each other.
type binder struct {
	own, ref *matcher
	// any finds the spellings of both sides and the words of all environments,
	// to tell soon that a text has none; made when all is learned.
	any   *matcher
	roles []*role // by class
}

// role is what a class stands for.
type role struct {
	id       string
	name     string // "environment", "account", "domain", ...
	origin   string // "known", "declared", "frozen", "learned"
	own, ref []string
	support  map[int]bool // rows that were bound by it
	against  int
	facts    int
	// names is set for a declared role whose spellings are further names of the
	// environment: those match as its role.
	names bool
	// pairs counts the pairs of values that it binds.
	pairs int
	// cited is set where a finding names it though it bound nothing.
	cited    bool
	examples []example
}

type example struct {
	row  int
	path string
}

// same reports whether two texts are equal once each side's spellings are taken
// out, and which roles that took.
//
// A learned spelling may stand within another environment's own name for
// something else, so the environments' words alone are tried first.
func (b *binder) same(own, ref string) (used []class, ok bool) {
	learned := false
	words := func(t token) bool {
		learned = learned || t.class != environmentClass
		return t.class != environmentClass
	}
	if used, ok := b.sameBut(own, ref, words, words); ok || !learned {
		return used, ok
	}
	return b.sameBut(own, ref, nil, nil)
}

// sameBut is same with the tokens left alone that skip names.
func (b *binder) sameBut(own, ref string, skipOwn, skipRef func(token) bool) (used []class, ok bool) {
	a, usedA := b.own.abstract(own, skipOwn)
	r, usedR := b.ref.abstract(ref, skipRef)
	if usedA == nil && usedR == nil {
		return nil, false
	}
	if a == r {
		return append(usedA, usedR...), true
	}
	ca, na := collapse(a)
	cr, nr := collapse(r)
	if na+nr > 0 && ca == cr && ca != "" {
		return append(usedA, usedR...), true
	}
	return nil, false
}
