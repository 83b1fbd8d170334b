package manifests

import (
	"slices"
	"strings"
	"text/template"

	"github.com/Masterminds/sprig/v3"
	"sigs.k8s.io/yaml"

	"github.com/envparity/parity/internal/render"
)

// templateTask is the task that puts parameters into the templates of an
// ApplicationSet.
const templateTask = "templates"

// maxTemplated bounds the text that the templates of one ApplicationSet make.
const maxTemplated = 8 << 20

// render puts each of the parameters into a tree of templates, apart. A result is
// nil where its templates fail.
func (a *appSet) render(tree any, all []params) ([]any, error) {
	var e render.Encoder
	e.Value(tree)
	e.Bool(a.goTemplate)
	encodeTexts(&e, a.options)
	e.Uint(maxTemplated)
	e.Uint(uint64(len(all)))
	for _, p := range all {
		e.Value(p)
	}
	out, err := a.s.render(templateTask, e.Data(), nil)
	if err != nil {
		return nil, &ungenerated{"its templates cannot be rendered within the bounds", "look for a loop in a template"}
	}
	d := render.NewDecoder(out)
	made := make([]any, 0, len(all))
	decodeList(d, func() { made = append(made, d.Value()) })
	if d.Err() != nil || len(made) != len(all) {
		return nil, errTemplate
	}
	return made, nil
}

// renderTemplates does one job of templateTask.
func renderTemplates(request []byte, _ func([]byte) ([]byte, error)) ([]byte, error) {
	d := render.NewDecoder(request)
	tree := d.Value()
	t := &templating{goTemplate: d.Bool(), options: decodeTexts(d), left: int(d.Uint())}
	var e render.Encoder
	n := d.Count()
	e.Uint(uint64(n))
	for range n {
		p, _ := d.Value().(map[string]any)
		if d.Failed() {
			break
		}
		out, err := t.replace(tree, p)
		if err != nil {
			out = nil
		}
		e.Value(out)
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	if t.left < 0 {
		return nil, errTooLarge
	}
	return e.Data(), nil
}

// templating puts parameters into templates.
type templating struct {
	goTemplate bool
	options    []string
	left       int // bytes that may still be made
	functions  template.FuncMap
}

// replace puts parameters into all texts of a tree.
func (t *templating) replace(v any, p map[string]any) (any, error) {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, x := range v {
			made, err := t.replace(x, p)
			if err != nil {
				return nil, err
			}
			out[k] = made
		}
		return out, nil
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			made, err := t.replace(x, p)
			if err != nil {
				return nil, err
			}
			out[i] = made
		}
		return out, nil
	case string:
		made, err := t.text(v, p)
		if t.left -= len(made); t.left < 0 {
			return nil, errTooLarge
		}
		return made, err
	}
	return v, nil
}

func (t *templating) text(text string, p map[string]any) (string, error) {
	if !strings.Contains(text, "{{") {
		return text, nil
	}
	if !t.goTemplate {
		return simple(text, p), nil
	}
	if t.functions == nil {
		t.functions = templateFunctions()
	}
	b := &bounded{left: t.left}
	err := guard(func() error {
		parsed, err := template.New("").Funcs(t.functions).Option(t.options...).Parse(text)
		if err != nil {
			return err
		}
		return parsed.Execute(b, p)
	})
	return b.String(), err
}

// bounded is a text that does not grow without end.
type bounded struct {
	strings.Builder
	left int
}

func (b *bounded) Write(data []byte) (int, error) {
	if b.left -= len(data); b.left < 0 {
		return 0, errTooLarge
	}
	return b.Builder.Write(data)
}

// simple puts parameters in the place of their names in double braces. A name
// that is none stays.
func simple(text string, p map[string]any) string {
	var b strings.Builder
	for {
		before, rest, open := strings.Cut(text, "{{")
		name, after, closed := strings.Cut(rest, "}}")
		if !open || !closed {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(before)
		if v, ok := p[strings.TrimSpace(name)].(string); ok {
			b.WriteString(v)
		} else {
			b.WriteString("{{" + name + "}}")
		}
		text = after
	}
}

// templateFunctions are those that Argo CD gives to templates, but for those
// whose results change from one time to the next.
func templateFunctions() template.FuncMap {
	all := sprig.GenericFuncMap()
	for _, name := range []string{"env", "expandenv", "getHostByName"} {
		delete(all, name)
	}
	for name := range all {
		if slices.Contains(changing(), name) || strings.HasPrefix(name, "rand") || strings.HasPrefix(name, "gen") {
			delete(all, name)
		}
	}
	all["normalize"] = normalized
	all["slugify"] = slug
	all["toYaml"] = func(v any) (string, error) {
		data, err := yaml.Marshal(v)
		return strings.TrimSuffix(string(data), "\n"), err
	}
	all["fromYaml"] = func(text string) (map[string]any, error) {
		out := map[string]any{}
		return out, yaml.Unmarshal([]byte(text), &out)
	}
	all["fromYamlArray"] = func(text string) ([]any, error) {
		var out []any
		return out, yaml.Unmarshal([]byte(text), &out)
	}
	return template.FuncMap(all)
}

// changing are the functions whose results are not the same each time.
func changing() []string {
	return []string{
		"now", "ago", "date", "dateInZone", "date_in_zone", "htmlDate", "htmlDateInZone", "uuidv4", "shuffle",
		"bcrypt", "htpasswd", "encryptAES", "buildCustomCert",
	}
}

// slug writes a text as a name of at most 50 characters. The arguments may give
// another length before it; a third one, whether words are kept whole, is taken
// as no.
func slug(args ...any) (string, error) {
	if len(args) == 0 {
		return "", errTemplateArgs
	}
	text, ok := args[len(args)-1].(string)
	limit := 50
	if len(args) > 1 {
		n, isInt := args[0].(int)
		ok, limit = ok && isInt, n
	}
	if !ok || limit < 0 || len(args) > 2 {
		return "", errTemplateArgs
	}
	name := strings.Trim(notInSlugs.ReplaceAllString(strings.ToLower(text), "-"), "-")
	return strings.Trim(name[:min(len(name), limit)], "-"), nil
}

const errTemplateArgs = fault("the arguments of a template function are wrong")
