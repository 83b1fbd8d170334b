package kube

import (
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// scalar emits a value of a known type.
func (w *walker) scalar(n *doc.Node, f *field, parent *doc.Node) {
	e := w.here()
	v, rules := w.scalarValue(e.path, n, f)
	if w.builtin {
		if f.zero && isZero(f.typ.kind, v.Canonical()) {
			rules = rules.With(parity.DefaultValue)
		}
		if len(f.defaults) > 0 && w.isDefault(f, meant(v), parent) {
			rules = rules.With(parity.DefaultValue)
		}
	}
	on := e.surface
	if v.Kind == parity.Reference {
		on = referenceSurface(f.ref, on)
	}
	w.emitOn(on, e, n, v, rules)
}

// meant is the canonical form, and the name where v is a reference.
func meant(v parity.Value) string {
	if v.Kind == parity.Reference {
		return v.Raw
	}
	return v.Canonical()
}

func isZero(k typeKind, text string) bool {
	switch k {
	case textType:
		return text == ""
	case boolType:
		return text == "false"
	default:
		return text == "0"
	}
}

// referenceSurface is the surface of a reference: that of what it names, where
// that has one of its own.
func referenceSurface(kind string, otherwise parity.Surface) parity.Surface {
	switch kind {
	case "Secret":
		return parity.Secrets
	case "ServiceAccount":
		return parity.IdentitySurface
	default:
		return otherwise
	}
}

func (w *walker) scalarValue(path string, n *doc.Node, f *field) (parity.Value, parity.RuleSet) {
	switch f.typ.kind {
	case quantityType:
		return quantityValue(n)
	case durationType:
		return shaped(parity.Duration, n.Text, value.Duration, parity.DurationForm)
	case intOrTextType, numberType:
		return numberValue(n)
	case boolType:
		return boolValue(n)
	case timeType, bytesType:
		return parity.Value{Kind: parity.Text, Raw: n.Text}, 0
	}
	if f.ref != "" {
		return reference(f.ref, "", n.Text), parity.SetOf(parity.ReferenceName)
	}
	return w.textValue(path, n.Text)
}

func reference(kind, scope, name string) parity.Value {
	return parity.Value{Kind: parity.Reference, Raw: name, Canon: parity.RefTarget(kind, scope, name)}
}

// textValue says what a text is by its own grammar.
func (w *walker) textValue(path, text string) (parity.Value, parity.RuleSet) {
	if word(text) {
		return parity.Value{Kind: parity.Text, Raw: text}, 0
	}
	return w.guessText(path, text, value.StringScalar)
}

func (w *walker) guessText(path, text string, s value.Scalar) (parity.Value, parity.RuleSet) {
	v, rules := value.Of(path, text, s)
	if v.Kind == parity.Image && len(w.r.options.Mirrors) > 0 {
		return w.imageValue(text)
	}
	return v, rules
}

// guess emits a value of unknown type.
func (w *walker) guess(n *doc.Node) {
	e := w.here()
	s := value.StringScalar
	switch n.Kind {
	case doc.Bool:
		s = value.BoolScalar
	case doc.Number:
		s = value.NumberScalar
	}
	v, rules := w.guessText(e.path, n.Text, s)
	if s == value.BoolScalar {
		rules |= w.customDefault(e.path, v.Canonical())
	}
	w.emitAt(e, n, v, rules)
}

// word reports whether the text is a single word of letters and hyphens, other
// than a boolean: nothing but a text.
func word(s string) bool {
	if s == "true" || s == "false" {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c|0x20 < 'a' || c|0x20 > 'z' {
			if c != '-' || i == 0 {
				return false
			}
		}
	}
	return true
}

func shaped(k parity.ValueKind, text string, canonical func(string) (string, bool), rule parity.Rule) (parity.Value, parity.RuleSet) {
	canon, ok := canonical(text)
	switch {
	case !ok:
		return parity.Value{Kind: parity.Text, Raw: text}, 0
	case canon == text:
		return parity.Value{Kind: k, Raw: text}, 0
	default:
		return parity.Value{Kind: k, Raw: text, Canon: canon}, parity.SetOf(rule)
	}
}

func quantityValue(n *doc.Node) (parity.Value, parity.RuleSet) {
	return shaped(parity.Quantity, n.Text, value.Quantity, parity.QuantityForm)
}

// numberValue is a number, or a text where the type allows both: a quoted
// number is the same number.
func numberValue(n *doc.Node) (parity.Value, parity.RuleSet) {
	if !value.IsNumber(n.Text) {
		return parity.Value{Kind: parity.Text, Raw: n.Text}, 0
	}
	v, rules := parity.Value{Kind: parity.Number, Raw: n.Text}, parity.RuleSet(0)
	if !smallInteger(n.Text) {
		v, rules = value.Of("", n.Text, value.NumberScalar)
	}
	if n.Kind == doc.String {
		rules = rules.With(parity.ScalarForm)
	}
	return v, rules
}

// smallInteger reports whether the text is a decimal integer in its only form.
func smallInteger(s string) bool {
	return len(s) < 18 && digits(s) && (s == "0" || s[0] != '0')
}

func boolValue(n *doc.Node) (parity.Value, parity.RuleSet) {
	v := parity.Value{Kind: parity.Bool, Raw: n.Text}
	var rules parity.RuleSet
	switch low := strings.ToLower(n.Text); low {
	case "true", "false":
		if low != n.Text {
			v.Canon, rules = low, parity.SetOf(parity.ScalarForm)
		}
	case "yes", "on", "y":
		v.Canon, rules = "true", parity.SetOf(parity.ScalarForm)
	case "no", "off", "n":
		v.Canon, rules = "false", parity.SetOf(parity.ScalarForm)
	default:
		v.Kind = parity.Text
	}
	if n.Kind == doc.String {
		rules = rules.With(parity.ScalarForm)
	}
	return v, rules
}

// imageValue takes an image apart.
func (w *walker) imageValue(text string) (parity.Value, parity.RuleSet) {
	img, ok := value.ParseImage(text)
	if !ok {
		return parity.Value{Kind: parity.Text, Raw: text}, 0
	}
	canon := img.Canonical(w.r.options.Mirrors)
	if canon == text {
		return parity.Value{Kind: parity.Image, Raw: text}, 0
	}
	return parity.Value{Kind: parity.Image, Raw: text, Canon: canon}, parity.SetOf(parity.ImageForm)
}
