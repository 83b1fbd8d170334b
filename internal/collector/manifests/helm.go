package manifests

import (
	"bytes"
	"path"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"

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
	out, err := h.render()
	if err != nil {
		return err
	}
	if err := h.crds(); err != nil {
		return err
	}
	return h.objects(out)
}

// helmRun is one rendering of one chart.
type helmRun struct {
	s      *session
	at     string
	chart  *chart.Chart
	values chartutil.Values
	from   *parity.Origin
	skip   bool // CRDs
	// calm is set where no template makes anything by chance.
	calm bool
}

// helm prepares a rendering.
func (s *session) helm(at string, rel release) (*helmRun, error) {
	c, err := s.loadChart(at)
	if err != nil {
		return nil, err
	}
	values, from, err := s.values(c, at, rel)
	if err != nil {
		return nil, err
	}
	h := &helmRun{s: s, at: at, chart: c, from: from, skip: rel.skipCRDs, calm: !byChance(c)}
	h.missing(values)
	if err := guard(func() error { return chartutil.ProcessDependenciesWithMerge(c, values) }); err != nil {
		s.gap(s.place.Display(at), "the dependencies of the chart cannot be settled: a condition, tag or import is not what Helm expects", "helm lint tells more")
	}
	caps, err := capabilities(rel)
	if err != nil {
		return nil, err
	}
	h.schema(values)
	opts := chartutil.ReleaseOptions{Name: rel.name, Namespace: rel.namespace, Revision: 1, IsInstall: true}
	if opts.Name == "" {
		opts.Name = c.Name()
	}
	if opts.Namespace == "" {
		opts.Namespace = "default"
	}
	err = guard(func() error {
		h.values, err = chartutil.ToRenderValuesWithSchemaValidation(c, values, opts, caps, true)
		return err
	})
	if err != nil {
		return nil, s.chartError(at, "the values of the chart cannot be merged")
	}
	return h, nil
}

// missing records the dependencies that are not there. Each hides what it
// could have made, which may be anything.
func (h *helmRun) missing(values map[string]any) {
	var all chartutil.Values
	if err := guard(func() (err error) {
		all, err = chartutil.CoalesceValues(h.chart, values)
		return err
	}); err != nil {
		all = values
	}
	for _, d := range missingCharts(h.chart, all) {
		h.s.out.Gap(parity.Gap{
			Where:  h.s.place.Display(path.Join(h.at, chartFile)),
			Reason: "the chart's dependency " + d.Name + " is not here and is not fetched: what it would add is unknown",
			Hint:   "run helm dependency build on the chart",
		})
	}
}

// capabilities are what the chart is told of the cluster.
func capabilities(rel release) (*chartutil.Capabilities, error) {
	caps := chartutil.DefaultCapabilities.Copy()
	caps.HelmVersion.Version = helmVersion
	v := rel.kubeVersion
	if v == "" {
		v = kubeVersion
	}
	parsed, err := chartutil.ParseKubeVersion(v)
	if err != nil {
		return nil, &parity.Error{Code: parity.CodeConfig, Where: "kubeVersion", What: "this is not a Kubernetes version", Hint: "write it as 1.34"}
	}
	caps.KubeVersion = *parsed
	caps.APIVersions = append(slices.Clone(caps.APIVersions), rel.apiVersions...)
	return caps, nil
}

// maxFailures bounds how many templates of a chart may fail before the chart
// is given up.
const maxFailures = 100

// render renders all templates. Helm stops at the first that fails; here it
// is taken out, with a gap, and the rest is rendered.
func (h *helmRun) render() (map[string]string, error) {
	for range maxFailures {
		if err := h.s.ctx.Err(); err != nil {
			return nil, err
		}
		out, err := h.once()
		if err == nil {
			return out, nil
		}
		if !h.takeOut(err) {
			return nil, h.s.chartError(h.at, "the chart cannot be rendered: a template fails")
		}
	}
	return nil, h.s.chartError(h.at, "the chart cannot be rendered: too many of its templates fail")
}

func (h *helmRun) once() (out map[string]string, err error) {
	err = guard(func() error {
		out, err = engine.Engine{}.Render(h.chart, h.values)
		return err
	})
	return out, err
}

