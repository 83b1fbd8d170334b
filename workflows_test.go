package parity_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestWorkflows holds of the action and of every workflow: what it uses is a
// commit with its version beside it, no script holds an expression, and no job
// has more rights than it names.
func TestWorkflows(t *testing.T) {
	files, err := filepath.Glob(".github/workflows/*.yml")
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	uses := regexp.MustCompile(`(?m)^\s*(?:- )?uses: (.*)$`)
	pinned := regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	indent := func(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }
	for _, file := range append(files, "action.yml") {
		text := read(t, file)
		for _, m := range uses.FindAllStringSubmatch(text, -1) {
			if !pinned.MatchString(m[1]) {
				t.Errorf("%s uses %s: want a commit and its version", file, m[1])
			}
		}
		if regexp.MustCompile(`(?m)^\s*pull_request_target:`).MatchString(text) {
			t.Errorf("%s runs on pull_request_target", file)
		}
		if file != "action.yml" && !strings.Contains(text, "\npermissions:\n  contents: read\n") {
			t.Errorf("%s does not begin with the right to read alone", file)
		}
		lines := strings.Split(text, "\n")
		for i := 0; i < len(lines); i++ {
			at := strings.Index(lines[i], "run: ")
			if at < 0 || strings.Trim(lines[i][:at], " -") != "" {
				continue
			}
			script := lines[i][at:]
			for i+1 < len(lines) && (lines[i+1] == "" || indent(lines[i+1]) > at) {
				i++
				script += "\n" + lines[i]
			}
			if strings.Contains(script, "${{") {
				t.Errorf("%s: a script holds an expression: %s", file, script)
			}
		}
	}
}
