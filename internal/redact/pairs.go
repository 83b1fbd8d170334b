package redact

import "strings"

// listed looks at a name and a value as the two items of a list, and as the
// arguments of a call: ["password", "X"], define('PASSWORD', 'X'). The comma is
// at i, behind a quote.
func (sc *scanner) listed(i int) int {
	s := sc.s
	quote := s[i-1]
	width := 1
	if i >= 2 && s[i-2] == '\\' {
		width = 2
	}
	end := i - width
	begin := end
	for begin > 0 && identByte(s[begin-1]) && end-begin < 80 {
		begin--
	}
	name := s[begin:end]
	if begin < width+1 || s[begin-1] != quote || len(name) < 3 || !hasStem(name) || nameStrength(name) < weak && nameStrength(name) != keyed {
		return 0
	}
	if open := strings.TrimRight(s[:begin-width], " \t\n"); open == "" || open[len(open)-1] != '[' && open[len(open)-1] != '(' {
		return 0
	}
	start := i + 1
	for start < len(s) && (s[start] == ' ' || s[start] == '\t' || s[start] == '\n') {
		start++
	}
	if start+width >= len(s) || s[start+width-1] != quote {
		return 0
	}
	from, to := quoted(s, start, width)
	rest := strings.TrimLeft(s[min(len(s), to+width):], " \t\n,")
	if rest != "" && rest[0] != ']' && rest[0] != ')' || fieldName(s[from:to]) && len(s[from:to]) < 8 {
		return 0
	}
	return sc.judged(name, from, to)
}

// named remembers the name of what follows in a text: {"name": "PASSWORD",
// "value": "X"}. The value of the name is s[start:end].
func (sc *scanner) named(start, end int) {
	name := sc.s[start:end]
	if len(name) < 2 || len(name) > 80 || !hasStem(name) || !identifier(strings.TrimLeft(name, "-")) || nameStrength(name) == plain {
		return
	}
	sc.pending, sc.pendingFrom = name, end
}

// pendingReach is how far behind its name a value may stand.
const pendingReach = 200

// carried judges a value whose name was remembered.
func (sc *scanner) carried(start, end int) int {
	if sc.pending == "" || start < sc.pendingFrom || start-sc.pendingFrom > pendingReach {
		return 0
	}
	name := sc.pending
	if strings.IndexByte(sc.s[sc.pendingFrom:start], '}') >= 0 || strings.Contains(sc.s[sc.pendingFrom:start], "\n-") {
		return 0
	}
	sc.pending = ""
	return sc.judged(name, start, end)
}

// userPair records the password of a value "user:password" under a name such
// as user or login.
func (sc *scanner) userPair(start, end int) int {
	user, password, ok := strings.Cut(sc.s[start:end], ":")
	switch {
	case !ok || password == "" || user == "" || !identifier(strings.ReplaceAll(user, "@", "")) || digits(user):
		return 0
	case digits(password) || maskAt(password) || noSecret(password) || fieldName(password) || strings.IndexByte(password, '/') >= 0:
		return 0
	}
	return sc.suspect(start+len(user)+1, end)
}

// userField reports whether a name is one of a field that may hold a user with
// a password.
func userField(name string) bool {
	if len(name) > 40 || !userEnd(name) {
		return false
	}
	ws := words(name)
	if len(ws) == 0 {
		return false
	}
	switch ws[len(ws)-1] {
	case "user", "login", "userpwd", "userpass", "auth", "creds", "proxyuser", "users", "basicauth":
		return true
	}
	return false
}

// userEnd is a quick test that lets every name through that ends in a word of
// userField. It allocates nothing.
func userEnd(name string) bool {
	end := len(name)
	for end > 0 && !alnum(name[end-1]) && name[end-1] < 0x80 {
		end--
	}
	for _, word := range [...]string{"user", "users", "login", "userpwd", "pass", "auth", "creds"} {
		if n := end - len(word); n >= 0 && strings.EqualFold(name[n:end], word) {
			return true
		}
	}
	return end > 0 && !ascii(name[:end])
}

// cookies records the values of a cookie header that begins at start.
func (sc *scanner) cookies(start int) int {
	s := sc.s
	last := 0
	for start < len(s) {
		for start < len(s) && (s[start] == ' ' || s[start] == '"' || s[start] == '\'') {
			start++
		}
		end := start
		for end < len(s) && strings.IndexByte(";\n\"'", s[end]) < 0 {
			end++
		}
		name, value, ok := strings.Cut(s[start:end], "=")
		if ok && !cookieParts[strings.ToLower(name)] && len(value) >= 6 && !noSecret(value) && !code(value) && identifier(name) {
			if n := sc.suspect(start+len(name)+1, end); n > 0 {
				last = n
			}
		}
		if end == len(s) || s[end] != ';' {
			break
		}
		start = end + 1
	}
	return last
}

