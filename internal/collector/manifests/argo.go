package manifests

import (
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// set reports whether anything is selected.
func (c Selection) set() bool { return c != Selection{} }

// selects reports whether an Application is the environment's. clusters are
// further names of its cluster.
func (c Selection) selects(app *doc.Node, clusters ...string) bool {
	spec := app.Get("spec")
	to := spec.Get("destination")
	return fits(c.Name, app.At("metadata", "name").Str()) && fits(c.Project, spec.Get("project").Str()) &&
		fits(c.Namespace, to.Get("namespace").Str()) &&
		fits(c.Cluster, append(clusters, to.Get("name").Str(), to.Get("server").Str())...) &&
		fits(c.Path, pathsOf(spec)...)
}

// names reports whether one of the clusters is the one that is selected, so that
// it does not matter which others there are.
func (c Selection) names(clusters []params) bool {
	return c.Cluster != "" && slices.ContainsFunc(clusters, func(p params) bool { return fits(c.Cluster, clusterNames(p)...) })
}

// pathsOf lists the paths of an Application's sources, and their values files.
func pathsOf(spec *doc.Node) []string {
	var all []string
	for _, src := range sourcesOf(spec) {
		all = append(all, src.Get("path").Str())
		for _, f := range items(src.At("helm", "valueFiles")) {
			if _, rest, ok := strings.Cut(f.Text, "/"); ok && strings.HasPrefix(f.Text, "$") {
				all = append(all, rest)
			} else {
				all = append(all, path.Join(src.Get("path").Str(), f.Text))
			}
		}
	}
	return all
}

// fits reports whether one of the texts fits the pattern.
func fits(pattern string, texts ...string) bool {
	if pattern == "" {
		return true
	}
	for _, t := range texts {
		if matchesStars(pattern, t) {
			return true
		}
	}
	return false
}

// sourcesOf lists the sources of an Application.
func sourcesOf(spec *doc.Node) []*doc.Node {
	if all := items(spec.Get("sources")); len(all) > 0 {
		return all
	}
	if src := spec.Get("source"); src != nil {
		return []*doc.Node{src}
	}
	return nil
}

// application builds what an Application of Argo CD brings, as Argo CD does: see
// https://argo-cd.readthedocs.io/en/stable/user-guide/application_sources/.
func (s *session) application(d *deployment) error {
	spec := d.node.Get("spec")
	refs := map[string]*doc.Node{}
	for _, src := range sourcesOf(spec) {
		if ref := src.Get("ref").Str(); ref != "" {
			refs["$"+ref] = src
		}
	}
	for _, src := range sourcesOf(spec) {
		if src.Get("ref").Str() != "" && src.Get("path").Str() == "" && src.Get("chart").Str() == "" {
			continue
		}
		a := &appSource{s: s, d: d, src: src, refs: refs, namespace: spec.At("destination", "namespace").Str()}
		if err := s.part(s.place.Path, a.build()); err != nil {
			return err
		}
	}
	return nil
}

// appSource is one source of an Application.
type appSource struct {
	s         *session
	d         *deployment
	src       *doc.Node
	refs      map[string]*doc.Node
	namespace string
}

func (a *appSource) build() error {
	s := a.s
	if a.src.Get("plugin") != nil {
		a.gap("the Application "+a.d.name()+" is made by a plugin, which is not run: what it would add is unknown",
			"render it where the plugin may run, and point the source at the result")
		return nil
	}
	rel := path.Clean("/" + a.src.Get("path").Str())[1:]
	at, ok := s.inRepository(rel)
	if a.src.Get("chart").Str() != "" || !ok || !s.isOwn(a.src.Get("repoURL").Str()) || formOf(s.place.FS, at) == missing {
		a.remote(rel)
		return nil
	}
	if at == s.seen.plain && a.src.Get("helm") == nil && a.src.Get("kustomize") == nil || !s.once("argo", at, a.namespace, a.key()) {
		return nil
	}
	b := building{place: at, namespace: a.namespace, restrictor: s.cfg.LoadRestrictor}
	return s.build(b, func() error { return a.read(at) })
}

// key is all that decides what the source makes of a directory.
func (a *appSource) key() string {
	rel := a.d.name()
	if a.src.Get("helm") == nil && a.src.Get("kustomize") == nil {
		rel = "" // the name goes into charts alone
	}
	return digestOf([]any{rel, plainNode(a.src.Get("helm")), plainNode(a.src.Get("kustomize")), plainNode(a.src.Get("directory"))})
}

// read reads the directory as what it is, or as what the source says it is.
func (a *appSource) read(at string) error {
	f := formOf(a.s.place.FS, at)
	switch {
	case a.src.Get("directory") != nil:
		f = directory
	case a.src.Get("helm") != nil && isFile(a.s.place.FS, path.Join(at, chartFile)):
		f = chartForm
	}
	switch f {
	case chartForm:
		return a.chart(at)
	case kustomization:
		return a.kustomization(at)
	case directory:
		return a.directory(at)
	default:
		return a.s.file(at)
	}
}

func (a *appSource) gap(reason, hint string) {
	a.s.gapOfObjects(a.d.where(), reason, hint)
}

// remote records a source that is elsewhere. Which one, and what it is given, is
// known: where it is the same on both sides it hides nothing.
func (a *appSource) remote(rel string) {
	s, name := a.s, a.src.Get("chart").Str()
	g := s.objectsGap(a.d.where(), "the source of the Application "+a.d.name()+" is not in this repository and is not fetched: what it would add is unknown",
		"set follow: false if the Application itself is all that is to be compared")
	url := repositoryName(a.src.Get("repoURL").Str())
	revision := a.src.Get("targetRevision").Str()
	if name != "" {
		g.Remote = "chart " + url + "/" + name
	} else {
		g.Remote, g.Revision = "base "+url+"/"+rel, revision
		if revision == "" {
			g.Revision = "HEAD"
		}
	}
	if files, ok := a.texts(); ok && pinned(revision) {
		g.Use = digestOf([]any{g.Remote, revision, a.d.name(), a.namespace, plainNode(a.src.Get("helm")), plainNode(a.src.Get("kustomize")), plainNode(a.src.Get("directory")), files})
	}
	s.out.Gap(g)
	if name != "" {
		a.given(name, url)
	}
}

// given states the values files that a chart is given that is elsewhere.
func (a *appSource) given(name, url string) {
	files, _ := a.valuesFiles("")
	if len(files) == 0 {
		return
	}
	l := loss{
		chart:  &types.HelmChart{Name: name, Repo: url, Version: a.src.Get("targetRevision").Str(), ReleaseName: a.release(), Namespace: a.namespace},
		values: files, line: a.d.node.Line, col: a.d.node.Col,
	}
	a.s.out.Subject(a.s.chartSubject(l, &parity.Origin{File: a.d.origin.File, Precision: parity.AtFile}))
}

// texts returns what the values files of the source hold; ok is false where not
// all of them are known.
func (a *appSource) texts() (texts []string, ok bool) {
	files, ok := a.valuesFiles("")
	for _, at := range files {
		data, err := a.s.readFile(at, a.s.in.Limits.FileBytes)
		if err != nil || strings.Contains(string(data), "ENC[") {
			return nil, false
		}
		texts = append(texts, string(data))
	}
	return texts, ok
}

// release is the name of the Helm release.
func (a *appSource) release() string {
	if name := a.src.At("helm", "releaseName").Str(); name != "" {
		return name
	}
	return a.d.name()
}
