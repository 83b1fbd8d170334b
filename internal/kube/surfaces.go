package kube

import (
	_ "embed"

	"github.com/envparity/parity/internal/surface"
)

//go:embed surfaces.tsv
var surfaceRows string

// Surfaces returns the table of the surfaces of objects.
func Surfaces() *surface.Table { return surfaces() }

var surfaces = surface.Lazy(surfaceRows, "")
