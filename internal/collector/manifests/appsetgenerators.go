package manifests

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// generate returns the parameters that a generator yields, and the template of
// its own. outer are those of the generator around it.
func (a *appSet) generate(generator any, outer params, depth int) (all []params, own map[string]any, err error) {
	if err := a.s.ctx.Err(); err != nil {
		return nil, nil, err
	}
	if depth > maxGenerators {
		return nil, nil, &ungenerated{"its generators are nested too deeply", ""}
	}
	if outer != nil {
		if generator, err = a.interpolate(generator, outer); err != nil {
			return nil, nil, err
		}
	}
	g, _ := generator.(map[string]any)
	for _, kind := range []struct {
		name string
		make func(g map[string]any, depth int) ([]params, error)
	}{
		{"list", a.list}, {"git", a.git}, {"clusters", a.clusters}, {"matrix", a.matrix}, {"merge", a.merge},
	} {
		inner, ok := g[kind.name]
		if !ok {
			continue
		}
		m, _ := inner.(map[string]any)
		if all, err = kind.make(m, depth); err != nil {
			return nil, nil, err
		}
		return selected(all, tableAt(g, "selector")), tableAt(m, "template"), nil
	}
	for _, name := range []string{"pullRequest", "scmProvider", "clusterDecisionResource", "plugin"} {
		if _, ok := g[name]; ok {
			return nil, nil, &ungenerated{
				"the generator " + name + " asks a service, and what it makes comes and goes",
				"what it makes is best compared where it runs; the template itself is compared as it stands",
			}
		}
	}
	return nil, nil, &ungenerated{"a generator of it is of no known kind", ""}
}

// interpolate puts the parameters of one generator into another one.
func (a *appSet) interpolate(generator any, outer params) (any, error) {
	out, err := a.render(generator, []params{outer})
	if err != nil {
		return nil, err
	}
	if out[0] == nil {
		return nil, errTemplate
	}
	return out[0], nil
}

var errTemplate = &ungenerated{
	"a template of it fails", "look for a parameter that is not there, or a function that Argo CD does not have",
}

// list yields its elements.
func (a *appSet) list(g map[string]any, _ int) ([]params, error) {
	elements := listAt(g, "elements")
	if text := textAt(g, "elementsYaml"); text != "" {
		more, ok := a.listIn(text)
		if !ok {
			return nil, &ungenerated{"the elements of a list are no YAML list", ""}
		}
		elements = slices.Concat(elements, more)
	}
	var all []params
	for _, e := range elements {
		element, ok := e.(map[string]any)
		if !ok {
			return nil, &ungenerated{"an element of a list is no map", ""}
		}
		all = append(all, a.element(element))
	}
	return all, nil
}

// element returns the parameters of one element of a list.
func (a *appSet) element(element map[string]any) params {
	p := params{}
	for k, v := range element {
		inner, isMap := v.(map[string]any)
		switch {
		case a.goTemplate:
			p[k] = v
		case isMap && k == "values":
			for name, value := range inner {
				p["values."+name] = fmt.Sprint(value)
			}
		default:
			p[k] = fmt.Sprint(v)
		}
	}
	return p
}

// listIn reads a YAML list.
func (a *appSet) listIn(text string) (all []any, ok bool) {
	err := doc.ParseYAML(strings.NewReader(text), a.s.limits(), func(n *doc.Node, _ int) error {
		all, ok = plainWhole(n).([]any)
		return nil
	})
	return all, ok && err == nil
}

// matrix yields each combination of what its generators yield. A generator is
// given the parameters of those before it.
func (a *appSet) matrix(g map[string]any, depth int) ([]params, error) {
	generators := listAt(g, "generators")
	if len(generators) < 2 {
		return nil, &ungenerated{"a matrix has less than two generators", ""}
	}
	all, _, err := a.generate(generators[0], nil, depth+1)
	for _, generator := range generators[1:] {
		var next []params
		for _, outer := range all {
			inner, _, err := a.generate(generator, outer, depth+1)
			if err != nil {
				return nil, err
			}
			if len(next)+len(inner) > maxGenerated {
				return nil, errTooMany
			}
			for _, p := range inner {
				next = append(next, under(outer, p))
			}
		}
		all = next
	}
	return all, err
}

// under lays parameters below others, which win.
func under(over, below params) params {
	out := params{}
	for k, v := range below {
		out[k] = v
	}
	for k, v := range over {
		om, ok := v.(map[string]any)
		bm, both := out[k].(map[string]any)
		if ok && both {
			v = under(om, bm)
		}
		out[k] = v
	}
	return out
}

// merge yields what its first generator does, with what the others say of the
// same keys.
func (a *appSet) merge(g map[string]any, depth int) ([]params, error) {
	generators := listAt(g, "generators")
	if len(generators) < 2 || len(listAt(g, "mergeKeys")) == 0 {
		return nil, &ungenerated{"a merge needs two generators and a key", ""}
	}
	base, err := a.mergeBase(g, generators, depth)
	if err != nil || len(base) > maxGenerated {
		return nil, errors.Join(err, tooMany(base))
	}
	for _, generator := range generators[1:] {
		over, _, err := a.generate(generator, nil, depth+1)
		if err != nil {
			return nil, err
		}
		by := map[string]params{}
		for _, p := range over {
			key := mergeKey(g, p)
			if by[key] != nil {
				return nil, &ungenerated{"two parameters of a merge have the same keys, which Argo CD refuses", ""}
			}
			by[key] = p
		}
		for i, p := range base {
			if more := by[mergeKey(g, p)]; more != nil {
				base[i] = under(more, p)
			}
		}
	}
	return base, nil
}

