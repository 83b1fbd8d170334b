package redact

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// Subject redacts a subject and its facts in place. It sees what Fact alone
// cannot: the name that stands beside a value.
func (r *Redactor) Subject(s *parity.Subject, facts []parity.Fact) {
	r.subject(s)
	var beside map[string]string
	for i := range facts {
		f := &facts[i]
		above, ok := besideName(f)
		if !ok || nameStrength(f.Value.Raw) == plain && !matchAny(r.names, f.Value.Raw, f.Path) {
			continue
		}
		if beside == nil {
			beside = map[string]string{}
		}
		beside[above] = f.Value.Raw
	}
	r.tuples(facts)
	var seen around
	for i := range facts {
		f := &facts[i]
		if beside != nil && r.besideSecret(f, beside) {
			r.secret(&f.Value, f.Value.Canonical(), true)
		}
		r.fact(s, f, &seen)
	}
}

// tuples makes the other member of a list of two secret where one is the name
// of a secret: [PASSWORD, X].
func (r *Redactor) tuples(facts []parity.Fact) {
	for i := range facts {
		member, at := memberOf(facts[i].Path)
		if at < 0 || facts[i].Value.Kind != parity.Set || nameStrength(member) < weak || !identifier(member) || member[0] == '-' {
			continue
		}
		list, other, members := facts[i].Path[:at-2], -1, 1
		for _, j := range [...]int{i - 2, i - 1, i + 1, i + 2} {
			if j < 0 || j >= len(facts) || !strings.HasPrefix(facts[j].Path, list+"[=") {
				continue
			}
			other, members = j, members+1
		}
		if members != 2 || nameStrength(facts[other].Value.Raw) != plain || fieldName(facts[other].Value.Raw) || upperName(facts[other].Value.Raw) && strings.Trim(facts[other].Value.Raw, uppercase+"_") == "" || !couldBeSecret(&facts[other].Value) {
			continue
		}
		f := &facts[other]
		if text := f.Value.Canonical(); !noSecret(text) && secretText(nameStrength(member), member, text) {
			r.secret(&f.Value, text, true)
			f.Path = list + "[=" + r.mask(text, inPath, true) + "]"
		}
	}
}

// besideName returns the path of what a fact names, where it is the name of
// something that may have a value beside it.
func besideName(f *parity.Fact) (around string, ok bool) {
	if f.Value.Kind != parity.Text || len(f.Value.Raw) > 100 {
		return "", false
	}
	at := strings.LastIndexByte(f.Path, '/')
	return f.Path[:at+1], at >= 0 && nameFieldShapes.may(f.Path[at+1:]) && nameFields[strings.ToLower(f.Path[at+1:])]
}

func (r *Redactor) besideSecret(f *parity.Fact, beside map[string]string) bool {
	at := strings.LastIndexByte(f.Path, '/')
	if at < 0 || !fieldShapes.may(f.Path[at+1:]) || !carriers[strings.ToLower(f.Path[at+1:])] || !couldBeSecret(&f.Value) {
		return false
	}
	name, ok := beside[f.Path[:at+1]]
	if !ok || noSecret(f.Value.Canonical()) || matchAny(r.public, name, f.Path) {
		return false
	}
	return matchAny(r.names, name, f.Path) || secretValue(nameStrength(name), name, &f.Value)
}

// subject redacts what the subject says of itself.
func (r *Redactor) subject(s *parity.Subject) {
	s.Scope, s.Name, s.Stem = r.Text(s.Scope), r.Text(s.Name), r.Text(s.Stem)
	if len(s.Labels) > 0 {
		s.Labels = cleaned(s.Labels, func(l *parity.Label) {
			if nameStrength(l.Name) == strong && !noSecret(l.Value) {
				l.Value = r.mask(l.Value, inText, true)
			}
			l.Value = r.Text(l.Value)
		})
	}
	s.IDs = cleaned(s.IDs, func(id *parity.Identity) { id.Value = r.Text(id.Value) })
	s.Traits = cleaned(s.Traits, func(t *parity.Trait) { t.Value = r.Text(t.Value) })
}

// cleaned applies clean to each item, on a copy if one changes: the slice may
// be shared.
func cleaned[T comparable](items []T, clean func(*T)) []T {
	copied := false
	for i := range items {
		c := items[i]
		clean(&c)
		if c == items[i] {
			continue
		}
		if !copied {
			items, copied = slices.Clone(items), true
		}
		items[i] = c
	}
	return items
}

