package redact

import (
	"strings"

	"github.com/envparity/parity"
)

// pathName gives the name that a path's value stands under, and the name of
// the map around it: for "/a/env[name=X]/value" X, for "/a/b/c" c and b.
func pathName(path string) (name, parent string) {
	path = path[:numbered(path)]
	if member, in := memberOf(path); in >= 0 {
		path = path[:in-2]
		if strings.HasPrefix(member, "-") && holdsFlags(path) {
			return member, ""
		}
	}
	at := lastSegment(path)
	if at < 0 {
		return path, ""
	}
	name = path[at+1:]
	if cut := bracket(name); cut >= 0 {
		name = name[:cut]
	}
	around := path[:at]
	around = around[:numbered(around)]
	if fieldShapes.may(name) && (carriers[name] || len(name) > 4 && len(name) < 16 && carriers[strings.ToLower(name)]) {
		if key := listKey(around); key != "" {
			return key, ""
		}
		if outer := lastSegment(around); outer >= 0 && bracket(around[outer:]) < 0 {
			return around[outer+1:], ""
		}
	}
	if outer := lastSegment(around); outer >= 0 {
		parent = around[outer+1:]
		if cut := bracket(parent); cut >= 0 {
			parent = parent[:cut]
		}
	}
	return name, parent
}

