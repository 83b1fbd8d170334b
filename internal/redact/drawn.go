package redact

import "strings"

// The bounds from which a token counts as drawn by a machine.
const (
	minDrawn     = 20   // bytes without a prefix
	minPrefixed  = 16   // bytes behind a prefix
	minPart      = 12   // bytes without '-' and '_': names that are generated have fewer
	minMixedPart = 8    // the same of tokens with letters of both cases
	minWithin    = 36   // bytes of a format that tells by what is inside
	maxDrawn     = 1024 // bytes that are weighed
	// minExcess is by how many bits a byte is less likely to have been written
	// by a person. Of tokens drawn of 16 bytes 95 % have more, of names 5 %.
	minExcess = 0.9
)

// drawnByte reports whether a byte can be in a token without a break.
func drawnByte(c byte) bool { return drawnBytes[c] }

var drawnBytes = func() (t [256]bool) {
	for c := range t {
		t[c] = alnum(byte(c)) || c == '_' || c == '-'
	}
	return t
}()

// drawnRun looks for what was drawn in the run of a token's bytes that begins
// at i. A run is looked at once.
func (sc *scanner) drawnRun(i int) int {
	s := sc.s
	if i < sc.drawnUntil {
		return 0
	}
	end := i
	for end < len(s) && (formatByte(s[end]) && s[end] != '@' && s[end] != '|' && s[end] != '%' && s[end] != ':') {
		end++
	}
	sc.drawnUntil = end
	if end-i < minPrefixed {
		return 0
	}
	i = sc.runStart(i)
	run := s[i:end]
	if len(run) >= minWithin {
		if start, stop, ok := holdsFormat(run); ok {
			return sc.add(i+start, i+stop)
		}
	}
	if at := hookIn(run); at > 0 {
		if stop := sc.hook(i + at); stop > 0 {
			return stop
		}
	}
	if _, _, ok := findDrawn(run, context{hex: true}); !ok {
		return 0 // the most common case, without a look at the name
	}
	c := sc.context(i, end)
	if c.public || readable(run) {
		return 0
	}
	if start, stop, ok := findDrawn(run, c); ok {
		if sc.mostly(i+start, i+stop) {
			return sc.suspect(0, len(s))
		}
		sc.drawnUntil = i + stop
		return sc.suspect(i+start, i+stop)
	}
	return 0
}

// mostly reports whether a token makes up most of a value that is one word,
// so that the rest belongs to it.
func (sc *scanner) mostly(start, end int) bool {
	s := sc.s
	if !sc.at.value || len(sc.spans) > 0 || start > 40 || (end-start)*10 < len(s)*6 {
		return false
	}
	rest := s[:start] + s[end:]
	return !strings.ContainsAny(rest, "/ \t\n=\"'{}[]()<>,@") && !digestWords[strings.TrimRight(rest, "0123456789:")]
}

// hookIn returns where the word of a web hook begins inside of a URL's path.
func hookIn(run string) int {
	at := strings.Index(run, "hooks/")
	if at < 0 {
		return 0
	}
	for at > 0 && alnum(run[at-1]) {
		at--
	}
	return at
}

// runStart takes in the punctuation that a token may begin with.
func (sc *scanner) runStart(i int) int {
	least := 0
	if n := len(sc.spans); n > 0 {
		least = sc.spans[n-1].end
	}
	begin := i
	for begin > least && i-begin < 3 && strings.IndexByte("_~.+-", sc.s[begin-1]) >= 0 {
		begin--
	}
	if begin > least && strings.IndexByte(" \"'=:,", sc.s[begin-1]) < 0 || begin == least && least > 0 {
		return i
	}
	return begin
}

// context says what is known of the place of a run.
type context struct {
	// public reports whether what is there is never secret.
	public bool
	// hex reports whether a run of hexadecimal figures may be a secret.
	hex bool
	// path reports whether the run is one of a URL or of a file.
	path bool
}

