package discover

import (
	"path"
	"slices"
	"strings"
)

// valuesRest takes "values" from the name of a Helm values file, and returns
// what is left: "prod" of values-prod.yaml, prod-values.yaml and
// prod.values.yaml. What stands before "values" and names no environment is the
// release that the values are for.
func valuesRest(name string) (rest, release string, ok bool) {
	if !isYAML(name) {
		return "", "", false
	}
	stem := strings.TrimSuffix(name, path.Ext(name))
	tokens := strings.FieldsFunc(stem, func(r rune) bool { return strings.ContainsRune("-_.", r) })
	i := slices.IndexFunc(tokens, func(t string) bool { return strings.EqualFold(t, "values") })
	if i < 0 {
		return "", "", false
	}
	at := 0
	for _, t := range tokens[:i] {
		at += strings.Index(stem[at:], t) + len(t)
	}
	before := stem[:at]
	rest = strings.TrimLeft(stem[at+strings.Index(strings.ToLower(stem[at:]), "values")+len("values"):], "-_.")
	switch {
	case before == "":
		return rest, "", true
	case rest == "":
		if _, named := firstKnown(before); named {
			return before, "", true
		}
	}
	return rest, before, true
}

// valuesPlaces are Helm values files, beside a chart or elsewhere, and files
// within a chart that are called after nothing else than an environment.
func valuesPlaces(inv *inventory) []place {
	var out []place
	for _, d := range inv.folders {
		if inv.facts.template(d.path) || inv.facts.rendered(d.path) {
			continue
		}
		_, inChart := inv.facts.around(d.path, 3)
		for _, name := range d.files {
			at := path.Join(d.path, name)
			rest, release, ok := valuesRest(name)
			affix := "values " + release
			if !ok && inChart && isYAML(name) && inv.ofChart(d, name) && !isKustomization(name) && name != "Chart.yaml" && !inv.isManifest(at) {
				rest, affix, ok = strings.TrimSuffix(name, path.Ext(name)), "chart", true
			}
			if ok {
				out = append(out, valuesPlace(inv, d.path, at, rest, release, affix))
			}
		}
	}
	return out
}

// ofChart reports whether a file within a chart is called as its values are:
// at the chart's own level after an environment and nothing else.
func (inv *inventory) ofChart(d *folder, name string) bool {
	_, whole := wholeWord(strings.TrimSuffix(name, path.Ext(name)))
	return whole || !d.has("Chart.yaml")
}

func valuesPlace(inv *inventory, dir, at, rest, release, affix string) place {
	p := leafPlace("values", at, rest, affix)
	p.keys = inv.topKeys(at)
	if chart, ok := inv.chartOf(at, release); ok {
		p.targets = []string{chart}
	}
	p.source = func(r reader) (Source, bool) {
		if affix == "chart" && r.stem != "" {
			return Source{}, false
		}
		name := strings.Trim(release+"-"+r.stem, "-")
		chart, ok := inv.chartOf(at, name)
		if !ok {
			return settingsSource([]string{literal(at)}, path.Join(r.common, name)), true
		}
		values := append(inv.beneath(dir, at, chart, r), at)
		return Source{Collector: "kubernetes-manifests", Keys: []Key{
			{Name: "path", Text: chart}, {Name: "values", List: values},
		}}, true
	}
	return p
}

// beneath finds the values that all environments have in common, in the
// directory of a values file, or above it where that is one environment's.
func (inv *inventory) beneath(dir, at, chart string, r reader) []string {
	dirs := []string{dir}
	if _, whole := wholeWord(path.Base(dir)); whole || !r.named {
		dirs = []string{path.Dir(dir), dir}
	}
	var out []string
	for _, d := range dirs {
		for _, name := range []string{"values.yaml", "values.yml", "values-common.yaml", "values-default.yaml", "values-global.yaml", "common.yaml"} {
			common := path.Join(d, name)
			if common != at && inv.isFile(common) && !(d == chart && strings.HasPrefix(name, "values.")) {
				out = append(out, common)
			}
		}
	}
	return out
}

// chartOf finds the chart that a values file is for: the one around it where
// the file has no name of its own, else the one of its name, else the one that
// lies beside it or is the only one there is. A file that is called after
// something else is for a chart that is not here.
func (inv *inventory) chartOf(at, name string) (string, bool) {
	dir := path.Dir(at)
	if chart, ok := inv.ruled(at); ok {
		return chart, true
	}
	charts := slices.DeleteFunc(slices.Clone(inv.facts.charts), inv.facts.template)
	around, ok := inv.facts.around(dir, 4)
	if ok && (name == "" || name == path.Base(around)) {
		return around, true
	}
	var named, beside []string
	for _, chart := range charts {
		base := path.Base(chart)
		if name != "" && base == name || name == "" && slices.Contains(split(dir), base) {
			named = append(named, chart)
		}
		if path.Dir(chart) == dir {
			beside = append(beside, chart)
		}
	}
	switch {
	case len(named) == 1:
		return named[0], true
	case name != "":
		return "", false
	case len(beside) == 1:
		return beside[0], true
	case len(charts) == 1:
		return charts[0], true
	}
	return "", false
}
