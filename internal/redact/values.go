package redact

import (
	"slices"
	"strings"
)

// noSecret reports whether the text is no secret whatever its name: a switch, a
// reference to where the secret is, or public key material.
func noSecret(text string) bool {
	switch {
	case text == "" || len(text) <= 9 && noValues[strings.ToLower(text)] || text == "[]" || text == "{}":
		return true
	case len(text) < 40 && (strings.HasPrefix(text, "YOUR_") || strings.HasPrefix(text, "your-") || strings.HasPrefix(text, "<your")):
		return true
	case text[0] == '$':
		return placeholder(text)
	case text[0] == '{':
		return template(text)
	case text[0] == '_':
		return toFill(text)
	}
	if referred(text) || strings.HasPrefix(text, "ssh-rsa ") || strings.HasPrefix(text, "ssh-ed25519 ") || strings.HasPrefix(text, "ecdsa-sha2-") {
		return true
	}
	if strings.HasPrefix(text, "-----BEGIN ") {
		return !strings.Contains(text, "PRIVATE KEY")
	}
	return masked(text)
}

// referred reports whether the text says where a secret is. It must have the
// parts that such a reference has: a prefix alone makes none.
func referred(text string) bool {
	switch {
	case text[0] == '/':
		return secretFile(text)
	case strings.HasPrefix(text, "arn:aws"):
		return strings.Count(text, ":") >= 5
	case strings.HasPrefix(text, "ENC[AES256_GCM,"):
		return strings.Contains(text, "data:")
	}
	for _, p := range elsewhere {
		if rest, ok := strings.CutPrefix(text, p); ok {
			at := strings.IndexByte(rest, '/')
			return at > 0 && at < len(rest)-1 && readsLikePath(rest)
		}
	}
	return false
}

// elsewhere begins texts that say where a secret is.
var elsewhere = []string{"ref+vault://", "ref+awssecrets://", "ref+gcpsecrets://", "ref+sops://", "ref+awsssm://", "ref+", "op://", "sm://", "vault:", "awssm://", "gcpsm://", "ssm:", "secretsmanager:"}

// secretFile reports whether the text is the path of a file that holds a
// secret: of several parts that read like names, or with an extension.
func secretFile(text string) bool {
	if !readsLikePath(text[1:]) || strings.HasSuffix(text, "/") || strings.Contains(text, "//") {
		return false
	}
	last := text[strings.LastIndexByte(text, '/')+1:]
	parts := strings.Count(text, "/")
	return parts >= 3 || parts >= 2 && (strings.IndexByte(last, '.') > 0 || !strings.ContainsAny(last, "0123456789"))
}

// readsLikePath reports whether the text reads like a path: words of letters of
// both cases and figures, of which none was drawn.
func readsLikePath(text string) bool {
	if strings.ContainsAny(text, " \t\n'\"\\") {
		return false
	}
	for part := range strings.SplitSeq(text, "/") {
		d := measure(part)
		if d.n >= 12 && d.excess >= minExcess*float64(d.n) && d.figures > 0 || d.n > 80 {
			return false
		}
	}
	return true
}

// template reports whether the text is one template expression that takes the
// value from elsewhere; a literal in it may be the secret itself.
func template(text string) bool {
	inner, ok := between(text, "{{", "}}")
	if !ok {
		inner, ok = between(text, "{%", "%}")
	}
	if !ok || strings.Contains(inner, text[:2]) {
		return false
	}
	inner = strings.Trim(inner, "- ")
	return !strings.ContainsAny(inner, "\"'`") || strings.HasPrefix(inner, "index ") || strings.HasPrefix(inner, "lookup ")
}

// toFill reports whether the text is a place to be filled before it is used:
// "__BEARER_TOKEN__".
func toFill(text string) bool {
	inner, ok := between(text, "__", "__")
	return ok && variableName("_"+inner)
}

// between returns what stands between two marks that a text begins and ends
// with.
func between(text, begin, end string) (string, bool) {
	inner, ok := strings.CutPrefix(text, begin)
	if !ok {
		return "", false
	}
	return strings.CutSuffix(inner, end)
}

// resolved reports whether the text between the braces of a placeholder names
// where a value comes from: "ENV:DB_PASSWORD", "file:/run/secrets/db".
func resolved(name string) bool {
	kind, rest, ok := strings.Cut(name, ":")
	return ok && rest != "" && resolvers[strings.ToLower(kind)] && strings.IndexByte(rest, ':') < 0 && readsLikePath(rest) && rest[0] != '-'
}

// unset reports whether the text between the braces of a placeholder gives an
// empty default: "PASSWORD:-".
func unset(name string) bool {
	name, fallback, ok := strings.Cut(name, ":-")
	return ok && identifier(name) && strings.Trim(fallback, ` "'`) == ""
}

