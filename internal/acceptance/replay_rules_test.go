package acceptance

import (
	"encoding/json"
	"regexp"
	"slices"
	"sort"
	"strings"

	"go.yaml.in/yaml/v3"
	"golang.org/x/text/unicode/norm"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/app"
	"github.com/envparity/parity/internal/value"
)

// replay is one side of an explanation beside the reference's, with what the
// explanation names. It does not look at the class.
type replay struct {
	e        *app.Explanation
	own, ref *app.ExplainedSide
	met      map[columnKey]parity.Key
	named    map[parity.Rule]bool
	bindings []parity.Binding
	// ids are by identifier, one map for each side.
	ownIDs, refIDs map[string]string
}

func newReplay(e *app.Explanation, s *app.ExplainedSide, met map[columnKey]parity.Key) *replay {
	x := &replay{e: e, own: s, met: met, named: map[parity.Rule]bool{}, ownIDs: map[string]string{}, refIDs: map[string]string{}}
	for i := range e.Sides {
		if e.Sides[i].Reference {
			x.ref = &e.Sides[i]
		}
	}
	for _, r := range s.Equated {
		x.named[r] = true
	}
	for _, b := range e.Bindings {
		if slices.Contains(s.Bindings, b.ID) {
			x.bindings = append(x.bindings, b)
		}
	}
	for _, p := range e.Identifiers {
		if p.Spellings[0].Column == s.Column {
			x.ownIDs[p.Spellings[0].Text], x.refIDs[p.Spellings[1].Text] = p.Spellings[1].Text, p.Spellings[1].Text
		}
	}
	return x
}

func (x *replay) class() parity.Class {
	switch {
	case x.own.State != parity.Present:
		return x.lone(x.ref, parity.Missing)
	case x.ref.State != parity.Present:
		return x.lone(x.own, parity.Extra)
	case x.own.Kind == parity.Secret && x.ref.Kind == parity.Secret:
		return x.secret()
	case !x.pathsMeet():
		return parity.Ambiguous
	}
	class := x.otherRaw()
	if x.own.Raw == x.ref.Raw {
		class = x.sameRaw()
	}
	if (class == parity.Equal || class == parity.Equivalent) && x.sharesCredential() {
		return parity.Shared
	}
	return class
}

// credential is a secret in a text, with the beginning of its digest.
var credential = regexp.MustCompile(`\[secret [0-9a-f]{8}\]`)

// sharesCredential reports whether two environments' texts hold one known
// secret: its digest is in the text as it was spelled, and not in what compares.
func (x *replay) sharesCredential() bool {
	for _, mask := range credential.FindAllString(x.own.Raw, -1) {
		if strings.Contains(x.ref.Raw, mask) && !strings.Contains(x.own.Canonical, mask) && !strings.Contains(x.ref.Canonical, mask) {
			return true
		}
	}
	return false
}

// lone is a fact that only one side has: a difference, unless a rule that the
// fact itself carries makes it equal its absence.
func (x *replay) lone(has *app.ExplainedSide, otherwise parity.Class) parity.Class {
	for r := range x.named {
		effect := r.Info().Effect
		// What is empty equals its absence beside what is filled, too, which
		// an explanation of one path does not show.
		carried := slices.Contains(has.Shaped, r) || r == parity.EmptyIsAbsent
		if effect == parity.Shapes || !carried || r == parity.EmptyIsAbsent && !empty(has.Raw) {
			return otherwise
		}
	}
	if len(x.named) > 0 {
		return parity.Equivalent
	}
	return otherwise
}

func empty(raw string) bool {
	return slices.Contains([]string{"", "null", "{}", "[]"}, raw)
}

// secret is the class of two secrets. No explanation tells a digest, so it is
// the change that says whether two are one: those that are known on both sides
// may be one in two environments, or are equivalent by the rule.
func (x *replay) secret() parity.Class {
	presence := strings.Contains(x.own.Secret, "by presence") && strings.Contains(x.ref.Secret, "by presence")
	switch {
	case x.leaks():
		return parity.Leak
	case x.named[parity.SecretForm] && !strings.HasPrefix(x.own.Secret, "suspected") && !strings.HasPrefix(x.ref.Secret, "suspected"):
		return parity.Equivalent
	case x.own.Change == parity.SecretChange:
		return parity.Changed
	case presence && len(x.named) == 0:
		return parity.Shared
	case !presence:
		return parity.Equal
	}
	return parity.Changed
}

