package app

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/store"
)

// SnapshotExtension ends the name of a snapshot's file.
const SnapshotExtension = ".parity"

// Snapshot reads one environment of the project: "staging", or
// "production/eu" where it has instances. role narrows it to what is declared
// or to what runs; empty is as a comparison of environments sees it.
func (a *App) Snapshot(ctx context.Context, name string, role parity.Role) (*parity.Snapshot, error) {
	cfg, err := a.Config()
	if err != nil {
		return nil, err
	}
	column, err := columnNamed(cfg, name)
	if err != nil {
		return nil, err
	}
	root := a.root(ctx, cfg)
	defer root.Close()
	var p planned
	if role == "" {
		p, err = a.planColumn(column, cfg, Selection{}, root)
	} else {
		p, err = a.planSide(cfg, column, role, "", root, root)
	}
	if err != nil {
		return nil, err
	}
	r, err := a.redactor(cfg, true)
	if err != nil {
		return nil, err
	}
	w := newReading(&plan{columns: []planned{p}}, a.Progress)
	defer w.log(a.Log)
	return a.read(ctx, &p, root, r, w.begin)
}

// WriteSnapshot writes a snapshot of the project in its portable form, with a
// tag of the project's key if it has one that lasts.
func (a *App) WriteSnapshot(w io.Writer, s *parity.Snapshot) error {
	cfg, err := a.Config()
	if err != nil {
		return err
	}
	key, err := a.storeKey(cfg)
	if err != nil {
		return err
	}
	return store.WriteAuthentic(w, s, key)
}

func columnNamed(cfg *config.Config, name string) (config.ColumnConfig, error) {
	var names []string
	for _, c := range config.Columns(cfg) {
		if c.Column.String() == name {
			return c, nil
		}
		names = append(names, c.Column.String())
	}
	return config.ColumnConfig{}, &parity.Error{
		Code: parity.CodeUsage, What: fmt.Sprintf("%s has no environment %q", cfg.Path, name),
		Hint: "it has " + strings.Join(names, ", "),
	}
}
