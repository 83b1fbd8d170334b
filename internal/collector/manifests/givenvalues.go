package manifests

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strconv"

	"helm.sh/helm/v3/pkg/chartutil"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/settings"
	"github.com/envparity/parity/internal/value"
)

// chartKind is the kind of a chart that is not there, with what it is given, and
// chartFormat its format: a cluster has the objects that a chart makes, and no
// word of the chart. An object of Flux has the same kind and is one of a cluster.
const (
	chartKind   = "HelmChart"
	chartFormat = "helm"
)

// chartKinds declares the kinds of what is no object of Kubernetes. The values of
// a chart are settings, whatever their surface.
func chartKinds() []kinds.Kind {
	return []kinds.Kind{{
		Name: chartKind, Format: chartFormat, Settings: true, Rank: kinds.RankLead, Surfaces: settings.Surfaces(),
		Also:    []parity.Surface{parity.Config, parity.Secrets, parity.Dependency, parity.Delivery, parity.Platform},
		Reapply: []kinds.Reapply{{Effect: kinds.EffectUnknown}},
		Made:    "a whole release is made, not a single field changed",
	}}
}

// layer is one text that states values.
type layer struct {
	origin *parity.Origin
	root   *doc.Node // nil where it has no lines
}

// layers are texts that state values, the strongest first. What Helm makes of
// them together is known; where each value stands is looked up in them.
type layers []layer

// locate reads the texts that state the values of a release. What cannot be read
// of them has no lines: Helm's reading of the same texts is what counts. first
// is where stands what none of them states.
func (s *session) locate(rel release, first layer) *located {
	all := layers{first}
	for i, f := range slices.Backward(rel.files) {
		in := &session{ctx: s.ctx, place: f.place, in: s.in}
		if made := rel.made[i]; made != nil {
			all = append(all, layer{origin: &parity.Origin{File: f.place.Display(f.path), Precision: parity.AtFile}, root: treeOf(made)})
			continue
		}
		all = append(all, in.layer(f.path))
	}
	return &located{all: all, by: map[*doc.Node]int{}}
}

// locateIn is locate for the chart at a path, with its own values below all.
func (s *session) locateIn(at string, rel release) *located {
	l := s.locate(rel, layer{origin: &parity.Origin{File: s.place.Display(at), Precision: parity.AtFile}})
	if own := path.Join(at, chartutil.ValuesfileName); isFile(s.place.FS, own) {
		l.all = append(l.all, s.layer(own))
	}
	return l
}

// treeOf turns values that stand nowhere into a tree.
func treeOf(values map[string]any) *doc.Node {
	l := &located{by: map[*doc.Node]int{}}
	return l.node(values, nil, 0)
}

// layer reads one values file.
func (s *session) layer(at string) layer {
	l := layer{origin: &parity.Origin{File: s.place.Display(at), Precision: parity.AtLine}}
	data, err := s.readFile(at, s.in.Limits.FileBytes)
	if err != nil {
		return l
	}
	_ = doc.ParseYAML(bytes.NewReader(data), s.limits(), func(n *doc.Node, _ int) error {
		if l.root == nil {
			l.root = n
		}
		return nil
	})
	return l
}

// located is a tree of values with what states each of them.
type located struct {
	all layers
	by  map[*doc.Node]int // the layer of a node; nodes of none are of the first
}

// tree turns what Helm made of the layers at the keys into a tree.
func (l *located) tree(values map[string]any, keys ...string) *doc.Node {
	at := make([]*doc.Node, len(l.all))
	for i := range l.all {
		at[i] = l.all[i].root.At(keys...)
	}
	return l.node(values, at, 0)
}

// node turns a value into a node. at are the nodes of the layers at its path.
func (l *located) node(v any, at []*doc.Node, depth int) *doc.Node {
	if depth > maxValuesDepth {
		return &doc.Node{}
	}
	out := &doc.Node{}
	switch v := v.(type) {
	case map[string]any:
		out.Kind = doc.Map
		l.place(out, at)
		for _, key := range sortedKeys(v) {
			below := make([]*doc.Node, len(at))
			for i := range at {
				below[i] = at[i].Get(key)
			}
			child := l.node(v[key], below, depth+1)
			out.Fields = append(out.Fields, doc.Field{Key: key, Line: child.Line, Col: child.Col, Value: child})
		}
	case []any:
		out.Kind = doc.List
		from := l.place(out, at)
		for i, item := range v {
			below := make([]*doc.Node, len(at))
			if from >= 0 && at[from].Kind == doc.List && i < len(at[from].Items) {
				below[from] = at[from].Items[i]
			}
			out.Items = append(out.Items, l.node(item, below, depth+1))
		}
	default:
		l.scalar(out, v, at)
	}
	return out
}

