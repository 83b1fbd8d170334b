package app

import (
	"context"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/policy"
)

// knownImages gathers what is known of images: from the snapshots that are
// compared, and from the files of earlier ones, one after another.
func (a *App) knownImages(ctx context.Context, now []*parity.Snapshot, patterns []string) (*policy.Images, error) {
	images := policy.NewImages(now)
	files, err := a.matching(patterns)
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s, err := a.load(file)
		if err != nil {
			return nil, err
		}
		images.AddEarlier(s)
	}
	return images, nil
}
