package ansible

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/place"
)

// session is one run of the collector.
type session struct {
	in      collector.Input
	out     collector.Sink
	inv     *inventory
	origins map[string]*parity.Origin
	display func(string) string
}

func (s *session) limits() doc.Limits {
	return doc.Limits{Nodes: s.in.Limits.Nodes, Depth: s.in.Limits.Depth, Bytes: s.in.Limits.FileBytes}
}

func (s *session) read(p place.Place) ([]byte, error) {
	limit := s.in.Limits.FileBytes
	if limit <= 0 {
		limit = collector.DefaultLimits().FileBytes
	}
	return p.ReadWithin(limit)
}

// at is another path of the same file system.
func at(p place.Place, name string) place.Place {
	return place.Place{FS: p.FS, Path: name, Display: p.Display}
}

// gap records what could not be read.
func (s *session) gap(p place.Place, g parity.Gap, err error) {
	g.Where, g.Reason = p.Show(), "the file cannot be read: "+err.Error()
	var in *doc.Error
	var known *parity.Error
	var pe *fs.PathError
	switch {
	case errors.As(err, &in):
		g.Where, g.Reason, g.Hint = in.In(p.Show()), "the file cannot be read as Ansible would: "+in.What, "correct the file"
		if in.Locked() {
			g.Reason, g.Hint = "the file "+in.What, doc.UnlockHint
		}
	case errors.As(err, &known):
		g.Reason, g.Hint = "the file cannot be read: "+known.What, known.Hint
	case errors.As(err, &pe):
		g.Reason = "the file cannot be read: " + pe.Err.Error()
	}
	s.out.Gap(g)
}

// ignored are the ends of names that Ansible does not take for an inventory in a
// directory.
var ignored = []string{".pyc", ".pyo", ".swp", ".bak", "~", ".rpm", ".md", ".txt", ".rst", ".orig", ".ini", ".cfg", ".retry"}

// directory reads the files of an inventory's directory, by name.
func (s *session) directory(ctx context.Context, dir place.Place) {
	entries, err := fs.ReadDir(dir.FS, dir.Path)
	if err != nil {
		s.gap(dir, parity.Gap{}, err)
		return
	}
	for _, e := range entries {
		name := e.Name()
		full := path.Join(dir.Path, name)
		switch {
		case ctx.Err() != nil:
			return
		case strings.HasPrefix(name, ".") || name == "group_vars" || name == "host_vars" || name == "vars_plugins":
		case isDir(dir.FS, full):
			if name != "tofu" && name != "terraform" && strings.Count(full, "/") < maxDepth && holdsInventory(dir.FS, full) {
				s.directory(ctx, at(dir, full))
			}
		case !slices.ContainsFunc(ignored, func(end string) bool { return strings.HasSuffix(name, end) }):
			s.file(ctx, at(dir, full))
		}
	}
}

// holdsInventory reports whether a directory below an inventory's is a part of it:
// one with no files that only other tools read.
func holdsInventory(fsys fs.FS, dir string) bool {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return false
	}
	for _, e := range entries {
		stem, _, _ := strings.Cut(e.Name(), ".")
		if stem == "hosts" || stem == "inventory" || e.Name() == "group_vars" {
			return true
		}
	}
	return false
}

// file reads one file of an inventory, in YAML, JSON or as an INI file.
func (s *session) file(ctx context.Context, p place.Place) {
	s.display = p.Display
	data, err := s.read(p)
	if err == nil && ctx.Err() == nil {
		err = s.parse(p, data)
	}
	if err != nil {
		s.gap(p, parity.Gap{}, err)
	}
}

func (s *session) parse(p place.Place, data []byte) error {
	if bytes.HasPrefix(data, []byte("#!")) {
		return &parity.Error{What: "the inventory is written by a program when Ansible runs", Hint: "write it to a file: ansible-inventory --list --export > inventory.json"}
	}
	ext := path.Ext(p.Path)
	if ext == ".yml" || ext == ".yaml" || ext == ".json" || looksLikeYAML(data) {
		root, err := s.first(data)
		if err != nil || root == nil {
			return err
		}
		if err := s.inv.tree(p.Path, root); !errors.Is(err, errPlugin) {
			return err
		}
		return &parity.Error{What: errPlugin.Error(), Hint: "write it to a file: ansible-inventory --list --export > inventory.json"}
	}
	if limit := s.limits().Bytes; limit > 0 && int64(len(data)) > limit {
		return &doc.Error{What: "the file is too large"}
	}
	return s.inv.ini(p.Path, string(data))
}

