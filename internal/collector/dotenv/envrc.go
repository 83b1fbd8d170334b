package dotenv

import (
	"bytes"
	"fmt"
	"regexp"

	"github.com/envparity/parity"
)

var (
	exportLine = regexp.MustCompile(`^\s*export\s+([A-Za-z_][A-Za-z0-9_]*)=`)
	// loadLine is a line that sets variables from elsewhere: other files, and
	// programs that direnv knows.
	loadLine = regexp.MustCompile(`^\s*(dotenv|dotenv_if_exists|source|\.|source_env|source_env_if_exists|source_up|source_up_if_exists|source_url|eval|use|layout|direnv_load)(\s|$)`)
)

// maxUnread is the most lines of one file that a gap each is told of.
const maxUnread = 100

// unread is a line of a script that may set variables to what is not known.
type unread struct {
	line     int    // from 1
	variable string // empty where the line does not say which
}

// exports returns the lines of a shell script that export a text, each at its
// line, and those that set variables otherwise: nothing of a script is run.
func exports(data []byte) ([]byte, []unread) {
	var left []unread
	lines := bytes.Split(data, []byte("\n"))
	for i, line := range lines {
		export := exportLine.FindSubmatch(line)
		runs := bytes.Contains(line, []byte("$(")) || bytes.ContainsRune(line, '`')
		switch {
		case export != nil && runs:
			left = append(left, unread{line: i + 1, variable: string(export[1])})
		case loadLine.Match(line):
			left = append(left, unread{line: i + 1})
		}
		if export == nil || runs {
			lines[i] = nil
		}
	}
	return bytes.Join(lines, []byte("\n")), left[:min(len(left), maxUnread)]
}

// gap is what a line leaves unknown of a subject.
func (u unread) gap(key parity.Key, file string) parity.Gap {
	g := parity.Gap{
		Kind: key.Kind, Name: parity.LiteralPattern(key.Name), Where: fmt.Sprintf("%s:%d", file, u.line), Hides: parity.HidesParts,
		Reason: "the line sets variables from other files or by a program, which is not run",
		Hint:   "list the files that it reads under files, or the variables in a dotenv file",
	}
	if u.variable != "" {
		g.Path = "/" + u.variable
		g.Reason = "the value is what a command prints, which is not run"
		g.Hint = "set the variable in a dotenv file if its value may be compared"
	}
	return g
}
