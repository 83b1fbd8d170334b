package kubernetes

import (
	"encoding/base64"
	"os"
	"strings"
	"testing"

	"github.com/envparity/parity/internal/collector/collectortest"
)

// secretive holds the suite's secret wherever an object of a cluster may.
const secretive = `
apiVersion: v1
kind: Namespace
metadata: {name: secretive}
---
apiVersion: v1
kind: Secret
metadata:
  name: login
  namespace: secretive
  annotations: {example.com/password: "%SECRET_JSON%"}
data: {password: "%SECRET_BASE64%", word: "` + "WORD64" + `"}
stringData: {token: "%SECRET_JSON%"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: secretive}
data:
  LEVEL: info
  DB_PASSWORD: "%SECRET_JSON%"
  url: "postgres://shop:%SECRET_URL%@db.example/shop"
  app.yaml: |
    level: info
    password: %SECRET_WORD%
  app.json: '{"a": {"client_secret": "%SECRET_WORD%"}}'
binaryData: {key.pem: "PEM64"}
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: logins.secretive.example}
spec:
  group: secretive.example
  names: {kind: Login, plural: logins, singular: login}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
---
apiVersion: v1
kind: Pod
metadata: {name: alone, namespace: secretive}
spec:
  containers:
  - name: web
    image: registry.example/web:1
    args: ["--password=%SECRET_WORD%", "--level", "info"]
    env:
    - {name: API_TOKEN, value: "%SECRET_JSON%"}
    - {name: DATABASE_URL, value: "postgres://shop:%SECRET_URL%@db.example/shop"}
    - {name: LEVEL, value: info}
    readinessProbe: {httpGet: {port: 80, httpHeaders: [{name: Authorization, value: "Bearer %SECRET_WORD%"}]}}
`

// lastApplied is applied by the client, which keeps the object as an annotation.
const lastApplied = `
apiVersion: v1
kind: Secret
metadata: {name: applied, namespace: secretive}
stringData: {token: "%SECRET_JSON%"}
---
apiVersion: secretive.example/v1
kind: Login
metadata: {name: custom, namespace: secretive}
spec: {level: info, password: "%SECRET_JSON%", endpoint: "https://user:%SECRET_WORD%@host.example/"}
`

func TestConformance(t *testing.T) {
	c := shared.Cluster(t)
	manifests := strings.NewReplacer(
		"WORD64", base64.StdEncoding.EncodeToString([]byte(collectortest.Fill("%SECRET_WORD%"))),
		"PEM64", base64.StdEncoding.EncodeToString([]byte("-----BEGIN PRIVATE KEY-----\n"+collectortest.Fill("%SECRET_WORD%")+"\n-----END PRIVATE KEY-----\n")),
	).Replace(secretive)
	fill := func(text string) string { return strings.ReplaceAll(collectortest.Fill(text), `\/`, "/") } // no YAML escape
	c.Apply(fill(manifests))
	c.Kubectl("wait", "--for=condition=Established", "--timeout=30s", "crd/logins.secretive.example")
	if out, err := c.TryKubectl(fill(lastApplied), "apply", "-f", "-"); err != nil {
		t.Fatal(out)
	}
	c.Kubectl("-n", "secretive", "wait", "--for=condition=Ready", "--timeout=60s", "pod/alone")
	kubeconfig, err := os.ReadFile(c.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	// The password is no credential that is used: it stands there to be found.
	text := strings.Replace(string(kubeconfig), "kind: Config", "kind: Config\n# %SECRET_WORD%", 1)
	elsewhere := strings.Replace(text, c.URL, "https://127.0.0.1:1", 1)
	config := func(context string) *Config {
		return &Config{Kubeconfig: "kubeconfig", Context: context, Namespaces: []string{"secretive"}, Timeout: 10}
	}
	collectortest.Run(t, collectortest.Case{
		Name: "cluster", Collector: New(), NoFiles: true,
		Files:  map[string]string{"kubeconfig": text},
		Config: config(""),
		Facts: []string{
			"/data/password", "/data/token", "/data/LEVEL", "/spec/containers[name=web]/env[name=API_TOKEN]/value",
			"/spec/password", "/version", "/metadata/annotations/kubectl.kubernetes.io/last-applied-configuration",
		},
		Broken: []collectortest.Broken{
			{Name: "no such context", Config: config("nowhere"), Reason: "the kubeconfig has no context nowhere"},
			{Name: "no kubeconfig", Remove: []string{"kubeconfig"}, Reason: "the kubeconfig is not there"},
			{Name: "no YAML", Files: map[string]string{"kubeconfig": "users: [{%SECRET_WORD%: \"%SECRET_JSON%"}, Reason: "the kubeconfig cannot be read"},
			{Name: "another type", Files: map[string]string{"kubeconfig": "apiVersion: v1\nkind: Config\nusers: {\"%SECRET_JSON%\": %SECRET_WORD%}\n"}, Reason: "the kubeconfig cannot be read"},
			{Name: "a certificate that is none", Files: map[string]string{"kubeconfig": brokenCertificate}, Reason: "the credentials of context a cannot be used"},
			{Name: "no server", Files: map[string]string{"kubeconfig": elsewhere}, Reason: "the server cannot be reached"},
			{Name: "no name", Files: map[string]string{"kubeconfig": strings.Replace(text, c.URL, "https://cluster.invalid", 1)}, Reason: "the server's name cannot be resolved"},
			{Name: "no such command", Files: map[string]string{"kubeconfig": failingCommand}, Reason: "the command that hands out credentials"},
		},
	})
}

const brokenCertificate = `
apiVersion: v1
kind: Config
current-context: a
clusters: [{name: a, cluster: {server: "https://127.0.0.1:1"}}]
contexts: [{name: a, context: {cluster: a, user: a}}]
users: [{name: a, user: {client-certificate-data: "%SECRET_BASE64%", client-key-data: "%SECRET_BASE64%"}}]
`

const failingCommand = `
apiVersion: v1
kind: Config
current-context: a
clusters: [{name: a, cluster: {server: "https://127.0.0.1:1"}}]
contexts: [{name: a, context: {cluster: a, user: a}}]
users: [{name: a, user: {exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: /no/such/command, args: ["%SECRET_WORD%"], env: [{name: TOKEN, value: "%SECRET_WORD%"}]}}}]
`
