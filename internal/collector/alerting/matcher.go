package alerting

import (
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/promrule"
)

// everything is how no matchers at all are shown.
const everything = "(all)"

// matchersOf gives the matchers of old keys (maps of equal values and of
// patterns) and new ones (texts) in one form, sorted.
func matchersOf(equal, pattern, matchers *doc.Node) []string {
	var all []string
	for op, n := range map[string]*doc.Node{"=": equal, "=~": pattern} {
		if n == nil {
			continue
		}
		for i := range n.Fields {
			all = append(all, matcher(n.Fields[i].Key, op, n.Fields[i].Value.Str()))
		}
	}
	for _, n := range items(matchers) {
		all = append(all, parseMatchers(n.Str())...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

func shown(matchers []string) string {
	if len(matchers) == 0 {
		return everything
	}
	return strings.Join(matchers, ",")
}

func matcher(name, op, v string) string { return name + op + strconv.Quote(v) }

// parseMatchers reads matchers as Alertmanager writes them: a="b", a=b, or
// several in braces. What is none stays as it is.
func parseMatchers(s string) []string {
	rest := strings.TrimSpace(s)
	if strings.HasPrefix(rest, "{") && strings.HasSuffix(rest, "}") {
		rest = rest[1 : len(rest)-1]
	}
	var all []string
	for {
		rest = strings.TrimLeft(rest, " \t\n,")
		if rest == "" {
			return all
		}
		name, op, after, ok := matcherHead(rest)
		if !ok {
			return []string{strings.TrimSpace(s)}
		}
		var v string
		if v, rest, ok = matcherValue(after); !ok {
			return []string{strings.TrimSpace(s)}
		}
		all = append(all, matcher(name, op, v))
	}
}

// matcherHead reads a matcher's label and operator.
func matcherHead(s string) (name, op, rest string, ok bool) {
	if strings.HasPrefix(s, `"`) {
		n := quotedEnd(s)
		if name, ok = promrule.Unquote(s[:n]); !ok {
			return "", "", "", false
		}
		s = s[n:]
	} else {
		n := strings.IndexAny(s, "=!")
		if n <= 0 {
			return "", "", "", false
		}
		name, s = strings.TrimSpace(s[:n]), s[n:]
	}
	s = strings.TrimLeft(s, " \t")
	for _, op := range []string{"=~", "!~", "!=", "="} {
		if after, found := strings.CutPrefix(s, op); found {
			return name, op, strings.TrimLeft(after, " \t"), name != ""
		}
	}
	return "", "", "", false
}

// matcherValue reads a matcher's value, in quotes or up to a comma.
func matcherValue(s string) (v, rest string, ok bool) {
	if strings.HasPrefix(s, `"`) {
		n := quotedEnd(s)
		v, ok = promrule.Unquote(s[:n])
		return v, s[n:], ok
	}
	v, rest, _ = strings.Cut(s, ",")
	return strings.TrimSpace(v), rest, true
}

// quotedEnd gives where the quoted text that s begins with ends.
func quotedEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}
