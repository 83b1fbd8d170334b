package grouping

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/excerpt"
)

// segment is one step of a path: a key, and what chooses an item below it.
type segment struct {
	key   string
	items []string // the texts in brackets
}

// segmentsOf takes a path apart.
func segmentsOf(path string) []segment {
	var out []segment
	for path != "" {
		path = strings.TrimPrefix(path, "/")
		end := strings.IndexAny(path, "/[")
		if end < 0 {
			return append(out, segment{key: path})
		}
		s := segment{key: path[:end]}
		path = path[end:]
		for strings.HasPrefix(path, "[") {
			end := closing(path)
			s.items = append(s.items, path[1:end])
			path = path[min(end+1, len(path)):]
			if rest, ok := strings.CutPrefix(path, "#"); ok { // the second of two that are alike
				path = strings.TrimLeft(rest, "0123456789")
			}
		}
		out = append(out, s)
	}
	return out
}

// closing is where the bracket that a text begins with closes: its end where it
// does not.
func closing(text string) int {
	depth := 0
	for i := range len(text) {
		switch text[i] {
		case '[':
			depth++
		case ']':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(text)
}

// frames are keys around what an object says: they are left out of a place.
var frames = map[string]bool{"spec": true, "template": true, "metadata": true, "jobTemplate": true, "data": true, "stringData": true}

// containers are the lists of containers, with what one of them is called.
var containers = map[string]string{"containers": "container", "initContainers": "init container", "ephemeralContainers": "container"}

// variables are the lists of variables.
var variables = []string{"env", "environment", "effectiveEnv"}

// placeWords names the end of a path for people: a variable or a flag by its
// name, a container where it is not called as its subject is, and of the rest
// the last keys.
func placeWords(d *parity.Difference, path string) string {
	segments := segmentsOf(path)
	for len(segments) > 1 && frames[segments[0].key] && len(segments[0].items) == 0 {
		segments = segments[1:]
	}
	container := ""
	for i := range segments {
		if word, ok := containers[segments[i].key]; ok && len(segments[i].items) > 0 {
			name, last := itemWords(segments[i].items[0]), i == len(segments)-1
			if last || word != "container" || name != nameOf(d) && severalContainers(d) {
				container = word + " " + name + " "
			}
			segments = segments[i+1:]
			break
		}
	}
	if len(segments) == 0 {
		return strings.TrimSpace(container)
	}
	return container + endWords(segments)
}

// severalContainers reports whether a subject has more than one container.
func severalContainers(d *parity.Difference) bool {
	if d.Aligned == nil {
		return true
	}
	for _, s := range d.Aligned.Sides {
		if s == nil {
			continue
		}
		first := ""
		for i := range s.Facts {
			_, rest, ok := strings.Cut(s.Facts[i].Path, "/containers[name=")
			if !ok {
				continue
			}
			name, _, _ := strings.Cut(rest, "]")
			if first != "" && name != first {
				return true
			}
			first = name
		}
	}
	return false
}

// endWords names the last of some segments.
func endWords(segments []segment) string {
	for i := range slices.Backward(segments) {
		s := &segments[i]
		list := strings.ToLower(s.key)
		if len(s.items) > 0 && (slices.Contains(variables, s.key) || isVariables(list)) {
			return itemWords(s.items[0])
		}
	}
	last := segments[len(segments)-1]
	if isFlags(last.key) && len(last.items) > 0 && strings.HasPrefix(last.items[0], "=-") {
		return strings.TrimPrefix(last.items[0], "=")
	}
	if len(last.items) > 0 && strings.HasPrefix(last.items[0], "purl=pkg:") {
		return "package " + strings.ReplaceAll(strings.TrimPrefix(last.items[0], "purl=pkg:"), "%40", "@")
	}
	const keys = 3
	cut := ""
	if len(segments) > keys {
		// The first key of a file says which file it is.
		if strings.Contains(segments[0].key, ".") {
			cut = segments[0].words() + " "
		}
		// Of what is cut, the last item says which one it is.
		for i := range slices.Backward(segments[:len(segments)-keys]) {
			if s := &segments[i]; len(s.items) > 0 && (i > 0 || cut == "") {
				cut += s.words() + " "
				break
			}
		}
		segments = segments[len(segments)-keys:]
	}
	words := make([]string, len(segments))
	for i := range segments {
		words[i] = segments[i].words()
	}
	return cut + strings.Join(words, "/")
}

// isVariables reports whether a list is one of names and values, whatever it is
// called.
func isVariables(list string) bool {
	return strings.HasSuffix(list, "env") || strings.HasSuffix(list, "vars") || strings.HasSuffix(list, "variables")
}

func isFlags(list string) bool { return list == "args" || list == "command" }

// words are a segment without brackets: "rules api.example.com".
func (s *segment) words() string {
	words := s.key
	for _, item := range s.items {
		words += " " + itemWords(item)
	}
	return strings.TrimSpace(words)
}

// itemWords names an item: by the value of its key, or by its number.
func itemWords(item string) string {
	const length = 48
	if n := strings.Trim(item, "0123456789"); n == "" && item != "" {
		return "item " + item
	}
	_, text, ok := strings.Cut(item, "=")
	if !ok {
		text = item
	}
	if first, _, ok := strings.Cut(text, ","); ok && !strings.HasPrefix(item, "=") {
		text = first // several keys: the first of them
	}
	return excerpt.Middle(text, length)
}

// nameOf is the name of a subject without a generated suffix.
func nameOf(d *parity.Difference) string {
	if d.Aligned != nil && d.Aligned.Alignment.Method == "generated" && d.Aligned.Logical.Name != "" {
		return d.Aligned.Logical.Name
	}
	return d.Subject.Name
}

// object names the subjects of differences: "Deployment web", "Deployment web and
// 3 more".
func object(ds []parity.Difference) string { return objectFrom(ds, 0) }

// objectFrom is object with the subject of one of the differences named first.
func objectFrom(ds []parity.Difference, first int) string {
	type subject struct{ kind, name string }
	of := func(i int) subject { return subject{ds[i].Subject.Kind, nameOf(&ds[i])} }
	named := []subject{of(first)}
	var seen map[subject]bool // made for several only
	for i := range ds {
		s := of(i)
		if s == named[0] || seen[s] {
			continue
		}
		if seen == nil {
			seen = map[subject]bool{}
		}
		if seen[s] = true; len(named) == 1 {
			named = append(named, s)
		}
	}
	words := func(s subject) string { return strings.TrimSpace(s.kind + " " + excerpt.Middle(s.name, maxName)) }
	switch n := len(seen); n {
	case 0:
		return words(named[0])
	case 1:
		return words(named[0]) + " and " + words(named[1])
	default:
		return words(named[0]) + " and " + number(n) + " more"
	}
}

// maxName is the most cells of a subject's name in a title.
const maxName = 60