// mergeBase yields what the first generator of a merge does. If that is the
// clusters that Argo CD knows, those that the other generators name are clusters
// too, whose URLs are not known.
func (a *appSet) mergeBase(g map[string]any, generators []any, depth int) ([]params, error) {
	base, _, err := a.generate(generators[0], nil, depth+1)
	first, _ := generators[0].(map[string]any)
	if _, clusters := first["clusters"]; !clusters {
		return base, err
	}
	seen := map[string]bool{}
	for _, p := range base {
		seen[mergeKey(g, p)] = true
	}
	var named []params
	for _, generator := range generators[1:] {
		all, _, err := a.generate(generator, nil, depth+1)
		if err != nil {
			return nil, err
		}
		for _, p := range all {
			if key := mergeKey(g, p); !seen[key] && clusterOf(p) != nil {
				seen[key] = true
				named = append(named, clusterOf(p))
			}
		}
	}
	if len(named) == 0 {
		return base, err
	}
	if !a.s.cfg.Applications.names(named) {
		a.gap(errClusters)
	}
	named, err = a.withValues(named, tableAt(first, "clusters", "values"))
	return append(base, named...), err
}

// clusterOf returns what is known of a cluster that parameters name, nil where
// they name none.
func clusterOf(p params) params {
	for _, key := range []string{"name", "nameNormalized"} {
		if name, ok := p[key].(string); ok && name != "" {
			return params{"name": name, "nameNormalized": normalized(name), "server": unknownValue}
		}
	}
	return nil
}

var errClusters = &ungenerated{
	"it makes one for each cluster that Argo CD knows, and not all of these are in the repository",
	"declare the clusters as Secrets in the repository, or use a list or files",
}

func tooMany(all []params) error {
	if len(all) > maxGenerated {
		return errTooMany
	}
	return nil
}

func mergeKey(g map[string]any, p params) string {
	key := map[string]any{}
	for _, k := range listAt(g, "mergeKeys") {
		name, _ := k.(string)
		key[name] = p[name]
	}
	text, err := json.Marshal(key)
	if err != nil {
		return ""
	}
	return string(text)
}

// clusters yields the clusters that Secrets of the repository tell Argo CD of.
func (a *appSet) clusters(g map[string]any, _ int) ([]params, error) {
	secrets := a.s.repository().clusters
	if len(secrets) == 0 {
		return nil, errClusters
	}
	var all []params
	for _, secret := range secrets {
		p, ok := a.cluster(secret)
		if !ok {
			return nil, errClusters
		}
		if matchesLabels(tableAt(g, "selector"), func(name string) (string, bool) {
			n := secret.At("metadata", "labels", name)
			return n.Str(), n != nil
		}) {
			all = append(all, p)
		}
	}
	if len(tableAt(g, "selector")) == 0 {
		local := params{"name": "in-cluster", "server": "https://kubernetes.default.svc", "nameNormalized": "in-cluster"}
		if !slices.ContainsFunc(all, func(p params) bool { return p["server"] == local["server"] }) {
			all = append(all, local)
		}
	}
	return a.withValues(all, tableAt(g, "values"))
}

// cluster returns the parameters of one cluster; ok is false where they are
// encrypted.
func (a *appSet) cluster(secret *doc.Node) (params, bool) {
	value := func(key string) string {
		if v := secret.At("stringData", key); v != nil {
			return v.Str()
		}
		data, err := base64.StdEncoding.DecodeString(secret.At("data", key).Str())
		if err != nil {
			return ""
		}
		return string(data)
	}
	name, server := value("name"), value("server")
	if name == "" || server == "" || strings.HasPrefix(name, "ENC[") || secret.Get("sops") != nil {
		return nil, false
	}
	p := params{"name": name, "nameNormalized": normalized(name), "server": server, "project": value("project")}
	meta := map[string]any{}
	for _, kind := range []string{"labels", "annotations"} {
		all := map[string]any{}
		for _, f := range fields(secret.At("metadata", kind)) {
			all[f.Key] = f.Value.Str()
			if !a.goTemplate {
				p["metadata."+kind+"."+f.Key] = f.Value.Str()
			}
		}
		meta[kind] = all
	}
	if a.goTemplate {
		p["metadata"] = meta
	}
	return p, true
}

// withValues adds values, which may refer to the parameters that are there.
func (a *appSet) withValues(all []params, values map[string]any) ([]params, error) {
	if len(values) == 0 || len(all) == 0 {
		return all, nil
	}
	out, err := a.render(values, all)
	if err != nil {
		return nil, err
	}
	for i, p := range all {
		made, ok := out[i].(map[string]any)
		if !ok {
			return nil, errTemplate
		}
		if a.goTemplate {
			p["values"] = made
			continue
		}
		for name, v := range made {
			p["values."+name] = v
		}
	}
	return all, nil
}
