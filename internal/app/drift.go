package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/drift"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/policy"
)

// DriftRequest says of which environment what runs is compared with what is
// declared.
type DriftRequest struct {
	// Environment is "production", or "production/eu" for one instance.
	Environment string
	// Desired and Live are files or directories that stand in for the sources
	// of a side, by instance ("production/eu"); the empty key is the only
	// instance there is.
	Desired, Live map[string]string
	// History are patterns of files of earlier snapshots of the live side.
	History []string
	// FailOn is the least severity that fails the verdict; it makes the mode
	// block. Nil leaves both to parity.yaml.
	FailOn *parity.Severity
}

// Drift compares what an environment runs with what it declares.
func (a *App) Drift(ctx context.Context, req DriftRequest) (*parity.DriftResult, error) {
	cfg, err := a.Config()
	if err != nil {
		return nil, err
	}
	root := a.root(ctx, cfg)
	defer root.Close()
	here := a.here(ctx)
	defer here.Close()
	settings := resolve(cfg, req.FailOn, false)
	p, err := a.planDrift(cfg, req, root, here)
	if err != nil {
		return nil, err
	}
	earlier, err := a.history(req, p)
	if err != nil {
		return nil, err
	}
	r, err := a.redactor(cfg, true)
	if err != nil {
		return nil, err
	}
	a.useCache(p, r.KeyID())
	snapshots, err := a.gather(ctx, p, root, r)
	if err != nil {
		return nil, err
	}
	return a.judgeDrift(ctx, req, p, settings, snapshots, earlier)
}

// planDrift lays out the two sides of each instance: desired, live, desired,
// live.
func (a *App) planDrift(cfg *config.Config, req DriftRequest, root, here place.Root) (*plan, error) {
	columns, err := columnsOf(cfg, req.Environment)
	if err != nil {
		return nil, err
	}
	if err := checkStandIns(columns, req); err != nil {
		return nil, err
	}
	p := &plan{cfg: cfg}
	for _, c := range columns {
		for _, side := range []struct {
			role parity.Role
			ins  map[string]string
		}{{parity.Desired, req.Desired}, {parity.Live, req.Live}} {
			next, err := a.planSide(cfg, c, side.role, cmp.Or(side.ins[c.Column.String()], side.ins[""]), root, here)
			if err != nil {
				return nil, err
			}
			p.columns = append(p.columns, next)
		}
	}
	return p, nil
}

// columnsOf finds an environment's instances, or one instance.
func columnsOf(cfg *config.Config, name string) ([]config.ColumnConfig, error) {
	var out []config.ColumnConfig
	for _, c := range config.Columns(cfg) {
		if c.Column.String() == name || c.Column.Environment == name {
			out = append(out, c)
		}
	}
	if len(out) == 0 {
		_, err := columnNamed(cfg, name)
		return nil, err
	}
	slices.SortStableFunc(out, func(a, b config.ColumnConfig) int {
		return strings.Compare(a.Column.Instance, b.Column.Instance)
	})
	return out, nil
}

// checkStandIns refuses files for instances that are not compared, and one file
// for several.
func checkStandIns(columns []config.ColumnConfig, req DriftRequest) error {
	var names []string
	for _, c := range columns {
		names = append(names, c.Column.String())
	}
	for _, ins := range []map[string]string{req.Desired, req.Live} {
		for name := range ins {
			if name == "" && len(columns) > 1 {
				return &parity.Error{
					Code: parity.CodeUsage, What: fmt.Sprintf("one file cannot stand for the %d instances of %s", len(columns), req.Environment),
					Hint: "say which is meant, as in --live " + names[0] + "=FILE",
				}
			}
			if name != "" && !slices.Contains(names, name) {
				return &parity.Error{
					Code: parity.CodeUsage, What: fmt.Sprintf("%q is not among what is compared", name),
					Hint: "that is " + strings.Join(names, ", "),
				}
			}
		}
	}
	return nil
}

// planSide lays out one side of one instance: its sources that speak for the
// role, or the file that stands in for them.
func (a *App) planSide(cfg *config.Config, c config.ColumnConfig, role parity.Role, file string, root, here place.Root) (planned, error) {
	if file != "" {
		return a.planStandIn(cfg, c, role, file, root, here)
	}
	p := planned{column: c.Column, rules: cfg.Rules, limits: cfg.Limits, naming: cfg.Telemetry.Config}
	p.column.Role = role
	var err error
	if p.sources, err = a.sourcesOf(c, role, root); err != nil {
		return p, err
	}
	for _, s := range p.sources {
		p.described = append(p.described, s.Name)
	}
	if len(p.sources) > 0 {
		return p, nil
	}
	what, hint := "what runs", "give the environment a source of what runs, such as the collector kubernetes, or name a snapshot or a file with --live"
	if role == parity.Desired {
		what, hint = "what is declared", "give the environment a source of what is declared, such as a path to manifests, or name a snapshot or a file with --desired"
	}
	return p, &parity.Error{
		Code: parity.CodeUsage, Where: cfg.Path,
		What: fmt.Sprintf("%s has no source of %s", c.Column, what), Hint: hint,
	}
}

