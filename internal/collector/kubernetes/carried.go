package kubernetes

import (
	"net/url"
	"path/filepath"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/trust"
)

// checkCarried refuses a kubeconfig that parity.yaml names and that lies in a
// git repository, if it would run a program or send a file from elsewhere:
// whoever may change the repository would have both. A kubeconfig outside of any
// repository, or of KUBECONFIG or the home directory, is the user's own.
func (c *cluster) checkCarried(named string, raw api.Config) error {
	if c.cfg.Kubeconfig == "" {
		return nil
	}
	file, err := filepath.EvalSymlinks(named)
	if err != nil {
		return nil //nolint:nilerr // what cannot be found is told of where it is read
	}
	top, ok := place.RepositoryOf(filepath.Dir(file))
	if !ok {
		return nil
	}
	refused := func(what string) error {
		return &parity.Error{
			Code: parity.CodeConfig, Where: c.cfg.Kubeconfig, What: "the kubeconfig lies in a repository and " + what + ", which is not obeyed there",
			Hint: "keep a kubeconfig with credentials outside of the repository, or name it with KUBECONFIG",
		}
	}
	context := raw.Contexts[c.name]
	if context == nil {
		return nil
	}
	if user := raw.AuthInfos[context.AuthInfo]; user != nil {
		if user.Exec != nil || user.AuthProvider != nil {
			return refused("names a program or a provider that hands out credentials")
		}
		for _, path := range []string{user.TokenFile, user.ClientCertificate, user.ClientKey} {
			if path != "" && !below(top, filepath.Dir(file), path) {
				return refused("names a credential's file that is not in it")
			}
		}
	}
	return nil
}

// checkEncrypted refuses to send a credential without encryption beyond this
// machine.
func checkEncrypted(name string, conf *rest.Config) error {
	at, err := url.Parse(conf.Host)
	if err != nil || at.Scheme != "http" || trust.Loopback(at.Hostname()) {
		return nil //nolint:nilerr // what is no address is told of where it is used
	}
	if conf.BearerToken == "" && conf.BearerTokenFile == "" && conf.Password == "" && conf.ExecProvider == nil && conf.AuthProvider == nil {
		return nil
	}
	return &parity.Error{
		Code: parity.CodeConfig, What: "the credentials of context " + name + " are not sent to " + at.Host + ": the connection is not encrypted",
		Hint: "write the server of the kubeconfig with https",
	}
}

// below reports whether a file is below top, its links resolved.
func below(top, dir, path string) bool {
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	rel, err := filepath.Rel(top, path)
	return err == nil && filepath.IsLocal(rel)
}
