package discover

import (
	"path"
	"strings"
)

// place is something in the repository that may be one environment's: a file,
// or a directory, that a layout knows how to read.
type place struct {
	layout *layout
	// path is the file or directory.
	path string
	// segs are the names that lead to it. Where it is a file, the last one is
	// what the layout leaves of the file's name: "prod" of "values-prod.yaml".
	segs []string
	// affix is what the layout took off the last name.
	affix string
	// dir reports that the place is a directory: a source reads the directory
	// that the environment's name cuts out of the path, and all below it.
	dir bool
	// targets are what the place varies: a base, a chart. Places with a common
	// target declare the same things.
	targets []string
	// keys are what the file sets at its top, to tell whether two are alike.
	keys []string
	// alone reports that the place counts where its layout has no other one for
	// the same environment.
	alone bool
	// source reads the place. cut is the number of segs to the environment's
	// name, or its instance's, and stem what is left of the last name without
	// them.
	source func(r reader) (Source, bool)
}

// reader is what a place is read for.
type reader struct {
	dir    string // the directory that is read, for places that are directories
	common string // the file's directory without the environment
	stem   string // what is left of the file's name without the environment
	class  string // of the environment
	named  bool   // the file's own name says whose it is
}

// layout is one way to lay out environments.
type layout struct {
	name string
	// find lists the places.
	find func(inv *inventory) []place
	// additions reports that a file under an unknown word is an addition to
	// the others as often as an environment.
	additions bool
	// collector is the one that the layout needs, where it may not be there.
	collector string
}

// layouts are the ways that are known. The first one that reads a place
// decides what reads it.
func layouts() []*layout {
	return []*layout{
		{name: "manifests", find: manifestPlaces},
		{name: "helmfile", find: helmfilePlaces, collector: "helmfile"},
		{name: "values", find: valuesPlaces},
		{name: "compose", find: composePlaces, additions: true},
		{name: "dotenv", find: dotenvPlaces},
		{name: "terraform", find: terraformPlaces, collector: "terraform-config"},
		{name: "settings", find: settingsPlaces, additions: true},
	}
}

// split takes a path apart.
func split(at string) []string {
	if at == "." || at == "" {
		return nil
	}
	return strings.Split(at, "/")
}

// literal makes a pattern of a path, for a collector that takes patterns.
func literal(at string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`*?[]{}\`, r) {
			return '?'
		}
		return r
	}, at)
}

// named adds what all environments call the source's subject; the empty name
// adds nothing.
func (s Source) named(name string) Source {
	if name != "" && name != "." {
		s.Keys = append(s.Keys, Key{Name: "name", Text: name})
	}
	return s
}

// leafPlace is a file whose name, without what the layout knows, is rest.
func leafPlace(l string, at, rest, affix string) place {
	return place{path: at, segs: append(split(path.Dir(at)), rest), affix: l + " " + affix}
}
