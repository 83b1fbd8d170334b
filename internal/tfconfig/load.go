package tfconfig

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/json"
	"github.com/zclconf/go-cty/cty/function"
)

// run is one evaluation of a root module.
type run struct {
	files  Files
	limits Limits
	out    *Config
	budget *budget
	// parsed are the modules by directory.
	parsed map[string]*module
	// sources are the bytes of each file, from which expressions are quoted.
	sources map[string][]byte
	opened  int
	total   int
	nodes   int
	// steps count what is written out for one value, allSteps for all.
	steps, allSteps int
	rootDir         string
	// workspace is empty where only the run tells it.
	workspace string
	pure      map[string]function.Function
}

func newRun(f Files) *run {
	f.Limits = f.Limits.filled()
	return &run{
		files: f, limits: f.Limits, out: &Config{}, budget: &budget{total: maxWorkTotal},
		parsed: map[string]*module{}, sources: map[string][]byte{},
	}
}

// read reads a file within the limit.
func (r *run) read(name string) ([]byte, error) {
	if r.opened++; r.opened > r.limits.Files {
		return nil, errors.New(tooMany("files", r.limits.Files))
	}
	f, err := r.files.FS.Open(name)
	if err != nil {
		return nil, cause(err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, r.limits.Bytes+1))
	switch {
	case err != nil:
		return nil, cause(err)
	case int64(len(data)) > r.limits.Bytes:
		return nil, errors.New("the file is too large")
	}
	return data, nil
}

func cause(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// parse reads a file in the native syntax or, by its name, in JSON. nil is
// returned with a problem where it cannot be read at all.
func (r *run) parse(name string) (hcl.Body, *Problem) {
	data, err := r.read(name)
	if err != nil {
		return nil, &Problem{Pos: Pos{File: name}, What: "the file cannot be read: " + err.Error()}
	}
	if target := linkText(name, data); target != "" {
		if linked, err := r.read(target); err == nil {
			data = linked
		}
	}
	data = sanitized(data)
	if !shallow(data) {
		return nil, &Problem{Pos: Pos{File: name}, What: "the file is nested too deeply"}
	}
	var file *hcl.File
	var diags hcl.Diagnostics
	if strings.HasSuffix(name, ".json") {
		if !plainLoops(data) {
			return nil, &Problem{Pos: Pos{File: name}, What: "an expression has a loop within a loop, which is not evaluated in JSON", Hint: "write the file in the native syntax"}
		}
		file, diags = json.Parse(data, name)
	} else {
		file, diags = hclsyntax.ParseConfig(data, name, hcl.InitialPos)
	}
	if diags.HasErrors() || file == nil || file.Body == nil {
		return nil, problemOf(name, diags)
	}
	if body, ok := file.Body.(*hclsyntax.Body); ok && !guarded(body, r.budget) {
		return nil, &Problem{Pos: Pos{File: name}, What: "a number is too large"}
	}
	r.sources[name] = data
	return file.Body, nil
}

// problemOf tells of the first error. Its detail may quote the file and is left
// out.
func problemOf(name string, diags hcl.Diagnostics) *Problem {
	p := &Problem{Pos: Pos{File: name}, What: "the file cannot be parsed", Hint: "correct the file"}
	for _, d := range diags {
		if d.Severity == hcl.DiagError {
			p.What = "the file cannot be parsed: " + lowerFirst(d.Summary)
			if d.Subject != nil {
				p.Pos = posOf(*d.Subject)
			}
			break
		}
	}
	return p
}

func lowerFirst(s string) string {
	if s == "" {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

func posOf(r hcl.Range) Pos {
	return Pos{File: r.Filename, Line: int32(min(r.Start.Line, 1<<30)), Col: int32(min(r.Start.Column, 1<<30))}
}

// IsSource reports whether a file's name is one of a module's configuration.
func IsSource(name string) bool {
	for _, ext := range [...]string{".tf", ".tf.json", ".tofu", ".tofu.json"} {
		if strings.HasSuffix(name, ext) && !strings.HasPrefix(name, ".") {
			return true
		}
	}
	return false
}

// IsVariables reports whether a file's name is one of values for variables.
func IsVariables(name string) bool {
	return (strings.HasSuffix(name, ".tfvars") || strings.HasSuffix(name, ".tfvars.json")) && !strings.HasPrefix(name, ".")
}

// sourceFiles lists the files of a module: those that others override, then
// those that override. A file of OpenTofu stands in place of Terraform's of the
// same name.
func sourceFiles(fsys fs.FS, dir string) (primary, override []string, err error) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return nil, nil, cause(err)
	}
	names := map[string]bool{}
	for _, e := range entries {
		names[e.Name()] = !e.IsDir()
	}
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() || !IsSource(name) || names[strings.Replace(name, ".tf", ".tofu", 1)] && !strings.Contains(name, ".tofu") {
			continue
		}
		full := path.Join(dir, name)
		stem, _, _ := strings.Cut(name, ".")
		if stem == "override" || strings.HasSuffix(stem, "_override") {
			override = append(override, full)
		} else {
			primary = append(primary, full)
		}
	}
	slices.Sort(primary)
	slices.Sort(override)
	return primary, override, nil
}

// linkText returns what a file links to that git checked out as a text, as it does
// where the file system has no links: the path, and nothing else. Empty for any
// other file.
func linkText(name string, data []byte) string {
	text := string(data)
	if len(text) > 500 || strings.ContainsAny(text, " \t\r\n\"{}=#") || path.Ext(text) == "" || path.Ext(text) != path.Ext(name) {
		return ""
	}
	full := path.Join(path.Dir(name), text)
	if !fs.ValidPath(full) || full == name {
		return ""
	}
	return full
}
