package manifests

import (
	"bytes"
	"cmp"
	"path"
	"regexp"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/helmfile"
	"github.com/envparity/parity/internal/render"
)

// chartTask is the task that renders a chart.
const chartTask = "helm"

// renderChart does one job of chartTask. It touches nothing but the request.
func renderChart(request []byte, _ func([]byte) ([]byte, error)) ([]byte, error) {
	job, err := decodeChartJob(request)
	if err != nil {
		return nil, err
	}
	h := &chartRendering{job: job, done: &chartDone{}}
	h.done.fault = h.run()
	h.shown()
	return h.done.encode(), nil
}

// chartRendering is one rendering of one chart.
type chartRendering struct {
	job    *chartJob
	chart  *chart.Chart
	values chartutil.Values
	done   *chartDone
	// own are the values of the chart but those of its dependencies, where one
	// of these is not there.
	own map[string]any
}

// run renders the chart, and returns why it cannot, or nothing.
func (h *chartRendering) run() (fault string) {
	if fault := h.load(); fault != "" {
		return fault
	}
	h.done.name = cmp.Or(h.job.name, h.chart.Name())
	h.done.hasValues = len(h.chart.Values) > 0
	calm := !byChance(h.chart) && !h.job.vague
	if fault := h.prepare(); fault != "" {
		return fault
	}
	out, fault := h.render()
	if fault != "" {
		return fault
	}
	var again map[string]string
	if !calm {
		h.values, _ = otherwise(h.values).(chartutil.Values)
		again, _ = h.once()
	}
	for name, text := range out {
		h.done.made = append(h.done.made, madeText{name, text, again[name]})
	}
	slices.SortFunc(h.done.made, func(a, b madeText) int { return strings.Compare(a.name, b.name) })
	if !h.job.skipCRDs {
		for _, crd := range h.chart.CRDObjects() {
			h.done.crds = append(h.done.crds, madeText{name: crd.Filename, text: string(crd.File.Data)})
		}
	}
	return ""
}

// otherwise puts another text in the place of each value that is not known, so
// that what depends on it comes out in another way.
func otherwise(v any) any {
	switch v := v.(type) {
	case chartutil.Values:
		out, _ := otherwise(map[string]any(v)).(map[string]any)
		return chartutil.Values(out)
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = otherwise(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = otherwise(x)
		}
		return out
	case string:
		return strings.ReplaceAll(v, helmfile.Mark, "otherwise-"+helmfile.Mark)
	}
	return v
}

// load reads the chart out of its files. What the loader says is put into words
// that quote nothing.
func (h *chartRendering) load() (fault string) {
	err := guard(func() (err error) {
		if h.job.archive != nil {
			h.chart, err = loader.LoadArchive(bytes.NewReader(h.job.archive))
		} else {
			h.chart, err = loader.LoadFiles(h.job.files)
		}
		return err
	})
	if err == nil {
		return ""
	}
	text := err.Error()
	fault = "the chart cannot be read: one of its own files is not what Helm expects"
	for _, sign := range []string{"Chart.yaml file is missing", "cannot load Chart.yaml", "cannot load values.yaml", "cannot load Chart.lock", "cannot load requirements.yaml", "error unpacking subchart"} {
		if strings.Contains(text, sign) {
			fault = "the chart cannot be read: " + sign
		}
	}
	return fault
}

// prepare settles dependencies and values.
func (h *chartRendering) prepare() (fault string) {
	values := h.job.values
	h.missing(values)
	if err := guard(func() error { return chartutil.ProcessDependenciesWithMerge(h.chart, values) }); err != nil {
		h.done.unsettled = true
	}
	caps, err := capabilities(h.job.kubeVersion, h.job.apiVersions)
	if err != nil {
		return "the chart cannot be rendered: this is not a Kubernetes version"
	}
	h.schema(values)
	opts := chartutil.ReleaseOptions{Name: h.job.name, Namespace: h.job.namespace, Revision: 1, IsInstall: true}
	if opts.Name == "" {
		opts.Name = h.chart.Name()
	}
	if opts.Namespace == "" {
		opts.Namespace = "default"
	}
	err = guard(func() error {
		h.values, err = chartutil.ToRenderValuesWithSchemaValidation(h.chart, values, opts, caps, true)
		return err
	})
	if err != nil {
		return "the values of the chart cannot be merged"
	}
	return ""
}

