package tfconfig

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// readText evaluates one file as a root module.
func readText(files map[string]string) *Config {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return Read(Files{FS: fsys}, "root", Options{})
}

// TestHostile: what would take too much is refused with a problem that names its
// place, and the rest is read.
func TestHostile(t *testing.T) {
	doubling := "locals {\n  x0 = \"0123456789\"\n"
	squares := "locals {\n  n0 = 10\n"
	for i := range 60 {
		doubling += fmt.Sprintf("  x%d = \"${local.x%d}${local.x%d}\"\n", i+1, i, i)
		squares += fmt.Sprintf("  n%d = local.n%d * local.n%d\n", i+1, i, i)
	}
	tests := map[string]struct{ text, problem string }{
		"loops in loops":        {"locals { a = [for i in range(1000) : [for j in range(1000) : [for k in range(1000) : \"${i}${j}${k}\"]]] }", "too much work"},
		"a large product":       {"locals { a = setproduct(range(1000), range(1000), range(1000)) }", "invalid function argument|error in function call"},
		"texts that double":     {doubling + "}", "too much work|error in function call"},
		"numbers that square":   {squares + "}\nlocals { t = \"${local.n60}\" }", "too much work"},
		"a wide format":         {"locals { a = format(\"%999999999d\", 1) }", "invalid function argument|error in function call"},
		"a long number":         {"locals { a = \"${1e600000000}\" }", "a number is too large"},
		"deep nesting":          {"locals { a = " + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + " }", "nested too deeply"},
		"many signs":            {"locals { a = " + strings.Repeat("- ", 100_000) + "1 }", "nested too deeply"},
		"many instances":        {"resource \"a_b\" \"c\" { count = 10000000 }", "more than 10000 instances"},
		"many keys":             {"resource \"a_b\" \"c\" { for_each = toset(flatten([for i in range(200) : [for j in range(200) : \"${i}-${j}\"]])) }", "too much work|error in function call|invalid function argument"},
		"a module in itself":    {"module \"a\" { source = \"../root\" }", "in a circle"},
		"two modules":           {"module \"a\" { source = \"../other\" }", "in a circle"},
		"out of the repository": {"module \"a\" { source = \"../../../etc\" }", "not in the repository"},
		"a local of itself":     {"locals {\n a = local.b\n b = local.a\n}\noutput \"a\" { value = local.a }", ""},
		"a file outside":        {"locals {\n a = file(\"/etc/passwd\")\n b = file(\"${path.module}/../../../../etc/passwd\")\n}", ""},
		"replaced texts":        {"locals { a = replace(join(\"\", range(1000)), \"0\", join(\"\", [for i in range(1000) : join(\"\", range(1000))])) }", "invalid function argument|error in function call|too much work"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := readText(map[string]string{
				"root/main.tf":  tt.text + "\nvariable \"kept\" { default = \"yes\" }\n",
				"other/main.tf": "module \"b\" { source = \"../root\" }",
			})
			found := tt.problem == "" && len(c.Problems) == 0
			for _, p := range c.Problems {
				for _, want := range strings.Split(tt.problem, "|") {
					found = found || tt.problem != "" && strings.Contains(p.What, want) && p.Pos.File != ""
				}
			}
			if !found {
				t.Errorf("want a problem %q, got %+v", tt.problem, c.Problems)
			}
			for _, m := range c.Modules {
				for i := range m.Locals {
					if strings.Contains(jsonText(m.Locals[i].Node), "root:") {
						t.Error("a file outside of the repository was read")
					}
				}
			}
		})
	}
}

// TestErrorsQuoteNothing: a problem never has the text that was read.
func TestErrorsQuoteNothing(t *testing.T) {
	for _, text := range []string{
		"locals { a = hunter2MARKER }", "locals { a = \"hunter2MARKER\" + 1 }", "hunter2MARKER = ", "variable \"a\" {\n type = number\n default = \"hunter2MARKER\"\n}",
		"locals { a = jsondecode(\"{hunter2MARKER\") }", "locals { a = tonumber(\"hunter2MARKER\") }", "locals { a = { x = 1 }.hunter2MARKER }",
	} {
		for _, p := range readText(map[string]string{"root/main.tf": text}).Problems {
			if strings.Contains(p.What+p.Hint, "MARKER") {
				t.Errorf("%s: %+v", text, p)
			}
		}
	}
}

