package component

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"
)

// FaultProxy is a reverse proxy in front of a real server. It forwards every
// request and counts it, but for those that meet an injected fault.
type FaultProxy struct {
	// URL is where the proxy listens: HTTPS where the target is, HTTP otherwise.
	URL string
	// CA is the authority of the proxy's certificate, as PEM.
	CA []byte

	tb        testing.TB
	authority *authority
	forward   *httputil.ReverseProxy
	transport *http.Transport
	server    *http.Server

	mu       sync.Mutex
	faults   []*placed
	requests []*Request
	cert     *tls.Certificate
	conns    map[net.Conn]bool
}

// placed is a fault with the requests that it meets.
type placed struct {
	pattern *regexp.Regexp
	fault   Fault
	met     int
}

// Proxy starts a proxy in front of a server. The TLS configuration is for the
// way from the proxy to an HTTPS target.
func Proxy(tb testing.TB, target *url.URL, upstream *tls.Config) *FaultProxy {
	tb.Helper()
	a, err := newAuthority()
	if err != nil {
		tb.Fatal(err)
	}
	return proxy(tb, target, upstream, a)
}

// Proxy starts a proxy in front of the API server, with a certificate of the
// same authority. A client certificate does not pass through it; tokens do.
func (c *Cluster) Proxy() *FaultProxy {
	c.tb.Helper()
	target, err := url.Parse(c.URL)
	if err != nil {
		c.tb.Fatal(err)
	}
	return proxy(c.tb, target, c.plane.authority.config(), c.plane.authority)
}

// Through is the same access, but through the proxy.
func (p *FaultProxy) Through(access Access) Access {
	p.tb.Helper()
	if access.Token == "" {
		p.tb.Fatal("only a token passes through a proxy")
	}
	return Access{URL: p.URL, CA: p.CA, Token: access.Token}
}

func proxy(tb testing.TB, target *url.URL, upstream *tls.Config, a *authority) *FaultProxy {
	tb.Helper()
	p := &FaultProxy{tb: tb, CA: a.pem, authority: a, conns: map[net.Conn]bool{}}
	p.transport = &http.Transport{TLSClientConfig: upstream, DisableCompression: true, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 32}
	silent := log.New(io.Discard, "", 0)
	p.forward = &httputil.ReverseProxy{
		Transport: p.transport, FlushInterval: -1, ErrorLog: silent,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			// The server names itself in answers as the client knows it.
			r.Out.Host = r.In.Host
			r.SetXForwarded()
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			if !errors.Is(err, context.Canceled) {
				http.Error(w, err.Error(), http.StatusBadGateway)
			}
		},
	}
	l, err := net.Listen("tcp", loopback+":0")
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.URL = target.Scheme + "://" + l.Addr().String()
	p.server = &http.Server{
		Handler: p, ErrorLog: silent, ConnState: p.connection, ReadHeaderTimeout: time.Minute,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if target.Scheme != "https" {
			_ = p.server.Serve(l)
			return
		}
		p.server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: p.certificate}
		_ = p.server.ServeTLS(l, "", "")
	}()
	p.CertificateFor()
	tb.Cleanup(func() {
		cancel()
		_ = p.server.Close()
		<-done
		p.transport.CloseIdleConnections()
	})
	return p
}

// Inject puts a fault on the requests whose "METHOD path" the regular expression
// matches. Of several, the one that was injected last and is not used up is met.
func (p *FaultProxy) Inject(pattern string, fault Fault) {
	p.tb.Helper()
	re, err := regexp.Compile(pattern)
	if err != nil {
		p.tb.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults = append(p.faults, &placed{pattern: re, fault: fault})
}

// CertificateFor lets the proxy show a certificate for other hosts than the one
// that it listens on, and ends the open connections. Without hosts it shows the
// right one again.
func (p *FaultProxy) CertificateFor(hosts ...string) {
	p.tb.Helper()
	certPEM, keyPEM, err := p.authority.server(hosts...)
	if err != nil {
		p.tb.Fatal(err)
	}
	cert, err := tls.X509KeyPair(certPEM, keyPEM)
	if err != nil {
		p.tb.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cert = &cert
	for c := range p.conns {
		_ = c.Close()
	}
}

// Clear ends all faults, a wrong certificate too.
func (p *FaultProxy) Clear() {
	p.tb.Helper()
	p.mu.Lock()
	p.faults = nil
	p.mu.Unlock()
	p.CertificateFor()
}

// Requests gives the requests since the start or the last Reset, in the order in
// which they came.
func (p *FaultProxy) Requests() []Request {
	p.mu.Lock()
	defer p.mu.Unlock()
	requests := make([]Request, 0, len(p.requests))
	for _, r := range p.requests {
		requests = append(requests, *r)
	}
	return requests
}

// Reset forgets the requests.
func (p *FaultProxy) Reset() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.requests = nil
}

// ServeHTTP forwards a request or injects the fault that it meets.
func (p *FaultProxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	fault := p.meet(r)
	request := &Request{Method: r.Method, Path: r.URL.Path, Query: r.URL.Query(), Fault: fault.Name}
	record := func(change func(*Request)) {
		p.mu.Lock()
		defer p.mu.Unlock()
		change(request)
	}
	p.mu.Lock()
	p.requests = append(p.requests, request)
	p.mu.Unlock()
	defer record(func(r *Request) { r.Took = time.Since(start) })
	counted := &counting{ResponseWriter: w, record: record}
	switch {
	case fault.instead != nil:
		fault.instead(counted, r)
	case fault.around != nil:
		writer := fault.around(counted, r)
		p.forward.ServeHTTP(writer, r)
		if kept, ok := writer.(*changing); ok {
			kept.finish()
		}
	default:
		p.forward.ServeHTTP(counted, r)
	}
}

// meet gives the fault for a request, the zero one if there is none.
func (p *FaultProxy) meet(r *http.Request) Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range slices.Backward(p.faults) {
		if (f.fault.Times == 0 || f.met < f.fault.after+f.fault.Times) && f.pattern.MatchString(r.Method+" "+r.URL.Path) &&
			(f.fault.when == nil || f.fault.when(r)) {
			if f.met++; f.met > f.fault.after {
				return f.fault
			}
		}
	}
	return Fault{}
}

func (p *FaultProxy) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cert, nil
}

// connection keeps the open connections.
func (p *FaultProxy) connection(c net.Conn, state http.ConnState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch state {
	case http.StateNew:
		p.conns[c] = true
	case http.StateClosed, http.StateHijacked:
		delete(p.conns, c)
	}
}
