// Package atomicfile writes files whole or not at all, and never through a
// symbolic link.
package atomicfile

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
)

// Replace puts data in the place of the file at an absolute path, or makes the
// file with the mode perm, before umask. A file that is there keeps its mode.
// Errors call the file shown.
//
// It is written beside and renamed, so that whoever reads sees the old file or
// the new one, and after a failure the old one. A symbolic link, a directory
// and whatever else is no regular file is refused, and so is a directory that
// is reached by a link out of the git repository that holds it.
func Replace(path, shown string, data []byte, perm fs.FileMode) error {
	return named(shown, write(path, data, perm, false))
}

// WriteOutput is Replace for a file that a person names for output: devices,
// pipes and open descriptors (/dev/null, /dev/stdout, /dev/fd/3) are written to
// as they are.
func WriteOutput(path, shown string, data []byte, perm fs.FileMode) error {
	return named(shown, write(path, data, perm, true))
}

func write(path string, data []byte, perm fs.FileMode, output bool) error {
	if output && isDescriptor(path) {
		return inPlace(path, data)
	}
	top := place.Top(path)
	root, err := os.OpenRoot(top)
	if err != nil {
		return err
	}
	defer root.Close()
	name, err := filepath.Rel(top, path)
	if err != nil {
		return err
	}
	info, err := root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return In(root, name, data, perm)
	case err != nil:
		return err
	case info.Mode()&fs.ModeSymlink != 0:
		return refused("is a symbolic link, which is not written through", "remove the link, or name the file that it leads to")
	case info.IsDir():
		return refused("is a directory", "name a file")
	case info.Mode().IsRegular():
		return replace(root, name, data, info.Mode().Perm())
	case output:
		return inPlace(path, data)
	}
	return refused("is not a regular file", "name a file")
}

// In makes or replaces the file name below root, with the mode perm before
// umask. It must not be a link; the directory it is in must be there.
func In(root *os.Root, name string, data []byte, perm fs.FileMode) error {
	return put(root, name, data, perm, nil)
}

// replace is In for a file whose mode stays.
func replace(root *os.Root, name string, data []byte, mode fs.FileMode) error {
	return put(root, name, data, mode, func(f *os.File) error {
		if info, err := f.Stat(); err == nil && info.Mode().Perm() == mode {
			return nil
		}
		return f.Chmod(mode)
	})
}

func put(root *os.Root, name string, data []byte, perm fs.FileMode, after func(*os.File) error) error {
	f, tmp, err := create(root, name, perm)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil && after != nil {
		err = after(f)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = root.Rename(tmp, name)
	}
	if err != nil {
		_ = root.Remove(tmp)
	}
	return err
}

// attempts is how many names are tried for the file that is written beside.
const attempts = 100

// create makes a new file beside name, under a name that nobody can foresee.
func create(root *os.Root, name string, perm fs.FileMode) (*os.File, string, error) {
	for range attempts {
		var random [8]byte
		if _, err := rand.Read(random[:]); err != nil {
			return nil, "", err
		}
		tmp := filepath.Join(filepath.Dir(name), prefix+hex.EncodeToString(random[:]))
		f, err := root.OpenFile(tmp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
		if !errors.Is(err, fs.ErrExist) {
			return f, tmp, err
		}
	}
	return nil, "", fs.ErrExist
}

const prefix = ".parity-new-"

// IsTemporary reports whether a file's name is that of one that is being
// written, or was when the program ended.
func IsTemporary(name string) bool {
	number, ok := strings.CutPrefix(name, prefix)
	return ok && len(number) == 16 && strings.Trim(number, "0123456789abcdef") == ""
}

// isDescriptor reports whether a path names an open descriptor of the process.
// Such paths are links, but nobody else's.
func isDescriptor(path string) bool {
	if slices.Contains([]string{"/dev/stdout", "/dev/stderr"}, path) {
		return true
	}
	for _, dir := range []string{"/dev/fd/", "/proc/self/fd/"} {
		number, ok := strings.CutPrefix(path, dir)
		if ok && number != "" && strings.Trim(number, "0123456789") == "" {
			return true
		}
	}
	return false
}

// inPlace writes to what is there and is no regular file.
func inPlace(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Close())
}

// Dir makes a directory and those above it, as os.MkdirAll does, but through no
// link out of the git repository that holds it.
func Dir(path, shown string, perm fs.FileMode) error {
	top, ok := place.RepositoryOf(path)
	if !ok {
		return named(shown, os.MkdirAll(path, perm))
	}
	root, err := os.OpenRoot(top)
	if err != nil {
		return named(shown, err)
	}
	defer root.Close()
	name, err := filepath.Rel(top, path)
	if err == nil {
		err = root.MkdirAll(name, perm)
	}
	return named(shown, err)
}

// named returns the error for people; nil if there is none.
func named(shown string, err error) error {
	if err == nil {
		return nil
	}
	var known *parity.Error
	if errors.As(err, &known) {
		known.Where = shown
		return known
	}
	var at *fs.PathError
	var link *os.LinkError
	switch {
	case errors.As(err, &at):
		err = at.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return &parity.Error{Code: parity.CodeUsage, Where: shown, What: "cannot write", Err: err}
}

func refused(what, hint string) error {
	return &parity.Error{Code: parity.CodeUsage, What: "cannot write: it " + what, Hint: hint}
}
