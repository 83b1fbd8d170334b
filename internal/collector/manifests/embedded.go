package manifests

import (
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// expandValues reads the values that Argo CD Applications and ApplicationSets
// carry as text, and puts what they say in the place of the text. Flux
// HelmReleases carry theirs as structure already.
func expandValues(obj *doc.Node, l doc.Limits) {
	if !strings.HasPrefix(obj.Get("apiVersion").Str(), "argoproj.io/") {
		return
	}
	spec := obj.Get("spec")
	switch obj.Get("kind").Str() {
	case "Application":
	case "ApplicationSet":
		spec = spec.At("template", "spec")
	default:
		return
	}
	expandSource(spec.Get("source"), l)
	if sources := spec.Get("sources"); sources != nil {
		for _, source := range sources.Items {
			expandSource(source, l)
		}
	}
}

// expandSource reads helm.values of one source.
func expandSource(source *doc.Node, l doc.Limits) {
	helm := source.Get("helm")
	if helm == nil || helm.Kind != doc.Map {
		return
	}
	for i := range helm.Fields {
		f := &helm.Fields[i]
		if f.Key != "values" || f.Value == nil || f.Value.Kind != doc.String {
			continue
		}
		if values := parseText(f.Value, f.Col, l); values != nil {
			f.Value = values
		}
	}
}

// parseText parses a text that stands in a document, and moves its positions
// to where the text stands there. It gives nil for what is no map. keyCol is
// the column of the text's key.
func parseText(text *doc.Node, keyCol int32, l doc.Limits) *doc.Node {
	out := lenient(text.Text, l)
	if out == nil || len(out.Fields) == 0 {
		return nil
	}
	lines, cols := int32(0), int32(0)
	if text.Line > 0 && strings.Contains(text.Text, "\n") {
		// A block text begins below its mark, usually two columns right of
		// its key. Where it begins further right only the column is off.
		lines, cols = text.Line, keyCol+1
	}
	shift(out, lines, cols, text)
	return out
}

// shift moves the positions of a tree. Without a line to move to, all of it
// stands where the text begins.
func shift(n *doc.Node, lines, cols int32, text *doc.Node) {
	move := func(line, col *int32) {
		if lines == 0 {
			*line, *col = text.Line, text.Col
			return
		}
		*line += lines
		*col += cols
	}
	move(&n.Line, &n.Col)
	for i := range n.Fields {
		f := &n.Fields[i]
		move(&f.Line, &f.Col)
		shift(f.Value, lines, cols, text)
	}
	for _, item := range n.Items {
		shift(item, lines, cols, text)
	}
}
