package acceptance

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// secretEnvs are the two environments of the corpus; the second is the
// reference.
var secretEnvs = [2]string{"staging", "production"}

// tree is the files of the corpus's project, by path.
type tree map[string]string

// write writes the files below a directory.
func (f tree) write(t testing.TB, dir string) {
	t.Helper()
	for name, text := range f {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// setting is a name with its values at one place.
type setting struct {
	name  string
	value sides
}

// settingPlaces are the places at which a setting can be planted, with the
// function that writes a group of settings with different names.
var settingPlaces = []struct {
	name  string
	plain bool // names must be identifiers
	write func(f tree, env string, group int, s []setting, side int)
}{
	{name: "configmap", write: writeConfigMap},
	{name: "env", plain: true, write: writeContainerEnv},
	{name: "dotenv", plain: true, write: writeDotenv},
	{name: "helm", write: writeHelmValues},
	{name: "kustomize", plain: true, write: writeKustomize},
	{name: "compose", plain: true, write: writeCompose},
	{name: "yaml", write: writeYAML},
	{name: "json", write: writeJSON},
	{name: "toml", write: writeTOML},
	{name: "ini", write: writeINI},
	{name: "properties", write: writeProperties},
	{name: "custom resource", write: writeCustomResource},
	{name: "annotation", write: writeAnnotations},
	{name: "terraform state", write: writeState},
	{name: "terraform plan", write: writePlan},
	{name: "exec", plain: true, write: writeExec},
	{name: "json in a configmap", write: writeEmbedded},
}

var identifierName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// board collects settings by place.
type board struct {
	next   int
	groups map[string][][]setting
}

// place returns the next place that can hold the name.
func (b *board) place(name string) string {
	for {
		p := settingPlaces[b.next%len(settingPlaces)]
		b.next++
		if !p.plain || identifierName.MatchString(name) {
			return p.name
		}
	}
}

// add puts a setting into the first group of the place without its name.
func (b *board) add(place string, s setting) {
	groups := b.groups[place]
next:
	for i, g := range groups {
		for _, other := range g {
			if strings.EqualFold(other.name, s.name) {
				continue next
			}
		}
		groups[i] = append(g, s)
		return
	}
	b.groups[place] = append(groups, []setting{s})
}

// write writes all groups for both environments.
func (b *board) write(f tree) {
	for _, p := range settingPlaces {
		for i, g := range b.groups[p.name] {
			for side, env := range secretEnvs {
				p.write(f, env, i, g, side)
			}
		}
	}
}

func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// lines writes each setting by a format with the name and the quoted value.
func lines(s []setting, side int, format string) string {
	var b strings.Builder
	for _, x := range s {
		fmt.Fprintf(&b, format, x.name, quote(x.value[side]))
	}
	return b.String()
}

func writeConfigMap(f tree, env string, n int, s []setting, side int) {
	f[fmt.Sprintf("%s/k8s/settings-%d.yaml", env, n)] = fmt.Sprintf(
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings-%d}\ndata:\n%s", n, lines(s, side, "  %s: %s\n"))
}

func writeContainerEnv(f tree, env string, n int, s []setting, side int) {
	f[fmt.Sprintf("%s/k8s/env-%d.yaml", env, n)] = deployment(fmt.Sprintf("env-%d", n),
		"        env:\n"+lines(s, side, "        - {name: %s, value: %s}\n"), "")
}

// deployment is a Deployment with further lines of its container and of its
// metadata.
func deployment(name, container, metadata string) string {
	return fmt.Sprintf(`apiVersion: apps/v1
kind: Deployment
metadata:
  name: %[1]s
%[3]sspec:
  selector: {matchLabels: {app: %[1]s}}
  template:
    metadata: {labels: {app: %[1]s}}
    spec:
      containers:
      - name: main
        image: r.example.com/shop/%[1]s:1.0.0
%[2]s`, name, container, metadata)
}

func writeDotenv(f tree, env string, n int, s []setting, side int) {
	var b strings.Builder
	for _, x := range s {
		fmt.Fprintf(&b, "%s='%s'\n", x.name, strings.ReplaceAll(x.value[side], "'", ""))
	}
	f[fmt.Sprintf("%s/dot/%d.env", env, n)] = b.String()
}

func writeHelmValues(f tree, env string, n int, s []setting, side int) {
	f["chart/Chart.yaml"] = "apiVersion: v2\nname: shop\nversion: 1.0.0\n"
	f["chart/templates/all.yaml"] = `{{- range $n, $group := .Values.groups }}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: chart-{{ $n }}}
data: {{ toJson $group }}
{{- end }}
`
	f[fmt.Sprintf("%s/values-%d.yaml", env, n)] = fmt.Sprintf("groups:\n  g%d:\n%s", n, lines(s, side, "    %s: %s\n"))
}

func writeKustomize(f tree, env string, n int, s []setting, side int) {
	var b strings.Builder
	for _, x := range s {
		fmt.Fprintf(&b, "%s=%s\n", x.name, strings.ReplaceAll(x.value[side], "\n", " "))
	}
	f[fmt.Sprintf("%s/kustomize/g%d.env", env, n)] = b.String()
	path := env + "/kustomize/kustomization.yaml"
	if f[path] == "" {
		f[path] = "generatorOptions: {disableNameSuffixHash: true}\nconfigMapGenerator:\n"
	}
	f[path] += fmt.Sprintf("- {name: kustomized-%d, envs: [g%d.env]}\n", n, n)
}

func writeCompose(f tree, env string, n int, s []setting, side int) {
	path := env + "/compose.yaml"
	if f[path] == "" {
		f[path] = "name: shop\nservices:\n"
	}
	text := strings.ReplaceAll(lines(s, side, "      %s: %s\n"), "$", "$$")
	f[path] += fmt.Sprintf("  composed-%d:\n    image: r.example.com/shop/c:1\n    environment:\n%s", n, text)
}

func writeYAML(f tree, env string, n int, s []setting, side int) {
	f[fmt.Sprintf("%s/files/y%d.yaml", env, n)] = "app:\n" + lines(s, side, "  %s: %s\n")
}

func writeJSON(f tree, env string, n int, s []setting, side int) {
	f[fmt.Sprintf("%s/files/j%d.json", env, n)] = `{"app":{` + strings.TrimSuffix(lines(s, side, "\n%q: %s,"), ",") + "\n}}\n"
}

func writeTOML(f tree, env string, n int, s []setting, side int) {
	f[fmt.Sprintf("%s/files/t%d.toml", env, n)] = "[app]\n" + lines(s, side, "%q = %s\n")
}

func writeINI(f tree, env string, n int, s []setting, side int) {
	var b strings.Builder
	for _, x := range s {
		fmt.Fprintf(&b, "%s = %s\n", x.name, x.value[side])
	}
	f[fmt.Sprintf("%s/files/i%d.ini", env, n)] = "[app]\n" + b.String()
}

func writeProperties(f tree, env string, n int, s []setting, side int) {
	var b strings.Builder
	for _, x := range s {
		fmt.Fprintf(&b, "app.%s=%s\n", x.name, strings.ReplaceAll(x.value[side], `\`, `\\`))
	}
	f[fmt.Sprintf("%s/files/p%d.properties", env, n)] = b.String()
}

func writeCustomResource(f tree, env string, n int, s []setting, side int) {
	f[fmt.Sprintf("%s/k8s/widget-%d.yaml", env, n)] = fmt.Sprintf(
		"apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: widget-%d}\nspec:\n  options:\n%s", n, lines(s, side, "    %s: %s\n"))
}

func writeAnnotations(f tree, env string, n int, s []setting, side int) {
	f[fmt.Sprintf("%s/k8s/annotated-%d.yaml", env, n)] = deployment(fmt.Sprintf("annotated-%d", n), "",
		"  annotations:\n"+lines(s, side, "    example.com/%s: %s\n"))
}

// lambda is the attributes of a function with variables.
func lambda(s []setting, side int) map[string]any {
	variables := map[string]string{}
	for _, x := range s {
		variables[x.name] = x.value[side]
	}
	return map[string]any{"function_name": "f", "environment": []any{map[string]any{"variables": variables}}}
}

func encode(v any) string {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		panic(err)
	}
	return string(b)
}

func writeState(f tree, env string, n int, s []setting, side int) {
	f[fmt.Sprintf("%s/tf/s%d.tfstate", env, n)] = encode(map[string]any{
		"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "a", "outputs": map[string]any{},
		"resources": []any{map[string]any{
			"mode": "managed", "type": "aws_lambda_function", "name": fmt.Sprintf("state%d", n),
			"provider":  `provider["example.com/hashicorp/aws"]`,
			"instances": []any{map[string]any{"schema_version": 0, "attributes": lambda(s, side)}},
		}},
	})
}

func writePlan(f tree, env string, n int, s []setting, side int) {
	name := fmt.Sprintf("plan%d", n)
	resource := map[string]any{
		"address": "aws_lambda_function." + name, "mode": "managed", "type": "aws_lambda_function", "name": name,
		"provider_name": "example.com/hashicorp/aws", "schema_version": 0, "values": lambda(s, side),
	}
	module := map[string]any{"root_module": map[string]any{"resources": []any{resource}}}
	f[fmt.Sprintf("%s/tf/p%d.json", env, n)] = encode(map[string]any{
		"format_version": "1.2", "terraform_version": "1.9.0", "planned_values": module,
		"prior_state":      map[string]any{"format_version": "1.0", "terraform_version": "1.9.0", "values": module},
		"resource_changes": []any{}, "configuration": map[string]any{},
	})
}

func writeExec(f tree, env string, n int, s []setting, side int) {
	var b strings.Builder
	for _, x := range s {
		fmt.Fprintf(&b, "%s='%s'\n", x.name, strings.ReplaceAll(x.value[side], "'", ""))
	}
	f[fmt.Sprintf("%s/exec/%d.txt", env, n)] = b.String()
}

func writeEmbedded(f tree, env string, n int, s []setting, side int) {
	text := "{" + strings.TrimSuffix(lines(s, side, "%q: %s, "), ", ") + "}"
	f[fmt.Sprintf("%s/k8s/embedded-%d.yaml", env, n)] = fmt.Sprintf(
		"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: embedded-%d}\ndata:\n  app.json: %s\n", n, quote(text))
}
