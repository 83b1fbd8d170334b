package helmfile

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// state is one helmfile as it is being read.
type state struct {
	*reader
	file   string
	merged map[string]any
	sight  sight
	named  bool // whether the environment is declared
}

// helmfile reads one helmfile and those that it names.
func (r *reader) helmfile(file string, depth int) error {
	if depth > maxDepth {
		return errMany
	}
	s := &state{reader: r, file: file, merged: map[string]any{}}
	if _, err := s.parts(file, 0); err != nil {
		return err
	}
	r.declared = r.declared || s.named
	if s.named || r.Environment == DefaultEnvironment || !s.declares() {
		s.releases()
	}
	return s.nested(depth)
}

// declares reports whether the helmfile declares environments at all.
func (s *state) declares() bool {
	all, _ := s.merged["environments"].(map[string]any)
	return len(all) > 0
}

// parts reads a file of one or more documents, each a template that is evaluated
// with what those before it say, and returns what they say together.
func (s *state) parts(file string, depth int) (map[string]any, error) {
	if depth > maxDepth {
		return nil, errMany
	}
	data, err := s.read(file)
	if err != nil {
		return nil, err
	}
	parts := documents(string(data))
	if len(parts) > maxParts {
		return nil, errMany
	}
	var all map[string]any
	for _, part := range parts {
		m, err := s.part(file, part)
		if err != nil {
			s.lose(Loss{Where: file, Reason: "a part of the helmfile cannot be read: " + err.Error(), Hint: hint})
			continue
		}
		before := s.sight
		m = merged(s.bases(file, m, depth), m, true)
		s.note(m)
		s.sight = before // the bases are read again with the part, as one
		s.environment(m)
		all = merged(all, m, true)
		if depth == 0 {
			s.merged = all
		}
	}
	return all, nil
}

const hint = "run helmfile itself as a source of the collector exec, or render its output into files"

// part evaluates and parses one document.
func (s *state) part(file, part string) (map[string]any, error) {
	if !strings.HasSuffix(file, ".gotmpl") && (strings.Contains(part, ".Release.") || !strings.Contains(part, "{{")) {
		// Templates for single releases, which are evaluated later.
		if m, err := s.parse([]byte(part)); err == nil {
			return m, nil
		}
	}
	text, err := s.render(s.file, part, s.context(nil)) // paths are relative to the helmfile, in its bases too
	if err != nil {
		if m, plainErr := s.parse([]byte(part)); plainErr == nil && !strings.HasSuffix(file, ".gotmpl") && !errors.Is(err, errUndecided) {
			return m, nil
		}
		return nil, err
	}
	return s.parse(text)
}

// documents cuts a text at its document marks.
func documents(text string) []string {
	var out []string
	var b strings.Builder
	for line := range strings.Lines(text) {
		if strings.TrimRight(line, " \t\r\n") == "---" {
			out = append(out, b.String())
			b.Reset()
			continue
		}
		b.WriteString(line)
	}
	out = append(out, b.String())
	return slices.DeleteFunc(out, func(s string) bool { return strings.TrimSpace(s) == "" })
}

// bases reads the helmfiles that a part builds on.
func (s *state) bases(file string, m map[string]any, depth int) map[string]any {
	var all map[string]any
	for _, name := range texts(m["bases"]) {
		at, err := within(s.file, name)
		if err == nil && Unknown(name) {
			err = errNoFile
		}
		var base map[string]any
		if err == nil {
			base, err = s.parts(at, depth+1)
		}
		if err != nil {
			s.lose(Loss{Where: file, Reason: "a base of the helmfile cannot be read: " + wordsOf(err), Hint: hint})
		}
		all = merged(all, base, true)
	}
	delete(m, "bases")
	return all
}

// note keeps the names of environments in the order of the text as far as a map
// has one.
func (s *state) note(m map[string]any) {
	all, _ := m["environments"].(map[string]any)
	for name := range all {
		if !slices.Contains(s.out.Environments, name) && len(s.out.Environments) < maxReleases {
			s.out.Environments = append(s.out.Environments, name)
		}
	}
	slices.Sort(s.out.Environments)
}

// sight is what templates see of an environment: its values, and below them the
// defaults that a helmfile states for all.
type sight struct{ defaults, own map[string]any }

// environment adds what a part says of the environment. Templates of its values
// see those of the parts before, and not one another.
func (s *state) environment(m map[string]any) {
	all, _ := m["environments"].(map[string]any)
	own, there := all[s.Environment]
	s.named = s.named || there
	spec, _ := own.(map[string]any)
	if strategy := text(spec["mergeStrategy"]); strategy != "" && strategy != "override" {
		s.lose(Loss{Where: s.file, Reason: "the values of the environment are merged in another order than the usual one", Hint: hint})
	}
	before, missing := s.values(), text(spec["missingFileHandler"])
	s.sight.defaults = s.entries(s.sight.defaults, before, m["values"], missing)
	for _, key := range []string{"values", "secrets"} {
		s.sight.own = s.entries(s.sight.own, before, spec[key], missing)
	}
}

