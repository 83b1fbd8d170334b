package discover

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

func isKustomization(name string) bool {
	return name == "kustomization.yaml" || name == "kustomization.yml" || name == "Kustomization"
}

func isYAML(name string) bool {
	ext := path.Ext(name)
	return ext == ".yaml" || ext == ".yml"
}

// settingsFormats are what the files collector reads.
var settingsFormats = []string{".yaml", ".yml", ".json", ".toml", ".ini", ".properties"}

// ofTools are files that configure a developer's tools, not an environment.
var ofTools = []string{
	"tsconfig", "package", "composer", "babel", "jest", "webpack", "eslint", "angular", "requirements", "renovate",
	"mkdocs", "codecov", "crowdin", "cypress", "playwright", "vite", "karma", "phpunit", "pytest", "tox", "mypy",
}

func isSettings(name string) bool {
	low := strings.ToLower(name)
	return slices.Contains(settingsFormats, path.Ext(low)) && !strings.HasPrefix(name, ".") &&
		!slices.ContainsFunc(ofTools, func(tool string) bool { return strings.HasPrefix(low, tool) })
}

// isDotenv reports whether a name is that of a dotenv file: .env, .env.staging,
// staging.env. One that ends in .local over another is a person's own.
func isDotenv(name string) bool {
	return (name == ".env" || strings.HasPrefix(name, ".env.") || strings.HasPrefix(name, ".env-") || path.Ext(name) == ".env") &&
		!isSample(name) && (name == ".env.local" || path.Ext(name) != ".local")
}

// isSample reports whether a file is there to be copied.
func isSample(name string) bool {
	return slices.ContainsFunc([]string{"example", "sample", "template", "dist"}, func(s string) bool { return strings.Contains(name, s) })
}

// composeRest takes "compose" and the like from the name of a Compose file,
// and returns what is left without the ending: "prod" of
// "docker-compose.prod.yml".
func composeRest(name string) (rest string, ok bool) {
	if !isYAML(name) {
		return "", false
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	for _, prefix := range []string{"docker-compose", "compose"} {
		if after, found := strings.CutPrefix(stem, prefix); found && (after == "" || strings.ContainsAny(after[:1], ".-_")) {
			return strings.TrimLeft(after, ".-_"), true
		}
	}
	return "", false
}

// isManifest reports whether a file holds a Kubernetes object, without parsing
// it.
func (inv *inventory) isManifest(at string) bool {
	if isKustomization(path.Base(at)) {
		return false
	}
	if path.Ext(at) == ".json" {
		head := inv.head(at)
		return bytes.Contains(head, []byte(`"apiVersion"`)) && bytes.Contains(head, []byte(`"kind"`))
	}
	if !isYAML(at) {
		return false
	}
	version, kind := false, false
	for line := range bytes.Lines(inv.head(at)) {
		version = version || bytes.HasPrefix(line, []byte("apiVersion:"))
		kind = kind || bytes.HasPrefix(line, []byte("kind:"))
	}
	return version && kind
}

// topKeys returns the keys at the top of a YAML file, or the names of the
// variables of a dotenv file: what says whether two files are of one kind.
func (inv *inventory) topKeys(at string) []string {
	var out []string
	for line := range bytes.Lines(inv.head(at)) {
		if len(line) == 0 || strings.ContainsRune(" \t#-\n\r", rune(line[0])) {
			continue
		}
		if i := bytes.IndexAny(line, ":="); i > 0 {
			out = append(out, strings.TrimSpace(string(line[:i])))
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// keysBelow returns the keys one level below a top key of a YAML file.
func (inv *inventory) keysBelow(at, top string) []string {
	var out []string
	within, indent := false, 0
	for line := range bytes.Lines(inv.head(at)) {
		text := strings.TrimRight(string(line), " \r\n")
		body := strings.TrimLeft(text, " ")
		depth := len(text) - len(body)
		switch {
		case body == "" || body[0] == '#':
		case depth == 0:
			within, indent = body == top+":", 0
		case within && (indent == 0 || depth == indent):
			indent = depth
			if name, _, ok := strings.Cut(body, ":"); ok {
				out = append(out, strings.Trim(name, `"'`))
			}
		}
	}
	return out
}
