package manifests

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"

	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
)

// missing notes the dependencies that are not there, and what they are given.
func (h *chartRendering) missing(values map[string]any) {
	all := h.coalesced(h.chart, values)
	missing := missingCharts(h.chart, all)
	if len(missing) == 0 {
		return
	}
	handed := h.handed(missing, values)
	own := map[string]any{}
	maps.Copy(own, all)
	for _, d := range h.chart.Metadata.Dependencies {
		delete(own, keyOf(d))
	}
	for _, d := range missing {
		delete(own, keyOf(d))
		repository := strings.TrimSuffix(d.Repository, "/")
		h.done.missing = append(h.done.missing, missingChart{
			name: d.Name, remote: "chart " + repository + "/" + d.Name, key: keyOf(d), repository: repository, version: h.version(d),
			given: handed[keyOf(d)], use: h.use(d, all), imports: len(d.ImportValues) > 0,
		})
	}
	h.own, _ = plain(own).(map[string]any)
}

func (h *chartRendering) coalesced(c *chart.Chart, values map[string]any) chartutil.Values {
	var all chartutil.Values
	if err := guard(func() (err error) {
		all, err = chartutil.CoalesceValues(c, values)
		return err
	}); err != nil {
		return values
	}
	return all
}

// handed returns what dependencies that are not there are given, by what the
// chart calls them: Helm coalesces the values as if empty charts stood in their
// places. What all charts are given alike is left out.
func (h *chartRendering) handed(missing []*chart.Dependency, values map[string]any) map[string]map[string]any {
	stand := *h.chart
	stand.SetDependencies(h.chart.Dependencies()...)
	for _, d := range missing {
		stand.AddDependency(&chart.Chart{Metadata: &chart.Metadata{Name: keyOf(d)}})
	}
	all := h.coalesced(&stand, values)
	h.chart.SetDependencies(h.chart.Dependencies()...) // they are the chart's again
	global, _ := all["global"].(map[string]any)
	out := map[string]map[string]any{}
	for _, d := range missing {
		given, _ := plain(all[keyOf(d)]).(map[string]any)
		if own, ok := given["global"].(map[string]any); ok {
			if given["global"] = beyond(own, global); len(beyond(own, global)) == 0 {
				delete(given, "global")
			}
		}
		out[keyOf(d)] = given
	}
	return out
}

// beyond returns what values state that others do not state alike.
func beyond(values, others map[string]any) map[string]any {
	out := map[string]any{}
	for key, v := range values {
		below, isMap := v.(map[string]any)
		other, isMapToo := others[key].(map[string]any)
		switch _, there := others[key]; {
		case isMap && isMapToo:
			if rest := beyond(below, other); len(rest) > 0 {
				out[key] = rest
			}
		case !there || !reflect.DeepEqual(v, others[key]):
			out[key] = v
		}
	}
	return out
}

// keyOf returns what a chart calls a dependency in its values.
func keyOf(d *chart.Dependency) string {
	if d == nil {
		return ""
	}
	return cmp.Or(d.Alias, d.Name)
}

// shown leaves in what is given the values that nothing else shows: where a
// template of the chart itself needs a chart that is not there all of them,
// else what every chart in it is given.
func (h *chartRendering) shown() {
	if h.own == nil {
		return
	}
	needs := func(f failedTemplate) bool { return f.why == whyNoTemplate }
	switch {
	case h.done.fault != "" || slices.ContainsFunc(h.done.failed, needs):
		h.done.given = h.own
	case h.own["global"] != nil:
		h.done.given = map[string]any{"global": h.own["global"]}
	}
}

// version returns the version of a dependency: the one that is locked, if any.
func (h *chartRendering) version(d *chart.Dependency) string {
	if h.chart.Lock != nil {
		for _, locked := range h.chart.Lock.Dependencies {
			if locked != nil && locked.Name == d.Name && locked.Repository == d.Repository {
				return locked.Version
			}
		}
	}
	return d.Version
}

// use describes all that decides what a dependency that is not there makes, as a
// digest, empty where its version may change.
func (h *chartRendering) use(d *chart.Dependency, all chartutil.Values) string {
	version := h.version(d)
	if !pinned(version) {
		return ""
	}
	text, err := json.Marshal([]any{
		d.Repository, d.Name, d.Alias, version, all[keyOf(d)], all["global"], all["tags"],
		h.job.name, h.job.namespace, h.job.kubeVersion, h.job.apiVersions, h.job.skipCRDs,
	})
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
