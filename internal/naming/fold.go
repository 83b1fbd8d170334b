package naming

import (
	"net/netip"
	"strings"
	"unicode/utf8"
)

// Folded stands in names for an identifier.
const Folded = "{id}"

// maxNameLength bounds names; what is longer is none that a person gave.
const maxNameLength = 240

// FoldName puts {id} in the place of identifiers in the name of an operation:
// in paths, and of words that are nothing else. Queries and users of URLs are
// dropped.
func FoldName(name string) string {
	name = valid(name)
	if strings.IndexByte(name, '/') < 0 && !strings.ContainsAny(name, "0123456789") {
		return cut(name)
	}
	words := strings.Split(name, " ")
	for i, word := range words {
		switch {
		case strings.Contains(word, "/"):
			words[i] = foldURL(word, true)
		case len(word) > 3 && isIdentifier(word):
			words[i] = Folded
		}
	}
	return cut(strings.Join(words, " "))
}

// foldURL folds the path of a URL or a path; withHost keeps the host.
func foldURL(text string, withHost bool) string {
	text, _, _ = strings.Cut(text, "?")
	text, _, _ = strings.Cut(text, "#")
	head := ""
	if scheme, rest, ok := strings.Cut(text, "://"); ok {
		host, path, _ := strings.Cut(rest, "/")
		if at := strings.LastIndexByte(host, '@'); at >= 0 {
			host = host[at+1:]
		}
		if withHost {
			head = scheme + "://" + host
		}
		text = "/" + path
	}
	parts := strings.Split(text, "/")
	for i, part := range parts {
		if isIdentifier(part) {
			parts[i] = Folded
		}
	}
	return head + strings.Join(parts, "/")
}

// isIdentifier reports whether a segment was made for one thing, and not written
// by who wrote the program: a number, a UUID, a digest, a long word with many
// digits.
func isIdentifier(s string) bool {
	if s == "" {
		return false
	}
	digits, hex, word := 0, true, true
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'f', c >= 'A' && c <= 'F', c == '-':
		case c >= 'g' && c <= 'z', c >= 'G' && c <= 'Z', c == '_':
			hex = false
		case c == '@' && i > 0:
			return true // an address of a person
		default:
			hex, word = false, false
		}
	}
	switch {
	case digits == len(s):
		return true
	case digits == 0 || !word:
		return false
	case hex && len(s) >= 8 && digits >= 2:
		return true
	default:
		return len(s) >= 16 && digits >= 4
	}
}

func isAddress(host string) bool {
	_, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil
}

// withoutPort returns the host of an address.
func withoutPort(address string) string {
	if _, rest, ok := strings.Cut(address, "://"); ok {
		address = rest
	}
	if at, err := netip.ParseAddrPort(address); err == nil {
		return at.Addr().String()
	}
	return address
}

// cut shortens a name that is too long, at a character.
func cut(s string) string {
	if len(s) <= maxNameLength {
		return s
	}
	end := maxNameLength
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
