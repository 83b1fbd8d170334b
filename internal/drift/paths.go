package drift

import (
	"sort"
	"strings"

	"github.com/envparity/parity"
)

// item is one item of a list within a path: path[:list] is the list's own
// path, path[:end] the item's.
type item struct{ list, end int }

// itemsIn finds the list items that a path passes, outermost first. A member
// ("[=x]") is the last: its text may hold brackets of its own.
func itemsIn(path string) []item {
	var out []item
	for i := 0; i < len(path); i++ {
		if path[i] != '[' {
			continue
		}
		end := strings.IndexByte(path[i:], ']')
		if strings.HasPrefix(path[i:], "[=") {
			end = strings.LastIndexByte(path[i:], ']')
		}
		if end < 0 {
			return out
		}
		end += i + 1
		if end < len(path) && path[end] == '#' { // one of several of a name
			for end++; end < len(path) && path[end] >= '0' && path[end] <= '9'; end++ {
			}
		}
		out = append(out, item{i, end})
		i = end - 1
	}
	return out
}

// positional reports whether an item is known by its position only.
func (x item) positional(path string) bool {
	c := path[x.list+1]
	return c >= '0' && c <= '9'
}

// below reports whether a path is p or below it.
func below(path, p string) bool {
	if !strings.HasPrefix(path, p) {
		return false
	}
	return len(path) == len(p) || path[len(p)] == '/' || path[len(p)] == '['
}

// hasBelow reports whether any of the sorted paths is p or below it. Paths that
// begin with p stand together, though others may stand between those below it.
func hasBelow(n int, at func(int) string, p string) bool {
	for i := sort.Search(n, func(i int) bool { return at(i) >= p }); i < n && strings.HasPrefix(at(i), p); i++ {
		if below(at(i), p) {
			return true
		}
	}
	return false
}

func factsBelow(facts []parity.Fact, p string) bool {
	return hasBelow(len(facts), func(i int) string { return facts[i].Path }, p)
}

func pathsBelow(paths []string, p string) bool {
	return hasBelow(len(paths), func(i int) string { return paths[i] }, p)
}

// factAt finds the fact at a path, or nil.
func factAt(facts []parity.Fact, path string) *parity.Fact {
	i := sort.Search(len(facts), func(i int) bool { return facts[i].Path >= path })
	if i < len(facts) && facts[i].Path == path {
		return &facts[i]
	}
	return nil
}

// textAt is the canonical text at a path, or "".
func textAt(facts []parity.Fact, path string) string {
	if f := factAt(facts, path); f != nil && f.Value.Kind != parity.Secret {
		return f.Value.Canonical()
	}
	return ""
}

// freeMaps are maps whose keys are anybody's: what stands under one key has
// nothing to do with what stands under another.
var freeMaps = map[string]bool{
	"annotations": true, "labels": true, "matchLabels": true, "data": true, "stringData": true,
	"binaryData": true, "nodeSelector": true, "selector": true,
}

// boundaries calls visit with every prefix of a path that is a place of its
// own, shortest first, until it returns false. It ends at a map of free keys.
func boundaries(path string, visit func(prefix string) bool) {
	items := itemsIn(path)
	start := 0
	for i := 1; i <= len(path); i++ {
		if len(items) > 0 && i == items[0].list {
			if !visit(path[:i]) || !visit(path[:items[0].end]) {
				return
			}
			i, start = items[0].end, items[0].end
			items = items[1:]
			if i < len(path) && path[i] == '[' {
				i-- // an item right within an item
			}
			continue
		}
		if i < len(path) && path[i] != '/' {
			continue
		}
		if i > start && !visit(path[:i]) {
			return
		}
		if i > start && freeMaps[path[start+1:i]] {
			return
		}
		start = i
	}
}

// lastName is the name of the field that a list's path ends with.
func lastName(list string) string {
	return list[strings.LastIndexByte(list, '/')+1:]
}

// kubernetes reports whether a subject is an object of Kubernetes: the kinds of
// other formats begin with a small letter.
func kubernetes(k parity.Key) bool {
	return k.Kind != "" && k.Kind[0] >= 'A' && k.Kind[0] <= 'Z'
}

// wholeLists are lists of Kubernetes with named items that whoever sets one
// item sets as a whole: the API calls them atomic. Lists without names and
// lists of scalars are so too, but for finalizers.
var wholeLists = map[string]bool{
	"subjects": true, "tolerations": true, "envFrom": true, "metrics": true, "policies": true,
	"matchExpressions": true, "nodeSelectorTerms": true, "items": true, "sources": true,
	"httpHeaders": true, "sysctls": true, "options": true, "paths": true, "tls": true, "rules": true,
	"requiredDuringSchedulingIgnoredDuringExecution":  true,
	"preferredDuringSchedulingIgnoredDuringExecution": true,
	"scopeSelector": true, "allowedTopologies": true, "ingress": true, "egress": true,
}

// wholeList reports whether the desired source owns every item of the list once
// it sets one.
func wholeList(k parity.Key, list string, x item, f *parity.Fact) bool {
	switch {
	case f.Value.Kind == parity.Tuple, f.Rules.Has(parity.FlagForm):
		return true
	case f.Value.Kind == parity.Set:
		return !strings.HasSuffix(list, "/finalizers")
	case x.positional(f.Path):
		return true
	}
	return kubernetes(k) && builtinGroup(k.Group) && wholeLists[lastName(list)]
}

// builtinGroup reports whether Kubernetes itself serves the group: of others it
// is not known how their lists merge.
func builtinGroup(group string) bool {
	return !strings.Contains(group, ".") || strings.HasSuffix(group, ".k8s.io") && group != "gateway.networking.k8s.io"
}
