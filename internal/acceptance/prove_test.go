package acceptance

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// proving reports whether whole sizes were asked for rather than a tenth.
func proving() bool { return os.Getenv("PARITY_PROVE") == "1" }

// proofHeader begins the file that the environment variable PARITY_PROOF names. It
// has a line for each part of a test that held in full, so that one that was
// interrupted goes on from there.
const proofHeader = "# commit\ttest\tfrom\tto\tseconds\n"

// prove runs cases 0 to n-1, in parts. Where PARITY_PROOF names a file, parts that
// held at the same commit are not run again. It returns how many were run.
func prove(t *testing.T, n int, run func(i int)) int {
	t.Helper()
	const part = 1000
	file := os.Getenv("PARITY_PROOF")
	commit, known := "", ""
	if file != "" {
		commit, known = head(t), proofs(t, file)
	}
	ran := 0
	for from := 0; from < n; from += part {
		to := min(from+part, n)
		row := fmt.Sprintf("%s\t%s\t%d\t%d\t", commit, t.Name(), from, to)
		if strings.Contains(known, "\n"+row) {
			continue
		}
		begin := time.Now()
		for i := from; i < to; i++ {
			run(i)
		}
		ran += to - from
		if t.Failed() {
			return ran
		}
		if file != "" {
			known += fmt.Sprintf("%s%.0f\n", row, time.Since(begin).Seconds())
			if err := os.WriteFile(file, []byte(known), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return ran
}

// proofs returns what the file says, or how it begins where there is none.
func proofs(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return proofHeader
	}
	if err != nil || !strings.HasPrefix(string(text), proofHeader) {
		t.Fatalf("%s is no log of proofs: %v", file, err)
	}
	return string(text)
}

// head returns the commit that is checked out, marked where files other than those
// of proofs differ from it.
func head(t *testing.T) string {
	t.Helper()
	git := func(args ...string) string {
		out, err := exec.Command("git", args...).Output()
		if err != nil {
			t.Fatalf("git %v: %v", args, err)
		}
		return strings.TrimSpace(string(out))
	}
	commit := git("rev-parse", "--short=10", "HEAD")
	if git("status", "--porcelain", "--untracked-files=no", "--", ":/", ":(top,exclude)docs/proofs") != "" {
		commit += "-dirty"
	}
	return commit
}

// TestProofsGoOn holds that what held at a commit is not run again, and what did
// not hold is.
func TestProofsGoOn(t *testing.T) {
	file := t.TempDir() + "/proof.tsv"
	t.Setenv("PARITY_PROOF", file)
	row := func(from, to int) string { return fmt.Sprintf("%s\t%s\t%d\t%d\t9\n", head(t), t.Name(), from, to) }
	text := proofHeader + row(0, 1000) + strings.Replace(row(1000, 2000), head(t), "another", 1)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var ran []int
	if n := prove(t, 2001, func(i int) { ran = append(ran, i) }); n != 1001 || ran[0] != 1000 || ran[1000] != 2000 {
		t.Errorf("%d cases were run: %v", n, ran)
	}
	if n := prove(t, 2001, func(int) { t.Error("it was run again") }); n != 0 {
		t.Errorf("%d cases were run again", n)
	}
	if got := proofs(t, file); !strings.HasPrefix(got, text) || strings.Count(got, "\n") != 5 {
		t.Errorf("the log is %q", got)
	}
}
