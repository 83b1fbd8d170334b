package prometheus

import (
	"regexp"
	"strconv"
	"sync"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/promrule"
)

// matcher is one matcher of labels, as PromQL writes them.
type matcher struct {
	text, name, op, value string
	pattern               *regexp.Regexp // of =~ and !~
}

var matcherForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*("(?:[^"\\]|\\.)*"|[a-zA-Z_][a-zA-Z0-9_]*)\s*(=~|!~|!=|=)\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|` + "`[^`]*`" + `)\s*$`)
})

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
	parts := matcherForm().FindStringSubmatch(text)
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
	value, ok := promrule.Unquote(parts[3])
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

var plainLabel = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// quoteLabel writes a label's name as PromQL wants it.
func quoteLabel(name string) string {
	if plainLabel.MatchString(name) {
		return name
	}
	return strconv.Quote(name)
}

// fits reports whether a value, empty where there is none, fits.
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

// fitting reports whether all fit. With there, only those count whose label is
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

// normalExpression gives an expression in a layout that does not depend on who
// wrote it. The value that a matcher of the config has for its label is written
// as its label's name, since it names the environment.
func normalExpression(expression string, match []matcher) string {
	return promrule.Expression(expression, func(label, value string) string {
		for i := range match {
			if match[i].name == label && match[i].value == value {
				return "<" + label + ">"
			}
		}
		return value
	})
}
