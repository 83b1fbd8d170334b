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
	// Late is set where the server took too long.
	Late bool
}

// Error gives the sentence.
func (f *Failure) Error() string { return f.What }

// failed says what became of a request that has no answer.
func (c *Client) failed(ctx context.Context, err error) error {
	host := c.Host()
	var timeout interface{ Timeout() bool }
	if ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout() {
		return &Failure{
			What: fmt.Sprintf("%s did not answer within %s", host, c.timeout.Round(time.Second)),
			Hint: "see whether it can be reached, or raise timeout", Late: true,
		}
	}
	if f := certificate(err, host); f != nil {
		return f
	}
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return &Failure{What: "the name of " + host + " cannot be resolved", Hint: "check the url"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &Failure{What: host + " refuses the connection", Hint: "see whether the server runs, and the port"}
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return &Failure{What: host + " broke off the connection", Hint: "try again later"}
	default:
		return &Failure{What: host + " cannot be spoken to"}
	}
}

// unread says what became of an answer that could not be read to its end.
func (c *Client) unread(ctx context.Context, b *boundedReader, err error) error {
	var f *Failure
	switch {
	case errors.Is(b.err, errLarge):
		return &Failure{What: fmt.Sprintf("%s answers with more than %d MiB", c.Host(), c.AnswerBytes>>20), Hint: "narrow what the source asks for"}
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

// answered says what a status means.
func (c *Client) answered(status int) error {
	host := c.Host()
	f := &Failure{Status: status}
	switch {
	case status == http.StatusUnauthorized:
		f.What, f.Hint = host+" wants credentials, or refuses those there are (401)", "see tokenEnv, tokenFile, user and headersEnv"
	case status == http.StatusForbidden:
		f.What, f.Hint = host+" does not allow to read this (403)", "give the account the right to read"
	case status == http.StatusNotFound:
		f.What, f.Hint = host+" knows no such address (404)", "check the url and its path prefix"
	case status == http.StatusBadRequest:
		f.What = host + " does not understand the question (400)"
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

// retryAfter is how long to wait before asking again; negative where there is
// no use in it.
func retryAfter(answer *http.Response) time.Duration {
	switch answer.StatusCode {
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable:
	default:
		return -1
	}
	if s, err := strconv.Atoi(answer.Header.Get("Retry-After")); err == nil && s >= 0 {
		return time.Duration(s) * time.Second
	}
	return 250 * time.Millisecond
}

// certificate says what is wrong with a server's certificate, or gives nil.
func certificate(err error, host string) *Failure {
	var (
		other     x509.HostnameError
		authority x509.UnknownAuthorityError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
		record    tls.RecordHeaderError
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
	case errors.As(err, &record):
		return &Failure{What: host + " does not speak TLS", Hint: "write the url with http if that is meant"}
	}
	return nil
}
