package manifests

import (
	"bytes"
	"path"
	"regexp"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/place"
)

// Setting is a fact of an object that a kustomization made.
type Setting struct {
	Subject parity.Key
	Path    string
	// Raw is the value as it is spelled; empty where it is hidden.
	Raw string
}

// SetBy returns where the kustomization in the file, and those that it builds
// on, set the value: patches, images and replica counts, the last one to be
// applied first. What stands in no patch was not set by one; nothing is
// returned then, nor for what cannot be read.
func SetBy(file place.Place, of Setting) []string {
	l := collector.DefaultLimits()
	sc := newScan(file.FS, file.Display, doc.Limits{Nodes: l.Nodes, Depth: l.Depth, Bytes: l.FileBytes}, false)
	root, err := sc.load(path.Dir(file.Path), nil)
	if err != nil {
		return nil
	}
	f := &setFinder{sc: sc, of: of, seen: map[*kustomize]bool{}}
	f.visit(root)
	return f.found
}

type setFinder struct {
	sc    *scan
	of    Setting
	seen  map[*kustomize]bool
	found []string
}

// visit looks at a kustomization, which is applied after those below it.
func (f *setFinder) visit(k *kustomize) {
	if f.seen[k] {
		return
	}
	f.seen[k] = true
	f.transformers(k)
	for i := len(k.spec.Patches) - 1; i >= 0; i-- {
		f.patch(k, &k.spec.Patches[i])
	}
	for i := len(k.spec.PatchesJson6902) - 1; i >= 0; i-- {
		f.patch(k, &k.spec.PatchesJson6902[i])
	}
	for i := len(k.children) - 1; i >= 0; i-- {
		f.visit(k.children[i])
	}
}

// transformers looks at the images and replica counts of a kustomization.
func (f *setFinder) transformers(k *kustomize) {
	if strings.HasSuffix(f.of.Path, "/image") {
		for _, img := range k.spec.Images {
			name := img.NewName
			if name == "" {
				name = img.Name
			}
			if strings.Contains(f.of.Raw, name) && (img.NewTag != "" || img.NewName != "" || img.Digest != "") &&
				strings.Contains(f.of.Raw, img.NewTag) && strings.Contains(f.of.Raw, img.Digest) {
				f.found = append(f.found, f.sc.display(k.file)+" (images)")
				break
			}
		}
	}
	if f.of.Path == "/spec/replicas" {
		for _, r := range k.spec.Replicas {
			if strings.Contains(f.of.Subject.Name, r.Name) && strconv.FormatInt(r.Count, 10) == f.of.Raw {
				f.found = append(f.found, f.sc.display(k.file)+" (replicas)")
				break
			}
		}
	}
}

// patch looks at one patch, which may hold several documents.
func (f *setFinder) patch(k *kustomize, p *types.Patch) {
	text, where := []byte(p.Patch), f.sc.display(k.file)
	if p.Path != "" {
		at, ok := within(k.dir, p.Path)
		if !ok {
			return
		}
		data, err := f.sc.over.ReadFile(at)
		if err != nil {
			return
		}
		text, where = data, f.sc.display(at)
	}
	var hit *doc.Node
	_ = doc.ParseYAML(bytes.NewReader(text), f.sc.limits, func(n *doc.Node, _ int) error {
		if hit == nil && f.meant(p.Target, n) {
			hit = f.leaf(n)
		}
		return nil
	})
	switch {
	case hit == nil:
	case p.Path == "":
		f.found = append(f.found, where+" (a patch in it)")
	default:
		f.found = append(f.found, (&doc.Error{Line: hit.Line, Col: hit.Col}).In(where))
	}
}

// meant reports whether a patch is for the object: by its target, or else by
// the kind and name in it. kustomize may have put more around the name.
func (f *setFinder) meant(target *types.Selector, n *doc.Node) bool {
	kind, name := n.Get("kind").Str(), n.At("metadata", "name").Str()
	if target == nil {
		return kind == f.of.Subject.Kind && strings.Contains(f.of.Subject.Name, name)
	}
	if target.Kind != "" && !matchesWhole(target.Kind, f.of.Subject.Kind) {
		return false
	}
	return target.Name == "" || strings.Contains(f.of.Subject.Name, target.Name) || matchesWhole(target.Name, f.of.Subject.Name)
}

func matchesWhole(pattern, text string) bool {
	re, err := regexp.Compile("^(?:" + pattern + ")$")
	return err == nil && re.MatchString(text)
}

// leaf finds where a patch sets the value: at its path, or the same value in a
// field of the same name.
func (f *setFinder) leaf(n *doc.Node) *doc.Node {
	var exact, alike *doc.Node
	look := func(at *doc.Node, prefix string) {
		doc.Flatten(at, prefix, func(l doc.Leaf) {
			switch {
			case l.Path == f.of.Path:
				exact = l.Node
			case alike == nil && f.of.Raw != "" && l.Node.Text == f.of.Raw && lastField(l.Path) == lastField(f.of.Path):
				alike = l.Node
			}
		})
	}
	if n.Kind == doc.List {
		for _, op := range n.Items {
			if v := op.Get("value"); v != nil {
				look(v, op.Get("path").Str())
			}
		}
	} else {
		look(n, "")
	}
	if exact != nil {
		return exact
	}
	return alike
}

// lastField is the last field of a path that is not the number of an item.
func lastField(p string) string {
	for {
		at := strings.LastIndexByte(p, '/')
		field := p[at+1:]
		if i := strings.IndexByte(field, '['); i >= 0 {
			field = field[:i]
		}
		if at < 0 || strings.Trim(field, "0123456789-") != "" {
			return field
		}
		p = p[:at]
	}
}
