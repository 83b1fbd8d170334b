package helmfile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"sigs.k8s.io/yaml"
)

// evaluation is the evaluation of one template.
type evaluation struct {
	*reader
	file  string
	set   *template.Template
	depth int
}

// beyond are functions whose result depends on something else than their
// arguments and the files: what they return is not known.
var beyond = []string{
	"expandenv", "exec", "envExec", "fetchSecretValue", "expandSecretRefs", "getHostByName",
	"now", "date", "date_in_zone", "date_modify", "dateInZone", "dateModify", "htmlDate", "htmlDateInZone", "ago",
	"randAlphaNum", "randAlpha", "randAscii", "randNumeric", "randBytes", "randInt", "uuidv4", "shuffle",
	"genPrivateKey", "genCA", "genCAWithKey", "genSelfSignedCert", "genSelfSignedCertWithKey", "genSignedCert", "genSignedCertWithKey",
	"derivePassword", "htpasswd", "bcrypt", "encryptAES", "decryptAES", "buildCustomCert",
}

// carrying are functions that put what they are given into what they return, so
// that what is not known stays marked in it. All others are not called with it.
var carrying = []string{
	"dict", "list", "tuple", "set", "unset", "hasKey", "get", "merge", "mergeOverwrite", "mustMerge", "mustMergeOverwrite",
	"deepCopy", "mustDeepCopy", "keys", "values", "pick", "omit", "first", "last", "rest", "initial", "append", "prepend",
	"concat", "toYaml", "toJson", "toPrettyJson", "toRawJson", "mustToJson", "indent", "nindent", "quote", "squote", "default", "coalesce",
}

// functions returns what templates may call.
func (e *evaluation) functions() template.FuncMap {
	all := sprig.HermeticTxtFuncMap()
	maps.Copy(all, template.FuncMap{
		"toYaml": toYaml, "fromYaml": e.fromYaml, "get": get, "getOrNil": getOrNil, "setValueAtPath": setValueAtPath,
		"required": required, "fail": func(string) (string, error) { return "", errors.New("the template refuses its values") },
	})
	maps.Copy(all, basics())
	for name, f := range all {
		if !slices.Contains(carrying, name) {
			all[name] = careful(f)
		}
	}
	for _, name := range beyond {
		all[name] = func(...any) any { return unknown{} }
	}
	maps.Copy(all, template.FuncMap{
		"known": known, "env": e.env, "requiredEnv": e.env, "readFile": e.readFile, "isFile": e.isFile, "isDir": e.isDir, "readDir": e.readDir,
		"tpl": e.tpl, "include": e.include, "getOrNil": getOrNil, "setValueAtPath": setValueAtPath, "required": required,
		"call": func(...any) (any, error) { return nil, errors.New("call is not evaluated") },
	})
	return all
}

// env returns a variable that is known.
func (e *evaluation) env(name any) any {
	if v, ok := e.Variables[fmt.Sprint(name)]; ok && !tainted(name) {
		return v
	}
	return unknown{}
}

// careful makes a function return what is not known where it is given that.
func careful(f any) any {
	v := reflect.ValueOf(f)
	return func(args ...any) (any, error) {
		if slices.ContainsFunc(args, tainted) {
			return unknown{}, nil
		}
		in, err := arguments(v.Type(), args)
		if err != nil {
			return nil, err
		}
		out := v.Call(in)
		if len(out) > 1 && !out[1].IsNil() {
			err, _ := out[1].Interface().(error)
			return nil, err
		}
		return out[0].Interface(), nil
	}
}

var errArguments = errors.New("a function is given other arguments than it takes")

// arguments converts what a template passes to what a function takes.
func arguments(t reflect.Type, args []any) ([]reflect.Value, error) {
	fixed := t.NumIn()
	if t.IsVariadic() {
		fixed--
	}
	if len(args) < fixed || len(args) > fixed && !t.IsVariadic() {
		return nil, errArguments
	}
	in := make([]reflect.Value, len(args))
	for i, arg := range args {
		want := t.In(min(i, t.NumIn()-1))
		if t.IsVariadic() && i >= fixed {
			want = want.Elem()
		}
		v := reflect.ValueOf(arg)
		switch {
		case arg == nil:
			v = reflect.Zero(want)
		case v.Type().AssignableTo(want):
		case isNumber(v.Kind()) && isNumber(want.Kind()):
			v = v.Convert(want)
		default:
			return nil, errArguments
		}
		in[i] = v
	}
	return in, nil
}

