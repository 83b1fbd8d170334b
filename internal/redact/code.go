package redact

import "strings"

// code reports whether a value is an expression that reads the secret from
// elsewhere.
func code(value string) bool {
	if value[0] == '%' && len(value) == 2 || strings.HasPrefix(value, "$(") || strings.HasPrefix(value, "$http_") || strings.HasPrefix(value, "%(") || strings.HasPrefix(value, "<%=") {
		return true
	}
	value = strings.TrimRight(value, ",; ")
	at := strings.IndexAny(value, "([")
	if at <= 0 {
		return false
	}
	if value[at] == '(' && (at == len(value)-1 || strings.HasSuffix(value, ")")) && strings.ContainsAny(value[:at], ".") && identifier(value[:at]) {
		return true
	}
	return programName(value[:at]) && taken(value[at:])
}

// variable reports whether a value within a text is a variable of a shell or
// of a program: "$token", "self.password", "SECRET_KEY,".
func variable(value string) bool {
	if value[0] == '$' {
		return len(value) > 3 && identifier(value[1:]) && !strings.ContainsAny(value, "-.0123456789")
	}
	if name, ok := strings.CutSuffix(value, ","); ok {
		if variableName(name) {
			return true
		}
		value = name
	}
	at := strings.LastIndexByte(value, '.')
	return at > 0 && at < len(value)-1 && programName(value) && hasStem(value[at+1:]) && nameStrength(value[at+1:]) > hinted
}

// programName reports whether a text is written as the name of a function or
// of a variable, with the names of what holds it before it.
func programName(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if part == "" || strings.IndexByte(part, '-') >= 0 || !identifier(part) {
			return false
		}
		if d := measure(part); d.figures > 0 || d.n >= 12 && d.excess > 0.7*float64(d.n) {
			return false
		}
	}
	return true
}

// taken reports whether what is behind a name in a program are the arguments of
// a call or the key of an item: "(item["password"])", "["password"", "[str]". A
// text that was cut in the middle counts.
func taken(s string) bool {
	inner := strings.TrimRight(s[1:], ")]")
	if inner == "" {
		return len(s) > 1
	}
	if q := inner[0]; q == '"' || q == '\'' || q == '\\' {
		inner = strings.Trim(inner, "\"'\\")
		return fieldName(inner) || variableName(inner)
	}
	if at := strings.IndexAny(inner, "(["); at > 0 {
		return programName(inner[:at]) && taken(inner[at:])
	}
	name, _, _ := strings.Cut(inner, "]")
	return (s[0] == '[' || strings.IndexAny(inner, "._,") > 0) && programName(strings.NewReplacer(", ", ".", ",", ".").Replace(name))
}
