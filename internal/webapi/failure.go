package webapi

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

// Failure is why a question has no answer, in words of our own.
type Failure struct {
	// What is a sentence without a full stop; it names the host.
	What string
	// Hint says what to do about it; may be empty.
	Hint string
	// Status is the HTTP status, or 0 where there was no answer.
	Status int
	// Late is set where the server took too long, or something behind it.
	Late bool
}

// Error gives the sentence.
func (f *Failure) Error() string { return f.What }

// failed says what became of a request that has no answer.
func (c *Client) failed(ctx context.Context, err error) error {
	host := c.Host()
	var timeout interface{ Timeout() bool }
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	if ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return &Failure{
			What: fmt.Sprintf("%s did not answer within %s", host, c.timeout.Round(time.Second)),
			Hint: "see whether it can be reached, or raise timeout", Late: true,
		}
	}
	if f := Certificate(err, host); f != nil {
		return f
	}
	var record tls.RecordHeaderError
	var dns *net.DNSError
	var op *net.OpError
	switch {
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return &Failure{What: host + " does not speak TLS", Hint: "write the url with http if that is meant"}
	case errors.As(err, &op) && op.Op == "proxyconnect":
		return &Failure{What: "the proxy before " + host + " cannot be reached", Hint: "see HTTP_PROXY, HTTPS_PROXY and NO_PROXY"}
	case errors.As(err, &dns):
		return &Failure{What: "the name of " + host + " cannot be resolved", Hint: "check the url"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &Failure{What: host + " refuses the connection", Hint: "see whether the server runs, and the port"}
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &Failure{What: host + " broke off the connection", Hint: "try again later"}
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return &Failure{What: "there is no way to " + host, Hint: "see whether its network can be reached from here"}
	default:
		return &Failure{What: host + " cannot be spoken to"}
	}
}

// unread says what became of an answer that could not be read to its end.
func (c *Client) unread(ctx context.Context, b *boundedReader, err error) error {
	var f *Failure
	switch {
	case errors.Is(b.err, errAll):
		return c.tooMany(size(maxBytes) + " of answers")
	case errors.Is(b.err, errLarge):
		return &Failure{What: fmt.Sprintf("%s answers with more than %s", c.Host(), size(c.AnswerBytes)), Hint: "narrow what the source asks for"}
	case ctx.Err() != nil:
		return c.failed(ctx, ctx.Err())
	case b.err != nil:
		return &Failure{What: c.Host() + " broke off in the middle of its answer", Hint: "try again later"}
	case errors.As(err, &f):
		return f
	default:
		return &Failure{What: "what " + c.Host() + " answers is not what was asked for", Hint: "see whether the url is that of such a server"}
	}
}

// tooMany says that a source has taken all that one may.
func (c *Client) tooMany(what string) error {
	return &Failure{What: c.Host() + " was asked for more than " + what + ", which is all that one source may take", Hint: "narrow what the source asks for"}
}

// size is a number of bytes for people.
func size(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%d MiB", n>>20)
}

// answered says what a status means.
func (c *Client) answered(status int) error {
	host := c.Host()
	f := &Failure{Status: status, Late: status == http.StatusGatewayTimeout || status == http.StatusRequestTimeout}
	switch {
	case status == http.StatusUnauthorized:
		f.What, f.Hint = host+" wants credentials, or refuses those there are (401)", "see tokenEnv, tokenFile, user and headersEnv"
	case status == http.StatusForbidden:
		f.What, f.Hint = host+" does not allow to read this (403)", "give the account the right to read"
	case status == http.StatusNotFound:
		f.What, f.Hint = host+" knows no such address (404)", "check the url and its path prefix"
	case status == http.StatusBadRequest:
		f.What = host + " does not understand the question (400)"
	case status == http.StatusRequestURITooLong || status == http.StatusRequestEntityTooLarge:
		f.What, f.Hint = fmt.Sprintf("the question is too long for %s (%d)", host, status), "shorten match"
	case status == http.StatusUnprocessableEntity:
		f.What, f.Hint = host+" cannot answer the question (422)", "it may be too much for one query; shorten window"
	case status == http.StatusTooManyRequests:
		f.What, f.Hint = host+" takes no more requests for now (429)", "try again later, or ask for less"
	case status >= http.StatusInternalServerError:
		f.What, f.Hint = fmt.Sprintf("%s failed (%d)", host, status), "try again later"
	case status >= http.StatusMultipleChoices && status < http.StatusBadRequest:
		f.What, f.Hint = fmt.Sprintf("%s points elsewhere (%d)", host, status), "write the address that it points to as url; a login page may stand before it"
	default:
		f.What = fmt.Sprintf("%s answers with status %d", host, status)
	}
	return f
}

// retryAfter is how long to wait before asking again: negative where there is
// no use in it, and 0 where the server does not say.
func retryAfter(answer *http.Response) time.Duration {
	switch answer.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable:
	default:
		return -1
	}
	text := answer.Header.Get("Retry-After")
	var wait time.Duration
	if s, err := strconv.ParseFloat(text, 64); err == nil {
		wait = time.Duration(min(s, 1e6) * float64(time.Second))
	} else if at, err := http.ParseTime(text); err == nil {
		// By the server's own clock, which need not be ours.
		if now, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
			wait = at.Sub(now)
		}
	}
	switch {
	case wait <= 0:
		return 0
	case wait > patience:
		return -1 // nobody waits so long, and to ask before it is rude
	}
	return wait
}

// Certificate says what is wrong with the certificate of a server, of which it
// gives nil where the error is about something else.
func Certificate(err error, host string) *Failure {
	var (
		other     x509.HostnameError
		authority x509.UnknownAuthorityError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
	)
	switch {
	case errors.As(err, &other):
		return &Failure{What: "the certificate of " + host + " is for another host", Hint: "use the name that the certificate has"}
	case errors.As(err, &authority):
		return &Failure{What: "the certificate of " + host + " is signed by nobody that is trusted here", Hint: "name its authority under certificateAuthorities"}
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return &Failure{What: "the certificate of " + host + " has expired, or is not valid yet"}
	case errors.As(err, &invalid), errors.As(err, &verify):
		return &Failure{What: "the certificate of " + host + " is not valid"}
	}
	return nil
}
