package config

import (
	"slices"
	"strings"
)

// suggest is the hint for a name that is none of known: the nearest one where
// one is near, else the list. what says what the names are, such as "keys".
func suggest(name, what string, known []string) string {
	if len(known) == 0 {
		return "there are no " + what + " here"
	}
	if best := nearest(name, known); best != "" {
		return `did you mean "` + best + `"?`
	}
	const most = 20
	list := known
	more := ""
	if len(list) > most {
		list, more = list[:most], ", …"
	}
	return what + ": " + strings.Join(list, ", ") + more
}

// nearest gives the member of known that is closest to name, or "" where none
// is close enough to be what was meant.
func nearest(name string, known []string) string {
	if !looksLikeName(name) {
		return ""
	}
	low := strings.ToLower(name)
	best, least := "", 1+max(1, len(name)/3)
	for _, k := range known {
		if d := distance(low, strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	if best != "" {
		return best
	}
	i := slices.IndexFunc(known, func(k string) bool {
		k = strings.ToLower(k)
		return len(low) >= 3 && (strings.HasPrefix(k, low) || strings.HasPrefix(low, k) && len(k) >= 3)
	})
	if i < 0 {
		return ""
	}
	return known[i]
}

// distance is the edit distance of two names in bytes; neighbours that changed
// places count as one edit.
func distance(a, b string) int {
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next := make([]int, len(b)+1)
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}
