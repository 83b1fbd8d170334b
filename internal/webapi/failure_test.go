package webapi

import (
	"compress/gzip"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/envparity/parity/internal/place"
)

// TestStatuses holds what each status is told as, and that nothing of what is
// sent or answered is told.
func TestStatuses(t *testing.T) {
	for status, want := range map[int]struct {
		what string
		hint bool
		late bool
	}{
		201: {"answers with status 201", false, false},
		204: {"answers with status 204", false, false},
		304: {"points elsewhere (304)", true, false},
		400: {"does not understand the question (400)", false, false},
		401: {"wants credentials, or refuses those there are (401)", true, false},
		403: {"does not allow to read this (403)", true, false},
		404: {"knows no such address (404)", true, false},
		405: {"answers with status 405", false, false},
		408: {"answers with status 408", false, true},
		413: {"is too long for", true, false},
		414: {"is too long for", true, false},
		422: {"cannot answer the question (422)", true, false},
		429: {"takes no more requests for now (429)", true, false},
		500: {"failed (500)", true, false},
		502: {"failed (502)", true, false},
		503: {"failed (503)", true, false},
		504: {"failed (504)", true, true},
	} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			t.Parallel()
			s := server(t, func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("X-Error", secret)
				w.Header().Set("Retry-After", "3600") // so that it is not asked again
				w.WriteHeader(status)
				if status != 204 && status != 304 {
					fmt.Fprintf(w, `{"error":%q,"you sent":%q}`, secret, r.Header)
				}
			})
			c := client(t, Config{URL: s.URL})
			f := failure(t, c.Get(t.Context(), "/x", url.Values{"q": {secret}}, object))
			if f.Status != status || !strings.Contains(f.What, want.what) || !strings.Contains(f.What, c.Host()) || (f.Hint != "") != want.hint || f.Late != want.late {
				t.Errorf("%+v", f)
			}
		})
	}
}

// hijack takes a connection over.
func hijack(w http.ResponseWriter) net.Conn {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	return conn
}

// TestNoAnswer holds what is told of connections that bring no answer, or not
// all of it.
func TestNoAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   string
		late   bool
	}{
		"hang":  {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, "did not answer within 1s", true},
		"close": {func(w http.ResponseWriter, _ *http.Request) { _ = hijack(w).Close() }, "broke off the connection", false},
		"reset": {func(w http.ResponseWriter, _ *http.Request) {
			conn := hijack(w)
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.Close()
		}, "broke off the connection", false},
		"drip": {func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				_, _ = io.WriteString(w, " ")
				_ = http.NewResponseController(w).Flush()
				time.Sleep(50 * time.Millisecond)
			}
		}, "did not answer within 1s", true},
		"cut": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, `{"`+secret+`":`)
		}, "broke off in the middle of its answer", false},
		"cut chunks": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, `{"a":`)
			_ = http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}, "broke off in the middle of its answer", false},
		"half":  {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"a":"`+secret) }, "is not what was asked for", false},
		"page":  {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>"+secret) }, "is not what was asked for", false},
		"empty": {func(http.ResponseWriter, *http.Request) {}, "is not what was asked for", false},
		"no HTTP": {func(w http.ResponseWriter, _ *http.Request) {
			conn := hijack(w)
			_, _ = io.WriteString(conn, secret+"\r\n\r\n")
			_ = conn.Close()
		}, "cannot be spoken to", false},
		"bad header": {func(w http.ResponseWriter, _ *http.Request) {
			conn := hijack(w)
			_, _ = io.WriteString(conn, "HTTP/1.1 200 OK\r\n"+secret+"\r\n\r\n")
			_ = conn.Close()
		}, "cannot be spoken to", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := server(t, c.answer)
			began := time.Now()
			client := client(t, Config{URL: s.URL, Timeout: 1})
			f := failure(t, client.Get(t.Context(), "/", nil, object))
			if !strings.Contains(f.What, c.want) || f.Late != c.late || f.Status != 0 || !strings.Contains(f.What, client.Host()) {
				t.Errorf("%+v, want %q", f, c.want)
			}
			if took := time.Since(began); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
		})
	}
	for at, want := range map[string]string{"http://127.0.0.1:1": "refuses the connection", "https://a..b:80": "cannot be resolved"} {
		if f := failure(t, client(t, Config{URL: at}).Get(t.Context(), "/", nil, object)); !strings.Contains(f.What, want) {
			t.Errorf("%s: %+v", at, f)
		}
	}
}

// TestFailed holds the words for what cannot be had here: networks and proxies.
func TestFailed(t *testing.T) {
	c := client(t, Config{URL: "https://h:1"})
	for want, err := range map[string]error{
		"the proxy before h:1 cannot be reached": &net.OpError{Op: "proxyconnect", Err: syscall.ECONNREFUSED},
		"there is no way to h:1":                 &net.OpError{Op: "dial", Err: syscall.EHOSTUNREACH},
		"h:1 did not answer within 30s":          &net.DNSError{IsTimeout: true, Name: secret},
		"h:1 cannot be spoken to":                errors.New(secret),
	} {
		if f := failure(t, c.failed(t.Context(), &url.Error{Op: "Get", URL: "http://h/" + secret, Err: err})); f.What != want {
			t.Errorf("%q, want %q", f.What, want)
		}
	}
}

