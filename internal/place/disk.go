package place

import (
	"errors"
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

	handles handles

	mu   sync.Mutex
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

// close gives the directories back. They are opened again when they are needed
// again.
func (d *disk) close() error { return d.handles.close() }

// found is a file, in a directory that is open, with what is there. Whoever has
// it calls done when it is no longer needed.
type found struct {
	dir  *handle
	name string
	at   string // below top, without links
	info fs.FileInfo
	done func()
}

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
	left := maxLinks
	f, err := d.resolve(within, follow, &left)
	if err != nil {
		return found{}, &fs.PathError{Op: op, Path: name, Err: cause(err)}
	}
	return f, nil
}

func (d *disk) resolve(name string, follow bool, left *int) (found, error) {
	f, err := d.look(name, left)
	if err != nil || !follow || f.info.Mode()&fs.ModeSymlink == 0 {
		return f, err
	}
	defer f.done()
	if *left--; *left < 0 {
		return found{}, linkLoop(d.shown(f.at))
	}
	text, err := f.dir.Readlink(f.name)
	if err != nil {
		return found{}, err
	}
	next, err := d.follow(path.Dir(f.at), text, left)
	if errors.Is(err, errLeadsOut) {
		return found{}, d.scope.linkOut(d.shown(f.at))
	}
	if err != nil {
		return found{}, err
	}
	return d.resolve(next, true, left)
}

// look looks at a path without following a link in its last segment.
func (d *disk) look(name string, left *int) (found, error) {
	dir, err := d.resolveDir(path.Dir(name), left)
	if err != nil {
		return found{}, err
	}
	h, err := d.handles.open(d.top, dir)
	if err != nil {
		return found{}, err
	}
	f := found{dir: h, name: path.Base(name), at: path.Join(dir, path.Base(name)), done: func() { d.handles.release(h) }}
	if f.info, err = h.Lstat(f.name); err != nil {
		f.done()
		return found{}, err
	}
	return f, nil
}

// resolveDir resolves the links of a directory's path, once.
func (d *disk) resolveDir(name string, left *int) (string, error) {
	if name == "." {
		return name, nil
	}
	d.mu.Lock()
	at, ok := d.dirs[name]
	d.mu.Unlock()
	if ok {
		return at, nil
	}
	f, err := d.resolve(name, true, left)
	if err != nil {
		return "", err
	}
	f.done()
	if !f.info.IsDir() {
		return "", errNoDirectory
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dirs == nil {
		d.dirs = map[string]string{}
	}
	d.dirs[name] = f.at
	return f.at, nil
}

var errLeadsOut = errors.New("it leads out")

// follow gives the path below top that a link in dir leads to. A ".." behind a
// name is the parent of what the name leads to, which a link may put anywhere:
// what is before it is resolved first.
func (d *disk) follow(dir, text string, left *int) (string, error) {
	for {
		before, after, ok := cutParent(text)
		if !ok {
			break
		}
		next, inside := d.target(dir, before)
		if !inside {
			return "", errLeadsOut
		}
		var err error
		if dir, err = d.resolveDir(next, left); err != nil {
			return "", err
		}
		text = after
	}
	next, inside := d.target(dir, text)
	if !inside {
		return "", errLeadsOut
	}
	return next, nil
}

// cutParent cuts a path before the first ".." that stands behind a name.
func cutParent(text string) (before, after string, ok bool) {
	volume := len(filepath.VolumeName(text))
	named := false
	for begin := volume; begin < len(text); {
		end := begin
		for end < len(text) && !os.IsPathSeparator(text[end]) {
			end++
		}
		switch text[begin:end] {
		case "", ".":
		case "..":
			if named {
				return text[:begin], text[begin:], true
			}
		default:
			named = true
		}
		begin = end + 1
	}
	return "", "", false
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
	defer f.done()
	refuse := func(err error) error { return &fs.PathError{Op: op, Path: name, Err: err} }
	if !d.own && isReserved(f.at) {
		return nil, refuse(&RefusedError{Path: d.display(name), What: "it leads to what git or Parity keep for themselves, which is not read"})
	}
	if err := checkMode(d.display(name), f.info.Mode()); err != nil {
		return nil, refuse(err)
	}
	file, err := f.dir.OpenFile(f.name, os.O_RDONLY|nonBlocking, 0)
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
	return d.info("stat", name, true)
}

// Lstat implements fs.ReadLinkFS.
func (d *disk) Lstat(name string) (fs.FileInfo, error) {
	return d.info("lstat", name, false)
}

func (d *disk) info(op, name string, follow bool) (fs.FileInfo, error) {
	f, err := d.find(op, name, follow)
	if err != nil {
		return nil, err
	}
	f.done()
	return f.info, nil
}

// ReadLink implements fs.ReadLinkFS.
func (d *disk) ReadLink(name string) (string, error) {
	f, err := d.find("readlink", name, false)
	if err != nil {
		return "", err
	}
	defer f.done()
	text, err := f.dir.Readlink(f.name)
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
