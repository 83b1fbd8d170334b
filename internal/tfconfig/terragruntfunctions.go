package tfconfig

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// unknowableGrunt are the functions of Terragrunt that run something, ask the
// process or a cloud, or decrypt.
var unknowableGrunt = []string{
	"run_cmd", "get_env", "get_aws_account_id", "get_aws_account_alias", "get_aws_caller_identity_arn", "get_aws_caller_identity_user_id",
	"sops_decrypt_file", "get_platform", "get_terraform_command", "get_terraform_cli_args", "get_default_retryable_errors",
	"get_terraform_commands_that_need_vars", "get_terraform_commands_that_need_input", "get_terraform_commands_that_need_locking",
	"get_terraform_commands_that_need_parallelism", "get_working_dir", "get_terragrunt_source_cli_flag", "constraint_check", "deep_merge", "mark_glob_as_read",
}

// functions are those of Terragrunt over Terraform's. Paths are absolute, from the
// file system's root, as Terragrunt's are.
func (g *grunt) functions() map[string]function.Function {
	all := map[string]function.Function{}
	for name, f := range g.run.functions() {
		all[name] = f
	}
	for _, name := range unknowableGrunt {
		all[name] = unknowable
	}
	more := anyParam("more")
	text := func(f func() string) function.Function {
		return dynamic(nil, &more, func([]cty.Value) (cty.Value, error) { return cty.StringVal(f()), nil })
	}
	absolute := func(dir string) function.Function { return text(func() string { return "/" + dir }) }
	parent := g.parent
	if parent == "" {
		parent = g.dir
	}
	all["get_terragrunt_dir"] = absolute(g.dir)
	all["get_original_terragrunt_dir"] = absolute(g.unit)
	all["get_parent_terragrunt_dir"] = absolute(parent)
	all["path_relative_to_include"] = text(func() string { return relativeTo(parent, g.unit) })
	all["path_relative_from_include"] = text(func() string { return relativeTo(g.unit, parent) })
	all["get_repo_root"] = text(func() string { return "/" + g.top() })
	all["get_path_from_repo_root"] = text(func() string { return relativeTo(g.top(), g.dir) })
	all["get_path_to_repo_root"] = text(func() string { return relativeTo(g.dir, g.top()) })
	all["find_in_parent_folders"] = dynamic(nil, &more, g.findAbove)
	all["read_terragrunt_config"] = dynamic([]function.Parameter{{Name: "path", Type: cty.String}}, &more, g.readConfig)
	all["read_tfvars_file"] = ofText(1, func(a []string) (cty.Value, error) {
		full, ok := g.path(a[0])
		if !ok {
			return cty.DynamicVal, nil
		}
		values, err := g.run.fileValues(full)
		if err != nil {
			return cty.DynamicVal, nil //nolint:nilerr // the problem is recorded
		}
		return cty.StringVal(jsonText(g.run.node(objectOf(values), Pos{}, seen{}, ""))), nil
	})
	for _, name := range [...]string{"file", "fileexists", "templatefile", "filebase64"} {
		all[name] = g.relocated(all[name])
	}
	return all
}

// relocated gives a function of files paths as the root module has them.
func (g *grunt) relocated(f function.Function) function.Function {
	more := anyParam("more")
	return dynamic([]function.Parameter{{Name: "path", Type: cty.String}}, &more, func(a []cty.Value) (cty.Value, error) {
		full, ok := g.path(a[0].AsString())
		if !ok {
			return cty.DynamicVal, nil
		}
		a[0] = cty.StringVal(g.run.relative(full))
		return f.Call(a)
	})
}

// relativeTo is a directory as seen from another.
func relativeTo(from, to string) string {
	r := &run{rootDir: from}
	return r.relative(to)
}

// top finds the repository's directory.
func (g *grunt) top() string {
	for dir := g.unit; ; dir = path.Dir(dir) {
		if _, err := fs.Stat(g.run.files.FS, path.Join(dir, ".git")); err == nil || !errors.Is(err, fs.ErrNotExist) {
			return dir
		}
		if dir == "." || dir == "/" {
			return "."
		}
	}
}

// findAbove finds a file in the directories above; the second argument is for where
// there is none.
func (g *grunt) findAbove(a []cty.Value) (cty.Value, error) {
	name := TerragruntFile
	if len(a) > 0 {
		if name = plainText(a[0]); name == "" {
			return cty.UnknownVal(cty.String), nil
		}
	}
	for dir := path.Dir(g.dir); ; dir = path.Dir(dir) {
		full := path.Join(dir, name)
		if info, err := fs.Stat(g.run.files.FS, full); err == nil && (!info.IsDir() || !strings.Contains(name, ".")) {
			return cty.StringVal("/" + full), nil
		}
		if dir == "." || dir == "/" {
			break
		}
	}
	if len(a) > 1 {
		return a[1], nil
	}
	return cty.NilVal, errors.New("there is no such file above")
}

// readConfig evaluates another file of Terragrunt as its own.
func (g *grunt) readConfig(a []cty.Value) (cty.Value, error) {
	full, ok := g.path(a[0].AsString())
	if !ok {
		return cty.DynamicVal, nil
	}
	if info, err := fs.Stat(g.run.files.FS, full); err != nil || info.IsDir() {
		if len(a) > 1 {
			return a[1], nil
		}
		if err == nil {
			full = path.Join(full, TerragruntFile)
		}
	}
	inner := &grunt{run: g.run, unit: g.unit, dir: path.Dir(full), depth: g.depth + 1}
	if !inner.file(full) {
		return cty.DynamicVal, nil
	}
	return inner.value(), nil
}
