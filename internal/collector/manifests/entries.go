package manifests

import (
	"errors"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
)

// entries goes through everything that a kustomization names.
func (sc *scan) entries(k *kustomize, stack []string) {
	k.spec.Resources = sc.keep(k.spec.Resources, func(e string) (string, bool) { return sc.resource(k, e, stack, true) })
	components, transformers := len(k.spec.Components), len(k.spec.Transformers)
	k.spec.Components = sc.keep(k.spec.Components, func(e string) (string, bool) { return sc.resource(k, e, stack, false) })
	k.spec.Generators = sc.keep(k.spec.Generators, func(e string) (string, bool) { return sc.plugin(k, e) })
	k.spec.Transformers = sc.keep(k.spec.Transformers, func(e string) (string, bool) { return sc.plugin(k, e) })
	k.altered = len(k.spec.Components) < components || len(k.spec.Transformers) < transformers
	if len(k.spec.Validators) > 0 {
		// Validators make nothing.
		k.spec.Validators, k.edited = nil, true
	}
	named := func(e string) (string, bool) { return e, sc.file(k, e, loss{}) }
	k.spec.Configurations = sc.keep(k.spec.Configurations, named)
	k.spec.Crds = sc.keep(k.spec.Crds, named)
	k.spec.Patches = sc.patches(k, k.spec.Patches)
	k.spec.PatchesJson6902 = sc.patches(k, k.spec.PatchesJson6902)
	k.spec.Replacements = keepIf(k.spec.Replacements, func(r types.ReplacementField) bool {
		return r.Path == "" || sc.file(k, r.Path, loss{})
	})
	sc.generators(k)
	sc.helm(k)
	if at, ok := k.spec.OpenAPI["path"]; ok && !sc.file(k, at, loss{}) {
		delete(k.spec.OpenAPI, "path")
	}
	sc.schema = sc.schema || len(k.spec.OpenAPI) > 0
	for _, child := range k.children {
		k.lost = k.lost || child.lost
	}
}

func (sc *scan) keep(entries []string, look func(string) (string, bool)) []string {
	var kept []string
	for _, e := range entries {
		if as, ok := look(e); ok {
			kept = append(kept, as)
		}
	}
	return kept
}

func keepIf[T any](items []T, want func(T) bool) []T {
	var kept []T
	for _, item := range items {
		if want(item) {
			kept = append(kept, item)
		}
	}
	return kept
}

// resource looks at an entry of resources or components: a file, a directory
// with a kustomization, or something remote. It gives the entry as kustomize
// is to see it.
func (sc *scan) resource(k *kustomize, entry string, stack []string, files bool) (string, bool) {
	l := loss{}
	if files {
		l.hides = parity.HidesObjects // a component may change others
	}
	at, ok := within(k.dir, entry)
	switch {
	case entry == "" || !ok:
		sc.lose(k, entry, loss{hides: l.hides, reason: "the kustomization names a path that leads nowhere"})
		return "", false
	case ambiguous(entry):
		sc.lose(k, entry, loss{hides: l.hides, reason: "the kustomization names two paths in one entry", hint: "look for a wrong indentation in the list"})
		return "", false
	case isDir(sc.over.fsys, at):
		return sc.base(k, entry, at, stack, l)
	case files && isFile(sc.over.fsys, at):
		if sc.outside(k, entry, at, l) {
			return "", false
		}
		sc.files[at] = true
		sc.named[k] = append(sc.named[k], entry)
		sc.declared(at, at)
		return sc.plain(k, entry), true
	}
	return "", sc.absent(k, entry, l)
}

// plain writes an entry that is there so that kustomize cannot take it for a
// repository.
func (sc *scan) plain(k *kustomize, entry string) string {
	if !looksRemote(entry) {
		return entry
	}
	k.edited = true
	return "./" + entry
}

// base reads the kustomization that an entry names. One that leads back to
// itself is left out.
func (sc *scan) base(k *kustomize, entry, at string, stack []string, l loss) (string, bool) {
	if strings.HasPrefix(entry, "/") {
		l.reason = "the kustomization names a directory by an absolute path, which kustomize refuses"
		sc.lose(k, entry, l)
		return "", false
	}
	for i, seen := range stack {
		if holds(at, seen) {
			loop := append(stack[i:len(stack):len(stack)], at)
			for j := range loop {
				loop[j] = sc.display(loop[j])
			}
			l.reason, l.hint = "the kustomization includes itself: "+strings.Join(loop, " -> "), "take the entry out; the rest was rendered without it"
			sc.lose(k, entry, l)
			return "", false
		}
	}
	child, err := sc.load(at, stack)
	if err != nil {
		l.reason = "a part of the kustomization cannot be read"
		var r *refused
		if errors.As(err, &r) {
			l.reason, l.hint = r.what+" ("+r.where+")", r.hint
		}
		sc.lose(k, entry, l)
		return "", false
	}
	k.children = append(k.children, child)
	return sc.plain(k, entry), true
}

