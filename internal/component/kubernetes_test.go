package component_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/envparity/parity/internal/component"
)

func client(t *testing.T, config *rest.Config) *kubernetes.Clientset {
	t.Helper()
	c, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func configOf(t *testing.T, kubeconfig, name string) *rest.Config {
	t.Helper()
	config, err := clientcmd.NewNonInteractiveDeferredLoadingClientConfig(
		&clientcmd.ClientConfigLoadingRules{ExplicitPath: kubeconfig}, &clientcmd.ConfigOverrides{CurrentContext: name}).ClientConfig()
	if err != nil {
		t.Fatal(err)
	}
	return config
}

const configMap = `
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: default}
data: {LEVEL: %LEVEL%}
`

// TestTwoClusters holds that two clusters at once are two: each has its own
// objects, its own authority and its own service accounts, and one kubeconfig
// can name both.
func TestTwoClusters(t *testing.T) {
	started := time.Now()
	clusters := component.Several(t, 2)
	staging, production := clusters[0], clusters[1]
	t.Logf("two clusters took %s", time.Since(started).Round(10*time.Millisecond))
	staging.Apply(strings.ReplaceAll(configMap, "%LEVEL%", "debug"))
	production.Apply(strings.ReplaceAll(configMap, "%LEVEL%", "info"))

	both := component.Kubeconfig(t, map[string]component.Access{"staging": staging.Admin(), "production": production.Admin()})
	for name, want := range map[string]string{"staging": "debug", "production": "info"} {
		got, err := client(t, configOf(t, both, name)).CoreV1().ConfigMaps("default").Get(context.Background(), "settings", metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if got.Data["LEVEL"] != want {
			t.Errorf("%s has the level %q, want %q", name, got.Data["LEVEL"], want)
		}
	}
	wrong := staging.WithToken(production.Token("default", "reader"))
	_, err := client(t, wrong.Config()).CoreV1().ConfigMaps("default").Get(context.Background(), "settings", metav1.GetOptions{})
	if !apierrors.IsUnauthorized(err) {
		t.Errorf("a token of production at staging gives %v, want unauthorized", err)
	}
}

// TestRefusal holds that the API server refuses, by RBAC, what no role allows.
func TestRefusal(t *testing.T) {
	c := shared.Cluster(t)
	c.Apply(`
apiVersion: v1
kind: Namespace
metadata: {name: refusal}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: refusal}
rules:
- {apiGroups: [""], resources: [configmaps], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: refusal}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
- {kind: ServiceAccount, name: reader, namespace: refusal}
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: readers}
`)
	for name, access := range map[string]component.Access{
		"account": c.WithToken(c.Token("refusal", "reader")),
		"user":    c.User("ann", "readers"),
	} {
		t.Run(name, func(t *testing.T) {
			core := client(t, configOf(t, c.For(t).KubeconfigFor(name, access), "")).CoreV1()
			if _, err := core.ConfigMaps("refusal").List(context.Background(), metav1.ListOptions{}); err != nil {
				t.Errorf("a list of config maps, which the role allows: %v", err)
			}
			if _, err := core.Secrets("refusal").List(context.Background(), metav1.ListOptions{}); !apierrors.IsForbidden(err) {
				t.Errorf("a list of secrets, which the role does not allow, gives %v", err)
			}
		})
	}
	if out, err := c.TryKubectl("", "get", "nonsense"); err == nil || !strings.Contains(out, "nonsense") {
		t.Errorf("kubectl says %q and %v of a kind that there is not", out, err)
	}
}

// TestRunning holds that a Deployment becomes pods that run, with the digests
// that a runtime reports.
func TestRunning(t *testing.T) {
	c := shared.Cluster(t)
	byDigest := "ghcr.example/tool@sha256:" + strings.Repeat("2", 64)
	c.Apply(`
apiVersion: v1
kind: Namespace
metadata: {name: running}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: running}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      initContainers:
      - {name: migrate, image: "` + byDigest + `"}
      containers:
      - {name: web, image: "` + pinnedImage + `"}
      - {name: proxy, image: nginx}
---
apiVersion: batch/v1
kind: Job
metadata: {name: once, namespace: running}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: once, image: "busybox:1.36"}]
`)
	c.Kubectl("-n", "running", "wait", "--for=condition=Available", "--timeout=60s", "deployment/web")
	c.Kubectl("-n", "running", "wait", "--for=condition=Complete", "--timeout=60s", "job/once")
	pods, err := client(t, c.Config()).CoreV1().Pods("running").List(context.Background(), metav1.ListOptions{LabelSelector: "app=web"})
	if err != nil {
		t.Fatal(err)
	}
	if len(pods.Items) != 2 {
		t.Fatalf("%d pods, want 2", len(pods.Items))
	}
	for _, pod := range pods.Items {
		if pod.Status.Phase != corev1.PodRunning || pod.Spec.NodeName == "" {
			t.Errorf("%s is %s on node %q", pod.Name, pod.Status.Phase, pod.Spec.NodeName)
		}
		got := map[string]string{}
		for _, s := range append(pod.Status.InitContainerStatuses, pod.Status.ContainerStatuses...) {
			got[s.Name] = s.ImageID
		}
		if want := "registry.example:5000/shop/web@" + pinnedDigest; got["web"] != want {
			t.Errorf("web runs %q, want %q", got["web"], want)
		}
		if got["migrate"] != byDigest {
			t.Errorf("migrate ran %q, want %q", got["migrate"], byDigest)
		}
		if !strings.HasPrefix(got["proxy"], "docker.io/library/nginx@sha256:") {
			t.Errorf("proxy runs %q", got["proxy"])
		}
	}
}

// TestAutoscaler holds that the controllers act on what is there: an autoscaler
// raises the replicas to its minimum.
func TestAutoscaler(t *testing.T) {
	c := shared.Cluster(t)
	namespace := c.Namespace()
	c.Kubectl("-n", namespace, "create", "deployment", "web", "--image=nginx:1.29")
	c.Kubectl("-n", namespace, "autoscale", "deployment", "web", "--min=3", "--max=5")
	c.Kubectl("-n", namespace, "wait", "--for=jsonpath={.spec.replicas}=3", "--timeout=60s", "deployment/web")
}

// TestEverythingEnds holds that a cluster and a proxy leave neither processes nor
// files nor goroutines.
func TestEverythingEnds(t *testing.T) {
	before := goleak.IgnoreCurrent()
	var dir, url string
	t.Run("start", func(t *testing.T) {
		c := component.Kubernetes(t)
		dir, url = filepath.Dir(c.Kubeconfig), c.URL
		for _, config := range []*rest.Config{c.Config(), c.Proxy().Through(c.Admin()).Config()} {
			if _, err := client(t, config).CoreV1().Namespaces().List(context.Background(), metav1.ListOptions{}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := os.Stat(dir); err != nil {
			t.Fatal(err)
		}
	})
	if t.Skipped() || dir == "" {
		t.Skip("there was no cluster")
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s is still there: %v", dir, err)
	}
	if _, err := client(t, &rest.Config{Host: url, Timeout: time.Second, TLSClientConfig: rest.TLSClientConfig{Insecure: true}}).ServerVersion(); err == nil {
		t.Error("the API server still answers")
	}
	goleak.VerifyNone(t, before)
}
