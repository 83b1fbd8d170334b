// Package app wires Parity together: it is the one place that knows every
// other package, and holds no judgement of its own.
package app

import (
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/all"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/render"
	"github.com/envparity/parity/internal/trust"
)

// Options are what the application is given by the program around it.
type Options struct {
	// WorkDir is the absolute working directory, that paths of the command
	// line are relative to.
	WorkDir string
	// Project is the absolute directory of parity.yaml; WorkDir if empty.
	Project string
	// Lookup reads an environment variable.
	Lookup func(name string) (string, bool)
	// Allow says which credential may be sent to which host.
	Allow trust.Allowed
	// Now is the time of the run: exceptions are in force or not by it.
	Now time.Time
	// Random gives new keys.
	Random io.Reader
	// Version is the program's, for results.
	Version string
	Log     *slog.Logger
	// Base is the git revision that an untrusted comparison obeys: nothing of the
	// working tree but the files of sources is read, and those as data. Empty for
	// a trusted one.
	Base string
	// NoCache reads and compares everything, whatever was kept.
	NoCache bool
	// Renderer runs templates within bounds; nil is in this process, where only
	// time and output are bounded.
	Renderer render.Renderer
	// Charts gets charts that are not in the repository; nil gets none.
	Charts collector.Charts
	// Collectors are those that sources may name; nil is all.
	Collectors collector.Registry
	// Found stands for the parity.yaml of a project that has none; nil is an
	// error then.
	Found []byte
	// Progress is told what is being done; may be nil. It is called from
	// several goroutines.
	Progress func(what string)
}

// App runs Parity's commands.
type App struct {
	Options
	// kinds is what the collectors declare of the kinds of subjects.
	kinds *kinds.Set
}

// New makes an application.
func New(o Options) *App {
	if o.Project == "" {
		o.Project = o.WorkDir
	}
	if o.Base != "" {
		o.NoCache = true // what is kept beside the project may be part of the change
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Progress == nil {
		o.Progress = func(string) {}
	}
	if o.Collectors == nil {
		o.Collectors = all.Collectors()
	}
	return &App{Options: o, kinds: o.Collectors.Kinds()}
}

// ConfigName is the file that makes a directory a project.
const ConfigName = "parity.yaml"

func (a *App) configPath() string { return filepath.Join(a.Project, ConfigName) }
