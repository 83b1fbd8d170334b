package oci

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"github.com/envparity/parity/internal/webapi"
)

// failure is why something could not be read, in words of our own: what a
// registry answers is not quoted.
type failure struct {
	// what has no subject: "the registry refuses ...".
	what, hint string
	// absent is set where the registry says that there is no such thing.
	absent bool
	// noTLS is set where the registry does not speak TLS at all.
	noTLS bool
}

// reason gives the sentence for a gap.
func (f failure) reason(of string) string { return of + " cannot be read: " + f.what }

// failed says what became of a request.
func (r *reader) failed(ctx context.Context, err error, ref name.Reference) failure {
	host := ref.Context().RegistryStr()
	var credentials *errCredentials
	var answer *transport.Error
	switch {
	case errors.As(err, &credentials):
		return failure{what: credentials.what, hint: "log in to " + host + " as docker does, or correct DOCKER_CONFIG"}
	case errors.Is(err, errPlain):
		return failure{what: host + " may only be spoken to without TLS", hint: "list it under insecure if that is meant"}
	case errors.Is(err, errAll):
		return failure{
			what: fmt.Sprintf("the source has made %d requests or read %d GiB, which is all that one may take", sourceRequests, sourceBytes>>30),
			hint: "read fewer images in one source",
		}
	case errors.Is(err, errLarge):
		return failure{what: host + " answers with more than is read"}
	case errors.Is(err, errBroken):
		return failure{what: "what " + host + " answers is broken", hint: "push the image again"}
	case errors.As(err, &answer):
		return answered(answer.StatusCode, host)
	case ctx.Err() != nil, isTimeout(err):
		return failure{
			what: fmt.Sprintf("%s did not answer within %s", host, r.timeout.Round(time.Second)),
			hint: "see whether it can be reached, or raise timeout",
		}
	}
	if f, ok := certificate(err, host); ok {
		return f
	}
	return connection(err, host)
}

// answered says what a status means.
func answered(status int, host string) failure {
	switch {
	case status == http.StatusUnauthorized:
		return failure{what: host + " wants credentials, or refuses those there are (401)", hint: "log in to " + host + " as docker does; a token may have expired"}
	case status == http.StatusForbidden:
		return failure{what: host + " does not allow to read it (403)", hint: "give the account the right to pull"}
	case status == http.StatusNotFound:
		return failure{what: host + " has no such image (404)", hint: "check the name and the tag; some registries say so of what one may not see", absent: true}
	case status == http.StatusTooManyRequests:
		return failure{what: host + " takes no more requests for now (429)", hint: "try again later, log in for a higher limit, or lower concurrency"}
	case status >= http.StatusInternalServerError:
		return failure{what: fmt.Sprintf("%s failed (%d)", host, status), hint: "try again later"}
	default:
		return failure{what: fmt.Sprintf("%s answers with status %d", host, status)}
	}
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &t) && t.Timeout()
}

// certificate says what is wrong with a registry's certificate.
func certificate(err error, host string) (failure, bool) {
	if f := webapi.Certificate(err, host); f != nil {
		return failure{what: f.What, hint: f.Hint}, true
	}
	var record tls.RecordHeaderError
	if errors.As(err, &record) {
		return failure{what: host + " does not speak TLS", hint: "list it under insecure if that is meant", noTLS: true}, true
	}
	return failure{}, false
}

// connection says what became of a connection.
func connection(err error, host string) failure {
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns):
		return failure{what: "the name of " + host + " cannot be resolved", hint: "check the registry's name"}
	case errors.Is(err, syscall.ECONNREFUSED):
		return failure{what: host + " refuses the connection", hint: "see whether the registry runs"}
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		strings.Contains(err.Error(), "stream error"): // HTTP/2 has a type for it that net/http does not export
		return failure{what: host + " broke off in the middle of its answer", hint: "try again later"}
	default:
		return failure{what: host + " cannot be spoken to, or what it answers is not what was asked for"}
	}
}
