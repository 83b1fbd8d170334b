package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/atomicfile"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/propose"
)

// AcceptRequest says what is accepted and why.
type AcceptRequest struct {
	Request
	// IDs are fingerprints of differences, identifiers of groups, or names of
	// proposals; the beginning of one is enough where it is unique.
	IDs []string
	// Name is the entry's; empty takes one from the ID.
	Name   string
	Reason string
	// Until, Owner and Approver make it an exception, which ends; without them it
	// is an expectation. Until is a day, as YYYY-MM-DD.
	Until, Owner, Approver string
	// Print leaves parity.yaml as it is.
	Print bool
}

// Accepted is one entry of parity.yaml.
type Accepted struct {
	// Section is "expectations" or "exceptions".
	Section string
	Name    string
	// Lines are the entry's, and Line is where they begin in parity.yaml; 0 where
	// they were not written.
	Lines string
	Line  int
	// Differences counts those that it is meant to explain; Left those of them
	// that count all the same.
	Differences, Left int

	prints map[string]bool
}

// Accept writes into parity.yaml that differences of a comparison are meant, or are
// accepted for a while, and compares once more to see that they no longer count.
func (a *App) Accept(ctx context.Context, req AcceptRequest) ([]Accepted, error) {
	result, err := a.Check(ctx, req.Request)
	if err != nil {
		return nil, err
	}
	var out []Accepted
	for _, id := range req.IDs {
		t, err := find(result, id)
		if err != nil {
			return nil, err
		}
		entry, err := t.entry(req)
		if err != nil {
			return nil, err
		}
		out = append(out, entry)
	}
	if req.Print {
		return out, nil
	}
	if err := a.writeAccepted(out); err != nil {
		return nil, err
	}
	after, err := a.Check(ctx, req.Request)
	if err != nil {
		return nil, fmt.Errorf("parity.yaml is changed, and cannot be compared with: %w", err)
	}
	for i := range out {
		out[i].Left = out[i].counting(after)
	}
	return out, nil
}

// writeAccepted adds the entries to parity.yaml in one step.
func (a *App) writeAccepted(entries []Accepted) error {
	path := a.configPath()
	text, err := a.readConfig()
	if err != nil {
		return cannotRead(a.show(path), err)
	}
	for i := range entries {
		e := &entries[i]
		if text, e.Line, err = addToSection(text, e.Section, e.Lines); err != nil {
			return &parity.Error{Code: parity.CodeConfig, Where: a.show(path), What: "cannot be changed", Err: err, Hint: "add these lines to " + e.Section + ":\n" + e.Lines}
		}
	}
	if _, err := config.Load(a.show(path), text, a.sourceConfigs()); err != nil {
		return fmt.Errorf("parity.yaml with that in it would not load, so it is left as it was: %w", err)
	}
	return atomicfile.Replace(path, a.show(path), text, 0o644)
}

// counting counts the differences of the entry that count in a result.
func (e *Accepted) counting(r *parity.Result) int {
	n := 0
	for i := range r.Groups {
		for j := range r.Groups[i].Differences {
			if r.Groups[i].Counts && e.prints[r.Groups[i].Differences[j].Fingerprint] {
				n++
			}
		}
	}
	return n
}

// accepted is what an ID stands for.
type accepted struct {
	id          string
	differences []*parity.Difference
	proposal    *parity.Proposal
	compared    []string // all compared columns
}

// entry is the entry of parity.yaml.
func (t *accepted) entry(req AcceptRequest) (Accepted, error) {
	e := Accepted{Section: "expectations", Name: req.Name, Differences: len(t.differences), prints: map[string]bool{}}
	if e.Name == "" {
		e.Name = t.id
		if t.proposal == nil {
			e.Name = "accepted-" + t.id
		}
	}
	for _, d := range t.differences {
		e.prints[d.Fingerprint] = true
	}
	var err error
	switch {
	case req.Until != "":
		e.Section = "exceptions"
		e.Lines, err = propose.Lines(t.exception(e, req))
	case slices.ContainsFunc(t.differences, func(d *parity.Difference) bool { return d.Class == parity.Leak }):
		return e, &parity.Error{
			Code: parity.CodeUsage, Where: t.id, What: "holds a leak of one environment's own into another, which is never meant for good",
			Hint: "correct it, or accept it for a while with --until DATE --owner O --approver A",
		}
	case t.proposal != nil:
		p := t.proposal.Expectation
		p.Name, p.Reason = e.Name, req.Reason
		e.Lines, err = propose.Lines(p)
	default:
		e.Lines, err = propose.Lines(t.expectation(e.Name, req.Reason))
	}
	return e, err
}

