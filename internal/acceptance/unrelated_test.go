package acceptance

import (
	"testing"

	"github.com/envparity/parity"
)

// What a fact is does not depend on a file that has nothing to do with it: an
// environment without Terraform cannot say what production's state says, whether
// or not it has files of settings.
func TestClassDoesNotDependOnAnUnrelatedFile(t *testing.T) {
	const state = `{"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "a", "outputs": {}, "resources": [
  {"mode": "managed", "type": "terraform_data", "name": "a", "provider": "provider[\"terraform.io/builtin/terraform\"]", "instances": [{"schema_version": 0, "attributes": {"id": "x", "size": 4}}]},
  {"mode": "managed", "type": "aws_sqs_queue", "name": "b", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"schema_version": 0, "attributes": {"delay_seconds": 4}}]}]}`
	const web = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata: {A: '1'}\n"
	base := map[string]string{"web.yaml": web, "production.tfstate": state, "values.yaml": "app: {mode: fast}\n", "compose.yaml": "services: {web: {image: 'a/web:1'}}\n"}
	config := func(more string) string {
		return "version: 1\nenvironments:\n  - {name: dev, sources: [{path: web.yaml}" + more + "]}\n" +
			"  - {name: production, sources: [{path: web.yaml}, {collector: terraform, state: production.tfstate}" + more + "]}\ngate: {mode: block, failOn: info, minConfidence: 0}\n"
	}
	var first map[parity.Class]int
	for _, more := range []string{"", ", {path: compose.yaml}", ", {path: values.yaml}"} {
		files := map[string]string{"parity.yaml": config(more)}
		for name, text := range base {
			files[name] = text
		}
		code, r := judged(t, writeTree(t, files))
		var onState map[parity.Class]int
		for _, s := range []parity.Surface{parity.Data, parity.Platform} {
			for class, n := range r.Classes[0].Surfaces[s] {
				if onState == nil {
					onState = map[parity.Class]int{}
				}
				onState[class] += n
			}
		}
		if first == nil {
			first = onState
		}
		if code != 0 || onState[parity.Missing] > 0 || onState[parity.Unknown] != first[parity.Unknown] || first[parity.Unknown] == 0 {
			t.Errorf("with %q: exit %d, %v, want %v", more, code, onState, first)
		}
	}
	// An environment whose own state holds less lacks it.
	files := map[string]string{"dev.tfstate": `{"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "b", "outputs": {}, "resources": [
  {"mode": "managed", "type": "terraform_data", "name": "a", "provider": "provider[\"terraform.io/builtin/terraform\"]", "instances": [{"schema_version": 0, "attributes": {"id": "x", "size": 4}}]}]}`}
	for name, text := range base {
		files[name] = text
	}
	files["parity.yaml"] = "version: 1\nenvironments:\n  - {name: dev, sources: [{path: web.yaml}, {collector: terraform, state: dev.tfstate}]}\n" +
		"  - {name: production, sources: [{path: web.yaml}, {collector: terraform, state: production.tfstate}]}\ngate: {mode: block, failOn: info}\n"
	if code, r := judged(t, writeTree(t, files)); code != 1 {
		t.Errorf("exit %d: %+v", code, r.Verdict)
	}
}

// An environment that has a source of a format, and nothing in it, lacks what the
// reference has: that nothing is there was seen.
func TestSourceThatDeclaresNothing(t *testing.T) {
	files := map[string]string{
		"parity.yaml": "version: 1\nenvironments:\n" +
			"  - {name: staging, sources: [{path: app.env}, {collector: kubernetes-manifests, path: staging}]}\n" +
			"  - {name: production, sources: [{path: app.env}, {collector: kubernetes-manifests, path: production}]}\n" +
			"gate: {mode: block, minConfidence: 0}\n",
		"app.env":                       "A=1\nB=2\n",
		"staging/kustomization.yaml":    "resources: []\n",
		"production/kustomization.yaml": "resources: [p.yaml]\n",
		"production/p.yaml":             networkPolicy,
	}
	code, r := judged(t, writeTree(t, files))
	if code != 1 && code != 3 {
		t.Errorf("exit %d: %+v", code, r.Verdict)
	}
}
