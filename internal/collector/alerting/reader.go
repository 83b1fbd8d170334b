package alerting

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/glob"
)

// reader turns documents into subjects.
type reader struct {
	in     collector.Input
	out    collector.Sink
	limits doc.Limits
	// origin is that of the document that is read.
	origin *parity.Origin
	// rules are those of all files, which are named together.
	rules []fileRule
	// dataSources are the names of Grafana's sources of data by their uids.
	dataSources map[string]string
	// told is set once something of alerting, or a gap, is told.
	told bool
}

// files reads what the paths of the config stand for. What is wrong with one
// does not end the others.
func (r *reader) files(ctx context.Context, patterns []string) error {
	found := glob.FindAll(ctx, r.in.Root, patterns, wanted, func(pattern string, err error) { r.failed(pattern, err) })
	for _, f := range found {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r.file(f)
	}
	if !r.told && ctx.Err() == nil {
		r.failed(strings.Join(patterns, ", "), &parity.Error{Code: parity.CodeConfig, What: "none of them is " + knownFiles, Hint: knownKeys})
	}
	return ctx.Err()
}

// wanted reports whether a file of a directory may be one of alerting.
func wanted(name string) bool {
	format := doc.Detect(name, nil)
	return format == doc.YAML || format == doc.JSON
}

func (r *reader) file(f glob.File) {
	name := f.Place.Show()
	limit := r.limits.Bytes
	if limit <= 0 {
		limit = collector.DefaultLimits().FileBytes
	}
	data, err := f.Place.Read(limit)
	if err != nil {
		r.failed(name, err)
		return
	}
	r.origin = &parity.Origin{File: name, Precision: parity.AtLine}
	known := false
	// YAML is read for JSON too: JSON is a part of it, and lines are told alike.
	err = doc.ParseYAML(bytes.NewReader(data), r.limits, func(root *doc.Node, _ int) error {
		known = r.document(root) || known
		return nil
	})
	switch {
	case err != nil:
		r.failed(name, err)
	case known:
		r.told = true
	case f.Named:
		r.failed(name, &parity.Error{Code: parity.CodeConfig, What: "it is not " + knownFiles, Hint: knownKeys})
	}
}

const (
	knownFiles = "a file of Alertmanager, of rules of Prometheus, or of what is provisioned to Grafana"
	knownKeys  = "it must have route and receivers, or groups of rules, or apiVersion: 1 with groups, contactPoints or policies"
)

// document reads one document, and reports whether it is one of alerting.
func (r *reader) document(root *doc.Node) bool {
	if root == nil || root.Kind != doc.Map {
		return false
	}
	if root.Get("kind").Str() == "PrometheusRule" {
		r.ruleGroups(root.At("spec", "groups"))
		return true
	}
	if root.Get("apiVersion") != nil {
		return r.provisioned(root)
	}
	groups := root.Get("groups")
	if groups != nil {
		r.ruleGroups(groups)
	}
	return r.configuration(root) || groups != nil
}

// failed records a file of which nothing is known, or not all.
func (r *reader) failed(name string, err error) {
	r.told = true
	g := parity.Gap{Where: name, Hint: parity.HintOf(err)}
	var in *doc.Error
	var known *parity.Error
	var path *fs.PathError
	switch {
	case errors.As(err, &in):
		g.Where, g.Reason = in.In(name), "the file cannot be read: "+in.What
		g.Hint = "correct the file"
	case errors.As(err, &known):
		g.Reason = "the file cannot be read: " + known.What
	case errors.As(err, &path):
		g.Reason = "the file cannot be read: " + path.Err.Error()
	default:
		g.Reason = "the file cannot be read"
	}
	for _, kind := range fileKinds() {
		g.Kind = kind
		r.out.Gap(g)
	}
}

// fact makes a fact that is read at a node.
func (r *reader) fact(path string, v parity.Value, at *doc.Node, rules ...parity.Rule) parity.Fact {
	f := parity.Fact{Path: path, Value: v, Rules: parity.SetOf(rules...), Surface: parity.Telemetry, Origin: r.origin}
	if r.origin.Precision == parity.AtLine && at != nil {
		f.Line, f.Col = at.Line, at.Col
	}
	return f
}

// subject hands a subject over that is read at a node.
func (r *reader) subject(key parity.Key, at *doc.Node, facts []parity.Fact) {
	s := parity.Subject{Key: key, Origin: r.origin}
	if r.origin.Precision == parity.AtLine && at != nil {
		s.Line, s.Col = at.Line, at.Col
	}
	r.out.Subject(s, facts)
}

func text(s string) parity.Value { return parity.Value{Kind: parity.Text, Raw: s} }

func boolean(b bool) parity.Value {
	if b {
		return parity.Value{Kind: parity.Bool, Raw: "true"}
	}
	return parity.Value{Kind: parity.Bool, Raw: "false"}
}

// members makes facts of a list of texts, or of one.
func (r *reader) members(set string, list *doc.Node) []parity.Fact {
	var facts []parity.Fact
	for _, n := range items(list) {
		facts = append(facts, r.fact(set+n.Str()+"]", parity.Value{Kind: parity.Set, Raw: n.Str()}, n))
	}
	return facts
}

// items gives the items of a list; a scalar is a list of one.
func items(n *doc.Node) []*doc.Node {
	switch {
	case n == nil || n.Kind == doc.Null || n.Kind == doc.Map:
		return nil
	case n.Kind == doc.List:
		return n.Items
	default:
		return []*doc.Node{n}
	}
}
