package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/atomicfile"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/discover"
)

// Initialised is what Initialise did.
type Initialised struct {
	// Path is the parity.yaml that was written, as people see it.
	Path         string
	Environments []string
	// Notes say what was found and left out.
	Notes []string
	// Key tells that a key was made; one that was there stays.
	Key bool
}

// Initialise looks at the project's directory and writes a first parity.yaml
// that already runs, and a key for the digests of secrets. It overwrites a
// parity.yaml only where force is set. What observe names is asked how it is to be
// read, and makes the environments where the directory declares none.
func (a *App) Initialise(ctx context.Context, force bool, observe Observe) (*Initialised, error) {
	path := a.configPath()
	if _, err := os.Lstat(path); err == nil && !force {
		return nil, &parity.Error{
			Code: parity.CodeUsage, Where: a.show(path), What: "is there already",
			Hint: "--force writes a new one over it",
		}
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, &parity.Error{Code: parity.CodeUsage, Where: a.show(path), What: "cannot be read", Err: err}
	}
	plan, err := a.discover(ctx)
	plan, err = a.observe(ctx, plan, err, observe)
	if err != nil {
		return nil, err
	}
	if plan.Project == "" {
		plan.Project = filepath.Base(a.Project)
	}
	text := plan.YAML(config.SchemaURL)
	if _, err := config.Load(a.show(path), text, a.sourceConfigs()); err != nil {
		return nil, fmt.Errorf("the parity.yaml that was made would not load: %w", err)
	}
	if err := atomicfile.Replace(path, a.show(path), text, 0o644); err != nil {
		return nil, err
	}
	done := &Initialised{Path: a.show(path), Notes: plan.Notes}
	for _, e := range plan.Environments {
		done.Environments = append(done.Environments, e.Name)
	}
	if done.Key, err = a.writeKey(); err != nil {
		return nil, &parity.Error{Code: parity.CodeUsage, Where: a.show(filepath.Join(a.Project, defaultKeyFile)), What: "cannot write", Err: err}
	}
	return done, nil
}

// discover looks at the project's directory.
func (a *App) discover(ctx context.Context) (discover.Plan, error) {
	root := a.here(ctx)
	defer root.Close()
	p, err := root.Resolve(filepath.ToSlash(a.Project))
	if err != nil {
		return discover.Plan{}, err
	}
	below, err := fs.Sub(p.FS, p.Path)
	if err != nil {
		return discover.Plan{}, fmt.Errorf("look at %s: %w", a.Project, err)
	}
	return discover.Discover(below)
}
