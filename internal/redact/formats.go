package redact

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// The tables of this package come from a scanner's rules and from the words of
// Go's own sources. To renew them, download gitleaks, pass its version and its
// rules, and copy its licence:
//
//go:generate sh -c "cd ../../tools/redacttables && go run ./formats v8.30.1 < \"$GITLEAKS/config/gitleaks.toml\" > ../../internal/redact/formats.tsv"
//go:generate sh -c "cd ../../tools/redacttables && go run ./bigrams \"$(go env GOROOT)/src\" > ../../internal/redact/bigramtable.go"

// formatTable holds a line for each format: name, how it is found, the texts
// that announce it, and a regular expression.
//
//go:embed formats.tsv
var formatTable string

// format is the form of a token that a service hands out.
type format struct {
	announced []string
	match     func() *regexp.Regexp
}

// formatIndex finds formats by what announces them.
type formatIndex struct {
	// first holds the place in lists of the formats that begin with two bytes, in
	// small letters; 0 where there are none. It is asked for every word.
	first [1 << 16]uint16
	lists [][]announcement
	// within have a text inside the token, named one in the name of the value.
	within, named []format
}

// announcement is a text at the start of the tokens of a format.
type announcement struct {
	text string
	format
}

// formats reads the table when it is first needed.
var formats = sync.OnceValue(func() *formatIndex {
	x := &formatIndex{lists: [][]announcement{nil}}
	for line := range strings.Lines(formatTable) {
		if line[0] != '#' {
			x.add(strings.Split(strings.TrimSuffix(line, "\n"), "\t"))
		}
	}
	return x
})

// add adds a format. Its expression is compiled when it is first needed:
// compiling all takes longer than a small run.
func (x *formatIndex) add(columns []string) {
	f := format{announced: strings.Split(columns[2], " "), match: sync.OnceValue(func() *regexp.Regexp {
		if columns[1] == "in" {
			return regexp.MustCompile(columns[3])
		}
		return regexp.MustCompile("^(?:" + columns[3] + ")")
	})}
	switch columns[1] {
	case "in":
		x.within = append(x.within, f)
	case "named":
		x.named = append(x.named, f)
	default:
		for _, text := range f.announced {
			two := int(text[0])<<8 | int(text[1])
			if x.first[two] == 0 {
				x.first[two] = uint16(len(x.lists))
				x.lists = append(x.lists, nil)
			}
			x.lists[x.first[two]] = append(x.lists[x.first[two]], announcement{text, f})
		}
	}
}

// minFormat is the length of the shortest token of a format.
const minFormat = 12

// maxFormat is the length at which the search for the end of a token ends.
const maxFormat = 4096

// format looks at whether a token of a known format begins at i. It gives the
// end of the token, or 0.
func (sc *scanner) format(i int) int {
	s := sc.s
	if len(s)-i < minFormat {
		return 0
	}
	x := formats()
	list := x.lists[x.first[int(lowerByte(s[i]))<<8|int(lowerByte(s[i+1]))]]
	third := lowerByte(s[i+2])
	if !slices.ContainsFunc(list, func(a announcement) bool { return len(a.text) < 3 || a.text[2] == third }) {
		return 0
	}
	end := i
	for end < len(s) && end-i < maxFormat && formatByte(s[end]) {
		end++
	}
	if end-i < minFormat {
		return 0
	}
	longest := 0
	for _, a := range list {
		if len(s)-i < len(a.text) || !strings.EqualFold(s[i:i+len(a.text)], a.text) {
			continue
		}
		if sc.spent(end - i) {
			return sc.add(i, len(s))
		}
		if m := a.match().FindStringIndex(s[i:end]); m != nil {
			longest = max(longest, m[1])
		}
	}
	if longest < minFormat {
		return 0
	}
	return sc.add(i, i+longest+rest(s[i+longest:end]))
}

// numbered finds a token that an account's number begins: "123456:AbC…".
func (sc *scanner) numbered(i int) int {
	s := sc.s
	at := i
	for at < len(s) && s[at] >= '0' && s[at] <= '9' && at-i < 20 {
		at++
	}
	if at-i < 6 || at-i > 17 || len(s)-at < 28 || strings.IndexByte(":|%", s[at]) < 0 {
		return 0
	}
	end := at + 1
	for end < len(s) && drawnByte(s[end]) && end-at < 100 {
		end++
	}
	d := measure(s[at+1 : end])
	if d.n < 27 || d.hexed || d.figures == 0 || d.lower+d.upper < 10 || d.excess < 0.6*float64(d.n) {
		return 0
	}
	return sc.add(i, end)
}

