package component

import (
	"bytes"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/client-go/rest"
)

// Cluster is a running cluster, as one test sees it.
type Cluster struct {
	// Kubeconfig is the path of a kubeconfig with the context "admin".
	Kubeconfig string
	// URL is the address of the API server, and CA the authority of its
	// certificate, as PEM.
	URL string
	CA  []byte

	tb    testing.TB
	plane *plane
}

// plane is what the views of one cluster share.
type plane struct {
	*group
	authority  *authority
	adminToken string
	kubectl    string // the binary
	url        string
	transport  *http.Transport
}

// view gives the cluster to a test.
func (p *plane) view(tb testing.TB) *Cluster {
	return &Cluster{Kubeconfig: p.kubeconfig(), URL: p.url, CA: p.authority.pem, tb: tb, plane: p}
}

func (p *plane) kubeconfig() string { return filepath.Join(p.dir, "kubeconfig") }

func (p *plane) close() {
	p.transport.CloseIdleConnections()
	p.group.close()
}

// For gives the same cluster to another test, such as a subtest: what goes wrong
// then fails that one.
func (c *Cluster) For(tb testing.TB) *Cluster { return c.plane.view(tb) }

// Config is the administrator's access, for client-go.
func (c *Cluster) Config() *rest.Config { return c.Admin().Config() }

// Admin is the access of the group system:masters, which may do everything.
func (c *Cluster) Admin() Access {
	return Access{URL: c.URL, CA: c.CA, Token: c.plane.adminToken}
}

// WithToken is the access of whoever has the token.
func (c *Cluster) WithToken(token string) Access {
	return Access{URL: c.URL, CA: c.CA, Token: token}
}

// User is the access of a user in groups, by a client certificate.
func (c *Cluster) User(name string, groups ...string) Access {
	c.tb.Helper()
	cert, key, err := c.plane.authority.client(name, groups)
	if err != nil {
		c.tb.Fatal(err)
	}
	return Access{URL: c.URL, CA: c.CA, Cert: cert, Key: key}
}

// KubeconfigFor writes a kubeconfig whose only context has the name and the
// access, and returns its path.
func (c *Cluster) KubeconfigFor(context string, access Access) string {
	c.tb.Helper()
	return Kubeconfig(c.tb, map[string]Access{context: access})
}

// Token requests a token for a service account. It creates the account if it
// does not exist.
func (c *Cluster) Token(namespace, account string) string {
	c.tb.Helper()
	if _, err := c.TryKubectl("", "-n", namespace, "get", "serviceaccount", account); err != nil {
		c.Kubectl("-n", namespace, "create", "serviceaccount", account)
	}
	return strings.TrimSpace(c.Kubectl("-n", namespace, "create", "token", account, "--duration=3600s"))
}

// Namespace creates a namespace that no other test uses, and returns its name.
func (c *Cluster) Namespace() string {
	c.tb.Helper()
	name := c.must("apiVersion: v1\nkind: Namespace\nmetadata: {generateName: test-}\n", "create", "-f", "-", "-o", "name")
	return strings.TrimPrefix(strings.TrimSpace(name), "namespace/")
}

// Kubectl runs kubectl as the administrator and returns its output. A failure ends
// the test.
func (c *Cluster) Kubectl(args ...string) string {
	c.tb.Helper()
	return c.must("", args...)
}

// Apply is `kubectl apply --server-side` of manifests in YAML.
func (c *Cluster) Apply(yaml string) string {
	c.tb.Helper()
	return c.must(yaml, "apply", "--server-side", "--force-conflicts", "-f", "-")
}

func (c *Cluster) must(stdin string, args ...string) string {
	c.tb.Helper()
	out, err := c.TryKubectl(stdin, args...)
	if err != nil {
		c.tb.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// TryKubectl runs kubectl with a standard input. Where kubectl fails, the output
// is what it said on standard error. Arguments may name another kubeconfig.
func (c *Cluster) TryKubectl(stdin string, args ...string) (string, error) {
	return c.plane.tryKubectl(stdin, args...)
}

func (p *plane) tryKubectl(stdin string, args ...string) (string, error) {
	cmd := exec.Command(p.kubectl, args...)
	cmd.Env = []string{"HOME=" + p.dir, "KUBECONFIG=" + p.kubeconfig(), "PATH="}
	cmd.Stdin = strings.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stderr.String(), err
	}
	return stdout.String(), nil
}
