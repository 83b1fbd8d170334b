package place

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tree is one revision's files as a file system. Blobs are read when a file
// is. Symbolic links are followed within the tree.
type tree struct {
	root *entry
	read func(oid string, size int64) ([]byte, error)
}

// entry is one name of a tree.
type entry struct {
	name     string
	mode     fs.FileMode
	oid      string
	size     int64
	foreign  bool // a submodule: its files are in another repository
	missing  bool // of a partial clone, which has not fetched it
	children map[string]*entry
	sorted   []fs.DirEntry
}

// missingSize is the size that git lists of an object that is not there.
const missingSize = "BAD"

// maxLinks is how many symbolic links one path may pass.
const maxLinks = 40

var (
	errSubmodule = errors.New("it is in a submodule, whose files are not part of this repository")
	errBadEntry  = errors.New("an entry has no usable name, mode or size")
)

// parseTree reads the output of git ls-tree -r -z -l.
func parseTree(list []byte, read func(string, int64) ([]byte, error)) (*tree, error) {
	t := &tree{root: &entry{name: ".", mode: fs.ModeDir | 0o755, children: map[string]*entry{}}, read: read}
	for len(list) > 0 {
		record, rest, ok := bytes.Cut(list, []byte{0})
		if !ok {
			return nil, errBadEntry
		}
		list = rest
		if err := t.add(string(record)); err != nil {
			return nil, err
		}
	}
	t.root.sort()
	return t, nil
}

// add takes one record: "mode type oid size\tpath".
func (t *tree) add(record string) error {
	meta, name, ok := strings.Cut(record, "\t")
	fields := strings.Fields(meta)
	if !ok || len(fields) != 4 || !fs.ValidPath(name) || name == "." {
		return errBadEntry
	}
	e := &entry{name: path.Base(name), oid: fields[2]}
	switch fields[0] {
	case "120000":
		e.mode = fs.ModeSymlink | 0o777
	case "160000":
		e.mode, e.foreign = fs.ModeDir|0o755, true
	case "100755":
		e.mode = 0o755
	default:
		e.mode = 0o644
	}
	e.missing = fields[3] == missingSize
	if !e.foreign && !e.missing {
		size, err := strconv.ParseInt(fields[3], 10, 64)
		if err != nil || size < 0 {
			return errBadEntry
		}
		e.size = size
	}
	dir := t.root
	for parent := range strings.SplitSeq(path.Dir(name), "/") {
		if dir = dir.child(parent); dir == nil {
			return errBadEntry
		}
	}
	dir.children[e.name] = e
	return nil
}

// child gives a directory's directory, made where it is not yet there; nil
// where a file has the name.
func (e *entry) child(name string) *entry {
	if name == "." {
		return e
	}
	c := e.children[name]
	if c == nil {
		c = &entry{name: name, mode: fs.ModeDir | 0o755, children: map[string]*entry{}}
		e.children[name] = c
	}
	if c.children == nil {
		return nil
	}
	return c
}