// hook finds the secret path of a web hook's URL, behind a word that says that
// it is one: ".../webhooks/…", "hooks.example.com/…".
func (sc *scanner) hook(i int) int {
	s := sc.s
	start := i
	for start < len(s) && alnum(s[start]) {
		start++
	}
	if start == len(s) || s[start] != '/' && s[start] != '.' {
		return 0
	}
	if word := s[i:start]; !hookShapes.may(word) || !hookWords[strings.ToLower(word)] {
		return 0
	}
	if s[start] == '.' {
		n := strings.IndexAny(s[start:min(len(s), start+100)], "/ \n\"'")
		if n < 0 || s[start+n] != '/' || i < 2 || s[i-1] != '/' && s[i-1] != '.' {
			return 0
		}
		start += n
	}
	end := start
	for end < len(s) && (drawnByte(s[end]) || s[end] == '/' || s[end] == '+' || s[end] == '=' || s[end] == '@') {
		end++
	}
	first := start + 1
	for start < end {
		next := end
		if n := strings.IndexByte(s[start+1:end], '/'); n >= 0 {
			next = start + 1 + n
		}
		d := measure(s[start+1 : next])
		if d.n >= 8 && (d.figures > 2 || d.changes > 3) && d.excess > 0.3*float64(d.n) {
			return sc.add(first, end)
		}
		start = next
	}
	return 0
}

// hookWords announce a secret path in a URL.
var hookWords = set(`hook hooks webhook webhooks webhookb2 incomingwebhook workflows triggers`)

var hookShapes = shapesOf(hookWords)

// formatByte reports whether a byte can be in a token or in the URL of a hook.
func formatByte(c byte) bool {
	return tokenBytes[c]
}

var tokenBytes = func() (t [256]bool) {
	for c := range t {
		t[c] = alnum(byte(c)) || strings.IndexByte("-_./+=~:@%|", byte(c)) >= 0
	}
	return t
}()

func lowerByte(c byte) byte {
	if upperCase(c) {
		return c + 'a' - 'A'
	}
	return c
}

// rest gives the length of what follows a token without a break: formats grow.
func rest(s string) int {
	n := 0
	for n < len(s) && (alnum(s[n]) || s[n] == '_' || s[n] == '-' || s[n] == '=') {
		n++
	}
	return n
}

// holdsFormat finds a token whose form tells by a text inside of it.
func holdsFormat(run string) (start, end int, ok bool) {
	for _, f := range formats().within {
		for _, text := range f.announced {
			if !containsFold(run, text) {
				continue
			}
			if m := f.match().FindStringSubmatchIndex(run); m != nil {
				if len(m) > 2 && m[2] >= 0 {
					return m[2], m[3], true
				}
				return m[0], m[1], true
			}
		}
	}
	return 0, 0, false
}

func containsFold(s, lower string) bool {
	for i := 0; i+len(lower) <= len(s); i++ {
		if lowerByte(s[i]) == lower[0] && strings.EqualFold(s[i:i+len(lower)], lower) {
			return true
		}
	}
	return false
}

// namedFormat reports whether the value has the form of a token of the service
// that its name speaks of.
func namedFormat(name, text string) bool {
	if len(text) < 15 || len(text) > 150 || !maybeNamed(name) || strings.IndexByte(text, ' ') >= 0 || !mixed(text) {
		return false
	}
	name = strings.ToLower(name)
	for _, f := range formats().named {
		for _, word := range f.announced {
			if !strings.Contains(name, word) {
				continue
			}
			if m := f.match().FindString(text); len(m) == len(text) {
				return true
			}
		}
	}
	return false
}

// maybeNamed is a quick test that lets every name through that speaks of a
// service.
func maybeNamed(name string) bool {
	t := namedStarts()
	three := 0
	for i := range len(name) {
		if name[i] >= 0x80 {
			return true
		}
		if three = three<<5&(1<<15-1) | int(name[i]&31); i >= 2 && t[three] {
			return true
		}
	}
	return false
}

// namedStarts holds the first three letters of the names of services, five
// bits each.
var namedStarts = sync.OnceValue(func() *[1 << 15]bool {
	var t [1 << 15]bool
	for _, f := range formats().named {
		for _, word := range f.announced {
			t[int(word[0]&31)<<10|int(word[1]&31)<<5|int(word[2]&31)] = true
		}
	}
	return &t
})

// mixed reports whether the text has both letters and figures in more than one
// place, as what is drawn has.
func mixed(text string) bool {
	d := measure(text)
	return (d.figures >= 2 || d.lower > 2 && d.upper > 2) && d.changes >= 3 && d.excess > 0
}
