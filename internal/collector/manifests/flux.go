package manifests

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// fluxKustomization builds what a Kustomization of Flux points to, as Flux
// does: see https://fluxcd.io/flux/components/kustomize/kustomizations/.
func (s *session) fluxKustomization(d *deployment) error {
	spec := d.node.Get("spec")
	if spec.Get("suspend").Str() == "true" {
		s.gapOfObjects(d.where(), "the Kustomization "+d.name()+" is suspended: what Flux applied of it before is unknown",
			"resume it, or take it out")
		return nil
	}
	at, ok := s.fluxSource(d)
	if !ok {
		return nil
	}
	changes := s.fluxChanges(d)
	if !s.once("flux", at, digestOf(plainNode(changes.spec))) {
		return nil
	}
	vars := s.variables(d)
	after := func(n *doc.Node, origin *parity.Origin) *doc.Node {
		changes.mark(n)
		return vars.apply(n, origin)
	}
	return s.build(building{place: at, namespace: s.cfg.Namespace, restrictor: "none", after: after}, func() error {
		return s.fluxBuild(at, changes)
	})
}

// ownVariables returns the variables of the Kustomization that builds the tree that
// it is a part of, as Flux's bootstrap sets one up: they are put into all of the
// tree. It returns nil where there is none, and within what is followed already.
func (s *session) ownVariables(dir string, objects []renderedObject) *variables {
	if s.seen.inner || !s.followsFlux() {
		return nil
	}
	for _, o := range objects {
		if o.fault != "" || !isFluxKustomization(o.node) {
			continue
		}
		at, ok := s.inRepository(path.Clean("/" + o.node.At("spec", "path").Str())[1:])
		if ok && at == dir {
			return s.variables(&deployment{kind: "Kustomization", node: o.node})
		}
	}
	return nil
}

