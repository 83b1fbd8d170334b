package oci

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/v1/static"

	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/place"
)

// TestFaults puts a proxy in front of a real registry. What befalls one image
// is a gap over it, in its time, and the other image is read.
func TestFaults(t *testing.T) {
	real := component.Registry(t)
	for _, name := range []string{"good", "bad"} {
		push(t, real.Host+"/shop/"+name+":1.0.0", build(t, name, release))
	}
	front := httptest.NewTLSServer(httputil.NewSingleHostReverseProxy(real.URL))
	t.Cleanup(front.Close)
	address, err := url.Parse(front.URL)
	if err != nil {
		t.Fatal(err)
	}
	proxy := component.Proxy(t, address, front.Client().Transport.(*http.Transport).TLSClientConfig)
	authorities := filepath.Join(t.TempDir(), "ca.pem")
	host := proxyHost(t, proxy, authorities)
	cfg := Config{Images: []string{host + "/shop/good:1.0.0", host + "/shop/bad:1.0.0"}, Timeout: 2, Authorities: filepath.Base(authorities)}
	in := collector.Input{Root: place.Dir(filepath.Dir(authorities))}
	if out := run(t, in, cfg); len(out.subjects) != 2 || len(out.gaps) != 0 {
		t.Fatalf("without a fault: %v", out.dump())
	}
	const manifest = "GET /v2/shop/bad/manifests/1.0.0"
	for _, c := range []struct {
		name, pattern string
		fault         component.Fault
		reason, path  string
	}{
		{"500", manifest, component.ServerError(), "failed (500)", ""},
		{"429", manifest, component.TooManyRequests(time.Second), "takes no more requests for now (429)", ""},
		{"expired token", manifest, component.ExpiredToken(), "wants credentials, or refuses those there are (401)", ""},
		{"refused", manifest, component.Status(http.StatusForbidden, "Forbidden"), "does not allow to read it (403)", ""},
		{"no answer", manifest, component.Hang(), "did not answer within 2s", ""},
		{"slow body", manifest, component.Drip(1, 100*time.Millisecond), "did not answer within 2s", ""},
		{"cut", manifest, component.Cut(10), "broke off in the middle of its answer", ""},
		{"config fails", "GET /v2/shop/bad/blobs/", component.ServerError(), "failed (500)", "/config"},
		{"config cut", "GET /v2/shop/bad/blobs/", component.Cut(10), "", "/config"},
		{"referrers fail", "GET /v2/shop/bad/referrers/", component.ServerError(), "failed (500)", AttachedPath},
		{"cosign's tags fail", `HEAD /v2/shop/bad/manifests/.*\.sig`, component.ServerError(), "failed (500)", AttachedPath},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer proxy.Clear()
			proxy.Inject("^"+c.pattern, c.fault)
			begin := time.Now()
			out := run(t, in, cfg)
			if took := time.Since(begin); took > 6*time.Second {
				t.Errorf("it takes %s, with a timeout of 2 s", took)
			}
			if len(out.gaps) == 0 {
				t.Fatalf("there is no gap: %v", out.dump())
			}
			for _, g := range out.gaps {
				if g.Name != "shop/bad" || !strings.Contains(g.Reason, c.reason) {
					t.Errorf("the gap is %+v", g)
				}
			}
			if out.gaps[0].Path != c.path {
				t.Errorf("the gap is at %q, want %q", out.gaps[0].Path, c.path)
			}
			if good := out.subjects[len(out.subjects)-1]; good.Subject.Name != "shop/good" || len(good.Facts) < 10 {
				t.Errorf("the other image is %v", out.dump())
			}
		})
	}
	t.Run("passing fault", func(t *testing.T) {
		defer proxy.Clear()
		proxy.Inject("^"+manifest, component.ServerError().First(1))
		if out := run(t, in, cfg); len(out.gaps) != 0 || len(out.subjects) != 2 {
			t.Errorf("a fault that passes: %v", out.dump())
		}
	})
	t.Run("certificate for another host", func(t *testing.T) {
		defer proxy.Clear()
		proxy.CertificateFor("other.example")
		other := cfg
		other.Images = append([]string{real.Host + "/shop/good:1.0.0"}, cfg.Images[1])
		out := run(t, in, other)
		if len(out.gaps) != 1 || !strings.Contains(out.gaps[0].Reason, "is for another host") || len(out.subjects) != 1 {
			t.Errorf("%v", out.dump())
		}
	})
	t.Run("nobody trusts it", func(t *testing.T) {
		other := cfg
		other.Authorities = ""
		out := run(t, in, other)
		if len(out.gaps) != 2 || !strings.Contains(out.gaps[0].Reason, "signed by nobody that is trusted here") {
			t.Errorf("%v", out.dump())
		}
	})
}

// proxyHost gives the proxy's host, and writes whom to trust.
func proxyHost(t *testing.T, proxy *component.FaultProxy, authorities string) string {
	t.Helper()
	if err := os.WriteFile(authorities, proxy.CA, 0o600); err != nil {
		t.Fatal(err)
	}
	return strings.TrimPrefix(proxy.URL, "https://")
}

