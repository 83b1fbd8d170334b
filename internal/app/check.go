package app

import (
	"context"
	"maps"
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/compare"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/grouping"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/policy"
	"github.com/envparity/parity/internal/propose"
	"github.com/envparity/parity/internal/redact"
)

// Request says what is compared and how it is judged.
type Request struct {
	Selection
	// Paths are compared without a parity.yaml where there are any; the last
	// one is the reference.
	Paths []string
	// FailOn is the least severity that fails the verdict; it makes the mode
	// block. Nil leaves both to parity.yaml.
	FailOn *parity.Severity
	// Baseline and WriteBaseline are files; empty is none.
	Baseline, WriteBaseline string
	// History are patterns of files of earlier snapshots: they tell which
	// images an environment had.
	History []string
	// All keeps what does not count against parity among the groups.
	All bool
	// Learn looks for bindings even where parity.yaml has frozen ones.
	Learn bool
	// EveryBinding lists the bindings that bound nothing too.
	EveryBinding bool
}

// session is a comparison whose columns were read.
type session struct {
	plan      *plan
	settings  Settings
	snapshots []*parity.Snapshot
	options   compare.Options
	cache     *cache
	// untrusted tells what was not obeyed; nil where everything was.
	untrusted *parity.Untrusted
}

// Check compares, judges, and returns the result that every report is a view
// of.
func (a *App) Check(ctx context.Context, req Request) (*parity.Result, error) {
	var before *parity.Result
	s, err := a.openUnless(ctx, req, func(s *session, root place.Root, r *redact.Redactor) (done bool) {
		before, done = a.again(ctx, s, req, root, r)
		return done
	})
	if err != nil || before != nil {
		return before, err
	}
	result, err := a.judge(ctx, s, req)
	if err == nil {
		a.remember(s, req, result)
	}
	return result, err
}

// open lays out the columns and reads them.
func (a *App) open(ctx context.Context, req Request) (*session, error) {
	return a.openUnless(ctx, req, func(*session, place.Root, *redact.Redactor) bool { return false })
}

// openUnless lays out the columns, and reads them unless done says that there
// is no need to.
func (a *App) openUnless(ctx context.Context, req Request, done func(*session, place.Root, *redact.Redactor) bool) (*session, error) {
	cfg, project, err := a.start(ctx, req)
	if err != nil {
		return nil, err
	}
	defer project.Close()
	root := a.recorded(project)
	p, err := a.layOut(cfg, req, root)
	if err != nil {
		return nil, err
	}
	r, err := a.redactor(p.cfg, len(req.Paths) == 0)
	if err != nil {
		return nil, err
	}
	settings := resolve(p.cfg, req.FailOn, req.Learn)
	s := &session{plan: p, settings: settings, cache: a.useCache(p, r.KeyID())}
	if done(s, root, r) {
		return s, nil
	}
	if s.snapshots, err = a.gather(ctx, p, root, r); err != nil {
		return s, err
	}
	s.chooseReference()
	s.options = compareOptions(p, settings)
	s.options.Kinds = a.kinds
	s.options.EveryBinding = req.EveryBinding
	s.untrusted = a.account(p, req, root)
	return s, nil
}

// start gives the configuration, nil where paths are compared without one, and
// what resolves the paths of the request.
func (a *App) start(ctx context.Context, req Request) (*config.Config, *place.Project, error) {
	if len(req.Paths) > 0 {
		return nil, a.here(ctx), nil
	}
	cfg, err := a.Config()
	if err != nil {
		return nil, nil, err
	}
	return cfg, a.root(ctx, cfg), nil
}

func (a *App) layOut(cfg *config.Config, req Request, root place.Root) (*plan, error) {
	if cfg == nil {
		return a.planPaths(req.Paths, root)
	}
	return a.plan(cfg, req.Selection, root)
}

// judge compares and judges what was read.
func (a *App) judge(ctx context.Context, s *session, req Request) (*parity.Result, error) {
	outcome, judgement, err := a.weigh(ctx, s, req)
	if err != nil {
		return nil, err
	}
	if req.WriteBaseline != "" {
		if err := a.writeBaseline(req.WriteBaseline, judgement); err != nil {
			return nil, err
		}
	}
	return a.result(s, outcome, judgement, req.All)
}

// weigh runs compare and policy over what was read.
func (a *App) weigh(ctx context.Context, s *session, req Request) (*compare.Outcome, *policy.Judgement, error) {
	a.Progress("comparing")
	opts, err := a.policyOptions(req, s.settings, s.keyID())
	if err != nil {
		return nil, nil, err
	}
	project := s.plan.cfg
	if len(req.Paths) > 0 {
		project = nil
	}
	known, err := a.remembered(ctx, s, req.History, project)
	if err != nil {
		return nil, nil, err
	}
	opts.Images = known.images
	judge, err := policy.New(s.plan.cfg, s.columns(), a.Now, opts)
	if err != nil {
		return nil, nil, err
	}
	outcome, err := compare.Run(ctx, compare.Input{Snapshots: s.snapshots, Options: s.options, Earlier: known.columns}, judge.Add)
	if err != nil {
		return nil, nil, err
	}
	judgement := judge.Finish(policy.Coverage{Gaps: outcome.Gaps})
	return outcome, &judgement, nil
}

// keyID is the key of the digests of all columns; empty where they differ.
func (s *session) keyID() string {
	var id string
	for i, snap := range s.snapshots {
		if i > 0 && snap.KeyID != id {
			return ""
		}
		id = snap.KeyID
	}
	return id
}

