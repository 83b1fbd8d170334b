package webapi

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/trust"
)

func TestValidate(t *testing.T) {
	const at = "https://h.example/prefix"
	for name, c := range map[string]struct {
		cfg  Config
		want string
	}{
		"least":            {Config{URL: at}, ""},
		"all":              {Config{URL: at, User: "u", PasswordEnv: "P", Headers: map[string]string{"X-Scope-OrgID": "a"}, HeadersEnv: map[string]string{"X-Key": "K"}, Timeout: 5, Link: "https://other/x"}, ""},
		"header to log in": {Config{URL: at, HeadersEnv: map[string]string{"Authorization": "K"}}, ""},
		"no url":           {Config{}, "the url is not one of http or https"},
		"no host":          {Config{URL: "https:///x"}, "the url is not one"},
		"a scheme":         {Config{URL: "ftp://h"}, "the url is not one"},
		"no url at all":    {Config{URL: "http://[" + secret}, "the url is not one"},
		"password":         {Config{URL: "https://u:" + secret + "@h"}, "holds a user or a password"},
		"query":            {Config{URL: at + "?token=" + secret}, "holds more than a host and a path"},
		"empty query":      {Config{URL: at + "?"}, "holds more than a host and a path"},
		"fragment":         {Config{URL: at + "#" + secret}, "holds more than a host and a path"},
		"link":             {Config{URL: at, Link: "h/x"}, "the link is not one of http or https"},
		"link's password":  {Config{URL: at, Link: "https://u:" + secret + "@h"}, "the link holds a user"},
		"two tokens":       {Config{URL: at, TokenEnv: "A", TokenFile: "b"}, "more than one way to log in"},
		"token and user":   {Config{URL: at, TokenFile: "b", User: "u"}, "more than one way to log in"},
		"token and header": {Config{URL: at, TokenEnv: "A", HeadersEnv: map[string]string{"authorization": "K"}}, "more than one way to log in"},
		"no user":          {Config{URL: at, PasswordEnv: "P"}, "a password and no user"},
		"colon":            {Config{URL: at, User: "a:b"}, "holds a colon"},
		"negative":         {Config{URL: at, Timeout: -1}, "timeout is a number"},
		"forever":          {Config{URL: at, Timeout: 1 << 40}, "timeout is a number"},
		"header's name":    {Config{URL: at, Headers: map[string]string{"a b": "c"}}, "the name of a header"},
		"no name":          {Config{URL: at, HeadersEnv: map[string]string{"": "c"}}, "the name of a header"},
		"header's value":   {Config{URL: at, Headers: map[string]string{"a": "b\nc: " + secret}}, "holds a line break"},
		"written down":     {Config{URL: at, Headers: map[string]string{"cookie": secret}}, "is secret, and is written down"},
		"host":             {Config{URL: at, Headers: map[string]string{"Host": "x"}}, "belongs to the connection"},
		"twice":            {Config{URL: at, Headers: map[string]string{"x-a": "1"}, HeadersEnv: map[string]string{"X-A": "V"}}, "is there twice"},
	} {
		t.Run(name, func(t *testing.T) {
			err := c.cfg.Validate()
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if what := configFault(t, err, parity.CodeConfig); !strings.Contains(what, c.want) {
				t.Errorf("%q, want %q", what, c.want)
			}
			if _, err := New(c.cfg, lookup, trust.Allowed{}, nil); err == nil {
				t.Error("a client is made of it")
			}
		})
	}
}

// TestCredentials holds what is sent for each way to log in.
func TestCredentials(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"token": " abc \n", "empty": "\n", "two": "a\nb", "pem": "no certificate"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	vars := map[string]string{"T": " tok ", "P": "p:w", "H": "tenant", "EMPTY": " ", "LINES": "a\n" + secret}
	var got http.Header
	s := server(t, func(w http.ResponseWriter, r *http.Request) { got = r.Header.Clone(); _, _ = w.Write([]byte("{}")) })
	connect := func(cfg Config) (*Client, error) {
		cfg.URL = s.URL
		allow := bound(cfg.URL, "T", "P", "H", "NONE", "EMPTY", "LINES", trust.OfFile(filepath.Join(dir, "token")), trust.OfFile(filepath.Join(dir, "empty")), trust.OfFile(filepath.Join(dir, "two")))
		return New(cfg, func(n string) (string, bool) { v, ok := vars[n]; return v, ok }, allow, place.Dir(dir))
	}
	for name, c := range map[string]struct {
		cfg          Config
		header, want string
	}{
		"none":         {Config{}, "Authorization", ""},
		"form":         {Config{}, "Accept", "application/json"},
		"variable":     {Config{TokenEnv: "T"}, "Authorization", "Bearer tok"},
		"file":         {Config{TokenFile: "token"}, "Authorization", "Bearer abc"},
		"user":         {Config{User: "u", PasswordEnv: "P"}, "Authorization", "Basic dTpwOnc="},
		"user alone":   {Config{User: "u"}, "Authorization", "Basic dTo="},
		"tenant":       {Config{Headers: map[string]string{"X-Scope-OrgID": "a|b"}}, "X-Scope-Orgid", "a|b"},
		"secret":       {Config{HeadersEnv: map[string]string{"X-Key": "H"}}, "X-Key", "tenant"},
		"another form": {Config{Headers: map[string]string{"accept": "text/x"}}, "Accept", "text/x"},
	} {
		t.Run(name, func(t *testing.T) {
			client, err := connect(c.cfg)
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			if err := client.Get(t.Context(), "/", nil, object); err != nil || got.Get(c.header) != c.want {
				t.Errorf("%s: %q, want %q; %v", c.header, got.Get(c.header), c.want, err)
			}
		})
	}
	for name, c := range map[string]struct {
		cfg  Config
		want string
	}{
		"not set":       {Config{TokenEnv: "NONE"}, "NONE is not set"},
		"blank":         {Config{TokenEnv: "EMPTY"}, "EMPTY is not set"},
		"lines":         {Config{TokenEnv: "LINES"}, "LINES holds a line break"},
		"password":      {Config{User: "u", PasswordEnv: "NONE"}, "NONE is not set"},
		"header":        {Config{HeadersEnv: map[string]string{"X-Key": "NONE"}}, "NONE is not set"},
		"empty file":    {Config{TokenFile: "empty"}, "the file holds no token"},
		"file of lines": {Config{TokenFile: "two"}, "the file holds no token"},
		"authorities":   {Config{Authorities: "pem"}, "the file holds no certificates"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := connect(c.cfg)
			if what := configFault(t, err, parity.CodeUnavailable); !strings.Contains(what, c.want) {
				t.Errorf("%q, want %q", what, c.want)
			}
		})
	}
	for _, cfg := range []Config{{TokenFile: "gone"}, {Authorities: "gone"}} {
		if _, err := connect(cfg); err == nil {
			t.Errorf("%+v: the file is not there", cfg)
		}
	}
}
