package manifests

import (
	"encoding/json"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/envparity/parity/internal/doc"
)

// fluxChanges is what a Kustomization of Flux does to what it builds.
type fluxChanges struct {
	s    *session
	spec *doc.Node // nothing but what decides what is built
	// any is set where kustomize does some of it.
	any bool

	TargetNamespace, NamePrefix, NameSuffix string

	Patches       []types.Patch
	Images        []types.Image
	Components    []string
	IgnoreMissing bool
}

// byKustomize are the fields of a Kustomization's spec that kustomize applies.
func byKustomize() []string {
	return []string{
		"targetNamespace", "namePrefix", "nameSuffix", "patches", "patchesStrategicMerge", "patchesJson6902",
		"images", "components", "ignoreMissingComponents",
	}
}

// fluxChanges reads what a Kustomization does to what it builds.
func (s *session) fluxChanges(d *deployment) *fluxChanges {
	spec := d.node.Get("spec")
	c := &fluxChanges{s: s, spec: &doc.Node{Kind: doc.Map}}
	for _, key := range append(byKustomize(), "commonMetadata", "postBuild") {
		v := spec.Get(key)
		if v == nil {
			continue
		}
		c.spec.Fields = append(c.spec.Fields, doc.Field{Key: key, Value: v})
		c.any = c.any || key != "commonMetadata" && key != "postBuild"
	}
	c.TargetNamespace = spec.Get("targetNamespace").Str()
	c.NamePrefix, c.NameSuffix = spec.Get("namePrefix").Str(), spec.Get("nameSuffix").Str()
	into(spec.Get("patches"), &c.Patches)
	into(spec.Get("images"), &c.Images)
	into(spec.Get("components"), &c.Components)
	c.IgnoreMissing = spec.Get("ignoreMissingComponents").Str() == "true"
	for _, p := range items(spec.Get("patchesStrategicMerge")) {
		if text, err := json.Marshal(plainWhole(p)); err == nil {
			c.Patches = append(c.Patches, types.Patch{Patch: string(text)})
		}
	}
	for _, p := range items(spec.Get("patchesJson6902")) {
		patch := types.Patch{}
		into(p.Get("target"), &patch.Target)
		if text, err := json.Marshal(plainWhole(p.Get("patch"))); err == nil {
			patch.Patch = string(text)
			c.Patches = append(c.Patches, patch)
		}
	}
	return c
}

// into reads a node into a value as JSON would be. What does not fit is left.
func into(n *doc.Node, v any) {
	if n == nil {
		return
	}
	if data, err := json.Marshal(plainWhole(n)); err == nil {
		_ = json.Unmarshal(data, v)
	}
}

// amend changes a kustomization as Flux does before it has it built.
func (c *fluxChanges) amend(k *types.Kustomization) {
	if c.TargetNamespace != "" {
		k.Namespace = c.TargetNamespace
	}
	if c.NamePrefix != "" {
		k.NamePrefix = c.NamePrefix
	}
	if c.NameSuffix != "" {
		k.NameSuffix = c.NameSuffix
	}
	k.Patches = append(slices.Clone(k.Patches), c.Patches...)
	for _, name := range c.Components {
		// The path of a component leads to nowhere but the repository.
		if !strings.HasPrefix(name, "/") {
			k.Components = append(slices.Clone(k.Components), name)
		}
	}
	for _, image := range c.Images {
		k.Images = withImage(slices.Clone(k.Images), image)
	}
}

// withImage adds an image, or changes the one of its name. Tag and digest are
// changed as one.
func withImage(all []types.Image, image types.Image) []types.Image {
	i := slices.IndexFunc(all, func(x types.Image) bool { return x.Name == image.Name })
	if i < 0 {
		return append(all, image)
	}
	if image.NewName != "" {
		all[i].NewName = image.NewName
	}
	if image.NewTag != "" || image.Digest != "" {
		all[i].NewTag, all[i].Digest = image.NewTag, image.Digest
	}
	return all
}

// mark sets the labels and annotations that all objects of the Kustomization
// have.
func (c *fluxChanges) mark(n *doc.Node) {
	for _, key := range []string{"labels", "annotations"} {
		if more := c.spec.At("commonMetadata", key); more != nil {
			setFields(n, more, "metadata", key)
		}
	}
}

// setFields sets fields of a map within a map, which are made where they are not
// there.
func setFields(n, fields *doc.Node, keys ...string) {
	for _, key := range keys {
		next := n.Get(key)
		if next == nil || next.Kind != doc.Map {
			next = &doc.Node{Kind: doc.Map, Line: n.Line, Col: n.Col}
			setField(n, doc.Field{Key: key, Line: n.Line, Col: n.Col, Value: next})
		}
		n = next
	}
	for _, f := range fields.Fields {
		setField(n, doc.Field{Key: f.Key, Line: n.Line, Col: n.Col, Value: &doc.Node{Kind: doc.String, Text: f.Value.Str(), Line: n.Line, Col: n.Col}})
	}
}

func setField(n *doc.Node, f doc.Field) {
	for i := range n.Fields {
		if n.Fields[i].Key == f.Key {
			n.Fields[i] = f
			return
		}
	}
	n.Fields = append(n.Fields, f)
}
