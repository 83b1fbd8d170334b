package kubernetes

import (
	"path/filepath"

	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
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