func isNumber(k reflect.Kind) bool { return k >= reflect.Int && k <= reflect.Float64 }

func toYaml(v any) (string, error) {
	data, err := yaml.Marshal(v)
	return string(bytes.TrimRight(data, "\n")), err
}

func (e *evaluation) fromYaml(s string) (any, error) { return e.parse([]byte(s)) }

// get finds a value by a path: get "a.b" [otherwise] map. With a map first it
// takes a key of it, as other templates have it.
func get(first any, args ...any) (any, error) {
	if m, ok := first.(map[string]any); ok && len(args) == 1 {
		return m[fmt.Sprint(args[0])], nil
	}
	return found(first, args, true)
}

func getOrNil(first any, args ...any) (any, error) { return found(first, args, false) }

func found(dotted any, args []any, need bool) (any, error) {
	key, ok := dotted.(string)
	if !ok || len(args) == 0 || len(args) > 2 {
		return nil, errArguments
	}
	m, _ := args[len(args)-1].(map[string]any)
	if v, ok := at(m, key); ok {
		return v, nil
	}
	if len(args) == 2 {
		return args[0], nil
	}
	if need {
		return nil, errors.New("map has no entry for key")
	}
	return nil, nil
}

func setValueAtPath(dotted string, v any, m map[string]any) (map[string]any, error) {
	out, _ := copied(m).(map[string]any)
	keys := splitDots(dotted)
	in := out
	for _, key := range keys[:len(keys)-1] {
		next, ok := in[key].(map[string]any)
		if !ok {
			return nil, errArguments
		}
		in = next
	}
	in[keys[len(keys)-1]] = v
	return out, nil
}

func required(_ string, v any) (any, error) {
	if v == nil || v == "" {
		return nil, errors.New("nil pointer evaluating: a value is required")
	}
	return v, nil
}

// maxNested bounds templates that evaluate templates.
const maxNested = 50

func (e *evaluation) nested(f func() (any, error)) (any, error) {
	if e.depth++; e.depth > maxNested {
		return nil, errors.New("templates are nested too deeply")
	}
	defer func() { e.depth-- }()
	return f()
}

func (e *evaluation) tpl(text any, data any) (any, error) {
	if tainted(text) {
		return unknown{}, nil
	}
	return e.nested(func() (any, error) {
		t, err := e.set.Clone()
		if err != nil {
			return nil, err
		}
		if t, err = t.New("tpl").Parse(fmt.Sprint(text)); err != nil {
			return nil, err
		}
		watch(t.Tree)
		var b bytes.Buffer
		err = t.Execute(&b, data)
		return b.String(), err
	})
}

func (e *evaluation) include(name string, data any) (any, error) {
	return e.nested(func() (any, error) {
		var b bytes.Buffer
		err := e.set.ExecuteTemplate(&b, name, data)
		return b.String(), err
	})
}

func (e *evaluation) place(name any) (string, error) {
	if tainted(name) {
		return "", errUndecided
	}
	return within(e.file, fmt.Sprint(name))
}

func (e *evaluation) readFile(name any) (any, error) {
	at, err := e.place(name)
	if err != nil {
		return nil, err
	}
	data, err := e.read(at)
	return string(data), err
}

func (e *evaluation) isFile(name any) (bool, error) {
	at, err := e.place(name)
	return err == nil && regular(e.FS, at), err
}

func (e *evaluation) isDir(name any) (bool, error) {
	at, err := e.place(name)
	if err != nil {
		return false, err
	}
	info, err := fs.Stat(e.FS, at)
	return err == nil && info.IsDir(), nil
}

func (e *evaluation) readDir(name any) ([]any, error) {
	at, err := e.place(name)
	if err != nil {
		return nil, err
	}
	entries, err := fs.ReadDir(e.FS, at)
	if err != nil {
		return nil, errNoFile
	}
	var out []any
	for _, x := range entries {
		if !x.IsDir() {
			out = append(out, fmt.Sprint(name)+"/"+x.Name())
		}
	}
	return out, nil
}
