package ansible

import (
	"context"
	"io/fs"
	"path"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/surface"
)

// Config is a source of an inventory of Ansible.
type Config struct {
	Inventory []string `yaml:"inventory" required:"true" doc:"Files or directories of the inventory in order, relative to the project, or git:REV:path. group_vars and host_vars beside them are read."`
	Vars      []string `yaml:"vars" doc:"Directories whose group_vars and host_vars are laid over those of the inventory, as those beside a playbook are."`
}

// Format is the format of inventories.
const Format = "ansible"

// The kinds of subjects.
const (
	GroupKind = "ansible-group"
	HostKind  = "ansible-host"
)

// New makes the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:      "ansible",
		Summary:   "Reads inventories of Ansible: groups, hosts, and their variables as Ansible merges them.",
		Doc:       page,
		FilesOnly: true,
		Role:      parity.Desired,
		Format:    Format,
		Complete:  true,
		Kinds: []kinds.Kind{
			{Name: GroupKind, Format: Format, Rank: kinds.RankLead, Settings: true, Surfaces: surface.Common()},
			{Name: HostKind, Format: Format, Surfaces: surface.Common()},
		},
		Surfaces: []parity.Surface{
			parity.Artifact, parity.Config, parity.Secrets, parity.Resource, parity.Network, parity.IdentitySurface,
			parity.Dependency, parity.Telemetry, parity.Flag, parity.Data, parity.Platform, parity.Delivery, parity.Security,
		},
		Detect:   detect,
		FromPath: func(path string) any { return &Config{Inventory: []string{path}} },
	}, collect)
}

// detect knows a directory of an inventory, and files called so that have
// group_vars beside them.
func detect(p place.Place) int {
	info, err := fs.Stat(p.FS, p.Path)
	if err != nil {
		return 0
	}
	dir, name := p.Path, ""
	if !info.IsDir() {
		dir, name = path.Dir(p.Path), path.Base(p.Path)
	}
	if !isDir(p.FS, path.Join(dir, "group_vars")) && !isDir(p.FS, path.Join(dir, "host_vars")) {
		return 0
	}
	if name != "" {
		if strings.HasPrefix(name, "hosts") || strings.HasPrefix(name, "inventory") {
			return 80
		}
		return 0
	}
	entries, _ := fs.ReadDir(p.FS, dir)
	for _, e := range entries {
		if stem, _, _ := strings.Cut(e.Name(), "."); !e.IsDir() && (stem == "hosts" || stem == "inventory") {
			return 65
		}
	}
	return 0
}

func isDir(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	return err == nil && info.IsDir()
}

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	if len(cfg.Inventory) == 0 {
		return &parity.Error{Code: parity.CodeConfig, What: "the source names no inventory", Hint: "name a file or directory under inventory"}
	}
	s := &session{in: in, out: out, inv: newInventory(), origins: map[string]*parity.Origin{}}
	var dirs []place.Place
	for _, name := range cfg.Inventory {
		p, err := in.Root.Resolve(name)
		if err != nil {
			return err
		}
		info, err := fs.Stat(p.FS, p.Path)
		if err != nil {
			s.gap(place.Place{FS: p.FS, Path: p.Path, Display: p.Display}, parity.Gap{}, err)
			continue
		}
		dir := p
		if !info.IsDir() {
			dir.Path = path.Dir(p.Path)
			s.file(ctx, p)
		} else {
			s.directory(ctx, p)
		}
		dirs = append(dirs, dir)
	}
	for _, name := range cfg.Vars {
		p, err := in.Root.Resolve(name)
		if err != nil {
			return err
		}
		dirs = append(dirs, p)
	}
	if err := s.inv.ungrouped(); err != nil {
		return &parity.Error{Code: parity.CodeConfig, What: err.Error()}
	}
	s.inv.settle()
	for _, dir := range dirs {
		s.variables(ctx, dir)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.emit()
	return nil
}
