package manifests

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/place"
)

// tree reads a directory of manifests. A kustomization or a chart below it is
// rendered as what it is, unless another kustomization of the tree uses it.
func (s *session) tree(dir string) error {
	w := &walk{}
	s.walk(dir, w, 0)
	if s.follows() {
		root, err := s.deployed(dir, w)
		if root != nil || err != nil {
			return s.rootDeployment(root, err)
		}
	}
	s.seen.plain = dir
	used := s.used(w.kustomizations)
	for _, at := range w.files {
		if used.files[at] {
			continue
		}
		if err := s.file(at); err != nil {
			return err
		}
	}
	for _, at := range w.kustomizations {
		if used.dirs[at] {
			continue
		}
		if err := s.kustomization(at); err != nil {
			return err
		}
	}
	return s.chartsAt(w.charts)
}

// chartsAt renders charts of a tree with no values but their own.
func (s *session) chartsAt(paths []string) error {
	for _, at := range paths {
		if err := s.part(at, s.chart(at, release{})); err != nil {
			return err
		}
	}
	return nil
}

// part makes a gap of the error of one part of a tree, so that the rest is
// read. The end of the context stays an error.
func (s *session) part(at string, err error) error {
	if err == nil || s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	g := s.objectsGap(s.place.Display(at), err.Error(), parity.HintOf(err))
	var e *parity.Error
	if errors.As(err, &e) {
		g.Reason, g.Where = e.What, e.Where
	}
	s.out.Gap(g)
	return nil
}

// walk is what a directory tree holds.
type walk struct{ files, kustomizations, charts []string }

// maxTreeDepth bounds a tree whose links lead back into it.
const maxTreeDepth = 40

func (s *session) walk(dir string, w *walk, depth int) {
	entries, err := fs.ReadDir(s.place.FS, dir)
	if err != nil {
		s.gapOfObjects(s.place.Display(dir), "the directory cannot be read", "")
		return
	}
	for _, e := range entries {
		at := path.Join(dir, e.Name())
		if hidden(e.Name()) || s.ctx.Err() != nil {
			continue
		}
		f := plainFile
		if !e.Type().IsRegular() {
			f = formOf(s.place.FS, at)
			s.refused(at, f)
		}
		switch {
		case f == plainFile && isManifestName(at):
			w.files = append(w.files, at)
		case !s.recurse():
		case f == kustomization:
			w.kustomizations = append(w.kustomizations, at)
		case f == chartForm && e.IsDir():
			w.charts = append(w.charts, at)
		case f == directory && depth < maxTreeDepth:
			s.walk(at, w, depth+1)
		}
	}
}

// refused records a link that is not followed.
func (s *session) refused(at string, f form) {
	if f != missing {
		return
	}
	if r := place.RefusedAt(s.place.FS, at); r != nil {
		s.gapOfObjects(r.Path, r.What, r.Hint)
	}
}

func (s *session) recurse() bool { return s.cfg.Recurse == nil || *s.cfg.Recurse }

// file reads one file of manifests. A fault in it is a gap for what it holds;
// the documents before the fault are read.
func (s *session) file(at string) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	display := s.place.Display(at)
	origin := &parity.Origin{File: display, Precision: parity.AtLine}
	others, encrypted := 0, false
	err := s.documents(at, func(n *doc.Node, _ int) error {
		switch {
		case isBuildFile(n):
		case isObject(n):
			return s.add(n, origin)
		case n.At("sops", "mac") != nil:
			encrypted = true
		default:
			others++
		}
		return s.ctx.Err()
	})
	switch {
	case s.ctx.Err() != nil:
		return s.ctx.Err()
	case err != nil:
		s.broken(at, display, err)
	case encrypted:
		s.encrypted(at, origin)
	case others > 0:
		s.in.Log.Debug("documents that are no Kubernetes objects", "file", display, "documents", others)
	}
	return nil
}

// documents gives the documents of a YAML or JSON file.
func (s *session) documents(at string, each func(*doc.Node, int) error) error {
	f, err := s.place.FS.Open(at)
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > s.in.Limits.FileBytes {
		return &doc.Error{What: fmt.Sprintf("it is larger than %d bytes", s.in.Limits.FileBytes)}
	}
	if path.Ext(at) != ".json" {
		return doc.ParseYAML(f, s.limits(), each)
	}
	data, err := io.ReadAll(io.LimitReader(f, s.in.Limits.FileBytes+1))
	if err != nil {
		return err
	}
	n, err := doc.ParseJSON(data, s.limits())
	if err != nil || n == nil {
		return err
	}
	return each(n, 0)
}