// digestOf is a digest of plain values.
func digestOf(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// fluxAt returns the directory that a Kustomization builds; ok is false where it
// is elsewhere.
func (s *session) fluxAt(d *deployment) (at string, ok bool) {
	spec := d.node.Get("spec")
	ref := spec.Get("sourceRef")
	source := s.source(ref, d.namespace())
	rel := path.Clean("/" + spec.Get("path").Str())[1:]
	if ref.Get("kind").Str() == "ExternalArtifact" {
		if at, ok := s.artifact(ref.Get("name").Str(), rel); ok {
			return at, true
		}
	}
	at, ok = s.inRepository(rel)
	return at, ok && (rel != "" || s.ownSource(ref, source)) && isDir(s.place.FS, at) && !s.foreignSource(ref, source)
}

// fluxSource is fluxAt with a gap for what is elsewhere.
func (s *session) fluxSource(d *deployment) (string, bool) {
	if at, ok := s.fluxAt(d); ok {
		return at, true
	}
	source := s.source(d.node.At("spec", "sourceRef"), d.namespace())
	rel := path.Clean("/" + d.node.At("spec", "path").Str())[1:]
	g := s.objectsGap(d.where(), "the source of the Kustomization "+d.name()+" is not in this repository and is not fetched: what it would add is unknown",
		"set follow: false if the Kustomization itself is all that is to be compared")
	if url := source.At("spec", "url").Str(); url != "" {
		g.Remote = "base " + repositoryName(url) + "/" + rel
		g.Revision = revisionOf(source.At("spec", "ref"))
		if pinned(g.Revision) {
			g.Use = digestOf([]any{g.Remote, g.Revision, plainNode(s.fluxChanges(d).spec)})
		}
	}
	s.out.Gap(g)
	return "", false
}

// revisionOf returns the revision that a source of Flux asks for, the one that
// counts first.
func revisionOf(ref *doc.Node) string {
	for _, key := range []string{"digest", "commit", "name", "semver", "tag", "branch"} {
		if v := ref.Get(key).Str(); v != "" {
			return v
		}
	}
	return "HEAD"
}

// source returns the object that a sourceRef names, nil where it is not here.
func (s *session) source(ref *doc.Node, namespace string) *doc.Node {
	if ns := ref.Get("namespace").Str(); ns != "" {
		namespace = ns
	}
	return s.seen.known[knownKey(ref.Get("kind").Str(), namespace, ref.Get("name").Str())]
}

// ownSource reports whether a source is this repository: the source that most
// Kustomizations name whose path is there, or one of the same URL.
func (s *session) ownSource(ref, source *doc.Node) bool {
	url := source.At("spec", "url").Str()
	return url != "" && s.isOwn(url) || ref.Get("name").Str() == s.repository().source
}

// foreignSource reports whether a source is known to be another repository.
func (s *session) foreignSource(ref, source *doc.Node) bool {
	url := source.At("spec", "url").Str()
	if url == "" || s.ownSource(ref, source) {
		return false
	}
	for key, own := range s.seen.known {
		if strings.HasPrefix(key, "GitRepository\x00") && strings.HasSuffix(key, "\x00"+s.repository().source) {
			return repositoryName(own.At("spec", "url").Str()) != repositoryName(url)
		}
	}
	return true
}

// artifact returns the directory of the repository that a path of an artifact is
// copied from.
func (s *session) artifact(name, rel string) (string, bool) {
	for key, obj := range s.seen.known {
		if !strings.HasPrefix(key, "ArtifactGenerator\x00") {
			continue
		}
		for _, a := range items(obj.At("spec", "artifacts")) {
			if a.Get("name").Str() != name {
				continue
			}
			for _, c := range items(a.Get("copy")) {
				if at, ok := s.copied(c, rel); ok {
					return at, true
				}
			}
		}
	}
	return "", false
}

// copied returns the directory that one copy of an artifact fills a path from.
func (s *session) copied(c *doc.Node, rel string) (string, bool) {
	to, ok := strings.CutPrefix(c.Get("to").Str(), "@artifact")
	_, from, named := strings.Cut(strings.TrimPrefix(c.Get("from").Str(), "@"), "/")
	if !ok || !named {
		return "", false
	}
	to, from = strings.Trim(to, "/"), strings.TrimSuffix(strings.TrimSuffix(from, "**"), "/")
	if to != "" && !holds(to, rel) {
		return "", false
	}
	at, ok := s.inRepository(path.Join(from, strings.TrimPrefix(rel, to)))
	return at, ok && isDir(s.place.FS, at)
}

// items returns the items of a list.
func items(n *doc.Node) []*doc.Node {
	if n == nil {
		return nil
	}
	return n.Items
}

// fluxBuild builds a directory.
func (s *session) fluxBuild(at string, changes *fluxChanges) error {
	isBuilt := formOf(s.place.FS, at) == kustomization
	switch {
	case isBuilt && !changes.any:
		return s.kustomization(at)
	case !changes.any:
		return s.fluxTree(at)
	}
	sc := s.newScan()
	if isBuilt {
		sc.amend[at] = changes.amend
	} else {
		k := types.Kustomization{Resources: s.fluxResources(at)}
		changes.amend(&k)
		sc.made[at] = &k
	}
	return s.scanned(sc, at)
}

// fluxTree reads a directory that has no kustomization, for which Flux makes one
// over all its manifests.
func (s *session) fluxTree(at string) error {
	w := &walk{}
	s.walk(at, w, 0)
	for _, file := range w.files {
		if path.Ext(file) == ".json" {
			continue
		}
		if err := s.file(file); err != nil {
			return err
		}
	}
	for _, dir := range w.kustomizations {
		if err := s.kustomization(dir); err != nil {
			return err
		}
	}
	return nil
}

// fluxResources lists what the kustomization names that Flux makes for a
// directory. A file that is not read whole is left out, with its gap.
func (s *session) fluxResources(at string) []string {
	w := &walk{}
	s.walk(at, w, 0)
	var found []string
	for _, file := range w.files {
		if path.Ext(file) != ".json" && s.isManifest(file) {
			found = append(found, strings.TrimPrefix(file, at+"/"))
		}
	}
	for _, dir := range w.kustomizations {
		found = append(found, strings.TrimPrefix(dir, at+"/"))
	}
	slices.Sort(found)
	return found
}

// isManifest reports whether a file holds nothing but objects.
func (s *session) isManifest(at string) bool {
	objects, others := 0, 0
	err := s.documents(at, func(n *doc.Node, _ int) error {
		if isObject(n) && !isBuildFile(n) {
			objects++
		} else if n.Kind != doc.Null {
			others++
		}
		return s.ctx.Err()
	})
	if err != nil {
		s.broken(at, s.place.Display(at), err)
	}
	return err == nil && objects > 0 && others == 0
}
