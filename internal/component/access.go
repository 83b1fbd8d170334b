package component

import (
	"path/filepath"
	"testing"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// Access is one way into one cluster: a server and who asks. Exactly one of
// Token and Cert with Key is set.
type Access struct {
	URL string
	// CA is the authority of the server's certificate, as PEM.
	CA    []byte
	Token string
	// Cert and Key are those of a user, as PEM.
	Cert, Key []byte
}

// Config returns the client-go configuration for the access, without rate limit or timeout.
func (a Access) Config() *rest.Config {
	return &rest.Config{
		Host: a.URL, BearerToken: a.Token, QPS: -1,
		TLSClientConfig: rest.TLSClientConfig{CAData: a.CA, CertData: a.Cert, KeyData: a.Key},
	}
}

// Kubeconfig writes a kubeconfig with one context for each access, and returns its
// path. The contexts may be of several clusters. The current context is the
// first by name.
func Kubeconfig(tb testing.TB, contexts map[string]Access) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "kubeconfig")
	if err := writeKubeconfig(path, contexts); err != nil {
		tb.Fatal(err)
	}
	return path
}

func writeKubeconfig(path string, contexts map[string]Access) error {
	config := api.NewConfig()
	for name, a := range contexts {
		config.Clusters[name] = &api.Cluster{Server: a.URL, CertificateAuthorityData: a.CA}
		config.AuthInfos[name] = &api.AuthInfo{Token: a.Token, ClientCertificateData: a.Cert, ClientKeyData: a.Key}
		config.Contexts[name] = &api.Context{Cluster: name, AuthInfo: name}
		if config.CurrentContext == "" || name < config.CurrentContext {
			config.CurrentContext = name
		}
	}
	return clientcmd.WriteToFile(*config, path)
}
