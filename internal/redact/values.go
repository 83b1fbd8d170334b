package redact

import "strings"

// noSecret tells whether the text is no secret whatever its name: a switch, a
// reference to where the secret is, or public key material.
func noSecret(text string) bool {
	switch {
	case text == "" || len(text) <= 9 && noValues[strings.ToLower(text)]:
		return true
	case text[0] == '$':
		return placeholder(text)
	case text[0] == '{':
		return template(text)
	}
	for _, p := range elsewhere {
		if strings.HasPrefix(text, p) {
			return true
		}
	}
	if strings.HasPrefix(text, "-----BEGIN ") {
		return !strings.Contains(text, "PRIVATE KEY")
	}
	return masked(text)
}

// elsewhere begins texts that say where a secret is, or that are public.
var elsewhere = []string{
	"arn:aws", "/run/secrets/", "/var/run/secrets/", "/etc/", "ref+", "op://", "sm://", "vault:", "awssm://", "gcpsm://",
	"ssh-rsa ", "ssh-ed25519 ", "ecdsa-sha2-", "ENC[AES256_GCM,",
}

// template tells whether the text is one template expression that takes the
// value from elsewhere; a literal in it may be the secret itself.
func template(text string) bool {
	inner, ok := strings.CutPrefix(text, "{{")
	inner, closed := strings.CutSuffix(inner, "}}")
	if !ok || !closed || strings.Contains(inner, "{{") {
		return false
	}
	inner = strings.Trim(inner, "- ")
	return !strings.ContainsAny(inner, "\"'`") || strings.HasPrefix(inner, "index ") || strings.HasPrefix(inner, "lookup ")
}

// placeholder tells whether the text is nothing but ${NAME}, $(NAME) or $NAME.
func placeholder(text string) bool {
	name := text[1:]
	if strings.HasPrefix(name, "{{") {
		return template(name)
	}
	if len(name) >= 2 && (name[0] == '{' && name[len(name)-1] == '}' || name[0] == '(' && name[len(name)-1] == ')') {
		name = name[1 : len(name)-1]
		return name != "" && identifier(name)
	}
	return name != "" && identifier(name) && name == strings.ToUpper(name)
}

func identifier(s string) bool {
	for i := range len(s) {
		if c := s[i]; !alnum(c) && c != '_' && c != '.' && c != '-' {
			return false
		}
	}
	return true
}

// masked tells whether the text is a mask of ours, as it stands in a text or
// in a path.
func masked(text string) bool {
	if maskAt(text) {
		return text[len(text)-1] == ']' && strings.IndexByte(text, ']') == len(text)-1
	}
	rest, ok := strings.CutPrefix(text, "secret ")
	return ok && len(rest) == 8 && isHex(rest)
}

// maskAt tells whether the text begins with a mask of ours, or with the first
// word of one.
func maskAt(text string) bool {
	rest, ok := strings.CutPrefix(text, "[secret")
	switch {
	case !ok:
		return false
	case rest == "" || rest[0] == ']':
		return true
	default:
		return len(rest) >= 10 && rest[0] == ' ' && rest[9] == ']' && isHex(rest[1:9])
	}
}

func isHex(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// upperName tells whether a name is written as variables are.
func upperName(name string) bool {
	letter := false
	for i := range len(name) {
		c := name[i]
		if c >= 'a' && c <= 'z' {
			return false
		}
		letter = letter || upperCase(c)
	}
	return letter
}

// readsLikeName tells whether the text reads like the name of an object or a
// path: words in small letters and short numbers with separators between them,
// of which few mix letters with figures.
func readsLikeName(text string) bool {
	if len(text) > 120 || !strings.ContainsAny(text, "-./_") {
		return false
	}
	words, mixed := 0, 0
	for word := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == '-' || c == '.' || c == '/' || c == '_' }) {
		letters, figures := 0, 0
		for i := range len(word) {
			switch c := word[i]; {
			case c >= 'a' && c <= 'z':
				letters++
			case c >= '0' && c <= '9':
				figures++
			default:
				return false
			}
		}
		words++
		if letters == 0 && figures > 3 || letters > 20 {
			return false
		}
		if letters > 0 && figures > 1 {
			mixed++
		}
	}
	return mixed*4 <= words
}

// variableName tells whether the text is written as the name of a variable:
// DB_PASSWORD.
func variableName(text string) bool {
	return upperName(text) && strings.Contains(text, "_") && identifier(text) && !strings.ContainsAny(text, "-.0123456789")
}

// absolutePath tells whether the text reads like a path of a file.
func absolutePath(text string) bool { return text[0] == '/' && readsLikeName(text) }

// looksRandom tells whether the text looks as if a machine had drawn it.
func looksRandom(text string) bool {
	if len(text) < 12 || readsLikeName(text) {
		return false
	}
	var lower, upper, figures int
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 'a' && c <= 'z':
			lower++
		case upperCase(c):
			upper++
		case c >= '0' && c <= '9':
			figures++
		case c <= ' ' || c == ':' || c == '$' || c == '{':
			return false
		}
	}
	return figures >= 2 && lower+upper >= 3 || upper >= 3 && lower >= 3 && figures >= 1
}