func (sc *scanner) context(i, end int) context {
	s := sc.s
	var c context
	c.path = i > 0 && (s[i-1] == '/' || s[i-1] == '@')
	name := sc.assignedTo(i)
	if name == "" && sc.at.value && i == 0 && strings.Trim(s[end:], "= \n") == "" {
		name = sc.at.name
	}
	if name == "" {
		name = parameter(s, i, end)
	}
	c.hex = name != ""
	if digestBefore(s, i) && digestLength(strings.TrimRight(s[i:end], "=")) {
		c.public = true
		return c
	}
	switch openName(name) {
	case digestName:
		c.hex = false
		c.public = digestSized(strings.TrimRight(s[i:end], "="), name)
	case identifierName:
		c.hex = false
		c.public = end-i <= 64
	case publicName:
		c.public = true
	}
	return c
}

// commitLength reports whether a text begins with the 40 figures of a commit.
func commitLength(s string) bool {
	n := 0
	for n < len(s) && n <= 40 && isHex(s[n:n+1]) {
		n++
	}
	return n == 40
}

// assignedTo returns the name that a run is the value of, or "". A colon
// without a space behind it may be one of an image's tag.
func (sc *scanner) assignedTo(i int) string {
	s := sc.s
	at := i - 1
	for at > 0 && i-at < 4 && strings.IndexByte(" \"'\\", s[at]) >= 0 {
		at--
	}
	if at <= 0 || s[at] != '=' && s[at] != ':' {
		return ""
	}
	begin, end := sc.identBefore(at)
	if s[at] == ':' && at == i-1 && (begin > 0 && s[begin-1] == '/' || strings.IndexByte(s[begin:end], '.') >= 0 || commitLength(s[i:]) ||
		digestWords[strings.TrimRight(strings.ToLower(s[begin:end]), "0123456789")]) {
		return ""
	}
	return s[begin:end]
}

// openKind is what a name says of the openness of its value.
type openKind uint8

const (
	noKind openKind = iota
	digestName
	identifierName
	publicName
)

// openName judges a name by its last words.
func openName(name string) openKind {
	if name == "" || len(name) > 200 {
		return noKind
	}
	ws := words(name)
	for n := range min(2, len(ws)) {
		w := ws[len(ws)-1-n]
		switch {
		case publicWords[w]:
			return publicName
		case digestWords[strings.TrimRight(w, "0123456789")] || digestWords[w]:
			return digestName
		case n == 0 && (w == "id" || w == "ids" || w == "arn" || w == "uid" || w == "guid" || w == "uuid" || w == "zone" || w == "traceparent" || w == "parent"):
			return identifierName
		}
	}
	return noKind
}

// digestSized reports whether a text has the length and the bytes of a digest:
// hexadecimal ones, or base64 where the name speaks of a digest.
func digestSized(s, name string) bool {
	if d := measure(s); d.hexed {
		return true
	}
	if !hashNames(name) {
		return false
	}
	return digestLength(s)
}

// digestLength reports whether a text is as long as a digest in base64.
func digestLength(s string) bool {
	switch len(s) {
	case 22, 27, 43, 64, 86:
		return true
	}
	return false
}

// digestBefore reports whether the name of a digest's algorithm and a colon
// stand before i, as in "SHA256:".
func digestBefore(s string, i int) bool {
	if i < 4 || s[i-1] != ':' {
		return false
	}
	at := i - 1
	for at > 0 && i-at < 8 && alnum(s[at-1]) {
		at--
	}
	return digestAlgorithms[strings.ToLower(s[at:i-1])]
}

var digestAlgorithms = set(`md5 sha1 sha224 sha256 sha384 sha512`)

// parameter returns the name of the parameter of a URL's query that a run
// begins with, or "" where it has none or where the name is one of a version.
func parameter(s string, i, end int) string {
	if i == 0 || s[i-1] != '?' && s[i-1] != '&' {
		return ""
	}
	name, _, ok := strings.Cut(s[i:end], "=")
	if !ok || len(name) > 24 || versionParameters[strings.ToLower(name)] {
		return ""
	}
	return name
}

// versionParameters name in a query what tells a version of a file or of a page.
var versionParameters = set(`v h ver rev ref cb t ts`)

