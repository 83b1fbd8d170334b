package redact

import "strings"

// isMessage reports whether what stands behind a secret name is an error that
// is wrapped, rather than a value: "read token: 401 Unauthorized". The text
// ends at end.
func (sc *scanner) isMessage(value string, end int) bool {
	if requests[strings.TrimRight(value, " ")] && (strings.HasPrefix(sc.s[end:], `"`) || strings.HasPrefix(sc.s[end:], ` "`)) {
		return true // an error of HTTP: Get "https://…"
	}
	if strings.IndexByte(value, ' ') < 0 {
		return false
	}
	if strings.Contains(value, ": ") {
		return true
	}
	for word := range strings.FieldsSeq(value) {
		if errorWords[strings.ToLower(strings.Trim(word, ".,:;!?()\"'"))] {
			return true
		}
	}
	return false
}

// quotedIn records the words of a message that look like passwords: an error
// may quote the value that it is about.
func (sc *scanner) quotedIn(start, end int) int {
	last := 0
	for start < end {
		stop := start
		for stop < end && sc.s[stop] != ' ' {
			stop++
		}
		from, to := start, stop
		for from < to && strings.IndexByte("\"'`([", sc.s[from]) >= 0 {
			from++
		}
		for to > from && strings.IndexByte("\"'`)],.:;?", sc.s[to-1]) >= 0 {
			to--
		}
		if from < to && wordOfSecret(sc.s[from:to]) {
			last = max(last, sc.suspect(from, to))
		}
		start = stop + 1
	}
	return last
}

// wordOfSecret reports whether a word of a message looks like a password
// rather than like a word, a number, a path or the name of an algorithm.
func wordOfSecret(word string) bool {
	lower := strings.ToLower(word)
	if len(word) < 6 || modes[lower] || modifiers[lower] || noSecret(word) || hostAndPort(word) || readsLikeName(word) || !passwordLike(word) {
		return false
	}
	d := measure(word)
	odd := d.n - d.lower - d.upper - d.figures - d.separator
	return d.figures > 1 || odd > 0 || d.excess > 0.5*float64(d.n)
}

// requests are what an error of an HTTP client begins with.
var requests = set(`Get Post Put Head Delete Patch Options`)

// errorWords are those that errors are made of and passphrases are not.
var errorWords = set(`unauthorized forbidden denied refused failed failure invalid illegal unexpected expected missing unknown timeout
	deadline exceeded eof error errors status http https bad malformed unsupported expired revoked must cannot unable nil null panic
	unmarshal parse parsing decode decoding encode no not such file directory evaluating executing executable connection connect certificate
	required wrong too exists already permission signature`)