// isBuildFile tells a kustomization's own file from an object.
func isBuildFile(n *doc.Node) bool {
	return strings.HasPrefix(n.Get("apiVersion").Str(), "kustomize.config.k8s.io/")
}

// broken records a file of objects that cannot be read to its end. What it holds
// is only guessed where its text leaves no doubt.
func (s *session) broken(at, display string, err error) {
	g := s.brokenGap(display, err)
	if e := (*doc.Error)(nil); errors.As(err, &e) && e.Locked() {
		g.Reason, g.Hint = "the file "+display+" "+e.What, doc.UnlockHint
		s.encrypted(at, &parity.Origin{File: display})
	}
	if data, err := s.readFile(at, 1<<20); err == nil {
		g.Kind, g.Name = soleObject(data)
	}
	s.out.Gap(g)
}

// brokenGap is the gap of a file of objects that cannot be read to its end.
func (s *session) brokenGap(display string, err error) parity.Gap {
	where, what := whereOf(err, display)
	g := s.objectsGap(where, "the file "+display+" cannot be read: "+what, "repair the file; what it declares is unknown until then")
	if r := place.Refused(err); r != nil {
		g.Hint = r.Hint
	}
	return g
}

// readFile reads a whole file that must not be larger than limit bytes.
func (s *session) readFile(at string, limit int64) ([]byte, error) {
	f, err := s.place.FS.Open(at)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > limit {
		return nil, &doc.Error{What: fmt.Sprintf("it is larger than %d bytes", limit)}
	}
	return data, nil
}

// soleObject gives kind and name of the only object in a broken YAML text;
// both are empty where there may be several, or where they are not plain.
func soleObject(data []byte) (kind, name string) {
	meta := false
	content := false
	for line := range bytes.Lines(data) {
		line = bytes.TrimRight(line, " \r\n")
		text := string(line)
		switch {
		case text == "" || text[0] == '#':
			continue
		case strings.HasPrefix(text, "---") && content, text[0] == '{', text[0] == '[':
			return "", ""
		case strings.HasPrefix(text, "kind:"):
			if kind != "" {
				return "", ""
			}
			kind = plainWord(text[len("kind:"):])
			if kind == "" || strings.HasSuffix(kind, "List") {
				return "", ""
			}
		case strings.HasPrefix(text, "  name:") && meta:
			if name != "" {
				return "", ""
			}
			if name = plainWord(text[len("  name:"):]); name == "" {
				return "", ""
			}
		}
		if text[0] != ' ' && !strings.HasPrefix(text, "---") {
			meta = text == "metadata:"
		}
		content = true
	}
	if kind == "" || name == "" {
		return "", ""
	}
	return kind, name
}

// plainWord gives a plain name, or nothing where the text is more than that.
func plainWord(s string) string {
	s = strings.TrimSpace(s)
	for _, c := range s {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '.') {
			return ""
		}
	}
	return s
}

// encrypted records that an encrypted file is there: presence is all that can
// be said of it.
func (s *session) encrypted(at string, origin *parity.Origin) {
	o := &parity.Origin{File: origin.File, Precision: parity.AtFile}
	s.out.Subject(
		parity.Subject{Key: parity.Key{Kind: "EncryptedFile", Name: path.Base(at)}, Origin: o},
		[]parity.Fact{{Path: "/encrypted", Value: parity.Value{Kind: parity.Bool, Raw: "true"}, Surface: parity.Secrets, Origin: o}})
}

// use is what the kustomizations of a tree take from it.
type use struct{ files, dirs map[string]bool }

// used finds the files and the kustomizations that kustomizations of a tree
// take, so that they are not read a second time by themselves. Components
// count as taken: they are nothing by themselves.
func (s *session) used(dirs []string) use {
	u := use{files: map[string]bool{}, dirs: map[string]bool{}}
	for _, dir := range dirs {
		sc := s.newScan()
		sc.charts = nil
		root, err := sc.load(dir, nil)
		if err != nil {
			continue
		}
		for at := range sc.files {
			u.files[at] = true
		}
		for at := range sc.dirs {
			u.dirs[at] = u.dirs[at] || at != dir
		}
		if root.spec.Kind == types.ComponentKind {
			u.dirs[dir] = true
		}
	}
	return u
}
