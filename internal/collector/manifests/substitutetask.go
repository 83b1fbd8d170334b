package manifests

import (
	"github.com/fluxcd/pkg/envsubst"
	"sigs.k8s.io/yaml"

	"github.com/envparity/parity/internal/render"
)

// substituteTask is the task that puts variables into a text as Flux does.
const substituteTask = "substitute"

// unknownValue stands for a value that is not known.
const unknownValue = "unknown-to-parity"

// substitute does one job of substituteTask. It answers, in JSON, with
// what the text says where the unknown variables have one value, and where they
// have none: what is the same in both does not depend on them.
func substitute(request []byte, _ func([]byte) ([]byte, error)) ([]byte, error) {
	d := render.NewDecoder(request)
	text := d.String()
	known, unknown := map[string]string{}, map[string]bool{}
	decodeList(d, func() {
		name := d.String()
		known[name] = d.String()
	})
	decodeList(d, func() { unknown[d.String()] = true })
	others, limit := d.Bool(), d.Uint()
	if err := d.Err(); err != nil {
		return nil, err
	}
	var e render.Encoder
	for _, value := range []string{unknownValue, ""} {
		out, err := envsubst.Eval(text, func(name string) (string, bool) {
			v, ok := known[name]
			if !ok && (others || unknown[name]) {
				v = value
			}
			return v, true
		})
		if err != nil {
			return nil, errVariables
		}
		if uint64(len(out)) > limit {
			return nil, errTooLarge
		}
		made, err := yaml.YAMLToJSON([]byte(out))
		if err != nil {
			return nil, errVariables
		}
		e.Bytes(made)
	}
	return e.Data(), nil
}

const errVariables = fault("the variables cannot be put in")
