package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/atomicfile"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/place"
)

// root resolves the paths of parity.yaml.
func (a *App) root(ctx context.Context, cfg *config.Config) *place.Project {
	return place.Dir(a.Project, place.WithContext(ctx), place.WithOutside(cfg.AllowOutside))
}

// here resolves the paths of the command line.
func (a *App) here(ctx context.Context) *place.Project {
	return place.Dir(a.WorkDir, place.WithContext(ctx), place.AsGiven())
}

// readConfig reads parity.yaml, and no more of it than one byte over its
// bound, which config.Load then refuses.
func (a *App) readConfig() ([]byte, error) {
	root := place.Dir(a.Project)
	defer root.Close()
	p, err := root.Resolve(ConfigName)
	if err != nil {
		return nil, err
	}
	data, err := p.Read(config.MaxBytes)
	return data, unplaced(err)
}

// readGiven reads a file of the command line that is not larger than limit.
func (a *App) readGiven(file string, limit int64) ([]byte, error) {
	here := a.here(context.Background())
	defer here.Close()
	p, err := here.Resolve(file)
	if err != nil {
		return nil, unplaced(err)
	}
	data, err := p.ReadWithin(limit)
	return data, unplaced(err)
}

// unplaced takes the path out of an error that is told beside it. The path of a
// link that is refused stays.
func unplaced(err error) error {
	if refused := place.Refused(err); refused != nil {
		return refused
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	var e *parity.Error
	if errors.As(err, &e) {
		return &parity.Error{Code: e.Code, What: e.What, Hint: e.Hint, Err: e.Err}
	}
	return err
}

// ownDir opens the directory of what Parity keeps for itself, or one below it.
// Neither is a symbolic link: what is written or deleted there would be
// somewhere else. They are made if mode is not 0.
func (a *App) ownDir(mode fs.FileMode, names ...string) (*os.Root, error) {
	root, err := os.OpenRoot(a.Project)
	if err != nil {
		return nil, err
	}
	for _, name := range append([]string{path.Dir(defaultKeyFile)}, names...) {
		below, err := openPlain(root, name, mode)
		err = errors.Join(err, root.Close())
		if err != nil {
			return nil, err
		}
		root = below
	}
	return root, nil
}

// openPlain opens a directory that is no link.
func openPlain(root *os.Root, name string, mode fs.FileMode) (*os.Root, error) {
	if mode != 0 {
		if err := root.Mkdir(name, mode); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	info, err := root.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, &parity.Error{
			Code: parity.CodeConfig, Where: filepath.ToSlash(filepath.Join(root.Name(), name)), What: "is not a directory, or it is a symbolic link",
			Hint: "remove it; Parity keeps its key and its cache there",
		}
	}
	below, err := root.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	now, err := below.Stat(".")
	if err == nil && !os.SameFile(info, now) {
		err = &fs.PathError{Op: "open", Path: name, Err: errors.New("it was replaced while it was opened")}
	}
	if err != nil {
		return nil, errors.Join(err, below.Close())
	}
	return below, nil
}

// ignoreProjectDir makes the directory of what Parity keeps for itself, and the
// .gitignore in it that keeps all of it out of git.
func (a *App) ignoreProjectDir() error {
	own, err := a.ownDir(0o755)
	if err != nil {
		return err
	}
	defer own.Close()
	const name = ".gitignore"
	if _, err := own.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return atomicfile.In(own, name, []byte("*\n!.gitignore\n"), 0o644)
}
