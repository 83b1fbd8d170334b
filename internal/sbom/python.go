package sbom

import (
	"strings"

	"github.com/envparity/parity/internal/doc"
)

const pypiType = "pypi"

// requirements reads pip's list of requirements, as far as they are pinned.
func (l *list) requirements(data []byte) error {
	var whole strings.Builder
	begin := int32(0)
	flush := func() {
		l.requirement(begin, whole.String())
		whole.Reset()
	}
	return l.lines(data, func(line int32, text string) {
		if whole.Len() == 0 {
			begin = line
		}
		rest, goesOn := strings.CutSuffix(text, `\`)
		whole.WriteString(rest)
		if goesOn {
			whole.WriteByte(' ')
			return
		}
		flush()
	}, flush)
}

func (l *list) requirement(line int32, text string) {
	text = strings.TrimSpace(text)
	if i := strings.Index(" "+text, " #"); i >= 0 {
		text = strings.TrimSpace(text[:i])
	}
	switch {
	case text == "":
		return
	case strings.HasPrefix(text, "-r"), strings.HasPrefix(text, "--requirement"), strings.HasPrefix(text, "-c"), strings.HasPrefix(text, "--constraint"):
		l.fault(line, 1, "the list goes on in another file, which is not read; name it as a path too", "")
		return
	case strings.HasPrefix(text, "-e"), strings.HasPrefix(text, "--editable"):
		l.fault(line, 1, "the requirement is a directory or an address, and its version is not stated", "")
		return
	case text[0] == '-':
		return // an option
	}
	text, hashes, _ := strings.Cut(text, "--hash=")
	spec, _, _ := strings.Cut(text, ";")
	end := strings.IndexAny(spec, "[<>=!~ @(")
	if end < 0 {
		end = len(spec)
	}
	name := strings.TrimSpace(spec[:end])
	if name == "" || strings.ContainsAny(name, "/:\\") {
		l.fault(line, 1, "the requirement is a file or an address, and its version is not stated", "")
		return
	}
	c := Component{PURL: newPURL(pypiType, "", name, pinned(spec[end:])), Line: line, Col: 1}
	if c.PURL.Version == "" {
		l.fault(line, 1, "the requirement is not pinned to one version with ==", c.PURL.Key())
		return
	}
	if algorithm, sum, ok := strings.Cut(strings.TrimSpace(hashes), ":"); ok && !strings.Contains(sum, " ") {
		c.Hashes = appendHash(nil, algorithm, sum)
	}
	l.add(c)
}

// pinned gives the version of "==1.2.3" with or without extras before it;
// empty where several may fit.
func pinned(spec string) string {
	spec = strings.TrimSpace(spec)
	if strings.HasPrefix(spec, "[") {
		_, spec, _ = strings.Cut(spec, "]")
	}
	spec = strings.Trim(strings.TrimSpace(spec), "()")
	version, ok := strings.CutPrefix(spec, "==")
	version = strings.TrimSpace(strings.TrimPrefix(version, "="))
	if !ok || strings.ContainsAny(version, "*,<>!~ ") {
		return ""
	}
	return version
}

// poetry reads poetry.lock. Old ones name a category, new ones groups.
func (l *list) poetry(n *doc.Node) {
	l.Version = n.At("metadata", "lock-version").Str()
	for _, p := range items(n.Get("package")) {
		c := Component{PURL: newPURL(pypiType, "", p.Get("name").Str(), p.Get("version").Str()), Line: p.Line, Col: p.Col}
		c.Hashes = onlyFile(p.Get("files"))
		groups := items(p.Get("groups"))
		if category := p.Get("category"); category != nil {
			groups = []*doc.Node{category}
		}
		for _, g := range groups {
			if g.Str() == "main" {
				c.Scope = Runtime
			} else {
				c.Scope = stronger(c.Scope, Development)
			}
		}
		if p.Get("optional").Str() == "true" && c.Scope != Development {
			c.Scope = Optional
		}
		l.add(c)
	}
}

// onlyFile gives the digest of a package that is one file. Where it is
// several, which one is installed is not known.
func onlyFile(files *doc.Node) []Hash {
	if files == nil || len(files.Items) != 1 {
		return nil
	}
	algorithm, sum, _ := strings.Cut(files.Items[0].Get("hash").Str(), ":")
	return appendHash(nil, algorithm, sum)
}

// pipfile reads Pipfile.lock.
func (l *list) pipfile(n *doc.Node) {
	l.Format, l.Version = Pipfile, n.At("_meta", "pipfile-spec").Str()
	for i := range n.Fields {
		group := &n.Fields[i]
		if group.Key == "_meta" || group.Value.Kind != doc.Map {
			continue
		}
		scope := Development
		if group.Key == "default" {
			scope = Runtime
		}
		for j := range group.Value.Fields {
			f := &group.Value.Fields[j]
			l.add(Component{
				PURL:  newPURL(pypiType, "", f.Key, pinned(f.Value.Get("version").Str())),
				Scope: scope, Line: f.Line, Col: f.Col,
			})
		}
	}
}

// uv reads uv.lock. What is there for development only follows from what the
// project needs.
func (l *list) uv(n *doc.Node) {
	l.Version = n.Get("version").Str()
	g, roots := &graph{}, []string(nil)
	for _, p := range items(n.Get("package")) {
		name := p.Get("name").Str()
		needs := func(list *doc.Node, scope Scope) {
			for _, d := range items(list) {
				g.add(name, d.Get("name").Str(), scope)
			}
		}
		needs(p.Get("dependencies"), Runtime)
		for key, scope := range map[string]Scope{"optional-dependencies": Optional, "dev-dependencies": Development} {
			if groups := p.Get(key); groups != nil {
				for i := range groups.Fields {
					needs(groups.Fields[i].Value, scope)
				}
			}
		}
		if uvLocal(p) {
			roots = append(roots, name)
			if s := p.Get("source"); s.Get("editable").Str() == "." || s.Get("virtual").Str() == "." {
				l.Root = Component{PURL: newPURL(pypiType, "", name, p.Get("version").Str()), Line: p.Line, Col: p.Col}
			}
		}
	}
	scopes := g.scopes(roots...)
	for _, p := range items(n.Get("package")) {
		if uvLocal(p) {
			continue
		}
		name := p.Get("name").Str()
		l.add(Component{PURL: newPURL(pypiType, "", name, p.Get("version").Str()), Scope: scopes[name], Line: p.Line, Col: p.Col})
	}
}

// uvLocal reports whether a package is a part of the project itself.
func uvLocal(p *doc.Node) bool {
	s := p.Get("source")
	return s.Get("editable") != nil || s.Get("virtual") != nil || s.Get("directory") != nil
}
