package files

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/place"
)

// file is a file that a path of the config stands for.
type file struct {
	place place.Place
	// name is its path below the fixed part of the pattern, without the
	// extension.
	name string
	// named: the config names this very file.
	named bool
}

// mostFiles bounds what one pattern stands for.
const mostFiles = 100_000

// find gives the files that a path of the config stands for, sorted. anyFormat
// takes files of formats that their names do not tell, too.
func find(ctx context.Context, root place.Root, pattern string, anyFormat bool) ([]file, error) {
	if !strings.ContainsAny(pattern, "*?[{") {
		return findPlain(ctx, root, pattern, anyFormat)
	}
	if p, err := root.Resolve(pattern); err == nil {
		return []file{named(p)}, nil // a file whose name has such a character
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

func named(p place.Place) file {
	return file{place: p, name: stem(path.Base(p.Path)), named: true}
}

// stem takes the extension off, but for names that are nothing else.
func stem(name string) string {
	dir, base := path.Split(name)
	if ext := path.Ext(base); ext != base {
		base = strings.TrimSuffix(base, ext)
	}
	return dir + base
}

// findPlain finds a file, or all files of a directory whose format is known.
func findPlain(ctx context.Context, root place.Root, name string, anyFormat bool) ([]file, error) {
	p, err := root.Resolve(name)
	if err != nil {
		return nil, err
	}
	info, err := fs.Stat(p.FS, p.Path)
	if err != nil {
		return nil, &parity.Error{Code: parity.CodeUnavailable, Where: name, What: "it cannot be read", Err: cause(err)}
	}
	if !info.IsDir() {
		return []file{named(p)}, nil
	}
	files, err := walk(ctx, p, func(name string) bool {
		return !hidden(name) && (anyFormat || doc.Detect(name, nil) != doc.Unknown)
	})
	if err == nil && len(files) == 0 {
		return nil, &parity.Error{Code: parity.CodeConfig, Where: name, What: "the directory holds no file of a known format", Hint: "say the format of its files"}
	}
	return files, err
}

// hidden tells whether a part of the path begins with a dot.
func hidden(name string) bool {
	return strings.HasPrefix(name, ".") || strings.Contains(name, "/.")
}

// walk gives the files below p whose paths below it are wanted.
func walk(ctx context.Context, p place.Place, wanted func(name string) bool) ([]file, error) {
	var files []file
	err := fs.WalkDir(p.FS, p.Path, func(full string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return &parity.Error{Code: parity.CodeUnavailable, Where: p.Display(full), What: "the directory cannot be read", Err: cause(err)}
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		name := below(p.Path, full)
		if !wanted(name) || !regular(p.FS, full, d) {
			return nil
		}
		if len(files) == mostFiles {
			return &parity.Error{Code: parity.CodeConfig, Where: p.Show(), What: fmt.Sprintf("more than %d files fit", mostFiles)}
		}
		files = append(files, file{
			place: place.Place{FS: p.FS, Path: full, Display: p.Display}, name: stem(name),
		})
		return nil
	})
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.place.Path, b.place.Path) })
	return files, err
}

func below(base, full string) string {
	if base == "." {
		return full
	}
	return strings.TrimPrefix(strings.TrimPrefix(full, base), "/")
}

// regular follows a link to a file; a link to a directory is not followed, so
// that no walk goes in circles.
func regular(fsys fs.FS, full string, d fs.DirEntry) bool {
	if d.Type().IsRegular() {
		return true
	}
	info, err := fs.Stat(fsys, full)
	return d.Type()&fs.ModeSymlink != 0 && err == nil && info.Mode().IsRegular()
}

// cause takes the path out of a path error: it is told beside it.
func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}
