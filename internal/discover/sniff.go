package discover

import (
	"bytes"
	"io"
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
var ofTools = []string{"tsconfig", "package", "composer", "babel", "jest", "webpack", "eslint", "angular", "requirements"}

func isSettings(name string) bool {
	low := strings.ToLower(name)
	return slices.Contains(settingsFormats, path.Ext(low)) &&
		!slices.ContainsFunc(ofTools, func(tool string) bool { return strings.HasPrefix(low, tool) })
}

// isDotenv knows dotenv files by name: .env, .env.staging, staging.env.
func isDotenv(name string) bool {
	return name == ".env" || strings.HasPrefix(name, ".env.") || path.Ext(name) == ".env"
}

// isValues knows Helm values by name: values.yaml, values-staging.yaml,
// staging-values.yaml, staging.values.yaml.
func isValues(name string) bool {
	if !isYAML(name) {
		return false
	}
	stem := strings.TrimSuffix(strings.ToLower(name), path.Ext(name))
	tokens := strings.FieldsFunc(stem, func(r rune) bool { return strings.ContainsRune("-_.", r) })
	return slices.Contains(tokens, "values")
}

// composeRest takes "compose" and the like from the name of a Compose file,
// and gives what is left without the ending: "prod" of "docker-compose.prod.yml".
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

// sniffBytes is how much of a file is looked at.
const sniffBytes = 64 << 10

// isManifest tells whether a file holds a Kubernetes object, without parsing
// it.
func (f *finder) isManifest(at string) bool {
	if !isYAML(at) && path.Ext(at) != ".json" {
		return false
	}
	file, err := f.fsys.Open(at)
	if err != nil {
		return false
	}
	defer file.Close()
	head, err := io.ReadAll(io.LimitReader(file, sniffBytes))
	if err != nil {
		return false
	}
	if path.Ext(at) == ".json" {
		return bytes.Contains(head, []byte(`"apiVersion"`)) && bytes.Contains(head, []byte(`"kind"`))
	}
	version, kind := false, false
	for line := range bytes.Lines(head) {
		version = version || bytes.HasPrefix(line, []byte("apiVersion:"))
		kind = kind || bytes.HasPrefix(line, []byte("kind:"))
	}
	return version && kind
}
