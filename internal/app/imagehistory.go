package app

import (
	"context"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/policy"
)

// knownImages gathers what is known of images: from the snapshots that are
// compared, and from the files of earlier ones, one after another.
// One that is not authenticated is a gap of the column that it speaks of. cfg
// is nil without a project.
func (a *App) knownImages(ctx context.Context, now []*parity.Snapshot, patterns []string, cfg *config.Config) (*policy.Images, error) {
	images := policy.NewImages(now)
	files, err := a.matching(patterns)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, err := a.load(file, cfg)
		if err != nil {
			return nil, err
		}
		images.AddEarlier(s)
		doubt(now, s)
	}
	return images, nil
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
