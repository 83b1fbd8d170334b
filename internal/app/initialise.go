package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"

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
	// Doubts are the questions that stand in it as comments.
	Doubts []string
	// Key tells that a key was made; one that was there stays.
	Key bool
}

// Question asks whether something doubtful is so; nil answers nothing, and what
// is doubtful stays a comment.
type Question func(text string) (yes bool)

// Initialise looks at the project's directory and writes a first parity.yaml
// that already runs, and a key for the digests of secrets. It overwrites a
// parity.yaml only where force is set. What observe names is asked how it is to be
// read, and makes the environments where the directory declares none.
func (a *App) Initialise(ctx context.Context, force bool, observe Observe, ask Question) (*Initialised, error) {
	path := a.configPath()
	if _, err := os.Lstat(path); err == nil && !force {
		return nil, &parity.Error{
			Code: parity.CodeUsage, Where: a.show(path), What: "is there already",
			Hint: "--force writes a new one over it",
		}
	} else if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, &parity.Error{Code: parity.CodeUsage, Where: a.show(path), What: "cannot be read", Err: err}
	}
	plan, err := a.proposal(ctx, observe)
	if err != nil {
		return nil, err
	}
	a.Progress("") // a question stands alone
	answer(plan, ask)
	text, err := a.written(plan)
	if err != nil {
		return nil, err
	}
	if err := atomicfile.Replace(path, a.show(path), text, 0o644); err != nil {
		return nil, err
	}
	done := &Initialised{Path: a.show(path), Notes: plan.Notes, Environments: namesOf(plan)}
	for _, d := range plan.Doubts {
		done.Doubts = append(done.Doubts, d.Question)
	}
	if done.Key, err = a.writeKey(); err != nil {
		return nil, &parity.Error{Code: parity.CodeUsage, Where: a.show(filepath.Join(a.Project, defaultKeyFile)), What: "cannot write", Err: err}
	}
	return done, nil
}

// Proposed is the parity.yaml that Initialise would write.
type Proposed struct {
	Text         []byte
	Environments []string
}

// Propose finds what Initialise would write, and writes nothing.
func (a *App) Propose(ctx context.Context) (*Proposed, error) {
	plan, err := a.proposal(ctx, Observe{})
	if err != nil {
		return nil, err
	}
	text, err := a.written(plan)
	if err != nil {
		return nil, err
	}
	return &Proposed{Text: text, Environments: namesOf(plan)}, nil
}

// HasConfig reports whether the project has a parity.yaml, of whatever kind.
func (a *App) HasConfig() bool {
	_, err := os.Lstat(a.configPath())
	return !errors.Is(err, fs.ErrNotExist)
}

func (a *App) proposal(ctx context.Context, observe Observe) (*discover.Plan, error) {
	a.Progress("looking at " + a.show(a.Project))
	plan, err := a.discover(ctx)
	plan, err = a.observe(ctx, plan, err, observe)
	if err != nil {
		return nil, err
	}
	if plan.Project == "" {
		plan.Project = filepath.Base(a.Project)
	}
	return &plan, nil
}

// written is the parity.yaml of a plan, which loads.
func (a *App) written(plan *discover.Plan) ([]byte, error) {
	text := plan.YAML(config.SchemaURL)
	if _, err := config.Load(a.show(a.configPath()), text, a.sourceConfigs()); err != nil {
		return nil, fmt.Errorf("the parity.yaml that was made would not load: %w", err)
	}
	return text, nil
}

func namesOf(plan *discover.Plan) []string {
	var out []string
	for _, e := range plan.Environments {
		out = append(out, e.Name)
	}
	return out
}

// answer asks about what is doubtful, and takes what is affirmed.
func answer(plan *discover.Plan, ask Question) {
	if ask == nil {
		return
	}
	doubts := plan.Doubts
	plan.Doubts = nil
	for _, d := range doubts {
		if ask(d.Question) {
			plan.Accept(d)
		}
	}
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
	return discover.Discover(below, a.hasKey)
}

// hasKey reports whether there is a collector with a key.
func (a *App) hasKey(name, key string) bool {
	c, ok := a.Collectors.Find(name)
	if !ok {
		return false
	}
	t := reflect.TypeOf(c.NewConfig()).Elem()
	for i := range t.NumField() {
		if tag, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); tag == key {
			return true
		}
	}
	return false
}
