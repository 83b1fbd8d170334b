package propose

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/envparity/parity"
)

// changed is a difference of one setting between staging and production.
func changed(kind, path string, change parity.Change, staging, production string) parity.Difference {
	return parity.Difference{
		Fingerprint: kind + path + staging, Subject: parity.SubjectRef{Kind: kind, Name: "web"}, Path: path, Class: parity.Changed, Change: change,
		Columns: []string{"staging"},
		Sides: []parity.Side{
			{Environment: "staging", State: parity.Present, Value: &staging, Class: parity.Changed},
			{Environment: "production", State: parity.Present, Value: &production},
		},
	}
}

func TestFamilies(t *testing.T) {
	for _, c := range []struct {
		want string
		d    parity.Difference
	}{
		{"replicas", changed("Deployment", "/spec/replicas", parity.SizingChange, "1", "3")},
		{"replicas", changed("HorizontalPodAutoscaler", "/spec/minReplicas", parity.SizingChange, "1", "3")},
		{"replicas", changed("aws_autoscaling_group", "/instances", parity.SizingChange, "1", "3")},
		{"sizes", changed("section", "/web/cpu", parity.SizingChange, "100m", "1")},
		{"sizes", changed("environment", "/DB_POOL_SIZE", parity.SizingChange, "2", "20")},
		{"log-levels", changed("ConfigMap", "/data/LOG_LEVEL", parity.TextChange, "DEBUG", "info")},
		{"log-levels", changed("ConfigMap", "/data/app.yaml/logging/level", parity.TextChange, "debug", "warn")},
		{"log-levels", changed("ConfigMap", "/data/DEBUG", parity.ToggleChange, "true", "false")},
		{"issuers", changed("Certificate", "/spec/issuerRef/name", parity.TextChange, "letsencrypt-staging", "letsencrypt")},
		{"secrets", changed("ConfigMap", "/data/TOKEN", parity.SecretChange, "[secret]", "[secret]")},
		{"addresses", changed("Ingress", "/spec/rules[host=a]/host", parity.AddressChange, "a.test", "a.example")},
		{"stores", changed("ExternalSecret", "/spec/secretStoreRef/name", parity.TextChange, "pr-store", "vault")},
		{"identifiers", changed("environment", "/STRIPE_PUBLIC_KEY", parity.TextChange, "pk_test_1a2b3c", "pk_live_4d5e6f")},
		{"schedules", changed("CronJob", "/spec/schedule", parity.ScheduleChange, "0 3 * * *", "0 * * * *")},
		{"environment-names", changed("environment", "/NODE_ENV", parity.TextChange, "stage", "production")},
		// What decides how a program behaves is no family.
		{"", changed("ConfigMap", "/data/PASSWORD_HASHER", parity.TextChange, "md5", "argon2")},
		{"", changed("ConfigMap", "/data/FEATURE_CHECKOUT", parity.ToggleChange, "true", "false")},
		{"", changed("Deployment", "/spec/strategy/type", parity.TextChange, "Recreate", "RollingUpdate")},
		{"", changed("ConfigMap", "/data/LOG_FORMAT", parity.TextChange, "json", "text")},
		{"", changed("ConfigMap", "/data/REQUEST_TIMEOUT", parity.SizingChange, "5s", "30s")},
	} {
		got := ""
		if f := familyOf(&c.d); f != nil {
			got = f.id
		}
		if got != c.want {
			t.Errorf("%s %s is of %q, want %q", c.d.Subject.Kind, c.d.Path, got, c.want)
		}
	}
}

// TestOnlyChangesAreProposed holds that nothing that one side lacks, no leak and
// nothing that a baseline knows is proposed.
func TestOnlyChangesAreProposed(t *testing.T) {
	for _, set := range []func(*parity.Difference){
		func(d *parity.Difference) { d.Class = parity.Missing },
		func(d *parity.Difference) { d.Class = parity.Extra },
		func(d *parity.Difference) { d.Class = parity.Leak },
		func(d *parity.Difference) { d.Baseline = true },
		func(d *parity.Difference) { d.Path = "" },
		func(d *parity.Difference) { d.Sides[0].Value = new(string) },
	} {
		d := changed("Deployment", "/spec/replicas", parity.SizingChange, "1", "3")
		set(&d)
		if f := familyOf(&d); f != nil {
			t.Errorf("%s with path %q is proposed as %s", d.Class, d.Path, f.id)
		}
	}
}

func TestOrder(t *testing.T) {
	sizes := func(pairs ...string) parity.Group {
		g := parity.Group{ID: "g", Counts: true}
		for _, p := range pairs {
			staging, production, _ := strings.Cut(p, " ")
			d := changed("Deployment", "/c["+p+"]/limits/memory", parity.SizingChange, staging, production)
			d.Surface = parity.Resource
			g.Differences = append(g.Differences, d)
		}
		return g
	}
	for _, c := range []struct {
		group parity.Group
		want  string
	}{
		{sizes("128Mi 1Gi", "100m 1"), "compared <= reference"},
		{sizes("1Gi 128Mi", "2 1"), "compared >= reference"},
		{sizes("128Mi 1Gi", "2 1"), ""},
		{sizes("1 2", "1 2", "1 2", "3 2"), "compared <= reference"},
		{sizes("small large", "small large"), ""},
	} {
		p, err := Proposals([]parity.Group{c.group}, "production")
		if err != nil || len(p) != 1 || p[0].Expectation.Expect != c.want {
			t.Errorf("%+v: %v, want %q", p, err, c.want)
		}
	}
	if p, _ := Proposals([]parity.Group{sizes("1 2")}, "production"); len(p) != 0 {
		t.Errorf("one difference is a family: %+v", p)
	}
}

func TestSetting(t *testing.T) {
	for path, want := range map[string]string{
		"/spec/replicas":                      "/replicas",
		"/environment[name=LOG_LEVEL]/value":  "[name=LOG_LEVEL]/value",
		"/c[name=web]/resources/limits/cpu":   "/limits/cpu",
		"/data/app.yaml/servers[2]/host":      "/servers[2]/host",
		"/metadata/annotations[a/b]":          "[a/b]",
		"/value":                              "/value",
		"":                                    "",
		"/spec/data[key=x]/remoteRef/key":     "/remoteRef/key",
		"/metadata/annotations[a/b.c/d]/name": "[a/b.c/d]/name",
	} {
		if got := setting(path); got != want {
			t.Errorf("setting(%q) = %q, want %q", path, got, want)
		}
	}
}

// TestSettingIsAnEnd holds that a setting is an end of its path, which the pattern
// of a proposal relies on.
func TestSettingIsAnEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		path := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"/", "[", "]", "a", "cpu", "value", "3", "[name=x/y]", "/limits", ""})).Draw(t, "path"), "")
		if got := setting(path); !strings.HasSuffix(path, got) || got == "" && path != "" {
			t.Fatalf("setting(%q) = %q", path, got)
		}
	})
}

func TestLines(t *testing.T) {
	lines, err := Lines(parity.ProposedExpectation{
		Name: "first", Matches: []parity.ProposedMatch{{Kind: "Deployment", Path: "a: {b}"}}, Classes: []string{"changed"}, Reason: "two\nlines",
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"  - name: first", "    match:", "      - {kind: Deployment, path: 'a: {b}'}", "    classes: [changed]"}
	if got := strings.Split(lines, "\n"); !slices.Equal(got[:4], want) {
		t.Errorf("%s", lines)
	}
}