// TestCertificates holds what is told of certificates, and that authorities of
// the config are trusted.
func TestCertificates(t *testing.T) {
	quiet := func(s *httptest.Server) *httptest.Server {
		s.Config.ErrorLog = silent()
		return s
	}
	ok := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") })
	good := quiet(httptest.NewUnstartedServer(ok))
	good.StartTLS()
	defer good.Close()
	expired := quiet(httptest.NewUnstartedServer(ok))
	certificate, text := selfSigned(t, time.Now().Add(-time.Hour))
	expired.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	expired.StartTLS()
	defer expired.Close()
	plain := quiet(httptest.NewUnstartedServer(ok))
	plain.Start()
	defer plain.Close()

	dir := t.TempDir()
	for name, der := range map[string][]byte{"good.pem": good.Certificate().Raw, "expired.pem": text} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		url, authorities, want string
	}{
		"trusted":      {good.URL, "good.pem", ""},
		"nobody's":     {good.URL, "", "signed by nobody that is trusted here"},
		"another's":    {good.URL, "expired.pem", "signed by nobody that is trusted here"},
		"another host": {strings.Replace(good.URL, "127.0.0.1", "localhost", 1), "good.pem", "is for another host"},
		"expired":      {expired.URL, "expired.pem", "has expired, or is not valid yet"},
		"no TLS":       {strings.Replace(plain.URL, "http:", "https:", 1), "", "does not speak TLS"},
		"TLS":          {strings.Replace(good.URL, "https:", "http:", 1), "", "(400)"},
	} {
		t.Run(name, func(t *testing.T) {
			client, err := New(Config{URL: c.url, Authorities: c.authorities, TokenEnv: "SECRET"}, lookup, bound(c.url, "SECRET"), place.Dir(dir))
			if err != nil {
				t.Fatal(err)
			}
			defer client.Close()
			err = client.Get(t.Context(), "/", nil, object)
			if c.want == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if f := failure(t, err); !strings.Contains(f.What, c.want) {
				t.Errorf("%+v, want %q", f, c.want)
			}
		})
	}
}

// selfSigned makes a certificate for 127.0.0.1 that is valid up to a time.
func selfSigned(t *testing.T, until time.Time) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "h"}, NotBefore: until.Add(-time.Hour), NotAfter: until,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, der
}

// TestBound holds that an answer of just the bound is read and one byte more is
// not, and that what is packed counts as unpacked.
func TestBound(t *testing.T) {
	text := `{"a":"` + strings.Repeat("x", 5000) + `"}`
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/packed" {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			_, _ = io.WriteString(z, text)
			_ = z.Close()
			return
		}
		_, _ = io.WriteString(w, text)
	})
	c := client(t, Config{URL: s.URL})
	for _, path := range []string{"/", "/packed"} {
		c.AnswerBytes = int64(len(text))
		if err := c.Get(t.Context(), path, nil, func(r io.Reader) error {
			got, err := io.ReadAll(r)
			if string(got) != text {
				t.Errorf("%d bytes are read", len(got))
			}
			return err
		}); err != nil {
			t.Error(err)
		}
		c.AnswerBytes--
		f := failure(t, c.Get(t.Context(), path, nil, func(r io.Reader) error {
			got, err := io.ReadAll(r)
			if len(got) != len(text)-1 {
				t.Errorf("%d bytes are read", len(got))
			}
			return err
		}))
		if want := fmt.Sprintf("answers with more than %d bytes", len(text)-1); !strings.Contains(f.What, want) {
			t.Errorf("%+v", f)
		}
	}
	if got := size(DefaultAnswerBytes); got != "256 MiB" {
		t.Error(got)
	}
}

// TestOwnWords holds that a reader may say in its own words what is wrong, and
// need not read all.
func TestOwnWords(t *testing.T) {
	s := server(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") })
	c := client(t, Config{URL: s.URL})
	own := &Failure{What: "it is closed"}
	if err := c.Get(t.Context(), "/", nil, func(io.Reader) error { return fmt.Errorf("x: %w", own) }); !errors.Is(err, error(own)) {
		t.Error(err)
	}
	if err := c.Get(t.Context(), "/", nil, func(io.Reader) error { return nil }); err != nil {
		t.Error(err)
	}
	if f := failure(t, c.Get(t.Context(), "/", nil, func(io.Reader) error { return errors.New(secret) })); !strings.Contains(f.What, "is not what was asked for") {
		t.Errorf("%+v", f)
	}
}

// TestCancelled holds that the end of the caller's context ends a request at
// once, wherever it stands, and is told as such and not as the server's fault.
func TestCancelled(t *testing.T) {
	s := server(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/hang":
			<-r.Context().Done()
		case "/body":
			_, _ = io.WriteString(w, `{"a":`)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		case "/wait":
			w.Header().Set("Retry-After", "10")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	})
	c := client(t, Config{URL: s.URL})
	for _, path := range []string{"/hang", "/body", "/wait"} {
		for _, want := range []error{context.Canceled, context.DeadlineExceeded} {
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
			if want == context.Canceled {
				ctx, cancel = context.WithCancel(t.Context())
				time.AfterFunc(100*time.Millisecond, cancel)
			}
			began := time.Now()
			err := c.Get(ctx, path, nil, object)
			cancel()
			if took := time.Since(began); !errors.Is(err, want) || took > 2*time.Second {
				t.Errorf("%s: %v after %s", path, err, took)
			}
		}
	}
}
