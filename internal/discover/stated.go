package discover

import (
	"bytes"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// stated are the names that the repository itself calls environments: those of
// workflows, of helmfile, and of the generators of ApplicationSets.
type stated map[string]bool

func (inv *inventory) findStated() stated {
	out := stated{}
	for _, d := range inv.folders {
		for _, name := range d.files {
			at := path.Join(d.path, name)
			switch {
			case strings.HasPrefix(d.path, ".github") && isYAML(name), name == ".gitlab-ci.yml":
				out.lines(inv.head(at), workflowKeys)
			case isHelmfile(name):
				for _, k := range inv.helmfileEnvironments(d.path, at) {
					out.add(k)
				}
			case isYAML(name) && bytes.Contains(inv.heads[at], []byte("kind: ApplicationSet")):
				out.lines(inv.head(at), generatorKeys)
			}
		}
	}
	return out
}

// Keys whose values name an environment.
var (
	workflowKeys  = []string{"environment", "environments", "env_name", "environment_name"}
	generatorKeys = []string{"env", "environment", "stage"}
)

// wordForm is a name that an environment can have.
var wordForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{1,30}$`) })

// lines takes the values of some keys: a name, or names in brackets.
func (s stated) lines(text []byte, keys []string) {
	for line := range bytes.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimLeft(string(line), " -"), ":")
		if !ok || !slices.Contains(keys, key) {
			continue
		}
		value, _, _ = strings.Cut(value, " #")
		for _, v := range strings.Split(strings.Trim(strings.TrimSpace(value), "[]{}"), ",") {
			s.add(v)
		}
	}
}

func (s stated) add(text string) {
	text = strings.Trim(strings.TrimSpace(text), `"'`)
	if wordForm().MatchString(text) && !slices.Contains([]string{"true", "false", "name", "default"}, text) {
		s[strings.ToLower(text)] = true
	}
}

// stated reads words that the repository calls environments: those that stand
// beside others that it calls so, or beside known ones.
func (f *family) stated(names stated) {
	count := 0
	for w := range f.words {
		if names[strings.ToLower(w)] {
			count++
		}
	}
	if count == 0 || !f.sure && (count < 2 || 2*count < len(f.words)) {
		return
	}
	for w := range f.words {
		old, read := f.readings[w]
		if !names[strings.ToLower(w)] || read && !old.doubt || isNeutral(w) {
			continue
		}
		r := reading{class: strings.ToLower(w), rank: rankOf(w), as: strings.ToLower(w), word: w, known: true}
		if e, ok := wholeWord(w); ok {
			r.class, r.rank, r.weak = e.Name, e.Rank, e.Weak
		}
		f.readings[w] = r
		f.sure = true
		f.unknown = slices.DeleteFunc(f.unknown, func(u string) bool { return u == w })
	}
}
