package promrule

import (
	"strconv"
	"strings"
)

// Expression gives an expression of PromQL in a layout that does not depend on
// who wrote it: without comments, with blanks only where two words would run
// together, and strings in double quotes. own, which may be nil, says what
// stands for the value that a label is held against.
func Expression(expression string, own func(label, value string) string) string {
	var b strings.Builder
	var before, label string // the last token, and the last word
	for rest := expression; rest != ""; {
		token, kind, after := nextToken(rest)
		rest = after
		switch kind {
		case blankToken:
			continue
		case wordToken:
			if wordy(before) {
				b.WriteByte(' ')
			}
			label = token
		case stringToken:
			if text, ok := Unquote(token); ok {
				if own != nil && operator(before) {
					text = own(label, text)
				}
				token = strconv.Quote(text)
			}
			if wordy(before) {
				b.WriteByte(' ')
			}
		}
		b.WriteString(token)
		before = token
	}
	return b.String()
}

type tokenKind uint8

const (
	blankToken tokenKind = iota
	wordToken
	stringToken
	signToken
)

func nextToken(s string) (token string, kind tokenKind, rest string) {
	c := s[0]
	switch {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		return s[:1], blankToken, s[1:]
	case c == '#':
		end := strings.IndexByte(s, '\n')
		if end < 0 {
			end = len(s)
		}
		return s[:end], blankToken, s[end:]
	case c == '"' || c == '\'' || c == '`':
		end := stringEnd(s)
		return s[:end], stringToken, s[end:]
	case wordByte(c):
		end := 1
		for end < len(s) && wordByte(s[end]) {
			end++
		}
		return s[:end], wordToken, s[end:]
	}
	for _, sign := range []string{"=~", "!~", "!=", "==", ">=", "<="} {
		if strings.HasPrefix(s, sign) {
			return sign, signToken, s[2:]
		}
	}
	return s[:1], signToken, s[1:]
}

// stringEnd gives where the string that s begins with ends.
func stringEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\' && s[0] != '`':
			i++
		case s[i] == s[0]:
			return i + 1
		}
	}
	return len(s)
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == ':' || c == '.' || c >= 0x80
}

func wordy(token string) bool {
	return token != "" && (wordByte(token[len(token)-1]) || strings.ContainsAny(token[:1], "\"'`"))
}

func operator(token string) bool {
	return token == "=" || token == "!=" || token == "=~" || token == "!~"
}

// Unquote reads a string of PromQL, in any of its three quotes.
func Unquote(s string) (string, bool) {
	if len(s) < 2 {
		return "", false
	}
	if s[0] == '\'' {
		// Go knows single quotes for one letter only.
		s = `"` + strings.ReplaceAll(strings.ReplaceAll(s[1:len(s)-1], `\'`, `'`), `"`, `\"`) + `"`
	}
	text, err := strconv.Unquote(s)
	return text, err == nil
}
