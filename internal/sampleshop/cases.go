package sampleshop

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"
)

// files is the configuration of a web shop in production.
//
//go:embed tree
var files embed.FS

// Case is two configurations, of production and of staging, which differ in one
// setting that changes how the shop behaves, and in many that do not.
type Case struct {
	Name string
	// Planted is the difference that is the cause.
	Planted Planted
	// Affected are endpoints that are clearly slower, or fail clearly more; others
	// may be too. Integrations are what is called differently.
	Affected, Integrations []string
	// Errors is set where requests fail, not set where they take longer.
	Errors bool

	// both is what both environments have beside the tree; cause is what staging
	// has.
	both, cause, more []edit
}

// Planted says how a difference is recognised: by kind and name of its subject
// and by a part of its path.
type Planted struct{ Kind, Name, Path string }

// Environments are those of a case, the reference first.
func Environments() []string { return []string{"production", "staging"} }

// Config is parity.yaml for the files that Write writes. More has further
// sources of an environment, each as YAML on one line.
func (c Case) Config(more map[string][]string) string {
	var b strings.Builder
	b.WriteString("version: 1\nenvironments:\n")
	for _, env := range []string{"staging", "production"} {
		fmt.Fprintf(&b, "  - name: %[1]s\n    sources:\n"+
			"      - {collector: kubernetes-manifests, path: %[1]s/manifests}\n"+
			"      - {collector: files, paths: [%[1]s/flags.yaml], name: shop}\n"+
			"      - {collector: files, paths: [%[1]s/schema.yaml], name: store}\n"+
			"      - {collector: sbom, path: %[1]s/shop.cdx.json, name: shop}\n", env)
		for _, source := range more[env] {
			fmt.Fprintf(&b, "      - %s\n", source)
		}
	}
	b.WriteString(services)
	return b.String()
}

// services says whose the files are that bear no label.
const services = `services:
  - name: shop
    match: [{labels: {app.kubernetes.io/name: shop}}, {kind: section, scope: shop}, {kind: software, name: shop}]
  - name: store
    match: [{labels: {app.kubernetes.io/name: store}}, {kind: section, scope: store}]
  - {name: inventory}
  - {name: payments}
  - {name: mailer}
  - {name: recommendations}
  - {name: admin}
  - {name: search-indexer}
  - {name: reports}
  - {name: cleanup}
  - {name: warehouse-sync}
`

// Write writes the files of both environments below a directory.
func (c Case) Write(dir string) error {
	for _, env := range Environments() {
		t, err := c.tree(env)
		if err != nil {
			return fmt.Errorf("case %s: %s: %w", c.Name, env, err)
		}
		for name, docs := range t {
			if err := writeFile(filepath.Join(dir, env, filepath.FromSlash(name)), docs); err != nil {
				return err
			}
		}
	}
	return nil
}

// tree gives the files of an environment.
func (c Case) tree(env string) (tree, error) {
	t, err := readTree()
	if err != nil {
		return nil, err
	}
	edits := c.both
	if env == "staging" {
		decoys, err := decoys()
		if err != nil {
			return nil, err
		}
		for _, list := range [][]edit{c.cause, c.more, decoys} {
			edits = append(edits[:len(edits):len(edits)], list...)
		}
	}
	for _, e := range edits {
		if err := t.apply(e); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func decoys() ([]edit, error) {
	text, err := files.ReadFile("tree/decoys.yaml")
	if err != nil {
		return nil, err
	}
	var list []edit
	return list, yaml.Unmarshal(text, &list)
}

func readTree() (tree, error) {
	t := tree{}
	err := fs.WalkDir(files, "tree", func(path string, d fs.DirEntry, err error) error {
		name := strings.TrimPrefix(path, "tree/")
		if err != nil || d.IsDir() || name == "decoys.yaml" {
			return err
		}
		text, err := files.ReadFile(path)
		if err != nil {
			return err
		}
		t[name], err = documents(text)
		return err
	})
	return t, err
}

// documents parses the documents of a file; JSON is one of them.
func documents(text []byte) ([]*yaml.Node, error) {
	var docs []*yaml.Node
	for dec := yaml.NewDecoder(bytes.NewReader(text)); ; {
		n := &yaml.Node{}
		err := dec.Decode(n)
		if errors.Is(err, io.EOF) {
			return docs, nil
		}
		if err != nil {
			return nil, err
		}
		docs = append(docs, n)
	}
}

func writeFile(path string, docs []*yaml.Node) error {
	var b bytes.Buffer
	if filepath.Ext(path) == ".json" {
		var v any
		if err := docs[0].Decode(&v); err != nil {
			return err
		}
		enc := json.NewEncoder(&b)
		enc.SetIndent("", " ")
		if err := enc.Encode(v); err != nil {
			return err
		}
	} else {
		enc := yaml.NewEncoder(&b)
		enc.SetIndent(2)
		for _, d := range docs {
			if err := enc.Encode(d); err != nil {
				return err
			}
		}
		if err := enc.Close(); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}
