package compose

import (
	_ "embed"

	"github.com/envparity/parity/internal/surface"
)

//go:embed surfaces.tsv
var surfaceRows string

var surfaces = surface.Lazy("", surfaceRows)
