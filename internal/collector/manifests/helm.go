package manifests

import (
	"path"
	"strings"

	"helm.sh/helm/v3/pkg/chartutil"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// helmVersion is that of the module this is built with, and kubeVersion the
// Kubernetes version that belongs to its API; a test compares.
const (
	helmVersion = "v3.22.0"
	kubeVersion = "v1.37.0"
)

// chart renders the chart at a path.
func (s *session) chart(at string, rel release) error {
	h, err := s.helm(at, rel)
	if err != nil {
		return err
	}
	s.out.Tool("helm", helmVersion)
	if err := h.crds(); err != nil {
		return err
	}
	return h.objects()
}

// helmRun is a chart that was rendered.
type helmRun struct {
	s    *session
	at   string
	from *parity.Origin
	done *chartDone
	// vague is set where it is not known what a dependency would make in the
	// end: some values are encrypted, or a kustomization changes the result.
	vague     bool
	namespace string
	// guessed is set where some of the values are not known.
	guessed bool
	// lacks says why charts could not be fetched, by name.
	lacks map[string]string
	// scope is the pattern of the release's namespace, empty where that is not
	// stated.
	scope string
}

// helm renders the chart at a path. Its files are read here; the rest is done
// apart.
func (s *session) helm(at string, rel release) (*helmRun, error) {
	job := &chartJob{archive: rel.archive}
	if rel.archive == nil {
		var err error
		if job, err = s.chartJob(at); err != nil {
			return nil, err
		}
	}
	values, from, err := s.values(rel)
	if err != nil {
		return nil, err
	}
	if _, err := capabilities(rel.kubeVersion, rel.apiVersions); err != nil {
		return nil, err
	}
	job.values, job.name, job.namespace = values, rel.name, rel.namespace
	job.kubeVersion, job.apiVersions, job.skipCRDs = rel.kubeVersion, rel.apiVersions, rel.skipCRDs
	job.vague = len(unknownPaths(values, "", nil)) > 0
	out, err := s.render(chartTask, job.encode(), nil)
	if err != nil {
		return nil, s.notRendered(at, "the chart cannot be rendered", err)
	}
	done, err := decodeChartDone(out)
	if err != nil {
		return nil, s.chartError(at, "the chart cannot be rendered: what was made of it is damaged")
	}
	h := &helmRun{s: s, at: at, done: done, from: from, namespace: rel.namespace, vague: rel.inflated || sealed(values) || job.vague, guessed: job.vague, lacks: job.lacks}
	if !rel.inflated { // what a kustomization does with it may move it elsewhere
		h.scope = parity.LiteralPattern(rel.namespace)
	}
	h.own()
	h.gaps()
	h.given(rel)
	if done.fault != "" {
		return nil, s.chartError(at, done.fault)
	}
	return h, nil
}

// own adds the chart's own values to where its values are from: they are the
// weakest.
func (h *helmRun) own() {
	file := path.Join(h.at, chartutil.ValuesfileName)
	if !h.done.hasValues || !isFile(h.s.place.FS, file) {
		return
	}
	own := &parity.Origin{File: h.s.place.Display(file), Precision: parity.AtFile}
	if h.from == nil {
		h.from = own
		return
	}
	last := h.from
	for last.From != nil {
		last = last.From
	}
	last.From = own
}

// gaps records what of the chart was not rendered, and why.
func (h *helmRun) gaps() {
	for _, m := range h.done.missing {
		g := h.s.objectsGap(h.s.place.Display(path.Join(h.at, chartFile)),
			"the chart's dependency "+m.called()+notHere(h.lacks[m.name])+": what it would add beyond the values that it is given is unknown", fetchHint)
		g.Remote, g.Use, g.Given = m.remote, m.use, h.key(m).String()
		if h.vague {
			g.Use = ""
		}
		if m.imports {
			g.Hides = parity.HidesAnything // its values change what the chart makes
		} else {
			g.Scope = h.scope
		}
		h.s.out.Gap(g)
	}
	if h.done.unsettled {
		h.s.gap(h.s.place.Display(h.at), "the dependencies of the chart cannot be settled: a condition, tag or import is not what Helm expects", "helm lint tells more")
	}
	for _, b := range h.done.schemas {
		h.s.gap(h.s.place.Display(path.Join(h.at, b.dir, "values.schema.json")),
			"Helm would refuse the values of the chart "+b.chart+": they break its schema at "+strings.Join(b.places, ", "),
			"what was rendered compares; what the right values would make is unknown")
	}
	for _, f := range h.done.failed {
		g := h.s.objectsGap(h.place(f.name)+f.line,
			"the template "+path.Base(f.name)+" fails"+f.why+": what it would make is unknown",
			"give the values that it asks for; helm template tells more")
		if f.scoped {
			g.Scope = h.scope
		}
		h.failed(g, f)
	}
}

// called is the dependency's name, and what the chart calls it where that is
// another.
func (m missingChart) called() string {
	if m.key != m.name {
		return m.name + " (" + m.key + ")"
	}
	return m.name
}

// notHere says that a chart is not here; why is why it could not be fetched.
func notHere(why string) string {
	if why != "" {
		return " is not here and cannot be fetched, since " + why
	}
	return " is not here and is not fetched"
}

// maxKinds bounds the kinds that a template that fails has a gap for each of.
const maxKinds = 4

// failed records the gap of a template that fails, once for each kind of the
// objects that it can make where its text says them.
func (h *helmRun) failed(g parity.Gap, f failedTemplate) {
	switch {
	case f.defines:
		g.Hides, g.Scope = parity.HidesAnything, "" // others may have used what it defines
	case len(f.kinds) > 0 && len(f.kinds) <= maxKinds:
		for _, kind := range f.kinds {
			g.Kind = kind
			h.s.out.Gap(g)
		}
		return
	}
	h.s.out.Gap(g)
}

// place shows the file of a template.
func (h *helmRun) place(name string) string {
	_, inner, _ := strings.Cut(name, "/")
	return h.s.place.Display(path.Join(h.at, inner))
}

// objects hands over what the templates made.
func (h *helmRun) objects() error {
	for _, t := range h.done.made {
		if path.Base(t.name) == "NOTES.txt" || strings.TrimSpace(t.text) == "" {
			continue
		}
		if err := h.template(t); err != nil {
			return err
		}
	}
	return nil
}

// template hands over what one template made.
func (h *helmRun) template(t madeText) error {
	var twins []*doc.Node
	if t.again != "" && t.again != t.text {
		_ = doc.ParseYAML(strings.NewReader(t.again), h.s.limits(), func(n *doc.Node, _ int) error {
			twins = append(twins, n)
			return nil
		})
	}
	file, i := h.place(t.name), -1
	err := doc.ParseYAML(strings.NewReader(t.text), h.s.limits(), func(n *doc.Node, _ int) error {
		i++
		if !isObject(n) || isTestHook(n) {
			return nil
		}
		if i < len(twins) {
			h.settle(n, twins[i], file)
		}
		return h.s.add(n, &parity.Origin{
			File: file, Precision: parity.AtObject, Renderer: "helm " + helmVersion, Object: objectName(n), From: h.from,
		})
	})
	if err == nil || h.s.ctx.Err() != nil {
		return h.s.ctx.Err()
	}
	_, what := whereOf(err, file)
	h.s.gapOfObjects(file, "what the template "+path.Base(t.name)+" makes is not YAML: "+what, "helm template tells more")
	return nil
}

// isTestHook reports whether an object is only made for helm test.
func isTestHook(n *doc.Node) bool {
	hooks := n.At("metadata", "annotations", "helm.sh/hook").Str()
	return hooks == "test" || hooks == "test-success" || hooks == "test-failure"
}

// crds hands over the definitions that a chart carries beside its templates.
func (h *helmRun) crds() error {
	for _, crd := range h.done.crds {
		file := h.place(crd.name)
		origin := &parity.Origin{File: file, Precision: parity.AtLine}
		err := doc.ParseYAML(strings.NewReader(crd.text), h.s.limits(), func(n *doc.Node, _ int) error {
			if !isObject(n) {
				return nil
			}
			return h.s.add(n, origin)
		})
		if h.s.ctx.Err() != nil {
			return h.s.ctx.Err()
		}
		if err != nil {
			where, what := whereOf(err, file)
			h.s.gapOfObjects(where, "a custom resource definition of the chart cannot be read: "+what, "")
		}
	}
	return nil
}
