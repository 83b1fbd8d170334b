// Command fluxbuild builds a Kustomization of Flux with Flux's own packages and
// prints the objects that it makes. Its output is what the tests of the
// kubernetes-manifests collector compare with:
//
//	go run . ROOT FILE > expected.yaml
//
// ROOT is the directory of a repository, FILE holds the Kustomization. ROOT is
// changed as Flux changes its copy of a repository: give it a copy.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/fluxcd/pkg/kustomize"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: fluxbuild ROOT FILE")
		os.Exit(2)
	}
	if err := build(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "fluxbuild:", err)
		os.Exit(1)
	}
}

func build(root, file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	object := map[string]any{}
	if err := yaml.Unmarshal(data, &object); err != nil {
		return err
	}
	k := unstructured.Unstructured{Object: object}
	at, _, err := unstructured.NestedString(object, "spec", "path")
	if err != nil {
		return err
	}
	dir := filepath.Join(root, at)
	if _, err := kustomize.NewGenerator(root, k).WriteFile(dir); err != nil {
		return err
	}
	objects, err := kustomize.SecureBuild(root, dir, false)
	if err != nil {
		return err
	}
	for _, res := range objects.Resources() {
		out, err := kustomize.SubstituteVariables(context.Background(), nil, k, res, kustomize.SubstituteWithDryRun(true))
		if err != nil {
			return err
		}
		if out == nil {
			out = res
		}
		text, err := out.AsYAML()
		if err != nil {
			return err
		}
		fmt.Printf("---\n%s", text)
	}
	return nil
}
