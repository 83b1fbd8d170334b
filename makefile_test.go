package parity_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// dryRun gives the commands that make would run, with empty caches, so that
// nothing counts as built.
func dryRun(t *testing.T, targets ...string) string {
	t.Helper()
	program, err := exec.LookPath("make")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Skip("SKIPPED: make is not here")
	}
	cmd := exec.Command(program, append([]string{"-n", "--no-print-directory", "TOOL_CACHE=" + t.TempDir()}, targets...)...)
	// The make that runs the tests says things to the makes below it, and where
	// its caches are.
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains([]string{"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "PARITY_COMPONENTS", "PARITY_DYFF"}, name)
	})
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("make -n %s: %v\n%s", strings.Join(targets, " "), err, out)
	}
	return string(out)
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// inCI are the targets that .ci/run runs.
func inCI(t *testing.T) []string {
	t.Helper()
	var targets []string
	for _, m := range regexp.MustCompile(`(?m)^(?:step )?make ([a-z-]+)$`).FindAllStringSubmatch(read(t, ".ci/run"), -1) {
		targets = append(targets, m[1])
	}
	if len(targets) < 5 {
		t.Fatalf(".ci/run makes only %v", targets)
	}
	return targets
}

// TestTargetsThatAreNamed holds that every `make TARGET` that a page, a script
// or a workflow names is one, and that CI and the workflow run the same.
func TestTargetsThatAreNamed(t *testing.T) {
	makefile := read(t, "Makefile")
	phony := strings.Fields(regexp.MustCompile(`(?m)^\.PHONY: (.*)$`).FindStringSubmatch(makefile)[1])
	for _, target := range phony {
		if !regexp.MustCompile(`(?m)^` + target + `:`).MatchString(makefile) {
			t.Errorf(".PHONY names %q, which has no rule", target)
		}
	}
	named := regexp.MustCompile("(?m)(?:^|- run: |`)make ([a-z-]+)(?:$|`)")
	workflow := read(t, ".github/workflows/ci.yml")
	for _, file := range []string{"README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", ".ci/run", ".github/workflows/ci.yml", ".github/workflows/release.yml"} {
		for _, m := range named.FindAllStringSubmatch(read(t, file), -1) {
			if !slices.Contains(phony, m[1]) {
				t.Errorf("%s names make %s, which is no target", file, m[1])
			}
		}
	}
	for _, target := range inCI(t) {
		if !strings.Contains(workflow, "- run: make "+target+"\n") {
			t.Errorf("the workflow does not run make %s", target)
		}
	}
}

// TestCommandsOfTheMakefile holds that each command that CI's targets run is
// here, is a part of the shell, or is built by the Makefile itself.
func TestCommandsOfTheMakefile(t *testing.T) {
	shell := []string{"if", "then", "else", "fi", "for", "do", "done", "set", "echo", "exit", "cd", "command", "{", "}", "apt-get"}
	text := strings.ReplaceAll(dryRun(t, inCI(t)...), "\\\n", " ")
	text = regexp.MustCompile(`'[^']*'|"(?:[^"\\]|\\.)*"`).ReplaceAllStringFunc(text, func(quoted string) string {
		if inner, ok := strings.CutPrefix(quoted, `"$(`); ok {
			return "$(" + strings.TrimSuffix(inner, `"`)
		}
		return "TEXT"
	})
	checked := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)(?:^|&&|\|\||[;|]|\$\(|\b(?:then|do|else) )[ \t]*((?:[A-Za-z_]+=[^\s$]* )*)([^\s;&|()$]+)`).FindAllStringSubmatch(text, -1) {
		program := m[2]
		if checked[program] || slices.Contains(shell, program) || strings.ContainsAny(program, `"=[`) {
			continue
		}
		checked[program] = true
		if filepath.IsAbs(program) && regexp.MustCompile(`GOBIN=`+regexp.QuoteMeta(filepath.Dir(program))+` go install \S*/`+filepath.Base(program)).MatchString(text) {
			continue
		}
		if _, err := exec.LookPath(program); err != nil {
			t.Errorf("the Makefile runs %q: %v", program, err)
		}
	}
	for _, program := range []string{"go", "git", "mkdir", "ln"} {
		if !checked[program] {
			t.Errorf("%q was not found among the commands: %v", program, checked)
		}
	}
}

// TestComponentsAreBuilt holds that every server that the tests start has a
// module which pins it, and a command that builds it from there.
func TestComponentsAreBuilt(t *testing.T) {
	text := dryRun(t, "components")
	build := regexp.MustCompile(`cd (tools/components/\S+) && go build .*-o (\S+) (\S+)`)
	built := map[string]bool{}
	for _, m := range build.FindAllStringSubmatch(text, -1) {
		name := filepath.Base(m[2])
		built[name] = true
		if !strings.Contains(read(t, m[1]+"/go.mod"), m[3]+"\n") {
			t.Errorf("%s is built from %s, which %s does not declare as a tool", name, m[3], m[1])
		}
		if !regexp.MustCompile(`ln -sfn \S+/` + name + ` \S+/components-\S+/` + name + `\b`).MatchString(text) {
			t.Errorf("%s is not in the directory that the tests are told of", name)
		}
	}
	var files []string
	for _, pattern := range []string{"internal/component/*.go", "internal/*/*_test.go", "internal/collector/*/*_test.go", "cmd/parity/*_test.go"} {
		more, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	asked := regexp.MustCompile(`paths\["([a-z-]+)"\]|Binary\(tb?, "([a-z-]+)"\)`)
	started := map[string]bool{}
	for _, file := range files {
		for _, m := range asked.FindAllStringSubmatch(read(t, file), -1) {
			name := m[1] + m[2]
			started[name] = true
			if !built[name] {
				t.Errorf("%s starts %s, which make components does not build", file, name)
			}
		}
	}
	for name := range built {
		if !started[name] {
			t.Errorf("%s is built, and no test starts it", name)
		}
	}
}
