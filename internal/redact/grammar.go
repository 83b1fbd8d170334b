package redact

import "strings"

// spaced looks at "name value", as directives of configuration files, netrc
// and SQL write it. The space is at i.
func (sc *scanner) spaced(i int) int {
	s := sc.s
	if i == 0 || i+1 >= len(s) || !identByte(s[i-1]) && s[i-1] != '"' && s[i-1] != '\'' && s[i-1] != ']' {
		return 0
	}
	start := i
	for start < len(s) && (s[start] == ' ' || s[start] == '\t') {
		start++
	}
	if start == len(s) || strings.IndexByte("=:|&#{}\n-", s[start]) >= 0 {
		return 0
	}
	begin, end := sc.identBefore(i)
	name := s[begin:end]
	if name == "" {
		return 0
	}
	line := sc.lineOf(begin)
	if i-line < 100 && !strings.ContainsAny(s[line:i], " \t") {
		if n := sc.lineForm(line, i, start); n > 0 {
			return n
		}
	}
	before := s[line:begin]
	if !sc.directive(name, before) || kindOfObject(name) && objectAt(s[start:]) {
		return 0
	}
	if q := s[start]; q == '"' || q == '\'' {
		from, to := quoted(s, start, 1)
		return sc.afterSpace(name, from, to)
	}
	stop := start
	for stop < len(s) && strings.IndexByte(" \t\n\r;", s[stop]) < 0 {
		stop++
	}
	if lower := strings.ToLower(name); lower == "auth-pass" || lower == "com2sec" { // the secret is the second argument
		if next := stop + len(s[stop:]) - len(strings.TrimLeft(s[stop:], " \t")); next < len(s) && next > stop && s[next] != '\n' {
			stop = next
			for stop < len(s) && strings.IndexByte(" \t\n\r", s[stop]) < 0 {
				stop++
			}
			start = next
		}
	}
	if linking[s[start:stop]] {
		return sc.told(name, stop)
	}
	if !leads(before) || !sc.lineEnds(stop) && !secretDirectives[strings.ToLower(name)] && !strings.Contains(before, "machine ") && !strings.Contains(before, "login ") {
		return 0
	}
	return sc.afterSpace(name, start, stop)
}

// kindOfObject reports whether a name is written as the kind of an object of
// several words: ExternalSecret.
func kindOfObject(name string) bool {
	humps := 0
	for i := range len(name) {
		switch {
		case !alnum(name[i]):
			return false
		case upperCase(name[i]) && (i == 0 || !upperCase(name[i-1])):
			humps++
		}
	}
	return humps > 1 && upperCase(name[0]) && name != strings.ToUpper(name)
}

// objectAt reports whether a text begins with the name of an object, with its
// namespace or of several words.
func objectAt(s string) bool {
	end := 0
	for end < len(s) && (s[end] >= 'a' && s[end] <= 'z' || s[end] >= '0' && s[end] <= '9' || strings.IndexByte("-./", s[end]) >= 0) {
		end++
	}
	return strings.ContainsAny(s[:end], "-/") && (end == len(s) || strings.IndexByte(" \n,;:)\"", s[end]) >= 0)
}

// linking are words between a name and its value in a sentence.
var linking = set(`is was to = := ->`)

// told judges what a sentence says a secret is: "the password is X". The word
// behind the name ends at i.
func (sc *scanner) told(name string, i int) int {
	s := sc.s
	start := i
	for start < len(s) && strings.IndexByte(" \t\"'`", s[start]) >= 0 {
		start++
	}
	end := start
	for end < len(s) && strings.IndexByte(" \t\n\"'`", s[end]) < 0 {
		end++
	}
	for end > start && strings.IndexByte(".,;:!?)", s[end-1]) >= 0 {
		end--
	}
	if !passwordLike(s[start:end]) || noSecret(s[start:end]) {
		return 0
	}
	return sc.judged(name, start, end)
}

// under judges a value in a map of a secret name: "password: {production: X}".
// The map's name was remembered.
func (sc *scanner) under(name string, begin int, start, end int) int {
	line := sc.lineOf(begin)
	switch indent := indentOf(sc.s[line:begin]); {
	case sc.aboveEnd > 0 && begin > sc.aboveEnd, sc.aboveEnd == 0 && indent <= sc.aboveIndent, closesNames(name):
		sc.above = ""
		return 0
	}
	if plainBelow(name) || !secretText(below(sc.above), sc.above, sc.s[start:end]) {
		return 0
	}
	return sc.judged(sc.above, start, end)
}

