package glob

import (
	"path"
	"strings"

	"github.com/envparity/parity"
)

// matcher tells which paths a pattern stands for.
type matcher struct {
	// alternatives are the pattern without braces, cut at slashes.
	alternatives [][]string
}

// maxAlternatives bounds what braces stand for.
const maxAlternatives = 256

func newMatcher(pattern string) (*matcher, error) {
	all, ok := braces(pattern)
	if !ok {
		return nil, &parity.Error{Code: parity.CodeConfig, Where: pattern, What: "the braces of the pattern stand for too many alternatives"}
	}
	m := &matcher{}
	for _, one := range all {
		segments := strings.Split(one, "/")
		for _, s := range segments {
			if _, err := path.Match(s, ""); err != nil {
				return nil, &parity.Error{Code: parity.CodeConfig, Where: pattern, What: "the pattern is not closed with ]"}
			}
		}
		m.alternatives = append(m.alternatives, segments)
	}
	return m, nil
}

func (m *matcher) match(name string) bool {
	segments := strings.Split(name, "/")
	for _, pattern := range m.alternatives {
		if MatchSegments(pattern, segments, matchSegment) {
			return true
		}
	}
	return false
}

// MatchSegments reports whether the names of a path fit those of a pattern, in
// which ** stands for any number of names and one decides on each other pair. It
// matches from the left and goes back to the last ** only, so that its cost is at
// most the product of the two lengths.
func MatchSegments(pattern, name []string, one func(pattern, name string) bool) bool {
	p, n, again, from := 0, 0, -1, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == "**":
			again, from = p, n
			p++
		case p < len(pattern) && one(pattern[p], name[n]):
			p++
			n++
		case again >= 0:
			from++
			p, n = again+1, from
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == "**" {
		p++
	}
	return p == len(pattern)
}

// matchSegment matches one name. As in a shell, what begins with a dot is only
// meant by a pattern that does.
func matchSegment(pattern, name string) bool {
	if strings.HasPrefix(name, ".") && !strings.HasPrefix(pattern, ".") {
		return false
	}
	ok, err := path.Match(pattern, name)
	return ok && err == nil
}

// braces expands {a,b}, from the left; a brace that is not closed stands for
// itself.
func braces(pattern string) ([]string, bool) {
	done, todo := []string{}, []string{pattern}
	for len(todo) > 0 {
		s := todo[0]
		todo = todo[1:]
		open, end := brace(s)
		if open < 0 {
			done = append(done, s)
		} else {
			for _, choice := range choices(s[open+1 : end]) {
				todo = append(todo, s[:open]+choice+s[end+1:])
			}
		}
		if len(done)+len(todo) > maxAlternatives {
			return nil, false
		}
	}
	return done, true
}

// brace finds the first pair of braces with a comma; -1 where there is none.
func brace(s string) (open, end int) {
	for open = 0; open < len(s); open++ {
		if s[open] != '{' {
			continue
		}
		depth := 0
		for end = open; end < len(s); end++ {
			if s[end] == '{' {
				depth++
			} else if s[end] == '}' {
				if depth--; depth == 0 {
					break
				}
			}
		}
		if end < len(s) && len(choices(s[open+1:end])) > 1 {
			return open, end
		}
	}
	return -1, -1
}

// choices splits at the commas that are in no braces.
func choices(s string) []string {
	var all []string
	depth, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			depth--
		case ',':
			if depth == 0 {
				all = append(all, s[from:i])
				from = i + 1
			}
		}
	}
	return append(all, s[from:])
}

// split takes the fixed part off a pattern: the directories before the first
// special character. A revision's prefix "git:REV:" belongs to it.
func split(pattern string) (base, rest string) {
	prefix := ""
	if after, ok := strings.CutPrefix(pattern, "git:"); ok {
		if revision, within, ok := strings.Cut(after, ":"); ok {
			prefix, pattern = "git:"+revision+":", within
		}
	}
	special := strings.IndexAny(pattern, "*?[{")
	slash := strings.LastIndexByte(pattern[:max(special, 0)], '/')
	switch {
	case slash < 0:
		return prefix + ".", pattern
	case slash == 0:
		return prefix + "/", pattern[1:]
	default:
		return prefix + pattern[:slash], pattern[slash+1:]
	}
}
