package redact

import (
	"strings"
)

// strength says how sure a name is to name a secret.
type strength uint8

const (
	plain  strength = iota
	hinted          // secret only where the value looks random
	named           // secret where the value could be a name: not where it reads like one
	weak            // secret unless the value is a mode, a size or the like
	strong          // secret
)

// SecretName tells whether a value under the name is secret whatever it is,
// but for values that cannot be one (booleans, references).
func (r *Redactor) SecretName(name string) bool {
	if matchAny(r.public, name, name) {
		return false
	}
	return matchAny(r.names, name, name) || nameStrength(name) >= named
}

// hasStem is a quick test that lets no name through that nameStrength would
// find to be secret. It allocates nothing.
func hasStem(name string) bool {
	for i := 0; i+2 < len(name); i++ {
		switch name[i] | 0x20 {
		case 'p':
			b, c := name[i+1]|0x20, name[i+2]|0x20
			if b == 'a' && c == 's' || b == 'w' && c == 'd' {
				return true
			}
		case 's':
			b, c := name[i+1]|0x20, name[i+2]|0x20
			if b == 'e' && c == 'c' || b == 'a' && c == 'l' || b == 'i' && c == 'g' {
				return true
			}
		case 't':
			if name[i+1]|0x20 == 'o' && name[i+2]|0x20 == 'k' {
				return true
			}
		case 'k':
			if name[i+1]|0x20 == 'e' && name[i+2]|0x20 == 'y' {
				return true
			}
		case 'c':
			b, c := name[i+1]|0x20, name[i+2]|0x20
			if b == 'r' && c == 'e' || b == 'o' && c == 'n' {
				return true
			}
		case 'a':
			if name[i+1]|0x20 == 'u' && name[i+2]|0x20 == 't' {
				return true
			}
		case 'd':
			if name[i+1]|0x20 == 's' && name[i+2]|0x20 == 'n' {
				return true
			}
		}
	}
	return false
}

// nameStrength judges a name by its words.
func nameStrength(name string) strength {
	if len(name) > 200 || !hasStem(name) {
		return plain
	}
	ws := words(name)
	if len(ws) == 0 {
		return plain
	}
	for i := len(ws) - 1; i >= 0; i-- {
		s := wordStrength(ws, i)
		if s == plain {
			continue
		}
		rest := ws[i+1:]
		if len(rest) == 0 {
			return s
		}
		return withRest(s, name, rest)
	}
	return plain
}

// withRest judges a secret word that other words follow: SECRET_KEY_BASE is a
// secret, secretName is none.
func withRest(s strength, name string, rest []string) strength {
	if harmless[rest[len(rest)-1]] {
		return plain
	}
	upper := name == strings.ToUpper(name)
	for _, w := range rest {
		if !modifiers[w] && !digits(w) {
			if upper {
				return s
			}
			if s == plain {
				return plain
			}
			return hinted
		}
	}
	return s
}

// wordStrength judges the i-th word with those before it.
func wordStrength(ws []string, i int) strength {
	w, before := strings.TrimRight(ws[i], "0123456789"), ""
	if i > 0 {
		before = ws[i-1]
	}
	switch {
	case (w == "key" || w == "keys") && before == "secret":
		return named // in an ExternalSecret it names a key
	case w == "key" || w == "keys":
		return strengthIf(keyOf[before], strong)
	case w == "string" || w == "strings":
		return strengthIf(before == "connection", strong)
	case w == "secret" || w == "secrets":
		return secretWord(ws, i, before)
	case w == "auth" || w == "pass" || w == "salt" || w == "token" || w == "signing":
		return weak
	case strongWords[w]:
		return strong
	case w == "tokens":
		return hinted
	case w == "credential" || w == "credentials" || w == "creds":
		return named
	}
	for _, suffix := range gluedSuffixes {
		if len(w) > len(suffix) && strings.HasSuffix(w, suffix) {
			return strong
		}
	}
	if len(w) > 5 && strings.HasSuffix(w, "token") {
		return weak
	}
	return plain
}

// secretWord judges "secret": in many charts and objects it is followed by
// the name of a Secret.
func secretWord(ws []string, i int, before string) strength {
	switch {
	case namingBefore[before]:
		return plain
	case ws[i] == "secrets" && len(ws) == 1:
		return hinted
	default:
		return named
	}
}

func strengthIf(ok bool, s strength) strength {
	if ok {
		return s
	}
	return plain
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// words splits a name at separators and at humps, in lower case: "dbAPIKey_2"
// is db, api, key, 2.
func words(name string) []string {
	out := make([]string, 0, 6)
	start := -1
	flush := func(end int) {
		if start >= 0 {
			out = append(out, strings.ToLower(name[start:end]))
			start = -1
		}
	}
	for i := range len(name) {
		c := name[i]
		if !alnum(c) {
			flush(i)
			continue
		}
		if start >= 0 && hump(name, i) {
			flush(i)
		}
		if start < 0 {
			start = i
		}
	}
	flush(len(name))
	return out
}

// hump tells whether a word begins at i, which is not the first of its run.
func hump(name string, i int) bool {
	c, p := name[i], name[i-1]
	if !upperCase(c) {
		return false
	}
	if !upperCase(p) {
		return true
	}
	return i+1 < len(name) && name[i+1] >= 'a' && name[i+1] <= 'z'
}

func upperCase(c byte) bool { return c >= 'A' && c <= 'Z' }

func alnum(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}