// holdsFlags reports whether a list is one of a command's arguments: a member of
// another list that begins with a hyphen is a value like any other.
func holdsFlags(list string) bool {
	name := strings.ToLower(list[lastSegment(list)+1:])
	for _, end := range [...]string{"args", "arguments", "flags", "options", "opts", "command", "cmd", "entrypoint"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

// name is pathName within a subject. What stands at the top of a section or of
// a named item of a settings file has the subject's name around it; a
// Kubernetes kind begins with a capital.
func (*Redactor) name(s *parity.Subject, path string) (name, parent string) {
	name, parent = pathName(path)
	if parent != "" || s == nil || s.Name == "" || s.Kind == "" || upperCase(s.Kind[0]) || lastSegment(path) > 0 {
		return name, parent
	}
	if fieldShapes.may(name) && carriers[strings.ToLower(name)] {
		return s.Name, ""
	}
	return name, s.Name
}

// lastSegment gives the place of the '/' that begins the last segment; slashes
// in brackets do not count.
func lastSegment(path string) int {
	depth := 0
	for i := len(path) - 1; i >= 0; i-- {
		switch path[i] {
		case ']':
			depth++
		case '[':
			if depth > 0 {
				depth--
			}
		case '/':
			if depth == 0 {
				return i
			}
		}
	}
	return -1
}

// bracket gives the place of the bracket that ends a segment, or -1.
func bracket(segment string) int {
	if len(segment) == 0 || segment[len(segment)-1] != ']' {
		return -1
	}
	depth := 0
	for i := len(segment) - 1; i >= 0; i-- {
		switch segment[i] {
		case ']':
			depth++
		case '[':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

// listKey gives x where the path ends in "[key=x]".
func listKey(path string) string {
	at := bracket(path)
	if at < 0 {
		return ""
	}
	_, value, ok := strings.Cut(path[at+1:len(path)-1], "=")
	if !ok {
		return ""
	}
	return value
}

// memberOf gives x and its place where the path ends in "[=x]". A member holds
// nothing below it, so that it may hold brackets and slashes itself.
func memberOf(path string) (member string, at int) {
	path = path[:numbered(path)]
	if path == "" || path[len(path)-1] != ']' {
		return "", -1
	}
	if at = strings.Index(path, "[="); at < 0 {
		return "", -1
	}
	return path[at+2 : len(path)-1], at + 2
}

// numbered gives the length of a path without the "#2" that tells an item of a
// list from one of the same name before it.
func numbered(path string) int {
	n := len(path)
	for n > 0 && path[n-1] >= '0' && path[n-1] <= '9' {
		n--
	}
	if n < len(path) && n > 1 && path[n-1] == '#' && path[n-2] == ']' {
		return n - 1
	}
	return len(path)
}

// inCommand reports whether the path is one of a command's arguments.
func inCommand(path string) bool {
	if _, at := memberOf(path); at >= 0 {
		path = path[:at-2]
	}
	return holdsFlags(path)
}

// maxAncestors is how many segments above a value are looked at.
const maxAncestors = 8

// around remembers a path without a secret word in it: the next one of the same
// subject begins alike.
type around struct{ plain string }

// hasStem is hasStem of a path. What it has in common with the one before is
// not looked at again.
func (a *around) hasStem(path string) bool {
	same := commonLength(a.plain, path) - stemsBy.longest - 1
	if hasStemFrom(path, max(0, same)) {
		return true
	}
	a.plain = path
	return false
}

// commonLength returns how many bytes two texts begin with in common.
func commonLength(a, b string) int {
	n, most := 0, min(len(a), len(b))
	for n+16 <= most && a[n:n+16] == b[n:n+16] {
		n += 16
	}
	for n < most && a[n] == b[n] {
		n++
	}
	return n
}

// inherited judges a name by the names of the maps and lists around it: what
// stands below a password is one, whatever it is called.
func inherited(path, name string, seen *around) strength {
	path = path[:numbered(path)]
	if _, in := memberOf(path); in >= 0 {
		path = path[:in-2]
	}
	at := lastSegment(path)
	if at <= 0 || !seen.hasStem(path[:at]) || plainBelow(name) {
		return plain
	}
	for range maxAncestors {
		path = path[:at]
		if at = lastSegment(path); at < 0 {
			return plain
		}
		segment := path[at+1:]
		key := ""
		if cut := bracket(segment); cut >= 0 {
			key, segment = listKey(segment), segment[:cut]
		}
		if closesNames(segment) {
			return plain
		}
		if s := max(below(segment), below(key)); s != plain {
			return s
		}
	}
	return plain
}

// plainBelow reports whether a name says that its value is no secret even
// below a secret name.
func plainBelow(name string) bool {
	ws := words(name)
	if len(ws) == 0 {
		return false
	}
	last := ws[len(ws)-1]
	return harmless[last] || last == "key" || last == "keys"
}

// closesNames reports whether what is below a segment has names of its own:
// references, metadata, descriptions of fields.
func closesNames(segment string) bool {
	switch segment {
	case "valueFrom", "metadata", "labels", "annotations", "volumes", "volumeMounts", "properties", "openAPIV3Schema", "tls", "rules", "resources":
		return true
	}
	return strings.HasSuffix(segment, "Ref") || strings.HasSuffix(segment, "Refs") || strings.HasSuffix(segment, "Selector")
}

// below judges what stands below a name.
func below(name string) strength {
	if name == "" || len(name) > 100 || !hasStem(name) {
		return plain
	}
	s := nameStrength(name)
	ws := words(name)
	switch last := ws[len(ws)-1]; {
	case last == "tokens" || last == "secrets" || last == "credentials" || last == "creds":
		return named
	case last == "secret":
		return named
	case last == "auth" || last == "authorization" || s == linked || s == keyed || s == hinted:
		return plain
	}
	return s
}

// path redacts a path. Members of lists hold values; keys are looked at where
// they could hold an address or a token. What stands for a secret is the same
// for all, so that paths meet in spite of other secrets and other keys.
func (r *Redactor) path(s *parity.Subject, path string) string {
	member, at := memberOf(path)
	if at < 0 {
		if strings.Contains(path, "://") || longWord(path) {
			path = r.replace(path, place{keys: true}, inPath).text
		}
		return path
	}
	number := path[at+len(member)+1:]
	name, parent := r.name(s, path)
	f := parity.Fact{Path: path, Value: parity.Value{Kind: parity.Set, Raw: member}}
	if name != member && !matchAny(r.public, name, path) && r.byName(s, &f, name, parent, &around{}) {
		return path[:at] + r.mask(member, inPath, true) + "]" + number
	}
	clean := r.replace(member, place{name: name, value: true, path: path}, inPath).text
	return path[:at] + clean + "]" + number
}

// longWord reports whether a path holds a word that is long enough for a token.
// It looks from the end of where the word would be, and so at few of the bytes.
func longWord(path string) bool {
	start := 0
	for start+minDrawn <= len(path) {
		i := start + minDrawn - 1
		for i >= start && drawnByte(path[i]) {
			i--
		}
		if i < start {
			return true
		}
		start = i + 1
	}
	return false
}
