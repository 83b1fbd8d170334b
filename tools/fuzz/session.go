package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// target is one fuzz function.
type target struct {
	dir, pkg, name string
}

// session is one run of the command.
type session struct {
	options
	commit  string
	entries entries
	failed  bool
	out     io.Writer
}

func newSession(o options, e entries) *session {
	return &session{options: o, entries: e, out: os.Stdout}
}

// run runs every target, package by package, those that are furthest from
// their goal first.
func (s *session) run(ctx context.Context) error {
	commit, err := s.command(ctx, s.root, "git", "describe", "--always", "--dirty", "--abbrev=10", "--exclude=*")
	if err != nil {
		return err
	}
	s.commit = strings.TrimSpace(commit)
	targets, err := s.targets(ctx)
	if err != nil {
		return err
	}
	if err := s.pass(ctx, targets); err != nil {
		return err
	}
	for each := s.executions; s.prove && s.entries.total() < s.total && ctx.Err() == nil && !s.failed; {
		s.executions += each
		if err := s.pass(ctx, targets); err != nil {
			return err
		}
	}
	fmt.Fprintf(s.out, "%d targets, %d executions in all\n", len(targets), s.entries.total())
	if s.failed {
		return errFailed
	}
	return nil
}

// pass runs each target until it has reached its goal.
func (s *session) pass(ctx context.Context, targets []target) error {
	for _, group := range s.order(targets) {
		if ctx.Err() != nil {
			return nil
		}
		if err := s.runPackage(ctx, group); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) command(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, strings.TrimSpace(stderr.String()))
	}
	return string(out), nil
}

var fuzzFunc = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(\w+ \*testing\.F\)`)

// targets finds the fuzz functions in the test files of the packages.
func (s *session) targets(ctx context.Context) ([]target, error) {
	const format = `{{$d := .Dir}}{{$p := .ImportPath}}{{range .TestGoFiles}}{{$d}}{{"\t"}}{{$p}}{{"\t"}}{{.}}{{"\n"}}{{end}}` +
		`{{range .XTestGoFiles}}{{$d}}{{"\t"}}{{$p}}{{"\t"}}{{.}}{{"\n"}}{{end}}`
	list, err := s.command(ctx, s.root, "go", "list", "-f", format, s.packages)
	if err != nil {
		return nil, err
	}
	var found []target
	for line := range strings.Lines(list) {
		dir, rest, _ := strings.Cut(strings.TrimSpace(line), "\t")
		pkg, file, ok := strings.Cut(rest, "\t")
		if !ok {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, file))
		if err != nil {
			return nil, err
		}
		for _, m := range fuzzFunc.FindAllSubmatch(text, -1) {
			found = append(found, target{dir: dir, pkg: pkg, name: string(m[1])})
		}
	}
	return found, nil
}

// order groups the targets by package, the package that lacks most first.
func (s *session) order(targets []target) [][]target {
	byPackage := map[string][]target{}
	for _, t := range targets {
		byPackage[t.pkg] = append(byPackage[t.pkg], t)
	}
	groups := make([][]target, 0, len(byPackage))
	for _, g := range byPackage {
		groups = append(groups, g)
	}
	lacks := func(g []target) (n int64) {
		for _, t := range g {
			n = max(n, s.goal(t.pkg)-s.entries.executions(t.pkg, t.name))
		}
		return n
	}
	slices.SortFunc(groups, func(a, b []target) int {
		if d := lacks(b) - lacks(a); s.prove && d != 0 {
			return int(d / max(d, -d))
		}
		return strings.Compare(a[0].pkg, b[0].pkg)
	})
	return groups
}

// runPackage builds the test binary of a package once and runs its targets.
func (s *session) runPackage(ctx context.Context, group []target) error {
	left := slices.DeleteFunc(slices.Clone(group), func(t target) bool { return s.remaining(t) <= 0 })
	if len(left) == 0 {
		return nil
	}
	if err := os.MkdirAll(s.cache, 0o755); err != nil {
		return err
	}
	dir, err := os.MkdirTemp(s.cache, "binary-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	binary := filepath.Join(dir, "package.test")
	if _, err := s.command(ctx, s.root, "go", "test", "-c", "-fuzz=.", "-o", binary, group[0].pkg); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	for _, t := range left {
		if err := s.runTarget(ctx, binary, t); err != nil {
			return err
		}
	}
	return nil
}

// remaining returns the executions that a target still lacks.
func (s *session) remaining(t target) int64 {
	if !s.prove {
		return s.goal(t.pkg)
	}
	return s.goal(t.pkg) - s.entries.executions(t.pkg, t.name)
}

// runTarget runs one target, in whole chunks where the log is to be kept.
func (s *session) runTarget(ctx context.Context, binary string, t target) error {
	for left := s.remaining(t); left > 0 && ctx.Err() == nil; {
		n := left
		if s.prove {
			// A remainder may be less than the kept inputs, which are read before
			// anything is counted.
			n = s.chunk
		}
		begin := time.Now()
		done, err := s.execute(ctx, binary, t, n)
		took := time.Since(begin)
		if done == 0 && err == nil && ctx.Err() == nil {
			err = errors.New("nothing was executed")
		}
		fmt.Fprintf(s.out, "%-60s %-28s %9d in %5.0f s\n", t.pkg, t.name, done, took.Seconds())
		outcome := "passed"
		if err != nil && ctx.Err() == nil {
			outcome, s.failed = "failed", true
			fmt.Fprintf(s.out, "%s %s: %v\n", t.pkg, t.name, err)
		}
		s.entries.add(entry{commit: s.commit, pkg: t.pkg, target: t.name, executions: done, seconds: took.Seconds(), outcome: outcome})
		if s.log != "" {
			if err := s.entries.write(s.log); err != nil {
				return err
			}
		}
		if outcome == "failed" {
			return nil
		}
		left -= done
	}
	return s.keepInputs(t)
}