// hashNames reports whether a name ends with a word for a digest, rather than
// with one for a revision.
func hashNames(name string) bool {
	ws := words(name)
	switch w := strings.TrimRight(ws[len(ws)-1], "0123456789"); w {
	case "sha", "hash", "digest", "checksum", "integrity", "fingerprint", "thumbprint", "md", "sum", "etag":
		return true
	}
	return false
}

// findDrawn finds the first token in a run that was drawn by a machine.
func findDrawn(run string, c context) (start, end int, ok bool) {
	if len(run) > maxDrawn {
		run = run[:maxDrawn]
	}
	if uuidLike(run) || openForm(run) {
		return 0, 0, false
	}
	for start < len(run) {
		end = start
		for end < len(run) && drawnByte(run[end]) {
			end++
		}
		if piece := run[start:end]; len(piece) >= minPrefixed && isDrawn(piece, c) && !hostAfter(run[end:]) && !openForm(piece) {
			return widen(run, start, end, c)
		} else if start > 1 && (start <= 4 && run[start-1] == '+' || start <= 9 && run[start-1] == '.' && !c.path && !hostAfter(run[end:])) && len(piece) >= minPrefixed && drawnBody(piece, "+"+piece, c) {
			return 0, end, true
		}
		start = end + 1
	}
	if !c.path && drawnBase64(run) {
		return 0, len(run), true
	}
	return 0, 0, false
}

// widen takes in what belongs to a token with dots: the prefix and the other
// drawn parts.
func widen(run string, start, end int, c context) (int, int, bool) {
	if !c.path && strings.IndexByte(run, '.') < 0 && strings.ContainsAny(run, "+/") && drawnBase64(run) {
		return 0, len(run), true
	}
	for start > 0 && run[start-1] == '.' {
		at := start - 1
		for at > 0 && drawnByte(run[at-1]) {
			at--
		}
		if part := run[at : start-1]; len(part) > 12 && measure(part).excess < 6 || part == "" {
			break
		}
		start = at
	}
	for end < len(run) && (run[end] == '.' || run[end] == '=' || run[end] == '~') {
		at := end + 1
		for at < len(run) && drawnByte(run[at]) {
			at++
		}
		if part := run[end+1 : at]; run[end] == '.' && measure(part).excess < 0.5*float64(len(part)) {
			break
		}
		end = at
	}
	return start, end, true
}

// bar is the excess from which a token counts as drawn: the longer it is, the
// less does chance matter.
func (d *drawn) bar() float64 {
	switch {
	case d.n < 24:
		return minExcess * float64(d.n)
	case d.n < 32:
		return 0.8 * float64(d.n)
	default:
		return 0.7 * float64(d.n)
	}
}

// isDrawn weighs one piece of letters, figures, '_' and '-'.
func isDrawn(piece string, c context) bool {
	if n := len(piece) - 36; n > 0 && uuidLike(piece[n:]) {
		return tokenPrefix(piece[:n])
	}
	body := unprefixed(piece)
	if len(body) < minPrefixed || len(body) == len(piece) && len(piece) < minDrawn || uuidLike(body) {
		return false
	}
	if drawnBody(body, piece, c) || grouped(piece) {
		return true
	}
	if !strings.ContainsAny(body, "-_") {
		return false
	}
	for part := range strings.FieldsFuncSeq(body, func(r rune) bool { return r == '-' || r == '_' }) {
		if len(part) >= minDrawn && drawnBody(part, piece, c) {
			return true
		}
	}
	return false
}

// grouped reports whether a piece is a code in groups of one length, as
// licences and recovery codes are: "X7K2M-9QWRT-…".
// The last group may be shorter.
func grouped(piece string) bool {
	width := strings.IndexByte(piece, '-')
	if last := strings.LastIndexByte(piece, '-'); last > width && len(piece)-last-1 < width {
		piece = piece[:last]
	}
	if width < 4 || width > 8 || len(piece) < minDrawn || (len(piece)+1)%(width+1) != 0 || len(piece) < 4*width+3 {
		return false
	}
	for i := range len(piece) {
		if (i%(width+1) == width) != (piece[i] == '-') {
			return false
		}
	}
	d := measure(piece)
	least := 0.7
	if d.upper > 0 && d.lower > 0 {
		least = minExcess // names have letters of both cases, too
	}
	return d.figures > 2 && d.changes > 3 && d.excess >= least*float64(d.n)
}

