package app

import (
	"context"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/policy"
)

// earlierRuns is what earlier runs tell.
type earlierRuns struct {
	images *policy.Images
	// columns are what the columns that have gaps held in an earlier run, by
	// Column.String: how much a gap may hide.
	columns map[string]*parity.Snapshot
}

// remembered gathers what earlier runs tell: the snapshots of --history, read one
// after another, and what the project's cache kept of sources. An earlier
// snapshot that is not authenticated is a gap of the column that it speaks of.
// cfg is nil without a project.
func (a *App) remembered(ctx context.Context, s *session, patterns []string, cfg *config.Config) (earlierRuns, error) {
	p := earlierRuns{images: policy.NewImages(s.snapshots), columns: map[string]*parity.Snapshot{}}
	for i, now := range s.snapshots {
		if kept := s.plan.columns[i].kept(); kept != nil && len(now.Gaps) > 0 {
			p.columns[now.Column.String()] = kept
		}
	}
	files, err := a.matching(patterns)
	if err != nil {
		return earlierRuns{}, err
	}
	latest := map[string]bool{} // columns whose entry is of a snapshot's file
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return earlierRuns{}, err
		}
		earlier, err := a.load(file, cfg)
		if err != nil {
			return earlierRuns{}, err
		}
		p.images.AddEarlier(earlier)
		name := earlier.Column.String()
		if hasGaps(s.snapshots, name) && (!latest[name] || earlier.Time.After(p.columns[name].Time)) {
			p.columns[name], latest[name] = earlier, true
		}
		doubt(s.snapshots, earlier)
	}
	return p, nil
}

func hasGaps(now []*parity.Snapshot, column string) bool {
	for _, s := range now {
		if s.Column.String() == column && len(s.Gaps) > 0 {
			return true
		}
	}
	return false
}

// kept is what the cache kept of the column's tracked sources, whether or not
// they are still so; nil where it kept nothing.
func (p *planned) kept() *parity.Snapshot {
	if p.cache == nil {
		return nil
	}
	var out *parity.Snapshot
	for i := range p.sources {
		s := &p.sources[i]
		if !s.Tracked() {
			continue
		}
		print := p.cache.fingerprint(p, s)
		if print == "" {
			continue
		}
		if part := p.cache.part(p, s, print); part != nil {
			if out == nil {
				out = &parity.Snapshot{Column: p.column}
			}
			out.Subjects = append(out.Subjects, part.Subjects...)
		}
	}
	return out
}

// doubt gives the column that an earlier snapshot speaks of the gap that says
// that the snapshot is not authenticated.
func doubt(now []*parity.Snapshot, earlier *parity.Snapshot) {
	for _, s := range now {
		if s.Column.String() != earlier.Column.String() {
			continue
		}
		s.Gaps = append(s.Gaps, doubts(earlier)...)
	}
}
