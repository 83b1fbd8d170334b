package envname

import "testing"

func TestForeign(t *testing.T) {
	tests := []struct {
		including, included string
		among               []string
		foreign             bool
	}{
		{"apps/test/kustomization.yaml", "prod.yaml", nil, true},
		{"apps/test/kustomization.yaml", "../prod/patch.yaml", nil, true},
		{"deploy/compose.staging.yaml", "production.env", nil, true},
		{"deploy/compose.staging.yaml", ".env.production", nil, true},
		{"overlays/staging/kustomization.yaml", "app-prod.properties", nil, true},
		{"overlays/prod/kustomization.yaml", "issuer-staging.yaml", []string{"issuer-staging.yaml", "issuer-prod.yaml"}, false},
		{"overlays/prod/kustomization.yaml", "add-test-user.yaml", nil, false},
		{"overlays/prod/kustomization.yaml", "issuer-test.yaml", nil, false},
		{"overlays/prod/kustomization.yaml", "prod.yaml", nil, false},
		{"overlays/prod/kustomization.yaml", "../staging/prod.yaml", nil, false},
		{"overlays/staging/kustomization.yaml", "non-prod.yaml", nil, false},
		{"overlays/staging/kustomization.yaml", "production-line/x.yaml", nil, false},
		{"overlays/staging/kustomization.yaml", "deployment.yaml", nil, false},
		{"base/kustomization.yaml", "prod.yaml", nil, false},
		{"", "", nil, false},
	}
	for _, tt := range tests {
		if _, _, got := Foreign(tt.including, tt.included, tt.among); got != tt.foreign {
			t.Errorf("%s includes %s: %v", tt.including, tt.included, got)
		}
	}
}
