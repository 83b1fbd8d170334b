package acceptance

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/envparity/parity/internal/realdata"
)

// The bounds of a report on a repository whose configuration was written by hand.
const (
	sureWithin  = 5 // groups that a known bug which is sure stands among
	maxQuiet    = 1 // differences that count and should not
	minSure     = 0.70
	wantedSure  = 0.80
	scorerScope = "repos"
)

// scored is what the scorer tells of one repository.
type scored struct {
	Repo      string  `json:"repo"`
	Problem   string  `json:"problem"`
	Confident float64 `json:"confident"`
	Quiet     int     `json:"quiet"`
	// QuietStart is set where nothing that should be quiet is in the first ten
	// groups.
	QuietStart bool `json:"quietStart"`
	Bugs       []struct {
		ID    string `json:"id"`
		Found bool   `json:"found"`
		Rank  int    `json:"rank"`
	} `json:"bugs"`
}

// TestScoreByHand runs the scorer of the real repositories: every known bug is in a
// group that counts, each that is sure among the first five, and next to nothing
// that means the same counts.
func TestScoreByHand(t *testing.T) {
	all := score(t, "--hand")
	for i := range all.Repositories {
		t.Run(all.Repositories[i].Repo, func(t *testing.T) { holdScore(t, &all.Repositories[i]) })
	}
}

// TestScoreOfInit holds what the first minute on the same repositories gives, with
// the configuration that init writes.
func TestScoreOfInit(t *testing.T) {
	all := score(t)
	total := all.Total
	if total.Precision < 0.95 || total.Recall < 0.95 || total.Coverage < 0.9 {
		t.Errorf("environments: precision %.2f, recall %.2f; files covered %.2f", total.Precision, total.Recall, total.Coverage)
	}
	const (
		minBugs   = 11 // of 13; the others need an environment's sites to be compared with their like
		minStarts = 10 // reports without a difference that should be quiet among the first ten groups
		minUsable = 8
	)
	if total.Bugs < minBugs || total.QuietStart < minStarts || total.Usable < minUsable || total.NoResult > 0 {
		t.Errorf("bugs %d, quiet starts %d, usable %d, without a result %d", total.Bugs, total.QuietStart, total.Usable, total.NoResult)
	}
	t.Logf("%+v", total)
}

// scores are what the scorer tells of all repositories.
type scores struct {
	Repositories []scored `json:"repositories"`
	Total        struct {
		Precision  float64 `json:"precision"`
		Recall     float64 `json:"recallPerRepo"`
		Coverage   float64 `json:"coverage"`
		Bugs       int     `json:"bugs"`
		QuietStart int     `json:"quietStart"`
		Usable     int     `json:"usable"`
		NoResult   int     `json:"noResult"`
	} `json:"total"`
}

// score runs the scorer.
func score(t *testing.T, args ...string) *scores {
	t.Helper()
	script := realdata.Path(t, scorerScope, "score.py")
	if err := exec.Command("python3", "-c", "import yaml").Run(); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("python3 with PyYAML is not here, and CI must run the scorer")
		}
		t.Skip("SKIPPED: python3 with PyYAML is not here, which runs the scorer")
	}
	cmd := exec.CommandContext(t.Context(), "python3", append([]string{script, binary(t), filepath.Dir(script), "--json"}, args...)...)
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the scorer: %v", err)
	}
	var all scores
	if err := json.Unmarshal(out, &all); err != nil || len(all.Repositories) < 5 {
		t.Fatalf("%d repositories: %v", len(all.Repositories), err)
	}
	return &all
}

func holdScore(t *testing.T, s *scored) {
	if s.Problem != "" {
		t.Fatal(s.Problem)
	}
	sure := sureBugs(t, s.Repo)
	for _, b := range s.Bugs {
		switch {
		case !b.Found:
			t.Errorf("%s is not found", b.ID)
		case sure[b.ID] && b.Rank > sureWithin:
			t.Errorf("%s is in group %d", b.ID, b.Rank)
		}
		t.Logf("%s is in group %d", b.ID, b.Rank)
	}
	if s.Quiet > maxQuiet || !s.QuietStart {
		t.Errorf("%d differences count that should not; none in the first ten groups is %v", s.Quiet, s.QuietStart)
	}
	if s.Confident < minSure {
		t.Errorf("the least confidence is %.2f", s.Confident)
	} else if s.Confident < wantedSure {
		t.Logf("the least confidence is %.2f: %.2f is wanted", s.Confident, wantedSure)
	}
}

// sureBugs are the known bugs of a repository that are sure.
func sureBugs(t *testing.T, repository string) map[string]bool {
	t.Helper()
	text, err := os.ReadFile(realdata.Path(t, scorerScope, repository, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var truth struct {
		Bugs []struct{ ID, Certainty string }
	}
	if err := json.Unmarshal(text, &truth); err != nil {
		t.Fatal(err)
	}
	out := map[string]bool{}
	for _, b := range truth.Bugs {
		out[b.ID] = b.Certainty == "sure"
	}
	return out
}
