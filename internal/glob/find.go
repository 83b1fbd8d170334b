// Package glob finds the files that a path of a collector's config stands for:
// a file, the files of a directory, or those that fit a pattern with *, ?,
// [ab], {a,b} and **.
package glob

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
)

// File is a file that a path of a config stands for.
type File struct {
	Place place.Place
	// Name is its path below the fixed part of the pattern, without the
	// extension.
	Name string
	// Named tells that the config names this very file.
	Named bool
}

// maxFiles bounds what one pattern stands for.
const maxFiles = 100_000

// Find gives the files that a path of a config stands for, sorted. wanted says
// which files of a directory count, by their paths below it; the hidden ones
// never do, unless a pattern asks for them.
func Find(ctx context.Context, root place.Root, pattern string, wanted func(name string) bool) ([]File, error) {
	if !strings.ContainsAny(pattern, "*?[{") {
		return findPlain(ctx, root, pattern, wanted)
	}
	if p, err := root.Resolve(pattern); err == nil {
		return []File{named(p)}, nil // a file whose name has such a character
	}
	base, rest := split(pattern)
	p, err := root.Resolve(base)
	if err != nil {
		return nil, err
	}
	m, err := newMatcher(rest)
	if err != nil {
		return nil, err
	}
	files, err := walk(ctx, p, m.match)
	if err == nil && len(files) == 0 {
		return nil, &parity.Error{Code: parity.CodeConfig, Where: pattern, What: "no file fits the pattern"}
	}
	return files, err
}

func named(p place.Place) File {
	return File{Place: p, Name: stem(path.Base(p.Path)), Named: true}
}

// stem takes the extension off, but for names that are nothing else.
func stem(name string) string {
	dir, base := path.Split(name)
	if ext := path.Ext(base); ext != base {
		base = strings.TrimSuffix(base, ext)
	}
	return dir + base
}

// findPlain finds a file, or all files of a directory that are wanted.
func findPlain(ctx context.Context, root place.Root, name string, wanted func(string) bool) ([]File, error) {
	p, err := root.Resolve(name)
	if err != nil {
		return nil, err
	}
	info, err := fs.Stat(p.FS, p.Path)
	if err != nil {
		return nil, &parity.Error{Code: parity.CodeUnavailable, Where: name, What: "it cannot be read", Err: Cause(err)}
	}
	if !info.IsDir() {
		return []File{named(p)}, nil
	}
	files, err := walk(ctx, p, func(name string) bool {
		return !Hidden(name) && wanted(name)
	})
	if err == nil && len(files) == 0 {
		return nil, &parity.Error{Code: parity.CodeConfig, Where: name, What: "the directory holds no file of a known format", Hint: "say the format of its files"}
	}
	return files, err
}

// Hidden reports whether a part of the path begins with a dot.
func Hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
}

// walk gives the files below p whose paths below it are wanted.
func walk(ctx context.Context, p place.Place, wanted func(name string) bool) ([]File, error) {
	var files []File
	err := fs.WalkDir(p.FS, p.Path, func(full string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return &parity.Error{Code: parity.CodeUnavailable, Where: p.Display(full), What: "the directory cannot be read", Err: Cause(err)}
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		name := below(p.Path, full)
		if !wanted(name) || !countsAsFile(p.FS, full, d) {
			return nil
		}
		if len(files) == maxFiles {
			return &parity.Error{Code: parity.CodeConfig, Where: p.Show(), What: fmt.Sprintf("more than %d files fit", maxFiles)}
		}
		files = append(files, File{
			Place: place.Place{FS: p.FS, Path: full, Display: p.Display}, Name: stem(name),
		})
		return nil
	})
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Place.Path, b.Place.Path) })
	return files, err
}

func below(base, full string) string {
	if base == "." {
		return full
	}
	return strings.TrimPrefix(strings.TrimPrefix(full, base), "/")
}

// countsAsFile reports whether an entry is a file, or would be one if it could
// be read: a link out of the repository, a pipe, a device. Whoever opens such a
// one learns why it is not read, and says so. A link to a directory is not
// followed, so that no walk goes in circles.
func countsAsFile(fsys fs.FS, full string, d fs.DirEntry) bool {
	if d.Type()&fs.ModeSymlink == 0 {
		return true
	}
	info, err := fs.Stat(fsys, full)
	return place.Refused(err) != nil || err == nil && !info.IsDir()
}

// Cause takes the path out of a path error: it is told beside it.
func Cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
