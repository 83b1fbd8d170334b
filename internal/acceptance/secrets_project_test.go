package acceptance

import (
	"fmt"
	"path"
	"sort"
	"strings"
	"testing"
)

// plantElsewhere plants the secrets of whole files.
func (c *corpus) plantElsewhere(t testing.TB) {
	for _, d := range documents(t, "sources.txtar") {
		part := strings.Split(d.name, ";")
		value := c.expand(part[0], part[1], path.Dir(part[2]), d.text)
		for side, env := range secretEnvs {
			c.files[env+"/"+part[2]] = value[side]
		}
	}
}

// names are the files of a directory of one environment.
func (f tree) names(dir string) []string {
	var out []string
	for name := range f {
		if path.Dir(name) == dir {
			out = append(out, name)
		}
	}
	sort.Strings(out)
	return out
}

// config is the parity.yaml of the project: every file is read by a source.
func (f tree) config() string {
	var b strings.Builder
	b.WriteString("version: 1\nproject: corpus\nenvironments:\n")
	for _, env := range secretEnvs {
		fmt.Fprintf(&b, "- name: %s\n  sources:\n", env)
		source := func(format string, args ...any) { fmt.Fprintf(&b, "  - {"+format+"}\n", args...) }
		for _, dir := range []string{"k8s", "kustomize", "kustomize-secret"} {
			source("collector: kubernetes-manifests, path: %s/%s", env, dir)
		}
		for _, name := range f.names(env) {
			switch n := 0; {
			case strings.HasPrefix(name, env+"/values-"):
				fmt.Sscanf(name, env+"/values-%d.yaml", &n)
				source("collector: kubernetes-manifests, path: chart, values: [%s], release: shop-%d", name, n)
			case name == env+"/compose.yaml":
				source("collector: compose, files: [%s]", name)
			}
		}
		source("collector: compose, files: [%s/compose-build/compose.yaml]", env)
		source("collector: compose, files: [%s/compose-parts/compose.yaml]", env)
		for _, name := range f.names(env + "/dot") {
			source("collector: dotenv, files: [%s], name: dot-%s", name, strings.TrimSuffix(path.Base(name), ".env"))
		}
		for _, name := range f.names(env + "/exec") {
			source("collector: exec, command: [cat, %s], format: dotenv, name: exec-%s", name, strings.TrimSuffix(path.Base(name), ".txt"))
		}
		source("collector: files, paths: [%s/files]", env)
		source("collector: terraform, state: %s/tf/*.tfstate", env)
		for _, name := range f.names(env + "/tf") {
			if strings.HasSuffix(name, ".json") {
				source("collector: terraform, plan: %s", name)
			}
		}
		source("collector: otlp, path: %s/otlp", env)
		source("collector: alerting, files: [%s/alerting]", env)
		source("collector: sbom, path: %s/sbom", env)
		source("collector: provenance, path: %s/provenance/web.intoto.jsonl", env)
	}
	return b.String()
}

// plantBroken plants secrets in files that cannot be read, and gives them with
// the configuration that reads each.
func (p *planter) plantBroken(t testing.TB) tree {
	t.Helper()
	f := tree{"staging/chart/Chart.yaml": "apiVersion: v2\nname: c\nversion: 1.0.0\n"}
	f["production/chart/Chart.yaml"] = f["staging/chart/Chart.yaml"]
	var config strings.Builder
	config.WriteString("version: 1\nproject: broken\nenvironments:\n")
	values := map[string]sides{}
	docs := documents(t, "broken.txtar")
	for _, d := range docs {
		format, file, _ := strings.Cut(d.name, ";")
		values[file] = p.expand("error message", format, "errors", d.text)
	}
	for side, env := range secretEnvs {
		fmt.Fprintf(&config, "- name: %s\n  sources:\n  - {collector: kubernetes-manifests, path: %s/chart}\n", env, env)
		for _, d := range docs {
			_, file, _ := strings.Cut(d.name, ";")
			f[env+"/"+file] = values[file][side]
			if s := brokenSource(env, file); s != "" {
				fmt.Fprintf(&config, "  - {%s}\n", s)
			}
		}
	}
	f["parity.yaml"] = config.String()
	return f
}

// brokenSource is the source that reads a broken file.
func brokenSource(env, file string) string {
	at := env + "/" + file
	switch dir := path.Dir(file); {
	case dir == "chart/templates":
		return ""
	case dir == "k8s":
		return "collector: kubernetes-manifests, path: " + at
	case dir == "kustomize":
		return "collector: kubernetes-manifests, path: " + path.Dir(at)
	case strings.HasSuffix(file, "compose.yaml"):
		return "collector: compose, files: [" + at + "]"
	case strings.HasSuffix(file, ".env"):
		return "collector: dotenv, files: [" + at + "], name: " + strings.TrimSuffix(file, ".env")
	case dir == "files":
		return "collector: files, paths: [" + at + "]"
	case strings.HasSuffix(file, ".tfstate"):
		return "collector: terraform, state: " + at
	case dir == "tf":
		return "collector: terraform, plan: " + at
	case dir == "alerting":
		return "collector: alerting, files: [" + at + "]"
	}
	return "collector: " + path.Dir(file) + ", path: " + at
}

// plantMistakes plants secrets in configurations that are refused or that lead
// to an error.
func (p *planter) plantMistakes(t testing.TB) []string {
	t.Helper()
	var configs []string
	for _, d := range documents(t, "mistakes.txtar") {
		value := p.expand("error of parity.yaml", d.name, "errors", d.text)
		configs = append(configs, value[0])
	}
	return configs
}
