package value

import (
	"cmp"
	"strconv"
	"strings"
)

// CompareVersions orders two tags or versions: negative where a is older than
// b. ok is false where their spelling does not tell: a commit's hash, a moving
// tag such as 1.2 beside 1.2.3, two variants of one version.
func CompareVersions(a, b string) (order int, ok bool) {
	x, okX := parseOrdered(a)
	y, okY := parseOrdered(b)
	if !okX || !okY || x.prefix != y.prefix {
		return 0, false
	}
	for i := range min(len(x.core), len(y.core)) {
		if c := cmp.Compare(x.core[i], y.core[i]); c != 0 {
			return c, true
		}
	}
	if len(x.core) != len(y.core) {
		return 0, false
	}
	return compareTails(x.tail, y.tail)
}

// ordered is a version taken apart.
type ordered struct {
	prefix string // "release-", without a v before the first digit
	core   []uint64
	tail   []string
}

// maxVersion is the longest text that is looked at.
const maxVersion = 128

func parseOrdered(s string) (ordered, bool) {
	first := strings.IndexFunc(s, func(r rune) bool { return r >= '0' && r <= '9' })
	if first < 0 || len(s) > maxVersion {
		return ordered{}, false
	}
	v := ordered{prefix: strings.ToLower(s[:first])}
	v.prefix = strings.TrimSuffix(v.prefix, "v")
	if p := v.prefix; p != "" && !strings.HasSuffix(p, "-") && !strings.HasSuffix(p, "_") && !strings.HasSuffix(p, ".") {
		return ordered{}, false
	}
	rest := s[first:]
	core, tail := rest, ""
	if i := strings.IndexAny(rest, "-_+"); i >= 0 {
		core, tail = rest[:i], rest[i+1:]
	}
	for part := range strings.SplitSeq(core, ".") {
		n, err := strconv.ParseUint(part, 10, 64)
		if err != nil {
			return ordered{}, false
		}
		v.core = append(v.core, n)
	}
	if tail != "" {
		v.tail = strings.FieldsFunc(strings.ToLower(tail), func(r rune) bool { return r == '-' || r == '_' || r == '.' || r == '+' })
	}
	return v, len(v.core) > 1 || counter(core)
}

// counter reports whether a lone number counts builds or names a day, and is not
// a commit's hash without a letter in it.
func counter(s string) bool {
	const builds, day, second = 6, 8, 14
	return len(s) <= builds || (len(s) == day || len(s) == second) && strings.HasPrefix(s, "20")
}

// preReleases are the words that come before the release itself, in order.
var preReleases = []string{"dev", "snapshot", "alpha", "a", "beta", "b", "m", "pre", "preview", "rc", "cr"}

// preRelease gives the place of a word that may carry a number: rc, rc1.
func preRelease(s string) (rank int, number uint64, ok bool) {
	word := strings.TrimRight(s, "0123456789")
	for i, w := range preReleases {
		if w == word {
			n, err := strconv.ParseUint(cmp.Or(s[len(word):], "0"), 10, 64)
			return i, n, err == nil
		}
	}
	return 0, 0, false
}

// compareTails orders what follows the numbers of one version.
func compareTails(a, b []string) (int, bool) {
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			_, _, pre := preRelease(b[i])
			return 1, pre
		case i >= len(b):
			_, _, pre := preRelease(a[i])
			return -1, pre
		case a[i] == b[i]:
			continue
		}
		return compareWords(a[i], b[i])
	}
	return 0, true
}

func compareWords(a, b string) (int, bool) {
	m, errA := strconv.ParseUint(a, 10, 64)
	n, errB := strconv.ParseUint(b, 10, 64)
	if errA == nil && errB == nil {
		return cmp.Compare(m, n), true
	}
	x, m, okA := preRelease(a)
	y, n, okB := preRelease(b)
	return cmp.Or(cmp.Compare(x, y), cmp.Compare(m, n)), okA && okB
}