// holds reports whether dir is the directory at, or above it.
func holds(dir, at string) bool {
	return dir == at || dir == "." || strings.HasPrefix(at, dir+"/")
}

// ambiguous reports whether a part of a path holds two dots besides others:
// what becomes of two list items by a wrong indentation.
func ambiguous(entry string) bool {
	for part := range strings.SplitSeq(entry, "/") {
		if part != ".." && strings.Contains(part, "..") && strings.ContainsAny(part, " \t") {
			return true
		}
	}
	return false
}

// file looks at an entry that names a file, and reports whether it is there.
func (sc *scan) file(k *kustomize, entry string, l loss) bool {
	at, ok := within(k.dir, entry)
	if !ok || isURL(entry) || !isFile(sc.over.fsys, at) {
		return sc.absent(k, entry, l)
	}
	sc.files[at] = true
	sc.named[k] = append(sc.named[k], entry)
	return !sc.outside(k, entry, at, l)
}

// absent records an entry that is not there; it is always false.
func (sc *scan) absent(k *kustomize, entry string, l loss) bool {
	at, ok := within(k.dir, entry)
	if r := place.RefusedAt(sc.over.fsys, at); ok && !looksRemote(entry) && r != nil {
		l.reason, l.hint = "the kustomization names what is not read: "+r.Error(), r.Hint
		sc.lose(k, entry, l)
		return false
	}
	if looksRemote(entry) {
		name, _ := remoteRef(entry)
		l.remote = entry
		l.reason = "the remote source " + withoutUser(name) + " is not fetched: what it would add is unknown"
		l.hint = "render it where the network may be reached, and point the source at the result"
	} else {
		l.reason = "the kustomization names a file or directory that is not there: " + path.Base(entry)
		l.hint = "add it, or take the entry out"
	}
	sc.lose(k, entry, l)
	return false
}

func withoutUser(name string) string {
	if i := strings.LastIndexByte(name, '@'); i >= 0 {
		return name[i+1:]
	}
	return name
}

// outside records a file that the load restriction keeps out.
func (sc *scan) outside(k *kustomize, entry, at string, l loss) bool {
	if !sc.rootOnly || holds(k.dir, at) {
		return false
	}
	if sc.unrestricted != nil && sc.unrestricted() {
		sc.rootOnly = false
		return false
	}
	sc.unrestricted = nil
	l.reason = "the kustomization names a file outside of its directory, which kustomize refuses: " + path.Base(at)
	l.hint = "set loadRestrictor: none on the source if it is built that way"
	sc.lose(k, entry, l)
	return true
}

// patches keeps the patches that are there.
func (sc *scan) patches(k *kustomize, patches []types.Patch) []types.Patch {
	return keepIf(patches, func(p types.Patch) bool {
		if p.Path == "" {
			return true
		}
		l := loss{hides: parity.HidesParts}
		if p.Target != nil {
			l.kind, l.name = exact(p.Target.Kind), around(p.Target.Name)
		}
		return sc.file(k, p.Path, l)
	})
}

// exact gives a plain name, and nothing for a pattern.
func exact(s string) string {
	if plainWord(s) != s || strings.Contains(s, ".") {
		return ""
	}
	return s
}

// around gives a pattern for a plain name with what kustomize may put around
// it.
func around(s string) string {
	if s = exact(s); s == "" {
		return ""
	}
	return "*" + s + "*"
}

// generators keeps the sources of ConfigMaps and Secrets that are there.
// What a missing one would add is unknown; the object itself is not.
func (sc *scan) generators(k *kustomize) {
	for i := range k.spec.ConfigMapGenerator {
		g := &k.spec.ConfigMapGenerator[i]
		sc.found["ConfigMap"] = append(sc.found["ConfigMap"], named{g.Name, k.file})
		sc.pairs(k, &g.KvPairSources, loss{kind: "ConfigMap", name: around(g.Name), path: "/data", hides: parity.HidesParts})
	}
	for i := range k.spec.SecretGenerator {
		g := &k.spec.SecretGenerator[i]
		sc.found["Secret"] = append(sc.found["Secret"], named{g.Name, k.file})
		sc.pairs(k, &g.KvPairSources, loss{kind: "Secret", name: around(g.Name), path: "/data", hides: parity.HidesParts})
	}
}

func (sc *scan) pairs(k *kustomize, src *types.KvPairSources, l loss) {
	src.FileSources = keepIf(src.FileSources, func(e string) bool {
		_, file, ok := strings.Cut(e, "=")
		if !ok {
			file = e
		}
		if at, ok := within(k.dir, file); ok && !isURL(file) && isDir(sc.over.fsys, at) {
			return true
		}
		return sc.file(k, file, l)
	})
	src.EnvSources = keepIf(src.EnvSources, func(e string) bool { return sc.file(k, e, l) })
}
