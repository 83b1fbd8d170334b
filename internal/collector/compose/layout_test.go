package compose

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"

	"github.com/envparity/parity/internal/collector/collectortest"
)

// TestFilesOfADirectory compares the files that a directory stands for, and the
// services in them, with those that the Compose library itself loads there.
func TestFilesOfADirectory(t *testing.T) {
	const base = "services:\n  web: {image: 'web:1'}\n  debug: {image: d, profiles: [debug]}\n"
	tests := []struct {
		name  string
		files map[string]string
	}{
		{"by name", map[string]string{"compose.yaml": base, "compose.override.yaml": "services: {web: {image: 'web:2'}}\n"}},
		{"by COMPOSE_FILE", map[string]string{
			"compose.yaml": base, "compose.override.yaml": "services: {web: {image: 'web:2'}}\n",
			"docker/prod.yml": "services: {web: {image: 'web:3'}, extra: {image: e}}\n",
			".env":            "COMPOSE_FILE=compose.yaml:docker/prod.yml\n",
		}},
		{"by COMPOSE_FILE and another separator", map[string]string{
			"compose.yaml": base, "docker/prod.yml": "services: {web: {image: 'web:3'}}\n",
			".env": "COMPOSE_PATH_SEPARATOR=;\nCOMPOSE_FILE=compose.yaml;docker/prod.yml\nCOMPOSE_PROJECT_NAME=shop\n",
		}},
		{"elsewhere, with profiles", map[string]string{
			"docker/base.yml": "services:\n  web: {image: 'web:${TAG}'}\n  debug: {image: 'd:${ONLY}', profiles: [debug]}\n",
			"docker/.env":     "TAG=wrong\nONLY=here\n",
			".env":            "COMPOSE_FILE=docker/base.yml\nTAG=5\nCOMPOSE_PROFILES=debug, other\n",
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, tt.files)
			want := composeServices(t, dir)
			s := collectortest.Snapshot(t, New(), dir, &Config{})
			if len(s.Gaps) > 0 {
				t.Fatalf("%+v", s.Gaps)
			}
			var got []string
			for i := range s.Subjects {
				name := s.Subjects[i].Subject.Name
				image, _ := factAt(s, name, "/image")
				got = append(got, name+" "+image.Value.Raw)
			}
			if !slices.Equal(got, want) {
				t.Errorf("got %q, and Compose has %q", got, want)
			}
		})
	}
}

// composeServices returns the services of a directory and their images as the
// Compose library loads them, also those behind profiles.
func composeServices(t *testing.T, dir string) []string {
	t.Helper()
	o, err := cli.NewProjectOptions(nil, cli.WithWorkingDirectory(dir), cli.WithEnvFiles(), cli.WithDotEnv)
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	for _, f := range []cli.ProjectOptionsFn{cli.WithConfigFileEnv, cli.WithDefaultConfigPath} {
		if err := f(o); err != nil {
			t.Fatal(err)
		}
	}
	o.WorkingDir = ""
	o.EnvFiles = nil
	for _, f := range []cli.ProjectOptionsFn{cli.WithEnvFiles(), cli.WithDotEnv, cli.WithProfiles([]string{"*"})} {
		if err := f(o); err != nil {
			t.Fatal(err)
		}
	}
	project, err := o.LoadProject(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for name := range project.Services {
		out = append(out, name+" "+project.Services[name].Image)
	}
	slices.Sort(out)
	return out
}

func TestComposeFileStaysInTheProject(t *testing.T) {
	for _, name := range []string{"../compose.yaml", "/etc/compose.yaml", "gone.yaml"} {
		dir := t.TempDir()
		write(t, dir, map[string]string{"compose.yaml": "services: {web: {image: a}}\n", ".env": "COMPOSE_FILE=" + name + "\n"})
		if s := collectortest.Snapshot(t, New(), dir, &Config{}); len(s.Gaps) == 0 || s.Facts() > 0 {
			t.Errorf("%s: %d facts, gaps %+v", name, s.Facts(), s.Gaps)
		}
	}
}

// TestHostsOfServices compares the names by which services reach each other.
func TestHostsOfServices(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"compose.yaml": "name: shop\nservices:\n  web:\n    image: a\n    environment:\n      A: db.shop_default\n      B: http://db.shop_default:8080/x\n      C: mydb.shop_default\n      D: db.shop_default.example.com\n      E: db.other_default\n      F: cache.front\n  db: {image: b}\n  cache: {image: c, networks: [n]}\nnetworks: {n: {name: front}}\n",
	})
	s := collectortest.Snapshot(t, New(), dir, &Config{})
	for name, want := range map[string]string{
		"A": "db", "B": "http://db:8080/x", "C": "mydb.shop_default", "D": "db.shop_default.example.com", "E": "db.other_default", "F": "cache",
	} {
		f, ok := factAt(s, "web", "/environment[name="+name+"]/value")
		if got := f.Value.Canonical(); !ok || strings.TrimSuffix(got, "/") != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// TestUnsetVariablesAreNamed tells a value that is a variable from one that
// holds a variable.
func TestUnsetVariablesAreNamed(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{
		"compose.yaml": "services:\n  web:\n    image: a\n    environment: [PASSED, 'WHOLE=${X}', 'PART=a-${Y}', 'TWO=${X}${Y}']\n",
	})
	s := collectortest.Snapshot(t, New(), dir, &Config{})
	got := map[string]string{}
	for _, g := range s.Gaps {
		got[g.Path] = g.Unset
	}
	for name, want := range map[string]string{"PASSED": "PASSED", "WHOLE": "X", "PART": "", "TWO": ""} {
		if unset, ok := got["/environment[name="+name+"]/value"]; !ok || unset != want {
			t.Errorf("%s is the variable %q, want %q (gap %v)", name, unset, want, ok)
		}
	}
}
