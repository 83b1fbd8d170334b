package app

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/store"
)

// testKey is a key as good as any, and otherKey is another.
const (
	testKey  = "9d41c7a05be8f2363a7f10c4d96be582"
	otherKey = "c7e02d914ba85f36107b3de9f4a1286d"
)

// only is an environment of one variable.
func only(name, value string) func(string) (string, bool) {
	return func(asked string) (string, bool) { return value, asked == name && value != "" }
}

const twoEnvironments = `version: 1
environments:
  - name: staging
    sources: [{collector: kubernetes-manifests, path: staging.yaml}]
  - name: production
    reference: true
    sources: [{collector: kubernetes-manifests, path: production.yaml}]
`

var authenticNow = time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)

// keyed is the application in a project of two environments, with a key in its
// environment; empty is none.
func keyed(t *testing.T, dir, key string) *App {
	t.Helper()
	files := map[string]string{"parity.yaml": twoEnvironments, "staging.yaml": setting, "production.yaml": setting}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return New(Options{WorkDir: dir, Lookup: only("PARITY_KEY", key), Now: authenticNow, Random: rand.Reader, Version: "test"})
}

// shot writes a snapshot of staging and gives its content.
func shot(t *testing.T, a *App, file string) []byte {
	t.Helper()
	s, err := a.Snapshot(t.Context(), "staging", "")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := a.WriteSnapshot(&b, s); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(a.WorkDir, file), b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// forge writes a snapshot anew after a change, as somebody can who does not
// have the key.
func forge(t *testing.T, file string, data []byte, change func(*parity.Snapshot)) {
	t.Helper()
	s, err := store.ReadSnapshot(bytes.NewReader(data), store.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	change(s)
	s.Digest = s.ContentDigest()
	var b bytes.Buffer
	if err := store.WriteAuthentic(&b, s, store.Key{ID: s.KeyID, Secret: []byte("a guess")}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// doubtful are the reasons of the gaps of a result that hide nothing.
func doubtful(r *parity.Result) string {
	var reasons []string
	for _, g := range r.Gaps {
		if g.Hides == parity.HidesNothing {
			reasons = append(reasons, g.Column+" "+g.Source+": "+g.Reason)
		}
	}
	return strings.Join(reasons, "\n")
}

func TestSnapshotsAreAuthenticated(t *testing.T) {
	for _, tt := range []struct{ name, write, read, want string }{
		{"one key", testKey, testKey, ""},
		{"another key", otherKey, testKey, "staging s.parity: the snapshot is not authenticated: it was made under another key, or under none that lasts"},
		{"written without a key", "", testKey, "staging s.parity: the snapshot is not authenticated: it was made under another key, or under none that lasts"},
		{"read without a key", testKey, "", "staging s.parity: the snapshot is not authenticated: there is no key here to check it with"},
		{"no key", "", "", "staging s.parity: the snapshot is not authenticated: there is no key here to check it with"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			shot(t, keyed(t, dir, tt.write), "s.parity")
			reads := map[string]Request{
				"check":   {Selection: Selection{Snapshots: map[string]string{"staging": "s.parity"}}},
				"diff":    {Paths: []string{"s.parity", "production.yaml"}},
				"history": {History: []string{"s.parity"}},
			}
			for how, req := range reads {
				a := keyed(t, dir, tt.read)
				a.NoCache = true
				r, err := a.Check(t.Context(), req)
				if err != nil {
					t.Fatal(err)
				}
				if got := doubtful(r); got != tt.want {
					t.Errorf("%s: %q, want %q", how, got, tt.want)
				}
			}
		})
	}
}

func TestForgedSnapshotsAreRefused(t *testing.T) {
	for name, change := range map[string]func(*parity.Snapshot){
		"facts":       func(s *parity.Snapshot) { s.Subjects[0].Facts[0].Value.Raw = "debug" },
		"time":        func(s *parity.Snapshot) { s.Time = s.Time.Add(time.Hour) },
		"environment": func(s *parity.Snapshot) { s.Column.Environment = "production" },
		"nothing":     func(*parity.Snapshot) {},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			a := keyed(t, dir, testKey)
			forge(t, filepath.Join(dir, "s.parity"), shot(t, a, "s.parity"), change)
			for how, req := range map[string]Request{
				"check":   {Selection: Selection{Snapshots: map[string]string{"staging": "s.parity"}}},
				"diff":    {Paths: []string{"s.parity", "production.yaml"}},
				"history": {History: []string{"s.parity"}},
			} {
				_, err := a.Check(t.Context(), req)
				if !errors.Is(err, store.ErrForged) || parity.CodeOf(err) != parity.CodeUsage || !strings.Contains(err.Error(), "s.parity") {
					t.Errorf("%s: %v", how, err)
				}
			}
		})
	}
}

// TestDriftReadsAuthentically: the live side from a file, and history.
func TestDriftReadsAuthentically(t *testing.T) {
	dir := t.TempDir()
	a := driftApp(t, dir, authenticNow, "debug")
	s, err := a.Snapshot(t.Context(), "production", parity.Live)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := a.WriteSnapshot(&b, s); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "s.parity")
	drift := func(key string, req DriftRequest) (*parity.DriftResult, error) {
		later := driftApp(t, dir, authenticNow.Add(time.Hour), "debug")
		later.Lookup, req.Environment = only("PARITY_KEY", key), "production"
		return later.Drift(context.Background(), req)
	}
	live, history := DriftRequest{Live: map[string]string{"": "s.parity"}}, DriftRequest{History: []string{"s.parity"}}
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]int{testKey: 0, otherKey: 1} {
		r, err := drift(key, history)
		if err != nil || len(r.Instances[0].History.Gaps) != want {
			t.Errorf("%s: %v, %+v", key, err, r)
		}
	}
	forge(t, file, b.Bytes(), func(s *parity.Snapshot) { s.Gaps = nil })
	for how, req := range map[string]DriftRequest{"live": live, "history": history} {
		if _, err := drift(testKey, req); !errors.Is(err, store.ErrForged) {
			t.Errorf("%s: %v", how, err)
		}
	}
}