// maxValuesDepth bounds how deeply values are nested.
const maxValuesDepth = 200

// place notes where a node stands: in the strongest layer that states its path.
// It returns that layer, or -1.
func (l *located) place(n *doc.Node, at []*doc.Node) int {
	for i, from := range at {
		if from != nil {
			n.Line, n.Col = from.Line, from.Col
			l.by[n] = i
			return i
		}
	}
	return -1
}

// scalar fills a node of one value, spelled as the layer spells it.
func (l *located) scalar(n *doc.Node, v any, at []*doc.Node) {
	n.Kind, n.Text = scalarNode(v)
	from := l.place(n, at)
	if from < 0 {
		return
	}
	stated := at[from]
	switch {
	case stated.Kind == doc.Map || stated.Kind == doc.List || stated.Kind == doc.Null && v != nil:
	case n.Text == concealed && value.Encrypted(stated.Text), stated.Kind == n.Kind && n.Kind != doc.String:
		n.Text = stated.Text
	}
}

// scalarNode returns the kind and text of a value that is no map and no list.
func scalarNode(v any) (doc.Kind, string) {
	switch v := v.(type) {
	case nil:
		return doc.Null, ""
	case bool:
		return doc.Bool, strconv.FormatBool(v)
	case string:
		return doc.String, v
	case float64:
		return doc.Number, strconv.FormatFloat(v, 'f', -1, 64)
	default:
		return doc.Number, fmt.Sprint(v)
	}
}

// facts returns what a chart is given, at paths below "/values".
func (l *located) facts(values map[string]any, limits doc.Limits, keys ...string) []parity.Fact {
	if len(values) == 0 {
		return nil
	}
	return settings.Facts(l.tree(values, keys...), "/values", settings.Options{
		Limits:   limits,
		OriginOf: func(n *doc.Node) *parity.Origin { return l.all[l.by[n]].origin },
	}, l.all[0].origin)
}

// given hands over what the dependencies that are not there are given, each as
// a subject of its own, and with all of them what the chart gives every chart
// in it. Where templates of the chart itself need a chart that is not there, its
// own values are handed over as well: nothing else shows them.
func (h *helmRun) given(rel release) {
	if len(h.done.missing) == 0 || h.s.ctx.Err() != nil {
		return
	}
	l := h.s.locateIn(h.at, rel)
	origin := &parity.Origin{File: h.s.place.Display(path.Join(h.at, chartFile)), Precision: parity.AtFile}
	if facts := l.facts(h.done.given, h.s.limits()); len(facts) > 0 {
		h.s.out.Subject(parity.Subject{Key: parity.Key{Kind: chartKind, Scope: h.namespace, Name: h.done.name}, Format: chartFormat, Origin: origin}, facts)
	}
	for _, m := range h.done.missing {
		facts := chartFacts(m.name, m.repository, m.version, origin, 0, 0)
		h.s.out.Subject(parity.Subject{Key: h.key(m), Format: chartFormat, Origin: origin}, append(facts, h.s.knownFacts(l, m.given, h.key(m), m.key)...))
	}
}

// key is that of the subject of a dependency that is not there.
func (h *helmRun) key(m missingChart) parity.Key {
	return parity.Key{Kind: chartKind, Scope: h.namespace, Name: h.done.name + "/" + m.key}
}

// chartFacts says which chart is taken.
func chartFacts(name, repository, version string, origin *parity.Origin, line, col int32) []parity.Fact {
	var facts []parity.Fact
	add := func(path, text string, kind parity.ValueKind) {
		if text == "" {
			return
		}
		f := parity.Fact{Path: path, Value: parity.Value{Kind: kind, Raw: text}, Surface: parity.Dependency, Origin: origin, Line: line, Col: col}
		if canon, ok := value.Version(text); ok && kind == parity.Version && canon != text {
			f.Value.Canon, f.Rules = canon, parity.SetOf(parity.VersionForm)
		}
		facts = append(facts, f)
	}
	add("/chart", name, parity.Text)
	add("/repository", repository, parity.URL)
	add("/version", version, parity.Version)
	return facts
}
