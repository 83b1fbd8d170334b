package acceptance

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
)

// TestFleet: in environments that no one has seen, every planted mutation is
// found in its class, and nothing else counts.
func TestFleet(t *testing.T) {
	fresh := uint64(time.Now().UnixNano())
	for _, seed := range []uint64{1, 2, 3, fresh} {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			f := NewFleet(seed, 300)
			r := result(t, fleetProject(t, f), "check")
			checkPlanted(t, f, differences(r))
			counts := classes(t, r, "staging")
			for _, class := range []parity.Class{parity.Equal, parity.Equivalent, parity.Bound, parity.IdentifierClass, parity.Shared, parity.Expected} {
				if counts[class] == 0 {
					t.Errorf("no fact is %v: %v", class, counts)
				}
			}
			if counts[parity.Expected] != f.Services {
				t.Errorf("%d facts are expected", counts[parity.Expected])
			}
		})
	}
}

func fleetProject(t testing.TB, f Fleet) string {
	t.Helper()
	dir := project(t, replicasDiffer)
	for name, text := range map[string]string{"staging.yaml": f.Staging, "production.yaml": f.Production} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// checkPlanted pairs planted mutations with differences: each exactly once.
func checkPlanted(t *testing.T, f Fleet, all []parity.Difference) {
	t.Helper()
	left := map[int]bool{}
	for i := range f.Planted {
		left[i] = true
	}
	for i := range all {
		d := &all[i]
		found := false
		for k := range left {
			if f.Planted[k].is(d) {
				delete(left, k)
				found = true
				break
			}
		}
		if !found {
			t.Errorf("counts and was not planted: %v %v %s %s %s", d.Class, d.Change, d.Subject.Kind, d.Subject.Name, d.Path)
		}
	}
	for k := range left {
		t.Errorf("planted and not found: %+v", f.Planted[k])
	}
}

func (p Planted) is(d *parity.Difference) bool {
	return d.Subject.Kind == p.Kind && d.Subject.Name == p.Name && d.Class.String() == p.Class && string(d.Change) == p.Change &&
		(p.Path == "") == (d.Path == "") && strings.Contains(d.Path, p.Path)
}