// looksLikeYAML reports whether a file without an extension is in YAML: its first
// line that says something is a key, or begins a document.
func looksLikeYAML(data []byte) bool {
	for line := range bytes.Lines(data) {
		text := strings.TrimSpace(string(line))
		if text == "" || text[0] == '#' || text[0] == ';' {
			continue
		}
		return text == "---" || text[0] == '{' || strings.HasSuffix(text, ":") && text[0] != '['
	}
	return false
}

// first parses the first document; nil where there is none.
func (s *session) first(data []byte) (*doc.Node, error) {
	var root *doc.Node
	err := doc.ParseYAML(bytes.NewReader(data), s.limits(), func(n *doc.Node, index int) error {
		if index == 0 && n.Kind != doc.Null {
			root = n
		}
		return nil
	})
	return root, err
}

// variables reads the group_vars and host_vars of a directory.
func (s *session) variables(ctx context.Context, dir place.Place) {
	for name, g := range s.inv.groups {
		for _, f := range varFiles(dir.FS, path.Join(dir.Path, "group_vars", name)) {
			s.varFile(ctx, at(dir, f), parity.Gap{Kind: GroupKind, Name: parity.LiteralPattern(name)}, g.fromFile)
		}
	}
	for name, h := range s.inv.hosts {
		if strings.ContainsAny(name, "/\\") {
			continue
		}
		for _, f := range varFiles(dir.FS, path.Join(dir.Path, "host_vars", name)) {
			s.varFile(ctx, at(dir, f), parity.Gap{Kind: HostKind, Name: parity.LiteralPattern(name)}, h.fromFile)
		}
	}
}

// varFiles lists the files of a group or host in the order in which they are read:
// the first that is there of NAME, NAME.yml, NAME.yaml and NAME.json; of a
// directory all in it.
func varFiles(fsys fs.FS, base string) []string {
	var out []string
	if !fs.ValidPath(base) {
		return nil
	}
	for _, ext := range [...]string{"", ".yml", ".yaml", ".json"} {
		info, err := fs.Stat(fsys, base+ext)
		switch {
		case err != nil:
		case info.IsDir() && ext == "":
			out = append(out, below(fsys, base, 0)...)
		case !info.IsDir():
			out = append(out, base+ext)
		}
	}
	return out
}

func below(fsys fs.FS, dir string, depth int) []string {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil || depth > 10 {
		return nil
	}
	var out []string
	for _, e := range entries {
		name := e.Name()
		full := path.Join(dir, name)
		if strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") {
			continue
		}
		if isDir(fsys, full) {
			out = append(out, below(fsys, full, depth+1)...)
		} else if ext := path.Ext(name); ext == "" || ext == ".yml" || ext == ".yaml" || ext == ".json" {
			out = append(out, full)
		}
	}
	return out
}

// vaultHead begins what Ansible's vault encrypted.
const vaultHead = "$ANSIBLE_VAULT;"

// varFile reads a file of variables over those that are there.
func (s *session) varFile(ctx context.Context, p place.Place, over parity.Gap, to map[string]variable) {
	if ctx.Err() != nil {
		return
	}
	s.display = p.Display
	data, err := s.read(p)
	if err == nil && bytes.HasPrefix(data, []byte(vaultHead)) {
		to["(encrypted "+path.Base(p.Path)+")"] = variable{p.Path, &doc.Node{Kind: doc.String, Text: vaultHead, Line: 1, Col: 1}}
		over.Hides = parity.HidesParts
		s.gap(p, over, &parity.Error{What: "the whole file is encrypted, names of variables included", Hint: "encrypt values instead: ansible-vault encrypt_string"})
		return
	}
	var root *doc.Node
	if err == nil {
		root, err = s.first(data)
	}
	if err == nil && root != nil && root.Kind != doc.Map {
		err = &doc.Error{Line: root.Line, Col: root.Col, What: "it holds no variables"}
	}
	if err != nil {
		clear(to) // it may set any of them again
		over.Hides = parity.HidesParts
		s.gap(p, over, err)
		return
	}
	for name, v := range variablesOf(p.Path, root) {
		to[name] = v
	}
}