// Origin redacts an origin and those behind it; the same pointer comes back
// where there was nothing to redact.
func (r *Redactor) Origin(o *parity.Origin) *parity.Origin {
	if o == nil {
		return nil
	}
	c := *o
	c.File, c.Renderer, c.Object = r.Text(o.File), r.Text(o.Renderer), r.Text(o.Object)
	c.Writer = r.writer(o.Writer)
	c.From = r.Origin(o.From)
	if c == *o {
		return o
	}
	return &c
}

// writer redacts the names of managers, which are whatever a client says.
func (r *Redactor) writer(w *parity.Writer) *parity.Writer {
	if w == nil {
		return nil
	}
	c := *w
	c.Manager, c.Subresource = r.Text(w.Manager), r.Text(w.Subresource)
	c.Also = r.writer(w.Also)
	if c == *w {
		return w
	}
	return &c
}

// Fact redacts one fact in place. A value that is secret as a whole becomes
// one of kind Secret with a keyed digest for its canonical form and no raw
// text.
func (r *Redactor) Fact(s *parity.Subject, f *parity.Fact) { r.fact(s, f, &around{}) }

func (r *Redactor) fact(s *parity.Subject, f *parity.Fact, seen *around) {
	if f.Value.Kind == parity.Secret {
		r.byKind(&f.Value)
		r.paths(s, f)
		return
	}
	name, parent := r.name(s, f.Path)
	if len(r.public) > 0 && matchAny(r.public, name, f.Path) {
		return
	}
	if found := r.content(f, name, parent); !found.whole && r.byName(s, f, name, parent, seen) {
		r.secret(&f.Value, f.Value.Canonical(), found.text == f.Value.Raw || found.suspected)
	} else {
		r.byContent(f, name, parent, found)
	}
	r.paths(s, f)
}

// byKind digests what the collector said to be secret. A digest stays.
func (r *Redactor) byKind(v *parity.Value) {
	switch {
	case v.Raw != "":
		r.secret(v, v.Raw, false)
	case v.Canon != "" && !isDigest(v.Canon):
		r.secret(v, v.Canon, false)
	}
}

func isDigest(s string) bool {
	hexed, ok := strings.CutPrefix(s, DigestPrefix)
	if !ok || len(hexed) != 64 {
		return false
	}
	for i := range len(hexed) {
		if c := hexed[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return false
		}
	}
	return true
}

// couldBeSecret reports whether the kind of value can hold a secret at all.
func couldBeSecret(v *parity.Value) bool {
	switch v.Kind {
	case parity.Null, parity.Bool, parity.Reference, parity.Tuple, parity.Proportion, parity.Distribution:
		return false
	default:
		return v.Raw != "" || v.Canon != ""
	}
}

// byName reports whether the value is secret because of the name it stands
// under.
func (r *Redactor) byName(about *parity.Subject, f *parity.Fact, name, parent string, seen *around) bool {
	if !couldBeSecret(&f.Value) {
		return false
	}
	if len(r.names) > 0 && matchAny(r.names, name, f.Path) {
		return true
	}
	if name != "" && name[0] == '-' && flagSecret(name, f.Value.Canonical()) {
		return true
	}
	s := nameStrength(name)
	if secretMapShapes.may(parent) {
		s = max(s, mapStrength(strings.ToLower(parent), name))
	}
	if s < strong {
		s = max(s, inherited(f.Path, name, seen))
		if s < strong && about != nil && about.Kind != "" && !upperCase(about.Kind[0]) && hasStem(about.Name) {
			s = max(s, inherited("/"+about.Name+f.Path, name, &around{})) // a section of a settings file
		}
	}
	return s != plain && secretValue(s, name, &f.Value) && !ownKey(f, name) && !digestBelow(parent, f.Value.Raw)
}

// ownKey reports whether the value is what its list tells its items apart by:
// list[secretKey=X]/secretKey.
func ownKey(f *parity.Fact, name string) bool {
	around, ok := strings.CutSuffix(f.Path, "]/"+name)
	return ok && strings.HasSuffix(around, "["+name+"="+f.Value.Raw)
}

// digestBelow reports whether the value is a digest by the name above it, as in
// the annotation checksum/secret.
func digestBelow(parent, value string) bool {
	return len(value) >= 32 && openName(parent) == digestName && measure(value).hexed
}

