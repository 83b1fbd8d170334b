package manifests

import (
	"testing"

	"github.com/envparity/parity/internal/collector/collectortest"
)

const conformingDeployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  template:
    spec:
      containers:
        - name: web
          image: registry.example.com/web:1.0
          env:
            - {name: DB_PASSWORD, value: '%SECRET%'}
---
apiVersion: v1
kind: Secret
metadata: {name: db}
type: Opaque
data: {password: %SECRET_BASE64%}
`

func TestConformance(t *testing.T) {
	broken := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata:\n  DB_PASSWORD: \"%SECRET_JSON%\n  URL: postgres://u:%SECRET_URL%@db\n x: [\n"
	collectortest.Run(t,
		collectortest.Case{
			Name: "manifests", Collector: New(), Config: &Config{Path: "deploy"},
			Files: map[string]string{"deploy/web.yaml": conformingDeployment, "deploy/below/cm.json": `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"A":"1"}}`},
			Facts: []string{"/spec/template/spec/containers[name=web]/image", "/data/A"},
			Broken: []collectortest.Broken{
				{Name: "a file", Files: map[string]string{"deploy/x.yaml": broken}, Keeps: true, Reason: "deploy/x.yaml cannot be read"},
				{Name: "JSON", Files: map[string]string{"deploy/x.json": `{"apiVersion": "v1", "password": "%SECRET_JSON%" "x"`}, Keeps: true, Reason: "deploy/x.json cannot be read"},
			},
		},
		collectortest.Case{
			Name: "kustomization", Collector: New(), Config: &Config{Path: "over"},
			Files: map[string]string{
				"base/web.yaml": conformingDeployment, "base/kustomization.yaml": "resources: [web.yaml]\n",
				"over/kustomization.yaml": "resources: [../base]\nnamespace: staging\nsecretGenerator:\n  - name: made\n    literals: ['password=%SECRET%']\n",
			},
			Facts: []string{"/spec/template/spec/containers[name=web]/image"},
			Broken: []collectortest.Broken{
				{Name: "the kustomization", Files: map[string]string{"over/kustomization.yaml": "resources: [../base]\npassword: '%SECRET%'\n"}, Reason: "cannot be rendered"},
				{Name: "its syntax", Files: map[string]string{"over/kustomization.yaml": "resources: [../base\npassword: \"%SECRET_JSON%\n"}, Reason: "cannot be rendered"},
				{Name: "a resource", Files: map[string]string{"over/kustomization.yaml": "resources: [../base, x.yaml]\n", "over/x.yaml": broken}, Keeps: true, Reason: "over/x.yaml"},
				{Name: "a base", Files: map[string]string{"base/web.yaml": broken}, Reason: "base/web.yaml"},
				{Name: "a patch", Files: map[string]string{"over/kustomization.yaml": "resources: [../base]\npatches:\n  - patch: 'password: \"%SECRET_JSON%'\n"}, Reason: "cannot be rendered"},
				{Name: "a merge patch without an object", Files: map[string]string{"over/kustomization.yaml": "resources: [../base]\npatches:\n  - patch: '{apiVersion: v1, kind: Secret, metadata: {name: gone}, stringData: {p: %SECRET_WORD%}}'\n"}, Keeps: true, Reason: "which is not there"},
				{Name: "a schema", Files: map[string]string{"over/kustomization.yaml": "resources: [../base]\nopenapi: {path: s.json}\npatches:\n  - patch: '{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2}}'\n", "over/s.json": `{"definitions": ["%SECRET_WORD%"]}`}, Reason: "cannot be rendered"},
			},
		},
		collectortest.Case{
			Name: "chart", Collector: New(), Config: &Config{Path: "chart", Values: []string{"values-staging.yaml"}},
			Files: map[string]string{
				"chart/Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n", "chart/templates/web.yaml": conformingDeployment,
				"chart/templates/cm.yaml": "apiVersion: v1\nkind: Secret\nmetadata: {name: made}\nstringData: {token: {{ .Values.token | quote }}}\n",
				"values-staging.yaml":     "token: %SECRET_WORD%\n",
			},
			Facts: []string{"/spec/template/spec/containers[name=web]/image"},
			Broken: []collectortest.Broken{
				{Name: "fail", Files: map[string]string{"chart/templates/f.yaml": `{{ fail (printf "no %s" .Values.token) }}`}, Keeps: true, Reason: "f.yaml fails"},
				{Name: "what is made", Files: map[string]string{"chart/templates/f.yaml": "a: {{ .Values.token }}: b\n"}, Keeps: true, Reason: "not YAML"},
				{Name: "a template", Files: map[string]string{"chart/templates/f.yaml": "a: {{ \"%SECRET_WORD%\" \n"}, Keeps: true, Reason: "f.yaml fails"},
				{Name: "values", Files: map[string]string{"values-staging.yaml": "token: \"%SECRET_JSON%\n"}, Reason: "the values file cannot be read"},
				{Name: "chart values", Files: map[string]string{"chart/values.yaml": "- %SECRET_WORD%\n"}, Reason: "the chart cannot be read"},
				{Name: "schema", Files: map[string]string{"chart/values.schema.json": `{"properties":{"token":{"enum":["a"]}}}`}, Keeps: true, Reason: "/token"},
				{Name: "chart file", Files: map[string]string{"chart/Chart.yaml": "apiVersion: v2\nname: %SECRET_WORD%/..\nversion: x\n"}, Reason: "the chart cannot be read"},
				{Name: "version", Config: &Config{Path: "chart", KubeVersion: "new"}, Reason: "not a Kubernetes version"},
			},
		})
}
