package kubernetes

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/http2"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kubediscovery "k8s.io/client-go/discovery"

	"github.com/envparity/parity"
)

var update = flag.Bool("update", false, "write golden files")

// secretText stands for what a server or a kubeconfig may quote.
const secretText = "hunter2MARKER9x"

// TestReasons holds the reason and the hint of every way to fail. None quotes
// what was answered.
func TestReasons(t *testing.T) {
	res := schema.GroupResource{Resource: "pods"}
	answered := func(code int) error {
		return apierrors.NewGenericServerResponse(code, "get", res, secretText, secretText, 1, true)
	}
	dial := &net.OpError{Op: "dial", Err: errors.New(secretText)}
	inURL := func(err error) error {
		return &url.Error{Op: "Get", URL: "https://user:" + secretText + "@host/", Err: err}
	}
	var b strings.Builder
	for _, test := range []struct {
		name string
		err  error
	}{
		{"forbidden", apierrors.NewForbidden(res, secretText, errors.New(secretText))},
		{"unauthorized", apierrors.NewUnauthorized(secretText)},
		{"400", answered(400)},
		{"404", answered(404)},
		{"405", answered(405)},
		{"410", answered(410)},
		{"429", answered(429)},
		{"500", answered(500)},
		{"502", answered(502)},
		{"503", answered(503)},
		{"504", answered(504)},
		{"server timeout", apierrors.NewServerTimeout(res, "list", 1)},
		{"expired", apierrors.NewResourceExpired(secretText)},
		{"deadline", fmt.Errorf("%s: %w", secretText, context.DeadlineExceeded)},
		{"deadline in a request", inURL(context.DeadlineExceeded)},
		{"name", inURL(&net.OpError{Op: "dial", Err: &net.DNSError{Err: secretText, Name: secretText}})},
		{"dial", inURL(dial)},
		{"reset", inURL(&net.OpError{Op: "read", Err: errors.New(secretText)})},
		{"end", io.ErrUnexpectedEOF},
		{"stream", inURL(http2.StreamError{StreamID: 1, Code: http2.ErrCodeInternal, Cause: errors.New(secretText)})},
		{"broken list", fmt.Errorf("%w: %s", errBroken, secretText)},
		{"too large", errTooLarge},
		{"no list", fmt.Errorf("%w: %s", errBody, secretText)},
		{"no metadata", errProtobuf},
		{"aggregated API", kubediscovery.StaleGroupVersionError{}},
		{"host", inURL(&tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: &x509.Certificate{}, Host: secretText}})},
		{"authority", inURL(x509.UnknownAuthorityError{})},
		{"expired certificate", inURL(x509.CertificateInvalidError{Reason: x509.Expired, Detail: secretText})},
		{"certificate", inURL(x509.CertificateInvalidError{Reason: x509.NotAuthorizedToSign, Detail: secretText})},
		{"verification", &tls.CertificateVerificationError{Err: errors.New(secretText)}},
		{"command", inURL(errors.New("getting credentials: exec: " + secretText))},
		{"own", &parity.Error{What: "what was said", Where: "there", Hint: "what to do"}},
		{"unknown", errors.New(secretText)},
		{"status", &apierrors.StatusError{ErrStatus: metav1.Status{Code: 418, Message: secretText}}},
	} {
		g := gapOf(test.err, "cluster a")
		if strings.Contains(g.Reason+g.Hint+g.Where, secretText) {
			t.Errorf("%s quotes: %+v", test.name, g)
		}
		if g.Reason == "" || g.Hint == "" || g.Where == "" {
			t.Errorf("%s does not say enough: %+v", test.name, g)
		}
		fmt.Fprintf(&b, "%s\n  %s\n  hint %s\n", test.name, g.Reason, g.Hint)
	}
	golden(t, "testdata/reasons.golden", b.String())
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