func (e *entry) sort() {
	if e.children == nil {
		return
	}
	e.sorted = make([]fs.DirEntry, 0, len(e.children))
	for _, c := range e.children {
		e.sorted = append(e.sorted, info{c, c.name})
		c.sort()
	}
	slices.SortFunc(e.sorted, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
}

// find follows a path; links in its last segment only if follow is set.
func (t *tree) find(op, name string, follow bool) (*entry, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	e, err := t.walk(name, follow)
	if err != nil {
		return nil, &fs.PathError{Op: op, Path: name, Err: err}
	}
	return e, nil
}

func (t *tree) walk(name string, follow bool) (*entry, error) {
	begin := name
	for range maxLinks {
		e, linked, err := t.step(name, follow)
		if err != nil || linked == "" {
			return e, err
		}
		name = linked
	}
	return nil, linkLoop(begin)
}

// step walks until the first link, and gives the path with it replaced.
func (t *tree) step(name string, follow bool) (e *entry, linked string, err error) {
	e = t.root
	if name == "." {
		return e, "", nil
	}
	segments := strings.Split(name, "/")
	for i, s := range segments {
		if e.foreign {
			return nil, "", errSubmodule
		}
		next := e.children[s]
		if next == nil {
			return nil, "", fs.ErrNotExist
		}
		if next.mode&fs.ModeSymlink != 0 && (follow || i < len(segments)-1) {
			linked, err = t.target(next, path.Join(segments[:i]...), path.Join(segments[i+1:]...))
			return nil, linked, err
		}
		e = next
	}
	return e, "", nil
}

// target gives the path that a link in dir leads to, with rest behind it.
func (t *tree) target(link *entry, dir, rest string) (string, error) {
	out := inRevision.linkOut(path.Join(dir, link.name))
	if link.size > 4096 {
		return "", out
	}
	text, err := t.blob(path.Join(dir, link.name), link)
	if err != nil {
		return "", err
	}
	to := string(text)
	if path.IsAbs(to) {
		return "", out
	}
	full := path.Clean(path.Join(dir, to))
	if !fs.ValidPath(full) {
		return "", out
	}
	if rest == "" {
		return full, nil
	}
	return path.Join(full, rest), nil
}

// Open implements fs.FS.
func (t *tree) Open(name string) (fs.File, error) {
	e, err := t.find("open", name, true)
	if err != nil {
		return nil, err
	}
	return &file{tree: t, entry: e, name: name}, nil
}

// Stat implements fs.StatFS.
func (t *tree) Stat(name string) (fs.FileInfo, error) {
	e, err := t.find("stat", name, true)
	if err != nil {
		return nil, err
	}
	return info{e, path.Base(name)}, nil
}

// Lstat implements fs.ReadLinkFS.
func (t *tree) Lstat(name string) (fs.FileInfo, error) {
	e, err := t.find("lstat", name, false)
	if err != nil {
		return nil, err
	}
	return info{e, path.Base(name)}, nil
}

// ReadLink implements fs.ReadLinkFS.
func (t *tree) ReadLink(name string) (string, error) {
	e, err := t.find("readlink", name, false)
	if err != nil {
		return "", err
	}
	if e.mode&fs.ModeSymlink == 0 || e.size > 4096 {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: fs.ErrInvalid}
	}
	text, err := t.blob(name, e)
	return string(text), err
}

// ReadFile implements fs.ReadFileFS.
func (t *tree) ReadFile(name string) ([]byte, error) {
	e, err := t.find("open", name, true)
	if err != nil {
		return nil, err
	}
	return t.content(name, e)
}

func (t *tree) content(name string, e *entry) ([]byte, error) {
	if e.mode.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("it is a directory")}
	}
	data, err := t.blob(name, e)
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: err}
	}
	return data, nil
}

// ReadDir implements fs.ReadDirFS.
func (t *tree) ReadDir(name string) ([]fs.DirEntry, error) {
	e, err := t.find("readdir", name, true)
	switch {
	case err != nil:
		return nil, err
	case e.foreign:
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errSubmodule}
	case !e.mode.IsDir():
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: errors.New("it is not a directory")}
	}
	return slices.Clone(e.sorted), nil
}

// blob reads an entry's content.
func (t *tree) blob(name string, e *entry) ([]byte, error) {
	if e.missing {
		return nil, &RefusedError{
			Path: name, What: "its content is missing from this clone, and nothing is fetched",
			Hint: "the clone may be a partial one: make it whole, or check the revision out once",
		}
	}
	return t.read(e.oid, e.size)
}

// info is an entry as fs.FileInfo and fs.DirEntry have it. A revision keeps no
// times.
type info struct {
	e    *entry
	name string
}

func (i info) Name() string               { return i.name }
func (i info) Size() int64                { return i.e.size }
func (i info) Mode() fs.FileMode          { return i.e.mode }
func (i info) Type() fs.FileMode          { return i.e.mode.Type() }
func (i info) ModTime() time.Time         { return time.Time{} }
func (i info) IsDir() bool                { return i.e.mode.IsDir() }
func (i info) Sys() any                   { return nil }
func (i info) Info() (fs.FileInfo, error) { return i, nil }

// file is an open entry.
type file struct {
	tree  *tree
	entry *entry
	name  string
	data  *bytes.Reader
	next  int // of a directory's entries
}

func (f *file) Stat() (fs.FileInfo, error) { return info{f.entry, path.Base(f.name)}, nil }
func (f *file) Close() error               { return nil }

func (f *file) Read(p []byte) (int, error) {
	if f.data == nil {
		data, err := f.tree.content(f.name, f.entry)
		if err != nil {
			return 0, err
		}
		f.data = bytes.NewReader(data)
	}
	return f.data.Read(p)
}

// ReadDir implements fs.ReadDirFile.
func (f *file) ReadDir(n int) ([]fs.DirEntry, error) {
	all, err := f.tree.ReadDir(f.name)
	if err != nil {
		return nil, err
	}
	left := all[min(f.next, len(all)):]
	if n > 0 && len(left) == 0 {
		return nil, io.EOF
	}
	if n > 0 && len(left) > n {
		left = left[:n]
	}
	f.next += len(left)
	return left, nil
}
