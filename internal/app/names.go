package app

import (
	"path"
	"strconv"
	"strings"

	"github.com/envparity/parity/internal/discover"
)

// EnvironmentNames gives each path that a person compares the name of its
// environment: the part of the path that tells it from the others, and a word
// for an environment rather than any other. The names are unique and in the
// order of the paths.
//
//	deploy/overlays/staging deploy/overlays/production -> staging production
//	values-staging.yaml values-production.yaml         -> staging production
//	git:main:deploy git:HEAD:deploy                    -> main HEAD
func EnvironmentNames(paths []string) []string {
	if len(paths) == 0 {
		return nil
	}
	split := make([][]string, len(paths))
	for i, p := range paths {
		split[i] = segments(p)
	}
	for _, choose := range []func([][]string) []string{wordNames, lastNames, joinedNames} {
		if names := choose(distinguishing(split)); unique(names) {
			return names
		}
	}
	return numbered(split)
}

// segments takes a path apart: the revision first where it has one, and the
// last segment without the extension that says only its format.
func segments(p string) []string {
	var out []string
	if rest, ok := strings.CutPrefix(p, "git:"); ok {
		rev, file, _ := strings.Cut(rest, ":")
		out, p = append(out, rev), file
	}
	for _, s := range strings.Split(path.Clean(strings.ReplaceAll(p, "\\", "/")), "/") {
		if s != "" && s != "." {
			out = append(out, s)
		}
	}
	if n := len(out); n > 0 {
		out[n-1] = stem(out[n-1])
	}
	return out
}

// formats are the extensions that say how a file is written, not what it is.
var formats = map[string]bool{
	".yaml": true, ".yml": true, ".json": true, ".toml": true, ".ini": true,
	".properties": true, ".env": true, ".gz": true, ".zst": true,
	".parity": true, ".snapshot": true, ".txt": true, ".conf": true, ".cfg": true,
}

func stem(file string) string {
	for {
		ext := strings.ToLower(path.Ext(file))
		if !formats[ext] || len(ext) == len(file) {
			return file
		}
		file = file[:len(file)-len(ext)]
	}
}

// distinguishing drops the segments that all paths begin and end with, but
// leaves each at least one.
func distinguishing(paths [][]string) [][]string {
	lead, trail := common(paths)
	out := make([][]string, len(paths))
	for i, p := range paths {
		out[i] = p[lead : len(p)-trail]
		if len(out[i]) == 0 && len(p) > 0 {
			out[i] = p[len(p)-1:]
		}
	}
	return out
}

// common counts the items that all lists begin with, and those of what is left
// that all end with.
func common(lists [][]string) (lead, trail int) {
	shortest := len(lists[0])
	for _, l := range lists {
		shortest = min(shortest, len(l))
	}
	same := func(at func(l []string) string) bool {
		for _, l := range lists {
			if at(l) != at(lists[0]) {
				return false
			}
		}
		return true
	}
	for lead < shortest && same(func(l []string) string { return l[lead] }) {
		lead++
	}
	for trail < shortest-lead && same(func(l []string) string { return l[len(l)-1-trail] }) {
		trail++
	}
	return lead, trail
}

// wordNames takes the word for an environment out of each path. A path
// without one makes all names empty, and so not unique.
func wordNames(paths [][]string) []string {
	names := make([]string, len(paths))
	for i, p := range paths {
		for _, s := range p {
			for _, token := range tokens(s) {
				if discover.IsWord(token) {
					names[i] = token
				}
			}
		}
	}
	return names
}

// lastNames takes the last segment of each path, without the tokens that all
// of them begin or end with.
func lastNames(paths [][]string) []string {
	lists := make([][]string, len(paths))
	for i, p := range paths {
		if len(p) > 0 {
			lists[i] = tokens(p[len(p)-1])
		}
	}
	lead, trail := common(lists)
	names := make([]string, len(paths))
	for i, l := range lists {
		if lead+trail < len(l) {
			names[i] = strings.Join(l[lead:len(l)-trail], "-")
		} else if len(paths[i]) > 0 {
			names[i] = paths[i][len(paths[i])-1]
		}
	}
	return names
}

func joinedNames(paths [][]string) []string {
	names := make([]string, len(paths))
	for i, p := range paths {
		names[i] = strings.Join(p, "-")
	}
	return names
}

// numbered tells equal paths apart by their position, from 1.
func numbered(paths [][]string) []string {
	names := make([]string, len(paths))
	for i, p := range paths {
		name := "environment"
		if len(p) > 0 {
			name = p[len(p)-1]
		}
		names[i] = name + "-" + strconv.Itoa(i+1)
	}
	return names
}

func tokens(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == '-' || r == '_' || r == '.' })
}

// unique reports whether no name is empty or used twice.
func unique(names []string) bool {
	seen := make(map[string]bool, len(names))
	for _, n := range names {
		if n == "" || seen[n] {
			return false
		}
		seen[n] = true
	}
	return true
}
