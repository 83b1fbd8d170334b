package compare

import (
	"cmp"
	"context"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// ruling is what two facts are to each other.
type ruling struct {
	class    parity.Class
	change   parity.Change
	rules    parity.RuleSet
	bindings []string
	note     string
	// lacks is the column without the digest of a secret that decides.
	lacks *column
}

// classify visits every path of every row with the classes of its cells.
func (r *run) classify(ctx context.Context, visit func(*parity.Joined) error) error {
	j := newJoiner(r, visit)
	for n := range r.rows {
		if n%256 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if r.opt.OneEnvironment && r.rows[n].aligned.Sides[r.ref.index] == nil {
			continue
		}
		if err := j.row(n); err != nil {
			return err
		}
	}
	return nil
}

// judge says what a column's fact is to the reference's. extra are the rules
// that paired the two.
func (r *run) judge(n, col int, own, ref *parity.Fact, extra parity.RuleSet) ruling {
	if own.Value.Kind.Measured() || ref.Value.Kind.Measured() {
		return r.judgeMeasured(col, ref)
	}
	if hidden(own) || hidden(ref) {
		if rules := (own.Rules | ref.Rules).Effects(parity.Ignores) &^ r.opt.Off; rules != 0 {
			return r.equivalent(rules)
		}
	}
	switch {
	case own.Value.Kind == parity.Secret && ref.Value.Kind == parity.Secret:
		return r.judgeSecret(n, col, own, ref)
	case either(own.Value, ref.Value, parity.Secret):
		return ruling{class: parity.Changed, change: parity.SecretChange} // one side can be read
	case hidden(own) || hidden(ref):
		return r.judgeMasked(n, col, own, ref, extra)
	}
	return r.judgeText(n, col, own, ref, extra)
}

// hidden reports whether a fact is a secret or holds one.
func hidden(f *parity.Fact) bool {
	return f.Value.Kind == parity.Secret || f.Rules.Has(parity.SecretForm)
}

// judgeText compares two values that are no secrets.
func (r *run) judgeText(n, col int, own, ref *parity.Fact, extra parity.RuleSet) ruling {
	if x, ok := r.judgeDigests(n, col, own, ref, extra); ok {
		return x
	}
	if own.Value.Raw == ref.Value.Raw && r.sameKind(own, ref) && !expression(own) && !expression(ref) {
		return r.judgeEqual(n, col, own, ref, extra)
	}
	if rules := (own.Rules | ref.Rules).Effects(parity.Ignores) &^ r.opt.Off; rules != 0 {
		return r.equivalent(rules)
	}
	if x, ok := r.judgeExpression(own, ref); ok {
		return x
	}
	shapes := (own.Rules | ref.Rules).Effects(parity.Shapes)
	if r.text(own) == r.text(ref) {
		if shapes &^= r.opt.Off; shapes == 0 {
			shapes = parity.SetOf(parity.ScalarForm)
		}
		if own.Value.Kind == parity.Set && strings.Contains(own.Value.Raw, "://") {
			shapes = parity.SetOf(parity.URLForm)
		}
		return r.equivalent(shapes | extra)
	}
	if x, ok := r.judgeReference(n, col, own, ref); ok {
		return x
	}
	if binds(own) && binds(ref) {
		if x, ok := r.judgeSpelling(n, col, own, ref, extra); ok {
			if (own.Rules | ref.Rules).Has(parity.OpenExpression) && !x.class.Counts() {
				return sameExpression
			}
			return x
		}
	}
	return ruling{class: parity.Changed, change: changeOf(own, ref)}
}

// sameExpression is what two expressions are to each other that depend on more than
// what is compared.
var sameExpression = ruling{class: parity.Unknown, note: "both sides have the same expression there, and its value is known only when it is run"}

// expression reports whether a fact holds an expression in the place of a value.
func expression(f *parity.Fact) bool {
	return f.Rules.Has(parity.Expression) || f.Rules.Has(parity.OpenExpression)
}

// judgeExpression compares a fact that holds an expression. One expression of
// what is itself compared means the same on both sides. One that depends on more
// may have another value each time, and so may one against a value. Two
// expressions differ as texts do.
func (r *run) judgeExpression(own, ref *parity.Fact) (ruling, bool) {
	switch rules := own.Rules | ref.Rules; {
	case !expression(own) && !expression(ref):
		return ruling{}, false
	case expression(own) != expression(ref):
		return ruling{class: parity.Unknown, note: "one side has an expression there, and its value is known only when it is run"}, true
	case r.text(own) != r.text(ref):
		return ruling{}, false
	case rules.Has(parity.OpenExpression) || r.opt.Off.Has(parity.Expression):
		return sameExpression, true
	}
	return r.equivalent(parity.SetOf(parity.Expression)), true
}

// sameKind reports whether one spelling means the same on both sides. A value
// that is a number here and text there does, for all that a report can tell;
// the rule that says so is named.
func (r *run) sameKind(own, ref *parity.Fact) bool {
	return own.Value.Kind != parity.Secret && ref.Value.Kind != parity.Secret &&
		own.Value.Kind != parity.Null && ref.Value.Kind != parity.Null || own.Value.Kind == ref.Value.Kind
}

// text is a fact's canonical text, or its raw one where a rule that shaped it
// is off.
func (r *run) text(f *parity.Fact) string {
	if r.opt.SecretContents && f.Rules.Has(parity.SecretForm) {
		return f.Value.Raw // with the digests of the secrets in it
	}
	if f.Rules&r.opt.Off != 0 && f.Rules.Effects(parity.Shapes)&r.opt.Off != 0 {
		return f.Value.Raw
	}
	if f.Value.Kind == parity.Set && !r.opt.Off.Has(parity.URLForm) {
		return memberText(f.Value)
	}
	return f.Value.Canonical()
}

// memberText is the canonical text of a list's member: members that are URLs
// have the canonical form of URLs.
func memberText(v parity.Value) string {
	if v.Canon == "" && strings.Contains(v.Raw, "://") {
		if u, ok := value.CanonicalURL(v.Raw); ok {
			return u
		}
	}
	return v.Canonical()
}

func (r *run) equivalent(rules parity.RuleSet) ruling {
	return ruling{class: parity.Equivalent, rules: rules}
}

// judgeEqual looks at two facts of one spelling: equal, unless they carry one
// environment's name where each ought to have its own.
func (r *run) judgeEqual(n, col int, own, ref *parity.Fact, extra parity.RuleSet) ruling {
	if own.Value.Kind == parity.Reference && own.Value.Canon != ref.Value.Canon {
		if x, ok := r.judgeReference(n, col, own, ref); ok {
			return x
		}
	}
	if x, ok := r.judgeShared(n, col, own, ref); ok {
		return x
	}
	switch {
	case extra != 0:
		return r.equivalent(extra)
	case own.Value.Kind != ref.Value.Kind && r.text(own) != r.text(ref):
		return r.equivalent(parity.SetOf(parity.ScalarForm))
	}
	return ruling{class: parity.Equal}
}

// judgeReference compares two names of subjects by the subjects they name.
func (r *run) judgeReference(n, col int, own, ref *parity.Fact) (ruling, bool) {
	if own.Value.Kind != parity.Reference || ref.Value.Kind != parity.Reference || r.opt.Off.Has(parity.ReferenceName) {
		return ruling{}, false
	}
	w := r.rows[n]
	a, okA := r.target(col, own, w.aligned.Sides[col].Subject.Scope)
	b, okB := r.target(r.ref.index, ref, w.aligned.Sides[r.ref.index].Subject.Scope)
	if !okA || !okB || a != b {
		return ruling{}, false
	}
	return r.equivalent(parity.SetOf(parity.ReferenceName)), true
}

// target finds the row of the subject that a reference names; home is the
// scope of the subject that refers.
func (r *run) target(col int, f *parity.Fact, home string) (int, bool) {
	kind, scope, name, ok := parity.ParseRefTarget(f.Value.Canon)
	if !ok {
		return 0, false
	}
	c := r.cols[col]
	if n, ok := c.find(refKey{kind, cmp.Or(scope, home), name}); ok {
		return n, true
	}
	return c.find(refKey{kind, scope, name})
}

// find gives the row of a subject.
func (c *column) find(k refKey) (int, bool) {
	if c.byKey == nil {
		c.byKey = make(map[refKey]int, len(c.rows))
		for i, n := range c.rows {
			s := &c.snap.Subjects[i].Subject
			c.byKey[refKey{s.Kind, s.Scope, s.Name}] = n
		}
	}
	n, ok := c.byKey[k]
	return n, ok
}

// judgeSpelling compares two texts that may differ by environments' spellings
// and by identifiers only, and tells a leak from another change.
func (r *run) judgeSpelling(n, col int, own, ref *parity.Fact, extra parity.RuleSet) (ruling, bool) {
	a, b := r.text(own), r.text(ref)
	m := r.binders[col]
	if own.Value.Kind == parity.Reference {
		a, b = own.Value.Raw, ref.Value.Raw
	}
	if r.opt.Off.Has(parity.BindingRule) {
		return ruling{}, false
	}
	if own.Value.Kind == parity.Image || ref.Value.Kind == parity.Image {
		return r.judgeImage(n, col, own, ref)
	}
	if used, ok := m.same(a, b); ok {
		return r.judgeBound(n, col, own, ref, used, extra), true
	}
	if x, ok := r.judgeMixed(n, col, own, ref); ok {
		return x, true
	}
	if x, ok := r.judgeIdentifiers(col, own, ref); ok {
		return x, true
	}
	return r.judgeLeak(n, col, own, ref)
}

func (r *run) bound(n, col int, path string, used []class, extra parity.RuleSet) ruling {
	ids := r.found.bind(r.binders[col], n, path, used)
	return ruling{class: parity.Bound, bindings: ids, rules: extra.With(parity.BindingRule)}
}

// judgeImage compares images: registry and repository may bind, tag and digest
// only by an environment's own word.
func (r *run) judgeImage(n, col int, own, ref *parity.Fact) (ruling, bool) {
	nameA, tagA := splitImage(r.text(own))
	nameB, tagB := splitImage(r.text(ref))
	m := r.binders[col]
	var used []class
	if nameA != nameB {
		names, ok := m.same(nameA, nameB)
		if !ok {
			return r.judgeLeak(n, col, own, ref)
		}
		used = names
	}
	if tagA != tagB {
		words := func(t token) bool { return t.class != environmentClass }
		tags, ok := m.sameBut(tagA, tagB, words, words)
		if !ok {
			x := ruling{class: parity.Changed, change: parity.VersionChange}
			if len(used) > 0 {
				x.rules = parity.SetOf(parity.BindingRule)
			}
			return x, true
		}
		used = append(used, tags...)
	}
	if len(used) == 0 {
		return ruling{}, false
	}
	return r.bound(n, col, ref.Path, used, 0), true
}

// splitImage cuts a canonical image into its name and what follows.
func splitImage(s string) (name, version string) {
	slash := 0
	for i := range len(s) {
		switch {
		case s[i] == '/':
			slash = i
		case s[i] == '@':
			return cutTag(s, i)
		}
	}
	for i := slash; i < len(s); i++ {
		if s[i] == ':' {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

func cutTag(s string, at int) (name, version string) {
	name, tag := splitImage(s[:at])
	return name, tag + s[at:]
}

// judgeIdentifiers finds two texts that differ only in opaque identifiers
// which stand for each other, one to one.
func (r *run) judgeIdentifiers(col int, own, ref *parity.Fact) (ruling, bool) {
	a, b, ok := r.skeletons(col, own, ref)
	if !ok {
		return ruling{}, false
	}
	for i := range a {
		if a[i].text != b[i].text && !r.found.ids.oneToOne(col, a[i].text, b[i].text) {
			return ruling{
				class: parity.Changed, change: parity.IdentifierChange,
				note: "the identifier stands for more than one on the other side",
			}, true
		}
	}
	for i := range a {
		if a[i].text != b[i].text {
			r.found.identifier(col, a[i], b[i].text)
		}
	}
	return ruling{class: parity.IdentifierClass, bindings: r.binders[col].citeTexts(nil, r.text(own), r.text(ref))}, true
}
