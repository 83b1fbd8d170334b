package ansible

import (
	"errors"
	"strconv"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// ini reads an inventory in the form of an INI file.
func (inv *inventory) ini(file, text string) error {
	section, kind := "ungrouped", ""
	number := int32(0)
	for line := range strings.Lines(text) {
		number++
		at := position{file, number, 1}
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' || line[0] == ';' {
			continue
		}
		var err error
		if line[0] == '[' {
			section, kind, err = inv.section(line, at)
		} else {
			err = inv.iniLine(section, kind, line, at)
		}
		if err != nil {
			return &doc.Error{Line: number, Col: 1, What: err.Error()}
		}
	}
	return nil
}

func (inv *inventory) section(line string, at position) (name, kind string, err error) {
	inner, rest, ok := strings.Cut(line[1:], "]")
	if rest = strings.TrimSpace(rest); !ok || rest != "" && rest[0] != '#' {
		return "", "", errors.New("the section's name does not end")
	}
	name, kind, _ = strings.Cut(inner, ":")
	if name == "" || kind != "" && kind != "children" && kind != "vars" && kind != "hosts" {
		return "", "", errors.New("the section is neither of hosts, nor of children or vars")
	}
	_, err = inv.group(name, at)
	return name, kind, err
}

func (inv *inventory) iniLine(section, kind, line string, at position) error {
	switch kind {
	case "children":
		name, _, _ := strings.Cut(line, "#")
		return inv.child(section, strings.TrimSpace(name), at)
	case "vars":
		name, value, ok := strings.Cut(line, "=")
		if !ok {
			return errors.New("a variable has no value")
		}
		g, err := inv.group(section, at)
		if err == nil {
			g.given[strings.TrimSpace(name)] = variable{at.file, iniValue(strings.TrimSpace(value), at)}
		}
		return err
	}
	words, err := shellWords(line)
	if err != nil || len(words) == 0 {
		return err
	}
	names, err := expand(withoutPort(words[0]))
	if err != nil {
		return err
	}
	g, err := inv.group(section, at)
	if err != nil {
		return err
	}
	for _, name := range names {
		h, err := inv.host(g, name, at)
		if err != nil {
			return err
		}
		for _, w := range words[1:] {
			key, value, ok := strings.Cut(w, "=")
			if !ok {
				return errors.New("what follows a host is no variable with a value")
			}
			h.given[key] = variable{at.file, iniValue(value, at)}
		}
	}
	return nil
}

// withoutPort takes a port off a host's name.
func withoutPort(name string) string {
	if at := strings.LastIndexByte(name, ':'); at > 0 && strings.Count(name, ":") == 1 && strings.Trim(name[at+1:], "0123456789") == "" {
		return name[:at]
	}
	return name
}

// iniValue is a value as Python's literals have it: numbers, booleans, and else
// texts.
func iniValue(text string, at position) *doc.Node {
	n := &doc.Node{Kind: doc.String, Text: text, Line: at.line, Col: at.col}
	switch {
	case text == "True" || text == "False":
		n.Kind, n.Text = doc.Bool, strings.ToLower(text)
	case text == "None":
		n.Kind, n.Text = doc.Null, ""
	case len(text) > 1 && (text[0] == '"' || text[0] == '\'') && text[len(text)-1] == text[0]:
		n.Text = text[1 : len(text)-1]
	default:
		if _, err := strconv.ParseInt(text, 10, 64); err == nil && (text == "0" || text[0] != '0') && text[0] != '+' {
			n.Kind = doc.Number
		}
	}
	return n
}

// shellWords splits a line as a shell would: quotes hold words together, and a
// word that begins with # ends it.
func shellWords(line string) ([]string, error) {
	var words []string
	var b strings.Builder
	quote, started := byte(0), false
	end := func() {
		if started {
			words = append(words, b.String())
			b.Reset()
			started = false
		}
	}
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case quote != 0 && c == quote:
			quote = 0
		case quote == '"' && c == '\\' && i+1 < len(line):
			i++
			b.WriteByte(line[i])
		case quote != 0:
			b.WriteByte(c)
		case c == '\'' || c == '"':
			quote, started = c, true
		case c == ' ' || c == '\t':
			end()
		case c == '#' && !started:
			return words, nil
		default:
			started = true
			b.WriteByte(c)
		}
	}
	if quote != 0 {
		return nil, errors.New("a quote does not end")
	}
	end()
	return words, nil
}

// maxRange bounds the hosts that one name stands for.
const maxRange = 20_000

// expand gives the names that a pattern with ranges stands for: web[01:50],
// db-[a:f].
func expand(pattern string) ([]string, error) {
	open := strings.IndexByte(pattern, '[')
	if open < 0 {
		return []string{pattern}, nil
	}
	inner, rest, ok := strings.Cut(pattern[open+1:], "]")
	if !ok || !strings.Contains(inner, ":") {
		return []string{pattern}, nil
	}
	middle, err := rangeOf(inner)
	if err != nil {
		return nil, err
	}
	ends, err := expand(rest)
	if err != nil {
		return nil, err
	}
	if len(middle)*len(ends) > maxRange {
		return nil, errTooMany
	}
	var out []string
	for _, m := range middle {
		for _, e := range ends {
			out = append(out, pattern[:open]+m+e)
		}
	}
	return out, nil
}

func rangeOf(text string) ([]string, error) {
	bad := errors.New("the range of hosts is not understood")
	parts := strings.Split(text, ":")
	step := 1
	if len(parts) == 3 {
		n, err := strconv.Atoi(parts[2])
		if err != nil || n < 1 {
			return nil, bad
		}
		step, parts = n, parts[:2]
	}
	if len(parts) != 2 || parts[1] == "" {
		return nil, bad
	}
	if parts[0] == "" {
		parts[0] = "0"
	}
	var out []string
	if len(parts[0]) == 1 && len(parts[1]) == 1 && strings.Trim(text, "0123456789:") != "" {
		for c := int(parts[0][0]); c <= int(parts[1][0]); c += step {
			out = append(out, string(rune(c)))
		}
		return out, nil
	}
	from, err := strconv.Atoi(parts[0])
	to, err2 := strconv.Atoi(parts[1])
	if errors.Join(err, err2) != nil || from < 0 || to < from {
		return nil, bad
	}
	if (to-from)/step >= maxRange {
		return nil, errTooMany
	}
	for i := from; i <= to; i += step {
		name := strconv.Itoa(i)
		if parts[0][0] == '0' {
			name = strings.Repeat("0", max(0, len(parts[0])-len(name))) + name
		}
		out = append(out, name)
	}
	return out, nil
}
