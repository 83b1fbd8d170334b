package sbom

import (
	"bytes"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// yarn reads yarn.lock, of Yarn 1 and in YAML of later ones. It does not say
// what is there for development only.
func (l *list) yarn(data []byte) error {
	if bytes.Contains(data, []byte("\n__metadata:")) || bytes.HasPrefix(data, []byte("__metadata:")) {
		return doc.ParseYAML(bytes.NewReader(data), l.limits.doc(), func(n *doc.Node, _ int) error {
			l.yarnBerry(n)
			return nil
		})
	}
	l.Version = "1"
	var c Component
	var name string
	flush := func() {
		if name != "" {
			l.add(c)
		}
		name = ""
	}
	return l.lines(data, func(line int32, text string) {
		trimmed := strings.TrimSpace(text)
		switch indent := len(text) - len(strings.TrimLeft(text, " ")); {
		case trimmed == "" || trimmed[0] == '#':
		case indent == 0:
			flush()
			name = yarnName(trimmed)
			if name == "" {
				l.fault(line, 1, "an entry has no name", "")
			}
			c = Component{PURL: splitPURL(npmType, name, ""), Line: line, Col: 1}
		case indent == 2 && name != "":
			key, value, _ := strings.Cut(trimmed, " ")
			value = strings.Trim(value, `"`)
			switch key {
			case "version":
				c.PURL.Version = value
			case "integrity":
				c.Hashes = integrity(value)
			}
		}
	}, flush)
}

// yarnName takes the package's name from the ranges that an entry answers:
// "@a/b@^1.0.0", "@a/b@~1.2":
func yarnName(entry string) string {
	first, _, _ := strings.Cut(strings.TrimSuffix(entry, ":"), ",")
	first = strings.Trim(strings.TrimSpace(first), `"`)
	at := strings.IndexByte(first[min(1, len(first)):], '@') + 1
	if at <= 0 {
		return ""
	}
	if alias, ok := strings.CutPrefix(first[at+1:], "npm:"); ok && strings.LastIndexByte(alias, '@') > 0 {
		return alias[:strings.LastIndexByte(alias, '@')]
	}
	return first[:at]
}

func (l *list) yarnBerry(n *doc.Node) {
	l.Version = n.At("__metadata", "version").Str()
	for i := range n.Fields {
		f := &n.Fields[i]
		if f.Key == "__metadata" {
			continue
		}
		resolution := f.Value.Get("resolution").Str()
		at := strings.IndexByte(resolution[min(1, len(resolution)):], '@') + 1
		if at <= 0 {
			l.fault(f.Line, f.Col, "an entry does not say what it resolves to", "")
			continue
		}
		c := Component{PURL: splitPURL(npmType, resolution[:at], f.Value.Get("version").Str()), Line: f.Line, Col: f.Col}
		if strings.HasPrefix(resolution[at+1:], "workspace:") {
			if resolution[at+1:] == "workspace:." {
				c.PURL.Version = "" // Yarn's own placeholder
				l.Root = c
			}
			continue
		}
		l.add(c)
	}
}

// lines gives the lines of a text, and calls end after them.
func (l *list) lines(data []byte, each func(line int32, text string), end func()) error {
	if bytes.IndexByte(data, 0) >= 0 {
		return &doc.Error{What: "is no text"}
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	for line := int32(1); len(data) > 0 && !l.over; line++ {
		var text []byte
		text, data, _ = bytes.Cut(data, []byte("\n"))
		each(line, string(bytes.TrimSuffix(text, []byte("\r"))))
	}
	if end != nil {
		end()
	}
	return nil
}
