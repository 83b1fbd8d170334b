// Package webapi reads HTTP APIs that answer questions: with authorisation,
// patience and bounds, and with failures in words that hold nothing of what was
// sent or answered.
package webapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/trust"
)

// The bounds of a client.
const (
	defaultTimeout = 30 * time.Second
	// attempts are made of one request where the server is only busy.
	attempts = 4
	// firstWait is how long a client waits before it asks again where the server
	// does not say; each further wait is twice as long.
	firstWait = 250 * time.Millisecond
	// patience is the longest that a client waits because the server says so.
	patience = 10 * time.Second
	// maxRedirects are followed of one request.
	maxRedirects = 3
	// DefaultAnswerBytes is the largest answer that is read where nothing else
	// is said.
	DefaultAnswerBytes = 256 << 20
	// maxRequests and maxBytes bound what one client asks for, and is answered,
	// in all.
	maxRequests = 100_000
	maxBytes    = 16 << 30
)

// Client asks one server. It is safe for concurrent use.
type Client struct {
	// AnswerBytes is the largest answer that is read, in bytes after
	// decompression.
	AnswerBytes int64

	// maxRequests and left bound all requests and the bytes of all answers.
	maxRequests int64
	left        atomic.Int64

	base     *url.URL
	link     string
	headers  http.Header
	http     *http.Client
	timeout  time.Duration
	requests atomic.Int64
	// busy is set while the last question that was asked to the end of patience
	// had no answer. Then the next are asked once, so that patience is not spent
	// on each of hundreds.
	busy atomic.Bool
}

// New makes a client. lookup reads a variable of the environment, root the
// files that the config names, and allow says which of them may be sent to the
// server. An error is of the config, of a file or variable that is not there, or
// of one that may not be sent.
func New(cfg Config, lookup func(string) (string, bool), allow trust.Allowed, root place.Root) (*Client, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	base, err := url.Parse(strings.TrimRight(cfg.URL, "/"))
	if err != nil {
		return nil, wrong("the url is not valid", "write it as https://host:port/prefix")
	}
	c := &Client{AnswerBytes: DefaultAnswerBytes, maxRequests: maxRequests, base: base, link: strings.TrimSuffix(cfg.Link, "/"), timeout: cfg.patienceOf()}
	c.left.Store(maxBytes)
	if c.headers, err = headers(cfg, credentials{base, lookup, allow, root}); err != nil {
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
		CheckRedirect: follow,
	}
	return c, nil
}

// follow follows a redirect unless it would carry the token to another host, or
// out of encryption.
func follow(next *http.Request, via []*http.Request) error {
	from := via[0].URL
	if next.URL.Host != from.Host || next.URL.Scheme != from.Scheme || len(via) > maxRedirects {
		return http.ErrUseLastResponse
	}
	return nil
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

// ask asks until there is an answer, or no use in asking. Where the caller's
// context ends, its error is given.
func (c *Client) ask(ctx context.Context, method, target, body string, read func(io.Reader) error) error {
	waited := time.Duration(0)
	for try := 1; ; try++ {
		wait, err := c.once(ctx, method, target, body, read)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			c.busy.Store(false)
			return nil
		case wait < 0:
			return err
		case try == attempts || c.busy.Load():
			c.busy.Store(true)
			return err
		}
		if wait == 0 {
			wait = firstWait << (try - 1)
		}
		// A question takes no longer than it may because the server asks for
		// patience, a little at a time.
		if waited += wait; waited > c.timeout {
			c.busy.Store(true)
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// once asks once. wait is how long to wait before another try; negative where
// there is no use in one, and 0 where the server does not say.
func (c *Client) once(ctx context.Context, method, target, body string, read func(io.Reader) error) (wait time.Duration, err error) {
	within, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(within, method, target, strings.NewReader(body))
	if err != nil {
		return -1, &Failure{What: "the request to " + c.Host() + " cannot be made"}
	}
	request.Header = c.headers.Clone()
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		// It is not sent. It lets the request be made again where the server has
		// just closed the connection that was kept.
		request.Header["Idempotency-Key"] = nil
	}
	if c.requests.Add(1) > c.maxRequests {
		return -1, c.tooMany(fmt.Sprintf("%d requests", c.maxRequests))
	}
	answer, err := c.http.Do(request)
	if err != nil {
		return -1, c.failed(within, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10)) // so that the connection can be used again
		return retryAfter(answer), c.answered(answer.StatusCode)
	}
	bounded := &boundedReader{r: answer.Body, left: c.AnswerBytes, all: &c.left}
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
	all  *atomic.Int64 // what is left of all answers
	err  error
}

var (
	errLarge = errors.New("the answer is larger than is read")
	errAll   = errors.New("the answers are larger than is read")
)

// Read reads one byte more than the bound, to tell an answer of just that size
// from a larger one.
func (b *boundedReader) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if int64(n) > b.left {
		n, err = int(b.left), errLarge
	}
	b.left -= int64(n)
	if b.all.Add(-int64(n)) < 0 {
		err = errAll
	}
	if err != nil && err != io.EOF {
		b.err = err
	}
	return n, err
}
