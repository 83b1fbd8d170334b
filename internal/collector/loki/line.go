package loki

import (
	"encoding/json"
	"strings"

	"github.com/envparity/parity/internal/webapi"
)

// The formats of lines.
const (
	jsonFormat   = "json"
	logfmtFormat = "logfmt"
	textFormat   = "text"
)

// The bounds of what is looked at in one line.
const (
	maxDepth   = 4   // of keys within keys
	maxKeys    = 500 // of one line
	maxCounted = 2000
	// headBytes is where the level of a line of text stands, if it has one.
	headBytes = 120
)

// add counts one line.
func (s *sample) add(text string, labels, metadata map[string]string) {
	l := parse(text)
	s.formats[l.format]++
	if l.clock != "" {
		s.clocks[l.clock]++
	}
	for name := range l.fields {
		s.count(s.fields, name)
	}
	for name := range metadata {
		if fold(name) != detectedKey {
			s.count(s.metadata, fieldName(name))
		}
	}
	if level := l.levelWith(labels, metadata); level != "" {
		s.levels[level]++
	}
}

func (s *sample) count(in map[string]int, name string) {
	if _, known := in[name]; !known && len(in) >= maxCounted {
		s.full = true
		return
	}
	in[name]++
}

// line is what one line tells of its form. Of its values only the level is
// kept, and the form of its time.
type line struct {
	format string
	fields map[string]bool
	level  string
	clock  string
}

// parse takes a line apart. It never fails: what has no form is text.
func parse(text string) line {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "{") {
		l := line{format: jsonFormat, fields: map[string]bool{}}
		d := json.NewDecoder(strings.NewReader(text))
		if _, err := d.Token(); err == nil && l.keys(d, "", 1) == nil && !d.More() {
			return l
		}
	} else if l, ok := parseLogfmt(text); ok {
		return l
	}
	return line{format: textFormat, level: levelOfText(text)}
}

// keys reads the keys of an object of JSON that is open, to its end.
func (l *line) keys(d *json.Decoder, prefix string, depth int) error {
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		text, ok := key.(string)
		if !ok {
			return webapi.ErrForm
		}
		name := prefix + fieldName(text)
		v, err := d.Token()
		if err != nil {
			return err
		}
		delim, nested := v.(json.Delim)
		switch {
		case !nested:
			l.field(name)
			l.setValue(name, v)
		case delim == '{' && depth < maxDepth && d.More():
			err = l.keys(d, name+".", depth+1)
		default:
			l.field(name)
			err = skipRest(d)
		}
		if err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// skipRest reads over an object or a list that is open, to its end.
func skipRest(d *json.Decoder) error {
	for depth := 1; depth > 0; {
		t, err := d.Token()
		if err != nil {
			return err
		}
		if delim, ok := t.(json.Delim); ok {
			if delim == '{' || delim == '[' {
				depth++
			} else {
				depth--
			}
		}
	}
	return nil
}

func (l *line) field(name string) {
	if len(l.fields) < maxKeys {
		l.fields[name] = true
	}
}

// setValue keeps the level if that is what the field says, and the form of the
// time; the first of each counts.
func (l *line) setValue(name string, v any) {
	level, clock := l.level == "" && levelKey(name), l.clock == "" && clockKey(name)
	if !level && !clock {
		return
	}
	switch v := v.(type) {
	case string:
		if level {
			l.level = levelOf(v)
		} else {
			l.clock = clockOf(v)
		}
	case float64:
		if level {
			l.level = levelOfNumber(v)
		} else {
			l.clock = clockOfNumber(v)
		}
	}
}

// parseLogfmt takes a line of logfmt apart: pairs of key and value, of which
// there are two at least, and at most one word without a value beside four.
func parseLogfmt(text string) (line, bool) {
	l := line{format: logfmtFormat, fields: map[string]bool{}}
	pairs, words := 0, 0
	for rest := text; rest != ""; rest = strings.TrimLeft(rest, " \t") {
		n := strings.IndexAny(rest, "= \t\"")
		if n <= 0 || rest[n] != '=' || !plainKey(rest[:n]) {
			words++
			_, rest = cutWord(rest)
			continue
		}
		key := rest[:n]
		var v string
		v, rest = cutWord(rest[n+1:])
		pairs++
		name := fieldName(key)
		l.field(name)
		l.setValue(name, strings.Trim(v, `"`))
	}
	return l, pairs >= 2 && words*4 <= pairs
}

// cutWord cuts off a word, or what stands in double quotes.
func cutWord(s string) (word, rest string) {
	if strings.HasPrefix(s, `"`) {
		for i := 1; i < len(s); i++ {
			switch s[i] {
			case '\\':
				i++
			case '"':
				return s[:i+1], s[i+1:]
			}
		}
		return s, ""
	}
	if n := strings.IndexAny(s, " \t\n\r"); n >= 0 {
		return s[:n], s[n+1:]
	}
	return s, ""
}

func plainKey(key string) bool {
	for i := range len(key) {
		c := key[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '@'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || strings.IndexByte(".-/", c) >= 0)) {
			return false
		}
	}
	return len(key) <= nameBytes
}