// sourcesOf are the sources of a column that speak for the role.
func (a *App) sourcesOf(c config.ColumnConfig, role parity.Role, root place.Root) ([]collector.Configured, error) {
	var out []collector.Configured
	for _, s := range c.Sources {
		configured, err := a.configured(c.Column, s, root)
		if err != nil {
			return nil, err
		}
		for _, one := range configured {
			if speaks(one, role) {
				out = append(out, one)
			}
		}
	}
	return out, nil
}

// outside says what the live sources leave out by choice: nothing that any of
// them looks at.
func outside(sources []collector.Configured) func(parity.Key) string {
	return func(k parity.Key) string {
		reason := ""
		for _, s := range sources {
			why, chooses := s.LeavesOut(k)
			if chooses && why == "" {
				return ""
			}
			reason = cmp.Or(reason, why)
		}
		return reason
	}
}

// planStandIn reads a snapshot's file, or whatever a collector reads at a path.
func (a *App) planStandIn(cfg *config.Config, c config.ColumnConfig, role parity.Role, file string, root, here place.Root) (planned, error) {
	p := planned{column: c.Column, rules: cfg.Rules, limits: cfg.Limits, naming: cfg.Telemetry.Config, root: here, described: []string{file}}
	p.column.Role = role
	if a.isSnapshot(file) {
		var err error
		if p.loaded, err = a.load(file, cfg); err != nil {
			return p, err
		}
		p.described = []string{"snapshot " + file}
		p.sources, err = a.sourcesOf(c, role, root) // it was made by these
		if err != nil {
			return p, err
		}
		return p, ofColumn(file, p.loaded, c.Column)
	}
	s, err := a.fromPath(file, here)
	if err != nil {
		return p, err
	}
	s.Name = c.Column.String() + ": " + s.Name
	p.sources = []collector.Configured{s}
	return p, nil
}

// ofColumn refuses a snapshot of another environment.
func ofColumn(file string, s *parity.Snapshot, c parity.Column) error {
	if s.Column.String() == c.String() {
		return nil
	}
	return &parity.Error{
		Code: parity.CodeUsage, Where: file, What: fmt.Sprintf("the snapshot is of %s, not of %s", s.Column, c),
		Hint: "parity snapshot " + c.String() + " makes one",
	}
}

// judgeDrift compares, follows and judges what was read.
func (a *App) judgeDrift(ctx context.Context, req DriftRequest, p *plan, settings Settings, snapshots []*parity.Snapshot, earlier map[string]past) (*parity.DriftResult, error) {
	a.Progress("comparing")
	result := &parity.DriftResult{
		Version: parity.DriftVersion, Tool: "parity " + a.Version, Time: a.Now, Project: p.cfg.Project, Environment: req.Environment,
	}
	opts := drift.Options{Kinds: a.kinds, Off: settings.off, SecretContents: settings.secretContents, Now: a.Now}
	for _, o := range p.cfg.Drift.Owners {
		opts.Owners = append(opts.Owners, drift.Owner{Manager: o.Manager, Name: cmp.Or(o.Name, o.Manager), Why: o.Reason})
	}
	for i := 0; i+1 < len(snapshots); i += 2 {
		desired, live := snapshots[i], snapshots[i+1]
		opts.Outside = outside(p.columns[i+1].sources)
		x, err := drift.Run(ctx, desired, live, opts)
		if err != nil {
			return nil, err
		}
		x.Desired.Sources, x.Live.Sources = p.columns[i].described, p.columns[i+1].described
		if len(req.History) > 0 {
			if x.History, err = follow(ctx, x, desired, earlier[x.Name], func(file string) (*parity.Snapshot, error) { return a.load(file, p.cfg) }, opts); err != nil {
				return nil, err
			}
		}
		result.Instances = append(result.Instances, *x)
	}
	drift.OddOnesOut(result.Instances)
	if err := policy.JudgeDrift(p.cfg, a.Now, policy.Options{Kinds: a.kinds, Gate: &settings.gate}, result); err != nil {
		return nil, err
	}
	for i := range result.Instances {
		drift.Sort(result.Instances[i].Drifts)
		result.Instances[i] = *drift.Release(&result.Instances[i])
	}
	return result, nil
}