func (t *accepted) exception(e Accepted, req AcceptRequest) any {
	return struct {
		Name         string   `yaml:"name"`
		Fingerprints []string `yaml:"fingerprints"`
		Environments []string `yaml:"environments,omitempty,flow"`
		Classes      []string `yaml:"classes,flow"`
		Reason       string   `yaml:"reason"`
		Owner        string   `yaml:"owner"`
		Approver     string   `yaml:"approver"`
		Expires      string   `yaml:"expires"`
	}{e.Name, slices.Sorted(maps.Keys(e.prints)), t.environments(), t.classes(), req.Reason, req.Owner, req.Approver, req.Until}
}

// expectation names each subject and path: what else the group may hold one day is
// not accepted.
func (t *accepted) expectation(name, reason string) parity.ProposedExpectation {
	e := parity.ProposedExpectation{Name: name, Classes: t.classes(), Environments: t.environments(), Reason: reason}
	for _, d := range t.differences {
		m := parity.ProposedMatch{
			Kind: literal(d.Subject.Kind), Scope: literal(d.Subject.Scope), Name: literal(d.Subject.Name), Path: literal(d.Path),
		}
		if !slices.Contains(e.Matches, m) {
			e.Matches = append(e.Matches, m)
		}
	}
	return e
}

// literal is a pattern of one text. A star has no spelling of its own in a
// pattern; a question mark is the narrowest that fits it.
func literal(s string) string { return strings.ReplaceAll(s, "*", "?") }

func (t *accepted) classes() []string {
	seen := map[string]bool{}
	for _, d := range t.differences {
		seen[d.Class.String()] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// environments are the columns that the differences are in; nil where these are
// all that were compared.
func (t *accepted) environments() []string {
	seen := map[string]bool{}
	for _, d := range t.differences {
		for _, c := range d.Columns {
			seen[c] = true
		}
	}
	if len(seen) == len(t.compared) {
		return nil
	}
	return slices.Sorted(maps.Keys(seen))
}

// minID is the shortest beginning of an ID that is taken for it.
const minID = 4

// find returns what an ID stands for in a result.
func find(r *parity.Result, id string) (*accepted, error) {
	t := &accepted{id: id}
	for _, e := range r.Environments {
		if !e.Reference {
			t.compared = append(t.compared, e.Name)
		}
	}
	if i := slices.IndexFunc(r.Proposals, func(p parity.Proposal) bool { return p.ID == id }); i >= 0 {
		t.proposal = &r.Proposals[i]
		t.take(r, func(_ *parity.Group, d *parity.Difference) bool {
			return slices.Contains(t.proposal.Fingerprints, d.Fingerprint)
		})
		return t, nil
	}
	begins := func(s string) bool { return s == id || len(id) >= minID && strings.HasPrefix(s, id) }
	groups, prints := map[string]bool{}, map[string]bool{}
	for i := range r.Groups {
		g := &r.Groups[i]
		if !g.Counts {
			continue
		}
		if begins(g.ID) {
			groups[g.ID] = true
		}
		for j := range g.Differences {
			if begins(g.Differences[j].Fingerprint) {
				prints[g.Differences[j].Fingerprint] = true
			}
		}
	}
	switch {
	case len(groups)+len(prints) > 1:
		all := slices.Concat(slices.Sorted(maps.Keys(groups)), slices.Sorted(maps.Keys(prints)))
		return nil, &parity.Error{Code: parity.CodeUsage, Where: id, What: "stands for more than one: " + strings.Join(all, ", "), Hint: "write more of it"}
	case len(groups)+len(prints) == 0:
		return nil, &parity.Error{Code: parity.CodeUsage, Where: id, What: "is no group, difference or proposal that counts here", Hint: "parity check shows the identifiers of groups, and parity check --output json=- all fingerprints"}
	}
	t.take(r, func(g *parity.Group, d *parity.Difference) bool { return groups[g.ID] || prints[d.Fingerprint] })
	t.id = slices.Concat(slices.Collect(maps.Keys(groups)), slices.Collect(maps.Keys(prints)))[0]
	return t, nil
}

func (t *accepted) take(r *parity.Result, which func(*parity.Group, *parity.Difference) bool) {
	for i := range r.Groups {
		g := &r.Groups[i]
		for j := range g.Differences {
			if d := &g.Differences[j]; g.Counts && which(g, d) {
				t.differences = append(t.differences, d)
			}
		}
	}
}
