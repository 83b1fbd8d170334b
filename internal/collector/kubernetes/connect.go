package kubernetes

import (
	"cmp"
	"errors"
	"io/fs"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"time"

	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/place"
)

// cluster is a connection to an API server.
type cluster struct {
	name    string
	in      collector.Input
	cfg     Config
	timeout time.Duration
	rest    *rest.RESTClient
	// about is rest for what the server says of itself, which is read whole.
	about *rest.RESTClient
	http  *http.Client
	// pagesAsked and bytesLeft count what all lists take together.
	bounds                pageBounds
	pagesAsked, bytesLeft atomic.Int64
}

// connect prepares the connection; nothing is sent yet. The cluster it gives
// has a name even where there is an error.
func connect(in collector.Input, cfg Config) (*cluster, error) {
	cfg.Timeout = cmp.Or(cfg.Timeout, defaultTimeout)
	cfg.PageSize = cmp.Or(cfg.PageSize, defaultPageSize)
	cfg.Concurrency = cmp.Or(cfg.Concurrency, defaultConcurrency)
	c := &cluster{
		name: cmp.Or(cfg.Context, "current context"), in: in, cfg: cfg,
		timeout: time.Duration(cfg.Timeout) * time.Second, bounds: pageBounds{list: maxPages, all: maxSourcePages},
	}
	conf, err := c.restConfig()
	if err != nil {
		return c, err
	}
	// Lists are few and large: the server's own priority and fairness holds
	// them back where it must.
	conf.QPS, conf.Burst = 100, 200
	conf.UserAgent = "parity"
	conf.WarningHandler = rest.NoWarnings{}
	conf.Wrap(func(next http.RoundTripper) http.RoundTripper { return patient{next, c.timeout} })
	conf.AcceptContentTypes, conf.ContentType = "application/json", "application/json"
	if err := c.clients(conf); err != nil {
		return c, credentials(c.name, err)
	}
	return c, nil
}

// clients makes the clients of a configuration, which share their connections.
func (c *cluster) clients(conf *rest.Config) error {
	made, err := rest.HTTPClientFor(conf)
	if err != nil {
		return err
	}
	c.bytesLeft.Store(maxSourceBytes)
	client := func(most int64) *http.Client {
		return &http.Client{Transport: metering{made.Transport, &c.bytesLeft, most}, CheckRedirect: sameHost, Timeout: made.Timeout}
	}
	c.http = client(0)
	if c.rest, err = rest.UnversionedRESTClientForConfigAndClient(unversioned(conf), c.http); err != nil {
		return err
	}
	c.about, err = rest.UnversionedRESTClientForConfigAndClient(unversioned(conf), client(maxAnswer))
	return err
}

func (c *cluster) restConfig() (*rest.Config, error) {
	if c.cfg.InCluster {
		c.name = "in cluster"
		conf, err := rest.InClusterConfig()
		if err != nil {
			return nil, &parity.Error{
				Code: parity.CodeUnavailable, What: "this is no pod with a service account's token", Err: err,
				Hint: "inCluster is for Parity inside a cluster; elsewhere name a context",
			}
		}
		return conf, nil
	}
	files, err := c.kubeconfigs()
	if err != nil {
		return nil, err
	}
	rules := &clientcmd.ClientConfigLoadingRules{Precedence: files, Warner: func(error) {}}
	loader := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, &clientcmd.ConfigOverrides{CurrentContext: c.cfg.Context})
	raw, err := loader.RawConfig()
	if err != nil {
		return nil, kubeconfigError(rules.Precedence, err)
	}
	c.name = cmp.Or(c.cfg.Context, raw.CurrentContext)
	if c.name == "" || len(raw.Contexts) == 0 {
		c.name = cmp.Or(c.name, "current context")
		return nil, &parity.Error{
			Code: parity.CodeConfig, What: "no kubeconfig names a cluster to read",
			Hint: "set kubeconfig or KUBECONFIG, or inCluster: true inside a cluster",
		}
	}
	if _, ok := raw.Contexts[c.name]; !ok {
		return nil, &parity.Error{
			Code: parity.CodeConfig, What: "the kubeconfig has no context " + c.name,
			Hint: "kubectl config get-contexts lists them",
		}
	}
	if err := c.checkCarried(files[0], raw); err != nil {
		return nil, err
	}
	conf, err := loader.ClientConfig()
	if err != nil {
		return nil, credentials(c.name, err)
	}
	return conf, nil
}

// close ends the connections that wait for a next request.
func (c *cluster) close() {
	if c.http != nil {
		utilnet.CloseIdleConnectionsFor(c.http.Transport)
	}
}

// kubeconfigs lists the files to read, the first one that says something wins.
func (c *cluster) kubeconfigs() ([]string, error) {
	if c.cfg.Kubeconfig != "" {
		p, err := place.UserFile(c.in.Root, filepath.ToSlash(c.cfg.Kubeconfig))
		switch {
		case err == nil && p.OnDisk != "":
			return []string{p.OnDisk}, nil
		case errors.Is(err, fs.ErrNotExist):
			return nil, &parity.Error{Code: parity.CodeUnavailable, What: "the kubeconfig is not there", Where: c.cfg.Kubeconfig, Hint: "correct kubeconfig in parity.yaml"}
		case err != nil:
			return nil, err
		}
		return nil, &parity.Error{Code: parity.CodeConfig, What: "the kubeconfig of a revision is not read", Where: c.cfg.Kubeconfig, Hint: "name a file on disk"}
	}
	if list, ok := c.in.Lookup("KUBECONFIG"); ok && list != "" {
		return filepath.SplitList(list), nil
	}
	if home, ok := c.in.Lookup("HOME"); ok && home != "" {
		return []string{filepath.Join(home, ".kube", "config")}, nil
	}
	return nil, nil
}

// kubeconfigError tells of a kubeconfig without quoting it: it holds
// credentials.
func kubeconfigError(files []string, _ error) error {
	e := &parity.Error{
		Code: parity.CodeConfig, What: "the kubeconfig cannot be read",
		Hint: "kubectl config view tells what is wrong with it",
	}
	if len(files) == 1 {
		e.Where = files[0]
	}
	return e
}

// credentials tells of a client that cannot be made.
func credentials(name string, err error) error {
	e := &parity.Error{
		Code: parity.CodeConfig, What: "the credentials of context " + name + " cannot be used",
		Hint: "kubectl --context " + name + " version tells what is wrong with them",
	}
	var path interface{ Timeout() bool }
	if errors.As(err, &path) && path.Timeout() {
		e.What += ": what hands them out does not answer"
	}
	return e
}

// display names the cluster in gaps and as an origin.
func (c *cluster) display() string { return "cluster " + c.name }

// origin is where an object was read.
func (c *cluster) origin(object string) *parity.Origin {
	return &parity.Origin{File: c.display(), Precision: parity.AtObject, Object: object}
}
