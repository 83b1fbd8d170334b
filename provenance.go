package parity

import "fmt"

// Precision says how exactly an origin can point.
type Precision string

// The precisions.
const (
	AtLine   Precision = "line"   // the line is where the value stands
	AtObject Precision = "object" // the object is known, its text was rendered
	AtFile   Precision = "file"   // only the file is known
)

// Origin is one link of provenance: a file, or a renderer's output with the
// inputs behind it. Facts of one object share one Origin.
type Origin struct {
	// File is the path as a person would open it, relative to the project;
	// with a revision it is "git:REV:path".
	File      string    `json:"file,omitempty"`
	Precision Precision `json:"precision"`
	// Renderer made the text ("kustomize v0.21.2", "helm v3.22.0"); empty
	// for files read as they are.
	Renderer string `json:"renderer,omitempty"`
	// Object names the object in the file where Precision is AtObject.
	Object string `json:"object,omitempty"`
	// From is what this was made from: the next link.
	From *Origin `json:"from,omitempty"`
}

// Source gives "file:line:col", "file:line", or "file (rendered by kustomize)"
// as far as it is known.
func (o *Origin) Source(line, col int32) string {
	switch {
	case o == nil:
		return ""
	case o.Precision == AtLine && line > 0 && col > 0:
		return fmt.Sprintf("%s:%d:%d", o.File, line, col)
	case o.Precision == AtLine && line > 0:
		return fmt.Sprintf("%s:%d", o.File, line)
	case o.Renderer != "":
		return fmt.Sprintf("%s (rendered by %s)", o.File, o.Renderer)
	default:
		return o.File
	}
}

// Source says where the fact was read.
func (f *Fact) Source() string { return f.Origin.Source(f.Line, f.Col) }
