// Package place opens what a path names: a file or directory below a project,
// or one at a git revision ("git:REV:path").
package place

import (
	"io"
	"io/fs"
)

// Root resolves paths. The zero value is not usable; see Dir.
type Root interface {
	// Resolve opens the place that a path of parity.yaml or of the command
	// line names. The path is slash-separated, relative to the root, absolute,
	// or "git:REV:path" with the path relative to the repository's top.
	Resolve(path string) (Place, error)
}

// Place is a path within a file system.
type Place struct {
	// FS holds the place and what it may refer to by "..": the whole disk
	// below the volume's root, or the whole tree of a revision.
	FS fs.FS
	// Path is the place within FS, as fs.ValidPath has it.
	Path string
	// Display turns a path within FS into what people see: relative to the
	// project, with "git:REV:" before it where it is of a revision.
	Display func(path string) string
	// OnDisk is the place as the operating system names it; empty for a
	// revision.
	OnDisk string
}

// Show is Display of the place itself.
func (p Place) Show() string { return p.Display(p.Path) }

// Read reads the file at the place, and no more than one byte over the limit,
// which a parser with that limit then refuses.
func (p Place) Read(limit int64) ([]byte, error) {
	f, err := p.FS.Open(p.Path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit+1))
}
