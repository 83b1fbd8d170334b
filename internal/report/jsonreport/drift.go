package jsonreport

import (
	_ "embed"
	"io"
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// WriteDrift writes a whole result of drift as indented JSON. The same result
// always gives the same bytes.
func WriteDrift(w io.Writer, r *parity.DriftResult, _ view.Options) error {
	return view.WriteJSON(w, r)
}

//go:embed drift.schema.json
var driftSchema []byte

// DriftSchema gives the JSON Schema (draft 2020-12) of what WriteDrift writes.
// It is generated from parity.DriftResult and its comments.
func DriftSchema() []byte { return slices.Clone(driftSchema) }