// resolvers are the kinds of places that placeholders name.
var resolvers = set(`env sys system file vault secret secrets ssm aws-ssm sops`)

// placeholder reports whether the text is nothing but ${NAME}, $(NAME) or $NAME.
func placeholder(text string) bool {
	name := text[1:]
	if strings.HasPrefix(name, "{{") {
		return template(name)
	}
	if len(name) >= 2 && (name[0] == '{' && name[len(name)-1] == '}' || name[0] == '(' && name[len(name)-1] == ')') {
		name = name[1 : len(name)-1]
		return name != "" && (identifier(name) || resolved(name) || unset(name))
	}
	return name != "" && identifier(name) && name == strings.ToUpper(name) &&
		(strings.IndexByte(name, '_') > 0 || !strings.ContainsAny(name, "0123456789"))
}

func identifier(s string) bool {
	for i := range len(s) {
		if c := s[i]; !alnum(c) && c != '_' && c != '.' && c != '-' {
			return false
		}
	}
	return true
}

// masked reports whether the text is a mask of ours, as it stands in a text or
// in a path.
func masked(text string) bool {
	if maskAt(text) {
		return text[len(text)-1] == ']' && strings.IndexByte(text, ']') == len(text)-1
	}
	rest, ok := strings.CutPrefix(text, "secret ")
	return ok && len(rest) == 8 && isHex(rest)
}

// maskAt reports whether the text begins with a mask of ours, or with the first
// word of one.
func maskAt(text string) bool {
	rest, ok := strings.CutPrefix(text, "[secret")
	switch {
	case !ok:
		return false
	case rest == "" || rest[0] == ']' || strings.HasPrefix(rest, " ?]"):
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

// upperName reports whether a name is written as variables are.
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

// readsLikeName reports whether the text reads like the name of an object or a
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

// variableName reports whether the text is written as the name of a variable:
// DB_PASSWORD.
func variableName(text string) bool {
	return upperName(text) && strings.Contains(text, "_") && identifier(text) && !strings.ContainsAny(text, "-.0123456789")
}

// absolutePath reports whether the text reads like a path of a file.
func absolutePath(text string) bool { return text[0] == '/' && readsLikeName(text) && secretFile(text) }

// objectName reports whether the text reads like the name of an object that
// holds the secret: small words with hyphens, of which one says so or one
// stands in the name as well.
func objectName(name, text string) bool {
	if !readsLikeName(text) || !strings.ContainsAny(text, "-.") || strings.IndexByte(text, '_') >= 0 {
		return false
	}
	own := words(name)
	found := false
	for _, w := range words(text) {
		switch {
		case ownWords[w]:
			return false
		case objectWords[w], slices.Contains(own, w) && wordStrengths[w] == plain && w != "secret":
			found = true
		}
	}
	return found
}

// bareName reports whether the text reads like a short name of an object:
// people's passphrases have more words.
func bareName(text string) bool {
	return readsLikeName(text) && strings.Count(text, "-")+strings.Count(text, "_")+strings.Count(text, ".") <= 1 ||
		strings.IndexByte(text, '/') > 0 && readsLikeName(text)
}

// constant reports whether the text is what programs call things by: a class,
// a field, a mark in brackets, a small number.
func constant(text string) bool {
	if text[0] == '<' && text[len(text)-1] == '>' && len(text) < 40 && !strings.ContainsAny(text, "0123456789") || len(text) < 5 && digits(text) {
		return true
	}
	parts := strings.Split(text, ".")
	for _, part := range parts {
		if part == "" || !identifier(part) || strings.IndexByte(part, '-') >= 0 || strings.ContainsAny(part[:1], "0123456789") {
			return false
		}
		if d := measure(part); d.figures > 1 || d.n >= 12 && d.excess > 0.7*float64(d.n) {
			return false
		}
	}
	last := parts[len(parts)-1]
	return len(parts) > 1 && upperCase(last[0]) && len(last) > 2
}

// fieldName reports whether the text is a word or two in small letters, such
// as the name of a column.
func fieldName(text string) bool {
	separators := 0
	for i := range len(text) {
		switch c := text[i]; {
		case c == '_' || c == '.' || c == '-' || c == ':':
			separators++
		case c < 'a' || c > 'z':
			return false
		}
	}
	return separators <= 2 && len(text) <= 40 && (separators > 0 || len(text) <= 12)
}

// openAddress reports whether the text is an address without a secret: a host,
// or a URL without a user and without a parameter that could be one.
func openAddress(text string) bool {
	return !strings.ContainsAny(text, "@;=& ") && (readsLikeName(text) || strings.Contains(text, "://") || hostAndPort(text))
}

// looksRandom reports whether the text looks as if a machine had drawn it.
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
