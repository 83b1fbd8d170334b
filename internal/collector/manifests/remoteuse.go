package manifests

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// lossGap makes a gap of a loss.
func (s *session) lossGap(sc *scan, root *kustomize, l *loss) parity.Gap {
	g := parity.Gap{Kind: l.kind, Name: l.name, Path: l.path, Hides: l.hides, Reason: l.reason, Where: l.where, Hint: l.hint}
	if l.hides != parity.HidesObjects || l.in == nil {
		return g
	}
	g.Place = s.place.Display(s.placeNow())
	if ns := sc.namespaceOf(root, l.in); ns != "" {
		g.Scope = parity.LiteralPattern(ns)
	}
	switch {
	case l.chart != nil:
		g.Remote = "chart " + chartEntry(*l.chart)
		if pinned(l.chart.Version) && len(l.values) == len(valuesNames(*l.chart)) {
			g.Use = sc.use(root, l, sc.chartUse(l))
		}
	case l.remote != "":
		name, ref := remoteRef(l.remote)
		g.Remote, g.Revision = "base "+name, ref
		if ref == "" {
			g.Revision = "HEAD"
		}
		if pinned(ref) {
			g.Use = sc.use(root, l, []byte(l.remote))
		}
	}
	return g
}

var pinnedRevision = regexp.MustCompile(`^(v?[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?|[0-9a-f]{40}|[0-9a-f]{64})$`)

// pinned reports whether a revision names one content: a commit, or a whole
// version. A branch, or nothing, may mean another tomorrow.
func pinned(ref string) bool { return pinnedRevision.MatchString(ref) }

// valuesNames are the values files that a chart is given.
func valuesNames(c types.HelmChart) []string {
	names := c.AdditionalValuesFiles
	if c.ValuesFile != "" {
		names = append([]string{c.ValuesFile}, names...)
	}
	return names
}

// chartUse is all that decides what a chart makes, nil where that is not known:
// values that are encrypted are not.
func (sc *scan) chartUse(l *loss) []byte {
	text, err := json.Marshal(withoutFiles(*l.chart))
	for _, at := range l.values {
		data, readErr := sc.over.ReadFile(at)
		if readErr != nil || err != nil || bytes.Contains(data, []byte("ENC[")) {
			return nil
		}
		text = append(append(text, 0), data...)
	}
	return text
}

func withoutFiles(c types.HelmChart) types.HelmChart {
	c.ValuesFile, c.AdditionalValuesFiles = "", nil
	return c
}

