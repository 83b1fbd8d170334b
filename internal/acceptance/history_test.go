package acceptance

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/envparity/parity"
)

// repair is one leaf that engineers made equal.
type repair struct {
	Kind       string  `json:"kind"`
	Name       string  `json:"name"`
	Path       string  `json:"path"`
	Staging    *string `json:"staging"`
	Production *string `json:"production"`
}

// TestHistory: what engineers repaired between two environments of a public
// platform is reported, in few groups and far fewer than dyff's reports.
func TestHistory(t *testing.T) {
	dyff := dyffPath(t)
	var found, all, groups, reports int
	for _, dir := range history(t) {
		staging, production := filepath.Join(dir, "staging.yaml"), filepath.Join(dir, "production.yaml")
		r := result(t, t.TempDir(), "diff", staging, production)
		repairs := readRepairs(t, dir)
		hits := 0
		for _, x := range repairs {
			if x.reported(differences(r)) {
				hits++
			} else {
				t.Logf("%s: not reported: %s %s %s", filepath.Base(dir), x.Kind, x.Name, x.Path)
			}
		}
		n := len(counting(r))
		if n > 15 {
			t.Errorf("%s: %d groups count", filepath.Base(dir), n)
		}
		theirs := dyffReports(t, dyff, staging, production)
		t.Logf("%-40s repaired %3d, reported %3d; groups %2d; dyff %d", filepath.Base(dir), len(repairs), hits, n, theirs)
		found, all, groups, reports = found+hits, all+len(repairs), groups+n, reports+theirs
	}
	t.Logf("all: repaired %d, reported %d; groups %d; dyff %d", all, found, groups, reports)
	if float64(found) < 0.95*float64(all) {
		t.Errorf("%d of %d repaired leaves are reported", found, all)
	}
	if dyff != "" && 2*groups > reports {
		t.Errorf("%d groups against %d reports of dyff", groups, reports)
	}
}

func readRepairs(t *testing.T, dir string) []repair {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Equalised []repair `json:"equalised"`
	}
	if err := json.Unmarshal(b, &file); err != nil || len(file.Equalised) == 0 {
		t.Fatalf("%s: %v", dir, err)
	}
	return file.Equalised
}

var (
	member    = regexp.MustCompile(`\[=([^\]]*)\]$`)
	numbered  = regexp.MustCompile(`\[[0-9]+\]`)
	generated = regexp.MustCompile(`-[2456789bcdfghkmt]{10}$`)
)

// reported reports whether a difference that counts stands for the leaf: at its
// path or above or below it, by its missing subject, or, for a leaf inside a
// tuple or a parsed text, by its value within its subject.
func (x repair) reported(all []parity.Difference) bool {
	for i := range all {
		d := &all[i]
		if d.Subject.Kind != x.Kind || generated.ReplaceAllString(d.Subject.Name, "") != generated.ReplaceAllString(x.Name, "") {
			continue
		}
		if d.Path == "" || d.Path == x.Path || strings.HasPrefix(d.Path, x.Path+"/") || x.within(d) {
			return true
		}
	}
	return false
}

// within finds the leaf's own text in a difference at another path: the same
// list or tuple.
func (x repair) within(d *parity.Difference) bool {
	text := ""
	switch m := member.FindStringSubmatch(x.Path); {
	case m != nil:
		text = m[1]
		if list := strings.TrimSuffix(x.Path, m[0]); !numbered.MatchString(list) && !strings.HasPrefix(d.Path, list) {
			return false // of another list
		}
	case x.Staging != nil && x.Production == nil:
		text = *x.Staging
	case x.Production != nil:
		text = *x.Production
	}
	text = strings.TrimSpace(text)
	if text == "" {
		return false
	}
	top := strings.FieldsFunc(x.Path, func(r rune) bool { return r == '/' || r == '[' })
	if len(top) == 0 || !strings.HasPrefix(d.Path, "/"+top[0]) {
		return false
	}
	if strings.Contains(d.Path, text) {
		return true
	}
	for _, s := range d.Sides {
		if s.Value != nil && strings.Contains(*s.Value, text) {
			return true
		}
	}
	return false
}

// dyffPath finds dyff, to measure against. CI has it.
func dyffPath(t testing.TB) string {
	t.Helper()
	path := os.Getenv("PARITY_DYFF")
	if _, err := os.Stat(path); path != "" && err == nil {
		return path
	}
	if path, err := exec.LookPath("dyff"); err == nil {
		return path
	}
	if os.Getenv("CI") != "" {
		t.Fatal("dyff is not here (make tools), and CI must measure against it")
	}
	t.Log("NOT MEASURED against dyff: it is not here (make tools)")
	return ""
}

var dyffCount = regexp.MustCompile(`(?m)^returned ([a-z]+|\d+) differences?`)

// dyffReports counts what dyff reports of two files.
func dyffReports(t testing.TB, dyff, a, b string) int {
	t.Helper()
	if dyff == "" {
		return 0
	}
	out, err := exec.Command(dyff, "between", "--omit-header", "--output", "github", a, b).CombinedOutput()
	if err != nil {
		t.Fatalf("dyff: %v", err)
	}
	if m := dyffCount.FindSubmatch(out); m != nil {
		if n, err := strconv.Atoi(string(m[1])); err == nil {
			return n
		}
	}
	return strings.Count("\n"+string(out), "\n@@ ")
}
