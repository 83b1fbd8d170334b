package webapi

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/trust"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// secret stands wherever a secret may be: no error may hold it.
const secret = "hunter2MARKER9x"

// server is one that runs until the test ends.
func server(tb testing.TB, h http.HandlerFunc) *httptest.Server {
	tb.Helper()
	s := httptest.NewServer(h)
	tb.Cleanup(s.Close)
	return s
}

// lookup is an environment of one variable with a secret.
func lookup(name string) (string, bool) {
	return secret, name == "SECRET"
}

// bound binds credentials to the host of a URL.
func bound(at string, credentials ...string) trust.Allowed {
	u, err := url.Parse(at)
	if err != nil {
		return trust.Allowed{}
	}
	var all []trust.Binding
	for _, c := range credentials {
		all = append(all, trust.Binding{Credential: c, Host: u.Host})
	}
	return trust.Allow(all...)
}

// client is one that sends a secret in every way that it can.
func client(tb testing.TB, cfg Config) *Client {
	tb.Helper()
	if cfg.TokenEnv == "" && cfg.User == "" && cfg.TokenFile == "" {
		cfg.TokenEnv = "SECRET"
	}
	if cfg.HeadersEnv == nil {
		cfg.HeadersEnv = map[string]string{"X-Key": "SECRET"}
	}
	c, err := New(cfg, lookup, bound(cfg.URL, "SECRET"), place.Dir(tb.TempDir()))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(c.Close)
	return c
}

// object reads an answer that is an object.
func object(r io.Reader) error {
	d := json.NewDecoder(r)
	return EachField(d, func(string) error { return SkipValue(d) })
}

// failure checks that an error is a Failure of safe words, and gives it.
func failure(tb testing.TB, err error) *Failure {
	tb.Helper()
	var f *Failure
	if !errors.As(err, &f) {
		tb.Fatalf("%v (%T) is no failure", err, err)
	}
	for _, text := range []string{f.What, f.Hint, err.Error()} {
		if strings.Contains(text, secret) {
			tb.Errorf("the words hold a secret: %s", text)
		}
	}
	if f.What == "" || strings.HasSuffix(f.What, ".") || strings.Contains(f.What, "\n") {
		tb.Errorf("%q is no sentence without a full stop", f.What)
	}
	return f
}

// configFault checks that an error is one of the config, and gives its words.
func configFault(tb testing.TB, err error, code parity.Code) string {
	tb.Helper()
	var e *parity.Error
	if !errors.As(err, &e) {
		tb.Fatalf("%v (%T) is no error of Parity", err, err)
	}
	if e.Code != code || e.Hint == "" || strings.Contains(err.Error()+e.Hint, secret) {
		tb.Errorf("%+v", e)
	}
	return e.What
}
