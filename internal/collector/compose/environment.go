package compose

import (
	"bytes"
	"cmp"
	"errors"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// variable is one effective variable of a service.
type variable struct {
	text string
	// unknown is why the text is not known; empty where it is.
	unknown string
	// unset is the variable that the text is, where nothing sets it.
	unset  string
	hint   string
	origin *parity.Origin
	line   int32
	col    int32
}

// environment gives the effective variables of a service: its env files in
// order, later ones over earlier ones, and its own environment over all.
func (e *emitter) environment(spec map[string]any) []parity.Fact {
	own := e.own(spec["environment"])
	vars := map[string]variable{}
	for _, item := range list(spec["env_file"]) {
		e.envFile(item, own, vars)
	}
	maps.Copy(vars, own)
	var facts []parity.Fact
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		v := vars[name]
		at := "/environment[name=" + name + "]/value"
		e.subject.Traits = append(e.subject.Traits, parity.Trait{Kind: "variable", Value: name})
		if v.unknown != "" {
			e.s.out.Gap(parity.Gap{
				Kind: e.subject.Kind, Name: e.subject.Name, Path: at, Reason: v.unknown, Hint: v.hint, Unset: v.unset,
				Where: v.origin.Source(v.line, v.col),
			})
			continue
		}
		val, rules := e.s.peers.plain(variableValue(at, v.text))
		facts = append(facts, parity.Fact{
			Path: at, Value: val, Rules: rules, Surface: surfaces().Of(e.subject.Kind, at), Origin: v.origin, Line: v.line, Col: v.col,
		})
	}
	return facts
}

// variableValue says what the text of a variable is. It is never more than
// text to the process that gets it: "01" and "1" are two values.
func variableValue(at, raw string) (parity.Value, parity.RuleSet) {
	v, rules := value.Of(at, raw, value.StringScalar)
	if rules.Has(parity.ScalarForm) {
		return parity.Value{Kind: v.Kind, Raw: raw}, 0
	}
	return v, rules
}

// own reads the variables that the service itself sets.
func (e *emitter) own(v any) map[string]variable {
	vars := map[string]variable{}
	switch v := v.(type) {
	case map[string]any:
		for name, x := range v {
			vars[name] = e.ownVariable(name, text(x), x != nil)
		}
	case []any:
		for _, item := range v {
			name, raw, set := strings.Cut(text(item), "=")
			vars[name] = e.ownVariable(name, raw, set)
		}
	}
	return vars
}

// whereItRuns goes on after the name of a variable.
const whereItRuns = ", which no env file sets: Compose would take it from where it runs"

// ownVariable is one variable of the service. Without a value it is passed
// through from where Compose runs.
func (e *emitter) ownVariable(name, raw string, set bool) variable {
	out := variable{text: raw, origin: e.file("/environment", nil).inside, hint: "set it under environment, or in an env file"}
	src, n := e.locateVariable(name, raw)
	if src != nil {
		out.origin = src.inside
	}
	if !set {
		passed, ok := e.s.env.values[name]
		out.text = passed
		if !ok {
			out.unknown, out.unset = "the variable "+name+" is passed through"+whereItRuns, name
		}
		return out
	}
	if needs, ok := e.s.env.unknownIn(raw); ok {
		out.unknown, out.unset = "the value needs "+needs+whereItRuns, wholeMark(raw)
		return out
	}
	if n != nil {
		out.origin, out.line, out.col = src.line, n.Line, n.Col
	}
	return out
}

// locateVariable finds the last file that sets a variable, in either form, and the
// place there where its text is the final value: nil where it was interpolated.
func (e *emitter) locateVariable(name, raw string) (*source, *doc.Node) {
	for _, src := range slices.Backward(e.sources) {
		env := src.docs[0].At(e.section, e.subject.Name, "environment")
		if env == nil {
			continue
		}
		if n := env.Get(name); n != nil {
			if n.Text == raw && n.Kind != doc.Map && n.Kind != doc.List {
				return src, n
			}
			return src, nil
		}
		for _, item := range env.Items {
			key, text, _ := strings.Cut(item.Text, "=")
			switch {
			case key != name:
			case text == raw:
				return src, item
			default:
				return src, nil
			}
		}
	}
	return nil, nil
}

