package manifests

import (
	"bytes"
	"errors"
	"path"
	"slices"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
)

// schema notes the schemas of the chart that the values break. Helm would fetch
// what a schema refers to; here such a schema is passed over.
func (h *chartRendering) schema(values map[string]any) {
	merged, err := chartutil.CoalesceValues(h.chart, values)
	if err != nil {
		return
	}
	h.schemaOf(h.chart, merged, "")
}

func (h *chartRendering) schemaOf(c *chart.Chart, values map[string]any, at string) {
	if c.Schema != nil {
		if places, ok := violations(c.Schema, values); ok && len(places) > 0 {
			h.done.schemas = append(h.done.schemas, brokenSchema{c.Name(), at, places})
		}
	}
	for _, d := range c.Dependencies() {
		if sub, ok := values[d.Name()].(map[string]any); ok {
			h.schemaOf(d, sub, path.Join(at, "charts", d.Name()))
		}
	}
}

// maxPlaces bounds how many places a reason lists.
const maxPlaces = 5

// violations lists the places where values break a schema; ok is false where
// the schema cannot be used.
func violations(schema []byte, values map[string]any) (places []string, ok bool) {
	var found error
	err := guard(func() error {
		s, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
		if err != nil {
			return err
		}
		c := jsonschema.NewCompiler()
		c.UseLoader(noLoader{})
		if err := c.AddResource("file:///values.schema.json", s); err != nil {
			return err
		}
		compiled, err := c.Compile("file:///values.schema.json")
		if err != nil {
			return err
		}
		found = compiled.Validate(plain(values))
		return nil
	})
	if err != nil {
		return nil, false
	}
	var v *jsonschema.ValidationError
	if errors.As(found, &v) {
		places = leaves(v, nil)
		slices.Sort(places)
		places = slices.Compact(places)
	}
	if len(places) > maxPlaces {
		places = append(places[:maxPlaces], "and others")
	}
	return places, true
}

func leaves(v *jsonschema.ValidationError, places []string) []string {
	if len(v.Causes) == 0 {
		return append(places, "/"+strings.Join(v.InstanceLocation, "/"))
	}
	for _, c := range v.Causes {
		places = leaves(c, places)
	}
	return places
}

// noLoader refuses to load anything.
type noLoader struct{}

func (noLoader) Load(string) (any, error) { return nil, errNoLoader }

const errNoLoader = fault("a schema elsewhere is not read")

// plain turns named map types into the plain ones that the validator knows.
func plain(v any) any {
	switch v := v.(type) {
	case chartutil.Values:
		return plain(map[string]any(v))
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			out[k] = plain(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = plain(x)
		}
		return out
	default:
		return v
	}
}
