package oci

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io/fs"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"

	"github.com/google/go-containerregistry/pkg/authn"

	"github.com/envparity/parity/internal/place"
)

// keychain finds the credentials of a registry as docker does: in the file
// config.json of DOCKER_CONFIG, or of .docker in the home directory, or in
// REGISTRY_AUTH_FILE, and through the helpers that the file names.
type keychain struct {
	lookup func(name string) (string, bool)
	mu     sync.Mutex
	read   bool
	file   dockerConfig
	err    error
	hosts  map[string]answer
}

type answer struct {
	auth authn.Authenticator
	err  error
}

func newKeychain(lookup func(string) (string, bool)) *keychain {
	return &keychain{lookup: lookup, hosts: map[string]answer{}}
}

// dockerConfig is what config.json says of credentials.
type dockerConfig struct {
	Auths   map[string]dockerAuth `json:"auths"`
	Store   string                `json:"credsStore"`
	Helpers map[string]string     `json:"credHelpers"`
}

type dockerAuth struct {
	Auth          string `json:"auth"`
	Username      string `json:"username"`
	Password      string `json:"password"`
	IdentityToken string `json:"identitytoken"`
	RegistryToken string `json:"registrytoken"`
}

// errCredentials says that credentials that are there cannot be used. It quotes
// none of them.
type errCredentials struct{ what string }

func (e *errCredentials) Error() string { return e.what }

// Resolve implements authn.Keychain.
func (k *keychain) Resolve(r authn.Resource) (authn.Authenticator, error) {
	return k.ResolveContext(context.Background(), r)
}

// ResolveContext implements authn.ContextKeychain. A registry is asked for
// once.
func (k *keychain) ResolveContext(ctx context.Context, r authn.Resource) (authn.Authenticator, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.read {
		k.file, k.err = k.load()
		k.read = true
	}
	if k.err != nil {
		return nil, k.err
	}
	if auth, ok := k.file.written(r.String()); ok {
		return auth.authenticator()
	}
	host := r.RegistryStr()
	known, ok := k.hosts[host]
	if !ok {
		known.auth, known.err = k.file.helped(ctx, host)
		if ctx.Err() == nil {
			k.hosts[host] = known
		}
	}
	return known.auth, known.err
}

// configBytes is the most that a file of credentials may hold.
const configBytes = 4 << 20

func (k *keychain) load() (dockerConfig, error) {
	var c dockerConfig
	path := ""
	if dir, ok := k.lookup("DOCKER_CONFIG"); ok && dir != "" {
		path = filepath.Join(dir, "config.json")
	} else if file, ok := k.lookup("REGISTRY_AUTH_FILE"); ok && file != "" {
		path = file
	} else if home, ok := k.lookup("HOME"); ok && home != "" {
		path = filepath.Join(home, ".docker", "config.json")
	}
	if path == "" {
		return c, nil
	}
	data, err := place.ReadNamed(path, configBytes)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, &errCredentials{"the file of registry credentials cannot be read"}
	}
	if json.Unmarshal(data, &c) != nil {
		return dockerConfig{}, &errCredentials{"the file of registry credentials is broken"}
	}
	return c, nil
}

// hub are the names under which docker keeps Docker Hub's credentials.
const hub = "index.docker.io"

// bare takes a scheme and the paths of old registries' APIs off a key.
func bare(key string) string {
	key = strings.TrimPrefix(strings.TrimPrefix(key, "https://"), "http://")
	key = strings.TrimSuffix(key, "/")
	key = strings.TrimSuffix(strings.TrimSuffix(key, "/v1"), "/v2")
	host, rest, ok := strings.Cut(key, "/")
	switch host {
	case "docker.io", "registry-1.docker.io":
		host = hub
	}
	if ok {
		return host + "/" + rest
	}
	return host
}

// written finds the credentials that the file itself holds for a repository:
// those of the longest key that is a beginning of it.
func (c *dockerConfig) written(repository string) (dockerAuth, bool) {
	best, found := "", dockerAuth{}
	repository = bare(repository)
	for key, auth := range c.Auths {
		k := bare(key)
		if k != repository && !strings.HasPrefix(repository, k+"/") || auth == (dockerAuth{}) {
			continue
		}
		if len(k) > len(best) || len(k) == len(best) && auth.Auth > found.Auth {
			best, found = k, auth
		}
	}
	return found, best != ""
}

func (a dockerAuth) authenticator() (authn.Authenticator, error) {
	c := authn.AuthConfig{Username: a.Username, Password: a.Password, IdentityToken: a.IdentityToken, RegistryToken: a.RegistryToken}
	if a.Auth != "" {
		text, err := base64.StdEncoding.DecodeString(a.Auth)
		user, password, ok := strings.Cut(strings.TrimRight(string(text), "\x00"), ":")
		if err != nil || !ok {
			return nil, &errCredentials{"the credentials of the registry are broken"}
		}
		c.Username, c.Password = user, password
	}
	return authn.FromConfig(c), nil
}

// helped asks the helper that the file names for a registry.
func (c *dockerConfig) helped(ctx context.Context, host string) (authn.Authenticator, error) {
	helper, server := c.Store, host
	for key, name := range c.Helpers {
		if bare(key) == bare(host) {
			helper = name
		}
	}
	if helper == "" {
		return authn.Anonymous, nil
	}
	if strings.ContainsAny(helper, `/\`) {
		return nil, &errCredentials{"the credential helper's name is a path"}
	}
	if host == hub {
		server = authn.DefaultAuthKey
	}
	cmd := exec.CommandContext(ctx, "docker-credential-"+helper, "get")
	cmd.Stdin = strings.NewReader(server)
	out := &head{left: configBytes}
	cmd.Stdout = out
	err := cmd.Run()
	if err != nil && bytes.Contains(out.buf.Bytes(), []byte("credentials not found")) {
		return authn.Anonymous, nil
	}
	var said struct{ Username, Secret string }
	if err != nil || json.Unmarshal(out.buf.Bytes(), &said) != nil {
		return nil, &errCredentials{"the credential helper " + helper + " gave no credentials"}
	}
	if said.Username == "<token>" {
		return authn.FromConfig(authn.AuthConfig{IdentityToken: said.Secret}), nil
	}
	return authn.FromConfig(authn.AuthConfig{Username: said.Username, Password: said.Secret}), nil
}

// head keeps the beginning of what is written.
type head struct {
	buf  bytes.Buffer
	left int
}

// Write implements io.Writer.
func (h *head) Write(p []byte) (int, error) {
	n := min(len(p), h.left)
	h.left -= n
	h.buf.Write(p[:n])
	return len(p), nil
}
