package acceptance

import (
	"fmt"
	"maps"
	"strings"
)

// files are the files of a planted project.
func (p *plantedProject) files() map[string]string {
	files := map[string]string{"parity.yaml": p.config()}
	for _, unit := range p.units {
		for _, c := range p.columns {
			own := p.unit(unit, c)
			if how, is := p.isBlind(unit, c); is {
				own = spoil(own, unit, how)
			}
			for name, text := range own {
				files[unitDir(unit, c)+"/"+name] = text
			}
		}
	}
	return files
}

// unitDir is the directory of a unit in a column.
func unitDir(unit, column string) string {
	return unit + "/" + strings.ReplaceAll(column, "/", "-")
}

func (p *plantedProject) config() string {
	var b strings.Builder
	b.WriteString("version: 1\nenvironments:\n")
	environment := ""
	for _, c := range p.columns {
		name, instance, has := strings.Cut(c, "/")
		if has && name != environment {
			fmt.Fprintf(&b, "  - name: %s\n    reference: true\n    instances:\n", name)
		}
		environment = name
		pad := "    "
		if has {
			fmt.Fprintf(&b, "      - name: %s\n", instance)
			pad = "        "
		} else {
			fmt.Fprintf(&b, "  - name: %s\n", c)
		}
		b.WriteString(pad + "sources:\n")
		for _, unit := range p.units {
			fmt.Fprintf(&b, "%s  - {collector: %s, %s}\n", pad, collectorOf(unit), sourceOf(unit, unitDir(unit, c)))
		}
	}
	fmt.Fprintf(&b, "gate:\n  minConfidence: 0\n")
	for _, key := range []string{"mode", "failOn", "surfaces"} {
		if _, rest, ok := strings.Cut(p.gate, key+": "); ok {
			value, _, _ := strings.Cut(rest, ", ")
			if strings.HasPrefix(value, "{") {
				value = rest
			}
			fmt.Fprintf(&b, "  %s: %s\n", key, value)
		}
	}
	if len(p.allowed) > 0 {
		b.WriteString("  allow:\n")
	}
	for _, a := range p.allowed {
		fmt.Fprintf(&b, "    - {gap: {source: %q}, reason: known, owner: me, approver: you, expires: 2027-01-01}\n", a)
	}
	return b.String()
}

func sourceOf(unit, dir string) string {
	switch unit {
	case "compose":
		return "files: [" + dir + "/compose.yaml]"
	case "dotenv":
		return "files: [" + dir + "/app.env]"
	case "files":
		return "paths: [" + dir + "/values.yaml], name: settings"
	case "terraform":
		return "state: " + dir + "/terraform.tfstate"
	case "exec":
		return "command: [cat, " + dir + "/objects.yaml], format: kubernetes"
	default:
		return "path: " + dir
	}
}

// unit are the files of a unit in a column, with what is planted in it.
func (p *plantedProject) unit(unit, column string) map[string]string {
	value := func(i int) string {
		if p.has("value", unit, column, i) {
			return "slow"
		}
		return "fast"
	}
	var b strings.Builder
	switch unit {
	case "compose":
		b.WriteString("name: app\nservices:\n")
		for i := range p.items {
			fmt.Fprintf(&b, "  job%d: {image: 'a/job:1', environment: {MODE: %s}}\n", i, value(i))
		}
		return map[string]string{"compose.yaml": b.String()}
	case "dotenv":
		for i := range p.items {
			fmt.Fprintf(&b, "MODE_%d=%s\n", i, value(i))
		}
		return map[string]string{"app.env": b.String()}
	case "files":
		for i := range p.items {
			fmt.Fprintf(&b, "part%d: {mode: %s}\n", i, value(i))
		}
		return map[string]string{"values.yaml": b.String()}
	case "terraform":
		return map[string]string{"terraform.tfstate": p.state(value)}
	}
	text := p.objects(unit, column, value)
	switch unit {
	case "exec":
		return map[string]string{"objects.yaml": text}
	case "remote":
		files := p.far(column)
		files["objects.yaml"] = text
		return files
	case "kustomize":
		return map[string]string{"kustomization.yaml": "resources: [objects.yaml]\n", "objects.yaml": text}
	case "helm":
		return map[string]string{"Chart.yaml": "apiVersion: v2\nname: app\nversion: 1.0.0\n", "templates/objects.yaml": text}
	default:
		return map[string]string{"objects.yaml": text, "fixed.yaml": fixedObject}
	}
}

