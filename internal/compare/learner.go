package compare

import (
	"sort"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// learner finds the replacements of one column.
type learner struct {
	r     *run
	c     *column
	b     *binder
	cands map[candKey]*cand
	noted []*cand // of the pair of texts at hand
	parts map[string]*ownPart
}

// candKey is a replacement: what the column writes where the reference writes
// another thing.
type candKey struct {
	kind     string // "account", "domain", "host", "name"
	own, ref string
}

// cand is what speaks for a replacement.
type cand struct {
	candKey
	rows     map[int]bool
	contexts map[string]bool // what is left of the values around it
	examples []example
	against  int
	// places counts the facts that are equal but for this replacement and for
	// words, each side's own and none of another environment's.
	places int
}

func newLearner(r *run, c *column) *learner {
	return &learner{r: r, c: c, b: r.binders[c.index], cands: map[candKey]*cand{}}
}

func (l *learner) learn() {
	for _, e := range l.r.pairs {
		if e.col != l.c.index {
			continue
		}
		own, ref := l.r.text(e.own), l.r.text(e.ref)
		if len(own) <= longest && len(ref) <= longest {
			l.propose(e, own, ref)
			l.proposePart(e, own, ref)
		}
	}
	l.learnParts()
	kept := l.supported()
	if len(kept) == 0 {
		return
	}
	l.weigh(kept)
	l.accept(kept)
}

// longest bounds the texts that teach; a longer one is a document.
const longest = 2048

// propose takes two texts apart, atom by atom, and notes what was replaced.
func (l *learner) propose(e *evidence, own, ref string) {
	a, b := atoms(own), atoms(ref)
	if len(a) != len(b) {
		return
	}
	for i := range a {
		if a[i].before != b[i].before {
			return
		}
	}
	l.noted = l.noted[:0]
	for i := range a {
		if a[i].text == b[i].text {
			continue
		}
		if _, ok := l.b.same(a[i].text, b[i].text); ok {
			l.domainByWord(e, a[i].text, b[i].text)
			continue
		}
		l.proposeAtom(e, a[i].text, b[i].text)
	}
	l.countPlace(e, own, ref)
}

// atom is a run of letters, digits, dots, hyphens and underscores, with the
// other bytes before it.
type atom struct{ before, text string }

func atoms(s string) []atom {
	var all []atom
	for i := 0; i < len(s); {
		start := i
		for i < len(s) && !inAtom(s[i]) {
			i++
		}
		mid := i
		for i < len(s) && inAtom(s[i]) {
			i++
		}
		all = append(all, atom{s[start:mid], s[mid:i]})
	}
	return all
}

func inAtom(c byte) bool { return alnum(c) || c == '.' || c == '-' || c == '_' }

func (l *learner) proposeAtom(e *evidence, own, ref string) {
	if isAccount(own) && isAccount(ref) {
		l.note(e, candKey{"account", own, ref}, "")
		return
	}
	if host(own) && host(ref) {
		l.proposeHost(e, own, ref)
		return
	}
	l.proposeSegments(e, "name", own, ref)
}

func isAccount(s string) bool {
	shape, ok := value.Identifier(s)
	return ok && shape == "account"
}

// host reports whether an atom is a host name: three labels or more, the last
// of letters.
func host(s string) bool {
	dot := strings.LastIndexByte(s, '.')
	if dot < 0 || strings.Count(s, ".") < 1 || len(s)-dot < 3 {
		return false
	}
	for _, c := range s[dot+1:] {
		if c < 'a' || c > 'z' {
			return false
		}
	}
	return s[0] != '.' && !strings.Contains(s, "..") && !strings.Contains(s, "_")
}

// proposeHost notes the ends of two hosts that begin alike, and single labels
// where the hosts have the same number of them.
func (l *learner) proposeHost(e *evidence, own, ref string) {
	a, b := strings.Split(own, "."), strings.Split(ref, ".")
	if len(a) == len(b) {
		l.proposeSegments(e, "host", own, ref)
	}
	i := 0
	for i < len(a)-2 && i < len(b)-2 && l.sameLabel(a[i], b[i]) {
		i++
	}
	x, y := strings.Join(a[i:], "."), strings.Join(b[i:], ".")
	if x != y {
		l.note(e, candKey{"domain", x, y}, strings.Join(a[:i], "."))
	}
}

// domainByWord notes the domains of two hosts that differ by an environment's
// word alone: what is learned besides about either domain joins them.
func (l *learner) domainByWord(e *evidence, own, ref string) {
	if !host(own) || !host(ref) {
		return
	}
	a, b := strings.Split(own, "."), strings.Split(ref, ".")
	i := 0
	for i < len(a)-2 && i < len(b)-2 && a[i] == b[i] {
		i++
	}
	x, y := strings.Join(a[i:], "."), strings.Join(b[i:], ".")
	if x != y {
		l.note(e, candKey{"domain", x, y}, strings.Join(a[:i], "."))
	}
}

func (l *learner) sameLabel(a, b string) bool {
	if a == b {
		return true
	}
	_, ok := l.b.same(a, b)
	return ok
}

// proposeSegments notes the segments in which two names of one form differ.
func (l *learner) proposeSegments(e *evidence, kind, own, ref string) {
	a, b := segments(own), segments(ref)
	if len(a) != len(b) || len(a) == 0 || len(a) == 1 && !(strings.ContainsAny(own, digits) && strings.ContainsAny(ref, digits)) {
		return
	}
	for i := range a {
		if a[i].before != b[i].before {
			return
		}
	}
	for i := range a {
		x, y := a[i].text, b[i].text
		if x == y || l.sameLabel(x, y) {
			continue
		}
		context := own[:a[i].at] + "*" + own[a[i].at+len(x):]
		switch {
		case isAccount(x) && isAccount(y):
			l.note(e, candKey{"account", x, y}, context)
		case nameable(x) && nameable(y):
			l.note(e, candKey{kind, x, y}, context)
		}
	}
}

const digits = "0123456789"

type segment struct {
	before, text string
	at           int
}

func segments(s string) []segment {
	var all []segment
	for i := 0; i < len(s); {
		start := i
		for i < len(s) && !alnum(s[i]) {
			i++
		}
		mid := i
		i = segmentEnd(s, i)
		all = append(all, segment{s[start:mid], s[mid:i], mid})
	}
	return all
}

// nameable reports whether a segment can be an environment's name for a thing:
// no number, no size, no level.
func nameable(s string) bool {
	if s == "" || plainWord(s) {
		return false
	}
	if strings.Trim(s, digits) == "" {
		return false
	}
	_, quantity := value.Quantity(s)
	_, version := value.Version(s)
	return !quantity && !version
}

// plainWord reports whether a word means what it says and is no environment's
// name for anything.
func plainWord(s string) bool {
	switch lower(s) {
	case "nano", "micro", "small", "medium", "large", "xlarge", "2xlarge", "4xlarge", "8xlarge", "tiny", "big",
		"debug", "info", "warn", "warning", "error", "trace", "fatal",
		"on", "off", "true", "false", "yes", "no", "enabled", "disabled", "enable", "disable",
		"always", "never", "none", "latest", "stable", "beta", "alpha", "edge", "rc",
		"low", "high", "min", "max", "fast", "slow", "hard", "soft", "strict", "permissive",
		"allow", "deny", "public", "private", "internal", "external", "read", "write", "admin",
		"http", "https", "tcp", "udp", "redis", "memcached", "mysql", "postgres", "sqlite", "s3",
		"arm64", "amd64", "arm", "x86", "gp2", "gp3", "io1", "io2", "spot", "ondemand":
		return true
	}
	return false
}

func (l *learner) note(e *evidence, k candKey, context string) {
	if foreignName(k.own, l.c) || foreignName(k.ref, l.r.ref) {
		return
	}
	x := l.cands[k]
	if x == nil {
		x = &cand{candKey: k, rows: map[int]bool{}, contexts: map[string]bool{}}
		l.cands[k] = x
	}
	l.noted = append(l.noted, x)
	x.rows[e.row] = true
	x.contexts[context] = true
	if len(x.examples) < 3 {
		x.examples = append(x.examples, example{e.row, e.ref.Path})
	}
}

// foreignName reports whether a spelling holds the word of an environment other
// than the column's: however often it occurs, it is not this one's own.
func foreignName(text string, c *column) bool {
	if c.family == "" {
		return false
	}
	if i := strings.LastIndexByte(text, '.'); i > 0 {
		text = text[:i] // .test is a top level domain
	}
	for _, s := range segments(lower(text)) {
		f := wordFamily[s.text]
		if f != "" && f != c.family && f != c.synonym {
			return true
		}
	}
	return false
}

// supported keeps the replacements that enough subjects or enough places speak
// for, in a fixed order. For subjects a name must be seen in as many different
// surroundings besides: one word for another at one place is a setting, not a
// name.
func (l *learner) supported() []*cand {
	var kept []*cand
	for _, x := range l.cands {
		if x.places >= l.r.opt.MinSupport {
			kept = append(kept, x)
			continue
		}
		if len(x.rows) < l.r.opt.MinSupport && (x.kind != "domain" || len(x.rows) < 2) {
			continue
		}
		if (x.kind == "name" || x.kind == "host") && len(x.contexts) < l.r.opt.MinSupport {
			continue
		}
		kept = append(kept, x)
	}
	sort.Slice(kept, func(i, j int) bool {
		a, b := kept[i], kept[j]
		if len(a.rows) != len(b.rows) {
			return len(a.rows) > len(b.rows)
		}
		return joinKey(a.kind, a.own, a.ref) < joinKey(b.kind, b.own, b.ref)
	})
	return kept
}

// weigh counts, for each replacement, the subjects in which its token occurs
// and its partner does not: on the column's side and on the reference's. The
// lesser of the two stands against it, so that one domain may stand for
// several, but not several for several.
func (l *learner) weigh(kept []*cand) {
	own, ref := newMatcher(), newMatcher()
	partners, back := map[string][]string{}, map[string][]string{}
	for _, x := range kept {
		own.add(x.token(x.own))
		ref.add(x.token(x.ref))
		partners[x.own] = append(partners[x.own], x.ref)
		back[x.ref] = append(back[x.ref], x.own)
	}
	againstOwn, againstRef := map[string]map[int]bool{}, map[string]map[int]bool{}
	l.r.eachText(l.c, func(n int, a, b string) {
		own.each(a, nil, func(m match) bool {
			if !hasAny(b, partners[m.token.text]) {
				addRow(againstOwn, m.token.text, n)
			}
			return true
		})
		ref.each(b, nil, func(m match) bool {
			if !hasAny(a, back[m.token.text]) {
				addRow(againstRef, m.token.text, n)
			}
			return true
		})
	})
	for _, x := range kept {
		x.against = min(len(againstOwn[x.own]), len(againstRef[x.ref]))
	}
}

func (x *cand) token(text string) token {
	if x.kind == "domain" {
		return domainToken(text, 0)
	}
	return token{text: text}
}

func addRow(m map[string]map[int]bool, k string, n int) {
	if m[k] == nil {
		m[k] = map[int]bool{}
	}
	m[k][n] = true
}

func hasAny(s string, tokens []string) bool {
	for _, t := range tokens {
		for from := 0; ; {
			i := strings.Index(s[from:], t)
			if i < 0 {
				break
			}
			i += from
			end := i + len(t)
			if (i == 0 || !alnum(s[i-1])) && (end == len(s) || !alnum(s[end])) {
				return true
			}
			from = i + 1
		}
	}
	return false
}

// accept makes roles of the replacements that are consistent. Those that share
// a spelling are one role. A domain that already stands for another one needs
// less support to stand for one more.
func (l *learner) accept(kept []*cand) {
	classes := map[string]class{}
	for _, x := range kept {
		if x.against*10 > max(len(x.rows), x.places) {
			continue
		}
		ownKey, refKey := "o"+x.kind+x.own, "r"+x.kind+x.ref
		k, ok := classes[ownKey]
		if !ok {
			k, ok = classes[refKey]
		}
		if !ok && len(x.rows) < l.r.opt.MinSupport && x.places < l.r.opt.MinSupport {
			continue
		}
		if !ok {
			k = l.b.addRole(&role{name: x.kind, origin: "learned"})
		}
		if _, known := classes[ownKey]; !known {
			l.b.spell(k, true, []string{x.own}, false)
			classes[ownKey] = k
		}
		if _, known := classes[refKey]; !known {
			l.b.spell(k, false, []string{x.ref}, false)
			classes[refKey] = k
		}
		p := l.b.roles[k]
		p.against += x.against
		for n := range x.rows {
			p.support[n] = true
		}
		p.examples = append(p.examples, x.examples...)
	}
}

// eachText calls f with the canonical texts of every pair of facts of the
// column and the reference that could hold a spelling, equal ones included.
func (r *run) eachText(c *column, f func(row int, own, ref string)) {
	r.eachPair(c, func(n int, own, ref *parity.Fact) { f(n, r.text(own), r.text(ref)) })
}

// eachPair calls f with every pair of facts of the column and the reference
// that could hold a spelling.
func (r *run) eachPair(c *column, f func(row int, own, ref *parity.Fact)) {
	l := &linker{off: r.opt.Off, kinds: r.opt.Kinds, b: r.binders[c.index]}
	for n, w := range r.rows {
		own, ref := w.aligned.Sides[c.index], w.aligned.Sides[r.ref.index]
		if own == nil || ref == nil {
			continue
		}
		if w.isAlike(c.index) {
			for i := range ref.Facts {
				if b := &ref.Facts[i]; binds(b) && binds(&own.Facts[i]) {
					f(n, b, b)
				}
			}
			continue
		}
		l.link(own, ref, false)
		for j, i := range l.toOwn {
			if i < 0 {
				continue
			}
			if a, b := &own.Facts[i], &ref.Facts[j]; binds(a) && binds(b) {
				f(n, a, b)
			}
		}
	}
}
