package policy

import "testing"

func TestColumnNotes(t *testing.T) {
	type note struct{ text, column string }
	for _, tt := range []struct {
		notes []note
		want  string
	}{
		{nil, ""},
		{[]note{{"", "a"}}, ""},
		{[]note{{"the same", "a"}, {"the same", "b"}}, "the same"},
		{[]note{{"dev/00 has staging's 'x'", "dev/00"}}, "dev/00 has staging's 'x'"},
		{[]note{{"dev/00 has staging's 'x'", "dev/00"}, {"dev/01 has staging's 'x'", "dev/01"}}, "dev/00, dev/01 have staging's 'x'"},
		{[]note{{"a includes b's 'c'", "a"}, {"b includes b's 'c'", "b"}}, "a, b include b's 'c'"},
		{[]note{{"not hidden in a: why", "a"}, {"not hidden in b: why", "b"}, {"not hidden in c: other", "c"}}, "not hidden in a, b: why; not hidden in c: other"},
		{[]note{{"in development", "dev"}, {"in development", "test"}}, "in development"},
		{[]note{{"x a", "a"}, {"x b", "b"}, {"x c", "c"}, {"x d", "d"}, {"x e", "e"}}, "x a, b, c and 2 more"},
	} {
		var n columnNotes
		for _, x := range tt.notes {
			n.add(x.text, x.column)
		}
		if got := n.text(); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.notes, got, tt.want)
		}
	}
}
