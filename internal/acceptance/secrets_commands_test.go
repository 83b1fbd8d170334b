package acceptance

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	emptyimage "github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// plantedTraces is how many traces a file holds: enough to be compared.
const plantedTraces = 60

// otherInputs are what the commands beside check read.
type otherInputs struct {
	traces, images tree
}

// plantOthers plants secrets in files of traces, and in images of a registry.
func (p *planter) plantOthers(t testing.TB) otherInputs {
	t.Helper()
	values := map[string]sides{}
	for _, d := range documents(t, "commands.txtar") {
		part := strings.Split(d.name, ";")
		values[part[2]] = p.expand(part[0], part[1], part[0], d.text)
	}
	in := otherInputs{traces: tree{}, images: tree{"parity.yaml": "version: 1\nproject: images\nenvironments:\n"}}
	for side, env := range secretEnvs {
		var b strings.Builder
		for i := range plantedTraces {
			fmt.Fprintln(&b, strings.ReplaceAll(strings.TrimSpace(values["trace"][side]), "TRACE", fmt.Sprintf("%032x", i+1)))
		}
		in.traces[env+".jsonl"] = b.String()
		host := serveImage(t, values["config"][side], values["annotation"][side], values["failure"][side])
		in.images["parity.yaml"] += fmt.Sprintf("- {name: %s, sources: [{collector: oci, images: [%[2]s/shop/web:1, %[2]s/broken/web:1], timeout: 5}]}\n", env, host)
	}
	return in
}

// serveImage serves an image with a configuration and an annotation, and fails
// for others. It returns the registry's host.
func serveImage(t testing.TB, config, annotation, failure string) (host string) {
	t.Helper()
	images := registry.New(registry.Logger(log.New(io.Discard, "", 0)))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/broken/") {
			http.Error(w, failure, http.StatusInternalServerError)
			return
		}
		images.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	host = strings.TrimPrefix(server.URL, "http://")
	file := v1.ConfigFile{OS: "linux", Architecture: "amd64", Created: v1.Time{Time: today}}
	if err := json.Unmarshal([]byte(config), &file.Config); err != nil {
		t.Fatal(err)
	}
	img, err := mutate.ConfigFile(mutate.MediaType(emptyimage.Image, types.OCIManifestSchema1), &file)
	if err != nil {
		t.Fatal(err)
	}
	annotated, ok := mutate.Annotations(img, map[string]string{"org.opencontainers.image.source": strings.TrimSpace(annotation)}).(v1.Image)
	if !ok {
		t.Fatal("an annotated image is no image")
	}
	ref, err := name.ParseReference(host+"/shop/web:1", name.Insecure)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(ref, annotated); err != nil {
		t.Fatal(err)
	}
	return host
}

// init runs init on a project and check on what it wrote.
func (s *sweep) init(t *testing.T, files tree) {
	t.Helper()
	dir, out := t.TempDir(), t.TempDir()
	files.write(t, dir)
	before := filesOf(t, dir)
	if code, stderr := s.run(t, dir, "init", "init", "-v"); code != 0 {
		t.Fatalf("init: exit %d: %s", code, stderr)
	}
	s.written(t, "files of init", dir, before)
	s.run(t, dir, "init, then check", "check", "-v", "--all", "--long", "--output", "json="+filepath.Join(out, "init.json"))
	for _, text := range filesOf(t, out) {
		s.look("init, then check", text)
	}
	if _, err := os.Stat(filepath.Join(out, "init.json")); err != nil {
		t.Errorf("the project of init was not checked: %v", err)
	}
	s.run(t, dir, "init", "init", "-v") // refused: it is there already
}

// compareTraces runs traces on two files and on one that is not there.
func (s *sweep) compareTraces(t *testing.T, files tree) {
	t.Helper()
	dir, out := t.TempDir(), t.TempDir()
	files.write(t, dir)
	paths := []string{"--path", secretEnvs[0] + ".jsonl", "--path", secretEnvs[1] + ".jsonl"}
	report := filepath.Join(out, "traces.json")
	args := append([]string{"traces", "GET /cart", "-v", "--output", "terminal", "--output", "json=" + report}, paths...)
	if code, stderr := s.run(t, dir, "traces", args...); code == 2 {
		t.Fatalf("traces: exit %d: %s", code, stderr)
	}
	text, err := os.ReadFile(report)
	if err != nil || !strings.Contains(string(text), fmt.Sprintf("\"requests\": %d", plantedTraces)) {
		t.Errorf("the traces were not compared: %v: %s", err, text)
	}
	s.look("traces", string(text))
	s.run(t, dir, "traces", append([]string{"traces", "GET /nothing", "-v"}, paths...)...)
}

// written looks at the files that a run made or changed.
func (s *sweep) written(t *testing.T, output, dir string, before map[string]string) (n int) {
	t.Helper()
	for name, text := range filesOf(t, dir) {
		if before[name] != text {
			s.look(output, text)
			n++
		}
	}
	return n
}