// sameRaw is the class of two values of one spelling.
func (x *replay) sameRaw() parity.Class {
	switch {
	case x.leaks():
		return parity.Leak
	case !x.named[parity.ReferenceName] && len(x.bindings) > 0 && x.carries(x.own.Raw):
		return parity.Shared
	case x.own.Path != "" && (x.named[parity.ListAlignment] || x.named[parity.KeyTokens]),
		x.named[parity.ScalarForm] && x.own.Kind != x.ref.Kind, x.named[parity.ReferenceName] && x.sameTarget():
		return parity.Equivalent
	case len(x.named) == 0:
		return parity.Equal
	}
	return parity.Changed
}

// otherRaw is the class of two values of different spellings.
func (x *replay) otherRaw() parity.Class {
	for r := range x.named {
		if r.Info().Effect == parity.Ignores && (slices.Contains(x.own.Shaped, r) || slices.Contains(x.ref.Shaped, r)) {
			return parity.Equivalent
		}
	}
	if x.named[parity.ReferenceName] && x.sameTarget() {
		return parity.Equivalent
	}
	if shaped(x.own.Raw, x.own.Equated) == shaped(x.ref.Raw, x.own.Equated) {
		return parity.Equivalent
	}
	a, b := shaped(x.own.Raw, x.own.Shaped), shaped(x.ref.Raw, x.ref.Shaped)
	switch {
	case x.leaks():
		return parity.Leak
	case len(x.ownIDs) > 0 && x.bind(replaced(a, x.ownIDs), replaced(b, x.refIDs)):
		return parity.IdentifierClass
	case x.named[parity.BindingRule] && len(x.bindings) > 0 && x.bind(a, b):
		return parity.Bound
	}
	return parity.Changed
}

// pathsMeet reports whether the two paths are one, or a named rule joins them:
// items by likeness, keys by the named bindings or by what machines drew.
func (x *replay) pathsMeet() bool {
	a, b := x.own.Path, x.ref.Path
	if a == "" {
		a = x.e.Path
	}
	if b == "" {
		b = x.e.Path
	}
	foreign := x.own.Subject.Kind != x.ref.Subject.Kind && (x.own.Subject.Kind == "service" || x.ref.Subject.Kind == "service")
	effective := strings.Contains(a+b, "/effectiveEnv[")
	switch {
	case a == b, foreign, effective, x.named[parity.ListAlignment] && unnumbered(a) == unnumbered(b):
		return true
	case x.named[parity.KeyTokens]:
		return x.bind(memberForm(a), memberForm(b))
	}
	return false
}

// memberForm gives the member of a list at the end of a path its form as a URL.
func memberForm(path string) string {
	at := strings.LastIndex(path, "[=")
	if at < 0 {
		return path
	}
	return path[:at] + shaped(strings.TrimSuffix(path[at+len("[="):], "]"), []parity.Rule{parity.URLForm})
}

// unnumbered is a path without its list positions.
func unnumbered(path string) string {
	var b strings.Builder
	for _, part := range strings.Split(path, "[") {
		if i := strings.IndexByte(part, ']'); i > 0 && strings.Trim(part[:i], "0123456789") == "" {
			part = part[i:]
		}
		b.WriteString("[" + part)
	}
	return b.String()
}

// sameTarget reports whether both sides name subjects that are one.
func (x *replay) sameTarget() bool {
	if x.own.Target == nil || x.ref.Target == nil {
		return false
	}
	a, okA := x.met[columnKey{x.own.Column, *x.own.Target}]
	b, okB := x.met[columnKey{x.ref.Column, *x.ref.Target}]
	return okA && okB && a == b
}

// leaks reports whether the note quotes a spelling that stands in the column's
// value, or in the reference's that is the same, and is another environment's.
func (x *replay) leaks() bool {
	if strings.Contains(x.own.Note, "'s secret,") {
		return x.own.Kind == parity.Secret
	}
	parts := strings.Split(x.own.Note, "'")
	if len(parts) < 4 || !strings.Contains(x.own.Note, " has ") {
		return false
	}
	victim, rest, _ := strings.Cut(x.own.Note, " has ")
	owner, rest, _ := strings.Cut(rest, "'s '")
	text, _, _ := strings.Cut(rest, "'")
	if owner == victim || !strings.Contains(x.own.Raw, text) {
		return false
	}
	for _, b := range x.bindings {
		for _, s := range b.Spellings {
			if s.Text == text && s.Column == owner {
				return true
			}
		}
	}
	return environmentWord(text) != "" && environmentWord(text) == environmentWord(owner)
}

// environmentWord is the first letters that an environment's words share.
func environmentWord(s string) string {
	for _, segment := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz", r) }) {
		for _, family := range []string{"prod prd production", "staging stage stg", "qa", "dev development", "test testing", "uat", "demo"} {
			if slices.Contains(strings.Fields(family), segment) {
				return family
			}
		}
	}
	return ""
}

