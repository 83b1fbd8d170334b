package component_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/envparity/parity/internal/component"
)

// proxied is a namespace with three config maps behind a proxy.
type proxied struct {
	proxy  *component.FaultProxy
	config *rest.Config
}

func newProxied(t *testing.T, namespace string) *proxied {
	t.Helper()
	c := shared.Cluster(t)
	c.Apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: " + namespace + "}\n")
	for i := range 3 {
		c.Apply(fmt.Sprintf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m%d, namespace: %s, labels: {made: here}}\ndata: {text: %s}\n", i, namespace, strings.Repeat("x", 2000)))
	}
	p := c.Proxy()
	return &proxied{proxy: p, config: p.Through(c.Admin()).Config()}
}

// list asks for the config maps, without the patience of client-go.
func (p *proxied) list(t *testing.T, namespace string, options metav1.ListOptions, timeout time.Duration) (int, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	options.LabelSelector = "made=here"
	var count int
	list, err := client(t, p.config).CoreV1().ConfigMaps(namespace).List(ctx, options)
	if err == nil {
		count = len(list.Items)
	}
	return count, err
}

// TestProxyCounts holds that the proxy forwards and counts, and finds the lists
// that are not paged.
func TestProxyCounts(t *testing.T) {
	p := newProxied(t, "counted")
	if _, err := p.list(t, "counted", metav1.ListOptions{Limit: 2}, time.Minute); err != nil {
		t.Fatal(err)
	}
	if unpaged := component.Unpaged(p.proxy.Requests()); len(unpaged) != 0 {
		t.Errorf("a paged list is taken for unpaged: %v", unpaged)
	}
	p.proxy.Reset()
	n, err := p.list(t, "counted", metav1.ListOptions{}, time.Minute)
	if err != nil || n != 3 {
		t.Fatalf("%d config maps and %v, want 3", n, err)
	}
	if _, err := client(t, p.config).CoreV1().Namespaces().Get(context.Background(), "counted", metav1.GetOptions{}); err != nil {
		t.Fatal(err)
	}
	const path = "/api/v1/namespaces/counted/configmaps"
	requests := p.proxy.Requests()
	if len(requests) != 2 || requests[0].Path != path || requests[0].Status != http.StatusOK {
		t.Errorf("the proxy saw %+v", requests)
	}
	if unpaged := component.Unpaged(requests); len(unpaged) != 1 || unpaged[0].Path != path {
		t.Errorf("unpaged are %+v, want the one list", unpaged)
	}
	// Bytes are counted as sent, so a direct request for plain text is compared.
	p.proxy.Reset()
	body := p.read(t, path, time.Minute)
	if got := component.ByPath(p.proxy.Requests())[path]; got.Requests != 1 || got.Bytes != int64(len(body)) || got.Bytes < 6000 {
		t.Errorf("counted %+v for a body of %d bytes", got, len(body))
	}
}

// read gets a path uncompressed and gives what came of the body.
func (p *proxied) read(t *testing.T, path string, timeout time.Duration) string {
	t.Helper()
	text, _ := p.tryRead(t, path, timeout)
	return text
}

func (p *proxied) tryRead(t *testing.T, path string, timeout time.Duration) (string, error) {
	t.Helper()
	config := rest.CopyConfig(p.config)
	config.DisableCompression = true
	c, err := rest.HTTPClientFor(config)
	if err != nil {
		t.Fatal(err)
	}
	c.Timeout = timeout
	resp, err := c.Get(p.proxy.URL + path)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	return string(text), err
}

