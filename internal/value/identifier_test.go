package value

import "testing"

func TestNamesIdentifier(t *testing.T) {
	for path, want := range map[string]bool{
		"/data/FB_APP_ID":                    true,
		"/env[name=SENTRY_PROJECT_ID]/value": true,
		"/clientId":                          true,
		"/appID":                             true,
		"/aws_account":                       true,
		"/gcp-project-number":                true,
		"/tenant":                            true,
		"/MAX_PROJECT_ID":                    false,
		"/accounts":                          false,
		"/account_limit":                     false,
		"/number":                            false,
		"/paid":                              false,
		"/uid":                               false,
		"/runAsUser":                         false,
		"/replicas":                          false,
		"":                                   false,
		"/":                                  false,
	} {
		if got := NamesIdentifier(path); got != want {
			t.Errorf("%q is %v", path, got)
		}
	}
}
