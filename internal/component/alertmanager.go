package component

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"
)

// Alertmanager starts an Alertmanager with the text of its configuration, for
// one test, and returns its address. It belongs to no cluster.
func Alertmanager(tb testing.TB, config string, flags ...string) *url.URL {
	tb.Helper()
	path := Binary(tb, "alertmanager")
	g, err := newGroup()
	if err != nil {
		tb.Fatal(err)
	}
	file := filepath.Join(g.dir, "alertmanager.yml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		tb.Fatal(err)
	}
	var at *url.URL
	err = g.run(path, func() []string {
		at = plain(freePort())
		return append([]string{
			"--config.file=" + file, "--storage.path=" + filepath.Join(g.dir, "data"), "--web.listen-address=" + at.Host,
			"--cluster.listen-address=", "--log.level=warn",
		}, flags...)
	}, func() error {
		_, err := probe(at.JoinPath("/-/ready"))
		return err
	})
	if err != nil {
		g.close()
		tb.Fatal(err)
	}
	g.closeWith(tb)
	return at
}
