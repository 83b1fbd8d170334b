package prometheus

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/envparity/parity"
)

// matcher is one matcher of labels, as PromQL writes them.
type matcher struct {
	text, name, op, value string
	pattern               *regexp.Regexp // of =~ and !~
}

var matcherForm = regexp.MustCompile(`^\s*("(?:[^"\\]|\\.)*"|[a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|` + "`[^`]*`" + `)\s*$`)

// parseMatchers reads the matchers of a config.
func parseMatchers(texts []string) ([]matcher, error) {
	var all []matcher
	for _, text := range texts {
		m, ok := parseMatcher(text)
		if !ok {
			return nil, &parity.Error{Code: parity.CodeConfig, What: "match holds what is not a matcher", Hint: `write each as env="staging", one an item`}
		}
		all = append(all, m)
	}
	return all, nil
}

func parseMatcher(text string) (matcher, bool) {
	parts := matcherForm.FindStringSubmatch(text)
	if parts == nil {
		return matcher{}, false
	}
	m := matcher{name: parts[1], op: parts[2]}
	if m.name[0] == '"' {
		name, err := strconv.Unquote(m.name)
		if err != nil || name == "" {
			return matcher{}, false
		}
		m.name = name
	}
	value, ok := unquote(parts[3])
	if !ok {
		return matcher{}, false
	}
	m.value = value
	if m.op == "=~" || m.op == "!~" {
		var err error
		if m.pattern, err = regexp.Compile("^(?s:" + value + ")$"); err != nil {
			return matcher{}, false
		}
	}
	m.text = quoteLabel(m.name) + m.op + strconv.Quote(value)
	return m, true
}

// unquote reads a string of PromQL, in any of its three quotes.
func unquote(s string) (string, bool) {
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

var plainLabel = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// quoteLabel writes a label's name as PromQL wants it.
func quoteLabel(name string) string {
	if plainLabel.MatchString(name) {
		return name
	}
	return strconv.Quote(name)
}

// fits tells whether a value, empty where there is none, fits.
func (m *matcher) fits(value string) bool {
	switch m.op {
	case "=":
		return value == m.value
	case "!=":
		return value != m.value
	case "=~":
		return m.pattern.MatchString(value)
	default:
		return !m.pattern.MatchString(value)
	}
}

// fitting tells whether all fit. With there, only those count whose label is
// there at all.
func fitting(matchers []matcher, labels map[string]string, there bool) bool {
	for i := range matchers {
		value, ok := labels[matchers[i].name]
		if !matchers[i].fits(value) && (ok || !there) {
			return false
		}
	}
	return true
}
