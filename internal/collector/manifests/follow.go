package manifests

import (
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity/internal/doc"
)

// maxFollowed bounds how many Applications are followed: one may bring others.
const maxFollowed = 500

// follow renders the Applications that were met, and those that they bring.
// What an Application would bring from elsewhere is a gap.
func (s *session) follow() error {
	top := s.top()
	seen := map[string]bool{}
	for n := 0; len(s.applications) > 0 && n < maxFollowed; n++ {
		a := s.applications[0]
		s.applications = s.applications[1:]
		key := a.name + "\x00" + a.path
		if seen[key] {
			continue
		}
		seen[key] = true
		at, ok := within(top, strings.TrimPrefix(a.path, "/"))
		f := missing
		if ok && a.path != "" {
			f = formOf(s.place.FS, at)
		}
		if f == missing {
			s.gapOfObjects(a.name, "the source of the Application "+a.name+" is not in this repository and is not fetched: what it would add is unknown",
				"set followApplications: false if the Application itself is all that is to be compared")
			continue
		}
		s.charts = slices.DeleteFunc(s.charts, func(c string) bool { return c == at })
		if err := s.part(at, s.followed(a, at, f)); err != nil {
			return err
		}
	}
	return s.chartsAt(s.charts)
}

// followed reads one Application's source as what it is.
func (s *session) followed(a application, at string, f form) error {
	before := s.cfg.Namespace
	defer func() { s.cfg.Namespace = before }()
	s.cfg.Namespace = a.namespace
	if f != chartForm {
		return s.read(at)
	}
	rel := release{name: a.release, namespace: a.namespace, kubeVersion: s.cfg.KubeVersion, apiVersions: s.cfg.APIVersions}
	if rel.name == "" {
		rel.name = a.name
	}
	for _, name := range a.values {
		file, ok := within(at, name)
		if !ok || !isFile(s.place.FS, file) {
			s.gap(s.place.Display(at), "the Application "+a.name+" names a values file that is not in this repository", "")
			continue
		}
		rel.files = append(rel.files, valuesFile{s.place, file})
	}
	if a.inline != nil {
		rel.inline, _ = plainNode(a.inline).(map[string]any)
	}
	if a.parameters {
		s.gap(s.place.Display(at), "the Helm parameters of the Application "+a.name+" are not applied: what they would change is unknown", "write them as values")
	}
	return s.chart(at, rel)
}

// top gives the directory that the paths of Applications start from: that of
// the repository that holds the place, else the project's.
func (s *session) top() string {
	if s.place.OnDisk == "" {
		return "."
	}
	for dir := s.place.Path; dir != "."; dir = path.Dir(dir) {
		if _, err := fs.Stat(s.place.FS, path.Join(dir, ".git")); err == nil {
			return dir
		}
	}
	if p, err := s.in.Root.Resolve("."); err == nil && p.OnDisk != "" {
		return p.Path
	}
	return s.place.Path
}

// plainNode turns a node into plain values, for Helm.
func plainNode(n *doc.Node) any {
	switch n.Kind {
	case doc.Map:
		out := make(map[string]any, len(n.Fields))
		for _, f := range n.Fields {
			out[f.Key] = plainNode(f.Value)
		}
		return out
	case doc.List:
		out := make([]any, len(n.Items))
		for i, item := range n.Items {
			out[i] = plainNode(item)
		}
		return out
	case doc.Null:
		return nil
	case doc.Bool:
		return strings.EqualFold(n.Text, "true")
	case doc.Number:
		if f, err := strconv.ParseFloat(n.Text, 64); err == nil {
			return f
		}
	}
	return n.Text
}
