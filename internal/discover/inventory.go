package discover

import (
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Bounds of the inventory. A project's declarations lie near its top.
const (
	maxEntries = 50_000
	maxDepth   = 12
	maxHead    = 64 << 10
	maxSniffed = 64 << 20
)

// skipped are directories that hold what others wrote, what was built, or what
// tests read.
var skipped = []string{
	"node_modules", "vendor", "target", "dist", "build", "testdata", "__pycache__", "venv", "site-packages", "third_party",
	"tests", "e2e", "fixtures", "examples", "example", "samples", "docs",
}

// inventory is what lies in a repository: its directories with their files,
// walked once. Contents are read when a layout asks for them, and kept.
type inventory struct {
	fsys    fs.FS
	byPath  map[string]*folder
	folders []*folder // in order of their paths
	left    int       // entries that may still be looked at
	sniffed int       // bytes of heads that were read
	heads   map[string][]byte
	facts   facts
}

// folder is one directory.
type folder struct {
	path        string
	dirs, files []string // names, sorted
}

func (d *folder) has(name string) bool {
	_, ok := slices.BinarySearch(d.files, name)
	return ok
}

// take walks a repository. ways are the directories besides the usual ones
// that the layouts read although their names begin with a dot.
func take(fsys fs.FS) *inventory {
	inv := &inventory{fsys: fsys, byPath: map[string]*folder{}, left: maxEntries, heads: map[string][]byte{}}
	inv.walk(".", 0, false)
	slices.SortFunc(inv.folders, func(a, b *folder) int { return strings.Compare(a.path, b.path) })
	inv.facts.gather(inv)
	return inv
}

// walk lists a directory and what lies below it. Below a symbolic link no
// other link to a directory is followed, so that every walk ends.
func (inv *inventory) walk(dir string, depth int, linked bool) {
	entries, err := fs.ReadDir(inv.fsys, dir)
	if err != nil {
		return
	}
	d := &folder{path: dir}
	inv.byPath[dir] = d
	inv.folders = append(inv.folders, d)
	for _, e := range entries {
		if inv.left--; inv.left <= 0 {
			break
		}
		inv.entry(d, e, depth, linked)
	}
	slices.Sort(d.dirs)
	slices.Sort(d.files)
}

func (inv *inventory) entry(d *folder, e fs.DirEntry, depth int, linked bool) {
	name, at, mode := e.Name(), path.Join(d.path, e.Name()), e.Type()
	link := mode&fs.ModeSymlink != 0
	if link {
		info, err := fs.Stat(inv.fsys, at)
		if err != nil {
			return
		}
		mode = info.Mode().Type()
	}
	switch {
	case mode.IsRegular():
		d.files = append(d.files, name)
	case !mode.IsDir() || depth >= maxDepth || !walked(at, name):
	case link && (linked || inv.above(d.path, at)):
	default:
		d.dirs = append(d.dirs, name)
		inv.walk(at, depth+1, linked || link)
	}
}

// walked reports whether a directory is looked at. Of those whose names begin
// with a dot it is where workflows of continuous integration lie.
func walked(at, name string) bool {
	if strings.HasPrefix(name, ".") {
		return at == ".github"
	}
	return !slices.Contains(skipped, name)
}

// above reports whether a link leads to a directory that holds the link.
func (inv *inventory) above(dir, at string) bool {
	text, err := fs.ReadLink(inv.fsys, at)
	if err != nil || path.IsAbs(text) {
		return true
	}
	to := path.Join(dir, text)
	return to == "." || to == dir || strings.HasPrefix(dir+"/", to+"/")
}

// head gives the beginning of a file; nil where it cannot be read.
func (inv *inventory) head(at string) []byte {
	if data, ok := inv.heads[at]; ok {
		return data
	}
	var data []byte
	if file, err := inv.fsys.Open(at); err == nil && inv.sniffed < maxSniffed {
		data, _ = io.ReadAll(io.LimitReader(file, maxHead))
		_ = file.Close()
	}
	inv.sniffed += len(data)
	inv.heads[at] = data
	return data
}

// isFile reports whether a path is a file of the inventory.
func (inv *inventory) isFile(at string) bool {
	d := inv.byPath[path.Dir(at)]
	return d != nil && d.has(path.Base(at))
}

// below gives the directories at and below a path.
func (inv *inventory) below(at string) []*folder {
	var out []*folder
	for _, d := range inv.folders {
		if at == "." || d.path == at || strings.HasPrefix(d.path, at+"/") {
			out = append(out, d)
		}
	}
	return out
}
