package discover

import "testing"

func TestWholeWord(t *testing.T) {
	for name, want := range map[string]string{
		"staging": "staging", "Production": "production", "pre-prod": "preprod", "pre_production": "preprod", "live": "production",
		"web-staging": "", "base": "", "product": "", "devices": "", "non-prod": "", "nonprod": "", "near-prod": "",
		"staging-test": "", "operator.tekton.dev": "", "test-kitchen": "", "": "",
	} {
		if f, _ := wholeWord(name); f.Name != want {
			t.Errorf("%q is the word for %q", name, f.Name)
		}
	}
}

func TestKnown(t *testing.T) {
	for name, want := range map[string]string{
		"live": "production", "cluster-live": "production", "live-1": "production", "eu-live-1": "production", "cleanup-live-events": "",
		"web-prod-eu": "production", "shop-preview": "preview", "make-preview-images": "",
	} {
		got := ""
		if sp, ok := firstKnown(name); ok {
			got = sp.family.Name
		}
		if got != want {
			t.Errorf("%s names %q, want %q", name, got, want)
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
