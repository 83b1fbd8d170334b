package redact

import (
	"slices"
	"strings"
)

// strength says how sure a name is to name a secret.
type strength uint8

const (
	plain  strength = iota
	hinted          // secret only where the value looks random
	keyed           // a key of something: secret where the value reads like no name
	named           // secret where the value could be a name: not where it reads like one
	weak            // secret unless the value is a mode, a size or the like
	linked          // an address that may hold a secret: not where it plainly holds none
	strong          // secret
)

// SecretName reports whether a value under the name is secret whatever it is,
// but for values that cannot be one (booleans, references).
func (r *Redactor) SecretName(name string) bool {
	if matchAny(r.public, name, name) {
		return false
	}
	return matchAny(r.names, name, name) || nameStrength(name) >= named
}

// stems are parts of every word that makes a name a secret one. One that ends
// in '$' has no small letter behind it.
var stems = strings.Fields(`hec$ pass pwd psk$ pw$ pin$ pat$ pats$ phrase pepper parol passe secre salt sign seed token key cred conn auth
	dsn$ mnemonic bearer commun cookie otp kennwort contrase clave senha wachtwoord haslo lozin heslo salasan losenord adgangskode
	jelszo slaptaz sifre mdp mot_de motde mot-de zugangs geheim totp docker htpass pgpass kodeord kode codigo chiave masterauth primaryauth commun`)

// stemIndex finds the stems by the three letters that they begin with, five
// bits each.
type stemIndex struct {
	// list is the place in lists, 0 where no stem begins so.
	list [1 << 15]uint8
	// lists hold the stems that begin alike.
	lists [][]string
	// longest is the length of the longest stem.
	longest int
}

var stemsBy = func() (x stemIndex) {
	x.lists = [][]string{nil}
	for _, s := range stems {
		x.longest = max(x.longest, len(s))
		at := int(s[0]&31)<<10 | int(s[1]&31)<<5
		if len(s) > 2 && s[2] != '$' {
			x.add(at|int(s[2]&31), s)
			continue
		}
		for c := range 32 { // one of two letters, which any may follow
			x.add(at|c, s)
		}
	}
	return x
}()

func (x *stemIndex) add(at int, stem string) {
	if x.list[at] == 0 {
		x.list[at] = uint8(len(x.lists))
		x.lists = append(x.lists, nil)
	}
	x.lists[x.list[at]] = append(x.lists[x.list[at]], stem)
}

// hasStem is a quick test that lets no name through that nameStrength would
// find to be secret. It allocates nothing.
func hasStem(name string) bool { return hasStemFrom(name, 0) }

// hasStemFrom is hasStem for stems that begin at a place or behind it.
func hasStemFrom(name string, from int) bool {
	three := 0
	for i := from; i < len(name); i++ {
		c := name[i]
		if c >= 0x80 {
			return true
		}
		three = (three<<5 | int(c&31)) & (1<<15 - 1)
		if n := stemsBy.list[three]; n > 0 && i >= from+2 && stemIn(name[i-2:], stemsBy.lists[n]) {
			return true
		}
	}
	if len(name) < from+2 || len(name) < 2 {
		return false
	}
	last := name[len(name)-2:] // a stem of two letters
	return stemIn(last, stemsBy.lists[stemsBy.list[int(last[0]&31)<<10|int(last[1]&31)<<5]])
}

// stemIn reports whether the text begins with one of the stems.
func stemIn(s string, list []string) bool {
	for _, stem := range list {
		if lowerByte(s[0]) == stem[0] && stemAt(s, stem) {
			return true
		}
	}
	return false
}

func stemAt(s, stem string) bool {
	n := len(stem)
	whole := stem[n-1] == '$'
	if whole {
		n--
	}
	if len(s) < n {
		return false
	}
	for i := 1; i < n; i++ {
		if lowerByte(s[i]) != stem[i] {
			return false
		}
	}
	return !whole || len(s) == n || !alnum(s[n]) || s[n] <= '9' || upperCase(s[n]) != upperCase(s[n-1])
}

// nameStrength judges a name by its words.
func nameStrength(name string) strength {
	if len(name) > 200 || !hasStem(name) {
		return plain
	}
	ws := words(name)
	if len(ws) == 0 {
		return plain
	}
	for i := len(ws) - 1; i >= 0; i-- {
		s := wordStrength(ws, i)
		if s == plain {
			continue
		}
		if s < linked && slices.Contains(ws[:i], "public") {
			return plain // what a page's own code may know: NEXT_PUBLIC_MAP_KEY
		}
		rest := ws[i+1:]
		if len(rest) == 0 {
			return s
		}
		return withRest(s, name, rest)
	}
	return plain
}

