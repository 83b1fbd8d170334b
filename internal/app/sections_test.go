package app

import (
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const newEntry = "  - name: new\n    reason: why\n"

func TestAddToSection(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		line             int
	}{
		{"no list yet", "version: 1\n", "version: 1\n\nlist:\n  - name: new\n    reason: why\n", 4},
		{"no line break at the end", "version: 1", "version: 1\n\nlist:\n  - name: new\n    reason: why\n", 4},
		{"an entry before", "list:\n  - name: a # first\nlast: 1\n", "list:\n  - name: a # first\n  - name: new\n    reason: why\nlast: 1\n", 3},
		{"not indented", "list:\n- name: a\n\n# The rest.\nlast: 1\n", "list:\n- name: a\n- name: new\n  reason: why\n\n# The rest.\nlast: 1\n", 3},
		{"deeper", "list:\n      - name: a\n", "list:\n      - name: a\n      - name: new\n        reason: why\n", 3},
		{"at the end without a break", "list:\n  - name: a", "list:\n  - name: a\n  - name: new\n    reason: why\n", 3},
		{"empty", "list: []\nlast: 1\n", "list:\n  - name: new\n    reason: why\nlast: 1\n", 2},
		{"empty with a comment", "list: [] # why\n", "list:  # why\n  - name: new\n    reason: why\n", 2},
		{"null", "list:\nlast: 1\n", "list:\n  - name: new\n    reason: why\nlast: 1\n", 2},
	} {
		out, line, err := addToSection([]byte(c.text), "list", newEntry)
		if err != nil || string(out) != c.want || line != c.line {
			t.Errorf("%s: line %d, %v\n%s", c.name, line, err, out)
		}
	}
	for _, text := range []string{"{version: 1}", "list: [{name: a}]", "- a\n", "list: {a: b}", "a: b: c\n"} {
		if out, _, err := addToSection([]byte(text), "list", newEntry); err == nil {
			t.Errorf("%q became %q", text, out)
		}
	}
}

// FuzzAddToSection holds that an entry that is added is there, that all others stay,
// and that no line of the file is lost.
func FuzzAddToSection(f *testing.F) {
	for _, s := range []string{"version: 1\n", "list:\n  - name: a\nlast: 1\n", "list: []\n", "list:\n- a: |\n    - b\n# c\nz: 1", "\"list\": &x\n  - name: a\n", "---\nlist:\n  - a\n...\n", "list: # why\n  # first\n  - a\n  # last\nb: 1\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		out, _, err := addToSection(text, "list", newEntry)
		if err != nil {
			return
		}
		var before, after map[string]any
		if yaml.Unmarshal(text, &before) != nil || yaml.Unmarshal(out, &after) != nil {
			return // config.Load refuses it, and the file is left as it was
		}
		was, _ := before["list"].([]any)
		is, ok := after["list"].([]any)
		if !ok || len(is) != len(was)+1 {
			t.Fatalf("%q became %q: %d entries after %d", text, out, len(is), len(was))
		}
		for _, line := range strings.Split(string(text), "\n") {
			if !strings.Contains(string(out), strings.TrimRight(line, " ")) && !strings.Contains(line, "[]") {
				t.Fatalf("%q became %q: %q is lost", text, out, line)
			}
		}
	})
}
