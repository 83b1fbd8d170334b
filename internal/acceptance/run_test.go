package acceptance

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/cli"
)

// today is the day on which tests look at exceptions.
var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// command runs parity in this process and gives its exit code and outputs.
func command(t testing.TB, dir string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return commandAt(t, today, dir, args...)
}

// commandAt runs parity at a time of its own. It renders in this process: there
// are thousands of runs, and the scripts of cmd/parity have one that renders.
func commandAt(t testing.TB, now time.Time, dir string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	return commandIn(t, now, dir, func(string) (string, bool) { return "", false }, args...)
}

// commandIn is commandAt with environment variables.
func commandIn(t testing.TB, now time.Time, dir string, lookup func(string) (string, bool), args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = cli.Run(context.Background(), args, cli.Process{
		Dir: dir, Stdin: bytes.NewReader(nil), Stdout: &out, Stderr: &errs,
		Lookup: lookup,
		Now:    func() time.Time { return now }, Random: rand.Reader, Version: "test",
	})
	return code, out.String(), errs.String()
}

// result runs check or diff and reads its JSON report.
func result(t testing.TB, dir string, args ...string) *parity.Result {
	t.Helper()
	return resultAt(t, today, dir, args...)
}

// resultAt is result at a time of its own.
func resultAt(t testing.TB, now time.Time, dir string, args ...string) *parity.Result {
	t.Helper()
	file := filepath.Join(t.TempDir(), "result.json")
	code, _, stderr := commandAt(t, now, dir, append(args, "--all", "--output", "json="+file)...)
	if code != 0 && code != 1 {
		t.Fatalf("parity %v: exit %d: %s", args, code, stderr)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	r := new(parity.Result)
	if err := json.Unmarshal(b, r); err != nil {
		t.Fatal(err)
	}
	return r
}

// project writes a parity.yaml into a new directory and gives the directory. It
// may read what lies elsewhere: the data of the tests does.
func project(t testing.TB, config string) string {
	t.Helper()
	dir := t.TempDir()
	if !strings.Contains(config, "allowOutside:") {
		config = strings.TrimRight(config, "\n") + "\nallowOutside: true\n"
	}
	if err := os.WriteFile(filepath.Join(dir, "parity.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// counting are the groups that count against parity.
func counting(r *parity.Result) []parity.Group {
	var groups []parity.Group
	for _, g := range r.Groups {
		if g.Counts {
			groups = append(groups, g)
		}
	}
	return groups
}

// differences are the differences of the groups that count.
func differences(r *parity.Result) []parity.Difference {
	var all []parity.Difference
	for _, g := range counting(r) {
		all = append(all, g.Differences...)
	}
	return all
}

// classes are a column's counts, derived facts left out.
func classes(t testing.TB, r *parity.Result, column string) map[parity.Class]int {
	t.Helper()
	for _, c := range r.Classes {
		if c.Column != column {
			continue
		}
		counts := map[parity.Class]int{}
		sum := 0
		for class, n := range c.Counts {
			sum += n
			if n -= c.Derived[class]; n > 0 {
				counts[class] = n
			}
		}
		if sum != c.Paired+c.OnlyHere+c.OnlyReference || c.Facts != c.Paired+c.OnlyHere || c.Reference != c.Paired+c.OnlyReference {
			t.Errorf("%s: the classes sum to %d of %d facts here and %d in the reference: %+v", column, sum, c.Facts, c.Reference, c)
		}
		return counts
	}
	t.Fatalf("no classes for %s", column)
	return nil
}
