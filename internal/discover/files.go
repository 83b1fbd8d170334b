package discover

import (
	"path"
	"slices"
	"strings"
)

// files looks at the files of a directory that is not one environment's: those
// whose names tell of one.
func (f *finder) files(dir string, files []string) {
	f.compose(dir, files)
	base := slices.Contains(files, ".env")
	for _, name := range files {
		at := path.Join(dir, name)
		env, ok := environmentIn(strings.TrimSuffix(name, path.Ext(name)))
		if isDotenv(name) {
			env, ok = environmentIn(strings.TrimSuffix(name, ".env"))
		}
		switch _, isCompose := composeRest(name); {
		case isCompose:
		case strings.HasPrefix(name, "helmfile.y"):
			f.note(at + " was left out: it is a program; the exec collector reads what helmfile template writes for an environment.")
		case !ok:
		case isDotenv(name):
			f.dotenv(dir, name, env, base)
		case isValues(name):
			f.addValues(at, dir, env.rest, env)
		case f.isManifest(at) && !isKustomization(name):
			f.single(at, dir, manifests, env, Source{Collector: "kubernetes-manifests", Keys: []Key{{Name: "path", Text: at}}})
		case isYAML(name) && env.rest == "" && f.inChart(dir):
			f.addValues(at, dir, "", env)
		case isSettings(name):
			f.single(at, dir, settings, env, settingsSource([]string{literal(at)}, commonPath(dir, env.rest, path.Ext(name))))
		}
	}
}

func (f *finder) note(text string) { f.notes = append(f.notes, text) }

// single adds a file that is one environment's by its name.
func (f *finder) single(at, dir string, form form, env spelled, s Source) {
	f.add(candidate{
		env: env, form: form, path: at, family: dir + " " + s.Collector + " " + familyOf(env) + path.Ext(at), source: s,
	})
}

// settingsSource reads settings files; name is what all environments call
// them, and may be empty.
func settingsSource(paths []string, name string) Source {
	s := Source{Collector: "files", Keys: []Key{{Name: "paths", List: paths}}}
	return s.named(name)
}

// named adds what all environments call the source's subject; the empty name
// adds nothing.
func (s Source) named(name string) Source {
	if name != "" {
		s.Keys = append(s.Keys, Key{Name: "name", Text: name})
	}
	return s
}

