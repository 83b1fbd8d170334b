package envname

import "testing"

func TestOf(t *testing.T) {
	for word, want := range map[string]string{"stg": "staging", "prod": "production", "live": "production", "qa": "qa"} {
		if f, ok := Of(word); !ok || f.Name != want {
			t.Errorf("%s is of %q", word, f.Name)
		}
	}
	for _, word := range []string{"", "a", "reproduction", "Staging"} {
		if f, ok := Of(word); ok {
			t.Errorf("%q is of %q", word, f.Name)
		}
	}
}

// TestWordsAreOfOneFamily: a word that two families share would name neither.
func TestWordsAreOfOneFamily(t *testing.T) {
	seen, rank := map[string]string{}, 0
	for _, f := range Families() {
		if f.Rank < rank {
			t.Errorf("%s is out of order", f.Name)
		}
		rank = f.Rank
		for _, w := range append(append([]string{}, f.Words...), f.Loose...) {
			if seen[w] != "" {
				t.Errorf("%s is of %s and %s", w, seen[w], f.Name)
			}
			seen[w] = f.Name
		}
	}
}
