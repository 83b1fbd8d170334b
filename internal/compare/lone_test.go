package compare

import (
	"fmt"
	"testing"

	"github.com/envparity/parity"
)

// keys adds external secrets that read each environment's own keys.
func keys(e *env, word string, n int) *env {
	for i := range n {
		e.add("ExternalSecret", "shop", fmt.Sprintf("s%d", i), "/spec/dataFrom[0]/extract/key", fmt.Sprintf("shop/%s/s%d", word, i))
	}
	return e
}

// TestLoneObjectLeaks: an object that one instance alone has is judged for
// another environment's spelling, whichever instance is the reference, where
// other subjects have their own.
func TestLoneObjectLeaks(t *testing.T) {
	tests := []struct {
		name      string
		reference int // of the two instances of production; the second has the object
		bound     int
		key       string
		leak      bool
	}{
		{"another environment's word", 0, 3, "shop/staging/extra", true},
		{"in the reference", 1, 3, "shop/staging/extra", true},
		{"its own word", 0, 3, "shop/production/extra", false},
		{"its own word in the reference", 1, 3, "shop/production/extra", false},
		{"both words", 0, 3, "shop/production/from-staging", false},
		{"not where others have their own", 0, 2, "shop/staging/extra", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := keys(staging(), "staging", tt.bound)
			all := []*env{s}
			for i := range 2 {
				p := keys(production(), "production", tt.bound)
				p.instance, p.reference = fmt.Sprintf("p%d", i), i == tt.reference
				all = append(all, p)
			}
			all[2].add("ExternalSecret", "shop", "extra", "/spec/dataFrom[0]/extract/key", tt.key, "/spec/refreshInterval", "1h")
			c := compareAll(t, Options{}, all...)
			leaks, cells := 0, 0
			for _, j := range c.joined {
				for _, cell := range j.Cells {
					if j.Subject.Key.Name == "extra" && cell.Class.Counts() {
						cells++
					}
					if cell.Class == parity.Leak {
						leaks++
						if want := "production/p1 has staging's 'staging', where its other subjects have their own"; cell.Note != want {
							t.Errorf("note %q, want %q", cell.Note, want)
						}
					}
				}
			}
			if (leaks > 0) != tt.leak || cells < 2 {
				t.Errorf("%d leaks in %d cells that count, want a leak: %v", leaks, cells, tt.leak)
			}
		})
	}
}

// TestLoneObjectLeaksFromReference: what staging alone has and what belongs to
// the reference.
func TestLoneObjectLeaksFromReference(t *testing.T) {
	s, p := keys(staging(), "staging", 3), keys(production(), "production", 3)
	s.add("ExternalSecret", "shop", "extra", "/spec/dataFrom[0]/extract/key", "shop/production/extra")
	c := compareAll(t, Options{}, s, p)
	if cell := c.class(t, "ExternalSecret", "extra", "/spec/dataFrom[0]/extract/key"); cell.Class != parity.Leak {
		t.Errorf("got %v", cell.Class)
	}
}

// TestLoneFactLeaks: a fact that one side alone has of an object on both sides is
// a leak too, on either side, and has a cause to group it by.
func TestLoneFactLeaks(t *testing.T) {
	for _, of := range []string{"staging", "production"} {
		s, p := keys(staging(), "staging", 4), keys(production(), "production", 4)
		holder, other, key := s, p, "shop/production/extra"
		if of == "production" {
			holder, other, key = p, s, "shop/staging/extra"
		}
		holder.add("ExternalSecret", "shop", "both", "/spec/more/extract/key", key, "/spec/refreshInterval", "1h")
		other.add("ExternalSecret", "shop", "both", "/spec/refreshInterval", "1h")
		c := compareAll(t, Options{}, s, p)
		if cell := c.class(t, "ExternalSecret", "both", "/spec/more/extract/key"); cell.Class != parity.Leak {
			t.Errorf("%s alone has %s: got %v", of, key, cell.Class)
		}
		for _, j := range c.joined {
			if j.Path == "/spec/more/extract/key" && j.Cause.Kind == "" {
				t.Errorf("%s alone has %s: no cause", of, key)
			}
		}
	}
}

// TestLoneKeyOfAnotherEnvironment: a key that names an environment which is not
// compared is a leak where more subjects read keys of their own environment.
func TestLoneKeyOfAnotherEnvironment(t *testing.T) {
	for _, tt := range []struct {
		own, foreign int
		key          string
		leak         bool
	}{
		{3, 0, "shop/staging/extra", true},
		{2, 0, "shop/staging/extra", false},
		{3, 3, "shop/staging/extra", false},
		{3, 0, "shop/production/extra", false},
		{3, 0, "production/from/staging/extra", false},
	} {
		var all []*env
		for i := range 3 {
			p := keys(production(), "production", tt.own)
			for n := range tt.foreign {
				p.add("ExternalSecret", "shop", fmt.Sprint("f", n), "/spec/dataFrom[0]/extract/key", fmt.Sprint("shop/staging/f", n))
			}
			p.instance, p.reference = fmt.Sprintf("p%d", i), i == 0
			all = append(all, p)
		}
		all[1].add("ExternalSecret", "shop", "extra", "/spec/dataFrom[0]/extract/key", tt.key)
		c := compareAll(t, Options{}, all...)
		cell := c.cells["production/p1 ExternalSecret extra /spec/dataFrom[0]/extract/key"]
		if got := cell.Class == parity.Leak; got != tt.leak || !cell.Class.Counts() {
			t.Errorf("%d own, %d foreign, %s: %v %q", tt.own, tt.foreign, tt.key, cell.Class, cell.Note)
		}
	}
}
