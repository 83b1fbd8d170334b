package suspect

import (
	"slices"
	"strings"

	"github.com/envparity/parity/internal/word"
)

// general are words of settings that do not say what a setting is for.
const general = " size max min maximum minimum count num number limit limits enabled enable disabled disable default total factor percent threshold mode" +
	" time ms millis sec secs seconds minutes duration interval period db database sql jdbc datasource data http https grpc rpc tcp tls" +
	" client server service app application web api request requests response responses connection connections conn conns connect read write" +
	" open idle open env config value per second global main use on off url host port "

// byQualifier speaks against a setting that says what it is for, where that is
// nothing of what is seen: ARCHIVE_POOL_SIZE of an endpoint that archives
// nothing, as far as names tell.
func (x symptom) byQualifier(c *clue) point {
	name := setting(c.Difference.Path)
	if name == "" || c.mechanism == nil {
		return point{}
	}
	for _, w := range word.Split(name) {
		s := word.Singular(w)
		if strings.Contains(general, " "+w+" ") || c.mechanism.speaks(s) || x.known[w] || w == x.service || slices.Contains(x.words, w) || slices.Contains(x.words, s) {
			continue
		}
		return point{-0.6, "it is for " + w + ", as its name says"}
	}
	return point{}
}

// setting is the name of a variable or of a key of a ConfigMap; empty for what
// has no name of its own.
func setting(path string) string {
	if rest, ok := strings.CutPrefix(path, "/data/"); ok {
		return rest
	}
	if _, rest, ok := strings.Cut(path, "/env[name="); ok {
		name, _, _ := strings.Cut(rest, "]")
		return name
	}
	return ""
}

// speaks reports whether a word is one of the mechanism's own.
func (m *mechanism) speaks(word string) bool {
	for _, alternative := range m.all {
		if slices.Contains(alternative, word) {
			return true
		}
	}
	return false
}
