package discover

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/envparity/parity/internal/envname"
)

// IsWord reports whether a token of a name ("staging", "prd") is a word for an
// environment.
func IsWord(token string) bool {
	_, ok := envname.Of(strings.ToLower(token))
	return ok
}

// wholeWord finds the environment that a name is the word for, as a whole.
func wholeWord(name string) (envname.Family, bool) {
	spans := known(name)
	if len(spans) == 1 && spans[0].start == 0 && spans[0].end == len(name) && !spans[0].fused {
		return spans[0].family, true
	}
	return envname.Family{}, false
}

// span is a word for an environment within a name.
type span struct {
	start, end int
	family     envname.Family
	// fused reports that the word has letters beside it.
	fused bool
}

// negated are words that turn the word after them into something else.
var negated = []string{"non", "near", "not", "no", "like", "pseudo"}

// known finds the words for environments in a name: those that stand between
// separators, and those at the beginning or the end of a token.
func known(name string) []span {
	low := strings.ToLower(name)
	var out []span
	previous, start := "", 0
	for start <= len(low) {
		end := start
		for end < len(low) && !strings.ContainsRune("-_. ", rune(low[end])) {
			end++
		}
		token := low[start:end]
		if token == "pre" && strings.HasPrefix(low[min(end+1, len(low)):], "prod") {
			previous, start = "pre", end+1
			continue
		}
		for _, sp := range spansOf(token, previous, start) {
			// A fused word tells of its name only where it ends or begins it, and so
			// does one that means other things as often: cleanup-live-events.
			loose := slices.Contains(sp.family.Loose, token) && strings.ContainsFunc(low[sp.end:], unicode.IsLetter)
			if !sp.fused && !loose || sp.start == 0 || sp.end == len(low) {
				out = append(out, sp)
			}
		}
		previous, start = token, end+1
	}
	return out
}

// spansOf finds the words in a token that begins at a place of a name.
func spansOf(token, previous string, at int) []span {
	if previous == "pre" && strings.HasPrefix(token, "prod") {
		if f, ok := envname.Of("pre" + token); ok {
			return []span{{start: at - len("pre-"), end: at + len(token), family: f}}
		}
	}
	if slices.Contains(negated, previous) {
		return nil
	}
	if f, ok := envname.Of(token); ok {
		return []span{{start: at, end: at + len(token), family: f}}
	}
	return fusedIn(token, at)
}

// fusedIn finds words that a token begins or ends with. Two letters and more
// stand beside them.
func fusedIn(token string, at int) []span {
	var out []span
	for _, f := range envname.Families() {
		for _, w := range f.Words {
			if len(w) < 3 || len(token) < len(w)+2 {
				continue
			}
			if strings.HasSuffix(token, w) {
				out = append(out, span{at + len(token) - len(w), at + len(token), f, true})
			}
			if strings.HasPrefix(token, w) {
				out = append(out, span{at, at + len(w), f, true})
			}
		}
	}
	return out
}

// neutral are names of what environments have in common.
var neutral = []string{
	"", "base", "bases", "common", "shared", "default", "defaults", "global", "all", "components", "component", "bundles", "lib",
	"library", "templates", "modules", "values", "main", "override",
}

// isBase reports whether what lies below a directory of this name belongs to
// all environments.
func isBase(name string) bool {
	return slices.Contains([]string{"base", "bases", "templates"}, strings.ToLower(name))
}

func isNeutral(name string) bool { return slices.Contains(neutral, strings.ToLower(name)) }

// regionForm matches regions of clouds, and what people call them for short.
// Two letters that are other things as often need their direction.
var regionForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(` +
		`(eu|us|uk|ap|asia|europe|emea|apac|amer)(-?` + direction + `-?[0-9]{0,2}[a-z]?|-?[0-9]{1,2}[a-z]?)?|` +
		`(ca|sa|af|me|il|mx|cn|northamerica|southamerica|australia)-` + direction + `-?[0-9]{1,2}[a-z]?|` +
		`(north|south|east|west|central)(us|europe|asia)[0-9]?)$`)
})

const direction = `(north|south|east|west|central|northeast|southeast|northwest|southwest)`

// isRegion reports whether a name is that of a region.
func isRegion(name string) bool { return regionForm().MatchString(strings.ToLower(name)) }
