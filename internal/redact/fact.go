package redact

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// Subject redacts a subject and its facts in place. It sees what Fact alone
// cannot: the name that stands beside a value in a list by position.
func (r *Redactor) Subject(s *parity.Subject, facts []parity.Fact) {
	r.subject(s)
	var beside map[string]bool
	for i := range facts {
		if f := &facts[i]; besideName(f) && (nameStrength(f.Value.Raw) >= named || matchAny(r.names, f.Value.Raw, f.Path)) {
			if beside == nil {
				beside = map[string]bool{}
			}
			beside[f.Path[:strings.LastIndexByte(f.Path, '/')+1]] = true
		}
	}
	for i := range facts {
		f := &facts[i]
		if beside != nil && r.besideSecret(f, beside) {
			r.secret(&f.Value, f.Value.Canonical())
		}
		r.Fact(s, f)
	}
}

// besideName tells whether the fact is the name or key of an item of a list by
// position.
func besideName(f *parity.Fact) bool {
	p := f.Path
	return f.Value.Kind == parity.Text && (strings.HasSuffix(p, "]/name") || strings.HasSuffix(p, "]/key"))
}

func (r *Redactor) besideSecret(f *parity.Fact, beside map[string]bool) bool {
	at := strings.LastIndexByte(f.Path, '/')
	if at < 0 || !carriers[strings.ToLower(f.Path[at+1:])] || !beside[f.Path[:at+1]] {
		return false
	}
	return couldBeSecret(&f.Value) && !noSecret(f.Value.Canonical())
}

// subject redacts what the subject says of itself.
func (r *Redactor) subject(s *parity.Subject) {
	s.Scope, s.Name, s.Stem = r.Text(s.Scope), r.Text(s.Name), r.Text(s.Stem)
	if len(s.Labels) > 0 {
		s.Labels = cleaned(s.Labels, func(l *parity.Label) {
			if nameStrength(l.Name) == strong && !noSecret(l.Value) {
				l.Value = r.mask(l.Value, inText)
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
func (r *Redactor) Fact(s *parity.Subject, f *parity.Fact) {
	if f.Value.Kind == parity.Secret {
		r.byKind(&f.Value)
		r.paths(s, f)
		return
	}
	name, parent := r.name(s, f.Path)
	if len(r.public) > 0 && matchAny(r.public, name, f.Path) {
		return
	}
	if r.byName(f, name, parent) {
		r.secret(&f.Value, f.Value.Canonical())
	} else {
		r.byContent(f)
	}
	r.paths(s, f)
}

// byKind digests what the collector said to be secret. A digest stays.
func (r *Redactor) byKind(v *parity.Value) {
	switch {
	case v.Raw != "":
		r.secret(v, v.Raw)
	case v.Canon != "" && !isDigest(v.Canon):
		r.secret(v, v.Canon)
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

// couldBeSecret tells whether the kind of value can hold a secret at all.
func couldBeSecret(v *parity.Value) bool {
	switch v.Kind {
	case parity.Null, parity.Bool, parity.Reference, parity.Tuple, parity.Proportion, parity.Distribution:
		return false
	default:
		return v.Raw != "" || v.Canon != ""
	}
}

// byName tells whether the value is secret because of the name it stands
// under.
func (r *Redactor) byName(f *parity.Fact, name, parent string) bool {
	if !couldBeSecret(&f.Value) {
		return false
	}
	if len(r.names) > 0 && matchAny(r.names, name, f.Path) {
		return true
	}
	s := nameStrength(name)
	if parent != "" {
		s = max(s, mapStrength(strings.ToLower(parent), name))
	}
	return s != plain && secretValue(s, name, &f.Value)
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

// secretValue tells whether a value under a name of the strength is secret.
func secretValue(s strength, name string, v *parity.Value) bool {
	text := v.Canonical()
	if noSecret(text) {
		return false
	}
	switch s {
	case strong:
		return true
	case weak:
		return weakKind(v) && !modes[strings.ToLower(text)] && !absolutePath(text)
	case named:
		return weakKind(v) && !modes[strings.ToLower(text)] && !absolutePath(text) && (upperName(name) || !readsLikeName(text) && !variableName(text))
	default:
		return weakKind(v) && looksRandom(text)
	}
}

// weakKind tells whether a value's kind leaves room for a secret under a name
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

// byContent replaces secrets inside the value. Its canonical form then says no
// more of them than that they are there.
func (r *Redactor) byContent(f *parity.Fact) {
	v := &f.Value
	switch v.Kind {
	case parity.Text, parity.URL, parity.Set, parity.List, parity.Identifier, parity.Image:
	default:
		return
	}
	raw, whole := r.replace(v.Raw, inText)
	if whole {
		r.secret(v, v.Canonical())
		return
	}
	if raw == v.Raw && v.Canon == "" {
		return
	}
	canon, _ := r.replace(v.Canonical(), inCanon)
	if raw == v.Raw && canon == v.Canon {
		return
	}
	v.Raw, v.Canon = raw, canon
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
