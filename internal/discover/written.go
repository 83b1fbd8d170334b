package discover

import (
	"bytes"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// written are the variables that a workflow writes into the .env file that
// Compose reads where it deploys.
type written struct {
	fresh  bool // the file is made anew, so that the repository's own is not read
	values map[string]string
}

// workflow is what is read of a workflow of GitHub.
type workflow struct {
	Env  map[string]string
	Jobs map[string]struct {
		Env   map[string]string
		Steps []step
	}
}

type step struct {
	If, Run string
	Env     map[string]string
	With    struct{ Script string }
}

// writtenFor returns what workflows write into .env for a list of Compose files.
// Jobs that write different things for the same files say nothing.
func (inv *inventory) writtenFor(files []string) (written, bool) {
	var out written
	found := false
	for _, d := range inv.folders {
		if !strings.HasPrefix(d.path, ".github") {
			continue
		}
		for _, name := range d.files {
			if !isYAML(name) || !bytes.Contains(inv.head(path.Join(d.path, name)), []byte("COMPOSE_FILE")) {
				continue
			}
			for _, w := range inv.writtenIn(path.Join(d.path, name), files) {
				if found && (w.fresh != out.fresh || !maps.Equal(w.values, out.values)) {
					return written{}, false
				}
				out, found = w, true
			}
		}
	}
	return out, found
}

// writtenIn reads one workflow.
func (inv *inventory) writtenIn(at string, files []string) []written {
	var flow workflow
	if yaml.NewDecoder(bytes.NewReader(inv.head(at))).Decode(&flow) != nil {
		return nil
	}
	var out []written
	for _, name := range slices.Sorted(maps.Keys(flow.Jobs)) {
		job := flow.Jobs[name]
		env := map[string]string{}
		maps.Copy(env, flow.Env)
		maps.Copy(env, job.Env)
		if w, ok := inv.writtenBy(job.Steps, env, files); ok {
			out = append(out, w)
		}
	}
	return out
}

// writtenBy runs through the steps of a job as they run for a list of Compose
// files: a step under a condition that names other files is another environment's,
// and one that names none may not run.
func (inv *inventory) writtenBy(steps []step, env map[string]string, files []string) (w written, ok bool) {
	w.values = map[string]string{}
	for _, s := range steps {
		own := maps.Clone(env)
		maps.Copy(own, s.Env)
		exports, dotenv := assignments(s.Run+"\n"+s.With.Script, own)
		if s.If != "" && !inv.names(exports, files) && !inv.names(dotenv.values, files) {
			continue
		}
		maps.Copy(env, exports)
		if dotenv.fresh {
			w = dotenv
			continue
		}
		maps.Copy(w.values, dotenv.values)
	}
	ok = inv.names(w.values, files)
	delete(w.values, "COMPOSE_FILE")
	delete(w.values, "COMPOSE_PATH_SEPARATOR")
	return w, ok
}

// names reports whether variables name these Compose files.
func (inv *inventory) names(vars map[string]string, files []string) bool {
	list, ok := inv.stackIn(".", "COMPOSE_FILE="+vars["COMPOSE_FILE"])
	return ok && slices.Equal(list, files)
}

// echoed is a line of a shell that writes one variable into a file.
var echoed = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*echo\s+(["']?)([A-Za-z_][A-Za-z0-9_]*)=(.*?)(["']?)\s*(>>?)\s*["']?([^"'\s]+)["']?\s*$`)
})

// assignments reads the lines of a script that write variables into .env and into
// the file of GitHub that sets variables of later steps.
func assignments(script string, env map[string]string) (exports map[string]string, dotenv written) {
	exports, dotenv.values = map[string]string{}, map[string]string{}
	for line := range strings.Lines(script) {
		m := echoed().FindStringSubmatch(line)
		if m == nil || m[1] != m[4] {
			continue
		}
		name, text, to := m[2], expressed(m[3], env), dotenv.values
		switch m[6] {
		case "$GITHUB_ENV", "${GITHUB_ENV}":
			to = exports
		case ".env", "./.env":
			if m[5] == ">" {
				dotenv.fresh = true
				clear(dotenv.values)
			}
		default:
			continue
		}
		to[name] = text
		if !knownText(name, text) {
			delete(to, name)
		}
	}
	return exports, dotenv
}

var (
	expressionForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\$\{\{\s*([A-Za-z0-9_.-]+)\s*\}\}`) })
	secretForm     = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?i)(pass|pwd|secret|token|credential|key|auth|dsn)`)
	})
)

// expressed puts the variables of a job in place of the expressions that name
// them. Other expressions stay as they are written.
func expressed(text string, env map[string]string) string {
	return expressionForm().ReplaceAllStringFunc(text, func(e string) string {
		name, ok := strings.CutPrefix(expressionForm().FindStringSubmatch(e)[1], "env.")
		if value, set := env[name]; ok && set {
			return value
		}
		return e
	})
}

// knownText reports whether a text says what a variable is: nothing that a shell
// would put in, no variable of the job that is not set, and no secret in clear,
// which is not copied.
func knownText(name, text string) bool {
	plain := expressionForm().ReplaceAllString(text, "")
	switch {
	case len(text) > maxVariable, strings.ContainsAny(plain, "$`\\\n"), strings.Contains(text, "${{ env."):
		return false
	case strings.Contains(text, "${{"):
		return true
	}
	return !secretForm().MatchString(name) && !strings.Contains(text, "@")
}

// maxVariable bounds the texts that are copied into parity.yaml.
const maxVariable = 500

// settle leaves out variables that stand for the same expression in several
// environments: what it gives in each is not known.
func (p *Plan) settle() {
	seen := map[string]int{}
	each := func(f func(name, text string, vars map[string]string)) {
		for _, e := range p.Environments {
			for _, s := range slices.Concat(e.Sources, instanceSources(e)) {
				for _, k := range s.Keys {
					for _, name := range slices.Sorted(maps.Keys(k.Map)) {
						f(name, k.Map[name], k.Map)
					}
				}
			}
		}
	}
	each(func(name, text string, _ map[string]string) { seen[name+"="+text]++ })
	each(func(name, text string, vars map[string]string) {
		if strings.Contains(text, "${{") && seen[name+"="+text] > 1 {
			delete(vars, name)
		}
	})
}

func instanceSources(e Environment) []Source {
	var out []Source
	for _, in := range e.Instances {
		out = append(out, in.Sources...)
	}
	return out
}
