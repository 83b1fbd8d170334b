package helmfile

import (
	"bytes"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// parse reads a map out of YAML. Texts that hold the mark are unknown.
func (r *reader) parse(data []byte) (map[string]any, error) {
	var root *doc.Node
	err := doc.ParseYAML(bytes.NewReader(data), r.Limits, func(n *doc.Node, _ int) error {
		if root == nil {
			root = n
		}
		return nil
	})
	switch {
	case err != nil:
		return nil, errNotYAML
	case root == nil || root.Kind == doc.Null:
		return map[string]any{}, nil
	case root.Kind != doc.Map:
		return nil, errNotYAML
	}
	m, _ := plain(root, "", false).(map[string]any)
	return m, nil
}

// spelled are the fields of releases that are texts whatever they look like: the
// version 1.10 is not 1.1.
var spelled = []string{"name", "namespace", "chart", "version", "value", "condition"}

// plain turns a node into plain values. key is the field that it stands in, and
// spec says that it is of a release, or of a template for releases.
func plain(n *doc.Node, key string, spec bool) any {
	switch n.Kind {
	case doc.Map:
		out := make(map[string]any, len(n.Fields))
		for i := range n.Fields {
			f := &n.Fields[i]
			within := spec && f.Key != "values" && f.Key != "labels" || key == "" && (f.Key == "releases" || f.Key == "templates" || f.Key == "helmfiles")
			out[f.Key] = plain(f.Value, f.Key, within)
		}
		return out
	case doc.List:
		out := make([]any, len(n.Items))
		for i, item := range n.Items {
			out[i] = plain(item, key+"[]", spec)
		}
		return out
	case doc.Null:
		return nil
	case doc.String:
		if Unknown(n.Text) {
			return unknown{}
		}
		return n.Text
	}
	if spec && slices.Contains(spelled, key) {
		return n.Text
	}
	if n.Kind == doc.Bool {
		return strings.EqualFold(n.Text, "true")
	}
	if i, err := strconv.ParseInt(n.Text, 0, 64); err == nil {
		return int(i)
	}
	if f, err := strconv.ParseFloat(n.Text, 64); err == nil {
		return f
	}
	return n.Text
}
