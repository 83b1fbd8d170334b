package tfconfig

import (
	"encoding/base64"
	"errors"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

var errFile = errors.New("the file cannot be read in the repository")

// inRepository finds a path that an expression names: those that begin with
// path.module or path.root do so from the root module. ok is false for a path out
// of the repository.
func (r *run) inRepository(name string) (string, bool) {
	if path.IsAbs(name) || strings.HasPrefix(name, "~") {
		return "", false
	}
	full := path.Join(r.rootDir, name)
	return full, fs.ValidPath(full)
}

// open reads a file that an expression names.
func (r *run) open(name string) ([]byte, error) {
	full, ok := r.inRepository(name)
	if !ok {
		return nil, errFile
	}
	data, err := r.read(full)
	if err != nil || len(data) > maxArgument {
		return nil, errFile
	}
	return sanitized(data), nil
}

func (r *run) fileFunctions(others map[string]function.Function) map[string]function.Function {
	text := func(f func(data []byte) (cty.Value, error)) function.Function {
		return ofText(1, func(a []string) (cty.Value, error) {
			data, err := r.open(a[0])
			if err != nil {
				return cty.UnknownVal(cty.String), nil //nolint:nilerr // what is not in the repository is not known
			}
			return f(data)
		})
	}
	all := map[string]function.Function{
		"file": text(func(data []byte) (cty.Value, error) {
			if !utf8.Valid(data) {
				return cty.NilVal, errFile
			}
			return cty.StringVal(string(data)), nil
		}),
		"filebase64": text(func(data []byte) (cty.Value, error) {
			return cty.StringVal(base64.StdEncoding.EncodeToString(data)), nil
		}),
		"fileexists": ofText(1, func(a []string) (cty.Value, error) {
			full, ok := r.inRepository(a[0])
			if !ok {
				return cty.UnknownVal(cty.Bool), nil
			}
			info, err := fs.Stat(r.files.FS, full)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return cty.UnknownVal(cty.Bool), nil
			}
			return cty.BoolVal(err == nil && info.Mode().IsRegular()), nil
		}),
		"fileset":      unknowable,
		"templatefile": r.templateFile(others),
	}
	for _, name := range [...]string{"md5", "sha1", "sha256", "sha512", "base64sha256", "base64sha512"} {
		digest := others[name]
		all["file"+name] = text(func(data []byte) (cty.Value, error) { return digest.Call([]cty.Value{cty.StringVal(string(data))}) })
	}
	return all
}

// templateFile renders a template with its variables. Templates read no files.
func (r *run) templateFile(functions map[string]function.Function) function.Function {
	return dynamic([]function.Parameter{{Name: "path", Type: cty.String}, anyParam("vars")}, nil, func(a []cty.Value) (cty.Value, error) {
		data, err := r.open(a[0].AsString())
		if err != nil {
			return cty.UnknownVal(cty.String), nil //nolint:nilerr // what is not in the repository is not known
		}
		if !shallow(data) {
			return cty.NilVal, errFile
		}
		x, diags := hclsyntax.ParseTemplate(data, a[0].AsString(), hcl.InitialPos)
		if diags.HasErrors() || a[1].IsNull() || !a[1].Type().IsObjectType() && !a[1].Type().IsMapType() {
			return cty.NilVal, errors.New("it is no template")
		}
		body := &hclsyntax.Body{Attributes: hclsyntax.Attributes{"t": {Name: "t", Expr: x}}}
		if !guarded(body, r.budget) {
			return cty.NilVal, errTooMuch
		}
		vars := a[1].AsValueMap()
		weight := 0
		for _, t := range x.Variables() {
			weight += size(vars[t.RootName()])
		}
		if !r.budget.charge(weight) {
			return cty.NilVal, errTooMuch
		}
		v, diags := x.Value(&hcl.EvalContext{Variables: vars, Functions: functions})
		if diags.HasErrors() {
			return cty.NilVal, errors.New("the template cannot be rendered")
		}
		return v, nil
	})
}
