package terraformconfig

import (
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/glob"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/tfconfig"
)

// unit is one thing to read: a root module, a unit of Terragrunt, or a file of
// variables.
type unit struct {
	place place.Place
	// name is the scope of its subjects, empty where it is the only one.
	name string
	what kindOfUnit
}

type kindOfUnit uint8

const (
	rootModule kindOfUnit = iota
	terragruntUnit
	variablesFile
)

// find gives what the path of the config stands for, sorted.
func (s *session) find(ctx context.Context) ([]unit, error) {
	p, err := s.in.Root.Resolve(s.cfg.Path)
	if err == nil {
		if info, statErr := fs.Stat(p.FS, p.Path); statErr == nil && !info.IsDir() {
			return []unit{{place: p, what: variablesFile}}, nil
		} else if statErr == nil {
			if what, ok := directoryKind(p.FS, p.Path); ok && what != variablesFile {
				return []unit{{place: p, what: what}}, nil
			}
		}
	}
	files, err := s.files(ctx)
	if err != nil {
		return nil, err
	}
	units := unitsOf(files)
	units = withoutCalled(units)
	switch {
	case len(units) == 0:
		return nil, &parity.Error{Code: parity.CodeConfig, Where: s.cfg.Path, What: "there is no configuration of Terraform", Hint: "name a directory with *.tf, *.tofu, *.tfvars or terragrunt.hcl files"}
	case len(units) == 1 && units[0].what != variablesFile:
		units[0].name = ""
	}
	return units, nil
}

// files lists the files of configurations that the path stands for.
func (s *session) files(ctx context.Context) ([]glob.File, error) {
	wanted := func(name string) bool {
		base := path.Base(name)
		return tfconfig.IsSource(base) || tfconfig.IsVariables(base) || base == tfconfig.TerragruntFile
	}
	files, err := glob.Find(ctx, s.in.Root, s.cfg.Path, wanted)
	var known *parity.Error
	if strings.ContainsAny(s.cfg.Path, "*?[{") && (err == nil || errors.As(err, &known)) {
		// A pattern of directories stands for the files below them.
		below, belowErr := glob.Find(ctx, s.in.Root, strings.TrimSuffix(s.cfg.Path, "/")+"/**", wanted)
		if belowErr == nil {
			files, err = append(files, below...), nil
		}
	}
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(files, func(f glob.File) bool {
		return !wanted(f.Place.Path) || strings.Contains(f.Place.Path, "/.terra") || strings.HasPrefix(f.Place.Path, ".terra")
	}), nil
}

// directoryKind says what a directory itself is.
func directoryKind(fsys fs.FS, dir string) (what kindOfUnit, ok bool) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return 0, false
	}
	for _, e := range entries {
		switch name := e.Name(); {
		case e.IsDir():
		case tfconfig.IsSource(name):
			return rootModule, true
		case name == tfconfig.TerragruntFile:
			what, ok = terragruntUnit, true
		case tfconfig.IsVariables(name) && !ok:
			what, ok = variablesFile, true
		}
	}
	return what, ok
}

// unitsOf makes units of files: a directory with *.tf is a root module, one with
// terragrunt.hcl a unit, and of one with nothing but variables each file.
func unitsOf(files []glob.File) []unit {
	byDir := map[string][]glob.File{}
	var dirs []string
	for _, f := range files {
		dir := path.Dir(f.Place.Path)
		if byDir[dir] == nil {
			dirs = append(dirs, dir)
		}
		if !slices.ContainsFunc(byDir[dir], func(g glob.File) bool { return g.Place.Path == f.Place.Path }) {
			byDir[dir] = append(byDir[dir], f)
		}
	}
	slices.Sort(dirs)
	var units []unit
	for _, dir := range dirs {
		f := byDir[dir][0]
		what, _ := directoryKind(f.Place.FS, dir)
		if what != variablesFile {
			units = append(units, unit{place.Place{FS: f.Place.FS, Path: dir, Display: f.Place.Display}, path.Dir(f.Name), what})
			continue
		}
		for _, f := range byDir[dir] {
			units = append(units, unit{f.Place, strings.TrimPrefix(path.Dir(f.Name), "."), variablesFile})
		}
	}
	return units
}

// withoutCalled leaves out the modules that another module of the same path calls,
// and the files of Terragrunt that others include.
func withoutCalled(units []unit) []unit {
	called := map[string]bool{}
	for _, u := range units {
		if u.what == variablesFile {
			continue
		}
		for _, dir := range tfconfig.Calls(u.place.FS, u.place.Path) {
			called[dir] = true
		}
	}
	return slices.DeleteFunc(units, func(u unit) bool {
		if u.what == terragruntUnit {
			return !tfconfig.IsUnit(u.place.FS, u.place.Path) || called[u.place.Path]
		}
		return u.what == rootModule && called[u.place.Path]
	})
}

// varFiles lists the files of variables that the config names for a root module.
// Where a name has $MODULE and no such file is there, the module is not of the
// environment: ok is false.
func (s *session) varFiles(ctx context.Context, u unit) (out []string, ok bool) {
	asked, found := false, false
	for _, pattern := range s.cfg.VarFiles {
		own := strings.Contains(pattern, "$MODULE")
		asked = asked || own
		pattern = strings.ReplaceAll(pattern, "$MODULE", path.Base(u.place.Path))
		files, err := glob.Find(ctx, s.in.Root, pattern, tfconfig.IsVariables)
		missing := errors.Is(err, fs.ErrNotExist)
		if err != nil && !(own && missing) {
			s.out.Gap(gapOf(u, pattern, err))
		}
		for _, f := range files {
			out, found = append(out, f.Place.Path), found || own
		}
	}
	return out, found || !asked
}

// gapOf is a gap over all that a unit could have said.
func gapOf(u unit, where string, err error) parity.Gap {
	g := parity.Gap{Reason: err.Error(), Where: where, Hint: parity.HintOf(err)}
	var e *parity.Error
	if errors.As(err, &e) {
		g.Reason = e.What
		if e.Err != nil {
			g.Reason += ": " + e.Err.Error()
		}
	}
	if u.name != "" {
		g.Scope = parity.LiteralPattern(u.name) + "*"
	}
	return g
}
