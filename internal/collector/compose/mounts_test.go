package compose

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector/collectortest"
)

// factsBelow returns "path=value" for the facts of a service below a path.
func factsBelow(s *parity.Snapshot, name, prefix string) []string {
	var all []string
	for _, x := range s.Subjects {
		for _, f := range x.Facts {
			if x.Subject.Name == name && strings.HasPrefix(f.Path, prefix) {
				all = append(all, f.Path+"="+f.Value.Raw)
			}
		}
	}
	return all
}

func TestAMountIsOneFact(t *testing.T) {
	for _, c := range []struct{ name, volumes, want string }{
		{"bind", `["../conf:/conf"]`, "/volumes[target=/conf]=../conf"},
		{"mode", `["../conf:/conf:ro"]`, "/volumes[target=/conf]=../conf:ro"},
		{"long form", `[{type: bind, source: ../conf, target: /conf, read_only: true, bind: {create_host_path: true}, consistency: cached}]`, "/volumes[target=/conf]=../conf:ro"},
		{"no host path", `[{type: bind, source: ../conf, target: /conf, bind: {create_host_path: false}}]`, "/volumes[target=/conf]=../conf:create_host_path=false"},
		{"volume", `["data:/var/lib/data"]`, "/volumes[target=/var/lib/data]=data"},
		{"volume and mode", `["data:/var/lib/data:ro"]`, "/volumes[target=/var/lib/data]=data /volumes[target=/var/lib/data]/mode=ro"},
		{"anonymous", `["/cache"]`, "/volumes[target=/cache]=volume"},
		{"tmpfs", `[{type: tmpfs, target: /t, tmpfs: {size: 1m}}]`, "/volumes[target=/t]=tmpfs:size=1048576"},
		{"mirror", `["./b:/app/b", "./a/x:/app/a/x:ro"]`, `/volumes[source=.,target=/app]=["a/x:ro","b"]`},
		{"whole project", `[".:/app"]`, `/volumes[source=.,target=/app]=["."]`},
		{"another place", `["./b:/app/c"]`, "/volumes[target=/app/c]=./b"},
		{"root", `["./data:/data"]`, "/volumes[target=/data]=./data"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, map[string]string{"compose.yaml": "services:\n  web:\n    image: web\n    volumes: " + c.volumes + "\nvolumes: {data: {}}\n"})
			s := collectortest.Snapshot(t, New(), dir, &Config{})
			if got := strings.Join(factsBelow(s, "web", "/volumes"), " "); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestAMountWithoutItsVariableIsUnknown(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"compose.yaml": "services:\n  web:\n    image: web\n    volumes: [\"${DIR}/x:/x\", \"./y:${WHERE}\"]\n"})
	s := collectortest.Snapshot(t, New(), dir, &Config{})
	if got := factsBelow(s, "web", "/volumes"); len(got) > 0 || len(s.Gaps) != 2 {
		t.Errorf("got %q and the gaps %+v", got, s.Gaps)
	}
}

func TestWhatComposeFillsInForADependency(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, map[string]string{"compose.yaml": "services:\n  db: {image: db}\n  web:\n    image: web\n    depends_on: [db]\n  job:\n    image: job\n    depends_on: {db: {condition: service_healthy, required: false}}\n"})
	s := collectortest.Snapshot(t, New(), dir, &Config{})
	for name, want := range map[string]string{
		"web": "/depends_on/db/condition=service_started",
		"job": "/depends_on/db/condition=service_healthy /depends_on/db/required=false",
	} {
		if got := strings.Join(factsBelow(s, name, "/depends_on"), " "); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func TestServicesBehindProfiles(t *testing.T) {
	for _, c := range []struct {
		name, env string
		profiles  []string
		runs      bool
	}{
		{"nothing says", "", nil, true},
		{"none", "", []string{}, false},
		{"another", "", []string{"other"}, false},
		{"this one", "", []string{"debug"}, true},
		{"all", "", []string{"*"}, true},
		{"another in the env file", "COMPOSE_PROFILES=other\n", nil, false},
		{"none in the env file", "COMPOSE_PROFILES=\n", nil, false},
		{"none over the env file", "COMPOSE_PROFILES=debug\n", []string{}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, dir, map[string]string{"compose.yaml": "services:\n  web: {image: web}\n  tools: {image: t, profiles: [debug]}\n", ".env": c.env})
			s := collectortest.Snapshot(t, New(), dir, &Config{Profiles: c.profiles})
			got := strings.Join(factsBelow(s, "tools", "/"), " ")
			want := "/image=t /profiles[=debug]=debug"
			if !c.runs {
				want = "/image=t /inactive=profile debug is off /profiles[=debug]=debug"
			}
			if got != want {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}
