package app

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/store"
)

// configure makes a source of parity.yaml ready to run. A bare path finds its
// collector by what is there.
func (a *App) configure(column parity.Column, s config.Source, root place.Root) (collector.Configured, error) {
	if s.Collector == "" {
		c, err := a.fromPath(s.Path, root)
		if err != nil {
			return collector.Configured{}, at(s.Where, err)
		}
		c.Name = column.String() + ": " + c.Collector.Name + " " + s.Path
		return c, nil
	}
	c, ok := a.Collectors.Find(s.Collector)
	if !ok {
		return collector.Configured{}, &parity.Error{Code: parity.CodeConfig, Where: s.Where, What: "there is no collector " + s.Collector}
	}
	name := column.String() + ": " + c.Name + " " + s.Where
	if s.Part != "" {
		name += " " + s.Part
	}
	return collector.Configured{Collector: c, Config: s.Config, Name: name}, nil
}

// at gives an error the place in parity.yaml that led to it.
func at(where string, err error) error {
	return &parity.Error{Code: parity.CodeOf(err), Where: where, What: "this source cannot be used", Hint: parity.HintOf(err), Err: err}
}

// fromPath finds the collector that fits a path best.
func (a *App) fromPath(path string, root place.Root) (collector.Configured, error) {
	p, err := root.Resolve(path)
	if err != nil {
		return collector.Configured{}, err
	}
	best, ok := a.Collectors.Detect(p)
	if !ok {
		return collector.Configured{}, &parity.Error{
			Code: parity.CodeUsage, Where: p.Show(), What: "no collector knows what this is",
			Hint: "name a file or directory of YAML, JSON, TOML, INI, properties or dotenv, a kustomization, a Helm chart or a Compose file",
		}
	}
	return collector.Configured{Collector: best, Config: best.FromPath(path), Name: best.Name + " " + path}, nil
}

// planPaths lays out the columns of paths that are compared without a
// parity.yaml: the last one is the reference, and each is named after what
// tells its path from the others. A snapshot's file keeps the environment's
// name that it carries where that is unique.
func (a *App) planPaths(paths []string, root place.Root) (*plan, error) {
	snapshots, err := a.loadSnapshots(paths)
	if err != nil {
		return nil, err
	}
	names := EnvironmentNames(paths)
	carried := slices.Clone(names)
	for i, s := range snapshots {
		if s != nil {
			carried[i] = s.Column.Environment
		}
	}
	if unique(carried) {
		names = carried
	}
	p := &plan{cfg: config.Default()}
	for i, path := range paths {
		col := planned{
			column:    parity.Column{Environment: names[i], Role: parity.Desired, Rank: i, Reference: i == len(paths)-1},
			described: []string{path}, loaded: snapshots[i],
		}
		if col.loaded == nil {
			c, err := a.fromPath(path, root)
			if err != nil {
				return nil, err
			}
			c.Name = col.column.String() + ": " + c.Name
			col.sources = []collector.Configured{c}
			col.column.Role = c.Collector.Role
		}
		p.columns = append(p.columns, col)
	}
	return p, nil
}

// loadSnapshots reads the paths that are snapshots' files; the others are nil.
func (a *App) loadSnapshots(paths []string) ([]*parity.Snapshot, error) {
	out := make([]*parity.Snapshot, len(paths))
	for i, path := range paths {
		if !a.isSnapshot(path) {
			continue
		}
		var err error
		if out[i], err = a.load(path, nil); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// headBytes is enough of a file to know a snapshot by.
const headBytes = 512

func (a *App) isSnapshot(path string) bool {
	if strings.HasPrefix(path, "git:") {
		return false
	}
	here := a.here(context.Background())
	defer here.Close()
	p, err := here.Resolve(path)
	if err != nil {
		return false
	}
	head, err := p.Read(headBytes)
	return err == nil && store.IsSnapshot(head[:min(len(head), headBytes)])
}

// abs resolves a path of the command line.
func (a *App) abs(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(a.WorkDir, path)
}
