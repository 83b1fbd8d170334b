package place

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// disk is the file system of the operating system as far as one directory, its
// top, reaches. Its paths begin at the root of top's volume, so that "..", and
// a path of another file, mean what they mean to the operating system; those
// that are not below top are refused. Symbolic links are followed below top.
//
// Only regular files and directories are opened, and no file that the kernel
// makes up while it is read: what is opened ends, and does not wait.
type disk struct {
	top     string // absolute, in the operating system's spelling
	below   string // top, as a path of this file system
	scope   scope
	own     bool // whether what git and Parity keep for themselves is read
	display func(string) string

	mu   sync.Mutex
	root *os.Root          // opened when it is first needed
	dirs map[string]string // directories by their paths without links
}

// native turns a path of the file system into one below top.
func (d *disk) native(op, name string) (string, error) {
	if !fs.ValidPath(name) {
		return "", &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	switch rest, ok := strings.CutPrefix(name, d.below+"/"); {
	case d.below == ".":
		return name, nil
	case name == d.below:
		return ".", nil
	case ok:
		return rest, nil
	}
	return "", &fs.PathError{Op: op, Path: name, Err: d.scope.outside(d.display(name))}
}

// shown is what people see of a path below top.
func (d *disk) shown(name string) string { return d.display(path.Join(d.below, name)) }

func (d *disk) open() (*os.Root, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.root == nil {
		root, err := os.OpenRoot(d.top)
		if err != nil {
			return nil, err
		}
		d.root, d.dirs = root, map[string]string{}
	}
	return d.root, nil
}

// close gives the directory back. It is opened again when it is needed again.
func (d *disk) close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.root == nil {
		return nil
	}
	err := d.root.Close()
	d.root = nil
	return err
}

// found is a path below top that passes no link, with what is there.
type found struct {
	root *os.Root
	at   string
	info fs.FileInfo
}

// native is the path as the operating system spells it.
func (f found) native() string { return filepath.FromSlash(f.at) }

// find resolves the links of a path; that of its last segment only if follow
// is set.
func (d *disk) find(op, name string, follow bool) (found, error) {
	within, err := d.native(op, name)
	if err != nil {
		return found{}, err
	}
	if _, err := filepath.Localize(within); err != nil {
		return found{}, &fs.PathError{Op: op, Path: name, Err: fs.ErrInvalid}
	}
	root, err := d.open()
	if err != nil {
		return found{}, &fs.PathError{Op: op, Path: name, Err: cause(err)}
	}
	left := maxLinks
	at, info, err := d.resolve(root, within, follow, &left)
	if err != nil {
		return found{}, &fs.PathError{Op: op, Path: name, Err: cause(err)}
	}
	return found{root, at, info}, nil
}

func (d *disk) resolve(root *os.Root, name string, follow bool, left *int) (string, fs.FileInfo, error) {
	if name == "." {
		info, err := root.Stat(".")
		return ".", info, err
	}
	dir, err := d.resolveDir(root, path.Dir(name), left)
	if err != nil {
		return "", nil, err
	}
	at := path.Join(dir, path.Base(name))
	info, err := root.Lstat(filepath.FromSlash(at))
	if err != nil || !follow || info.Mode()&fs.ModeSymlink == 0 {
		return at, info, err
	}
	if *left--; *left < 0 {
		return "", nil, errLinkLoop
	}
	text, err := root.Readlink(filepath.FromSlash(at))
	if err != nil {
		return "", nil, err
	}
	next, ok := d.target(path.Dir(at), text)
	if !ok {
		return "", nil, d.scope.linkOut(d.shown(at))
	}
	return d.resolve(root, next, true, left)
}

// resolveDir resolves the links of a directory's path, once.
func (d *disk) resolveDir(root *os.Root, name string, left *int) (string, error) {
	if name == "." {
		return name, nil
	}
	d.mu.Lock()
	at, ok := d.dirs[name]
	d.mu.Unlock()
	if ok {
		return at, nil
	}
	at, info, err := d.resolve(root, name, true, left)
	if err != nil {
		return "", err
	}
	if !info.IsDir() {
		return "", errNoDirectory
	}
	d.mu.Lock()
	d.dirs[name] = at
	d.mu.Unlock()
	return at, nil
}

// target gives the path below top that a link in dir leads to; ok is false
// where it leads out. A link may be absolute, and may spell top by another
// name.
func (d *disk) target(dir, text string) (at string, ok bool) {
	if !filepath.IsAbs(text) {
		return inside(d.top, filepath.Join(d.top, filepath.FromSlash(dir), text))
	}
	if at, ok := inside(d.top, text); ok {
		return at, true
	}
	real, err := filepath.EvalSymlinks(d.top)
	if err != nil {
		return "", false
	}
	return inside(real, text)
}

// inside gives the slash-separated path of name below top, without looking at
// the disk; ok is false where it is not below it.
func inside(top, name string) (within string, ok bool) {
	rel, err := filepath.Rel(top, name)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// Open implements fs.FS.
func (d *disk) Open(name string) (fs.File, error) { return d.openFile("open", name) }

func (d *disk) openFile(op, name string) (*os.File, error) {
	f, err := d.find(op, name, true)
	if err != nil {
		return nil, err
	}
	refuse := func(err error) error { return &fs.PathError{Op: op, Path: name, Err: err} }
	if !d.own && isReserved(f.at) {
		return nil, refuse(&RefusedError{Path: d.display(name), What: "it leads to what git or Parity keep for themselves, which is not read"})
	}
	if err := checkMode(d.display(name), f.info.Mode()); err != nil {
		return nil, refuse(err)
	}
	file, err := f.root.OpenFile(f.native(), os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, refuse(cause(err))
	}
	if err := checkOpen(d.display(name), file); err != nil {
		_ = file.Close()
		return nil, refuse(err)
	}
	return file, nil
}

// Stat implements fs.StatFS.
func (d *disk) Stat(name string) (fs.FileInfo, error) {
	f, err := d.find("stat", name, true)
	return f.info, err
}

// Lstat implements fs.ReadLinkFS.
func (d *disk) Lstat(name string) (fs.FileInfo, error) {
	f, err := d.find("lstat", name, false)
	return f.info, err
}

// ReadLink implements fs.ReadLinkFS.
func (d *disk) ReadLink(name string) (string, error) {
	f, err := d.find("readlink", name, false)
	if err != nil {
		return "", err
	}
	text, err := f.root.Readlink(f.native())
	if err != nil {
		return "", &fs.PathError{Op: "readlink", Path: name, Err: cause(err)}
	}
	return text, nil
}

// ReadDir implements fs.ReadDirFS.
func (d *disk) ReadDir(name string) ([]fs.DirEntry, error) {
	f, err := d.openFile("readdir", name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	entries, err := f.ReadDir(-1)
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	if err != nil {
		err = &fs.PathError{Op: "readdir", Path: name, Err: cause(err)}
	}
	return entries, err
}

// isReserved reports whether a path leads into a git directory, which may hold
// the credentials of a checkout, or to what Parity keeps beside a project.
func isReserved(at string) bool {
	before := ""
	for segment := range strings.SplitSeq(at, "/") {
		segment = strings.ToLower(segment)
		if segment == ".git" || before == ".parity" && (segment == "key" || segment == "cache") {
			return true
		}
		before = segment
	}
	return false
}
