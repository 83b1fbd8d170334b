package compose

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/place"
)

// graph prepares Compose files for the library that loads them. The library
// reads what a file includes and extends from disk by itself; so that it reads
// nothing else, and that revisions can be read, such files are laid out in a
// directory of their own. What is remote or missing is taken out first, with a
// gap.
type graph struct {
	s    *session
	temp string // empty until a file is laid out
	seen map[string]bool
}

// maxIncluded bounds what Compose files may include.
const maxIncluded = 500

// parse reads a Compose file: for its places, and for the edits to it.
func (g *graph) parse(at string) (*source, *yaml.Node, error) {
	display := g.s.display(at)
	data, err := g.s.read(g.s.place(), at)
	if err != nil {
		return nil, nil, fileError(err, display, "the Compose file cannot be read")
	}
	src := &source{
		path:   at,
		line:   &parity.Origin{File: display, Precision: parity.AtLine},
		inside: &parity.Origin{File: display, Precision: parity.AtFile},
	}
	err = doc.ParseYAML(bytes.NewReader(data), g.s.limits(), func(n *doc.Node, _ int) error {
		src.docs = append(src.docs, n)
		return nil
	})
	if err != nil {
		return nil, nil, fileError(err, display, "the Compose file cannot be read")
	}
	if len(src.docs) != 1 || src.docs[0].Kind != doc.Map {
		return nil, nil, &parity.Error{Code: parity.CodeConfig, Where: display, What: "this is not a Compose file: it should hold one map"}
	}
	var root yaml.Node
	if err := guard(func() error { return yaml.Unmarshal(data, &root) }); err != nil || len(root.Content) != 1 {
		return nil, nil, &parity.Error{Code: parity.CodeConfig, Where: display, What: "the Compose file cannot be read"}
	}
	return src, root.Content[0], nil
}

// file prepares one file and what it refers to, and gives its text. base is
// the directory that its includes and extends start from.
func (g *graph) file(at, base string) ([]byte, error) {
	src, root, err := g.parse(at)
	if err != nil {
		return nil, err
	}
	if g.seen[at] {
		g.s.included = append(g.s.included, src)
	} else {
		g.s.named = append(g.s.named, src)
	}
	drop(root, "version")
	if err := g.includes(root, at, base); err != nil {
		return nil, err
	}
	for _, section := range []string{"services", "jobs"} {
		services := field(root, section)
		if services == nil || services.Kind != yaml.MappingNode {
			continue
		}
		for i := 0; i+1 < len(services.Content); i += 2 {
			if err := g.extends(services.Content[i+1], services.Content[i].Value, at, base); err != nil {
				return nil, err
			}
		}
	}
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	if err := guard(func() error { return enc.Encode(root) }); err != nil {
		return nil, &parity.Error{Code: parity.CodeConfig, Where: g.s.display(at), What: "the Compose file cannot be read"}
	}
	return b.Bytes(), nil
}

// includes looks at what a file includes.
func (g *graph) includes(root *yaml.Node, at, base string) error {
	list := field(root, "include")
	if list == nil || list.Kind != yaml.SequenceNode {
		return nil
	}
	kept := list.Content[:0]
	for _, item := range list.Content {
		paths, dir := includePaths(item)
		ok := len(paths) > 0
		for i := range paths {
			paths[i] = g.s.env.inName(paths[i])
			ok = ok && g.there(paths[i], base, at, item, parity.Gap{})
		}
		if !ok {
			continue
		}
		project := path.Dir(path.Join(base, paths[0]))
		if dir != "" {
			project = path.Join(base, dir)
		}
		for _, p := range paths {
			if err := g.layOut(path.Join(base, p), project); err != nil {
				return err
			}
		}
		g.copyEnv(item, base, project)
		kept = append(kept, item)
	}
	list.Content = kept
	if len(kept) == 0 {
		drop(root, "include")
	}
	return nil
}

// includePaths gives the files of one include, and its project directory.
func includePaths(item *yaml.Node) (paths []string, dir string) {
	switch item.Kind {
	case yaml.ScalarNode:
		return []string{item.Value}, ""
	case yaml.MappingNode:
		if p := field(item, "path"); p != nil {
			paths = texts(p)
		}
		if d := field(item, "project_directory"); d != nil {
			dir = d.Value
		}
	}
	return paths, dir
}

func texts(n *yaml.Node) []string {
	if n.Kind == yaml.ScalarNode {
		return []string{n.Value}
	}
	var all []string
	for _, c := range n.Content {
		all = append(all, c.Value)
	}
	return all
}

