package kubernetes

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/place"
)

// TestCarried holds what a kubeconfig that comes with a repository may not make
// Parity do, and that a user's own may.
func TestCarried(t *testing.T) {
	top, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	repo, outside := filepath.Join(top, "repo"), filepath.Join(top, "outside")
	for _, dir := range []string{filepath.Join(repo, ".git"), filepath.Join(repo, "deploy"), outside} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	token := filepath.Join(outside, "token")
	for _, name := range []string{token, filepath.Join(repo, "token")} {
		if err := os.WriteFile(name, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(token, filepath.Join(repo, "link")); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		user          api.AuthInfo
		within, other bool // whether it is refused in the repository, and outside
	}{
		"token":          {api.AuthInfo{Token: "x"}, false, false},
		"command":        {api.AuthInfo{Exec: &api.ExecConfig{APIVersion: "client.authentication.k8s.io/v1", Command: "true", InteractiveMode: api.NeverExecInteractiveMode}}, true, false},
		"file in it":     {api.AuthInfo{TokenFile: filepath.Join(repo, "token")}, false, false},
		"file elsewhere": {api.AuthInfo{TokenFile: token}, true, false},
		"link":           {api.AuthInfo{TokenFile: filepath.Join(repo, "link")}, true, false},
		"certificate":    {api.AuthInfo{ClientCertificate: token, ClientKey: token}, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			config := api.NewConfig()
			config.Clusters["c"] = &api.Cluster{Server: "https://127.0.0.1:1"}
			config.AuthInfos["u"] = &c.user
			config.Contexts["x"] = &api.Context{Cluster: "c", AuthInfo: "u"}
			config.CurrentContext = "x"
			for dir, want := range map[string]bool{filepath.Join(repo, "deploy"): c.within, outside: c.other} {
				file := filepath.Join(dir, "kubeconfig")
				if err := clientcmd.WriteToFile(*config, file); err != nil {
					t.Fatal(err)
				}
				in := collector.Input{Root: place.Dir(repo, place.WithOutside(true)), Lookup: func(string) (string, bool) { return "", false }}
				_, err := (&cluster{in: in, cfg: Config{Kubeconfig: file}}).restConfig()
				if got := err != nil && strings.Contains(err.Error(), "lies in a repository"); got != want {
					t.Errorf("%s: %v", dir, err)
				}
			}
		})
	}
}
