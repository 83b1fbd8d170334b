package process

import (
	"io/fs"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
)

type fact = parity.Fact

func originOf(p place.Place) *parity.Origin {
	return &parity.Origin{File: p.Show(), Precision: parity.AtLine}
}

// dropIns returns the names of the drop-ins of a directory, in systemd's order.
func dropIns(f *file, dir string) []string {
	entries, err := fs.ReadDir(f.place.FS, dir)
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range entries {
		if !e.IsDir() && strings.HasSuffix(e.Name(), ".conf") {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names
}
