package policy

import (
	"testing"

	"github.com/envparity/parity"
)

func TestWhereVariablesStand(t *testing.T) {
	for _, c := range []struct {
		path, container, name string
		effective             bool
	}{
		{"/spec/template/spec/containers[name=web]/env[name=A]/value", "/spec/template/spec/containers[name=web]", "A", false},
		{"/spec/template/spec/containers[name=web]/effectiveEnv[name=A]", "/spec/template/spec/containers[name=web]", "A", true},
		{"/spec/values/env/LOG_LEVEL", "/spec/values", "LOG_LEVEL", false},
		{"/spec/values/api/environment/LOG_LEVEL/value", "/spec/values/api", "LOG_LEVEL", false},
		{"/spec/values/api/extraEnvVars[name=A]/value", "/spec/values/api", "A", false},
		{"/spec/values/api/env_vars/A_1", "/spec/values/api", "A_1", false},
		{"/spec/source/helm/valuesObject/worker/envVars/A", "/spec/source/helm/valuesObject/worker", "A", false},
		{"/spec/values/env/nested/env/A", "/spec/values/env/nested", "A", false},
		{"/env/A", "", "A", false},
		{"/spec/values/env", "", "", false},
		{"/spec/values/env/name", "", "", false},
		{"/spec/values/env/1A", "", "", false},
		{"/spec/values/environments/A", "", "", false},
		{"/spec/values/inventory/A", "", "", false},
		{"/spec/values/env[0]/name", "", "", false},
		{"/spec/containers[name=web]/effectiveEnv[name=A]/shadowed", "", "", false},
	} {
		var l variableList
		container, name, effective := l.variable(false, "web", c.path)
		if container != c.container || name != c.name || effective != c.effective {
			t.Errorf("%s: %q %q %v", c.path, container, name, effective)
		}
		// Where the last fact stood changes nothing.
		if again, name, _ := l.variable(false, "web", c.path); again != c.container || name != c.name {
			t.Errorf("%s, asked again: %q %q", c.path, again, name)
		}
	}
}

// Variables in the values of a chart are variables.
func TestVariablesOfValues(t *testing.T) {
	web := subject("HelmRelease", "web", "web", "web")
	j := judge(t, nil, two,
		fact(web, parity.Config, "/spec/values/env/A", here(parity.Changed, parity.Text, "1"), here(parity.Equal, parity.Text, "2")),
		fact(web, parity.Config, "/spec/values/env/B", here(parity.Equal, parity.Text, "1"), here(parity.Equal, parity.Text, "1")),
		fact(web, parity.Config, "/spec/values/env/C", absent(parity.Missing), here(parity.Equal, parity.Text, "1")),
		fact(web, parity.Config, "/spec/values/replicas", here(parity.Changed, parity.Number, "1"), here(parity.Equal, parity.Number, "2")),
	)
	section := subject("section", "env", "env", "env")
	k := judge(t, nil, two, fact(section, parity.Config, "/A", here(parity.Changed, parity.Text, "1"), here(parity.Equal, parity.Text, "2")))
	if got, i := gaugeOf(t, k, "M5"); got != "0/1 ?0" {
		t.Errorf("M5 of a section %s: %+v", got, i)
	}
	if got, i := gaugeOf(t, j, "M5"); got != "1/3 ?0" {
		t.Errorf("M5 %s: %+v", got, i)
	}
}