// opens remembers the name of a map. What is behind its colon begins at after.
func (sc *scanner) opens(name string, begin, after int) {
	s := sc.s
	if below(name) == plain {
		return
	}
	at := after
	for at < len(s) && (s[at] == ' ' || s[at] == '\\') {
		at++
	}
	switch {
	case at < len(s) && s[at] == '\n':
		line := sc.lineOf(begin)
		sc.above, sc.aboveIndent, sc.aboveEnd = name, indentOf(s[line:begin]), 0
	case at+1 < len(s) && s[at] == '{' && s[at+1] != '{':
		if n := strings.IndexByte(s[at:min(len(s), at+4096)], '}'); n > 0 {
			sc.above, sc.aboveEnd = name, at+n
		}
	}
}

// directive reports whether a name may have a secret behind a space.
func (sc *scanner) directive(name, before string) bool {
	if strings.EqualFold(name, "by") {
		before = strings.TrimRight(before, " ")
		return len(before) >= 10 && strings.EqualFold(before[len(before)-10:], "identified")
	}
	if len(name) < 3 || len(name) > 60 || !hasStem(name) {
		return false
	}
	return secretDirectives[strings.ToLower(name)] || nameStrength(name) >= weak || nameStrength(name) == keyed
}

// afterSpace judges what stands behind a name and a space.
func (sc *scanner) afterSpace(name string, start, end int) int {
	value := sc.s[start:end]
	if value == "" || proseWords[strings.ToLower(strings.TrimRight(value, ".,:;!?"))] || strings.HasPrefix(value, "$") {
		return 0
	}
	if user, password, ok := strings.Cut(value, ":"); ok && (strings.EqualFold(name, "auth") || strings.EqualFold(name, "user")) {
		if password == "" || digits(password) {
			return 0
		}
		return sc.suspect(start+len(user)+1, end)
	}
	if nameStrength(name) == weak && fieldName(value) || noSecret(strings.TrimRight(value, `"'`)) {
		return 0
	}
	return sc.judged(name, start, end)
}

// leads reports whether what stands before a name in its line only leads to
// it: nothing, a verb of configuration files, or a list's hyphen.
func leads(before string) bool {
	words := 0
	for w := range strings.FieldsSeq(before) {
		w = strings.ToLower(strings.Trim(w, "\"'$`(<"))
		if words++; words > 8 {
			return false
		}
		if !leadWords[w] && words == 1 && w != "" {
			return false
		}
	}
	return true
}

// lineEnds reports whether a line, or a statement, ends at i.
func (sc *scanner) lineEnds(i int) bool {
	s := sc.s
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == ';') {
		i++
	}
	return i == len(s) || s[i] == '\n' || s[i] == '\r' || s[i] == '#' || s[i] == '}'
}

// lineForm looks at whole lines of files whose grammar is their columns: the
// first column ends at i, and the second begins at start.
func (sc *scanner) lineForm(line, i, start int) int {
	s := sc.s
	stop := len(s)
	if n := strings.IndexByte(s[line:], '\n'); n >= 0 {
		stop = line + n
	}
	if stop-line > 400 || sc.spent(stop-line) {
		return 0
	}
	first := s[line:i]
	switch second := s[start:stop]; {
	case first[0] == '"' && second[0] == '"': // pgbouncer's and PPP's users
		from, to := quoted(s, start, 1)
		if rest := strings.TrimSpace(s[min(to+1, stop):stop]); strings.HasPrefix(rest, `"`) && to-from <= 1 {
			from, to = quoted(s, strings.IndexByte(s[to+1:], '"')+to+1, 1)
		}
		if to-from < 3 || to > stop {
			return 0
		}
		return sc.suspect(from, to)
	case strings.HasSuffix(first, "]:587"), strings.HasSuffix(first, "]:465"), strings.HasPrefix(first, "[") && strings.HasSuffix(first, "]"), hostAndPort(first):
		if at := strings.IndexByte(second, ':'); at > 0 && !strings.ContainsAny(second, " \t/") && !digits(second[at+1:]) && at+1 < len(second) {
			return sc.suspect(start+at+1, stop)
		}
	default:
		return sc.starred(line, stop)
	}
	return 0
}

// starred looks at PPP's "user * secret *".
func (sc *scanner) starred(line, stop int) int {
	if strings.IndexByte(sc.s[line:stop], '*') < 0 {
		return 0
	}
	columns := strings.Fields(sc.s[line:stop])
	if len(columns) < 3 || len(columns) > 5 || columns[1] != "*" || !identifier(strings.Trim(columns[0], `"`)) {
		return 0
	}
	secret := strings.Trim(columns[2], `"`)
	if len(secret) < 4 || digits(secret) {
		return 0
	}
	at := line + strings.Index(sc.s[line:stop], secret)
	return sc.suspect(at, at+len(secret))
}

