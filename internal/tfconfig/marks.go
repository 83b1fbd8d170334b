package tfconfig

import (
	"github.com/zclconf/go-cty/cty"

	"github.com/envparity/parity/internal/doc"
)

type sensitiveMark struct{}

// sensitive marks values that must not be shown.
var sensitive = sensitiveMark{}

// source is a named value, so that it is known where else its parts show.
type source struct {
	// kind is "var" or "local"; module is the module's address.
	kind, module, name string
	// text is the part as it is written.
	text string
	// shown is where the part stands as it is; empty where nowhere.
	shown *Shown
}

// Shown is the place in a resource at which a variable's or local's part stands as
// it is.
type Shown struct {
	Module, Type, Name string
	Data               bool
	Attribute          string
}

// maxMarked bounds the parts of one value that are followed.
const maxMarked = 4000

// note returns what a value's parts are marked with; nil where values of the
// module are not followed: those of called modules follow from their caller's.
func (s *scope) note(kind, name string, _ Pos) *source {
	if s.address != "" {
		return nil
	}
	return &source{kind: kind, module: s.address, name: name}
}

// mark marks each scalar part of a value that bears no such mark yet.
func mark(v cty.Value, from *source) cty.Value {
	if parts(v, maxMarked) <= 0 {
		return v
	}
	out, err := cty.Transform(v, func(p cty.Path, x cty.Value) (cty.Value, error) {
		plain, marks := x.Unmark()
		if plain.IsNull() || !plain.IsKnown() || !plain.Type().IsPrimitiveType() {
			return x, nil
		}
		for m := range marks {
			if _, ok := m.(*source); ok {
				return x, nil
			}
		}
		for _, step := range p {
			if i, ok := step.(cty.IndexStep); ok && !i.Key.Type().IsPrimitiveType() {
				return x, nil
			}
		}
		part := *from
		part.text = scalarText(plain)
		return x.Mark(&part), nil
	})
	if err != nil {
		return v
	}
	return out
}

// parts counts down by the scalars in a value; sets end it, as their members
// cannot be marked.
func parts(v cty.Value, left int) int {
	plain, _ := v.Unmark()
	if left <= 0 || plain.IsNull() || !plain.IsKnown() {
		return left
	}
	switch t := plain.Type(); {
	case t.IsSetType():
		return 0
	case t.IsPrimitiveType() || t.IsCapsuleType():
		return left - 1
	default:
		for it := plain.ElementIterator(); it.Next() && left > 0; {
			_, e := it.Element()
			left = parts(e, left)
		}
	}
	return left
}

// Shows says where the part of a variable or local that a node holds shows in a
// resource. ok is false where it does nowhere as it is.
func (c *Config) Shows(n *doc.Node) (Shown, bool) {
	if s := c.origins[n]; s != nil && s.shown != nil {
		return *s.shown, true
	}
	return Shown{}, false
}

// Follows names the variable that the part of a local stands in.
func (c *Config) Follows(n *doc.Node) (variable string, ok bool) {
	if s := c.origins[n]; s != nil && s.kind == "var" {
		return s.name, true
	}
	return "", false
}
