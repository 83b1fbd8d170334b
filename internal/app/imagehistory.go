package app

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/policy"
)

// knownImages gathers what is known of images: from the snapshots that are
// compared, and from the files of earlier ones, one after another.
func (a *App) knownImages(ctx context.Context, now []*parity.Snapshot, patterns []string) (*policy.Images, error) {
	images := policy.NewImages(now)
	files, err := a.earlierFiles(patterns)
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

// earlierFiles finds the files that patterns name, each once.
func (a *App) earlierFiles(patterns []string) ([]string, error) {
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
		files = append(files, found...)
	}
	slices.Sort(files)
	return slices.Compact(files), nil
}
