package app

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/all"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/naming"
	"github.com/envparity/parity/internal/place"
)

// sourceConfigs gives the collectors to the loader of parity.yaml.
func (a *App) sourceConfigs() config.Kinds {
	configs := config.Kinds{}
	for _, c := range a.Collectors {
		configs[c.Name] = c.NewConfig
	}
	return configs
}

// ConfigSchema gives the JSON Schema of parity.yaml with the keys of every
// collector.
func ConfigSchema() ([]byte, error) {
	kinds := map[string]any{}
	for _, c := range all.Collectors() {
		kinds[c.Name] = c.NewConfig()
	}
	return config.JSONSchema(kinds)
}

// Config loads the project's parity.yaml.
func (a *App) Config() (*config.Config, error) {
	if a.untrusted() {
		return a.baseConfig()
	}
	path := a.configPath()
	shown := a.show(path)
	data, err := a.readConfig()
	if errors.Is(err, fs.ErrNotExist) && a.Found != nil {
		data, err = a.Found, nil
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, &parity.Error{
			Code: parity.CodeConfig, Where: shown, What: "there is no parity.yaml here",
			Hint: "parity init writes a first one; parity diff A B compares two paths without one",
		}
	}
	if err != nil {
		return nil, cannotRead(shown, err)
	}
	cfg, err := config.Load(shown, data, a.sourceConfigs())
	if err != nil {
		return nil, err
	}
	if cfg.Project == "" {
		cfg.Project = filepath.Base(a.Project)
	}
	return cfg, nil
}

// cannotRead is the error of a file that parity.yaml or the project needs.
func cannotRead(shown string, err error) error {
	return &parity.Error{Code: parity.CodeConfig, Where: shown, What: "cannot be read", Hint: parity.HintOf(err), Err: unplaced(err)}
}

// show names a file as a person at the working directory would.
func (a *App) show(path string) string {
	rel, err := filepath.Rel(a.WorkDir, path)
	if err != nil || !filepath.IsLocal(rel) {
		return path
	}
	return filepath.ToSlash(rel)
}

// planned is one column with where its facts come from: sources, or a
// snapshot that was loaded from a file.
type planned struct {
	column     parity.Column
	sources    []collector.Configured
	loaded     *parity.Snapshot
	root       place.Root // where paths of sources are; nil is the project
	namespaces map[string]string
	bindings   map[string]string
	aliases    []string
	// rules are those of parity.yaml; they say how images and defaults are
	// read.
	rules config.Rules
	// limits bound what the column holds.
	limits config.Limits
	// naming says what telemetry calls things.
	naming naming.Config
	// notRun are the sources that an untrusted comparison does not read, and gaps
	// what is therefore not known.
	notRun []parity.NotRun
	gaps   []parity.Gap
	// candidate is set where what the column holds decides whether it is the
	// reference.
	candidate bool
	// described are the sources as a report lists them.
	described []string
	// cache keeps what tracked sources yield; nil where nothing is kept.
	cache *cache
	// prints are the fingerprints of its sources once they were asked; empty
	// where one has to be read.
	prints []string
}

// plan is what a comparison needs, before anything is read.
type plan struct {
	cfg     *config.Config
	columns []planned
	// only are the environments besides the reference that are compared; empty
	// is all.
	only []string
	// passedOver were read to choose the reference, and are not compared.
	passedOver []planned
}

// Selection narrows or replaces what parity.yaml says is compared.
type Selection struct {
	// Only are the environments to compare, besides the reference; empty is
	// all.
	Only []string
	// Snapshots replace an environment ("staging") or one of its instances
	// ("production/eu") by a snapshot's file.
	Snapshots map[string]string
	// Role narrows every environment to what is declared or to what runs;
	// empty takes what runs where a source tells, and what is declared
	// elsewhere.
	Role parity.Role
}

// plan lays out the columns that parity.yaml asks for, the reference last.
func (a *App) plan(cfg *config.Config, sel Selection, root place.Root) (*plan, error) {
	columns := config.Columns(cfg)
	if err := checkSelection(cfg.Path, columns, sel); err != nil {
		return nil, err
	}
	p := &plan{cfg: cfg, only: sel.Only}
	for _, c := range columns {
		if !p.selects(c.Column) && !c.Candidate {
			continue
		}
		next, err := a.planColumn(c, cfg, sel, root)
		if err != nil {
			return nil, err
		}
		p.columns = append(p.columns, next)
	}
	if len(p.columns) < 2 {
		return nil, &parity.Error{
			Code: parity.CodeConfig, Where: cfg.Path, What: "there is only one environment to compare",
			Hint: "name at least two environments",
		}
	}
	return p, nil
}

// selects reports whether a column is compared.
func (p *plan) selects(c parity.Column) bool {
	return len(p.only) == 0 || c.Reference || slices.Contains(p.only, c.Environment)
}

func (a *App) planColumn(c config.ColumnConfig, cfg *config.Config, sel Selection, root place.Root) (planned, error) {
	p := planned{
		column: c.Column, candidate: c.Candidate, rules: cfg.Rules, limits: cfg.Limits, naming: cfg.Telemetry.Config,
		namespaces: c.Namespaces, bindings: c.Bindings, aliases: c.Aliases,
	}
	for _, name := range []string{c.Column.Environment + "/" + c.Column.Instance, c.Column.Environment} {
		if file, ok := sel.Snapshots[name]; ok {
			var err error
			if p.loaded, err = a.load(file, cfg); err != nil {
				return p, err
			}
			p.column.Role = p.loaded.Column.Role
			p.described = []string{"snapshot " + file}
			return p, nil
		}
	}
	for _, s := range c.Sources {
		configured, err := a.configured(c.Column, s, root)
		if err != nil && a.untrusted() {
			p.unusable(c.Column, s, err)
			continue
		}
		if err != nil {
			return planned{}, err
		}
		p.sources = append(p.sources, configured...)
	}
	if a.untrusted() {
		p.filesAlone(sel.Role)
	}
	p.sources, p.column.Role = inRole(p.sources, sel.Role)
	if len(p.sources) == 0 && !a.untrusted() {
		return planned{}, &parity.Error{
			Code: parity.CodeUsage, What: fmt.Sprintf("%s has no source of role %s", c.Column, sel.Role),
			Hint: "parity collectors tells the role of each collector",
		}
	}
	for _, s := range p.sources {
		p.described = append(p.described, s.Name)
	}
	return p, nil
}

// checkSelection refuses names of environments that are not there.
func checkSelection(path string, columns []config.ColumnConfig, sel Selection) error {
	var names []string
	for _, c := range columns {
		for _, n := range []string{c.Column.Environment, c.Column.String()} {
			if !slices.Contains(names, n) {
				names = append(names, n)
			}
		}
	}
	for _, n := range slices.Concat(sel.Only, slices.Sorted(maps.Keys(sel.Snapshots))) {
		if !slices.Contains(names, n) {
			return &parity.Error{
				Code: parity.CodeUsage, What: fmt.Sprintf("%s has no environment %q", path, n),
				Hint: "it has " + strings.Join(names, ", "),
			}
		}
	}
	return nil
}
