package manifests

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// git yields directories or files of the repository.
func (a *appSet) git(g map[string]any, _ int) ([]params, error) {
	if !a.s.isOwn(textAt(g, "repoURL")) {
		return nil, &ungenerated{
			"it makes one for each directory or file of another repository, which is not fetched",
			"point Parity at that repository, or declare what it holds here",
		}
	}
	var all []params
	var err error
	if len(listAt(g, "directories")) > 0 {
		all = a.gitDirectories(g)
	} else {
		all, err = a.gitFiles(g)
	}
	if err != nil || len(all) > maxGenerated {
		return nil, errors.Join(err, tooMany(all))
	}
	return a.withValues(all, tableAt(g, "values"))
}

// gitDirectories yields the directories that a pattern fits and none that
// excludes.
func (a *appSet) gitDirectories(g map[string]any) []params {
	var all []params
	for _, rel := range a.below(true) {
		if wanted(listAt(g, "directories"), func(pattern string) bool {
			ok, err := path.Match(strings.TrimSuffix(pattern, "/"), rel)
			return ok && err == nil
		}) && len(all) <= maxGenerated {
			p := params{}
			a.addPath(p, textAt(g, "pathParamPrefix"), rel, "")
			all = append(all, p)
		}
	}
	return all
}

// wanted reports whether one of the patterns fits, and none of those that
// exclude.
func wanted(patterns []any, fits func(pattern string) bool) bool {
	in := false
	for _, item := range patterns {
		m, _ := item.(map[string]any)
		if !fits(textAt(m, "path")) {
			continue
		}
		if out, _ := m["exclude"].(bool); out {
			return false
		}
		in = true
	}
	return in
}

// gitFiles yields what the files hold that a pattern fits.
func (a *appSet) gitFiles(g map[string]any) ([]params, error) {
	var all []params
	for _, rel := range a.below(false) {
		if !wanted(listAt(g, "files"), func(pattern string) bool {
			// A star stands for slashes too, as in git's own patterns.
			return fitsAny(alternatives(strings.ReplaceAll(pattern, "**/", "*")), rel) || fitsAny(alternatives(pattern), rel)
		}) {
			continue
		}
		found, err := a.gitFile(rel)
		if err != nil {
			return nil, err
		}
		for _, object := range found {
			p := params{}
			if a.goTemplate {
				for k, v := range object {
					p[k] = v
				}
			} else {
				flatten(p, "", object)
			}
			a.addPath(p, textAt(g, "pathParamPrefix"), path.Dir(rel), path.Base(rel))
			all = append(all, p)
		}
		if len(all) > maxGenerated {
			return nil, errTooMany
		}
	}
	return all, nil
}

// gitFile reads a file of parameters, which holds a map or a list of maps.
func (a *appSet) gitFile(rel string) ([]map[string]any, error) {
	at, ok := a.s.inRepository(rel)
	if !ok {
		return nil, &ungenerated{"a file of its parameters is outside of the repository", ""}
	}
	var found []map[string]any
	err := a.s.documents(at, func(n *doc.Node, index int) error {
		switch v := plainWhole(n).(type) {
		case map[string]any:
			found = append(found, v)
		case []any:
			for _, item := range v {
				if m, ok := item.(map[string]any); ok {
					found = append(found, m)
				}
			}
		}
		return a.s.ctx.Err()
	})
	if err != nil {
		return nil, &ungenerated{"the file of its parameters " + a.s.place.Display(at) + " cannot be read", "repair the file"}
	}
	return found, nil
}

// flatten writes a tree of values as texts by dotted names.
func flatten(p params, prefix string, v any) {
	name := func(k string) string {
		if prefix == "" {
			return k
		}
		return prefix + "." + k
	}
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			flatten(p, name(k), x)
		}
	case []any:
		for i, x := range v {
			flatten(p, name(strconv.Itoa(i)), x)
		}
	default:
		p[prefix] = fmt.Sprint(v)
	}
}

// addPath adds what a generator of git says of a path: a directory and, where it
// yields files, the name of one.
func (a *appSet) addPath(p params, prefix, dir, file string) {
	segments := strings.Split(dir, "/")
	if a.goTemplate {
		all := make([]any, len(segments))
		for i, s := range segments {
			all[i] = s
		}
		of := map[string]any{"path": dir, "basename": path.Base(dir), "basenameNormalized": normalized(path.Base(dir)), "segments": all}
		if file != "" {
			of["filename"], of["filenameNormalized"] = file, normalized(file)
		}
		if prefix != "" {
			p[prefix] = map[string]any{"path": of}
		} else {
			p["path"] = of
		}
		return
	}
	name := "path"
	if prefix != "" {
		name = prefix + ".path"
	}
	p[name], p[name+".basename"], p[name+".basenameNormalized"] = dir, path.Base(dir), normalized(path.Base(dir))
	if file != "" {
		p[name+".filename"], p[name+".filenameNormalized"] = file, normalized(file)
	}
	for i, s := range segments {
		p[name+"["+strconv.Itoa(i)+"]"] = s
	}
}

var (
	notInNames = regexp.MustCompile("[^-a-z0-9.]")
	notInSlugs = regexp.MustCompile("[^a-z0-9]+")
)

// normalized writes a text so that it can be a name.
func normalized(name string) string {
	name = notInNames.ReplaceAllString(strings.ToLower(name), "-")
	return strings.Trim(name[:min(len(name), 253)], "-.")
}

// below lists the directories of the repository, or its files of parameters, by
// their paths in it.
func (a *appSet) below(dirs bool) []string {
	var found []string
	top := a.s.top()
	var visit func(dir, rel string, depth int)
	visit = func(dir, rel string, depth int) {
		entries, err := fs.ReadDir(a.s.place.FS, dir)
		if err != nil || len(found) > maxSearchedFiles || a.s.ctx.Err() != nil {
			return
		}
		for _, e := range entries {
			below := path.Join(rel, e.Name())
			switch {
			case e.IsDir() && !hidden(e.Name()) && depth < maxTreeDepth:
				if dirs {
					found = append(found, below)
				}
				visit(path.Join(dir, e.Name()), below, depth+1)
			case !dirs && e.Type().IsRegular() && isManifestName(e.Name()):
				found = append(found, below)
			}
		}
	}
	visit(top, "", 0)
	slices.Sort(found)
	return found
}
