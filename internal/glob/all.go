package glob

import (
	"context"

	"github.com/envparity/parity/internal/place"
)

// FindAll gives the files that several paths of a config stand for, in their
// order. What is wrong with one of them is told, and the others are looked at.
// It stops early where the context is done.
func FindAll(ctx context.Context, root place.Root, patterns []string, wanted func(name string) bool, failed func(pattern string, err error)) []File {
	var files []File
	for _, pattern := range patterns {
		found, err := Find(ctx, root, pattern, wanted)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			failed(pattern, err)
		}
		files = append(files, found...)
	}
	return files
}
