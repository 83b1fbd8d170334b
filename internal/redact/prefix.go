package redact

import "strings"

// tokenPrefix reports whether a prefix says that a UUID is a token.
func tokenPrefix(prefix string) bool {
	if strings.HasSuffix(prefix, "_") {
		return true // names of objects have hyphens
	}
	if d := measure(prefix); d.n <= 8 && d.excess > 0 && !objectPrefixes[strings.ToLower(strings.Trim(prefix, "-"))] {
		return true // no word, and not what objects are called by
	}
	return hasMark(prefix)
}

// hasMark reports whether a word of a prefix says that a token follows.
func hasMark(prefix string) bool {
	for start := 0; start < len(prefix); {
		end := start
		for end < len(prefix) && alnum(prefix[end]) {
			end++
		}
		if w := prefix[start:end]; marking(w) {
			return true
		}
		start = end + 1
	}
	return false
}

// marking reports whether a word of a prefix is a mark or ends in a short one,
// as in "dpat" and "skey".
func marking(w string) bool {
	if len(w) == 0 || len(w) > 8 {
		return false
	}
	w = strings.ToLower(w)
	return tokenMarks[w] || len(w) <= 5 && (strings.HasSuffix(w, "at") || strings.HasSuffix(w, "sk") || strings.HasSuffix(w, "tok") || strings.HasSuffix(w, "key"))
}

// objectPrefixes begin the names of objects that have a UUID behind them.
var objectPrefixes = set(`pvc pv vol volume snap snapshot csi vm ns db job run pod node disk img net srv svc req trace span msg evt org proj
	user usr acc tenant i id x uuid urn host task app env cm cfg obj doc file k8s aks eks gke rg sub`)

// tokenMarks say in a prefix that a token follows.
var tokenMarks = set(`sk rk ak tk pat api secret sec token tok key auth live access refresh session bearer`)

// The bytes behind a prefix from which a token is known rather than suspected.
const (
	minMarked    = 20 // behind a prefix that says what follows
	minAnnounced = 32 // behind one that is no word: what only identifies has fewer
	minBeyondIDs = 40 // behind any
)

// announced reports whether a drawn token has a prefix that no text has by
// chance, so that it is known to be one: a mark such as "sk_" or "_api_", or an
// abbreviation before more than an identifier needs.
func announced(token string) bool {
	if signedKey(token) {
		return true
	}
	at := prefixEnd(token)
	if at == 0 {
		return false
	}
	first := token[:strings.IndexAny(token, "-_.")]
	switch w := strings.ToLower(first); {
	case objectPrefixes[w], digestWords[w], hasPublic(token[:at]):
		return false
	}
	n := len(token) - at
	if uuidLike(token[at:]) {
		return hasMark(token[:at])
	}
	if n >= minMarked && hasMark(token[:at]) {
		return true
	}
	if n < minAnnounced || imageTag(token, token[at:]) {
		return false
	}
	d := measure(first)
	return d.n > 1 && d.n <= 8 && (d.n <= 3 || d.excess > 0 || d.figures > 0) || n >= minBeyondIDs && token[len(first)] == '_'
}

// prefixEnd returns where the short words that begin a token end.
func prefixEnd(token string) int {
	end := 0
	for range 4 {
		at := strings.IndexAny(token[end:], "-_.")
		if at < 0 || at > 16 || len(token)-end-at-1 < minMarked || !wordPrefix(token[end:end+at]) {
			break
		}
		end += at + 1
	}
	return end
}

// hasPublic reports whether a prefix says that a key is published, as "pk_"
// does.
func hasPublic(prefix string) bool {
	for w := range strings.FieldsFuncSeq(prefix, func(r rune) bool { return r == '-' || r == '_' || r == '.' }) {
		switch strings.ToLower(w) {
		case "pk", "pub", "public", "publishable":
			return true
		}
	}
	return false
}

// imageTag reports whether a commit follows a word with a hyphen, as it does in
// the tags of images and in names of releases.
func imageTag(piece, body string) bool {
	return len(body) == 40 && strings.HasSuffix(piece, "-"+body)
}

// unprefixed takes off the short words that begin many tokens: "xyz_live_".
func unprefixed(piece string) string {
	for range 4 {
		at := strings.IndexAny(piece, "-_")
		if at < 0 || at > 16 || !wordPrefix(piece[:at]) {
			break
		}
		piece = piece[at+1:]
	}
	return unglued(piece)
}

// unglued takes off a word that was set before what was drawn in letters of
// the other case.
func unglued(piece string) string {
	n := len(piece) - len(strings.TrimLeft(piece, uppercase))
	if n >= 2 && n <= 5 && len(piece)-n >= minDrawn && !strings.ContainsAny(piece[n:], uppercase) {
		return piece[n:]
	}
	for n <= 8 && n < len(piece) && piece[n] >= 'a' && piece[n] <= 'z' {
		n++
	}
	if n >= 3 && n <= 8 && len(piece)-n >= minDrawn && !strings.ContainsAny(piece[n:], lowercase) {
		return piece[n:]
	}
	return piece
}

const (
	uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	lowercase = "abcdefghijklmnopqrstuvwxyz"
)

// wordPrefix reports whether a part could be a prefix: letters, with few
// figures among them, of a kind that people write.
func wordPrefix(part string) bool {
	d := measure(part)
	return d.n <= 5 && d.changes <= 2 || d.figures <= 2 && d.changes <= 2 && d.excess < 0.9*float64(d.n)
}