// use describes what a remote source adds and what is done to it on the way up
// to the root, empty where that is not known.
func (sc *scan) use(root *kustomize, l *loss, added []byte) string {
	if added == nil {
		return ""
	}
	h := sha256.New()
	h.Write(added)
	for _, k := range sc.above(root, l.in) {
		text, ok := sc.transforms(k)
		if !ok {
			return ""
		}
		h.Write([]byte{0})
		h.Write(text)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// above lists a kustomization and those that take it, up to the root, in the
// order of the graph.
func (sc *scan) above(root, k *kustomize) []*kustomize {
	takes := map[*kustomize]bool{k: true}
	seen := map[*kustomize]bool{}
	var all []*kustomize
	var visit func(at *kustomize) bool
	visit = func(at *kustomize) bool {
		if seen[at] {
			return takes[at]
		}
		seen[at] = true
		for _, child := range at.children {
			if visit(child) {
				takes[at] = true
			}
		}
		if takes[at] {
			all = append(all, at)
		}
		return takes[at]
	}
	visit(root)
	return all
}

// transforms describes what a kustomization does to objects that it does not
// declare; ok is false where that is not known.
func (sc *scan) transforms(k *kustomize) (text []byte, ok bool) {
	if k.altered {
		return nil, false
	}
	spec := k.spec
	spec.TypeMeta, spec.MetaData, spec.Resources, spec.BuildMetadata = types.TypeMeta{}, nil, nil, nil
	spec.Patches, spec.PatchesJson6902, spec.Components = nil, nil, nil
	spec.ConfigMapGenerator = keepIf(spec.ConfigMapGenerator, func(g types.ConfigMapArgs) bool { return changes(g.Behavior) })
	spec.SecretGenerator = keepIf(spec.SecretGenerator, func(g types.SecretArgs) bool { return changes(g.Behavior) })
	files := slices.Concat(spec.Configurations, spec.Crds, spec.Transformers, spec.Generators)
	spec.Configurations, spec.Crds, spec.Transformers, spec.Generators = nil, nil, nil, nil
	text, err := json.Marshal(spec)
	if err != nil || len(spec.ConfigMapGenerator)+len(spec.SecretGenerator)+len(spec.Replacements)+len(spec.OpenAPI) > 0 {
		return nil, false // they read further files
	}
	for _, p := range slices.Concat(k.spec.Patches, k.spec.PatchesJson6902) {
		content := []byte(p.Patch)
		if p.Path != "" {
			if content, ok = sc.content(k, p.Path); !ok {
				return nil, false
			}
		}
		if p.Target == nil && sc.aimsHere(content) {
			continue
		}
		target, _ := json.Marshal(p.Target)
		text = slices.Concat(text, []byte{0}, target, []byte{0}, content)
	}
	for _, entry := range files {
		content, ok := sc.content(k, entry)
		if !ok {
			return nil, false
		}
		text = slices.Concat(text, []byte{0}, content)
	}
	return sc.withComponents(k, text)
}

// withComponents adds what the components of a kustomization do.
func (sc *scan) withComponents(k *kustomize, text []byte) ([]byte, bool) {
	for _, child := range k.children {
		if child.spec.Kind != types.ComponentKind {
			continue
		}
		own, ok := sc.transforms(child)
		if !ok {
			return nil, false
		}
		text = slices.Concat(text, []byte{0}, own)
	}
	return text, true
}

// changes reports whether a generator changes an object rather than making one.
func changes(behavior string) bool { return behavior != "" && behavior != "create" }

// content returns the text of a file that a kustomization names, or a text that
// stands in its place.
func (sc *scan) content(k *kustomize, entry string) ([]byte, bool) {
	if bytes.Contains([]byte(entry), []byte("\n")) {
		return []byte(entry), true
	}
	at, ok := within(k.dir, entry)
	if !ok || !isFile(sc.over.fsys, at) {
		return nil, false
	}
	data, err := sc.over.ReadFile(at)
	return data, err == nil
}

// aimsHere reports whether each object that a merge patch names is declared by a
// file of the graph: then it cannot be one of a remote source, which would be
// the same object twice.
func (sc *scan) aimsHere(patch []byte) bool {
	aims := 0
	err := doc.ParseYAML(bytes.NewReader(patch), sc.limits, func(n *doc.Node, _ int) error {
		kind, name := n.Get("kind").Str(), n.At("metadata", "name").Str()
		if name == "" || !slices.ContainsFunc(sc.found[kind], func(x named) bool { return x.name == name }) {
			return errUnreadable
		}
		aims++
		return nil
	})
	return err == nil && aims > 0
}

// namespaceOf returns the namespace into which all namespaced objects of a
// kustomization are put on the way up to the root, empty where that is not sure.
// Of several kustomizations that name one, the outermost decides; what is above
// it must not change objects, since that might change their namespaces.
func (sc *scan) namespaceOf(root, k *kustomize) string {
	on := sc.above(root, k)
	ns := map[string]bool{}
	seen := map[*kustomize]bool{}
	var visit func(at *kustomize)
	visit = func(at *kustomize) {
		if seen[at] || !slices.Contains(on, at) {
			return
		}
		seen[at] = true
		s := &at.spec
		switch {
		case at.altered || len(s.Transformers) > 0:
			ns[""] = true
		case s.Namespace != "":
			ns[s.Namespace] = true
		case at == k || len(s.Patches)+len(s.PatchesJson6902)+len(s.Replacements)+len(s.Components) > 0:
			ns[""] = true
		default:
			for _, child := range at.children {
				visit(child)
			}
		}
	}
	visit(root)
	if len(ns) != 1 {
		return ""
	}
	for name := range ns {
		return name
	}
	return ""
}
