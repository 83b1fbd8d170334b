// Package report lists the formats in which a result can be written. Each
// format is one folder below this one and one line here; all of them are
// views of the same parity.Result and never change it.
package report

import (
	"io"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/html"
	"github.com/envparity/parity/internal/report/jsonreport"
	"github.com/envparity/parity/internal/report/junit"
	"github.com/envparity/parity/internal/report/markdown"
	"github.com/envparity/parity/internal/report/sarif"
	"github.com/envparity/parity/internal/report/terminal"
	"github.com/envparity/parity/internal/report/view"
)

// Options is how a report is to look.
type Options = view.Options

// Format is one way to write a result of a comparison.
type Format = FormatOf[parity.Result]

// FormatOf is one way to write a result of the type.
type FormatOf[R any] struct {
	// Name is what --output calls it.
	Name string
	// Summary is one line for help texts.
	Summary string
	// Extension is the usual end of a file's name, with its dot.
	Extension string
	// Write writes the result. It returns an error only where w does, or
	// where encoding fails.
	Write func(w io.Writer, r *R, o Options) error
}

// Formats lists every format, the default one first.
func Formats() []Format {
	return []Format{
		{"terminal", "for people at a terminal: groups of one cause first", ".txt", terminal.Write},
		{"json", "the whole result, for programs; parity schema gives its JSON Schema", ".json", jsonreport.Write},
		{"markdown", "a comment for a pull request, which says what it cut to fit", ".md", markdown.Write},
		{"html", "one page that needs nothing else, to look around in", ".html", html.Write},
		{"sarif", "SARIF 2.1.0, for code scanning and editors", ".sarif", sarif.Write},
		{"junit", "JUnit XML, for continuous integration that shows tests", ".xml", junit.Write},
	}
}

// Find finds a format by its name.
func Find(name string) (Format, bool) { return find(Formats(), name) }

func find[R any](all []FormatOf[R], name string) (FormatOf[R], bool) {
	for _, f := range all {
		if f.Name == name {
			return f, true
		}
	}
	return FormatOf[R]{}, false
}
