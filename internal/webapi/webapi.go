// Package webapi reads HTTP APIs that answer questions: with authorisation,
// patience and bounds, and with failures in words that hold nothing of what was
// sent or answered.
package webapi

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
)

// Config says how a server is reached. Collectors take it into their own config
// with `yaml:",inline"`.
type Config struct {
	URL         string            `yaml:"url" required:"true" doc:"Base URL of the server, with a path prefix if it has one; without user and password."`
	TokenEnv    string            `yaml:"tokenEnv" doc:"Environment variable with a bearer token."`
	TokenFile   string            `yaml:"tokenFile" doc:"File with a bearer token, relative to the project."`
	User        string            `yaml:"user" doc:"User of basic authentication."`
	PasswordEnv string            `yaml:"passwordEnv" doc:"Environment variable with the password of basic authentication."`
	Headers     map[string]string `yaml:"headers" doc:"Headers to send, such as X-Scope-OrgID: tenant; nothing secret, see headersEnv."`
	HeadersEnv  map[string]string `yaml:"headersEnv" doc:"Headers whose values are in environment variables: header to variable."`
	Authorities string            `yaml:"certificateAuthorities" doc:"File of PEM certificates that are trusted besides the system's, relative to the project."`
	Timeout     int               `yaml:"timeout" min:"0" doc:"Most seconds that one request may take; 30 if left out."`
	Link        string            `yaml:"link" doc:"URL under which people reach the server, for links in reports; url if left out."`
}

// Validate says what is wrong with a config.
func (c *Config) Validate() error {
	u, err := url.Parse(c.URL)
	switch {
	case err != nil, u.Host == "", u.Scheme != "http" && u.Scheme != "https":
		return &parity.Error{Code: parity.CodeConfig, What: "the url is not one of http or https", Hint: "write it as https://host:port/prefix"}
	case u.User != nil:
		return &parity.Error{Code: parity.CodeConfig, What: "the url holds a user or a password", Hint: "name the user under user and its password's variable under passwordEnv"}
	case c.TokenEnv != "" && c.TokenFile != "", (c.TokenEnv != "" || c.TokenFile != "") && c.User != "":
		return &parity.Error{Code: parity.CodeConfig, What: "the source names more than one way to log in", Hint: "keep one of tokenEnv, tokenFile and user"}
	case c.Timeout < 0:
		return &parity.Error{Code: parity.CodeConfig, What: "timeout is a number of seconds from 1", Hint: "leave it out for 30"}
	}
	return nil
}

// The bounds of a client.
const (
	defaultTimeout = 30 * time.Second
	// attempts are made of one request where the server is only busy.
	attempts = 4
	// patience is the longest that a client waits before it asks again.
	patience = 10 * time.Second
	// DefaultAnswerBytes is the largest answer that is read where nothing else
	// is said.
	DefaultAnswerBytes = 256 << 20
)

// Client asks one server. It is safe for concurrent use.
type Client struct {
	// AnswerBytes is the largest answer that is read, in bytes after
	// decompression.
	AnswerBytes int64

	base     *url.URL
	link     string
	headers  http.Header
	http     *http.Client
	timeout  time.Duration
	requests atomic.Int64
}

// New makes a client. lookup reads a variable of the environment, root the
// files that the config names. An error is of the config, or of a file or
// variable that is not there.
func New(cfg Config, lookup func(string) (string, bool), root place.Root) (*Client, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	base, err := url.Parse(strings.TrimSuffix(cfg.URL, "/"))
	if err != nil {
		return nil, &parity.Error{Code: parity.CodeConfig, What: "the url is not valid"}
	}
	c := &Client{AnswerBytes: DefaultAnswerBytes, base: base, link: strings.TrimSuffix(cfg.Link, "/"), timeout: defaultTimeout}
	if cfg.Timeout > 0 {
		c.timeout = time.Duration(cfg.Timeout) * time.Second
	}
	if c.headers, err = headers(cfg, lookup, root); err != nil {
		return nil, err
	}
	settings, err := tlsSettings(cfg.Authorities, root)
	if err != nil {
		return nil, err
	}
	c.http = &http.Client{
		Transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: c.timeout}).DialContext,
			TLSClientConfig: settings, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 8,
			IdleConnTimeout: c.timeout, TLSHandshakeTimeout: c.timeout,
		},
		// A redirect to another host would carry the token there.
		CheckRedirect: func(next *http.Request, via []*http.Request) error {
			if next.URL.Host != via[0].URL.Host || len(via) > 3 {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}
	return c, nil
}

// Close ends all connections. It may be called twice.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Host names the server in gaps.
func (c *Client) Host() string { return c.base.Host }

// Base is the URL that facts' origins name.
func (c *Client) Base() string { return c.base.String() }

// Link gives the address under which a person sees a page of the server.
func (c *Client) Link(path string, query url.Values) string {
	base := c.link
	if base == "" {
		base = c.base.String()
	}
	if len(query) == 0 {
		return base + path
	}
	return base + path + "?" + query.Encode()
}

// Requests is how many requests were sent.
func (c *Client) Requests() int { return int(c.requests.Load()) }

// Get asks and hands the answer to read, which need not read all of it.
func (c *Client) Get(ctx context.Context, path string, query url.Values, read func(io.Reader) error) error {
	target := c.base.String() + path
	if len(query) > 0 {
		target += "?" + query.Encode()
	}
	return c.ask(ctx, http.MethodGet, target, "", read)
}

// Post asks with a form, for questions too long for a URL. It must only be used
// where that changes nothing on the server.
func (c *Client) Post(ctx context.Context, path string, form url.Values, read func(io.Reader) error) error {
	return c.ask(ctx, http.MethodPost, c.base.String()+path, form.Encode(), read)
}

func (c *Client) ask(ctx context.Context, method, target, body string, read func(io.Reader) error) error {
	for try := 1; ; try++ {
		wait, err := c.once(ctx, method, target, body, read)
		if err == nil || wait < 0 || try == attempts || ctx.Err() != nil {
			return err
		}
		select {
		case <-time.After(min(wait<<(try-1), patience)):
		case <-ctx.Done():
			return err
		}
	}
}

// once asks once. wait is how long to wait before another try; negative where
// there is no use in one.
func (c *Client) once(ctx context.Context, method, target, body string, read func(io.Reader) error) (wait time.Duration, err error) {
	within, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(within, method, target, strings.NewReader(body))
	if err != nil {
		return -1, &Failure{What: "the request to " + c.Host() + " cannot be made"}
	}
	request.Header = c.headers.Clone()
	if body != "" {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	c.requests.Add(1)
	answer, err := c.http.Do(request)
	if err != nil {
		return -1, c.failed(within, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)) // so that the connection can be used again
		return retryAfter(answer), c.answered(answer.StatusCode)
	}
	bounded := &boundedReader{r: answer.Body, left: c.AnswerBytes}
	if err := read(bounded); err != nil {
		return -1, c.unread(within, bounded, err)
	}
	return 0, nil
}

// boundedReader fails where there is more than is read, and keeps the first
// failure of the connection.
type boundedReader struct {
	r    io.Reader
	left int64
	err  error
}

var errLarge = fmt.Errorf("the answer is larger than is read")

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left <= 0 {
		b.err = errLarge
		return 0, errLarge
	}
	if int64(len(p)) > b.left {
		p = p[:b.left]
	}
	n, err := b.r.Read(p)
	b.left -= int64(n)
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}