// capabilities returns what the chart is told of the cluster.
func capabilities(version string, apiVersions []string) (*chartutil.Capabilities, error) {
	caps := chartutil.DefaultCapabilities.Copy()
	caps.HelmVersion.Version = helmVersion
	if version == "" {
		version = kubeVersion
	}
	parsed, err := chartutil.ParseKubeVersion(version)
	if err != nil {
		return nil, &parity.Error{Code: parity.CodeConfig, Where: "kubeVersion", What: "this is not a Kubernetes version", Hint: "write it as 1.34"}
	}
	caps.KubeVersion = *parsed
	caps.APIVersions = append(slices.Clone(caps.APIVersions), apiVersions...)
	return caps, nil
}

// maxFailures bounds how many templates of a chart may fail before the chart
// is given up.
const maxFailures = 100

// render renders all templates. Helm stops at the first that fails; here it
// is taken out and noted, and the rest is rendered.
func (h *chartRendering) render() (out map[string]string, fault string) {
	for range maxFailures {
		out, err := h.once()
		if err == nil {
			return out, ""
		}
		if !h.takeOut(err) {
			return nil, "the chart cannot be rendered: a template fails"
		}
	}
	return nil, "the chart cannot be rendered: too many of its templates fail"
}

func (h *chartRendering) once() (out map[string]string, err error) {
	err = guard(func() error {
		out, err = engine.Engine{}.Render(h.chart, h.values)
		return err
	})
	return out, err
}

// takeOut removes the template that an error names, and reports whether it did.
func (h *chartRendering) takeOut(err error) bool {
	text := err.Error()
	best, at := "", len(text)
	for name := range templates(h.chart) {
		if i := strings.Index(text, name+":"); i >= 0 && (i < at || i == at && len(name) > len(best)) {
			best, at = name, i
		} else if i := strings.Index(text, name+")"); i >= 0 && i < at {
			best, at = name, i
		}
	}
	if best == "" {
		return false
	}
	owner, t := findTemplate(h.chart, best)
	owner.Templates = slices.DeleteFunc(owner.Templates, func(f *chart.File) bool { return f == t })
	h.done.failed = append(h.done.failed, failedTemplate{
		name: best, line: lineIn(text[at+len(best):]), why: whyFails(text),
		defines: definesTemplates.Match(t.Data), scoped: !foreignNamespace.Match(t.Data), kinds: templateKinds(h.chart, string(t.Data)),
	})
	return true
}

// foreignNamespace is a namespace that a template states and that is not the
// release's.
var foreignNamespace = regexp.MustCompile(`(?m)\bnamespace"?:\s*(?:[^{\s#]|\{\{-?\s*(?:[^.]|\.(?:[^R]|R[^e]|Re[^l])))`)

var definesTemplates = regexp.MustCompile(`\{\{-?\s*(define|block)\b`)

const whyNoTemplate = " because it includes a template that is not there"

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
		return whyNoTemplate
	default:
		return ""
	}
}

// lineIn returns the ":3:5" that an error's text goes on with.
func lineIn(rest string) string {
	end := 0
	for end < len(rest) && (rest[end] == ':' || rest[end] >= '0' && rest[end] <= '9') {
		end++
	}
	return strings.TrimRight(rest[:end], ":")
}

// templates lists the templates of a chart and of those in it, by the names
// that the engine gives them.
func templates(c *chart.Chart) map[string]*chart.File {
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

func findTemplate(c *chart.Chart, name string) (*chart.Chart, *chart.File) {
	for _, t := range c.Templates {
		if path.Join(c.ChartFullPath(), t.Name) == name {
			return c, t
		}
	}
	for _, d := range c.Dependencies() {
		if owner, t := findTemplate(d, name); t != nil {
			return owner, t
		}
	}
	return c, nil
}

// Tasks returns what the collector has rendered apart. Those of one list may
// be run at the same time.
func Tasks() []render.Task {
	k := &kustomizer{}
	return []render.Task{
		{Name: chartTask, Run: renderChart},
		{Name: kustomizeTask, Run: k.render},
		{Name: helmfileTask, Run: readHelmfile},
		{Name: substituteTask, Run: substitute},
		{Name: templateTask, Run: renderTemplates},
	}
}
