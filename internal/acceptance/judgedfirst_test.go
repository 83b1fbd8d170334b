package acceptance

import (
	"slices"
	"testing"
)

// unjudgedFirst are repositories whose first reports nobody has judged so far.
// One that has judgements is held like all others.
var unjudgedFirst = []string{"apps", "phalanx"}

// TestJudgedFirstReports holds TestJudgedDifferences' limits for the reports that
// a newcomer meets: after parity init alone, without configuration by hand.
// PARITY_JUDGE=DIR writes what is to be judged.
func TestJudgedFirstReports(t *testing.T) {
	all := readJudged(t, judgedFirstFiles)
	sum := map[string]int{}
	for _, repository := range repositoriesWith(t, "truth.json") {
		dir := treeProject(t, repository)
		if code, _, stderr := command(t, dir, "init"); code != 0 {
			t.Fatalf("%s: parity init: exit %d: %s", repository, code, stderr)
		}
		sample := sampleOf(result(t, dir, "check"))
		writeSample(t, repository, sample)
		counts := logCounts(t, repository, all.count(repository, sample))
		if total(counts) == 0 && slices.Contains(unjudgedFirst, repository) {
			continue
		}
		holdEnoughJudged(t, repository, counts)
		addCounts(sum, counts)
	}
	logCounts(t, "all", sum)
	holdJudged(t, "all", sum)
}