// drawnBody weighs the part of a piece behind its prefix.
func drawnBody(body, piece string, c context) bool {
	d := measure(body)
	if d.excess < d.bar() || longest(body) < d.minPart() {
		return false
	}
	switch {
	case d.hexed:
		return d.figures > 0 && d.figures < d.n && d.n >= minDrawn && (c.hex || len(body) < len(piece) && d.n >= 32 && !imageTag(piece, body))
	case d.figures == 0 && (d.lower == 0 || d.upper == 0):
		return d.n >= 28 && d.excess >= 1.4*float64(d.n)
	case d.figures == d.n:
		return false
	default:
		return d.changes >= 3
	}
}

// minPart is how long the longest part without '-' and '_' must be: names that
// are generated have short ones, in small letters.
func (d *drawn) minPart() int {
	if d.lower > 0 && d.upper > 0 {
		return minMixedPart
	}
	return minPart
}

// tokenPrefix reports whether a prefix says that a UUID is a token.
func tokenPrefix(prefix string) bool {
	if strings.HasSuffix(prefix, "_") {
		return true // names of objects have hyphens
	}
	if d := measure(prefix); d.n <= 8 && d.excess > 0 && !objectPrefixes[strings.ToLower(strings.Trim(prefix, "-"))] {
		return true // no word, and not what objects are called by
	}
	for w := range strings.FieldsFuncSeq(strings.ToLower(prefix), func(r rune) bool { return !alnum(byte(r)) }) {
		if tokenMarks[w] || len(w) <= 5 && (strings.HasSuffix(w, "at") || strings.HasSuffix(w, "sk") || strings.HasSuffix(w, "tok") || strings.HasSuffix(w, "key")) {
			return true
		}
	}
	return false
}

// objectPrefixes begin the names of objects that have a UUID behind them.
var objectPrefixes = set(`pvc pv vol volume snap snapshot csi vm ns db job run pod node disk img net srv svc req trace span msg evt org proj
	user usr acc tenant i id x uuid urn host task app env cm cfg obj doc file k8s aks eks gke rg sub`)

// tokenMarks say in a prefix that a token follows.
var tokenMarks = set(`sk rk pat api secret sec token tok key auth live access refresh session bearer`)

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
	// Capitals that were set before small letters and figures.
	if n := len(piece) - len(strings.TrimLeft(piece, uppercase)); n >= 2 && n <= 5 && len(piece)-n >= minDrawn && !strings.ContainsAny(piece[n:], uppercase) {
		return piece[n:]
	}
	return piece
}

const uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

// wordPrefix reports whether a part could be a prefix: letters, with few
// figures among them, of a kind that people write.
func wordPrefix(part string) bool {
	d := measure(part)
	return d.n <= 5 && d.changes <= 2 || d.figures <= 2 && d.changes <= 2 && d.excess < 0.9*float64(d.n)
}

// longest gives the length of the longest part without '-' and '_'.
func longest(s string) int {
	best, n := 0, 0
	for i := range len(s) {
		if n++; s[i] == '-' || s[i] == '_' {
			n = 0
		}
		best = max(best, n)
	}
	return best
}

// drawnBase64 weighs a run with '+' and '/' as a whole: each part of it alone
// may be short.
func drawnBase64(run string) bool {
	run = strings.TrimRight(run, "=")
	if len(run) < 24 || strings.IndexByte(run, '.') >= 0 || !strings.ContainsAny(run, "+/") {
		return false
	}
	d := measure(run)
	return d.lower > 0 && d.upper > 0 && d.figures > 0 && (d.excess >= minExcess*float64(d.n) && d.changes*4 >= d.n || d.excess >= d.bar() && d.changes*3 >= d.n)
}

// hostAfter reports whether what follows a label is the rest of a host's name.
func hostAfter(rest string) bool {
	if rest == "" || rest[0] != '.' {
		return false
	}
	host, _, _ := strings.Cut(rest, "/")
	at := strings.LastIndexByte(host, '.')
	return topDomains[strings.ToLower(host[at+1:])]
}
