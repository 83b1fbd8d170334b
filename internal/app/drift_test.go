package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
)

const driftProject = `version: 1
environments:
  - name: production
    reference: true
    sources:
      - path: declared.yaml
      - {collector: exec, command: [cat, live.yaml], format: kubernetes, role: live}
`

const setting = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web, namespace: shop}\ndata: {LEVEL: info}\n"

// driftApp is the application at a time, in a project whose live side has the
// setting at a level.
func driftApp(t *testing.T, dir string, at time.Time, level string) *App {
	t.Helper()
	for name, text := range map[string]string{
		"parity.yaml": driftProject, "declared.yaml": setting, "live.yaml": strings.Replace(setting, "info", level, 1),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return New(Options{WorkDir: dir, Lookup: only("PARITY_KEY", testKey), Now: at, Random: rand.Reader, Version: "test"})
}

// Earlier snapshots tell since when a drift is there, and how many appeared in
// each week.
func TestDriftHistory(t *testing.T) {
	dir := t.TempDir()
	day := func(n int) time.Time { return time.Date(2026, 3, n, 6, 0, 0, 0, time.UTC) } // March 2 is a Monday
	for name, s := range map[string]struct {
		day   int
		level string
	}{"b": {3, "info"}, "a": {10, "debug"}, "c": {17, "debug"}} {
		a := driftApp(t, dir, day(s.day), s.level)
		snapshot, err := a.Snapshot(context.Background(), "production", parity.Live)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := a.WriteSnapshot(&b, snapshot); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name+".parity"), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a := driftApp(t, dir, day(18), "debug")
	r, err := a.Drift(context.Background(), DriftRequest{Environment: "production", History: []string{"*.parity", "a.parity"}})
	if err != nil {
		t.Fatal(err)
	}
	h := r.Instances[0].History
	if h.Snapshots != 4 || len(h.Weeks) != 3 || h.Weeks[1].Appeared != 1 || h.Weeks[0].Appeared+h.Weeks[2].Appeared+h.Weeks[0].Before != 0 || len(h.Gaps) > 0 {
		t.Errorf("%+v", h)
	}
	if d := r.Instances[0].Drifts; len(d) != 1 || !d[0].FirstSeen.Equal(day(10)) {
		t.Errorf("%+v", d)
	}
	if in := r.Indicators; len(in) != 1 || in[0].ID != "M2" || *in[0].Value != 1 || *in[0].Met {
		t.Errorf("%+v", in)
	}
}

// What a result holds does not hold the snapshots behind it.
func TestDriftLetsSnapshotsGo(t *testing.T) {
	a := driftApp(t, t.TempDir(), time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), "debug")
	r, err := a.Drift(context.Background(), DriftRequest{Environment: "production"})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Instances[0].Drifts) != 1 || r.Instances[0].Drifts[0].Aligned != nil {
		t.Errorf("%+v", r.Instances[0].Drifts)
	}
	if r.Instances[0].Desired.Sources == nil || r.Instances[0].Live.Sources == nil {
		t.Error("the result does not say what was read")
	}
}