// cookieParts are what a cookie says of itself.
var cookieParts = set(`path domain expires max-age samesite secure httponly priority partitioned version`)

// table looks at the rows below a header that names a secret: of values with
// commas, and of Markdown. It marks what is secret from the first row on, and
// is asked once at the start of a text.
func (sc *scanner) table() {
	s := sc.s
	for line := 0; line < len(s); {
		stop := len(s)
		if n := strings.IndexByte(s[line:], '\n'); n >= 0 {
			stop = line + n
		}
		header := s[line:stop]
		sep := ","
		if strings.HasPrefix(strings.TrimSpace(header), "|") {
			sep = "|"
		}
		if column := secretColumn(header, sep); column >= 0 && stop < len(s) && (sep == "," || ruled(s[stop+1:])) {
			sc.column, sc.columnFrom, sc.columnSep = column, stop+1, sep[0]
			return
		}
		if line = stop + 1; sep == "," {
			return // values with commas have their header in the first line
		}
	}
}

// ruled reports whether a text begins with the rule below a header in Markdown.
func ruled(s string) bool {
	line, _, _ := strings.Cut(s[:min(len(s), 400)], "\n")
	return strings.Contains(line, "--") && strings.Trim(line, "|-: \t\r") == ""
}

// secretColumn returns the number of the column whose name is a secret one.
func secretColumn(header, sep string) int {
	if len(header) > 2000 || strings.Count(header, sep) < 1 || sep == "," && strings.ContainsAny(header, "={}:") {
		return -1
	}
	n := 0
	for cell := range strings.SplitSeq(header, sep) {
		cell = strings.Trim(cell, " \t\r\"'`*")
		if len(cell) >= 3 && len(cell) < 40 && hasStem(cell) && identifier(strings.ReplaceAll(cell, " ", "_")) && nameStrength(cell) >= strong {
			return n
		}
		n++
	}
	return -1
}

// row records the cell of a row in the secret column. The row begins at i.
func (sc *scanner) row(i int) {
	s := sc.s
	start := i
	for range sc.column {
		n := strings.IndexAny(s[start:], string(sc.columnSep)+"\n")
		if n < 0 || s[start+n] == '\n' {
			sc.columnFrom = len(s) + 1 // the table has ended
			return
		}
		start += n + 1
	}
	end := start
	for end < len(s) && s[end] != sc.columnSep && s[end] != '\n' {
		end++
	}
	for start < end && strings.IndexByte(" \t\"'`", s[start]) >= 0 {
		start++
	}
	for end > start && strings.IndexByte(" \t\r\"'`", s[end-1]) >= 0 {
		end--
	}
	value := s[start:end]
	if len(value) < 3 || strings.Trim(value, "-: ") == "" || noSecret(value) || typeWords[strings.ToLower(value)] || strings.Count(value, " ") > 2 {
		return
	}
	sc.cells = append(sc.cells, span{start, end, true})
}

// cell looks at a row "| name | value |" of a table. The bar is at i.
func (sc *scanner) cell(i int) int {
	s := sc.s
	end := i
	for end > 0 && strings.IndexByte(" \t`*", s[end-1]) >= 0 {
		end--
	}
	begin := end
	for begin > 0 && identByte(s[begin-1]) && end-begin < 80 {
		begin--
	}
	name := s[begin:end]
	lead := strings.TrimRight(s[:begin], " \t`*")
	if len(name) < 3 || !hasStem(name) || nameStrength(name) < strong || lead == "" || lead[len(lead)-1] != '|' {
		return 0
	}
	start := i + 1
	for start < len(s) && strings.IndexByte(" \t`", s[start]) >= 0 {
		start++
	}
	stop := start
	for stop < len(s) && strings.IndexByte("|\n`", s[stop]) < 0 {
		stop++
	}
	value := strings.TrimRight(s[start:stop], " \t")
	if len(value) < 3 || strings.Contains(value, " ") || strings.Trim(value, "-:") == "" || modes[strings.ToLower(value)] {
		return 0
	}
	return sc.judged(name, start, start+len(value))
}
