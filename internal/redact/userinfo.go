package redact

import (
	"encoding/base64"
	"strings"
)

// userinfo finds the password in "scheme://user:password@host", and a token
// that stands in the user's place. i is at the colon behind the scheme.
func (sc *scanner) userinfo(i int) int {
	s := sc.s
	start := i + 3
	if s[i+1] == '\\' {
		start = i + 5
	}
	token := start
	for token < len(s) && strings.IndexByte(" \t\n\r\"'`<>", s[token]) < 0 {
		token++
	}
	if sc.spent(token - start) {
		return sc.add(i, len(s))
	}
	authority := start
	for authority < token && strings.IndexByte("/?#", s[authority]) < 0 {
		authority++
	}
	at := strings.LastIndexByte(s[start:authority], '@')
	if at < 0 {
		// A raw slash in a password ends what the grammar calls the authority.
		colon := strings.IndexByte(s[start:authority], ':')
		if colon < 0 || digits(strings.TrimRight(s[start+colon+1:authority], ",")) {
			return 0
		}
		if at = strings.LastIndexByte(s[start:token], '@'); at < colon {
			return 0
		}
	}
	return sc.credentials(start, start+at)
}

// credentials records the password of "user:password", or a user that is
// itself a token.
func (sc *scanner) credentials(start, end int) int {
	s := sc.s
	colon := strings.IndexByte(s[start:end], ':')
	if colon < 0 {
		if d := measure(s[start:end]); d.n >= 20 && looksRandom(s[start:end]) || d.n >= 8 && d.figures > 1 && d.changes > 2 && d.excess > 0.6*float64(d.n) {
			return sc.add(start, end)
		}
		return 0
	}
	password := s[start+colon+1 : end]
	if password == "" {
		if colon >= 16 && looksRandom(s[start:start+colon]) {
			return sc.add(start, start+colon)
		}
		return 0
	}
	if noSecret(password) || code(password) || blank(password) {
		return 0
	}
	if strings.EqualFold(password, "x-oauth-basic") || strings.EqualFold(password, "x") {
		return sc.add(start, start+colon)
	}
	return sc.add(start+colon+1, end)
}

// blank reports whether a password is a place that a program fills: "{}",
// "{password}", "%s".
func blank(password string) bool {
	if password[0] == '{' && password[len(password)-1] == '}' {
		return identifier(password[1:len(password)-1]) && !strings.ContainsAny(password, "0123456789") || len(password) <= 4
	}
	return password[0] == '%' && len(password) == 2
}

// escapedUserinfo finds the password of a URL-encoded URL whose authority
// begins at start.
func (sc *scanner) escapedUserinfo(start int) int {
	upper := strings.ToUpper(sc.s[start:min(len(sc.s), start+2048)])
	if stop := strings.IndexAny(upper, " \t\n\"'&/"); stop >= 0 {
		upper = upper[:stop]
	}
	if stop := strings.Index(upper, "%2F"); stop >= 0 {
		upper = upper[:stop]
	}
	at := strings.LastIndex(upper, "%40")
	if at < 0 {
		at = strings.LastIndexByte(upper, '@')
	}
	if at < 0 {
		return 0
	}
	width, colon := 3, strings.Index(upper[:at], "%3A")
	if colon < 0 {
		width, colon = 1, strings.IndexByte(upper[:at], ':')
	}
	if colon < 0 || colon+width == at {
		return 0
	}
	return sc.add(start+colon+width, start+at)
}

// bareUserinfo finds the password of "user:password@tcp(host)" and of
// "user:password@host:port", which have no scheme. i is at the '@'.
func (sc *scanner) bareUserinfo(i int) int {
	s := sc.s
	rest := s[i+1:]
	if !strings.HasPrefix(rest, "tcp(") && !strings.HasPrefix(rest, "unix(") && !hostAndPort(rest) {
		return sc.looseUserinfo(i)
	}
	if end := sc.userBefore(i); end > 0 {
		return end
	}
	return sc.looseUserinfo(i)
}