// TestUnknown: what only a run can tell stays an expression, with what is known
// filled in.
func TestUnknown(t *testing.T) {
	c := readText(map[string]string{"root/main.tf": `
variable "unset" {}
variable "env" { default = "staging" }
data "x_y" "d" {}
resource "a_b" "r" { name = "n-${var.env}" }
resource "a_b" "s" {
  known    = a_b.r.name
  computed = a_b.r.id
  mixed    = "arn:${var.env}:${a_b.r.arn}"
  looked   = data.x_y.d.id
  unset    = "x-${var.unset}"
  time     = timestamp()
  list     = ["a", a_b.r.id]
  chosen   = var.env == "staging" ? a_b.r.id : "other"
  json     = jsonencode({ env = var.env, id = a_b.r.id })
}
`})
	if len(c.Problems) > 0 {
		t.Fatalf("%+v", c.Problems)
	}
	got := c.Modules[0].Resources[2].Attributes
	for name, want := range map[string]struct {
		text string
		open bool
	}{
		"known": {`"n-staging"`, false}, "computed": {`"${a_b.r.id}"`, false}, "mixed": {`"arn:staging:${a_b.r.arn}"`, false},
		"looked": {`"${data.x_y.d.id}"`, true}, "unset": {`"x-${var.unset}"`, true}, "time": {`"${timestamp()}"`, true},
		"list": {`["a","${a_b.r.id}"]`, false}, "chosen": {`"${a_b.r.id}"`, false}, "json": {`"{\"env\":\"staging\",\"id\":\"${a_b.r.id}\"}"`, false},
	} {
		text, _, open := Expressions(jsonText(got.Get(name)))
		if text != want.text || open != want.open {
			t.Errorf("%s: %s (open %v), want %s (open %v)", name, text, open, want.text, want.open)
		}
	}
}

// FuzzRead holds that no file makes evaluation fail, and that what it hands over is
// within bounds.
func FuzzRead(f *testing.F) {
	for _, seed := range []string{
		"variable \"a\" { default = [1] }\nresource \"a_b\" \"c\" {\n for_each = toset(var.a)\n x = each.key\n dynamic \"y\" {\n for_each = var.a\n content { z = y.value }\n }\n}",
		"locals { a = { for k, v in { x = 1 } : k => \"${v}-${local.b}\" }\n b = local.a }", "module \"m\" { source = \"./m\"\n count = 2 }",
		"terraform {\n backend \"s3\" { bucket = \"b\" }\n required_providers { x = { source = \"a/b\" } }\n}", "output \"a\" { value = one([for x in [1] : x]) }",
	} {
		f.Add([]byte(seed), false)
	}
	f.Add([]byte(`{"locals": {"a": "${[for x in [1] : x]}"}}`), true)
	f.Fuzz(func(t *testing.T, data []byte, isJSON bool) {
		name := "root/main.tf"
		if isJSON {
			name += ".json"
		}
		fsys := fstest.MapFS{name: {Data: data}, "root/terraform.tfvars": {Data: []byte("a = [\"x\"]")}, "root/m/main.tf": {Data: data}}
		c := Read(Files{FS: fsys, Limits: Limits{Instances: 100, Total: 1000, Nodes: 10_000, Depth: 5}}, "root", Options{})
		for _, p := range c.Problems {
			if p.What == "" || p.Pos.File == "" {
				t.Errorf("%+v", p)
			}
		}
	})
}

// FuzzTerragrunt holds the same of units of Terragrunt.
func FuzzTerragrunt(f *testing.F) {
	f.Add([]byte("include \"root\" {\n path = find_in_parent_folders(\"root.hcl\")\n expose = true\n}\nlocals { a = read_terragrunt_config(find_in_parent_folders(\"env.hcl\")) }\ninputs = merge(local.a.locals, { x = include.root.locals.y })\nterraform { source = \"../m\" }"))
	f.Fuzz(func(t *testing.T, data []byte) {
		fsys := fstest.MapFS{
			"root/terragrunt.hcl": {Data: data}, "root.hcl": {Data: []byte("locals { y = 1 }\ninputs = { z = local.y }")},
			"env.hcl": {Data: []byte("locals { e = \"x\" }")}, "m/main.tf": {Data: []byte("variable \"x\" {}")},
		}
		u := ReadUnit(Files{FS: fsys, Limits: Limits{Instances: 100, Total: 1000, Nodes: 10_000, Depth: 5}}, "root", Options{})
		if u.Config == nil {
			t.Error("no configuration")
		}
	})
}
