package place

import (
	"errors"
	"io/fs"
	"os"

	"github.com/envparity/parity"
)

var errNoDirectory = errors.New("it is not a directory")

// RefusedError says why something that is there is not read.
type RefusedError struct {
	Path string // the link, or the file, as people see it
	What string
	Hint string
}

// Error names the path last: before a colon the name of a file could be taken
// for that of a secret, and what follows for its value.
func (e *RefusedError) Error() string { return e.What + ": " + e.Path }

// Refused returns the RefusedError in err's tree, nil if there is none.
func Refused(err error) *RefusedError {
	var e *RefusedError
	errors.As(err, &e)
	return e
}

// RefusedAt returns why what is at a path is not read, nil if it is, or if there
// is nothing.
func RefusedAt(fsys fs.FS, at string) *RefusedError {
	_, err := fs.Stat(fsys, at)
	return Refused(err)
}

// As makes a refusal a parity.Error to who looks for one.
func (e *RefusedError) As(target any) bool {
	known, ok := target.(**parity.Error)
	if ok {
		*known = &parity.Error{Code: parity.CodeConfig, Where: e.Path, What: e.What, Hint: e.Hint}
	}
	return ok
}

// scope is how far paths may reach, in words.
type scope struct{ name, hint string }

var (
	inRepository = scope{"the repository", "keep a copy in the repository, or set allowOutside: true in parity.yaml"}
	inProject    = scope{"the project's directory", "keep a copy in the project's directory, or set allowOutside: true in parity.yaml"}
	// A path of the command line is held by what it names.
	inGivenRepository = scope{"the repository that holds it", "name the place itself, or keep a copy in the repository"}
	inGiven           = scope{"the directory that was named", "run parity in a directory that holds both, or name the place itself"}
	inRevision        = scope{"the repository", "keep a copy in the repository"}
	everywhere        = scope{"the disk", ""}
)

func (s scope) outside(shown string) *RefusedError {
	return &RefusedError{Path: shown, What: "the path leads out of " + s.name, Hint: s.hint}
}

func (s scope) linkOut(shown string) *RefusedError {
	return &RefusedError{Path: shown, What: "this symbolic link leads out of " + s.name, Hint: s.hint}
}

func linkLoop(shown string) *RefusedError {
	return &RefusedError{Path: shown, What: "symbolic links lead in a circle", Hint: "remove one of them"}
}

// checkMode refuses what is neither a regular file nor a directory: to open it
// may wait, or do something, and to read it may never end.
func checkMode(shown string, mode fs.FileMode) error {
	if mode.IsRegular() || mode.IsDir() {
		return nil
	}
	var what string
	switch {
	case mode&fs.ModeNamedPipe != 0:
		what = "this is a named pipe"
	case mode&fs.ModeDevice != 0:
		what = "this is a device"
	case mode&fs.ModeSocket != 0:
		what = "this is a socket"
	default:
		what = "this is not a regular file"
	}
	return &RefusedError{Path: shown, What: what + ", which is not read", Hint: "write its content to a file, and name that"}
}

// checkOpen looks at an open file again, since what is at a path may change.
func checkOpen(shown string, f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return cause(err)
	}
	if err := checkMode(shown, info.Mode()); err != nil {
		return err
	}
	if madeByKernel(f) {
		return &RefusedError{Path: shown, What: "the kernel makes this file up while it is read, so it is not read", Hint: "write its content to a file, and name that"}
	}
	return nil
}
