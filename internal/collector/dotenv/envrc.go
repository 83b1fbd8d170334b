package dotenv

import (
	"bytes"
	"regexp"
)

var exportLine = regexp.MustCompile(`^\s*export\s+[A-Za-z_][A-Za-z0-9_]*=`)

// exports returns the lines of a shell script that export a text, each at its
// line. What a command gives is left out.
func exports(data []byte) []byte {
	lines := bytes.Split(data, []byte("\n"))
	for i, line := range lines {
		if !exportLine.Match(line) || bytes.Contains(line, []byte("$(")) || bytes.ContainsRune(line, '`') {
			lines[i] = nil
		}
	}
	return bytes.Join(lines, []byte("\n"))
}