func (s *session) columns() []parity.Column {
	columns := make([]parity.Column, len(s.plan.columns))
	for i := range s.plan.columns {
		columns[i] = s.plan.columns[i].column
	}
	return columns
}

// reference is the name of the reference's column.
func (s *session) reference() string {
	for _, c := range s.columns() {
		if c.Reference {
			return c.String()
		}
	}
	return ""
}

// result puts the parts together. No list of it is nil, so that its JSON form
// has every list. The differences of the judgement become those of the groups.
func (a *App) result(s *session, o *compare.Outcome, j *policy.Judgement, withQuiet bool) (*parity.Result, error) {
	judged := behaviours(o.Behaviours, s.snapshots, j, a.kinds)
	groups := grouping.Group(j.Differences, a.kinds)
	proposals, err := propose.Proposals(groups, s.reference())
	if err != nil {
		return nil, err
	}
	if !withQuiet {
		groups = slices.DeleteFunc(groups, func(g parity.Group) bool { return !g.Counts })
	}
	return &parity.Result{
		Version: parity.ResultVersion, Tool: "parity " + a.Version, Time: a.Now, Project: s.plan.cfg.Project,
		Verdict: j.Verdict, Environments: environments(s), Indicators: list(j.Indicators), Scores: list(j.Scores),
		Classes: list(j.Classes), Rules: list(o.Rules), Bindings: list(o.Bindings), Shared: list(o.Shared),
		IDs: list(o.IDs), Gaps: list(o.Gaps), Groups: list(groups), Proposals: list(proposals), Findings: list(j.Findings),
		Untrusted: s.untrusted, Ambiguities: list(o.Ambiguities), Behaviours: list(judged), Instruments: instruments(s.snapshots),
	}, nil
}

func list[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func environments(s *session) []parity.EnvironmentResult {
	out := make([]parity.EnvironmentResult, len(s.snapshots))
	for i, snap := range s.snapshots {
		derived := 0
		for j := range snap.Subjects {
			for k := range snap.Subjects[j].Facts {
				if snap.Subjects[j].Facts[k].DerivedFrom != nil {
					derived++
				}
			}
		}
		p := &s.plan.columns[i]
		out[i] = parity.EnvironmentResult{
			Column: p.column, Name: p.column.String(), Subjects: len(snap.Subjects), Facts: snap.Facts(),
			DerivedFacts: derived, Gaps: len(snap.Gaps), Tools: snap.Tools, Snapshot: snap.Digest, Sources: p.described,
		}
	}
	return out
}

// isolation is what parity.yaml asks of secrets; its patterns were checked when
// it was loaded.
func isolation(cfg *config.Config) compare.Isolation {
	match, err := cfg.Secrets.Isolate.Compile()
	if err != nil {
		return compare.Isolation{Known: true} // rather ask for too much
	}
	return compare.Isolation{Known: cfg.Secrets.Isolate.All(), Match: match}
}

// compareOptions turns what parity.yaml says of comparing into compare's
// words.
func compareOptions(p *plan, s Settings) compare.Options {
	cfg := p.cfg
	o := compare.Options{Off: s.off, SecretContents: s.secretContents, Frozen: s.frozen, Behaviour: behaviourOptions(cfg)}
	o.Isolate = isolation(cfg)
	roles := map[string]bool{}
	for i := range p.columns {
		o.Collectors = append(o.Collectors, p.columns[i].collectors())
		o.Namespaces = append(o.Namespaces, p.columns[i].namespaces)
		o.Aliases = append(o.Aliases, p.columns[i].aliases)
		for role := range p.columns[i].bindings {
			roles[role] = true
		}
	}
	for _, role := range slices.Sorted(maps.Keys(roles)) {
		b := parity.Binding{ID: role, Role: role, Origin: "declared"}
		for i := range p.columns {
			if text, ok := p.columns[i].bindings[role]; ok {
				b.Spellings = append(b.Spellings, parity.Spelling{Column: p.columns[i].column.String(), Text: text})
			}
		}
		o.Declared = append(o.Declared, b)
	}
	for _, frozen := range cfg.Bindings {
		o.Declared = append(o.Declared, frozenBinding(p, frozen))
	}
	for _, m := range cfg.Align {
		names := make([]string, len(p.columns))
		for i := range p.columns {
			names[i] = spelling(p.columns[i].column, m.Names)
		}
		o.Maps = append(o.Maps, compare.Map{Kind: m.Kind, Names: names})
	}
	return o
}

// collectors are the names of the collectors of the column's sources.
func (p *planned) collectors() []string {
	names := make([]string, len(p.sources))
	for i := range p.sources {
		names[i] = p.sources[i].Collector.Name
	}
	return names
}

func frozenBinding(p *plan, frozen config.Binding) parity.Binding {
	b := parity.Binding{Role: frozen.Role, Origin: "frozen"}
	for i := range p.columns {
		c := p.columns[i].column
		for _, name := range []string{c.Environment + "/" + c.Instance, c.Environment} {
			texts, ok := frozen.Spellings[name]
			for _, text := range texts {
				b.Spellings = append(b.Spellings, parity.Spelling{Column: c.String(), Text: text})
			}
			if ok {
				break
			}
		}
	}
	return b
}

// spelling finds what a column is called in a map by environment, or by
// environment/instance.
func spelling(c parity.Column, names map[string]string) string {
	if s, ok := names[c.Environment+"/"+c.Instance]; ok && c.Instance != "" {
		return s
	}
	return names[c.Environment]
}