// values are those of the environment, as far as the parts read so far say.
func (s *state) values() map[string]any {
	return merged(merged(s.sight.defaults, s.sight.own, false), s.given, false)
}

// entries merges a list of values files and maps over values. Templates among
// them are evaluated with the values in sight.
func (s *state) entries(values, sight map[string]any, list any, missing string) map[string]any {
	items, _ := list.([]any)
	for _, item := range items {
		switch v := item.(type) {
		case map[string]any:
			values = merged(values, v, false)
		case unknown:
			s.lose(Loss{Where: s.file, Reason: "which values file the environment has is not known", Hint: hint})
		case string:
			for _, at := range s.glob(v, missing) {
				m, err := s.valuesFile(at, sight)
				if err != nil {
					s.lose(Loss{Where: at, Reason: "the values of the environment cannot be read: " + wordsOf(err), Hint: hint})
					continue
				}
				values = merged(values, m, false)
			}
		}
	}
	return values
}

// glob lists the files that a pattern stands for.
func (s *state) glob(pattern, missing string) []string {
	at, err := within(s.file, pattern)
	if err == nil {
		if regular(s.FS, at) {
			return []string{at}
		}
		if found, _ := fs.Glob(s.FS, at); len(found) > 0 && len(found) < maxFiles {
			return found
		}
	}
	if missing == "" || missing == "Error" {
		s.lose(Loss{Where: s.file, Reason: "a file of values is not there: " + path.Base(pattern), Hint: "add it, or take the entry out"})
	}
	return nil
}

// valuesFile reads one file of an environment's values.
func (s *state) valuesFile(at string, values map[string]any) (map[string]any, error) {
	data, err := s.read(at)
	if err != nil {
		return nil, err
	}
	if strings.HasSuffix(at, ".gotmpl") {
		if data, err = s.render(at, string(data), s.contextOf(values, nil)); err != nil {
			return nil, err
		}
	}
	m, err := s.parse(data)
	if err == nil {
		seal(m)
	}
	return m, err
}

// seal makes what SOPS has encrypted unknown.
func seal(m map[string]any) {
	sops, ok := m["sops"].(map[string]any)
	if !ok || sops["mac"] == nil {
		return
	}
	delete(m, "sops")
	for k, v := range m {
		m[k] = sealed(v)
	}
}

func sealed(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			v[k] = sealed(x)
		}
	case []any:
		for i, x := range v {
			v[i] = sealed(x)
		}
	case string:
		if strings.HasPrefix(v, "ENC[") {
			return unknown{}
		}
	}
	return v
}

// context is what templates are evaluated with.
func (s *state) context(release map[string]any) map[string]any {
	return s.contextOf(s.values(), release)
}

func (s *state) contextOf(values, release map[string]any) map[string]any {
	if values == nil {
		values = map[string]any{}
	}
	out := map[string]any{
		"Values": values, "StateValues": values, "Namespace": text(s.merged["namespace"]),
		"Environment": map[string]any{"Name": s.Environment, "Values": values, "KubeContext": unknown{}},
	}
	if release != nil {
		out["Release"] = release
	}
	return out
}

// nested reads the helmfiles that this one names.
func (s *state) nested(depth int) error {
	list, _ := s.merged["helmfiles"].([]any)
	for _, item := range list {
		name, given := text(item), map[string]any{}
		if m, ok := item.(map[string]any); ok {
			name = text(m["path"])
			given = s.entries(given, s.values(), m["values"], "")
			if m["inherits"] != nil {
				s.lose(Loss{Where: s.file, Reason: "what a helmfile inherits of the one that names it is not followed", Hint: hint})
			}
		}
		for _, at := range s.children(name) {
			child := &reader{Options: s.Options, files: s.files, given: merged(s.given, given, false)}
			err := child.helmfile(at, depth+1)
			s.files, s.declared = child.files, s.declared || child.declared
			if err != nil {
				s.lose(Loss{Where: s.file, Reason: "a helmfile that is named cannot be read: " + wordsOf(err), Hint: hint})
			}
			s.out.Releases = append(s.out.Releases, child.out.Releases...)
			for _, l := range child.out.Lost {
				s.lose(l)
			}
			if errors.Is(err, errMany) || len(s.out.Releases) > maxReleases {
				return errMany
			}
		}
	}
	return nil
}

// children lists the helmfiles that an entry stands for.
func (s *state) children(name string) []string {
	at, err := within(s.file, name)
	if err == nil && !Unknown(name) && !strings.Contains(name, "://") && !strings.HasPrefix(name, "git::") {
		if found := InDirectory(s.FS, at); len(found) > 0 {
			return found
		}
		if found := stateFiles(s.FS, at); len(found) > 0 {
			return found
		}
		if found, _ := fs.Glob(s.FS, at); len(found) > 0 && len(found) < maxFiles {
			return found
		}
	}
	s.lose(Loss{Where: s.file, Reason: "a helmfile that is named is not here, and is not fetched: what it would add is unknown", Hint: hint})
	return nil
}

// wordsOf says what is wrong without quoting.
func wordsOf(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "there is no such file"
	}
	return err.Error()
}