// far are the files of a kustomization with a base that may be remote: what is at
// its revision stands in a file, which spoil replaces by the address.
func (p *plantedProject) far(column string) map[string]string {
	mode, revision := "fast", "1.0.0"
	if p.has("revision", "remote", column, 0) {
		mode, revision = "slow", "2.0.0"
	}
	var far strings.Builder
	for i := range p.items {
		fmt.Fprintf(&far, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: far%d, namespace: remote}\ndata: {MODE: %s, LEVEL: low}\n---\n", i, mode)
	}
	kustomization := "resources: [objects.yaml, far.yaml] # " + revision + "\n"
	if p.has("touch", "remote", column, 0) {
		kustomization += "patches: [{target: {kind: ConfigMap, name: far.*}, patch: '[{\"op\": \"replace\", \"path\": \"/data/LEVEL\", \"value\": \"high\"}]'}]\n"
	}
	return map[string]string{"kustomization.yaml": kustomization, "far.yaml": far.String()}
}

// fetched puts the address of a remote base in the place of what it adds.
func fetched(files map[string]string, branch bool) map[string]string {
	list, revision, _ := strings.Cut(files["kustomization.yaml"], " # ")
	revision, rest, _ := strings.Cut(revision, "\n")
	if branch {
		revision = "release-" + revision
	}
	address := "github.com/example/base//deploy?ref=" + revision
	return map[string]string{
		"objects.yaml":       files["objects.yaml"],
		"kustomization.yaml": strings.Replace(list, "far.yaml", "'"+address+"'", 1) + "\n" + rest,
	}
}

const fixedObject = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: fixed, namespace: manifests}\ndata: {A: '1'}\n"

func (p *plantedProject) objects(unit, column string, value func(int) string) string {
	var b strings.Builder
	for i := range p.items {
		if p.has("missing", unit, column, i) {
			continue
		}
		label := "one"
		if p.has("label", unit, column, i) {
			label = "two"
		}
		fmt.Fprintf(&b, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: part%d, namespace: %s, labels: {note: %s}}\ndata: {MODE: %s}\n---\n", i, unit, label, value(i))
	}
	if !p.has("policy", unit, column, 0) {
		// Each unit's has a name of its own: two of one name in two namespaces could
		// be taken for one that moved.
		b.WriteString(strings.ReplaceAll(networkPolicy, "name: p, namespace: x", "name: p-"+unit+", namespace: "+unit))
	}
	return b.String()
}

func (p *plantedProject) state(value func(int) string) string {
	var b strings.Builder
	b.WriteString(`{"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "a", "outputs": {}, "resources": [`)
	for i := range p.items {
		if i > 0 {
			b.WriteString(",")
		}
		fmt.Fprintf(&b, `{"mode": "managed", "type": "aws_dynamodb_table", "name": "part%d", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]", "instances": [{"schema_version": 1, "attributes": {"name": "part%d", "billing_mode": %q}}]}`, i, i, value(i))
	}
	b.WriteString("]}\n")
	return b.String()
}

// spoil makes the files of a unit unreadable.
func spoil(files map[string]string, unit, how string) map[string]string {
	out := maps.Clone(files)
	name := map[string]string{
		"compose": "compose.yaml", "dotenv": "app.env", "files": "values.yaml", "terraform": "terraform.tfstate",
		"helm": "templates/objects.yaml",
	}[unit]
	if name == "" {
		name = "objects.yaml"
	}
	switch {
	case how == "tag" || how == "branch":
		return fetched(files, how == "branch")
	case how == "gone" && unit == "helm":
		out[name] = "{{ required \"it wants a value\" .Values.none }}\n"
	case how == "gone" && unit == "manifests":
		return nil // the directory itself
	case how == "gone":
		delete(out, name)
	case unit == "helm":
		out[name] = "{{ fail \"no\" }}\n" + out[name]
	case unit == "dotenv":
		out[name] = "MODE_0='never closed\n" + out[name]
	default:
		out[name] = "{\n[: " + out[name][:len(out[name])/2]
	}
	return out
}