// TestFaults holds that each fault is seen by a client as what it stands for,
// meets only the paths that it is for, and ends.
func TestFaults(t *testing.T) {
	const namespace, path = "faulty", "^GET /api/v1/namespaces/faulty/configmaps"
	p := newProxied(t, namespace)
	tests := []struct {
		name  string
		fault component.Fault
		want  func(error) bool
	}{
		{"500", component.ServerError(), apierrors.IsInternalError},
		{"401", component.ExpiredToken(), apierrors.IsUnauthorized},
		{"429", component.TooManyRequests(0), apierrors.IsTooManyRequests},
		{"403", component.Status(http.StatusForbidden, "Forbidden"), apierrors.IsForbidden},
		{"hang", component.Hang(), func(err error) bool { return errors.Is(err, context.DeadlineExceeded) }},
		{"drip", component.Drip(100, 200*time.Millisecond), func(err error) bool { return errors.Is(err, context.DeadlineExceeded) }},
		{"cut", component.Cut(1000), func(err error) bool { return err != nil && !errors.Is(err, context.DeadlineExceeded) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			defer p.proxy.Clear()
			p.proxy.Reset()
			p.proxy.Inject(path, tt.fault)
			if _, err := p.list(t, namespace, metav1.ListOptions{}, 2*time.Second); !tt.want(err) {
				t.Errorf("the client sees %v", err)
			}
			if _, err := client(t, p.config).CoreV1().Namespaces().Get(context.Background(), namespace, metav1.GetOptions{}); err != nil {
				t.Errorf("another path is met too: %v", err)
			}
			met := 0
			for _, r := range p.proxy.Requests() {
				if r.Fault == tt.fault.Name {
					met++
				}
			}
			if met == 0 {
				t.Errorf("no request is recorded with the fault: %+v", p.proxy.Requests())
			}
			p.proxy.Clear()
			if n, err := p.list(t, namespace, metav1.ListOptions{}, time.Minute); n != 3 || err != nil {
				t.Errorf("after the fault there are %d config maps and %v", n, err)
			}
		})
	}
}

// TestFaultEnds holds that a fault for the first requests is over after them: a
// client that waits as Retry-After says gets its answer.
func TestFaultEnds(t *testing.T) {
	p := newProxied(t, "patient")
	p.proxy.Inject("/configmaps$", component.TooManyRequests(time.Second).First(1))
	started := time.Now()
	n, err := p.list(t, "patient", metav1.ListOptions{}, time.Minute)
	if err != nil || n != 3 {
		t.Fatalf("%d config maps and %v, want 3 after one retry", n, err)
	}
	if took := time.Since(started); took < time.Second {
		t.Errorf("the client waited %s, less than the server asks for", took)
	}
	if requests := p.proxy.Requests(); len(requests) != 2 || requests[0].Status != http.StatusTooManyRequests || requests[1].Status != http.StatusOK {
		t.Errorf("the proxy saw %+v, want a refusal and an answer", requests)
	}
}

// TestPartsOfABody holds that a cut body ends where it is cut, and that a slow
// one is whole in the end.
func TestPartsOfABody(t *testing.T) {
	p := newProxied(t, "parts")
	const path = "/api/v1/namespaces/parts/configmaps"
	whole := p.read(t, path, time.Minute)
	p.proxy.Inject(path, component.Cut(1500))
	if text, err := p.tryRead(t, path, time.Minute); err == nil || text != whole[:1500] {
		t.Errorf("a body cut at 1500 bytes has %d and ends with %v", len(text), err)
	}
	p.proxy.Inject(path, component.Drip(1000, 50*time.Millisecond))
	started := time.Now()
	if text := p.read(t, path, time.Minute); text != whole {
		t.Errorf("a slow body has %d bytes, want %d", len(text), len(whole))
	}
	if took, least := time.Since(started), time.Duration(len(whole)/1000)*50*time.Millisecond; took < least {
		t.Errorf("it took %s, less than %s", took, least)
	}
}

// TestWrongCertificate holds that a client which checks names refuses the
// certificate for another host, also where it was connected before.
func TestWrongCertificate(t *testing.T) {
	p := newProxied(t, "named")
	if _, err := p.list(t, "named", metav1.ListOptions{}, time.Minute); err != nil {
		t.Fatal(err)
	}
	p.proxy.CertificateFor("other.example")
	_, err := p.list(t, "named", metav1.ListOptions{}, time.Minute)
	var wrong x509.HostnameError
	if !errors.As(err, &wrong) {
		t.Errorf("the client sees %v, want a wrong host name", err)
	}
	p.proxy.Clear()
	if _, err := p.list(t, "named", metav1.ListOptions{}, time.Minute); err != nil {
		t.Errorf("with the right certificate again: %v", err)
	}
}
