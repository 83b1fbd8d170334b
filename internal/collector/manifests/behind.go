package manifests

import (
	"bytes"
	"strings"
)

// named is an object that a file declares.
type named struct{ name, file string }

// declared notes the objects of a resource file, by kind and name, as far as
// its lines show them. kustomize can tell where an object came from, at twice
// the cost of rendering it.
func (sc *scan) declared(at, file string) {
	text, err := sc.over.ReadFile(at)
	if err != nil {
		return
	}
	kind, name, meta, indent := "", "", false, 0
	flush := func() {
		if kind != "" && name != "" {
			sc.found[kind] = append(sc.found[kind], named{name, file})
		}
		kind, name, meta, indent = "", "", false, 0
	}
	for line := range bytes.Lines(text) {
		if len(line) < 4 || line[0] == '#' {
			continue
		}
		switch {
		case bytes.HasPrefix(line, []byte("---")):
			flush()
		case bytes.HasPrefix(line, []byte("kind:")):
			kind, meta = unquoted(line[len("kind:"):]), false
		case bytes.HasPrefix(line, []byte("metadata:")):
			meta = true
			if _, rest, ok := strings.Cut(string(line), "name:"); ok {
				rest, _, _ = strings.Cut(strings.TrimLeft(rest, " "), ",")
				name = unquoted([]byte(strings.TrimRight(rest, "} \r\n")))
			}
		case line[0] != ' ':
			meta = false
		case meta && name == "":
			field := bytes.TrimLeft(line, " ")
			if indent == 0 {
				indent = len(line) - len(field)
			}
			if len(line)-len(field) == indent && bytes.HasPrefix(field, []byte("name:")) {
				name = unquoted(field[len("name:"):])
			}
		}
	}
	flush()
}

func unquoted(s []byte) string {
	text, _, _ := strings.Cut(strings.TrimSpace(string(s)), " #")
	return strings.Trim(text, `"' `)
}

// behind gives the file that declares an object: the one whose object has its
// name, or the longest part of its name, since kustomize puts prefixes,
// suffixes and hashes around it. Nothing, where two files fit as well.
func (sc *scan) behind(kind, name string) string {
	best, file := "", ""
	for _, n := range sc.found[kind] {
		if n.name == name {
			return n.file
		}
		switch {
		case !strings.Contains(name, n.name) || len(n.name) < len(best):
		case len(n.name) > len(best):
			best, file = n.name, n.file
		case n.file != file:
			file = ""
		}
	}
	return file
}
