package value

import "strings"

// Version gives the canonical form of a version: at least two numeric parts
// separated by dots, an optional leading v, and an optional pre-release or
// build part. The leading v is dropped.
func Version(s string) (canon string, ok bool) {
	t := s
	if len(t) > 1 && (t[0] == 'v' || t[0] == 'V') && isDigit(t[1]) {
		t = t[1:]
	}
	if t == "" || len(t) > 80 || !isDigit(t[0]) {
		return "", false
	}
	core := t
	if i := strings.IndexAny(t, "-+_"); i >= 0 {
		core = t[:i]
		if !versionTail(t[i+1:]) {
			return "", false
		}
	}
	parts := 0
	for part := range strings.SplitSeq(core, ".") {
		parts++
		if part == "" || parts > 4 || len(part) > 9 {
			return "", false
		}
		for i := range len(part) {
			if !isDigit(part[i]) {
				return "", false
			}
		}
	}
	return t, parts >= 2 && !(parts == 2 && core == t && t == s && !strings.ContainsAny(s, "vV"))
}

func versionTail(s string) bool {
	for i := range len(s) {
		if !isAlnum(s[i]) && s[i] != '.' && s[i] != '-' && s[i] != '+' && s[i] != '_' {
			return false
		}
	}
	return s != ""
}

// Schedule reports whether the text is a cron expression: five or six fields, or
// one of the @ forms.
func Schedule(s string) bool {
	switch s {
	case "@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually":
		return true
	}
	if strings.HasPrefix(s, "@every ") {
		_, ok := Duration(s[len("@every "):])
		return ok
	}
	if len(s) > 120 || strings.IndexByte(s, ' ') < 0 {
		return false
	}
	fields := strings.Fields(s)
	if len(fields) != 5 && len(fields) != 6 {
		return false
	}
	for i, f := range fields {
		if !cronField(f, len(fields)-i <= 2) {
			return false
		}
	}
	return true
}

// cronField checks one field; names of months and days are allowed in the last
// two.
func cronField(f string, names bool) bool {
	for i := range len(f) {
		switch c := f[i]; {
		case isDigit(c), c == '*', c == ',', c == '-', c == '/', c == '?', c == '#':
		case names && isAlpha(c):
		default:
			return false
		}
	}
	return isDigit(f[0]) || f[0] == '*' || f[0] == '?' || names && isAlpha(f[0])
}
