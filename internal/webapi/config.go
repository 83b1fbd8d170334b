package webapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/envparity/parity"
)

// Config says how a server is reached. Collectors take it into their own config
// with `yaml:",inline"`.
type Config struct {
	URL         string            `yaml:"url" required:"true" doc:"Base URL of the server, with a path prefix if it has one; without user and password."`
	TokenEnv    string            `yaml:"tokenEnv" doc:"Environment variable with a bearer token; sent only to a host that it is bound to, see parity allow."`
	TokenFile   string            `yaml:"tokenFile" doc:"File with a bearer token, relative to the project; sent only to a host that file: and its absolute path are bound to."`
	User        string            `yaml:"user" doc:"User of basic authentication."`
	PasswordEnv string            `yaml:"passwordEnv" doc:"Environment variable with the password of basic authentication; bound like tokenEnv."`
	Headers     map[string]string `yaml:"headers" doc:"Headers to send, such as X-Scope-OrgID: tenant; nothing secret, see headersEnv."`
	HeadersEnv  map[string]string `yaml:"headersEnv" doc:"Headers whose values are in environment variables: header to variable; bound like tokenEnv."`
	Authorities string            `yaml:"certificateAuthorities" doc:"File of PEM certificates that are trusted besides the system's, relative to the project."`
	Timeout     int               `yaml:"timeout" min:"0" doc:"Most seconds that one request may take; 30 if left out."`
	Link        string            `yaml:"link" doc:"URL under which people reach the server, for links in reports; url if left out."`
}

// maxTimeout is the longest that one request may be given, in seconds.
const maxTimeout = 3600

// Validate says what is wrong with a config.
func (c *Config) Validate() error {
	if err := address("url", c.URL); err != nil {
		return err
	}
	if c.Link != "" {
		if err := address("link", c.Link); err != nil {
			return err
		}
	}
	switch {
	case c.TokenEnv != "" && c.TokenFile != "", (c.TokenEnv != "" || c.TokenFile != "") && c.User != "":
		return wrong("the source names more than one way to log in", "keep one of tokenEnv, tokenFile and user")
	case c.PasswordEnv != "" && c.User == "":
		return wrong("the source names a password and no user", "name the user under user")
	case strings.Contains(c.User, ":"):
		return wrong("the user holds a colon, which basic authentication cannot say", "a header can be given under headersEnv")
	case c.Timeout < 0 || c.Timeout > maxTimeout:
		return wrong("timeout is a number of seconds from 1 to 3600", "leave it out for 30")
	}
	return c.validateHeaders()
}

// address checks a URL that shows in reports, and so must hold nothing secret.
func address(key, text string) error {
	u, err := url.Parse(text)
	switch {
	case err != nil, u.Host == "", u.Scheme != "http" && u.Scheme != "https":
		return wrong("the "+key+" is not one of http or https", "write it as https://host:port/prefix")
	case u.User != nil:
		return wrong("the "+key+" holds a user or a password", "name the user under user and its password's variable under passwordEnv")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return wrong("the "+key+" holds more than a host and a path", "leave out what begins with ? or #")
	}
	return nil
}

// validateHeaders checks the names of all headers, and the values of those that
// are written down.
func (c *Config) validateHeaders() error {
	seen := map[string]bool{}
	login := c.TokenEnv != "" || c.TokenFile != "" || c.User != ""
	for _, set := range []map[string]string{c.Headers, c.HeadersEnv} {
		for name := range set {
			canon := http.CanonicalHeaderKey(name)
			switch {
			case !isToken(name):
				return wrong("the name of a header holds what such names cannot", "write it as X-Scope-OrgID")
			case canon == "Host" || canon == "Content-Length" || canon == "Transfer-Encoding" || canon == "Connection":
				return wrong("the header "+canon+" belongs to the connection and cannot be set", "leave it out")
			case canon == "Authorization" && login:
				return wrong("the source names more than one way to log in", "keep one of headersEnv, tokenEnv, tokenFile and user")
			case seen[canon]:
				return wrong("the header "+canon+" is there twice", "keep one")
			}
			seen[canon] = true
		}
	}
	for name, v := range c.Headers {
		switch canon := http.CanonicalHeaderKey(name); {
		case slices.Contains([]string{"Authorization", "Cookie", "Proxy-Authorization"}, canon):
			return wrong("the header "+canon+" is secret, and is written down", "name a variable with it under headersEnv, or see tokenEnv")
		case !printable(v):
			return wrong("the value of the header "+canon+" holds a line break or another control character", "write it on one line")
		}
	}
	return nil
}

// wrong makes the error of a config.
func wrong(what, hint string) error {
	return &parity.Error{Code: parity.CodeConfig, What: what, Hint: hint}
}

// isToken reports whether a text may name a header.
func isToken(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(`"(),/:;<=>?@[\]{}`, c) >= 0 {
			return false
		}
	}
	return s != ""
}

// printable reports whether a text may be the value of a header.
func printable(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' && c != '\t' || c == 0x7f {
			return false
		}
	}
	return true
}

// patienceOf is how long one request may take.
func (c *Config) patienceOf() time.Duration {
	if c.Timeout > 0 {
		return time.Duration(c.Timeout) * time.Second
	}
	return defaultTimeout
}
