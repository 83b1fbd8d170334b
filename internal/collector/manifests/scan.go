package manifests

import (
	"bytes"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/api/konfig"
	"sigs.k8s.io/kustomize/api/types"
	kyaml "sigs.k8s.io/yaml"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// scan reads a graph of kustomizations before kustomize does, so that whatever
// kustomize would fetch, run or stumble over is taken out first, each time
// with the loss that it means.
type scan struct {
	over     *overlay
	limits   doc.Limits
	display  func(string) string
	rootOnly bool
	// charts renders a chart that is there for a kustomization; ok is false
	// where it is not.
	charts func(k *kustomize, c types.HelmChart, home string) (rendered []byte, ok bool)

	// unrestricted reports whether the tree is built without a restriction on the
	// files that it names; it is asked once such a file is met. Nil is no.
	unrestricted func() bool

	// amend changes a kustomization, by directory, before anything is looked at;
	// made are those that are not there as files.
	amend map[string]func(*types.Kustomization)
	made  map[string]*types.Kustomization

	dirs   map[string]*kustomize // by directory
	found  map[string][]named    // what the files declare, by kind
	files  map[string]bool       // what the kustomizations name
	losses []loss
	// named are the files that each kustomization names, as it writes them.
	named  map[*kustomize][]string
	schema bool // whether one of them brings its own OpenAPI schema
}

// kustomize is one kustomization of the graph.
type kustomize struct {
	dir, file string // file within the file system
	text      []byte
	spec      types.Kustomization
	edited    bool
	scanned   bool
	children  []*kustomize
	// lost is set where something of it, or below it, is not there.
	lost bool
	// altered is set where a component or a transformer of it is not there, so
	// that it is not known what it does to objects.
	altered bool
}

// loss is something that a kustomization names and that is not read.
type loss struct {
	kind, name, path string // what it may cover, as in parity.Gap
	hides            parity.Hides
	in               *kustomize // that names it; nil where that is not known
	where            string
	reason, hint     string
	remote           string // the entry, where it is a remote one
	line, col        int32
	file             string
	chart            *types.HelmChart // a chart that is not there
	values           []string         // the values files for it
}

// These bound a graph that grows.
const (
	maxKustomizations = 5000
	maxGraphDepth     = 60
)

func newScan(fsys fs.FS, display func(string) string, l doc.Limits, rootOnly bool) *scan {
	return &scan{
		over:   &overlay{fsys: fsys, limit: l.Bytes, replaced: map[string][]byte{}},
		limits: l, display: display, rootOnly: rootOnly,
		amend: map[string]func(*types.Kustomization){}, made: map[string]*types.Kustomization{},
		dirs: map[string]*kustomize{}, found: map[string][]named{}, files: map[string]bool{}, named: map[*kustomize][]string{},
		charts: func(*kustomize, types.HelmChart, string) ([]byte, bool) { return nil, false },
	}
}

// refused is why a kustomization cannot be read. It quotes nothing of it.
type refused struct{ where, what, hint string }

func (r *refused) Error() string { return r.where + ": " + r.what }

// load reads the kustomization in dir and all below it. stack holds the
// directories that led here.
func (sc *scan) load(dir string, stack []string) (*kustomize, error) {
	if k := sc.dirs[dir]; k != nil {
		return k, nil
	}
	if len(sc.dirs) >= maxKustomizations || len(stack) > maxGraphDepth {
		return nil, &refused{where: sc.display(dir), what: "the graph of kustomizations is too large"}
	}
	k, err := sc.parse(dir)
	if err != nil {
		return nil, err
	}
	sc.dirs[dir] = k
	sc.entries(k, append(stack[:len(stack):len(stack)], dir))
	k.scanned = true
	sc.write(k)
	return k, nil
}

// parse reads one kustomization's own file.
func (sc *scan) parse(dir string) (*kustomize, error) {
	if spec := sc.made[dir]; spec != nil {
		k := &kustomize{dir: dir, file: path.Join(dir, konfig.DefaultKustomizationFileName()), spec: *spec, edited: true}
		sc.files[k.file] = true
		sc.settle(k)
		return k, nil
	}
	names := kustomizationFiles(sc.over.fsys, dir)
	switch len(names) {
	case 0:
		return nil, &refused{where: sc.display(dir), what: "there is no kustomization in this directory", hint: "add a kustomization.yaml, or name the files in it one by one"}
	case 1:
	default:
		return nil, &refused{where: sc.display(dir), what: "there is more than one kustomization in this directory"}
	}
	k := &kustomize{dir: dir, file: path.Join(dir, names[0])}
	sc.files[k.file] = true
	text, err := sc.over.ReadFile(k.file)
	if err != nil {
		return nil, &refused{where: sc.display(k.file), what: "the file cannot be read"}
	}
	k.text = text
	if err := doc.ParseYAML(bytes.NewReader(text), sc.limits, func(*doc.Node, int) error { return nil }); err != nil {
		where, what := whereOf(err, sc.display(k.file))
		return nil, &refused{where: where, what: "the kustomization cannot be read: " + what}
	}
	if err := guard(func() error { return k.spec.Unmarshal(text) }); err != nil {
		return nil, &refused{where: sc.display(k.file), what: "this is not a kustomization as kustomize knows it: a field is unknown or of another type"}
	}
	sc.settle(k)
	return k, nil
}

// settle writes a kustomization in its newest form, with what is to be changed
// of it.
func (sc *scan) settle(k *kustomize) {
	k.edited = k.edited || len(k.spec.Bases)+len(k.spec.ImageTags)+len(k.spec.HelmChartInflationGenerator) > 0
	k.spec.FixKustomization()
	if amend := sc.amend[k.dir]; amend != nil {
		amend(&k.spec)
		k.edited = true
	}
	sc.modernise(k)
}

// modernise writes deprecated fields in their newer form where that means the
// same, since kustomize would warn of them on standard error.
func (sc *scan) modernise(k *kustomize) {
	if n := len(k.spec.PatchesStrategicMerge); n > 0 {
		patches := make([]types.Patch, 0, n+len(k.spec.Patches))
		for _, p := range k.spec.PatchesStrategicMerge {
			patches = append(patches, sc.strategic(k, string(p)))
		}
		k.spec.Patches = append(patches, k.spec.Patches...)
		k.spec.PatchesStrategicMerge, k.edited = nil, true
	}
	sc.modernPatches(k)
	if len(k.spec.CommonLabels) > 0 && !labelled(k.spec.Labels, k.spec.CommonLabels) {
		k.spec.Labels = append(k.spec.Labels, types.Label{Pairs: k.spec.CommonLabels, IncludeSelectors: true})
		k.spec.CommonLabels, k.edited = nil, true
	}
}

// modernPatches moves JSON patches to the field that is applied earlier, where
// nothing that is applied between the two could meet them.
func (sc *scan) modernPatches(k *kustomize) {
	s := &k.spec
	bare := s.Namespace == "" && s.NamePrefix == "" && s.NameSuffix == "" && len(s.Labels)+len(s.CommonLabels)+len(s.CommonAnnotations) == 0
	for _, p := range s.PatchesJson6902 {
		text := []byte(p.Patch)
		if at, ok := within(k.dir, p.Path); p.Path != "" && ok {
			text, _ = sc.over.ReadFile(at)
		}
		if p.Target == nil || !bare && (len(text) == 0 || touchesNames(string(text))) {
			return
		}
	}
	if len(s.PatchesJson6902) > 0 {
		s.Patches = append(s.Patches, s.PatchesJson6902...)
		s.PatchesJson6902, k.edited = nil, true
	}
}

// touchesNames reports whether a patch may touch what kustomize itself writes:
// names, namespaces, labels and annotations.
func touchesNames(patch string) bool {
	lower := strings.ToLower(patch)
	for _, word := range []string{"metadata", "label", "selector", "name", "annotation", "ref"} {
		if strings.Contains(lower, word) {
			return true
		}
	}
	return false
}

// strategic gives an entry that is a path or, for old times' sake, a patch.
func (sc *scan) strategic(k *kustomize, entry string) types.Patch {
	at, ok := within(k.dir, entry)
	if strings.ContainsAny(entry, "\n{") || (!ok || !isFile(sc.over.fsys, at)) && strings.Contains(entry, ": ") {
		return types.Patch{Patch: entry}
	}
	return types.Patch{Path: entry}
}

func labelled(labels []types.Label, pairs map[string]string) bool {
	for _, l := range labels {
		for name := range l.Pairs {
			if _, ok := pairs[name]; ok {
				return true
			}
		}
	}
	return false
}

// write puts an edited kustomization in the place of its file. One that has
// nothing left must not look empty to kustomize, which refuses that.
func (sc *scan) write(k *kustomize) {
	if err := k.spec.CheckEmpty(); err != nil {
		k.spec.GeneratorOptions, k.edited = &types.GeneratorOptions{}, true
	}
	if !k.edited {
		return
	}
	data, err := kyaml.Marshal(k.spec)
	if err != nil {
		return
	}
	sc.over.replaced[k.file] = data
}

// lose records that an entry is left out.
func (sc *scan) lose(k *kustomize, entry string, l loss) {
	k.lost, k.edited = true, true
	l.file, l.in = k.file, k
	l.line, l.col = sc.find(k, entry)
	l.where = sc.display(k.file)
	if l.line > 0 {
		l.where = fmt.Sprintf("%s:%d:%d", l.where, l.line, l.col)
	}
	sc.losses = append(sc.losses, l)
}

// find gives the place of an entry in the kustomization's file.
func (sc *scan) find(k *kustomize, entry string) (line, col int32) {
	_ = doc.ParseYAML(bytes.NewReader(k.text), sc.limits, func(n *doc.Node, _ int) error {
		if hit := findScalar(n, entry); hit != nil && line == 0 {
			line, col = hit.Line, hit.Col
		}
		return nil
	})
	return line, col
}

func findScalar(n *doc.Node, text string) *doc.Node {
	switch n.Kind {
	case doc.Map:
		for i := range n.Fields {
			if hit := findScalar(n.Fields[i].Value, text); hit != nil {
				return hit
			}
		}
	case doc.List:
		for _, item := range n.Items {
			if hit := findScalar(item, text); hit != nil {
				return hit
			}
		}
	case doc.String:
		if n.Text == text {
			return n
		}
	}
	return nil
}

// guard turns a panic of a library into an error.
func guard(f func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = errPanic
		}
	}()
	return f()
}

type fault string

func (f fault) Error() string { return string(f) }

const errPanic = fault("the library that reads this failed on it")
