package component

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"testing"
)

// RegistryServer is a running OCI registry, over plain HTTP, empty at first. It
// lets manifests be deleted and tags be moved.
type RegistryServer struct {
	// Host is host and port, as an image reference begins.
	Host string
	// URL is the address of the same.
	URL *url.URL
}

// Registry starts the registry of the distribution project for one test.
func Registry(tb testing.TB) *RegistryServer {
	tb.Helper()
	path := Binary(tb, "registry")
	g, err := newGroup()
	if err != nil {
		tb.Fatal(err)
	}
	r := &RegistryServer{}
	// A header by which this registry is told from another test's, should that
	// have taken the port.
	mark := filepath.Base(g.dir)
	config := filepath.Join(g.dir, "config.yml")
	err = g.run(path, func() []string {
		r.Host = loopback + ":" + freePort()
		r.URL = &url.URL{Scheme: "http", Host: r.Host}
		text := fmt.Sprintf(registryConfig, filepath.Join(g.dir, "registry"), r.Host, mark)
		if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
			tb.Error(err)
		}
		return []string{"serve", config}
	}, func() error { return r.ready(mark) })
	if err != nil {
		g.close()
		tb.Fatal(err)
	}
	g.closeWith(tb)
	return r
}

const registryConfig = `version: 0.1
log: {level: info, accesslog: {disabled: false}}
storage:
  delete: {enabled: true}
  filesystem: {rootdirectory: %q}
  maintenance: {uploadpurging: {enabled: false}}
http: {addr: %q, headers: {X-Test-Registry: [%q]}}
`

func (r *RegistryServer) ready(mark string) error {
	header, err := probe(r.URL.JoinPath("/v2/"))
	if err != nil {
		return err
	}
	if header.Get("X-Test-Registry") != mark {
		return errors.New("another registry listens on the port")
	}
	return nil
}