// colonLine looks at a line "user:value" of a file of users: with the scheme
// of a hash in braces, with an old crypt hash, or in a list of passwords to
// set. The colon is at i.
func (sc *scanner) colonLine(i int) int {
	s := sc.s
	if i+4 > len(s) || strings.IndexByte(" \t\n/=", s[i+1]) >= 0 {
		return 0
	}
	begin, _ := sc.identBefore(i)
	line := sc.lineOf(begin)
	if begin == i || begin-line > 40 || strings.Trim(s[line:begin], " \t-") != "" {
		return 0
	}
	stop := i + 1
	for stop < len(s) && s[stop] != '\n' && s[stop] != ' ' && s[stop] != '\r' {
		stop++
	}
	value := s[i+1 : stop]
	switch {
	case len(value) == 13 && strings.IndexByte(value, ':') < 0 && crypted(value):
		return sc.suspect(i+1, stop)
	case sc.setsPasswords(begin) && !digits(value):
		return sc.suspect(i+1, stop)
	}
	return 0
}

// setsPasswords reports whether a list of passwords to set was announced
// before i.
func (sc *scanner) setsPasswords(i int) bool {
	if sc.chpasswd == 0 {
		if sc.chpasswd = strings.Index(sc.s, "chpasswd"); sc.chpasswd == 0 {
			sc.chpasswd = 1
		}
	}
	return sc.chpasswd > 0 && sc.chpasswd < i
}

// crypted reports whether 13 bytes look like a hash of the old crypt.
func crypted(s string) bool {
	for i := range len(s) {
		if !alnum(s[i]) && s[i] != '.' && s[i] != '/' {
			return false
		}
	}
	d := measure(s)
	return d.changes >= 4 && d.excess > 0.9*float64(d.n) && d.upper > 0 && d.lower > 0
}

// braced finds a hash behind the name of its scheme in braces: "{SSHA}…".
func (sc *scanner) braced(i int) int {
	s := sc.s
	end := strings.IndexByte(s[i:min(len(s), i+20)], '}')
	if end < 3 || !hashSchemes[strings.ToUpper(s[i+1:i+end])] {
		return 0
	}
	start := i + end + 1
	stop := start
	for stop < len(s) && (base64Byte(s[stop]) || strings.IndexByte("=$.,", s[stop]) >= 0) {
		stop++
	}
	if stop-start < 4 {
		return 0
	}
	return sc.add(start, stop)
}

// hashed finds hashes of passwords that begin with a word: of PostgreSQL, of
// Django, of Werkzeug. The word begins at i.
func (sc *scanner) hashed(i int) int {
	s := sc.s
	switch s[i] {
	case 'p', 'S', 's', 'a', 'b', 'm':
	default:
		return 0
	}
	if i+1 >= len(s) || strings.IndexByte("bCcrhd", s[i+1]) < 0 { // the second bytes of hashWords
		return 0
	}
	for _, p := range hashWords {
		if !strings.HasPrefix(s[i:], p) {
			continue
		}
		end := i + len(p)
		for end < len(s) && (base64Byte(s[end]) || strings.IndexByte("=$.,:", s[end]) >= 0) {
			end++
		}
		if p == "md5" && (end-i != 35 || !isHex(s[i+3:end])) || end-i < 24 {
			return 0
		}
		return sc.add(i, end)
	}
	return 0
}

// hashWords begin hashes of passwords.
var hashWords = []string{"pbkdf2_sha", "pbkdf2:sha", "SCRAM-SHA-", "scrypt:", "scrypt$", "argon2$", "bcrypt$", "bcrypt_sha256$", "sha1$", "sha256$", "sha512$", "md5$", "md5"}

// The words of the grammars above.
var (
	secretDirectives = set(`requirepass masterauth primaryauth rocommunity rwcommunity rocommunity6 rwcommunity6 auth_pass auth-pass
		community com2sec insecure-password shared_key aws_sec_key aws_key_id`)
	leadWords = set(`- sentinel set setenv env arg export declare proxy_set_header add_header more_set_headers more_set_input_headers
		fastcgi_param uwsgi_param scgi_param grpc_set_header machine default login user username account option option_set
		create alter role identified with server stats http-request http-response set-header requestheader header always
		passenv property define config conf common local remote username user-name snmp-server enable line backend
		userlist group sasl auth smtp ppp tunnel-group peer`)
	proseWords = set(`is was are were has have had must may can cannot should will would not and or for of in on to from by with
		as at the a an it this that if when where which than then field fields reset resets required optional expired wrong
		invalid incorrect missing mismatch based only authentication login protected protection manager generator policy
		change changed changes file hash hashing here value string stored store provider grant flow key keys name`)
	hashSchemes = set(`SHA SSHA SHA256 SSHA256 SHA384 SSHA384 SHA512 SSHA512 MD5 SMD5 CRYPT PLAIN CLEAR CLEARTEXT PBKDF2 PBKDF2-SHA256
		PBKDF2-SHA512 BCRYPT ARGON2 ARGON2I ARGON2ID BLF-CRYPT SHA256-CRYPT SHA512-CRYPT SCRAM-SHA-1 SCRAM-SHA-256 CRAM-MD5 DIGEST-MD5 NTLM LANMAN`)
)
