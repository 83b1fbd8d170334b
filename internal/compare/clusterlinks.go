package compare

import (
	"strings"
	"unicode/utf8"

	"github.com/envparity/parity"
)

// selectorPath is where a Service says which pods it selects, podLabelsPath
// where a workload says which labels its pods have.
const (
	selectorPath  = "/spec/selector/"
	podLabelsPath = "/spec/template/metadata/labels/"
)

// joinSelectors joins a Service with the workloads whose pods it selects.
func (k *clustering) joinSelectors(rows []*row) {
	byLabel := map[string][]*row{}
	for _, w := range rows {
		for _, label := range w.pairsBelow(podLabelsPath) {
			key := joinKey(w.aligned.Logical.Scope, label)
			byLabel[key] = append(byLabel[key], w)
		}
	}
	for _, w := range rows {
		if w.aligned.Key.Kind != "Service" {
			continue
		}
		wanted := w.pairsBelow(selectorPath)
		met := map[*row]int{}
		for _, pair := range wanted {
			for _, workload := range byLabel[joinKey(w.aligned.Logical.Scope, pair)] {
				met[workload]++
			}
		}
		for _, workload := range rows {
			if n := met[workload]; n > 0 && n == len(wanted) {
				k.join(w, workload)
			}
		}
	}
}

// pairsBelow gives the keys below a path with their values.
func (w *row) pairsBelow(path string) []string {
	var pairs []string
	facts := w.any().Facts
	for i := range facts {
		if key, ok := strings.CutPrefix(facts[i].Path, path); ok {
			pairs = append(pairs, joinKey(key, facts[i].Value.Canonical()))
		}
	}
	return pairs
}

// maxRare is how many subjects may share what is rare: more of them share a
// convention, not a cause.
const maxRare = 8

// roleWords say what an object does, not to what it belongs.
var roleWords = map[string]bool{
	"access": true, "account": true, "admin": true, "binding": true, "cluster": true, "config": true, "configmap": true,
	"controller": true, "credentials": true, "default": true, "deployment": true, "editor": true, "manager": true, "metrics": true,
	"monitor": true, "namespace": true, "operator": true, "policy": true, "reader": true, "rolebinding": true, "secret": true,
	"secrets": true, "server": true, "service": true, "system": true, "token": true, "viewer": true, "webhook": true, "writer": true,
}

// nameWords are the words of a name that may say to what it belongs.
func nameWords(name string) []string {
	const minLength = 4
	var words []string
	for _, word := range strings.FieldsFunc(strings.ToLower(name), isSeparator) {
		if _, environment := wordFamily[word]; len(word) >= minLength && !environment && !roleWords[word] && !contains(words, word) {
			words = append(words, word)
		}
	}
	return words
}

// rare gives, for each row, the keys of what no subject of all columns has, and few
// others: of is what a row has, kind tells its keys from those of other things.
func (k *clustering) rare(partial []*row, kind string, of func(*row) []string) func(*row) []string {
	count := map[string]int{}
	if len(partial) == 0 {
		return func(*row) []string { return nil }
	}
	for _, w := range k.r.rows {
		n := 1
		if k.parent[w] == nil {
			n = maxRare + 1
		}
		for _, x := range of(w) {
			count[x] += n
		}
	}
	return func(w *row) []string {
		var keys []string
		for _, x := range of(w) {
			if count[x] <= maxRare {
				keys = append(keys, joinKey(kind, x))
			}
		}
		return keys
	}
}

// words are those of the row's name that may say to what it belongs.
func (w *row) words() []string { return nameWords(w.aligned.Logical.Name) }

// files are the files in which the row's subjects stand.
func (w *row) files() []string {
	var files []string
	for _, s := range w.aligned.Sides {
		if s == nil {
			continue
		}
		for o := s.Subject.Origin; o != nil; o = o.From {
			if o.File != "" && o.Precision != parity.AtFile && !contains(files, o.File) {
				files = append(files, o.File)
			}
		}
	}
	return files
}

// isSeparator reports whether a character separates the words of a name.
func isSeparator(r rune) bool { return r < utf8.RuneSelf && !alnum(byte(r)) }
