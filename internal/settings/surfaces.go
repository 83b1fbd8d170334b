package settings

import (
	_ "embed"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/surface"
)

//go:embed surfaces.tsv
var surfaceRows string

// Surfaces returns the table of the surfaces of settings.
func Surfaces() *surface.Table { return surfaces() }

var surfaces = surface.Lazy("", surfaceRows)

// VariableSurface returns the surface of an environment variable by its path.
func VariableSurface(path string) parity.Surface { return surface.Common().Of(ValuesKind, path) }
