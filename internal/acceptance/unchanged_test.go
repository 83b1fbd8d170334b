package acceptance

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/cli"
	"github.com/envparity/parity/internal/component"
)

// clusterProject is a project of two environments in one cluster, each in the
// namespaces that begin with its name.
func clusterProject(t testing.TB, kubeconfig string) string {
	t.Helper()
	dir := project(t, fmt.Sprintf(`version: 1
project: scale
environments:
  - name: staging
    sources:
      - collector: kubernetes
        kubeconfig: %[1]s
        namespaces: [staging-*]
  - name: production
    reference: true
    sources:
      - collector: kubernetes
        kubeconfig: %[1]s
        namespaces: [production-*]
`, kubeconfig))
	if err := os.Mkdir(filepath.Join(dir, ".parity"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".parity", "key"), []byte("a key that only this test has, and long enough\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

// checkJSON runs check and gives its result.
func checkJSON(t testing.TB, dir string, args ...string) *parity.Result {
	t.Helper()
	var out, errs bytes.Buffer
	code := cli.Run(context.Background(), append([]string{"check", dir, "--format", "json"}, args...), cli.Process{
		Dir: dir, Stdin: bytes.NewReader(nil), Stdout: &out, Stderr: &errs, Now: today.UTC, Random: rand.Reader, Version: "test",
		Lookup: func(string) (string, bool) { return "", false },
	})
	if code > 1 {
		t.Fatalf("parity check: exit %d: %s", code, errs.String())
	}
	r := new(parity.Result)
	if err := json.Unmarshal(out.Bytes(), r); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestUnchangedCluster: what has not changed is neither read nor compared
// again, what has is, and the result is the same as without a cache.
func TestUnchangedCluster(t *testing.T) {
	const secret = "hunter2MARKER9x"
	cluster := component.Kubernetes(t)
	for i, env := range []string{"staging", "production"} {
		cluster.Apply(fmt.Sprintf(`
apiVersion: v1
kind: Namespace
metadata: {name: %[1]s-shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: %[1]s-shop}
data: {LOG_LEVEL: info, RETRIES: "%[2]d"}
---
apiVersion: v1
kind: Secret
metadata: {name: web, namespace: %[1]s-shop}
stringData: {password: %[3]s}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: %[1]s-shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: app, image: "registry.example/web:1", envFrom: [{configMapRef: {name: web}}, {secretRef: {name: web}}]}]
`, env, i, secret))
	}
	proxy := cluster.Proxy()
	dir := clusterProject(t, cluster.KubeconfigFor("cluster", proxy.Through(cluster.Admin())))
	objects := func() (whole, metadata int) {
		for _, r := range proxy.Requests() {
			if r.IsList() && strings.HasSuffix(r.Path, "/configmaps") {
				if r.Query.Get("limit") == "500" {
					whole++
				} else {
					metadata++
				}
			}
		}
		proxy.Reset()
		return whole, metadata
	}

	first := checkJSON(t, dir)
	if whole, metadata := objects(); whole != 2 || metadata != 0 {
		t.Errorf("the first check lists objects %d times and metadata %d times, want 2 and 0", whole, metadata)
	}
	if len(differences(first)) == 0 {
		t.Fatal("the environments do not differ, so the test shows nothing")
	}
	again := checkJSON(t, dir)
	if whole, metadata := objects(); whole != 0 || metadata != 2 {
		t.Errorf("the second check lists objects %d times and metadata %d times, want 0 and 2", whole, metadata)
	}
	if diff := cmp.Diff(first, again); diff != "" {
		t.Errorf("the second check comes to something else (-first +second):\n%s", diff)
	}

	cluster.Kubectl("-n", "staging-shop", "patch", "configmap", "web", "-p", `{"data":{"LOG_LEVEL":"debug"}}`)
	proxy.Reset()
	changed := checkJSON(t, dir)
	if whole, _ := objects(); whole != 1 {
		t.Errorf("after a change in one environment objects are listed %d times, want once: nothing of the other one has changed", whole)
	}
	if got, want := len(differences(changed)), len(differences(first))+1; got != want {
		t.Errorf("after a change there are %d differences, want %d", got, want)
	}
	fresh := checkJSON(t, dir, "--no-cache")
	if diff := cmp.Diff(fresh, changed, cmpopts.IgnoreFields(parity.EnvironmentResult{}, "Snapshot")); diff != "" {
		t.Errorf("without the cache it comes to something else (-without +with):\n%s", diff)
	}
	holdPrivate(t, filepath.Join(dir, ".parity", "cache"), secret)
}

// holdPrivate checks that a directory has files, that none of them can be read
// by others, and that none holds the text.
func holdPrivate(t *testing.T, dir, text string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s can be read by others", path)
		}
		data, err := os.ReadFile(path)
		if bytes.Contains(data, []byte(text)) {
			t.Errorf("%s holds a secret", path)
		}
		return err
	})
	if err != nil || files == 0 {
		t.Errorf("the cache has %d files: %v", files, err)
	}
}
