// Package jsonreport writes a result as JSON, whose schema Schema gives.
package jsonreport

import (
	_ "embed"
	"io"
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// Write writes the whole result as indented JSON. The same result always
// gives the same bytes. Groups that do not count are in it where the result
// has them.
func Write(w io.Writer, r *parity.Result, _ view.Options) error {
	return view.WriteJSON(w, r)
}

//go:embed result.schema.json
var schema []byte

// Schema gives the JSON Schema (draft 2020-12) of what Write writes. It is
// generated from parity.Result and its comments.
func Schema() []byte { return slices.Clone(schema) }
