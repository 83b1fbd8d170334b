package discover

import (
	"regexp"
	"strings"
	"sync"

	"github.com/envparity/parity/internal/envname"
)

// word is one kind of environment.
type word struct {
	class string
	rank  int
	// weak words stand for other things as often: they count beside others
	// only, never alone.
	weak bool
}

func classOf(token string) *word {
	f, ok := envname.Of(token)
	if !ok {
		return nil
	}
	return &word{f.Name, f.Rank, f.Weak}
}

// IsWord tells whether a token of a name ("staging", "prd") is a word for an
// environment.
func IsWord(token string) bool { return classOf(strings.ToLower(token)) != nil }

// spelled is an environment as a name tells of it.
type spelled struct {
	*word
	// as is the environment's own part of the name, in lower case.
	as string
	// rest is the name without it: "web" of "web-staging".
	rest string
}

// environmentIn finds the one environment that a name tells of. A name that
// tells of none, or of two, gives ok false.
func environmentIn(name string) (s spelled, ok bool) {
	tokens := strings.FieldsFunc(strings.ToLower(name), func(r rune) bool {
		return r == '-' || r == '_' || r == '.' || r == ' '
	})
	var rest []string
	for i := 0; i < len(tokens); i++ {
		token := tokens[i]
		if token == "pre" && i+1 < len(tokens) && strings.HasPrefix(tokens[i+1], "prod") {
			i++
			token = "preprod"
		}
		w := classOf(token)
		switch {
		case w == nil:
			rest = append(rest, token)
		case s.word != nil:
			return spelled{}, false
		default:
			s.word, s.as = w, token
		}
	}
	s.rest = strings.Join(rest, "-")
	return s, s.word != nil
}

// regionForm knows regions of clouds, and what people call them for short. Two
// letters that are other things as often need their direction.
var regionForm = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(` +
		`(eu|us|uk|ap|asia|europe|emea|apac|amer)(-?` + direction + `-?[0-9]{0,2}[a-z]?|-?[0-9]{1,2}[a-z]?)?|` +
		`(ca|sa|af|me|il|mx|cn|northamerica|southamerica|australia)-` + direction + `-?[0-9]{1,2}[a-z]?|` +
		`(north|south|east|west|central)(us|europe|asia)[0-9]?)$`)
})

const direction = `(north|south|east|west|central|northeast|southeast|northwest|southwest)`

// isRegion tells whether the rest of a name is that of an instance.
func isRegion(rest string) bool { return regionForm().MatchString(rest) }
