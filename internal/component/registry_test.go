package component_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/envparity/parity/internal/component"
)

// registryClient speaks the distribution protocol as far as one image needs it.
type registryClient struct {
	t    *testing.T
	base string
	http *http.Client
}

func (c *registryClient) do(method, path, contentType string, body []byte, want int) (http.Header, []byte) {
	c.t.Helper()
	url := path
	if strings.HasPrefix(path, "/") {
		url = c.base + path
	}
	req, err := http.NewRequest(method, url, bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
		req.Header.Set("Accept", contentType)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if resp.StatusCode != want {
		c.t.Fatalf("%s %s answers %s, want %d: %s", method, url, resp.Status, want, text)
	}
	return resp.Header, text
}

func digestOf(text []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(text)) }

// blob uploads a blob and gives its descriptor.
func (c *registryClient) blob(repository, mediaType string, text []byte) map[string]any {
	c.t.Helper()
	header, _ := c.do(http.MethodPost, "/v2/"+repository+"/blobs/uploads/", "", nil, http.StatusAccepted)
	location := header.Get("Location")
	join := "?"
	if strings.Contains(location, "?") {
		join = "&"
	}
	c.do(http.MethodPut, location+join+"digest="+digestOf(text), "application/octet-stream", text, http.StatusCreated)
	return map[string]any{"mediaType": mediaType, "digest": digestOf(text), "size": len(text)}
}

const manifestType = "application/vnd.oci.image.manifest.v1+json"

// image pushes an image whose only layer is the text, and gives its digest.
func (c *registryClient) image(repository, tag, layer string) string {
	c.t.Helper()
	manifest, err := json.Marshal(map[string]any{
		"schemaVersion": 2, "mediaType": manifestType,
		"config": c.blob(repository, "application/vnd.oci.image.config.v1+json", []byte(`{"architecture":"amd64","os":"linux"}`)),
		"layers": []any{c.blob(repository, "application/vnd.oci.image.layer.v1.tar", []byte(layer))},
	})
	if err != nil {
		c.t.Fatal(err)
	}
	header, _ := c.do(http.MethodPut, "/v2/"+repository+"/manifests/"+tag, manifestType, manifest, http.StatusCreated)
	if got := header.Get("Docker-Content-Digest"); got != digestOf(manifest) {
		c.t.Fatalf("the registry names %q, want %q", got, digestOf(manifest))
	}
	return digestOf(manifest)
}

// TestRegistry holds that the registry keeps what is pushed, by digest and by
// tag, that a tag moves, and that the same goes through a proxy.
func TestRegistry(t *testing.T) {
	// Checked last, so registered first.
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	r := component.Registry(t)
	p := component.Proxy(t, r.URL, nil)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	for name, base := range map[string]string{"direct": r.URL.String(), "proxied": p.URL} {
		c := &registryClient{t: t, base: base, http: &http.Client{Transport: transport}}
		repository := "shop/" + name
		first := c.image(repository, "1.0", "first")
		second := c.image(repository, "1.0", "second")
		if first == second {
			t.Fatal("two images have one digest")
		}
		for reference, want := range map[string]string{"1.0": second, first: first, second: second} {
			header, text := c.do(http.MethodGet, "/v2/"+repository+"/manifests/"+reference, manifestType, nil, http.StatusOK)
			if got := header.Get("Docker-Content-Digest"); got != want || digestOf(text) != want {
				t.Errorf("%s %s is %s, want %s", name, reference, got, want)
			}
		}
	}
	for _, request := range p.Requests() {
		if !strings.HasPrefix(request.Path, "/v2/shop/proxied/") {
			t.Errorf("the proxy saw %s %s", request.Method, request.Path)
		}
	}
	if got := component.Sum(p.Requests()).Requests; got != 13 {
		t.Errorf("the proxy saw %d requests, want two uploads of two blobs in two steps, two manifests, three reads: 13", got)
	}
	c := &registryClient{t: t, base: p.URL, http: &http.Client{Transport: transport}}
	p.Inject("^GET /v2/shop/proxied/manifests/", component.Status(http.StatusUnauthorized, "Unauthorized").First(1))
	c.do(http.MethodGet, "/v2/shop/proxied/manifests/1.0", manifestType, nil, http.StatusUnauthorized)
	c.do(http.MethodGet, "/v2/shop/proxied/manifests/1.0", manifestType, nil, http.StatusOK)
}
