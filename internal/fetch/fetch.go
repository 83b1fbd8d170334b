// Package fetch gets charts that a repository names and does not hold, and keeps
// them. Only what one version of one repository names is got, over TLS, without
// any credential, and checked by its digest.
package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/envparity/parity/internal/trust"
)

// Bounds of what is fetched.
const (
	maxChart  = 32 << 20
	maxIndex  = 128 << 20
	patience  = 2 * time.Minute
	maxCharts = 500
)

// chart names one version of a chart.
type chart struct {
	repository, name, version string
}

// key identifies the chart in the cache.
func (c chart) key() string {
	sum := sha256.Sum256([]byte(c.repository + "\x00" + c.name + "\x00" + c.version))
	return hex.EncodeToString(sum[:])
}

// Fetcher gets charts. It may be used by several goroutines; each chart is got
// once.
type Fetcher struct {
	cache     cache
	transport http.RoundTripper
	mu        sync.Mutex
	got       map[chart]*outcome
	// indexes are those of repositories, by address.
	indexes map[string]*index
}

type outcome struct {
	once sync.Once
	data []byte
	err  error
}

// New makes a fetcher that keeps what it gets in a directory.
func New(dir string) *Fetcher {
	return &Fetcher{
		cache: cache{dir: dir}, got: map[chart]*outcome{}, indexes: map[string]*index{},
		transport: &http.Transport{
			Proxy: http.ProxyFromEnvironment, DialContext: (&net.Dialer{Timeout: 20 * time.Second}).DialContext,
			TLSHandshakeTimeout: 20 * time.Second, ResponseHeaderTimeout: time.Minute, ForceAttemptHTTP2: true, DisableKeepAlives: true,
		},
	}
}

// Chart returns a packed chart. repository is the address of a chart repository,
// or of an OCI registry with the path above the chart. Its error says why there
// is none, and quotes nothing that was read.
func (f *Fetcher) Chart(ctx context.Context, repository, name, version string) ([]byte, error) {
	c := chart{repository, name, version}
	f.mu.Lock()
	o := f.got[c]
	if o == nil {
		if len(f.got) >= maxCharts {
			f.mu.Unlock()
			return nil, fmt.Errorf("more than %d charts would be fetched", maxCharts)
		}
		o = &outcome{}
		f.got[c] = o
	}
	f.mu.Unlock()
	o.once.Do(func() {
		ctx, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		o.data, o.err = f.chart(ctx, c)
	})
	return o.data, o.err
}

func (f *Fetcher) chart(ctx context.Context, c chart) ([]byte, error) {
	if data, ok := f.cache.get(c); ok {
		return data, nil
	}
	u, err := address(c.repository)
	if err != nil {
		return nil, err
	}
	var data []byte
	if u.Scheme == "oci" {
		data, err = f.fromRegistry(ctx, u, c)
	} else {
		data, err = f.fromRepository(ctx, u, c)
	}
	if err != nil {
		return nil, err
	}
	return data, f.cache.put(c, data)
}

var (
	errAddress = errors.New("the repository has no address that charts are fetched from: it is neither https:// nor oci://")
	errPlain   = errors.New("the connection would not be encrypted")
	errUser    = errors.New("the address of the repository holds a credential")
)

// address reads the address of a repository.
func address(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "":
		return nil, errAddress
	case u.User != nil:
		return nil, errUser
	case u.Scheme == "oci" || u.Scheme == "https" || u.Scheme == "http" && trust.Loopback(u.Hostname()):
		return u, nil
	case u.Scheme == "http":
		return nil, errPlain
	}
	return nil, errAddress
}

// through returns the way to a repository: over encrypted connections. A
// repository of this machine may be asked over plain ones, of this machine as
// well; no other repository leads there.
func (f *Fetcher) through(repository *url.URL) http.RoundTripper {
	return &guarded{next: f.transport, plain: trust.Loopback(repository.Hostname())}
}

// guarded lets through what it says, and bounds what is answered. Redirections
// pass it as well.
type guarded struct {
	next  http.RoundTripper
	plain bool
}

// RoundTrip implements http.RoundTripper.
func (g *guarded) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" && !(g.plain && r.URL.Scheme == "http" && trust.Loopback(r.URL.Hostname())) {
		return nil, errPlain
	}
	answer, err := g.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	answer.Body = &boundedBody{body: answer.Body, left: maxIndex}
	return answer, nil
}

type boundedBody struct {
	body io.ReadCloser
	left int64
}

var errTooLarge = errors.New("what is answered is too large")

// Read implements io.Reader.
func (b *boundedBody) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	n, err := b.body.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	return n, err
}

// Close implements io.Closer.
func (b *boundedBody) Close() error { return b.body.Close() }

// failed says in words of our own why a request failed: its error quotes the
// address, which may hold anything.
func failed(ctx context.Context, what string, err error) error {
	for _, known := range []error{errPlain, errTooLarge} {
		if errors.Is(err, known) {
			return fmt.Errorf("%s: %w", what, known)
		}
	}
	var timeout net.Error
	if ctx.Err() != nil || errors.As(err, &timeout) && timeout.Timeout() {
		return errors.New(what + ": it took too long")
	}
	return errors.New(what + ": the server cannot be reached, or does not answer as it should")
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func trimDigest(text string) string { return strings.ToLower(strings.TrimPrefix(text, "sha256:")) }
