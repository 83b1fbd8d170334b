package oci

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/place"
)

// reader reads the images of one source.
type reader struct {
	in          collector.Input
	cfg         Config
	platform    string
	timeout     time.Duration
	concurrency int
	attached    bool
	transport   *http.Transport
	guarded     *guard
	keys        *keychain
}

func newReader(ctx context.Context, in collector.Input, cfg Config) (*reader, error) {
	r := &reader{
		in: in, cfg: cfg, platform: cmp.Or(cfg.Platform, defaultPlatform),
		timeout: defaultTimeout, concurrency: defaultConcurrency, attached: cfg.Attached == nil || *cfg.Attached,
		keys: newKeychain(in.Lookup),
	}
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if cfg.Timeout > 0 {
		r.timeout = time.Duration(cfg.Timeout) * time.Second
	}
	if cfg.Concurrency > 0 {
		r.concurrency = cfg.Concurrency
	}
	settings := &tls.Config{MinVersion: tls.VersionTLS12}
	if cfg.Authorities != "" {
		pool, err := authorities(ctx, in, cfg.Authorities)
		if err != nil {
			return nil, err
		}
		settings.RootCAs = pool
	}
	r.transport = &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: r.timeout}).DialContext,
		TLSClientConfig:     settings,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: r.concurrency,
		IdleConnTimeout:     min(r.timeout, idleTimeout),
		TLSHandshakeTimeout: r.timeout,
	}
	r.guarded = newGuard(r.transport, cfg.Insecure)
	return r, nil
}

// idleTimeout ends a connection that nobody uses: one that is dialed while another
// request ends may become idle after close.
const idleTimeout = 2 * time.Second

// close waits for requests that nobody waits for any more, as a registry may be
// asked in two ways at once, and ends all connections.
func (r *reader) close() {
	r.guarded.close()
	r.transport.CloseIdleConnections()
}

// certificateBytes is the most that a file of certificates may hold.
const certificateBytes = 4 << 20

// authorities reads certificates to trust besides the system's.
func authorities(ctx context.Context, in collector.Input, path string) (*x509.CertPool, error) {
	wrong := func(where, what string, err error) error {
		return &parity.Error{Code: parity.CodeConfig, Where: where, What: what, Hint: "name a file of PEM certificates", Err: err}
	}
	p, err := place.UserFile(in.Root, path)
	if err != nil {
		return nil, wrong(path, "the certificate authorities cannot be read", err)
	}
	f, err := p.FS.Open(p.Path)
	if err != nil {
		var at *fs.PathError
		if errors.As(err, &at) {
			err = at.Err
		}
		return nil, wrong(p.Show(), "the certificate authorities cannot be read", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, certificateBytes))
	if err != nil || ctx.Err() != nil {
		return nil, wrong(p.Show(), "the certificate authorities cannot be read", cmp.Or(ctx.Err(), err))
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	if !pool.AppendCertsFromPEM(data) {
		return nil, wrong(p.Show(), "the file holds no certificate", nil)
	}
	return pool, nil
}

// reference parses a reference; the registries that need no TLS are known by
// their hosts.
func (r *reader) reference(ref string) (name.Reference, error) {
	var opts []name.Option
	host, _, ok := strings.Cut(ref, "/")
	if ok && (plainHost(host) || slices.Contains(r.cfg.Insecure, host)) {
		opts = append(opts, name.Insecure)
	}
	return name.ParseReference(ref, opts...)
}

// puller makes what one image is read with. Each image has its own, so that
// what one runs into is not another's.
func (r *reader) puller() (*remote.Puller, error) {
	return remote.NewPuller(
		remote.WithTransport(r.guarded),
		remote.WithAuthFromKeychain(r.keys),
		remote.WithUserAgent("parity"),
		remote.WithRetryBackoff(remote.Backoff{Duration: 200 * time.Millisecond, Factor: 3, Jitter: 0.1, Steps: 3}),
	)
}

// guard keeps what goes over the wire within bounds: no plain HTTP where
// nobody allowed it, and no endless answer.
type guard struct {
	next     http.RoundTripper
	insecure []string
	mu       sync.Mutex
	// refused are hosts whose certificate is not accepted: what follows without
	// TLS is no answer either.
	refused map[string]error
	// closed is set when no request may begin any more; running are those that
	// have begun.
	closed  bool
	running sync.WaitGroup
	// requests and left count what all images take together.
	requests, left atomic.Int64
}

func newGuard(next http.RoundTripper, insecure []string) *guard {
	g := &guard{next: next, insecure: insecure}
	g.left.Store(sourceBytes)
	return g
}

var (
	errPlain = errors.New("it may only be spoken to without TLS")
	errLarge = errors.New("its answer is larger than is read")
	errEnded = errors.New("the reading has ended")
	errAll   = errors.New("the source has taken all that one may")
)

// The most bytes of one answer: of a manifest or list, and of anything else.
const (
	manifestBytes = 8 << 20
	blobBytes     = 64 << 20
	// sourceRequests and sourceBytes bound what one source takes in all.
	sourceRequests = 200_000
	sourceBytes    = 16 << 30
)

// RoundTrip implements http.RoundTripper.
func (g *guard) RoundTrip(req *http.Request) (*http.Response, error) {
	if !g.begin() {
		return nil, errEnded
	}
	defer g.running.Done()
	if g.requests.Add(1) > sourceRequests {
		return nil, errAll
	}
	if req.URL.Scheme != "https" && !plainHost(req.URL.Host) && !slices.Contains(g.insecure, req.URL.Host) && !slices.Contains(g.insecure, req.URL.Hostname()) {
		return nil, errPlain
	}
	if err := g.refusal(req.URL.Host); err != nil && req.URL.Scheme != "https" {
		return nil, err
	}
	res, err := g.next.RoundTrip(req)
	if err != nil {
		if f, ok := certificate(err, req.URL.Host); ok && !f.noTLS {
			g.refuse(req.URL.Host, err)
		}
		return nil, err
	}
	limit := int64(blobBytes)
	for _, part := range []string{"/manifests/", "/referrers/", "/tags/"} {
		if strings.Contains(req.URL.Path, part) {
			limit = manifestBytes
		}
	}
	res.Body = &bounded{ReadCloser: res.Body, left: limit, all: &g.left}
	return res, nil
}

// begin counts a request, unless none may begin.
func (g *guard) begin() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.closed {
		g.running.Add(1)
	}
	return !g.closed
}

// close lets no request begin and waits for those that have. Their contexts are
// done by then.
func (g *guard) close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.running.Wait()
}

func (g *guard) refusal(host string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.refused[host]
}

func (g *guard) refuse(host string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.refused == nil {
		g.refused = map[string]error{}
	}
	g.refused[host] = err
}

// plainHost reports whether a host, with or without a port, is this machine.
func plainHost(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.IsLoopback()
}

// bounded fails where more is read than was allowed.
type bounded struct {
	io.ReadCloser
	left int64
	all  *atomic.Int64
}

// Read implements io.Reader.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errLarge
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	if b.all.Add(-int64(n)) < 0 {
		return n, errAll
	}
	if b.left -= int64(n); b.left < 0 {
		return n, errLarge
	}
	return n, err
}