// takeOut removes the template that an error names, and tells whether it did.
func (h *helmRun) takeOut(err error) bool {
	text := err.Error()
	best, at := "", len(text)
	for name := range h.templates(h.chart) {
		if i := strings.Index(text, name+":"); i >= 0 && (i < at || i == at && len(name) > len(best)) {
			best, at = name, i
		} else if i := strings.Index(text, name+")"); i >= 0 && i < at {
			best, at = name, i
		}
	}
	if best == "" {
		return false
	}
	owner, t := h.find(h.chart, best)
	owner.Templates = slices.DeleteFunc(owner.Templates, func(f *chart.File) bool { return f == t })
	h.s.out.Gap(parity.Gap{
		Where:  h.place(best) + lineIn(text[at+len(best):]),
		Reason: "the template " + path.Base(best) + " fails" + whyFails(text) + ": what it would make is unknown",
		Hint:   "give the values that it asks for; helm template tells more",
	})
	return true
}

// whyFails says why in words of our own: a template's message may hold values.
func whyFails(text string) string {
	switch {
	case strings.Contains(text, "error calling required") || strings.Contains(text, "execution error at"):
		return " because it asks for a value, or refuses one"
	case strings.Contains(text, "parse error"):
		return " because it is no template"
	case strings.Contains(text, "nil pointer evaluating"):
		return " because a value that it goes into is not there"
	case strings.Contains(text, "no template"):
		return " because it includes a template that is not there"
	default:
		return ""
	}
}

// lineIn gives the ":3:5" that an error's text goes on with.
func lineIn(rest string) string {
	end := 0
	for end < len(rest) && (rest[end] == ':' || rest[end] >= '0' && rest[end] <= '9') {
		end++
	}
	return strings.TrimRight(rest[:end], ":")
}

// templates lists the templates of a chart and of those in it, by the names
// that the engine gives them.
func (h *helmRun) templates(c *chart.Chart) map[string]*chart.File {
	all := map[string]*chart.File{}
	var visit func(c *chart.Chart)
	visit = func(c *chart.Chart) {
		for _, t := range c.Templates {
			all[path.Join(c.ChartFullPath(), t.Name)] = t
		}
		for _, d := range c.Dependencies() {
			visit(d)
		}
	}
	visit(c)
	return all
}

func (h *helmRun) find(c *chart.Chart, name string) (*chart.Chart, *chart.File) {
	for _, t := range c.Templates {
		if path.Join(c.ChartFullPath(), t.Name) == name {
			return c, t
		}
	}
	for _, d := range c.Dependencies() {
		if owner, t := h.find(d, name); t != nil {
			return owner, t
		}
	}
	return c, nil
}

// place shows the file of a template.
func (h *helmRun) place(name string) string {
	_, inner, _ := strings.Cut(name, "/")
	return h.s.place.Display(path.Join(h.at, inner))
}

// objects hands over what the templates made.
func (h *helmRun) objects(out map[string]string) error {
	var again map[string]string
	if !h.calm {
		again, _ = h.once()
	}
	names := make([]string, 0, len(out))
	for name := range out {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if path.Base(name) == "NOTES.txt" || strings.TrimSpace(out[name]) == "" {
			continue
		}
		if err := h.template(name, out[name], again[name]); err != nil {
			return err
		}
	}
	return nil
}

// template hands over what one template made. second is what it made when it
// was rendered again, or empty.
func (h *helmRun) template(name, text, second string) error {
	var twins []*doc.Node
	if second != "" && second != text {
		_ = doc.ParseYAML(strings.NewReader(second), h.s.limits(), func(n *doc.Node, _ int) error {
			twins = append(twins, n)
			return nil
		})
	}
	file, i := h.place(name), -1
	err := doc.ParseYAML(strings.NewReader(text), h.s.limits(), func(n *doc.Node, _ int) error {
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
	h.s.gap(file, "what the template "+path.Base(name)+" makes is not YAML: "+what, "helm template tells more")
	return nil
}

// isTestHook tells whether an object is only made for helm test.
func isTestHook(n *doc.Node) bool {
	hooks := n.At("metadata", "annotations", "helm.sh/hook").Str()
	return hooks == "test" || hooks == "test-success" || hooks == "test-failure"
}

// crds hands over the definitions that a chart carries beside its templates.
func (h *helmRun) crds() error {
	if h.skip {
		return nil
	}
	for _, crd := range h.chart.CRDObjects() {
		file := h.place(crd.Filename)
		origin := &parity.Origin{File: file, Precision: parity.AtLine}
		err := doc.ParseYAML(bytes.NewReader(crd.File.Data), h.s.limits(), func(n *doc.Node, _ int) error {
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
			h.s.gap(where, "a custom resource definition of the chart cannot be read: "+what, "")
		}
	}
	return nil
}
