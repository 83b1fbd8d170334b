package webapi

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/trust"
)

// on starts a server at an address of the loopback range.
func on(t *testing.T, address string, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	l, err := net.Listen("tcp", address)
	if err != nil {
		t.Skipf("%s cannot be listened on here: %v", address, err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: h, ReadHeaderTimeout: defaultTimeout}}
	s.Start()
	t.Cleanup(s.Close)
	return s
}

// TestUnbound holds that no credential that a config names leaves for a host
// that it is not bound to, whatever way the config names it; that the refusal
// gives the line to add; and that neither a variable nor a file is read before.
func TestUnbound(t *testing.T) {
	var asked atomic.Int32
	stranger := on(t, "127.0.0.2:0", func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	host := strings.TrimPrefix(stranger.URL, "http://")
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "token")
	if err := os.WriteFile(file, []byte(secret), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	// All are bound, and to another host or port.
	allow := trust.Allow(
		trust.Binding{Credential: "SECRET", Host: "127.0.0.1" + host[strings.LastIndexByte(host, ':'):]},
		trust.Binding{Credential: "SECRET", Host: "127.0.0.2"},
		trust.Binding{Credential: "OTHER", Host: host},
		trust.Binding{Credential: trust.OfFile(filepath.Join(dir, "link")), Host: host},
	)
	read := func(string) (string, bool) { t.Error("a variable was read"); return secret, true }
	for name, c := range map[string]struct {
		cfg  Config
		line string
	}{
		"token":    {Config{TokenEnv: "SECRET"}, "parity allow SECRET " + host},
		"header":   {Config{HeadersEnv: map[string]string{"X-Key": "SECRET"}}, "parity allow SECRET " + host},
		"password": {Config{User: "u", PasswordEnv: "SECRET"}, "parity allow SECRET " + host},
		"file":     {Config{TokenFile: "token"}, "parity allow file:" + file + " " + host},
		"link":     {Config{TokenFile: "link"}, "parity allow file:" + file + " " + host},
		"hostile":  {Config{TokenEnv: "$(id)"}, "docs/trust.md"},
	} {
		t.Run(name, func(t *testing.T) {
			c.cfg.URL = stranger.URL
			_, err := New(c.cfg, read, allow, place.Dir(dir))
			if err == nil || !strings.Contains(parity.HintOf(err), c.line) || strings.Contains(parity.HintOf(err), "$(") {
				t.Errorf("%v; hint %q, want %q", err, parity.HintOf(err), c.line)
			}
		})
	}
	if asked.Load() > 0 {
		t.Error("the stranger was asked")
	}
}

// TestPlain holds that a bound credential crosses no plain HTTP beyond this
// machine.
func TestPlain(t *testing.T) {
	for _, at := range []string{"http://prometheus.example.com", "http://10.0.0.1:9090", "http://localhost.example.com", "http://127.0.0.1.example.com"} {
		_, err := New(Config{URL: at, TokenEnv: "SECRET"}, lookup, bound(at, "SECRET"), place.Dir(t.TempDir()))
		if err == nil || !strings.Contains(err.Error(), "not encrypted") {
			t.Errorf("%s: %v", at, err)
		}
	}
	for _, at := range []string{"http://localhost:1", "http://127.0.0.2:1", "http://[::1]:1", "https://prometheus.example.com", "https://PROMETHEUS.example.com.:443"} {
		if _, err := New(Config{URL: at, TokenEnv: "SECRET"}, lookup, bound(strings.ToLower(strings.TrimSuffix(at, ".:443")), "SECRET"), place.Dir(t.TempDir())); err != nil {
			t.Errorf("%s: %v", at, err)
		}
	}
}

// TestRedirectKeepsCredentials holds that a server to which a credential is
// bound cannot hand it on to another one.
func TestRedirectKeepsCredentials(t *testing.T) {
	var asked atomic.Int32
	stranger := on(t, "127.0.0.2:0", func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	own := server(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, stranger.URL, http.StatusTemporaryRedirect)
	})
	c, err := New(Config{URL: own.URL, TokenEnv: "SECRET"}, lookup, bound(own.URL, "SECRET"), place.Dir(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Get(t.Context(), "/", nil, func(io.Reader) error { return nil }); err == nil || asked.Load() > 0 {
		t.Errorf("%v; the stranger was asked %d times", err, asked.Load())
	}
}
