package acceptance

import (
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// What formats are taken for, at least. The figures only get better.
var expectationsHeld = []struct {
	list string
	// known is the share of those with a mark of their own that are known.
	known float64
	// suspected is the share of the others that are suspected, not known.
	suspected float64
	// hidden is the share of all that are one of both.
	hidden float64
}{
	{"vendor-formats.tsv", 0.82, 1, 0.99},
	{"detector-formats.tsv", 0.60, 0.92, 0.98},
}

// expectations counts what the formats of a list are expected to be and what
// a ConfigMap's facts say that they are, and holds the shares.
func expectations(t *testing.T, report io.Writer) {
	t.Helper()
	for _, held := range expectationsHeld {
		found := secrecyOf(t, readFormats(t, held.list))
		fmt.Fprintf(report, "%s in a ConfigMap:\n", held.list)
		var known, suspected, hidden share
		for _, x := range slices.SortedFunc(maps.Keys(found), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) }) {
			n := found[x]
			fmt.Fprintf(report, "%6d  expected %s, found %s\n", n, x[0], x[1])
			if x[0] == "known" {
				known.add(n, x[1] == "known")
			} else {
				suspected.add(n, x[1] == "suspected")
			}
			hidden.add(n, x[1] != "readable")
		}
		for _, row := range []struct {
			what string
			got  share
			min  float64
		}{{"expected known", known, held.known}, {"expected suspected", suspected, held.suspected}, {"hidden", hidden, held.hidden}} {
			if row.got.part() < row.min {
				t.Errorf("%s, %s: %d of %d are found so, at least %.0f %% must", held.list, row.what, row.got.hit, row.got.of, 100*row.min)
			}
		}
	}
}

// add counts n more, of which all hit or none.
func (s *share) add(n int, hit bool) {
	s.of += n
	if hit {
		s.hit += n
	}
}

// secrecyOf counts formats by what is expected and by what a ConfigMap's facts
// say that they are.
func secrecyOf(t *testing.T, formats []vendorFormat) map[[2]string]int {
	t.Helper()
	p := &planter{r: rand.New(rand.NewPCG(11, 13))}
	var settings []setting
	expect := map[string]string{}
	for _, f := range formats {
		settings = append(settings, setting{name: f.name, value: p.token(plantedSecret{}, f.pattern)})
		expect["/data/"+f.name] = f.expect
	}
	f := tree{"parity.yaml": "version: 1\nenvironments:\n" +
		"- {name: staging, sources: [{path: staging/k8s}]}\n- {name: production, sources: [{path: staging/k8s}]}\n"}
	writeConfigMap(f, "staging", 0, settings, 0)
	dir := t.TempDir()
	f.write(t, dir)
	found := map[[2]string]int{}
	for _, subject := range snapshotOf(t, dir, "staging").Subjects {
		for _, fact := range subject.Facts {
			if want := expect[fact.Path]; want != "" {
				found[[2]string{want, secrecy(fact.Value)}]++
				delete(expect, fact.Path)
			}
		}
	}
	if len(expect) > 0 {
		t.Errorf("%d formats are not in the snapshot", len(expect))
	}
	return found
}
