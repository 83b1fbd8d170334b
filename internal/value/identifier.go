package value

import "strings"

// Identifier reports whether the text is an opaque identifier, and of what
// shape: "uuid", "arn" (an Amazon resource name), "account" (twelve digits),
// "hash" (32 or more hexadecimal digits, or a digest), "id" (a cloud
// provider's short identifier, such as sg-0fbf35ced0d59fd4a).
func Identifier(s string) (shape string, ok bool) {
	switch {
	case len(s) < 8 || len(s) > 512 || strings.ContainsAny(s, " \t\n"):
		return "", false
	case isUUID(s):
		return "uuid", true
	case strings.HasPrefix(s, "arn:") && strings.Count(s, ":") >= 5:
		return "arn", true
	case len(s) == 12 && allOf(s, isDigit):
		return "account", true
	case isHash(s):
		return "hash", true
	case isCloudID(s):
		return "id", true
	}
	return "", false
}

func isUUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
		} else if !isHex(s[i]) {
			return false
		}
	}
	return true
}

// isHash wants digits and letters mixed, so that a long number or a word of
// the letters a to f is none.
func isHash(s string) bool {
	s = strings.TrimPrefix(strings.TrimPrefix(s, "sha256:"), "sha512:")
	return len(s) >= 32 && allOf(s, isHex) && mixed(s)
}

// isCloudID reads "sg-0fbf35ced0d59fd4a", "subnet-0c39ff75f819abfc5",
// "ami-026ebd4cfe2c043b2", "fs-0123abcd".
func isCloudID(s string) bool {
	prefix, id, ok := strings.Cut(s, "-")
	return ok && len(prefix) >= 1 && len(prefix) <= 10 && allOf(prefix, isLower) &&
		(len(id) == 8 || len(id) == 17) && allOf(id, isHex) && mixed(id)
}

func isLower(c byte) bool { return c >= 'a' && c <= 'z' }

func mixed(s string) bool {
	digits := 0
	for i := range len(s) {
		if isDigit(s[i]) {
			digits++
		}
	}
	return digits > 0 && digits < len(s)
}

func allOf(s string, is func(byte) bool) bool {
	for i := range len(s) {
		if !is(s[i]) {
			return false
		}
	}
	return s != ""
}

// NamesIdentifier reports whether the name at the end of a path says that its
// value identifies a thing, as in APP_ID, projectNumber and aws_account. A name
// that speaks of how many or how much does not.
func NamesIdentifier(path string) bool {
	words := nameWords(Tail(path))
	if len(words) == 0 {
		return false
	}
	for _, w := range words {
		switch w {
		case "max", "min", "count", "counts", "size", "limit", "limits", "quota", "total", "per", "num", "length":
			return false
		}
	}
	last := words[len(words)-1]
	if last == "number" && len(words) > 1 {
		last = words[len(words)-2]
	}
	switch last {
	case "id", "account", "project", "tenant", "subscription", "organization", "organisation":
		return true
	}
	return false
}

// nameWords splits a name at separators and where a capital letter follows a
// small one, in lower case.
func nameWords(name string) []string {
	var words []string
	start := 0
	for i := 0; i <= len(name); i++ {
		hump := i > start && i < len(name) && name[i] >= 'A' && name[i] <= 'Z' && isLower(name[i-1])
		if i < len(name) && isAlnum(name[i]) && !hump {
			continue
		}
		if i > start {
			words = append(words, strings.ToLower(name[start:i]))
		}
		if start = i + 1; hump {
			start = i
		}
	}
	return words
}