// TestCacheIsAuthenticated changes each file of the cache, as somebody can who
// may write there and does not have the key: the project is then read anew.
func TestCacheIsAuthenticated(t *testing.T) {
	a := keyed(t, t.TempDir(), testKey)
	cfg, err := a.Config()
	if err != nil {
		t.Fatal(err)
	}
	key, err := a.storeKey(cfg)
	if err != nil {
		t.Fatal(err)
	}
	c := a.newCache(cfg, key.ID)
	c.write("results", "one", []byte("content"))
	c.write("results", "two", []byte("other content"))
	if data, ok := c.read("results", "one"); !ok || string(data) != "content" {
		t.Fatalf("%q, %v", data, ok)
	}
	file := filepath.Join(c.app.Project, ".parity", cacheDir, "results", "one")
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	two, err := os.ReadFile(filepath.Join(c.app.Project, ".parity", cacheDir, "results", "two"))
	if err != nil {
		t.Fatal(err)
	}
	bad := map[string][]byte{"empty": nil, "without a tag": []byte("content"), "another's": two, "cut": good[:len(good)-1]}
	for i := range good {
		flipped := bytes.Clone(good)
		flipped[i] ^= 1
		bad["bit of byte "+strconv.Itoa(i)] = flipped
	}
	for name, data := range bad {
		if err := os.WriteFile(file, data, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, ok := c.read("results", "one"); ok {
			t.Errorf("%s: read as %q", name, got)
		}
	}
	if other := keyed(t, a.WorkDir, otherKey); other.newCache(cfg, key.ID) != nil {
		t.Error("there is a cache under a key that is not the project's")
	}
}
