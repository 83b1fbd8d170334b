package view

import (
	"bytes"
	"unicode"
)

// Inert gives text of which a runner of workflows takes no line for a command.
// Runners read commands from the output of a step: a line that begins with "::"
// after blanks, and "##[" anywhere in a line. A backslash stands in both, which
// Markdown shows as nothing.
func Inert(text []byte) []byte {
	if !bytes.Contains(text, []byte("::")) && !bytes.Contains(text, []byte("##[")) {
		return text
	}
	var out []byte
	for line := range bytes.Lines(text) {
		rest := bytes.TrimLeftFunc(line, func(r rune) bool { return r != '\n' && blank(r) })
		if bytes.HasPrefix(rest, []byte("::")) {
			out = append(out, line[:len(line)-len(rest)]...)
			out = append(out, '\\')
			line = rest
		}
		out = append(out, bytes.ReplaceAll(line, []byte("##["), []byte(`##\[`))...)
	}
	return out
}

// InertJSON is Inert for JSON, where a line begins with no text of a value.
func InertJSON(text []byte) []byte {
	return bytes.ReplaceAll(text, []byte("##["), []byte(`#\u0023[`))
}

// InertXML is Inert for the text and the attributes of XML.
func InertXML(text []byte) []byte {
	text = bytes.ReplaceAll(text, []byte("##["), []byte(`#&#35;[`))
	var out []byte
	for line := range bytes.Lines(text) {
		rest := bytes.TrimLeftFunc(line, blank)
		if bytes.HasPrefix(rest, []byte("::")) {
			out = append(append(out, line[:len(line)-len(rest)]...), `&#58;`...)
			line = rest[1:]
		}
		out = append(out, line...)
	}
	return out
}

// blank reports what a runner may trim before it looks at a line.
func blank(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\ufeff' }
