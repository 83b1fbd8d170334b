package app_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/envparity/parity/internal/app"
)

func TestEnvironmentNames(t *testing.T) {
	tests := []struct{ paths, want string }{
		{"deploy/overlays/staging deploy/overlays/production", "staging production"},
		{"deploy/overlays/staging/ ./deploy/overlays/production", "staging production"},
		{"staging.yaml production.yaml", "staging production"},
		{"values-staging.yaml values-production.yaml", "staging production"},
		{"values-dev.yaml values-stg.yaml values-prd.yaml", "dev stg prd"},
		{"values.yaml values-production.yaml", "values production"},
		{"clusters/eu1/staging/shop clusters/eu2/production/shop", "staging production"},
		{"apps/staging/values.yaml apps/production/values.yaml", "staging production"},
		{"a.yaml b.yaml", "a b"},
		{"noise/a.yaml noise/b.yaml noise/c.yaml", "a b c"},
		{"one/eu two/eu", "one two"},
		{"git:main:deploy git:HEAD:deploy", "main HEAD"},
		{"git:main:deploy/staging deploy/staging", "main staging"},
		{"x/prod/a y/prod/b", "a b"},
		{"same.yaml same.yaml", "same-1 same-2"},
		{".env.staging .env.production", "staging production"},
		{"staging.parity.zst production.parity.zst", "staging production"},
		{"only/production", "production"},
	}
	for _, tt := range tests {
		t.Run(tt.paths, func(t *testing.T) {
			got := strings.Join(app.EnvironmentNames(strings.Fields(tt.paths)), " ")
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("names (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEnvironmentNamesAreUniqueAndNeverEmpty(t *testing.T) {
	segment := rapid.SampledFrom([]string{"a", "b", "staging", "production", "values-staging.yaml", "values.yaml", "..", "/", "git:main:x", "-", ""})
	rapid.Check(t, func(t *rapid.T) {
		paths := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
			return strings.Join(rapid.SliceOfN(segment, 0, 4).Draw(t, "segments"), "/")
		}), 1, 5).Draw(t, "paths")
		seen := map[string]bool{}
		for i, n := range app.EnvironmentNames(paths) {
			if n == "" || seen[n] {
				t.Fatalf("name %d of %q is %q: empty or used twice", i, paths, n)
			}
			seen[n] = true
		}
	})
}