// userBefore records the password of the "user:password" before an '@'.
func (sc *scanner) userBefore(i int) int {
	start, colon := sc.userStart(i)
	if colon <= 0 || colon+1 == i-start || strings.IndexByte(sc.s[start:start+colon], '/') >= 0 {
		return 0
	}
	password := sc.s[start+colon+1 : i]
	if strings.HasPrefix(password, "//") { // the user of a URL, which has no password
		return 0
	}
	if noSecret(password) || digits(password) && (len(password) < 3 || digits(sc.s[start:start+colon])) {
		return 0
	}
	return sc.add(start+colon+1, i)
}

// userStart gives the begin of what stands before an '@', and the place of the
// first colon in it.
func (sc *scanner) userStart(i int) (start, colon int) {
	s := sc.s
	start = i
	for start > 0 && strings.IndexByte(" \t\n\r\"'`=,;[", s[start-1]) < 0 && i-start < 256 {
		start--
	}
	return start, strings.IndexByte(s[start:i], ':')
}

// looseUserinfo finds the password of "user:password@host" without a port, and
// of Oracle's "user/password@service". Both could be something else, so that
// the password must look like one.
func (sc *scanner) looseUserinfo(i int) int {
	s := sc.s
	rest := s[i+1:]
	rest = strings.TrimPrefix(rest, "//")
	if len(rest) < 2 || !alnum(rest[0]) || rest[0] <= '9' || rest[0] == 'v' && rest[1] <= '9' && rest[1] >= '0' || strings.HasPrefix(rest, "sha256:") || strings.HasPrefix(rest, "sha512:") {
		return 0
	}
	start, colon := sc.userStart(i)
	oracle := strings.LastIndex(s[start:i], "thin:")
	if oracle < 0 {
		oracle = strings.LastIndex(s[start:i], "oci:")
	}
	if oracle >= 0 {
		colon, start = -1, start+oracle+strings.IndexByte(s[start+oracle:i], ':')+1
	}
	at := colon
	if at < 0 {
		if at = strings.IndexByte(s[start:i], '/'); strings.Count(s[start:i], "/") != 1 {
			return 0
		}
	}
	if at <= 0 || !identifier(s[start:start+at]) {
		return 0
	}
	password := s[start+at+1 : i]
	if password == "" || noSecret(password) || openSchemes[strings.ToLower(s[start:start+at])] || oracle < 0 && !passwordLike(password) {
		return 0
	}
	return sc.suspect(start+at+1, i)
}

// openSchemes stand before a colon and an address that holds no password.
var openSchemes = set(`mailto sip sips acct ssh npm git xmpp xmppto pkg docker oci image jid im skype tel`)

// passwordLike reports whether a text has what people are asked to put into
// passwords: letters, and figures or capitals or punctuation among them.
func passwordLike(text string) bool {
	if len(text) < 5 || strings.ContainsAny(text, "/ ") || constant(text) {
		return false
	}
	d := measure(text)
	odd := d.n - d.lower - d.upper - d.figures - d.separator
	return d.lower+d.upper > 1 && (d.figures > 0 && !readsLikeName(text) || d.upper > 0 && d.lower > 0 && d.changes > 1 || odd > 0)
}

// hostAndPort reports whether the text begins with host:digits.
func hostAndPort(s string) bool {
	n := 0
	for n < len(s) && identByte(s[n]) {
		n++
	}
	if n == 0 || n+1 >= len(s) || s[n] != ':' || s[n+1] < '0' || s[n+1] > '9' {
		return false
	}
	for n++; n < len(s) && s[n] >= '0' && s[n] <= '9'; n++ {
	}
	return n == len(s) || strings.IndexByte("/?, \"'\n", s[n]) >= 0
}

// decodesToPassword reports whether base64 text holds nothing but
// "user:password".
func decodesToPassword(s string) bool {
	if len(s) > 200 || !decodesToPair(s) {
		return false
	}
	data, _ := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
	user, password, _ := strings.Cut(string(data), ":")
	return identifier(user) && (passwordLike(password) || looksRandom(password))
}

// decodesToPair reports whether base64 text holds "user:password".
func decodesToPair(s string) bool {
	data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(s, "="))
	return err == nil && strings.IndexByte(string(data), ':') > 0 && printable(data)
}
