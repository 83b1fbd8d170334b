package jsonreport

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/invopop/jsonschema"

	"github.com/envparity/parity"
)

var update = flag.Bool("update", false, "write the schema and the golden files anew")

// The published schemas are what the vocabulary and its comments say today.
func TestSchemaIsGenerated(t *testing.T) {
	for _, c := range []struct {
		file string
		want []byte
		have []byte
	}{
		{"result.schema.json", generate(t, &parity.Result{}, "result", "Parity result, version 1"), Schema()},
		{"drift.schema.json", generate(t, &parity.DriftResult{}, "drift", "Parity drift result, version 1"), DriftSchema()},
	} {
		if *update {
			if err := os.WriteFile(c.file, c.want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if diff := cmp.Diff(string(c.want), string(c.have)); diff != "" {
			t.Errorf("%s is not what the structs say; run go test with -update\n%s", c.file, diff)
		}
	}
}

func generate(t *testing.T, root any, name, title string) []byte {
	comments := rootComments(t)
	r := jsonschema.Reflector{
		Anonymous:                 true,
		AllowAdditionalProperties: true, // a later version may add fields
		Mapper:                    mapEnum,
		LookupComment: func(rt reflect.Type, field string) string {
			return comments[rt.Name()+"."+field]
		},
	}
	s := r.Reflect(root)
	s.ID = jsonschema.ID("https://raw.githubusercontent.com/envparity/parity/main/docs/schema/" + name + ".schema.json")
	s.Title = title
	used, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range enums() {
		if !bytes.Contains(used, []byte(`"#/$defs/`+name+`"`)) {
			continue
		}
		s.Definitions[name] = &jsonschema.Schema{Type: "string", Enum: values, Description: comments[name+"."]}
	}
	allowNull(s, reflect.TypeFor[parity.Indicator](), reflect.TypeFor[parity.Score]())
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(s); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// enums are the words that the vocabulary's types may hold.
func enums() map[string][]any {
	all := map[string][]any{
		"Outcome": {parity.Pass, parity.Fail, parity.Inconclusive},
		"Role":    {parity.Desired, parity.Live, parity.Observed},
		"State":   {parity.Present, parity.Absent, parity.UnknownState, parity.NotApplicable},
	}
	all["DriftKind"] = []any{parity.DriftChanged, parity.DriftMissing, parity.DriftRemoved, parity.DriftAdded, parity.DriftWidened}
	all["DriftOwner"] = []any{parity.AutoscalerOwner, parity.ControllerOwner, parity.AdmissionOwner, parity.LifecycleOwner}
	for _, v := range parity.Classes() {
		all["Class"] = append(all["Class"], v)
	}
	for _, v := range parity.Surfaces() {
		all["Surface"] = append(all["Surface"], v)
	}
	for _, v := range parity.Severities() {
		all["Severity"] = append(all["Severity"], v)
	}
	for _, v := range parity.Rules() {
		all["Rule"] = append(all["Rule"], v)
	}
	for _, v := range parity.ImageStates() {
		all["ImageState"] = append(all["ImageState"], v)
	}
	for k := parity.Null; !strings.Contains(k.String(), "("); k++ {
		all["ValueKind"] = append(all["ValueKind"], k)
	}
	for _, v := range []parity.Change{
		parity.ToggleChange, parity.VersionChange, parity.SizingChange, parity.ScheduleChange,
		parity.AddressChange, parity.TextChange, parity.SecretChange, parity.KindChange, parity.NameChange,
		parity.OrderChange, parity.StructureChange, parity.IdentifierChange, parity.BehaviourChange,
	} {
		all["Change"] = append(all["Change"], v)
	}
	return all
}

func mapEnum(t reflect.Type) *jsonschema.Schema {
	if t.PkgPath() == reflect.TypeFor[parity.Class]().PkgPath() {
		if _, ok := enums()[t.Name()]; ok {
			return &jsonschema.Schema{Ref: "#/$defs/" + t.Name()}
		}
	}
	if t.Kind() != reflect.Map || t.Key().Kind() == reflect.String {
		return nil
	}
	value := &jsonschema.Schema{Type: "integer"}
	switch t.Elem().Kind() {
	case reflect.Map:
		value = mapEnum(t.Elem())
	case reflect.Struct: // defined where it is used by itself too
		value = &jsonschema.Schema{Ref: "#/$defs/" + t.Elem().Name()}
	}
	return &jsonschema.Schema{Type: "object", PropertyNames: mapEnum(t.Key()), AdditionalProperties: value}
}

// allowNull lets the pointers of the types be null where JSON writes them so.
func allowNull(s *jsonschema.Schema, types ...reflect.Type) {
	for _, t := range types {
		if s.Definitions[t.Name()] == nil {
			continue
		}
		for i := range t.NumField() {
			f := t.Field(i)
			tag := f.Tag.Get("json")
			if f.Type.Kind() != reflect.Pointer || strings.Contains(tag, "omitempty") {
				continue
			}
			p, _ := s.Definitions[t.Name()].Properties.Get(tag)
			p.AnyOf = []*jsonschema.Schema{{Type: p.Type}, {Type: "null"}}
			p.Type = ""
		}
	}
}

// rootComments reads the comments of the vocabulary, as Type.Field or Type.
func rootComments(t *testing.T) map[string]string {
	files, err := filepath.Glob("../../../*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no source of the root package: %v", err)
	}
	comments := map[string]string{}
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			if g, ok := d.(*ast.GenDecl); ok {
				typeComments(g, comments)
			}
		}
	}
	return comments
}

func typeComments(g *ast.GenDecl, comments map[string]string) {
	for _, spec := range g.Specs {
		ts, ok := spec.(*ast.TypeSpec)
		if !ok {
			continue
		}
		comments[ts.Name.Name+"."] = sentence(g.Doc, ts.Doc)
		st, ok := ts.Type.(*ast.StructType)
		if !ok {
			continue
		}
		for _, f := range st.Fields.List {
			for _, n := range f.Names {
				comments[ts.Name.Name+"."+n.Name] = sentence(f.Doc, f.Comment)
			}
		}
	}
}

func sentence(groups ...*ast.CommentGroup) string {
	for _, g := range groups {
		if text := g.Text(); text != "" {
			return strings.Join(strings.Fields(text), " ")
		}
	}
	return ""
}