// copyEnv lays out the env files of an include.
func (g *graph) copyEnv(item *yaml.Node, base, project string) {
	files := []string{path.Join(project, ".env")}
	if e := field(item, "env_file"); e != nil && item.Kind == yaml.MappingNode {
		files = nil
		for _, f := range texts(e) {
			files = append(files, path.Join(base, f))
		}
	}
	for _, f := range files {
		data, err := g.s.read(g.s.place(), f)
		if refused := place.Refused(err); refused != nil {
			g.s.out.Gap(parity.Gap{Where: refused.Path, Reason: "the env file of an include is not read: " + refused.Error(), Hint: refused.Hint})
		}
		if err == nil {
			_ = g.write(f, data)
		}
	}
}

// extends looks at what a service extends from another file.
func (g *graph) extends(service *yaml.Node, name, at, base string) error {
	ext := field(service, "extends")
	file := field(ext, "file")
	if file == nil || file.Value == "" {
		return nil
	}
	target := g.s.env.inName(file.Value)
	if !g.there(target, base, at, file, parity.Gap{Kind: serviceKind, Name: name}) {
		drop(service, "extends")
		return nil
	}
	full := path.Join(base, target)
	return g.layOut(full, path.Dir(full))
}

// there reports whether a file that another names can be read here; where not,
// it is a gap.
func (g *graph) there(target, base, at string, n *yaml.Node, gap parity.Gap) bool {
	gap.Where = g.s.display(at)
	if n.Line > 0 {
		gap.Where = (&doc.Error{Line: int32(n.Line), Col: int32(n.Column)}).In(gap.Where)
	}
	_, unknown := g.s.env.unknownIn(target)
	full := path.Join(base, target)
	switch {
	case unknown:
		gap.Reason = "the name of a file that the Compose file takes in needs a variable that is not set"
		gap.Hint = "set it under environment, or in an env file"
	case isRemote(target):
		gap.Reason = "the Compose file takes in a remote file, which is not fetched: what it would add is unknown"
		gap.Hint = "keep a copy beside the Compose file"
	case !path.IsAbs(target) && place.RefusedAt(g.s.place().FS, full) != nil:
		refused := place.RefusedAt(g.s.place().FS, full)
		gap.Reason = "the Compose file takes in what is not read: " + refused.Error()
		gap.Hint = refused.Hint
	case path.IsAbs(target) || !fs.ValidPath(full) || !g.isFile(full):
		gap.Reason = "the Compose file takes in a file that is not there: " + path.Base(target)
		gap.Hint = "add it, or take the entry out"
	default:
		return true
	}
	g.s.out.Gap(gap)
	return false
}

func (g *graph) isFile(at string) bool {
	info, err := fs.Stat(g.s.place().FS, at)
	return err == nil && info.Mode().IsRegular()
}

func isRemote(target string) bool {
	return strings.Contains(target, "://") || strings.HasPrefix(target, "git@") || strings.HasPrefix(target, "github.com/") ||
		strings.HasPrefix(target, "oci:")
}

// layOut puts a file and what it takes in where the library reads it.
func (g *graph) layOut(at, base string) error {
	if g.seen[at] {
		return nil
	}
	if len(g.seen) >= maxIncluded {
		return &parity.Error{Code: parity.CodeConfig, Where: g.s.display(at), What: "the Compose files include too many others"}
	}
	g.seen[at] = true
	text, err := g.file(at, base)
	if err != nil {
		return err
	}
	return g.write(at, text)
}

func (g *graph) write(at string, data []byte) error {
	if g.temp == "" {
		dir, err := os.MkdirTemp("", "parity-compose-")
		if err != nil {
			return &parity.Error{Code: parity.CodeUnavailable, What: "no directory can be made for the files that a Compose file includes", Err: err}
		}
		g.temp = dir
	}
	full := g.name(at)
	if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
		return &parity.Error{Code: parity.CodeUnavailable, What: "the files that a Compose file includes cannot be laid out"}
	}
	if err := os.WriteFile(full, data, 0o600); err != nil {
		return &parity.Error{Code: parity.CodeUnavailable, What: "the files that a Compose file includes cannot be laid out"}
	}
	return nil
}

// name is where the library finds a file, or would.
func (g *graph) name(at string) string {
	top := g.temp
	if top == "" {
		top = string(filepath.Separator)
	}
	return filepath.Join(top, filepath.FromSlash(at))
}

func (g *graph) close() {
	if g.temp != "" {
		_ = os.RemoveAll(g.temp)
	}
}

// field gives the value of a key; aliases are followed.
func field(n *yaml.Node, key string) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			v := n.Content[i+1]
			for v.Kind == yaml.AliasNode {
				v = v.Alias
			}
			return v
		}
	}
	return nil
}

// drop takes a key out of a map.
func drop(n *yaml.Node, key string) {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n == nil || n.Kind != yaml.MappingNode {
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			n.Content = append(n.Content[:i:i], n.Content[i+2:]...)
			return
		}
	}
}
