package acceptance

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/store"
)

// explained is how many differences are explained one by one.
const explained = 24

var fingerprintPattern = regexp.MustCompile(`"fingerprint": ?"([0-9a-f]{16})"`)

// fingerprints returns at most n fingerprints of a report, spread over it.
func fingerprints(report string, n int) []string {
	all := fingerprintPattern.FindAllStringSubmatch(report, -1)
	var out []string
	for i := range min(n, len(all)) {
		out = append(out, all[i*len(all)/min(n, len(all))][1])
	}
	return out
}

// harmlessHidden reads the harmless settings of a table from a dotenv file and
// from a ConfigMap, and names those whose value cannot be read in one of them.
func harmlessHidden(t *testing.T, table string) (hidden []string, planted int) {
	t.Helper()
	p := &planter{r: rand.New(rand.NewPCG(3, 5))}
	var settings []setting
	for _, row := range rows(t, table, 3) {
		settings = append(settings, setting{name: row[0], value: sides{p.harmless(row[1]), p.harmless(row[2])}})
	}
	f := tree{}
	for side, env := range secretEnvs {
		writeConfigMap(f, env, 0, settings, side)
		writeDotenv(f, env, 0, settings, side)
	}
	config := "version: 1\nenvironments:\n"
	for _, env := range secretEnvs {
		config += "- name: " + env + "\n  sources:\n  - {collector: kubernetes-manifests, path: " + env + "/k8s}\n" +
			"  - {collector: dotenv, files: [" + env + "/dot/0.env]}\n"
	}
	dir := t.TempDir()
	f["parity.yaml"] = config
	f.write(t, dir)
	shown := map[string]string{}
	for _, env := range secretEnvs {
		readable(t, dir, env, shown)
	}
	for _, s := range settings {
		for side, env := range secretEnvs {
			want := bare(s.value[side])
			missing := ""
			for _, kind := range []string{"environment", "ConfigMap"} {
				if !strings.Contains(shown[env+"/"+kind+"/"+s.name], want) {
					missing = kind
				}
			}
			if missing != "" {
				hidden = append(hidden, s.name+" ("+s.value[side]+") in "+missing)
				break
			}
		}
	}
	return hidden, len(settings)
}

// readable takes a snapshot of an environment and collects, by kind and
// setting, what can be read of values.
func readable(t *testing.T, dir, env string, shown map[string]string) {
	t.Helper()
	for _, subject := range snapshotOf(t, dir, env).Subjects {
		for _, fact := range subject.Facts {
			for _, name := range pathName.FindAllString(fact.Path, -1) {
				key := env + "/" + subject.Subject.Kind + "/" + name
				if fact.Value.Kind != parity.Secret {
					shown[key] += bare(fact.Path) + bare(fact.Value.Raw) + bare(fact.Value.Canonical())
				}
			}
		}
	}
}

// secrecy says what a value counts as.
func secrecy(v parity.Value) string {
	switch {
	case v.Kind != parity.Secret && strings.Contains(v.Raw, "[secret"):
		return "masked in part"
	case v.Kind != parity.Secret:
		return "readable"
	case v.Suspected:
		return "suspected"
	}
	return "known"
}

// snapshotOf takes a snapshot of an environment.
func snapshotOf(t *testing.T, dir, env string) *parity.Snapshot {
	t.Helper()
	file := filepath.Join(t.TempDir(), "snapshot")
	code, _, stderr := command(t, dir, "snapshot", env, "-o", file)
	if code != 0 {
		t.Fatalf("snapshot: exit %d: %s", code, stderr)
	}
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	s, err := store.ReadSnapshot(in, store.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var pathName = regexp.MustCompile(`[A-Za-z0-9_]+`)

// bare is a text without what a form of it may change.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r >= 'a' && r <= 'z' {
			return r
		}
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return -1
	}, s)
}