// envFile reads one env_file of a service into vars. One that is missing or
// broken hides any variable that the service does not set itself.
func (e *emitter) envFile(item any, own, vars map[string]variable) {
	spec, _ := item.(map[string]any)
	name, required, format := text(spec["path"]), spec["required"] != false, text(spec["format"])
	at := path.Join(e.s.dir, name)
	p := e.s.place()
	p.Path = at
	gap := func(reason, hint, where string) {
		e.s.out.Gap(parity.Gap{Kind: e.subject.Kind, Name: e.subject.Name, Path: "/environment", Reason: reason, Hint: hint, Where: where})
	}
	if needs, ok := e.s.env.unknownIn(name); ok {
		gap("the name of an env file needs "+needs+whereItRuns, "set it under environment, or in an env file", e.home.inside.File)
		return
	}
	if path.IsAbs(name) || !fs.ValidPath(at) {
		gap("the env file "+path.Base(name)+" is named by an absolute path, which need not be the same where Compose runs", "name it relative to the Compose file", e.home.inside.File)
		return
	}
	if _, err := fs.Stat(p.FS, at); errors.Is(err, fs.ErrNotExist) {
		if required {
			gap("the env file "+p.Display(at)+" is not there: what it would set is unknown", "add it, or mark it required: false", e.home.inside.File)
		}
		return
	}
	e.s.includes(e.file("/env_file", nil), name)
	n, asked, err := e.parseEnv(p.Path, format, own)
	if err != nil {
		fault := fileError(err, p.Display(at), "the env file cannot be read")
		gap(fault.What, cmp.Or(fault.Hint, "repair the file; what it sets is unknown until then"), fault.Where)
		return
	}
	line := &parity.Origin{File: p.Display(at), Precision: parity.AtLine}
	for _, f := range n.Fields {
		vars[f.Key] = e.fileVariable(f, asked, line)
	}
}

// parseEnv parses an env file, and gives the variables that it asked for in
// vain. The project's variables go before the service's own.
func (e *emitter) parseEnv(at, format string, own map[string]variable) (*doc.Node, map[string]bool, error) {
	data, err := e.s.read(e.s.place(), at)
	if err != nil {
		return nil, nil, err
	}
	if format == "raw" {
		return rawEnv(data), nil, nil
	}
	asked := map[string]bool{}
	n, err := doc.ParseDotenvWith(data, e.s.limits(), func(name string) (string, bool) {
		if v, ok := e.s.env.values[name]; ok {
			return v, true
		}
		if v, ok := own[name]; ok && v.unknown == "" {
			return v.text, true
		}
		asked[name] = true
		return "", false
	})
	doc.StripSOPS(n)
	return n, asked, err
}

func (e *emitter) fileVariable(f doc.Field, asked map[string]bool, line *parity.Origin) variable {
	out := variable{text: f.Value.Text, origin: line, line: f.Line, col: f.Col, hint: "set it under environment, or in an env file"}
	if f.Value.Kind == doc.Null {
		passed, ok := e.s.env.values[f.Key]
		out.text = passed
		if !ok {
			out.unknown = "the variable " + f.Key + " is passed through" + whereItRuns
		}
		return out
	}
	for name := range asked {
		if strings.Contains(out.text, "${"+name) || strings.Contains(out.text, "$"+name) {
			out.unknown = "the value needs the variable " + name + whereItRuns
		}
	}
	return out
}

// rawEnv reads an env file of which nothing is interpreted.
func rawEnv(data []byte) *doc.Node {
	n := &doc.Node{Kind: doc.Map}
	row := int32(0)
	for line := range bytes.Lines(data) {
		row++
		text := strings.TrimRight(string(line), "\r\n")
		if strings.TrimSpace(text) == "" || strings.HasPrefix(text, "#") {
			continue
		}
		name, v, set := strings.Cut(text, "=")
		value := &doc.Node{Kind: doc.String, Text: v, Line: row, Col: 1}
		if !set {
			value = &doc.Node{Line: row, Col: 1}
		}
		n.Fields = append(n.Fields, doc.Field{Key: strings.TrimSpace(name), Line: row, Col: 1, Value: value})
	}
	return n
}