// withRest judges a secret word that other words follow: SECRET_KEY_BASE is a
// secret, secretName is none.
func withRest(s strength, name string, rest []string) strength {
	if s == weak {
		rest = unqualified(rest)
	}
	if last := rest[len(rest)-1]; harmless[last] || len(rest) > 1 && versionWord(last) && harmless[rest[len(rest)-2]] {
		return plain
	}
	upper := name == strings.ToUpper(name)
	for _, w := range rest {
		if !modifiers[w] && !digits(w) && !versionWord(w) {
			if upper && s != keyed {
				return s
			}
			return hinted
		}
	}
	return s
}

// unqualified takes off words that say which one of several: AUTH_ROLE_ADMIN is
// a role.
func unqualified(rest []string) []string {
	for n := len(rest); n > 0; n-- {
		if harmless[rest[n-1]] {
			return rest[:n]
		}
		if !modifiers[rest[n-1]] {
			break
		}
	}
	return rest
}

// wordStrength judges the i-th word with those before it.
func wordStrength(ws []string, i int) strength {
	w, before := strings.TrimRight(ws[i], "0123456789"), ""
	if w == "" {
		return plain
	}
	if i > 0 {
		before = ws[i-1]
	}
	switch {
	case w == "key" || w == "keys":
		return keyWord(before)
	case w == "secret" || w == "secrets":
		return secretWord(ws, i, before)
	case w == "token" && markTokens[before] || w == "salt" && i+1 < len(ws) && (ws[i+1] == "master" || ws[i+1] == "minion"):
		return plain
	case pairWords[before+" "+w]:
		return strong
	case w == "tokens" || w == "auth" && i > 0 && i+1 < len(ws):
		return hinted
	}
	if s, ok := wordStrengths[w]; ok {
		return s
	}
	for _, suffix := range gluedSuffixes {
		if len(w) > len(suffix) && strings.HasSuffix(w, suffix) && !gluedOpen[w] {
			return strong
		}
	}
	if len(w) > 5 && strings.HasSuffix(w, "token") || len(w) > 5 && strings.HasSuffix(w, "pass") && !passWords[w] {
		return weak
	}
	return plain
}

// keyWord judges "key" by the word before it.
func keyWord(before string) strength {
	before = strings.TrimRight(before, "0123456789")
	switch {
	case before == "":
		return plain
	case before == "secret":
		return named // in an ExternalSecret it names a key
	case keyOf[before]:
		return strong
	case openKeys[before]:
		return plain
	default:
		return keyed
	}
}

// secretWord judges "secret": in many charts and objects it is followed by
// the name of a Secret.
func secretWord(ws []string, i int, before string) strength {
	switch {
	case namingBefore[before]:
		return keyed
	case ws[i] == "secrets" && len(ws) == 1:
		return hinted
	default:
		return named
	}
}

// versionWord reports whether a word is a version, such as v2.
func versionWord(w string) bool { return len(w) > 1 && len(w) < 5 && w[0] == 'v' && digits(w[1:]) }

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// words splits a name at separators and at humps, in lower case: "dbAPIKey_2"
// is db, api, key, 2.
func words(name string) []string {
	out := make([]string, 0, 6)
	start := -1
	flush := func(end int) {
		if start >= 0 {
			out = append(out, strings.ToLower(name[start:end]))
			start = -1
		}
	}
	for i := range len(name) {
		c := name[i]
		if !alnum(c) && c < 0x80 {
			flush(i)
			continue
		}
		if start >= 0 && hump(name, i) {
			flush(i)
		}
		if start < 0 {
			start = i
		}
	}
	flush(len(name))
	return out
}

// hump reports whether a word begins at i, which is not the first of its run.
func hump(name string, i int) bool {
	c, p := name[i], name[i-1]
	if !upperCase(c) {
		return false
	}
	if !upperCase(p) {
		return true
	}
	return i+1 < len(name) && name[i+1] >= 'a' && name[i+1] <= 'z'
}

func upperCase(c byte) bool { return c >= 'A' && c <= 'Z' }

func alnum(c byte) bool { return alnums[c] }

// alnums holds the letters and figures of ASCII.
var alnums = func() (t [256]bool) {
	for c := range 256 {
		t[c] = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
	}
	return t
}()
