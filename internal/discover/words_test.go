package discover

import "testing"

func TestEnvironmentIn(t *testing.T) {
	for name, want := range map[string][3]string{
		"staging":           {"staging", "staging", ""},
		"web-staging":       {"staging", "staging", "web"},
		"values.prod-eu":    {"production", "prod", "values-eu"},
		"Production":        {"production", "production", ""},
		"pre-prod":          {"preprod", "preprod", ""},
		"pre_production":    {"preprod", "preprod", ""},
		"appsettings.Stage": {"staging", "stage", "appsettings"},
		"live":              {"production", "live", ""},
		"base":              {},
		"product":           {},
		"devices":           {},
		"production.local":  {},
		"staging-test":      {},
	} {
		got, ok := environmentIn(name)
		if ok != (want[0] != "") {
			t.Errorf("%s: %v", name, ok)
			continue
		}
		if ok && (got.class != want[0] || got.as != want[1] || got.rest != want[2]) {
			t.Errorf("%s: %s, %s, %s", name, got.class, got.as, got.rest)
		}
	}
}

func TestIsRegion(t *testing.T) {
	for _, name := range []string{"eu", "us1", "eu-west-1", "europe-west4", "us-east-1a", "ap-southeast-2", "ca-central-1", "westeurope", "eastus2"} {
		if !isRegion(name) {
			t.Errorf("%s is no region", name)
		}
	}
	for _, name := range []string{"", "api", "app", "web", "ca", "me", "user", "use", "euler", "asian", "west", "usage", "values"} {
		if isRegion(name) {
			t.Errorf("%s is a region", name)
		}
	}
}
