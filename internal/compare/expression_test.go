package compare

import (
	"testing"

	"github.com/envparity/parity"
)

// TestExpressions: one expression of what is compared itself is equivalent to the
// same one, and another is a change. One that a run must fill is equal to nothing.
func TestExpressions(t *testing.T) {
	closed, open := parity.SetOf(parity.Expression), parity.SetOf(parity.OpenExpression)
	fact := func(text string, rules parity.RuleSet) *parity.Fact {
		return &parity.Fact{Path: "/a", Value: parity.Value{Kind: parity.Text, Raw: text}, Rules: rules}
	}
	r := &run{}
	for name, tt := range map[string]struct {
		own, ref *parity.Fact
		class    parity.Class
		decided  bool
	}{
		"the same":                  {fact("${a.b.id}", closed), fact("${a.b.id}", closed), parity.Equivalent, true},
		"another":                   {fact("${a.b.id}", closed), fact("${a.c.id}", closed), 0, false},
		"the same, open":            {fact("${var.x}", open), fact("${var.x}", open), parity.Unknown, true},
		"another, open":             {fact("${var.x}", open), fact("${var.y}", open), 0, false},
		"an expression and a value": {fact("${a.b.id}", closed), fact("x", 0), parity.Unknown, true},
		"two values":                {fact("x", 0), fact("x", 0), 0, false},
	} {
		x, ok := r.judgeExpression(tt.own, tt.ref)
		if ok != tt.decided || ok && x.class != tt.class {
			t.Errorf("%s: %v %v", name, x.class, ok)
		}
	}
}

// TestSizesDoNotBind: the name of a size is no environment's name for a thing.
func TestSizesDoNotBind(t *testing.T) {
	f := &parity.Fact{Path: "/instance_class", Value: parity.Value{Kind: parity.Text, Raw: "db.t4g.small"}, Surface: parity.Resource}
	if binds(f) {
		t.Error("a size binds")
	}
	f.Path = "/function_name"
	if !binds(f) {
		t.Error("a text does not bind")
	}
}