// commonPath is a path without what tells of an environment: what is the same
// in all of them. Empty at the top.
func commonPath(dir, rest, ext string) string {
	if rest == "" {
		ext = ""
	}
	if p := path.Join(dir, rest+ext); p != "." {
		return p
	}
	return ""
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

// dotenv adds a dotenv file, over the .env beside it that all environments
// share.
func (f *finder) dotenv(dir, name string, env spelled, base bool) {
	list := []string{path.Join(dir, name)}
	if base && strings.HasPrefix(name, ".env.") {
		list = []string{path.Join(dir, ".env"), list[0]}
	}
	f.add(candidate{
		env: env, form: dotenv, path: list[len(list)-1], family: dir + " dotenv " + familyOf(env), keep: true,
		source: dotenvSource(list, commonPath(dir, dotenvStem(familyOf(env)), "")),
	})
}

func dotenvSource(files []string, name string) Source {
	s := Source{Collector: "dotenv", Keys: []Key{{Name: "files", List: files}}}
	return s.named(name)
}

// dotenvStem takes the ".env" off a name that begins with it.
func dotenvStem(rest string) string {
	return strings.Trim(strings.TrimPrefix("-"+rest, "-env"), "-")
}

// aside are directories whose Compose files serve something else than the
// project's own environment.
var aside = []string{"test", "ci", "hack", "scripts", "tools"}

// compose adds the Compose files of a directory: one environment for each that
// is named after one, over the common file; and the common file with its
// override for whoever works there.
func (f *finder) compose(dir string, files []string) {
	var base, override []string
	for _, name := range files {
		switch rest, ok := composeRest(name); {
		case ok && rest == "" && len(base) == 0:
			base = []string{path.Join(dir, name)}
		case ok && rest == "override" && len(override) == 0:
			override = []string{path.Join(dir, name)}
		}
	}
	for _, name := range files {
		rest, ok := composeRest(name)
		env, named := environmentIn(rest)
		if !ok || !named {
			continue
		}
		at := path.Join(dir, name)
		f.add(candidate{
			env: env, form: composed, path: at, family: dir + " compose " + familyOf(env), keep: true,
			source: composeSource(append(slices.Clone(base), at), envFiles(dir, env, files)),
		})
	}
	if len(base) > 0 && !slices.Contains(aside, path.Base(dir)) {
		f.plain = append(f.plain, candidate{
			env: spelled{word: classOf("dev"), as: "dev"}, form: composed, path: base[0], family: dir + " compose ", keep: true,
			source: composeSource(append(slices.Clone(base), override...), nil),
		})
	}
}

// envFiles finds the dotenv files that fill in a Compose file's variables: the
// environment's, over the common one.
func envFiles(dir string, env spelled, files []string) []string {
	for _, name := range files {
		if e, ok := environmentIn(strings.TrimSuffix(name, ".env")); ok && isDotenv(name) && e.class == env.class && (e.rest == "env" || e.rest == "") {
			own := path.Join(dir, name)
			if slices.Contains(files, ".env") {
				return []string{path.Join(dir, ".env"), own}
			}
			return []string{own}
		}
	}
	return nil
}

func composeSource(files, envFiles []string) Source {
	s := Source{Collector: "compose", Keys: []Key{{Name: "files", List: files}}}
	if len(envFiles) > 0 {
		s.Keys = append(s.Keys, Key{Name: "envFiles", List: envFiles})
	}
	return s
}

// localCompose gives the Compose files that name no environment to the
// developers': those nearest to the top, unless the developers' environment is
// declared otherwise.
func (f *finder) localCompose(settled []candidate) []candidate {
	for i, c := range f.plain {
		other := slices.ContainsFunc(settled, func(o candidate) bool {
			return o.env.rank == c.env.rank && (o.form == manifests || o.form == composed && (i > 0 || path.Dir(o.path) == path.Dir(c.path)))
		})
		if other {
			f.note(c.path + " was left out: what developers run is declared elsewhere.")
			continue
		}
		settled = append(settled, c)
	}
	return settled
}

// directoryFiles looks at the files of a directory that is one environment's
// and holds no manifests.
func (f *finder) directoryFiles(parent, at string, env spelled, files []string) {
	family := parent + " " + familyOf(env) + " "
	for _, name := range files {
		if rest, ok := composeRest(name); ok && rest == "" {
			f.add(candidate{
				env: env, form: composed, path: at, family: family + "compose", keep: true,
				source: composeSource(composeOf(at, name, files), nil),
			})
			return
		}
	}
	var globs []string
	for _, name := range files {
		file := path.Join(at, name)
		switch glob := path.Join(literal(at), "*"+path.Ext(name)); {
		case isDotenv(name):
			f.ownDotenv(parent, file, env)
		case isValues(name):
			f.addValues(file, parent, strings.TrimSuffix(name, path.Ext(name)), env)
		case isSettings(name) && !slices.Contains(globs, glob):
			globs = append(globs, glob)
		}
	}
	if len(globs) > 0 {
		f.add(candidate{
			env: env, form: settings, path: at, family: family + "settings",
			source: settingsSource(globs, ""),
		})
	}
}

// ownDotenv adds a dotenv file of a directory that is one environment's.
func (f *finder) ownDotenv(parent, file string, env spelled) {
	if isSample(file) {
		return
	}
	stem := strings.TrimPrefix(strings.TrimSuffix(path.Base(file), ".env"), ".env.")
	if env.rest != "" && familyOf(env) != "" {
		stem = strings.Trim(env.rest+"-"+stem, "-")
	}
	f.add(candidate{
		env: env, form: dotenv, path: file, family: parent + " dotenv " + stem, keep: env.rest == "",
		source: dotenvSource([]string{file}, commonPath(parent, stem, "")),
	})
}

func composeOf(dir, base string, files []string) []string {
	list := []string{path.Join(dir, base)}
	for _, name := range files {
		if rest, ok := composeRest(name); ok && rest == "override" {
			list = append(list, path.Join(dir, name))
		}
	}
	return list
}

func isSample(name string) bool {
	return slices.ContainsFunc([]string{"example", "sample", "template", "dist"}, func(s string) bool { return strings.Contains(name, s) })
}
