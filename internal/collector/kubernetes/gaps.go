package kubernetes

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"strings"

	"golang.org/x/net/http2"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	kubediscovery "k8s.io/client-go/discovery"

	"github.com/envparity/parity"
)

// gapOf makes a gap of an error. Its reason is in words of our own: what a
// server or a proxy answers may quote what it was asked with.
func gapOf(err error, where string) parity.Gap {
	var known *parity.Error
	if errors.As(err, &known) {
		g := parity.Gap{Reason: known.What, Where: known.Where, Hint: known.Hint}
		if g.Where == "" {
			g.Where = where
		}
		return g
	}
	reason, hint := tell(err)
	return parity.Gap{Reason: reason, Where: where, Hint: hint}
}

// tell says in one sentence what went wrong, and what to do about it.
func tell(err error) (reason, hint string) {
	if reason, hint := tellCertificate(err); reason != "" {
		return reason, hint
	}
	var dns *net.DNSError
	var op *net.OpError
	var stream http2.StreamError
	var stale kubediscovery.StaleGroupVersionError
	if reason, hint := tellBound(err); reason != "" {
		return reason, hint
	}
	switch {
	case errors.Is(err, errTooLarge):
		return "an object is larger than is read", "leave its kind out under kinds.exclude"
	case apierrors.IsForbidden(err):
		return "the identity may not list these", "grant list on them, as in the ClusterRole on this collector's page"
	case apierrors.IsUnauthorized(err):
		return "the server does not accept the credentials: they are wrong or expired", "renew them, then run the check again"
	case apierrors.IsNotFound(err), apierrors.IsMethodNotSupported(err):
		return "the server does not list these, though it offers them", "run the check again; kinds.exclude leaves them out"
	case apierrors.IsResourceExpired(err), apierrors.IsGone(err):
		return "the list took longer than the server remembers its beginning", "run the check again, or with a larger pageSize"
	case apierrors.IsTooManyRequests(err):
		return "the server turned the request away: it has too many", "run the check again later, or with less concurrency"
	case errors.Is(err, context.DeadlineExceeded), apierrors.IsTimeout(err), apierrors.IsServerTimeout(err), isTimeout(err):
		return "the server did not answer in time", "raise timeout, or see why the server is slow"
	case apierrors.IsServiceUnavailable(err), errors.As(err, &stale):
		return "the server is not available", "an aggregated API may be down: see kubectl get apiservices"
	case apierrors.IsInternalError(err), statusOf(err) >= 500:
		return "the server failed", "see the server's log"
	case errors.As(err, &dns):
		return "the server's name cannot be resolved", "check the address in the kubeconfig"
	case errors.As(err, &op) && op.Op == "dial":
		return "the server cannot be reached", "check the address in the kubeconfig, and the network"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF), errors.As(err, &op), errors.As(err, &stream), errors.Is(err, errBroken):
		return "the answer broke off", "run the check again"
	case statusOf(err) > 0:
		return "the server refused the request", "see the server's log"
	}
	return "the server's answer cannot be read", "check that the address in the kubeconfig is the API server's"
}

// tellBound says which bound an answer has met.
func tellBound(err error) (reason, hint string) {
	for _, bound := range []error{errPages, errObjects} {
		if errors.Is(err, bound) {
			return bound.Error(), "leave its kind out under kinds.exclude, or raise pageSize"
		}
	}
	for _, bound := range []error{errAllPages, errBytes} {
		if errors.Is(err, bound) {
			return bound.Error(), "narrow the source by namespaces and kinds"
		}
	}
	switch {
	case errors.Is(err, errAnswer):
		return errAnswer.Error(), "check that the address in the kubeconfig is the API server's"
	case errors.Is(err, errRedirect):
		return errRedirect.Error() + ", which is not followed, as it would be given the credentials",
			"write the address of the API server itself into the kubeconfig"
	}
	return "", ""
}

func tellCertificate(err error) (reason, hint string) {
	var host x509.HostnameError
	var authority x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var verify *tls.CertificateVerificationError
	switch {
	case errors.As(err, &host):
		return "the server's certificate is for another name", "check the address in the kubeconfig, or set tls-server-name there"
	case errors.As(err, &authority):
		return "the server's certificate is signed by an authority that is not trusted", "check certificate-authority-data in the kubeconfig"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "the server's certificate has expired or is not valid yet", "renew it"
	case errors.As(err, &invalid), errors.As(err, &verify):
		return "the server's certificate is not valid", "renew it"
	case err != nil && strings.Contains(err.Error(), "getting credentials: exec"):
		return "the command that hands out credentials failed", "run it by hand, as the kubeconfig names it"
	}
	return "", ""
}

func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}

// statusOf is the HTTP status behind an error, 0 where there is none.
func statusOf(err error) int32 {
	var status apierrors.APIStatus
	if errors.As(err, &status) {
		return status.Status().Code
	}
	return 0
}
