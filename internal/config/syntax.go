package config

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

var (
	yamlError = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)`)
	})
	unknownAlias = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^unknown anchor '([^']*)' referenced`)
	})
	// ofParser are the messages whose line the library counts from 0.
	ofParser = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^did not find expected (node content|key|'-' indicator|',' or|<)`)
	})
	// harmless are messages that hold nothing of the file.
	harmless = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(did not find|found|could not find|mapping |block |exceeded|control |invalid |incomplete )[a-zA-Z0-9 ,'<>%*:?{}\[\]_.-]*$`)
	})
)

// syntaxFault words an error of the YAML library. It has a line, not always
// the right one, and no column; the place given is as near as can be known.
func syntaxFault(file string, data []byte, err error) error {
	at, what, hint := spot{1, 1}, "broken YAML", "look at this line and those beside it"
	m := yamlError().FindStringSubmatch(err.Error())
	if m == nil {
		return fault(file, at, what, hint)
	}
	if n, convErr := strconv.Atoi(m[1]); convErr == nil {
		at.line = n
		if ofParser().MatchString(m[2]) {
			at.line++
		}
	}
	at.col = indent(lineOf(data, at.line)) + 1
	switch alias := unknownAlias().FindStringSubmatch(m[2]); {
	case alias != nil:
		what, hint = "an alias of an anchor that is not there", "define it above with &"
		at = findAlias(data, alias[1])
	case harmless().MatchString(m[2]):
		what += ": " + m[2]
	}
	for n := at.line; n <= at.line+2; n++ {
		line := lineOf(data, n)
		if i := indent(line); i < len(line) && line[i] == '\t' {
			return fault(file, spot{n, i + 1}, what, "YAML is indented by spaces, and this line by a tab")
		}
	}
	return fault(file, at, what, hint)
}

// indent counts the spaces that a line begins with.
func indent(line []byte) int { return len(line) - len(bytes.TrimLeft(line, " ")) }

// findAlias finds the first use of an anchor's name.
func findAlias(data []byte, name string) spot {
	line := 0
	for text := range bytes.Lines(data) {
		line++
		use, _, _ := bytes.Cut(text, []byte(" #"))
		i := bytes.Index(use, []byte("*"+name))
		if i < 0 {
			continue
		}
		if end := strings.TrimRight(string(use[i+1+len(name):]), "\r\n"); end == "" || strings.ContainsAny(end[:1], " ,]}") {
			return spot{line, len([]rune(string(use[:i]))) + 1}
		}
	}
	return spot{1, 1}
}

// lineOf gives line n, counted from 1, without its end.
func lineOf(data []byte, n int) []byte {
	for ; n > 1; n-- {
		i := bytes.IndexByte(data, '\n')
		if i < 0 {
			return nil
		}
		data = data[i+1:]
	}
	line, _, _ := bytes.Cut(data, []byte("\n"))
	return line
}
