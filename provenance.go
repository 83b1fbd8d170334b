package parity

import (
	"fmt"
	"time"
)

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
	// Writer is who wrote the value last, where the server that holds it says
	// so; nil where it does not.
	Writer *Writer `json:"writer,omitempty"`
	// From is what this was made from: the next link.
	From *Origin `json:"from,omitempty"`
}

// Writer is one manager of a field, in the words of Kubernetes' managed fields.
type Writer struct {
	// Manager is the name under which it wrote: "kubectl-edit", "helm".
	Manager string `json:"manager"`
	// Operation is "Apply" or "Update".
	Operation string `json:"operation,omitempty"`
	// Subresource is where it wrote through: "scale", "status", or empty.
	Subresource string `json:"subresource,omitempty"`
	// Time is when it last wrote to the object; zero where that is not known.
	Time time.Time `json:"time,omitzero"`
	// Also is the next manager that owns the field, an earlier writer.
	Also *Writer `json:"also,omitempty"`
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