// TestRealRegistry reads from the registry of the distribution project, which
// has no referrers API.
func TestRealRegistry(t *testing.T) {
	real := component.Registry(t)
	ref := real.Host + "/shop/web:1.2.3"
	push(t, ref, build(t, "one", release))
	referring(t, ref, "application/vnd.cyclonedx+json", static.NewLayer([]byte(components), "application/vnd.cyclonedx+json"))
	referring(t, ref, "application/vnd.cncf.notary.signature", static.NewLayer([]byte("{}"), "application/jose+json"))
	out := run(t, collector.Input{}, Config{Images: []string{ref}})
	if len(out.gaps) != 0 {
		t.Errorf("%v", out.dump())
	}
	factOf(t, out, "/attached/signatures[=notation]")
	factOf(t, out, "/attached/packages[purl=pkg:npm/lodash]")
}

// TestCredentials puts a password in front of a registry.
func TestCredentials(t *testing.T) {
	_, handler := newRegistry(t, true)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if user, password, _ := r.BasicAuth(); user != "ann" || password != "hunter2" {
			w.Header().Set("WWW-Authenticate", `Basic realm="registry"`)
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		handler.ServeHTTP(w, r)
	}))
	defer server.Close()
	open := httptest.NewServer(handler)
	defer open.Close()
	push(t, strings.TrimPrefix(open.URL, "http://")+"/shop/web:1.0.0", build(t, "one", nil))
	host := strings.TrimPrefix(server.URL, "http://")
	helpers := t.TempDir()
	write := func(name, text string, mode os.FileMode) {
		if err := os.WriteFile(filepath.Join(helpers, name), []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	write("docker-credential-good", "#!/bin/sh\nread host\necho '{\"Username\":\"ann\",\"Secret\":\"hunter2\"}'\n", 0o700)
	write("docker-credential-none", "#!/bin/sh\necho 'credentials not found in native keychain'\nexit 1\n", 0o700)
	write("docker-credential-broken", "#!/bin/sh\necho hunter2\n", 0o700)
	t.Setenv("PATH", helpers+":"+os.Getenv("PATH"))
	for _, c := range []struct{ name, config, reason string }{
		{"right", `{"auths":{"` + host + `":{"auth":"YW5uOmh1bnRlcjI="}}}`, ""},
		{"right, as a URL", `{"auths":{"https://` + host + `/v1/":{"username":"ann","password":"hunter2"}}}`, ""},
		{"of the repository, over those of the host", `{"auths":{"` + host + `":{"auth":"YW5uOnh4eA=="},"` + host + `/shop":{"auth":"YW5uOmh1bnRlcjI="}}}`, ""},
		{"by a helper", `{"credsStore":"good"}`, ""},
		{"by the helper of the host", `{"credsStore":"broken","credHelpers":{"` + host + `":"good"}}`, ""},
		{"an empty entry and a helper", `{"auths":{"` + host + `":{}},"credsStore":"good"}`, ""},
		{"wrong", `{"auths":{"` + host + `":{"auth":"YW5uOnh4eA=="}}}`, "(401)"},
		{"none", `{}`, "(401)"},
		{"a helper that has none", `{"credsStore":"none"}`, "(401)"},
		{"a helper that is broken", `{"credsStore":"broken"}`, "the credential helper broken gave no credentials"},
		{"a helper that is not there", `{"credsStore":"absent"}`, "the credential helper absent gave no credentials"},
		{"broken credentials", `{"auths":{"` + host + `":{"auth":"hunter2"}}}`, "the credentials of the registry are broken"},
		{"a broken file", `{"auths": hunter2`, "the file of registry credentials is broken"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "config.json"), []byte(c.config), 0o600); err != nil {
				t.Fatal(err)
			}
			in := collector.Input{Lookup: func(name string) (string, bool) { return dir, name == "DOCKER_CONFIG" }}
			out := run(t, in, Config{Images: []string{host + "/shop/web:1.0.0"}})
			if c.reason == "" {
				if len(out.gaps) > 0 || len(out.subjects) != 1 {
					t.Errorf("%v", out.dump())
				}
				return
			}
			if len(out.gaps) != 1 || !strings.Contains(out.gaps[0].Reason, c.reason) || strings.Contains(out.gaps[0].Reason, "hunter2") {
				t.Errorf("%+v", out.gaps)
			}
		})
	}
}

// TestPlainHTTP holds that credentials are not sent without TLS to who is not
// this machine.
func TestPlainHTTP(t *testing.T) {
	g := newGuard(http.DefaultTransport, []string{"reg.example.com:5000"})
	for address, allowed := range map[string]bool{
		"http://10.0.0.1/v2/": false, "http://reg.example.com/v2/": false,
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := g.RoundTrip(req); (err == nil) != allowed {
			t.Errorf("%s: %v", address, err)
		}
	}
	for host, plain := range map[string]bool{
		"localhost:5000": true, "127.0.0.1": true, "[::1]:5000": true, "10.0.0.1:5000": false, "reg.local": false, "localhost.example.com": false,
	} {
		if plainHost(host) != plain {
			t.Errorf("%s is plain: %v", host, !plain)
		}
	}
}
