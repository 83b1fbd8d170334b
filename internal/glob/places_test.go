package glob_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity/internal/glob"
	"github.com/envparity/parity/internal/place"
)

func TestPlaces(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a/overlays/prod/x", "b/overlays/prod/x", "b/overlays/dev/x", "c/deep/overlays/prod/x", ".h/overlays/prod/x", "web-app.yaml"} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	root := place.Dir(dir)
	defer root.Close()
	for pattern, want := range map[string][]glob.Match{
		"*/overlays/prod":     {{Path: "a/overlays/prod", Stars: []string{"a"}}, {Path: "b/overlays/prod", Stars: []string{"b"}}},
		"b/overlays/*":        {{Path: "b/overlays/dev", Stars: []string{"dev"}}, {Path: "b/overlays/prod", Stars: []string{"prod"}}},
		"{a,b}/overlays/prod": {{Path: "a/overlays/prod"}, {Path: "b/overlays/prod"}},
		"**/overlays/dev":     {{Path: "b/overlays/dev", Stars: []string{"b"}}},
		"c/**/prod":           {{Path: "c/deep/overlays/prod", Stars: []string{"deep/overlays"}}},
		"*-*.yaml":            {{Path: "web-app.yaml", Stars: []string{"web", "app"}}},
		"[ab]/overlays/pro?":  {{Path: "a/overlays/prod"}, {Path: "b/overlays/prod"}},
	} {
		got, err := glob.Places(t.Context(), root, pattern)
		if err != nil {
			t.Errorf("%s: %v", pattern, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", pattern, diff)
		}
	}
	for _, pattern := range []string{"none/*", "*/none", "[/x"} {
		if got, err := glob.Places(t.Context(), root, pattern); err == nil {
			t.Errorf("%s gives %v", pattern, got)
		}
	}
}
