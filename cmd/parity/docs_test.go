package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity/internal/cli"
)

// block is one fenced block of a page.
type block struct {
	language string
	// file is named by a comment above the block: its text is that file's.
	file string
	// begin and end are the lines of its text, half open, from 0.
	begin, end int
}

var fileMark = regexp.MustCompile(`^<!-- file: (.*) -->$`)

func blocksOf(lines []string) []block {
	var out []block
	file, open := "", -1
	language := ""
	for i, l := range lines {
		l = strings.TrimSpace(l)
		if m := fileMark.FindStringSubmatch(l); m != nil && open < 0 {
			file = m[1]
			continue
		}
		if !strings.HasPrefix(l, "```") {
			if open < 0 && l != "" {
				file = ""
			}
			continue
		}
		if open < 0 {
			open, language = i+1, strings.TrimPrefix(l, "```")
			continue
		}
		out = append(out, block{language, file, open, i})
		open, file = -1, ""
	}
	return out
}

// TestREADMEAndPagesAreTrue runs every command of every page: one with output
// gives that output, one without does what it says in a copy of the example,
// a target of make exists, and a file that is shown is that file. With
// -update the output is written.
func TestREADMEAndPagesAreTrue(t *testing.T) {
	root := projectRoot(t)
	pages := []string{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "examples/shop/README.md"}
	for _, pattern := range []string{"docs/*.md", "docs/collectors/*.md"} {
		more, err := fs.Glob(os.DirFS(root), pattern)
		if err != nil {
			t.Fatal(err)
		}
		pages = append(pages, more...)
	}
	for _, page := range pages {
		t.Run(page, func(t *testing.T) { checkPage(t, root, page) })
	}
}

func checkPage(t *testing.T, root, page string) {
	path := filepath.Join(root, filepath.FromSlash(page))
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		t.Fatalf("%s is not there", page)
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	var out []string
	at := 0
	for _, b := range blocksOf(lines) {
		out = append(out, lines[at:b.begin]...)
		at = b.end
		body := lines[b.begin:b.end]
		switch {
		case b.file != "":
			body = fileLines(t, root, b.file)
		case b.language == "console":
			body = runConsole(t, root, body)
		case b.language == "sh":
			runShell(t, root, body)
		}
		out = append(out, body...)
	}
	want := strings.Join(append(out, lines[at:]...), "\n")
	if want == string(text) {
		return
	}
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Errorf("%s is stale, run make generate (-want +got):\n%s", page, cmp.Diff(want, string(text)))
}

func fileLines(t *testing.T, root, name string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}

// runConsole runs the commands of a block ("$ parity ...") in the project's
// directory and gives the block as it should be.
func runConsole(t *testing.T, root string, body []string) []string {
	t.Helper()
	var out []string
	for _, l := range body {
		command, ok := strings.CutPrefix(l, "$ ")
		if !ok {
			continue
		}
		out = append(out, l)
		command, head, _ := strings.Cut(command, " | head -n ")
		stdout, _ := runLine(t, root, command)
		lines := strings.Split(strings.TrimRight(stdout, "\n"), "\n")
		if n, err := strconv.Atoi(head); err == nil {
			lines = lines[:min(n, len(lines))]
		}
		out = append(out, lines...)
	}
	return out
}

// runShell runs the commands of a block without output. Those of parity run
// one after another in a copy of the example, in a git repository where they
// need one, and must not be refused; targets of make must exist.
func runShell(t *testing.T, root string, body []string) {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(root, "examples", "shop"))); err != nil {
		t.Fatal(err)
	}
	for _, l := range body {
		words := strings.Fields(l)
		switch {
		case len(words) == 0 || words[0] == "#":
		case words[0] == "make":
			checkTargets(t, root, words[1:])
		case words[0] == "parity":
			if len(words) > 1 && words[1] == "init" {
				if err := os.Remove(filepath.Join(dir, "parity.yaml")); err != nil {
					t.Fatal(err)
				}
			}
			if strings.Contains(l, "git:") {
				commitAll(t, dir)
			}
			if _, code := runLine(t, dir, l); code == 2 {
				t.Errorf("%q is refused", l)
			}
		case strings.HasPrefix(l, "go run ./cmd/parity "):
			if _, code := runLine(t, root, l); code == 2 {
				t.Errorf("%q is refused", l)
			}
		default:
			t.Errorf("%q is no command that this test knows", l)
		}
	}
}

func checkTargets(t *testing.T, root string, targets []string) {
	t.Helper()
	makefile, err := os.ReadFile(filepath.Join(root, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range targets {
		if !strings.Contains(target, "=") && !bytes.Contains(makefile, []byte("\n"+target+":")) {
			t.Errorf("the Makefile has no target %q", target)
		}
	}
}

// runLine runs one command line. Words in single quotes keep their blanks.
func runLine(t *testing.T, dir, line string) (stdout string, code int) {
	t.Helper()
	line = strings.TrimPrefix(line, "go run ./cmd/")
	var args []string
	for i, part := range strings.Split(line, "'") {
		if i%2 == 1 {
			args = append(args, part)
		} else {
			args = append(args, strings.Fields(part)...)
		}
	}
	if len(args) == 0 || args[0] != "parity" {
		t.Fatalf("%q is no command of parity", line)
	}
	var out, errs bytes.Buffer
	code = cli.Run(context.Background(), args[1:], process(dir, nothing, strings.NewReader(""), &out, &errs))
	if code == 2 {
		t.Errorf("%s:\n%s", line, errs.String())
	}
	return out.String(), code
}

// commitAll makes a directory a git repository with one commit on main.
func commitAll(t *testing.T, dir string) {
	t.Helper()
	for _, args := range [][]string{
		{"init", "-q", "-b", "main", "."},
		{"add", "-A"},
		{"-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false", "commit", "-q", "-m", "one"},
	} {
		cmd := exec.Command("git", args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args, err, out)
		}
	}
}
