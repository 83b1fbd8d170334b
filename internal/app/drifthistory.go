package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/drift"
	"github.com/envparity/parity/internal/store"
)

// past are the files of an instance's earlier snapshots, and what could not be
// read among them.
type past struct {
	files []string
	gaps  []parity.Gap
}

// history sorts the files of earlier snapshots by instance. Files are read one
// after another, so that no more than one is in memory; here each is read once
// to see whose it is.
func (a *App) history(req DriftRequest, p *plan) (map[string]past, error) {
	out := map[string]past{}
	if len(req.History) == 0 {
		return out, nil
	}
	files, err := a.matching(req.History)
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	environment := p.columns[0].column.Environment
	for i := range p.columns {
		wanted[p.columns[i].column.String()] = true
	}
	var broken []parity.Gap
	for _, file := range files {
		a.Progress("reading " + file)
		s, err := a.load(file, p.cfg)
		if errors.Is(err, store.ErrForged) {
			return nil, err
		}
		if err != nil {
			broken = append(broken, unreadable(file, err))
			continue
		}
		name := s.Column.String()
		switch {
		case s.Column.Role == parity.Desired:
			return nil, &parity.Error{
				Code: parity.CodeUsage, Where: file, What: "the snapshot is of what is declared, not of what runs",
				Hint: "history is made of snapshots of the live side",
			}
		case wanted[name]:
			x := out[name]
			x.files = append(x.files, file)
			out[name] = x
		case s.Column.Environment != environment:
			return nil, &parity.Error{
				Code: parity.CodeUsage, Where: file, What: fmt.Sprintf("the snapshot is of %s, not of %s", name, req.Environment),
				Hint: "narrow --history to the snapshots of " + req.Environment,
			}
		}
	}
	for name := range wanted {
		x := out[name]
		x.gaps = broken
		out[name] = x
	}
	return out, nil
}

// unreadable is the gap of a snapshot's file that cannot be read.
func unreadable(file string, err error) parity.Gap {
	g := parity.Gap{Source: file, Reason: err.Error(), Where: file, Hint: parity.HintOf(err)}
	var e *parity.Error
	if errors.As(err, &e) && e.Err != nil {
		g.Reason = e.What + ": " + e.Err.Error()
	}
	return g
}

// doubts are the gaps that say that a snapshot is not authenticated.
func doubts(s *parity.Snapshot) []parity.Gap {
	return slices.DeleteFunc(slices.Clone(s.Gaps), func(g parity.Gap) bool { return g.Hides != parity.HidesNothing })
}

// matching finds the files that patterns name, each once.
func (a *App) matching(patterns []string) ([]string, error) {
	var files []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(a.abs(pattern))
		if err != nil {
			return nil, &parity.Error{Code: parity.CodeUsage, What: fmt.Sprintf("%q is no pattern of files", pattern), Err: err}
		}
		if len(found) == 0 {
			return nil, &parity.Error{
				Code: parity.CodeUsage, What: fmt.Sprintf("no file matches %q", pattern),
				Hint: "parity snapshot ENVIRONMENT writes what history is made of",
			}
		}
		for _, f := range found {
			files = append(files, a.show(f))
		}
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}

// follow compares every earlier snapshot with the desired side of today.
func follow(ctx context.Context, now *parity.DriftInstance, desired *parity.Snapshot, p past, load func(string) (*parity.Snapshot, error), opts drift.Options) (*parity.DriftHistory, error) {
	var earlier []*parity.DriftInstance
	gaps := slices.Clone(p.gaps)
	seen := map[string]bool{now.Live.Time.String() + now.Live.Snapshot: true}
	for _, file := range p.files {
		s, err := load(file)
		if err != nil {
			gaps = append(gaps, unreadable(file, err))
			continue
		}
		id := s.Time.String() + s.Digest
		switch {
		case seen[id]:
			continue
		case !s.Time.Before(now.Live.Time):
			gaps = append(gaps, parity.Gap{Source: file, Reason: "the snapshot is not earlier than what is compared", Where: file})
			continue
		}
		seen[id] = true
		gaps = append(gaps, doubts(s)...)
		x, err := drift.Run(ctx, desired, s, opts)
		if err != nil {
			return nil, err
		}
		earlier = append(earlier, drift.Shot(x))
	}
	h := drift.Follow(now, earlier)
	h.Gaps = append(h.Gaps, gaps...)
	return h, nil
}
