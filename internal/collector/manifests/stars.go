package manifests

import "strings"

// matchesStars reports whether a text fits a pattern with * for any text and ?
// for any character.
func matchesStars(pattern, text string) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*':
			p, t = p+1, t+1
		case p < len(pattern) && pattern[p] == '*':
			star, mark, p = p, t, p+1
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// maxAlternatives bounds what the braces of a pattern stand for.
const maxAlternatives = 256

// alternatives lists the patterns that a pattern with braces, such as
// {a,b}/*.yaml, stands for; nil where there is none.
func alternatives(pattern string) []string {
	if pattern == "" {
		return nil
	}
	all := []string{pattern}
	for i := 0; i < len(all) && len(all) < maxAlternatives; {
		before, rest, open := strings.Cut(all[i], "{")
		inner, after, closed := strings.Cut(rest, "}")
		if !open || !closed {
			i++
			continue
		}
		all = append(all[:i], all[i+1:]...)
		for choice := range strings.SplitSeq(inner, ",") {
			all = append(all, before+choice+after)
		}
	}
	return all
}

// fitsAny reports whether a text fits one of the patterns.
func fitsAny(patterns []string, text string) bool {
	for _, p := range patterns {
		if matchesStars(p, text) {
			return true
		}
	}
	return false
}
