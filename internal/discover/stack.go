package discover

import (
	"bytes"
	"path"
	"slices"
	"strings"
)

// stack finds the Compose files that are said to be used together with one of
// them: where a dotenv file or a workflow sets COMPOSE_FILE. What not all
// statements name is left out.
func (inv *inventory) stack(at string) []string {
	var out []string
	for _, list := range inv.facts.stacks {
		switch {
		case !slices.Contains(list, at):
		case out == nil:
			out = slices.Clone(list)
		default:
			out = slices.DeleteFunc(out, func(f string) bool { return !slices.Contains(list, f) })
		}
	}
	return out
}

// findStacks reads the statements of COMPOSE_FILE whose files are all there.
func (inv *inventory) findStacks() [][]string {
	var out [][]string
	for _, d := range inv.folders {
		workflow := strings.HasPrefix(d.path, ".github")
		for _, name := range d.files {
			if !isDotenv(name) && !(workflow && isYAML(name)) {
				continue
			}
			dir := d.path
			if workflow {
				dir = "."
			}
			for line := range bytes.Lines(inv.head(path.Join(d.path, name))) {
				if list, ok := inv.stackIn(dir, string(line)); ok {
					out = append(out, list)
				}
			}
		}
	}
	return out
}

// stackIn reads one line.
func (inv *inventory) stackIn(dir, line string) ([]string, bool) {
	_, text, ok := strings.Cut(line, "COMPOSE_FILE")
	if !ok {
		return nil, false
	}
	text = strings.TrimLeft(text, "=: \"'")
	if end := strings.IndexAny(text, "\"' \t\r\n"); end >= 0 {
		text = text[:end]
	}
	var out []string
	for _, f := range strings.FieldsFunc(text, func(r rune) bool { return r == ';' || r == ':' || r == ',' }) {
		at := path.Join(dir, f)
		if !inv.isFile(at) {
			return nil, false
		}
		out = append(out, at)
	}
	return out, len(out) > 0
}
