package terraform

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/glob"
	"github.com/envparity/parity/internal/place"
)

// file is one file with the name that its subjects have before their module;
// empty where it is the only one.
type file struct {
	place place.Place
	name  string
}

// maxStates bounds what one pattern or directory stands for.
const maxStates = 10_000

// find gives the states that a path of the config stands for, sorted.
func find(ctx context.Context, root place.Root, name, workspace string) ([]file, error) {
	base, pattern := name, ""
	p, err := root.Resolve(name)
	if err != nil {
		i := strings.IndexAny(name, "*?[")
		if i < 0 {
			return nil, err
		}
		base = strings.TrimSuffix(name[:strings.LastIndexByte(name[:i], '/')+1], "/")
		pattern = strings.TrimPrefix(name[len(base):], "/")
		if base == "" && !strings.HasPrefix(name, "/") {
			base = "."
		}
		if p, err = root.Resolve(base); err != nil {
			return nil, err
		}
	}
	info, err := fs.Stat(p.FS, p.Path)
	if err != nil {
		return nil, unreadable(base, err)
	}
	if !info.IsDir() {
		return []file{{place: p}}, nil
	}
	if pattern == "" {
		if at := backend(p, workspace); at != "" {
			return []file{{place: place.Place{FS: p.FS, Path: at, Display: p.Display}}}, nil
		}
	}
	files, err := walk(ctx, p, pattern, workspace)
	if err == nil && len(files) == 0 {
		what := "no state is there"
		if workspace != "" {
			what = "no state of that workspace is there"
		}
		return nil, &parity.Error{Code: parity.CodeConfig, Where: name, What: what, Hint: "a state of a remote backend is had with terraform state pull"}
	}
	return files, err
}

// backend is where the local backend in a directory keeps the state of a
// workspace; empty where it has none.
func backend(dir place.Place, workspace string) string {
	at := path.Join(dir.Path, "terraform.tfstate")
	if workspace != "" && workspace != "default" {
		at = path.Join(dir.Path, "terraform.tfstate.d", workspace, "terraform.tfstate")
	}
	if !fs.ValidPath(at) {
		return ""
	}
	info, err := fs.Stat(dir.FS, at)
	if place.Refused(err) != nil {
		return at // opening it says why it is not read
	}
	if err != nil || info.IsDir() {
		return ""
	}
	return at
}

// walk gives the states below a directory: those that fit a pattern, or those of
// all local backends there.
func walk(ctx context.Context, p place.Place, pattern, workspace string) ([]file, error) {
	var files []file
	err := fs.WalkDir(p.FS, p.Path, func(full string, d fs.DirEntry, err error) error {
		below := strings.TrimPrefix(strings.TrimPrefix(full, p.Path), "/")
		if p.Path == "." {
			below = full
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			return unreadable(p.Display(full), err)
		case d.IsDir() && full != p.Path && strings.HasPrefix(d.Name(), "."):
			return fs.SkipDir // .terraform has a file of the same name, which is no state
		case len(files) > maxStates:
			return &parity.Error{Code: parity.CodeConfig, Where: p.Show(), What: fmt.Sprintf("more than %d states fit", maxStates)}
		case pattern != "" && (d.IsDir() || !fits(strings.Split(pattern, "/"), strings.Split(below, "/"))):
			return nil
		case pattern != "":
			name := strings.TrimSuffix(strings.TrimSuffix(below, "/terraform.tfstate"), path.Ext(below))
			files = append(files, file{place.Place{FS: p.FS, Path: full, Display: p.Display}, name})
			return nil
		case !d.IsDir():
			return nil
		case d.Name() == "terraform.tfstate.d":
			return fs.SkipDir
		}
		if at := backend(place.Place{FS: p.FS, Path: full}, workspace); at != "" {
			files = append(files, file{place.Place{FS: p.FS, Path: at, Display: p.Display}, below})
		}
		return nil
	})
	slices.SortFunc(files, func(a, b file) int { return strings.Compare(a.place.Path, b.place.Path) })
	if len(files) == 1 && pattern != "" {
		files[0].name = ""
	}
	return files, err
}

// fits reports whether the names of a path fit those of a pattern, in which **
// stands for any number of names. Names that begin with a dot are like others.
func fits(pattern, names []string) bool { return glob.MatchSegments(pattern, names, fitsName) }

func fitsName(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return err == nil && ok
}