// carries reports whether a text has a spelling of a named binding in it.
func (x *replay) carries(text string) bool {
	for _, column := range []string{x.own.Column, x.ref.Column} {
		if abstracted(text, x.spellings(column), nil) != text {
			return true
		}
	}
	return false
}

// spelling is one column's spelling of a role.
type spelling struct {
	text, token string
	word        bool
}

// spellings are a column's, the longest first.
func (x *replay) spellings(column string) []spelling {
	var all []spelling
	for _, b := range x.bindings {
		for _, s := range b.Spellings {
			if s.Column == column && s.Text != "" {
				all = append(all, spelling{s.Text, "\x01" + b.ID + "\x02", b.Role == "environment"})
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return len(all[i].text) > len(all[j].text) })
	return all
}

// bind reports whether the two texts are one once each column's own spellings of
// the named bindings are replaced by one token, where one side may leave the
// environment's name out, and a spelling that both sides have may stay.
func (x *replay) bind(own, ref string) bool {
	own = abstracted(own, x.spellings(x.own.Column), nil)
	theirs := x.spellings(x.ref.Column)
	for _, stays := range []func(string) bool{nil, func(text string) bool { return strings.Contains(own, text) }} {
		other := abstracted(ref, theirs, stays)
		if own == other {
			return true
		}
		a, b := x.nameless(own), x.nameless(other)
		if a == b && a != "" && (a == own) != (b == other) {
			return true
		}
	}
	return false
}

// abstracted replaces spellings where they are whole segments.
func abstracted(s string, spellings []spelling, stays func(string) bool) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		found := false
		for _, p := range spellings {
			end := i + len(p.text)
			if end > len(s) || i > 0 && letter(s[i-1]) || end < len(s) && letter(s[end]) || stays != nil && stays(p.text) {
				continue
			}
			if s[i:end] == p.text || p.word && strings.EqualFold(s[i:end], p.text) {
				b.WriteString(p.token)
				i, found = end, true
				break
			}
		}
		if !found {
			b.WriteByte(s[i])
			i++
		}
	}
	return b.String()
}

func letter(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c >= 0x80
}

// nameless takes the environment's name out with one separator.
func (x *replay) nameless(s string) string {
	for _, b := range x.bindings {
		if b.Role != "environment" {
			continue
		}
		token := "\x01" + b.ID + "\x02"
		for _, separator := range []string{"-", ".", "_", "/", "+"} {
			s = strings.ReplaceAll(s, token+separator, "")
		}
		for _, separator := range []string{"-", ".", "_", "/", "+"} {
			s = strings.ReplaceAll(s, separator+token, "")
		}
	}
	return s
}

func replaced(s string, by map[string]string) string {
	for text, token := range by {
		s = strings.ReplaceAll(s, text, "\x03"+token+"\x03")
	}
	return s
}

// shaped gives a text the form that the rules give it. A rule that is about
// the place of a fact rather than its text leaves it alone.
func shaped(text string, rules []parity.Rule) string {
	for _, r := range rules {
		if form, ok := forms[r]; ok {
			if out, ok := form(text); ok {
				text = out
			}
		}
	}
	return text
}

// forms are the rules that give a text its form.
var forms = map[parity.Rule]func(string) (string, bool){
	parity.QuantityForm: value.Quantity,
	parity.DurationForm: value.Duration,
	parity.VersionForm:  value.Version,
	parity.URLForm:      value.CanonicalURL,
	parity.ImageForm: func(s string) (string, bool) {
		i, ok := value.ParseImage(s)
		return i.Canonical(nil), ok
	},
	parity.ScalarForm: func(s string) (string, bool) {
		if n, ok := value.Quantity(s); ok && strings.Trim(s, "+-.0123456789") == "" {
			return n, true
		}
		return strings.ToLower(strings.Trim(s, `"'`)), true
	},
	parity.TextForm: func(s string) (string, bool) {
		return norm.NFC.String(strings.TrimRight(strings.ReplaceAll(s, "\r\n", "\n"), "\n")), true
	},
	parity.FlagForm: func(s string) (string, bool) {
		if i := strings.IndexAny(s, "= "); i > 0 && strings.HasPrefix(s, "-") {
			return s[i+1:], true
		}
		return "true", strings.HasPrefix(s, "-")
	},
	parity.SetOrder: func(s string) (string, bool) {
		var items []string
		err := json.Unmarshal([]byte(s), &items)
		slices.Sort(items)
		return strings.Join(items, "\x00"), err == nil
	},
	parity.EmbeddedText: func(s string) (string, bool) {
		var tree map[string]any
		if yaml.Unmarshal([]byte(s), &tree) != nil || tree == nil {
			return "", false
		}
		out, err := json.Marshal(tree)
		return string(out), err == nil
	},
}
