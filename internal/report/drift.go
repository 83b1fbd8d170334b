package report

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/jsonreport"
	"github.com/envparity/parity/internal/report/markdown"
	"github.com/envparity/parity/internal/report/terminal"
)

// DriftFormat is one way to write a result of drift.
type DriftFormat = FormatOf[parity.DriftResult]

// DriftFormats lists every format of drift, the default one first.
func DriftFormats() []DriftFormat {
	return []DriftFormat{
		{"terminal", "for people at a terminal: each drift with who wrote it", ".txt", terminal.WriteDrift},
		{"json", "the whole result, for programs; parity schema drift gives its JSON Schema", ".json", jsonreport.WriteDrift},
		{"markdown", "a comment or an issue, which says what it cut to fit", ".md", markdown.WriteDrift},
	}
}

// FindDrift finds a format by its name.
func FindDrift(name string) (DriftFormat, bool) { return find(DriftFormats(), name) }
