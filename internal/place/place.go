// Package place opens what a path names: a file or directory below a project,
// or one at a git revision ("git:REV:path").
package place

import (
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/envparity/parity"
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
	// FS holds the place and what it may refer to by "..": the repository that
	// holds it, or the whole tree of a revision. On disk its paths begin at the
	// volume's root, and those out of the repository are refused.
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

// ReadWithin reads the file at the place. One that is larger than the limit is
// an error that says so, and costs nothing.
func (p Place) ReadWithin(limit int64) ([]byte, error) {
	large := &parity.Error{Code: parity.CodeConfig, Where: p.Show(), What: fmt.Sprintf("the file is larger than %d bytes", limit)}
	if info, err := fs.Stat(p.FS, p.Path); err == nil && info.Size() > limit {
		return nil, large
	}
	data, err := p.Read(limit)
	if err == nil && int64(len(data)) > limit {
		return nil, large
	}
	return data, err
}

// ReadNamed reads a file that the user's environment names, wherever it is:
// limit bytes of it at most. Like all others it is a regular one.
func ReadNamed(full string, limit int64) ([]byte, error) {
	info, err := os.Stat(full)
	if err != nil {
		return nil, err
	}
	if err := checkMode(full, info.Mode()); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(full, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := checkOpen(full, f); err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(f, limit))
}

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
