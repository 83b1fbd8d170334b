package value

import (
	"net/netip"
	"strings"

	"github.com/envparity/parity"
)

// Scalar is how a document typed a value.
type Scalar uint8

// The types of scalars.
const (
	NullScalar Scalar = iota
	BoolScalar
	NumberScalar
	StringScalar
)

// Of says what an untyped scalar at a path most likely is. It is careful: a
// text becomes more than a text only where its own grammar or the end of its
// path leaves little doubt. The rules are those that gave it its canonical
// form.
func Of(path, text string, scalar Scalar) (parity.Value, parity.RuleSet) {
	switch scalar {
	case NullScalar:
		return parity.Value{Kind: parity.Null, Raw: text}, parity.SetOf(parity.EmptyIsAbsent)
	case BoolScalar:
		return canonical(parity.Bool, text, strings.ToLower(text), parity.SetOf(parity.ScalarForm))
	case NumberScalar:
		if sized(path) {
			return quantity(text, parity.Number)
		}
		return number(text)
	}
	return ofText(path, text)
}

func ofText(path, text string) (parity.Value, parity.RuleSet) {
	if Encrypted(text) {
		return parity.Value{Kind: parity.Secret}, 0
	}
	if text == "" || len(text) > 4096 {
		return parity.Value{Kind: parity.Text, Raw: text}, 0
	}
	if sized(path) {
		return quantity(text, parity.Text)
	}
	tail := Tail(path)
	if hasSuffixFold(tail, "image") && strings.ContainsAny(text, "/:") {
		if img, ok := ParseImage(text); ok {
			return canonical(parity.Image, text, img.Canonical(nil), parity.SetOf(parity.ImageForm))
		}
	}
	if timed(tail) {
		if d, ok := Duration(text); ok {
			return canonical(parity.Duration, text, d, parity.SetOf(parity.DurationForm))
		}
	}
	return byGrammar(tail, text)
}

// byGrammar looks at the text alone, and at the path's tail only for
// schedules and versions.
func byGrammar(tail, text string) (parity.Value, parity.RuleSet) {
	if strings.Contains(text, "://") {
		if u, ok := CanonicalURL(text); ok {
			return canonical(parity.URL, text, u, parity.SetOf(parity.URLForm))
		}
	}
	switch {
	case text == "true" || text == "false":
		return parity.Value{Kind: parity.Bool, Raw: text}, 0
	case IsNumber(text):
		if _, ok := Identifier(text); !ok {
			return parity.Value{Kind: parity.Number, Raw: text}, 0
		}
	case (hasSuffixFold(tail, "schedule") || hasSuffixFold(tail, "cron")) && Schedule(text):
		return parity.Value{Kind: parity.Schedule, Raw: text}, 0
	}
	if v, ok := Version(text); ok {
		if hasSuffixFold(tail, "version") || hasSuffixFold(tail, "tag") {
			return canonical(parity.Version, text, v, parity.SetOf(parity.VersionForm))
		}
		if !isAddress(text) {
			return parity.Value{Kind: parity.Version, Raw: text}, 0
		}
	}
	if _, ok := Identifier(text); ok {
		return parity.Value{Kind: parity.Identifier, Raw: text}, 0
	}
	return parity.Value{Kind: parity.Text, Raw: text}, 0
}

// isAddress reports whether a text is an IP address, which looks like a version
// of four parts.
func isAddress(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}

func canonical(k parity.ValueKind, raw, canon string, rules parity.RuleSet) (parity.Value, parity.RuleSet) {
	if raw == canon {
		return parity.Value{Kind: k, Raw: raw}, 0
	}
	return parity.Value{Kind: k, Raw: raw, Canon: canon}, rules
}

func quantity(text string, otherwise parity.ValueKind) (parity.Value, parity.RuleSet) {
	q, ok := Quantity(text)
	if !ok {
		return parity.Value{Kind: otherwise, Raw: text}, 0
	}
	return canonical(parity.Quantity, text, q, parity.SetOf(parity.QuantityForm))
}

func number(text string) (parity.Value, parity.RuleSet) {
	if neg, digits, scale, ok := decimal(text); ok && len(digits) < 40 {
		return canonical(parity.Number, text, place(neg, digits, scale), parity.SetOf(parity.ScalarForm))
	}
	return parity.Value{Kind: parity.Number, Raw: text}, 0
}

// IsNumber reports whether the text is a plain decimal number.
func IsNumber(s string) bool {
	_, _, _, ok := decimal(s)
	return ok && len(s) < 40 && s[len(s)-1] != '.'
}

// Tail is the last name in a path: a map key, or what stands in the last
// brackets; "[name=FOO]/value" gives FOO, for that is the name of the value.
func Tail(path string) string {
	if rest, ok := strings.CutSuffix(path, "]/value"); ok {
		if i := strings.LastIndexByte(rest, '='); i >= 0 {
			return rest[i+1:]
		}
	}
	if n := len(path); n > 0 && path[n-1] == ']' {
		if i := strings.LastIndexByte(path, '['); i >= 0 {
			return strings.TrimPrefix(path[i+1:n-1], "=")
		}
	}
	return path[strings.LastIndexByte(path, '/')+1:]
}

// sized reports whether a path ends below a resource's requests or limits.
func sized(path string) bool {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return false
	}
	parent := path[:i]
	return strings.HasSuffix(parent, "/requests") || strings.HasSuffix(parent, "/limits")
}

func timed(tail string) bool {
	for _, suffix := range [...]string{"timeout", "interval", "duration", "period", "ttl", "delay", "age", "retention", "window", "expiry"} {
		if hasSuffixFold(tail, suffix) {
			return true
		}
	}
	return false
}

// hasSuffixFold compares without regard to ASCII case.
func hasSuffixFold(s, suffix string) bool {
	return len(s) >= len(suffix) && strings.EqualFold(s[len(s)-len(suffix):], suffix)
}
