package manifests

import (
	"bytes"
	"encoding/json"
	"path"
	"strconv"
	"strings"

	"sigs.k8s.io/kustomize/api/types"
	kyaml "sigs.k8s.io/yaml"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// plugin looks at an entry of generators or transformers: the text of a
// plugin's configuration, a file with it, or a directory. Only the plugins
// that are part of kustomize run, and only those that fetch nothing.
func (sc *scan) plugin(k *kustomize, entry string) (string, bool) {
	if strings.Contains(entry, "\n") {
		return entry, sc.pluginText(k, entry, []byte(entry))
	}
	at, ok := within(k.dir, entry)
	if !ok || looksRemote(entry) || !isFile(sc.over.fsys, at) && !isDir(sc.over.fsys, at) {
		return "", sc.absent(k, entry, loss{})
	}
	if isFile(sc.over.fsys, at) {
		text, err := sc.over.ReadFile(at)
		if err != nil || sc.outside(k, entry, at, loss{}) {
			return "", false
		}
		sc.files[at] = true
		return entry, sc.pluginText(k, entry, text)
	}
	child, err := sc.load(at, []string{k.dir})
	if err != nil || child.lost {
		sc.lose(k, entry, loss{reason: "a plugin's configuration cannot be read whole, so the plugin is not run"})
		return "", false
	}
	for _, r := range child.spec.Resources {
		file := path.Join(at, r)
		text, err := sc.over.ReadFile(file)
		if err != nil || !sc.pluginText(k, entry, text) {
			return "", false
		}
	}
	return entry, true
}

// pluginText reports whether every plugin of a configuration may run. What a
// plugin that may not would have made is a loss, but for those that only
// decrypt: they make Secrets that are there to see, encrypted.
func (sc *scan) pluginText(k *kustomize, entry string, text []byte) bool {
	fine, any, inflates := true, false, false
	l := loss{
		reason: "a plugin of the kustomization is not run: only the plugins that are part of kustomize are",
		hint:   "render it where the plugin may run, and point the source at the result",
	}
	err := doc.ParseYAML(bytes.NewReader(text), sc.limits, func(n *doc.Node, _ int) error {
		any = true
		kind := n.Get("kind").Str()
		switch {
		case kind == "HelmChartInflationGenerator" && sc.inflator(k, n):
			inflates = true
		case kind == "ksops":
			sc.decrypts(k, n)
			l.kind = "Secret"
			fine = false
		case n.Get("apiVersion").Str() != "builtin", kind == "HelmChartInflationGenerator":
			fine = false
		case fetches(n):
			l.reason = "a plugin of the kustomization would fetch from elsewhere and is not run"
			fine = false
		}
		return nil
	})
	if err != nil || !any {
		l.reason, fine = "a plugin's configuration cannot be read", false
	}
	if !fine {
		sc.lose(k, entry, l)
	}
	k.edited = k.edited || inflates
	return fine && !inflates
}

// inflator takes a chart that a generator's configuration names as one that
// the kustomization itself names.
func (sc *scan) inflator(k *kustomize, n *doc.Node) bool {
	data, err := json.Marshal(plainNode(n))
	if err != nil {
		return false
	}
	var globals types.HelmGlobals
	var chart types.HelmChart
	if json.Unmarshal(data, &globals) != nil || json.Unmarshal(data, &chart) != nil || chart.Name == "" {
		return false
	}
	if globals.ChartHome != "" && k.spec.HelmGlobals == nil {
		k.spec.HelmGlobals = &types.HelmGlobals{ChartHome: globals.ChartHome}
	}
	k.spec.HelmCharts = append(k.spec.HelmCharts, chart)
	return true
}

// fetches reports whether any text in a plugin's configuration is remote.
func fetches(n *doc.Node) bool {
	switch n.Kind {
	case doc.Map:
		for i := range n.Fields {
			if fetches(n.Fields[i].Value) {
				return true
			}
		}
	case doc.List:
		for _, item := range n.Items {
			if fetches(item) {
				return true
			}
		}
	case doc.String:
		return looksRemote(n.Text)
	}
	return false
}

// decrypts adds the encrypted Secrets that a decrypting plugin names to the
// resources: that they are there is known.
func (sc *scan) decrypts(k *kustomize, n *doc.Node) {
	files := n.Get("files")
	if files == nil || files.Kind != doc.List {
		return
	}
	for _, f := range files.Items {
		at, ok := within(k.dir, f.Text)
		if f.Kind != doc.String || !ok || !isFile(sc.over.fsys, at) || sc.rootOnly && !holds(k.dir, at) {
			continue
		}
		sc.files[at] = true
		sc.declared(at, at)
		k.spec.Resources = append(k.spec.Resources, sc.plain(k, f.Text))
		k.edited = true
	}
}

// helm takes out the charts that a kustomization inflates, which kustomize
// would leave to the helm command. One that is there is rendered; any other is
// a loss, though what the kustomization says of it is known.
func (sc *scan) helm(k *kustomize) {
	if len(k.spec.HelmCharts) == 0 && k.spec.HelmGlobals == nil {
		return
	}
	home := types.HelmDefaultHome
	if k.spec.HelmGlobals != nil && k.spec.HelmGlobals.ChartHome != "" {
		home = k.spec.HelmGlobals.ChartHome
	}
	for i, c := range k.spec.HelmCharts {
		if sc.charts == nil {
			break
		}
		if rendered, ok := sc.charts(k, c, home); ok {
			name := "parity-chart-" + strconv.Itoa(i) + ".yaml"
			at := path.Join(k.dir, name)
			sc.over.replaced[at] = rendered
			sc.declared(at, path.Join(k.dir, home, c.Name, chartFile))
			k.spec.Resources = append(k.spec.Resources, name)
			continue
		}
		entry := c.Name
		sc.lose(k, entry, loss{
			remote: chartEntry(c), hides: parity.HidesObjects,
			reason: "the chart " + c.Name + " is not fetched: what it would add is unknown",
			hint:   "keep the chart beside the kustomization, or render it and point the source at the result",
		})
		last := &sc.losses[len(sc.losses)-1]
		last.chart, last.values = &k.spec.HelmCharts[i], sc.valuesFiles(k, c)
	}
	k.spec.HelmCharts, k.spec.HelmGlobals, k.edited = nil, nil, true
}

// valuesFiles gives the values files of a chart that are there, in order.
func (sc *scan) valuesFiles(k *kustomize, c types.HelmChart) []string {
	var found []string
	for _, name := range append([]string{c.ValuesFile}, c.AdditionalValuesFiles...) {
		if at, ok := within(k.dir, name); ok && name != "" && isFile(sc.over.fsys, at) && !(sc.rootOnly && !holds(k.dir, at)) {
			sc.files[at] = true
			found = append(found, at)
		}
	}
	return found
}

func chartEntry(c types.HelmChart) string {
	repo := strings.TrimSuffix(c.Repo, "/")
	return repo + "/" + c.Name
}

// inline gives a chart's inline values as nodes.
func inline(values map[string]any, l doc.Limits) *doc.Node {
	data, err := kyaml.Marshal(values)
	if err != nil || len(values) == 0 {
		return nil
	}
	var out *doc.Node
	_ = doc.ParseYAML(bytes.NewReader(data), l, func(n *doc.Node, _ int) error { out = n; return nil })
	return out
}
