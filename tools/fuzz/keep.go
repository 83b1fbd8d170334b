package main

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// maxKept is the size in bytes above which an input is not kept.
const maxKept = 2 << 10

// keepInputs copies the shortest interesting inputs of a target into the
// testdata of its package, up to keep files in all.
func (s *session) keepInputs(t target) error {
	into := filepath.Join(t.dir, "testdata", "fuzz", t.name)
	have, err := os.ReadDir(into)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(have) >= s.keep {
		return nil
	}
	from := filepath.Join(s.inputs(t), t.name)
	found, err := os.ReadDir(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	type input struct {
		name string
		size int64
	}
	var inputs []input
	for _, f := range found {
		if info, err := f.Info(); err == nil && info.Size() <= maxKept {
			inputs = append(inputs, input{f.Name(), info.Size()})
		}
	}
	slices.SortFunc(inputs, func(a, b input) int { return cmp.Or(cmp.Compare(a.size, b.size), cmp.Compare(a.name, b.name)) })
	if err := os.MkdirAll(into, 0o755); err != nil {
		return err
	}
	for _, in := range inputs[:min(len(inputs), s.keep-len(have))] {
		text, err := os.ReadFile(filepath.Join(from, in.name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(into, in.name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}
