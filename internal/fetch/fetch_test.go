package fetch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// serve serves files, and counts what is asked for.
func serve(t *testing.T, files map[string]string) (url string, asked func() int) {
	t.Helper()
	n := make(chan struct{}, 1000)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n <- struct{}{}
		text, ok := files[r.URL.Path]
		if to, redirect := strings.CutPrefix(text, "-> "); redirect {
			http.Redirect(w, r, to, http.StatusFound)
			return
		}
		if !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, text)
	}))
	t.Cleanup(s.Close)
	return s.URL, func() int { return len(n) }
}

func indexOf(address, digest string) string {
	return fmt.Sprintf("apiVersion: v1\nentries:\n  redis:\n    - {version: 1.2.3, digest: %q, urls: [%q]}\n", digest, address)
}

func TestChartIsFetchedOnceAndKept(t *testing.T) {
	digest := digestOf([]byte("packed"))
	url, asked := serve(t, map[string]string{"/charts/index.yaml": indexOf("redis-1.2.3.tgz", digest), "/charts/redis-1.2.3.tgz": "packed"})
	dir := t.TempDir()
	for range 3 {
		f := New(dir)
		for range 2 {
			data, err := f.Chart(t.Context(), url+"/charts", "redis", "1.2.3")
			if err != nil || string(data) != "packed" {
				t.Fatalf("%q %v", data, err)
			}
		}
	}
	if asked() != 2 {
		t.Errorf("%d requests, want 2", asked())
	}
}

func TestWhatWasKeptIsCheckedAgain(t *testing.T) {
	url, asked := serve(t, map[string]string{"/index.yaml": indexOf("/r.tgz", digestOf([]byte("packed"))), "/r.tgz": "packed"})
	dir := t.TempDir()
	if _, err := New(dir).Chart(t.Context(), url, "redis", "1.2.3"); err != nil {
		t.Fatal(err)
	}
	kept, err := filepath.Glob(filepath.Join(dir, "*", "*"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("%v %v", kept, err)
	}
	if err := os.WriteFile(kept[0], []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	data, err := New(dir).Chart(t.Context(), url, "redis", "1.2.3")
	if err != nil || string(data) != "packed" || asked() != 4 {
		t.Errorf("%q %v after %d requests", data, err, asked())
	}
}

func TestRefused(t *testing.T) {
	digest := digestOf([]byte("packed"))
	for _, c := range []struct {
		name  string
		files map[string]string
		at    func(url string) string
		want  string
	}{
		{"another digest", map[string]string{"/index.yaml": indexOf("/r.tgz", strings.Repeat("0", 64)), "/r.tgz": "packed"}, nil, "states the digest of"},
		{"no digest", map[string]string{"/index.yaml": indexOf("/r.tgz", ""), "/r.tgz": "packed"}, nil, "states no digest"},
		{"another version", map[string]string{"/index.yaml": strings.ReplaceAll(indexOf("/r.tgz", digest), "1.2.3", "1.2.4")}, nil, "no such version"},
		{"no index", map[string]string{}, nil, "status 404"},
		{"a broken index", map[string]string{"/index.yaml": "entries: [\nsecret-word"}, nil, "index of the repository cannot be read"},
		{"plain chart", map[string]string{"/index.yaml": indexOf("http://charts.example.com/r.tgz", digest)}, nil, "not be encrypted"},
		{"redirected to plain", map[string]string{"/index.yaml": "-> http://charts.example.com/index.yaml"}, nil, "not be encrypted"},
		{"a credential in the chart's address", map[string]string{"/index.yaml": indexOf("https://u:secret-word@charts.example.com/r.tgz", digest)}, nil, "holds a credential"},
		{"plain", nil, func(string) string { return "http://charts.example.com" }, "not be encrypted"},
		{"a file", nil, func(string) string { return "file:///etc" }, "no address"},
		{"an alias", nil, func(string) string { return "@stable" }, "no address"},
		{"a credential", nil, func(string) string { return "https://u:secret-word@charts.example.com" }, "holds a credential"},
	} {
		t.Run(c.name, func(t *testing.T) {
			url, _ := serve(t, c.files)
			if c.at != nil {
				url = c.at(url)
			}
			dir := t.TempDir()
			data, err := New(dir).Chart(t.Context(), url, "redis", "1.2.3")
			if err == nil || !strings.Contains(err.Error(), c.want) || data != nil {
				t.Errorf("%q %v, want %s", data, err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "secret-word") {
				t.Errorf("the error quotes a secret: %v", err)
			}
			if kept, _ := os.ReadDir(dir); len(kept) > 0 {
				t.Errorf("something is kept: %v", kept)
			}
		})
	}
}

func TestTooLarge(t *testing.T) {
	url, _ := serve(t, map[string]string{"/index.yaml": indexOf("/r.tgz", digestOf(nil)), "/r.tgz": strings.Repeat("x", maxChart+1)})
	if _, err := New(t.TempDir()).Chart(t.Context(), url, "redis", "1.2.3"); err == nil || !strings.Contains(err.Error(), "too large") {
		t.Errorf("%v", err)
	}
}

func TestEndedContext(t *testing.T) {
	url, _ := serve(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := New(t.TempDir()).Chart(ctx, url, "redis", "1.2.3"); err == nil {
		t.Error("no error")
	}
}

func TestChartFromRegistry(t *testing.T) {
	s := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	defer s.Close()
	host := strings.TrimPrefix(s.URL, "http://")
	layer := static.NewLayer([]byte("packed"), types.MediaType(chartMedia))
	image, err := mutate.AppendLayers(mutate.MediaType(empty.Image, types.OCIManifestSchema1), layer)
	if err != nil {
		t.Fatal(err)
	}
	ref, err := name.ParseReference(host+"/charts/redis:1.2.3_1", name.Insecure)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(ref, image); err != nil {
		t.Fatal(err)
	}
	data, err := New(t.TempDir()).Chart(t.Context(), "oci://"+host+"/charts", "redis", "1.2.3+1")
	if err != nil || !bytes.Equal(data, []byte("packed")) {
		t.Errorf("%q %v", data, err)
	}
	if _, err := New(t.TempDir()).Chart(t.Context(), "oci://"+host+"/charts", "redis", "9.9.9"); err == nil {
		t.Error("a version that is not there is no error")
	}
}

// A repository elsewhere does not lead to plain servers of this machine.
func TestNoWayBackToThisMachine(t *testing.T) {
	local, asked := serve(t, map[string]string{"/index.yaml": indexOf("/r.tgz", "")})
	f := New(t.TempDir())
	elsewhere := &url.URL{Scheme: "https", Host: "charts.example.com"}
	at, err := url.Parse(local + "/index.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.get(t.Context(), elsewhere, at, 1<<20); err == nil || !strings.Contains(err.Error(), "not be encrypted") || asked() > 0 {
		t.Errorf("%v, %d requests", err, asked())
	}
}

// FuzzIndex holds the parser of indexes to end, and to quote nothing.
func FuzzIndex(f *testing.F) {
	f.Add([]byte(indexOf("r.tgz", "aa")))
	f.Add([]byte("entries: {a: [{urls: [], version: 1}, {urls: [b]}], c: d}\n"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if _, err := parseIndex(data); err != nil && !errors.Is(err, errIndex) {
			t.Errorf("%v", err)
		}
	})
}
