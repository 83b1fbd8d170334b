package component

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// Option adds a component to a cluster.
type Option func(*options)

type options struct {
	controllers bool
	nodes       int
	digests     map[string]string
	storeDelay  time.Duration
}

// WithSlowStore lets what etcd says reach kube-apiserver that much later, from when
// that is ready.
func WithSlowStore(by time.Duration) Option {
	return func(o *options) { o.storeDelay = by }
}

// WithControllers runs kube-controller-manager too: Deployments make Pods,
// autoscalers scale, namespaces get their default service account and are
// removed. Without it objects stay as they were written.
func WithControllers() Option {
	return func(o *options) { o.controllers = true }
}

// WithNodes runs the controllers, kube-scheduler and simulated nodes too, so that
// pods become Running and their containers have image IDs. The digest of an image
// is the one that digests gives for the reference, or else the one that the
// reference has, or else one that is drawn from the reference.
func WithNodes(count int, digests map[string]string) Option {
	return func(o *options) { o.controllers, o.nodes, o.digests = true, count, digests }
}

// Kubernetes starts a cluster for one test: etcd and kube-apiserver, with RBAC
// and service accounts, and what the options add.
func Kubernetes(tb testing.TB, opts ...Option) *Cluster {
	tb.Helper()
	return Several(tb, 1, opts...)[0]
}

// Several starts clusters for one test, all at once.
func Several(tb testing.TB, count int, opts ...Option) []*Cluster {
	tb.Helper()
	o, paths := choose(tb, opts)
	planes, errs := make([]*plane, count), make([]error, count)
	var started sync.WaitGroup
	for i := range planes {
		started.Go(func() { planes[i], errs[i] = startPlane(o, paths) })
	}
	started.Wait()
	clusters := make([]*Cluster, 0, count)
	for _, p := range planes {
		if p != nil {
			p.closeWith(tb)
			tb.Cleanup(p.transport.CloseIdleConnections)
			clusters = append(clusters, p.view(tb))
		}
	}
	if err := errors.Join(errs...); err != nil {
		tb.Fatal(err)
	}
	return clusters
}

// choose applies the options and finds what they need.
func choose(tb testing.TB, opts []Option) (options, map[string]string) {
	tb.Helper()
	var o options
	for _, opt := range opts {
		opt(&o)
	}
	names := []string{"etcd", "kube-apiserver", "kubectl"}
	if o.controllers {
		names = append(names, "kube-controller-manager")
	}
	if o.nodes > 0 {
		names = append(names, "kube-scheduler", "kwok")
	}
	return o, binaries(tb, names...)
}

// startPlane starts all that the options ask for. Nothing is left running where
// it fails.
func startPlane(o options, paths map[string]string) (*plane, error) {
	g, err := newGroup()
	if err != nil {
		return nil, err
	}
	p := &plane{group: g, kubectl: paths["kubectl"]}
	for _, step := range []func(options, map[string]string) error{p.identify, p.serve, p.control, p.simulate} {
		if err := step(o, paths); err != nil {
			p.close()
			return nil, err
		}
	}
	return p, nil
}

// identify makes the keys, certificates and tokens of the cluster.
func (p *plane) identify(options, map[string]string) error {
	var err error
	p.transport = &http.Transport{}
	if p.authority, err = newAuthority(); err != nil {
		return err
	}
	p.transport.TLSClientConfig = p.authority.config()
	cert, key, err := p.authority.server()
	if err != nil {
		return err
	}
	_, accounts, err := p.authority.server() // only the key is used
	if err != nil {
		return err
	}
	token := make([]byte, 16)
	_, _ = rand.Read(token)
	p.adminToken = hex.EncodeToString(token)
	for name, text := range map[string][]byte{
		"ca.pem": p.authority.pem, "server.pem": cert, "server-key.pem": key, "accounts-key.pem": accounts,
		"tokens.csv": []byte(p.adminToken + ",admin,admin,system:masters\n"),
	} {
		if err := os.WriteFile(p.file(name), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (p *plane) file(name string) string { return filepath.Join(p.dir, name) }

// serve starts etcd and kube-apiserver.
func (p *plane) serve(o options, paths map[string]string) error {
	// Sockets in the cluster's own directory: no other cluster can be meant.
	client, peer := "unix://"+p.file("etcd.sock"), "unix://"+p.file("peer.sock")
	err := p.run(paths["etcd"], func() []string {
		return []string{
			"--data-dir=" + p.file("etcd"), "--unsafe-no-fsync", "--quota-backend-bytes=4294967296",
			"--listen-client-urls=" + client, "--advertise-client-urls=" + client, "--listen-peer-urls=" + peer,
			"--initial-advertise-peer-urls=" + peer, "--initial-cluster=default=" + peer,
		}
	}, func() error { return dial(p.file("etcd.sock")) })
	if err != nil {
		return err
	}
	store := client
	var slow atomic.Int64 // nothing while the server starts, which asks for much
	if o.storeDelay > 0 {
		address, end, err := delay("unix", p.file("etcd.sock"), &slow)
		if err != nil {
			return err
		}
		p.ends = append(p.ends, end)
		store = "http://" + address
	}
	err = p.run(paths["kube-apiserver"], func() []string {
		port := freePort()
		p.url = "https://" + loopback + ":" + port
		return p.serverFlags(store, port)
	}, func() error { return p.get(p.url + "/readyz") })
	if err != nil {
		return err
	}
	slow.Store(int64(o.storeDelay))
	return writeKubeconfig(p.kubeconfig(), map[string]Access{"admin": p.view(nil).Admin()})
}

func (p *plane) serverFlags(etcd, port string) []string {
	return []string{
		"--etcd-servers=" + etcd,
		"--bind-address=" + loopback, "--advertise-address=" + loopback, "--secure-port=" + port,
		"--endpoint-reconciler-type=none",
		"--tls-cert-file=" + p.file("server.pem"), "--tls-private-key-file=" + p.file("server-key.pem"),
		"--client-ca-file=" + p.file("ca.pem"), "--token-auth-file=" + p.file("tokens.csv"),
		"--authorization-mode=RBAC", "--allow-privileged=true",
		"--service-account-issuer=https://kubernetes.default.svc", "--api-audiences=https://kubernetes.default.svc",
		"--service-account-key-file=" + p.file("accounts-key.pem"),
		"--service-account-signing-key-file=" + p.file("accounts-key.pem"),
		"--service-cluster-ip-range=10.96.0.0/16",
		"--cert-dir=" + p.dir, "--profiling=false", "--shutdown-delay-duration=0s",
		"--event-ttl=1h",
	}
}

// dial returns an error if nothing listens on the socket.
func dial(socket string) error {
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return err
	}
	return conn.Close()
}

// get asks the API server for a page, as the administrator.
func (p *plane) get(url string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+p.adminToken)
	resp, err := p.transport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s: %s", url, resp.Status, text)
	}
	return err
}

// control starts kube-controller-manager.
func (p *plane) control(o options, paths map[string]string) error {
	if !o.controllers {
		return nil
	}
	return p.run(paths["kube-controller-manager"], func() []string {
		return []string{
			"--kubeconfig=" + p.kubeconfig(), "--leader-elect=false", "--secure-port=0",
			"--use-service-account-credentials=true", "--root-ca-file=" + p.file("ca.pem"),
			"--service-account-private-key-file=" + p.file("accounts-key.pem"),
			"--kube-api-qps=500", "--kube-api-burst=1000", "--profiling=false",
			"--horizontal-pod-autoscaler-sync-period=1s",
		}
	}, func() error { return p.get(p.url + "/api/v1/namespaces/default/serviceaccounts/default") })
}