// mapStrength judges a name by the map that holds it.
func mapStrength(parent, name string) strength {
	switch {
	case parent == "stringdata":
		return strong
	case !secretMaps[parent]:
		return plain
	case upperName(name) && !harmless[strings.ToLower(name)]:
		return strong
	default:
		return hinted
	}
}

// secretValue reports whether a value under a name of the strength is secret.
func secretValue(s strength, name string, v *parity.Value) bool {
	if s < strong && s != linked && !weakKind(v) {
		return false
	}
	return secretText(s, name, v.Canonical())
}

// secretText reports whether a text under a name of the strength is secret.
func secretText(s strength, name, text string) bool {
	if noSecret(text) || s == plain {
		return false
	}
	switch s {
	case strong:
		return !tailedMode(name, text)
	case hinted:
		return looksRandom(text)
	case linked:
		return !openAddress(text)
	}
	if modes[strings.ToLower(text)] || sentence(text) || absolutePath(text) || constant(text) || openURL(text) {
		return false
	}
	upper := upperName(name)
	switch s {
	case keyed:
		return !variableName(text) && !fieldName(text) && (upper && !objectName(name, text) || !readsLikeName(text))
	case named:
		return !variableName(text) && !objectName(name, text) && (upper || !bareName(text))
	default:
		return !variableName(text) || strings.Count(text, "_") > 2
	}
}

// tailedMode reports whether the text is the name of an algorithm under a name
// that could mean one: PASSWORD_HASH=bcrypt.
func tailedMode(name, text string) bool {
	return modes[strings.ToLower(text)] && strings.HasSuffix(strings.ToLower(name), "hash")
}

// openURL reports whether the text is a URL without a user and without
// parameters.
func openURL(text string) bool {
	return strings.Contains(text, "://") && !strings.ContainsAny(text, "@?;")
}

// weakKind reports whether a value's kind leaves room for a secret under a name
// that only hints at one.
func weakKind(v *parity.Value) bool {
	switch v.Kind {
	case parity.Quantity, parity.Duration, parity.Schedule, parity.Version, parity.Image:
		return false
	case parity.Number:
		return len(v.Raw) >= 6
	default:
		return true
	}
}

// content looks for secrets inside the value.
func (r *Redactor) content(f *parity.Fact, name, parent string) replaced {
	v := &f.Value
	switch v.Kind {
	case parity.Text, parity.URL, parity.Set, parity.List, parity.Identifier, parity.Image:
	default:
		return replaced{text: v.Raw}
	}
	found := r.replace(v.Raw, place{name: name, parent: parent, value: true, path: f.Path}, inText)
	if !found.whole && name != "" && (v.Kind == parity.Text || v.Kind == parity.Identifier) && namedFormat(name, v.Raw) {
		return replaced{whole: true, suspected: true}
	}
	return found
}

// byContent puts what was found into the value. Its canonical form then says
// no more of known secrets than that they are there.
func (r *Redactor) byContent(f *parity.Fact, name, parent string, found replaced) {
	v := &f.Value
	if found.whole {
		r.secret(v, v.Canonical(), found.suspected)
		return
	}
	if found.text == v.Raw && v.Canon == "" || found.clean && v.Canon == v.Raw || v.Kind == parity.Tuple || !couldBeSecret(v) {
		return
	}
	canon := r.replace(v.Canonical(), place{name: name, parent: parent, value: true, path: f.Path}, inCanon)
	if found.text == v.Raw && canon.text == v.Canon {
		return
	}
	v.Raw, v.Canon = found.text, canon.text
	f.Rules = f.Rules.With(parity.SecretForm)
}

// paths redacts members in the fact's path and in those that it refers to.
func (r *Redactor) paths(s *parity.Subject, f *parity.Fact) {
	f.Path = r.path(s, f.Path)
	if f.DerivedFrom == nil {
		return
	}
	if ref := r.ref(*f.DerivedFrom); ref.Path != f.DerivedFrom.Path || len(ref.Shadows) > 0 {
		f.DerivedFrom = &ref
	}
}

func (r *Redactor) ref(ref parity.FactRef) parity.FactRef {
	ref.Path = r.path(nil, ref.Path)
	if len(ref.Shadows) > 0 {
		shadows := slices.Clone(ref.Shadows)
		for i := range shadows {
			shadows[i] = r.ref(shadows[i])
		}
		ref.Shadows = shadows
	}
	return ref
}
