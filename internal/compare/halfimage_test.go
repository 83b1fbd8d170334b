package compare

import (
	"strings"
	"testing"
)

// TestImagesWithAnOpenTag: images whose tag a pipeline fills in share a cause where
// they are the same on each side, whatever runs them.
func TestImagesWithAnOpenTag(t *testing.T) {
	const open = "registry.example.com/shop/web:sha-${{ github.sha }}"
	s, p := staging(), production()
	for _, name := range []string{"a", "b", "c"} {
		own, ref := "shop/web:dev", open
		if name == "c" {
			own = "shop/other:dev"
		}
		s.add("service", "", name, "/image", own)
		p.add("service", "", name, "/image", ref)
	}
	keys := map[string]string{}
	for _, j := range compareAll(t, Options{}, s, p).joined {
		keys[j.Subject.Key.Name] = j.Cause.Key
		if !strings.HasPrefix(j.Cause.Label, "image shop/") {
			t.Errorf("%s: %q", j.Subject.Key.Name, j.Cause.Label)
		}
	}
	if keys["a"] != keys["b"] || keys["a"] == keys["c"] {
		t.Errorf("%q", keys)
	}
}
