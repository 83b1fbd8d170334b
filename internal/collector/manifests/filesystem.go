package manifests

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// overlay is kustomize's view of a file system: what is there, with some files
// replaced in memory. Nothing can be written to it.
type overlay struct {
	fsys     fs.FS
	limit    int64
	replaced map[string][]byte // by path within fsys
}

var errReadOnly = errors.New("nothing is written here")

// inner turns a path of kustomize's, which begins with a slash, into one of
// the file system.
func (o *overlay) inner(name string) string {
	name = strings.TrimPrefix(path.Clean("/"+filepath.ToSlash(name)), "/")
	if name == "" {
		return "."
	}
	return name
}

// ReadFile reads a file that is not larger than the limit.
func (o *overlay) ReadFile(name string) ([]byte, error) {
	at := o.inner(name)
	if data, ok := o.replaced[at]; ok {
		return data, nil
	}
	f, err := o.fsys.Open(at)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: at, Err: errors.New("is a directory")}
	}
	data, err := io.ReadAll(io.LimitReader(f, o.limit+1))
	if err == nil && int64(len(data)) > o.limit {
		return nil, fmt.Errorf("%s is larger than %d bytes", at, o.limit)
	}
	return data, err
}

// IsDir reports whether the path is a directory.
func (o *overlay) IsDir(name string) bool { return isDir(o.fsys, o.inner(name)) }

// Exists reports whether the path is there.
func (o *overlay) Exists(name string) bool {
	at := o.inner(name)
	if _, ok := o.replaced[at]; ok {
		return true
	}
	_, err := fs.Stat(o.fsys, at)
	return err == nil
}

// CleanedAbs gives the directory, and the file's name where the path is a file.
func (o *overlay) CleanedAbs(name string) (filesys.ConfirmedDir, string, error) {
	at := o.inner(name)
	if o.IsDir(at) {
		return filesys.ConfirmedDir(path.Join("/", at)), "", nil
	}
	if !o.Exists(at) {
		return "", "", &fs.PathError{Op: "open", Path: at, Err: fs.ErrNotExist}
	}
	return filesys.ConfirmedDir(path.Join("/", path.Dir(at))), path.Base(at), nil
}

// ReadDir lists the names in a directory.
func (o *overlay) ReadDir(name string) ([]string, error) {
	entries, err := fs.ReadDir(o.fsys, o.inner(name))
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, nil
}

// Glob lists the paths that match the pattern.
func (o *overlay) Glob(pattern string) ([]string, error) {
	found, err := fs.Glob(o.fsys, o.inner(pattern))
	for i := range found {
		found[i] = "/" + found[i]
	}
	return found, err
}

// Walk visits a tree.
func (o *overlay) Walk(name string, visit filepath.WalkFunc) error {
	return fs.WalkDir(o.fsys, o.inner(name), func(at string, e fs.DirEntry, err error) error {
		if err != nil {
			return visit("/"+at, nil, err)
		}
		info, err := e.Info()
		return visit("/"+at, info, err)
	})
}

// Open is not needed by kustomize for reading.
func (o *overlay) Open(name string) (filesys.File, error) {
	return nil, &fs.PathError{Op: "open", Path: o.inner(name), Err: errReadOnly}
}

// Create fails.
func (o *overlay) Create(string) (filesys.File, error) { return nil, errReadOnly }

// Mkdir fails.
func (o *overlay) Mkdir(string) error { return errReadOnly }

// MkdirAll fails.
func (o *overlay) MkdirAll(string) error { return errReadOnly }

// RemoveAll fails.
func (o *overlay) RemoveAll(string) error { return errReadOnly }

// WriteFile fails.
func (o *overlay) WriteFile(string, []byte) error { return errReadOnly }
