package redact

import "strings"

// pattern is a name pattern in lower case.
type pattern struct {
	text  string
	whole bool // held against the whole path
}

func patterns(list []string) []pattern {
	out := make([]pattern, 0, len(list))
	for _, p := range list {
		out = append(out, pattern{text: strings.ToLower(p), whole: strings.Contains(p, "/")})
	}
	return out
}

// matchAny reports whether one of the patterns matches the name or the path.
func matchAny(list []pattern, name, path string) bool {
	if len(list) == 0 {
		return false
	}
	name, path = strings.ToLower(name), strings.ToLower(path)
	for _, p := range list {
		if p.whole && glob(p.text, path) || !p.whole && glob(p.text, name) {
			return true
		}
	}
	return false
}

// glob matches with '*' for any text and '?' for one byte, in time that is
// linear in both for each '*'.
func glob(pattern, s string) bool {
	p, i, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}
