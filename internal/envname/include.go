package envname

import (
	"path"
	"slices"
	"strings"
)

// Foreign reports whether a file of one environment includes a file of another
// one, by their paths: an element of the including path is named for an
// environment, an element of the included path for another, and no element of
// that for the first. among are the other paths that the file includes: where
// one of them is the same but for the word, the words say nothing of who
// includes it.
func Foreign(including, included string, among []string) (own, other Family, ok bool) {
	own, _, ok = owner(including, true)
	if !ok {
		return own, other, false
	}
	other, word, ok := owner(included, false)
	if !ok || other.Name == own.Name {
		return own, other, false
	}
	for _, e := range elements(included) {
		if f, _, named := element(e, true); named && f.Name == own.Name {
			return own, other, false
		}
	}
	for _, sibling := range among {
		for _, w := range own.Words {
			if sibling == strings.Replace(included, word, w, 1) {
				return own, other, false
			}
		}
	}
	return own, other, true
}

// owner finds the environment that the nearest element of a path is named for.
func owner(p string, loose bool) (f Family, word string, ok bool) {
	all := elements(p)
	for _, e := range slices.Backward(all) {
		if f, word, ok = element(e, loose); ok {
			return f, word, true
		}
	}
	return Family{}, "", false
}

func elements(p string) []string {
	return strings.Split(path.Clean(strings.ReplaceAll(p, `\`, "/")), "/")
}

// element finds the environment that an element of a path is named for: the
// whole of it, without extensions, or, for a word that means nothing else, its
// end. With loose any segment of it may be the word.
func element(e string, loose bool) (f Family, word string, ok bool) {
	stem := strings.ToLower(e)
	for ext := path.Ext(stem); ext != "" && extensions[ext]; ext = path.Ext(stem) {
		stem = strings.TrimSuffix(stem, ext)
	}
	stem = strings.TrimPrefix(stem, ".env.")
	segments := strings.FieldsFunc(stem, func(r rune) bool { return r == '-' || r == '_' || r == '.' })
	for i, s := range slices.Backward(segments) {
		g, known := Of(s)
		if !known || !slices.Contains(g.Words, s) || i > 0 && slices.Contains([]string{"non", "pre", "near"}, segments[i-1]) {
			continue
		}
		if len(segments) == 1 || loose || i == len(segments)-1 && !g.Weak {
			return g, s, true
		}
	}
	return Family{}, "", false
}

// extensions are the ends of names that say what a file is.
var extensions = map[string]bool{
	".yaml": true, ".yml": true, ".json": true, ".env": true, ".properties": true, ".toml": true, ".ini": true,
	".conf": true, ".txt": true, ".sops": true, ".enc": true, ".tpl": true, ".gotmpl": true, ".tfvars": true,
}
