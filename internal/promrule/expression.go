package promrule

import (
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity/internal/value"
)

// Expression gives an expression of PromQL in a layout that does not depend on
// who wrote it, nor on whether Prometheus has read and printed it since: without
// comments, with blanks only where two words would run together, strings in
// double quotes, numbers and durations in one spelling, and what an aggregation
// keeps before what it is of. own, which may be nil, says what stands for the
// value that a label is held against.
func Expression(expression string, own func(label, value string) string) string {
	var tokens []string
	var before, label string // the last token, and the last word
	for rest := expression; rest != ""; {
		token, kind, after := nextToken(rest)
		rest = after
		switch kind {
		case blankToken:
			continue
		case wordToken:
			label = token
			token = measure(token)
		case stringToken:
			if text, ok := Unquote(token); ok {
				if own != nil && operator(before) {
					text = own(label, text)
				}
				token = strconv.Quote(text)
			}
		}
		tokens = append(tokens, token)
		before = token
	}
	tokens = slim(tokens)
	if len(expression) <= maxOrdered {
		tokens = keptFirst(tokens)
	}
	var b strings.Builder
	before = ""
	for _, token := range tokens {
		if apart(before, token) {
			b.WriteByte(' ')
		}
		b.WriteString(token)
		before = token
	}
	return b.String()
}

// apart reports whether a blank must stand between two tokens.
func apart(before, token string) bool {
	if before == "" {
		return false
	}
	if token == ":" && digit(before[0]) || before == ":" && digit(token[0]) {
		return false // the step of a subquery
	}
	return wordy(before) && (wordByte(token[0]) || strings.IndexByte("\"'`", token[0]) >= 0) || signed(before, token[0])
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

// maxOrdered is the longest expression whose aggregations are put in order, in
// bytes. It takes time by the square of what is nested.
const maxOrdered = 16 << 10

// slim leaves out what says nothing: a comma before the end of a list, and the
// braces of a metric that nothing is asked of.
func slim(tokens []string) []string {
	out := tokens[:0]
	for _, token := range tokens {
		if n := len(out); n > 0 && (token == ")" || token == "}") {
			if out[n-1] == "," && n > 1 && out[n-2] != "," {
				out = out[:n-1]
			}
			if n = len(out); token == "}" && n > 1 && out[n-1] == "{" && named(out[n-2]) {
				out = out[:n-1]
				continue
			}
		}
		out = append(out, token)
	}
	return out
}

// named reports whether a token may be the name of a metric.
func named(token string) bool {
	return wordByte(token[0]) && !digit(token[0]) && token[0] != '.' && token != ":"
}

// keptFirst writes sum(x) by (a) as sum by (a) (x).
func keptFirst(tokens []string) []string {
	out := make([]string, 0, len(tokens))
	var open []int // where the parentheses begin that are open
	closed := -1   // where the one begins that was closed last
	for i := 0; i < len(tokens); i++ {
		token := tokens[i]
		switch {
		case token == "(":
			open = append(open, len(out))
		case token == ")" && len(open) > 0:
			closed, open = open[len(open)-1], open[:len(open)-1]
		case keeps(token) && closed > 0 && out[len(out)-1] == ")" && wordy(out[closed-1]):
			if n := listEnd(tokens[i+1:]); n > 0 {
				tokens[i] = strings.ToLower(token)
				out = slices.Insert(out, closed, tokens[i:i+1+n]...)
				i += n
				closed += 1 + n
				continue
			}
		}
		out = append(out, token)
	}
	return out
}

func keeps(token string) bool {
	return strings.EqualFold(token, "by") || strings.EqualFold(token, "without")
}

// listEnd gives how many tokens a list in parentheses has that tokens begin with;
// 0 where there is none.
func listEnd(tokens []string) int {
	for i, token := range tokens {
		switch {
		case (token == "(") != (i == 0):
			return 0
		case token == ")":
			return i + 1
		}
	}
	return 0
}

// measure gives a number or a duration in one spelling; what is none stays.
func measure(token string) string {
	if token[0] != '.' && !digit(token[0]) {
		return token
	}
	if n, err := strconv.ParseFloat(token, 64); err == nil {
		return strconv.FormatFloat(n, 'g', -1, 64)
	}
	if canon, ok := value.Duration(token); ok {
		return canon
	}
	return token
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
		if c == ':' && len(s) > 1 && digit(s[1]) {
			return s[:1], wordToken, s[1:] // it stands before the step of a subquery
		}
		for end < len(s) && (wordByte(s[end]) && !(digit(c) && s[end] == ':') || end+1 < len(s) && digit(s[end+1]) && signed(s[:end], s[end])) {
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

// signed reports whether a sign that follows belongs to the exponent of a number.
func signed(number string, sign byte) bool {
	if sign != '+' && sign != '-' || number == "" || number[len(number)-1]|0x20 != 'e' {
		return false
	}
	mantissa := number[:len(number)-1]
	return strings.Trim(mantissa, "0123456789.") == "" && strings.Trim(mantissa, ".") != ""
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
