package app

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"
)

func TestReplaceSectionLeavesTheRestAsItIs(t *testing.T) {
	const section = "bindings:\n  - role: new\n"
	tests := []struct{ name, text, want string }{
		{"in the middle", "version: 1\nbindings:\n  - role: old\n    spellings: {a: b}\n\n# about the gate\ngate: {mode: block}\n", "version: 1\nbindings:\n  - role: new\n\n# about the gate\ngate: {mode: block}\n"},
		{"at the end", "version: 1\n# frozen\nbindings:\n  - role: old # why\n# the end\n", "version: 1\n# frozen\nbindings:\n  - role: new\n# the end\n"},
		{"on one line", "bindings: []\nversion: 1\n", "bindings:\n  - role: new\nversion: 1\n"},
		{"without a last newline", "version: 1\nbindings: [{role: old}]", "version: 1\nbindings:\n  - role: new\n"},
		{"with a comment inside", "bindings:\n  # one\n  - role: old\n  # two\ngate: {}\n", "bindings:\n  - role: new\ngate: {}\n"},
		{"the same key elsewhere", "environments:\n  - name: a\n    bindings: {x: y}\nbindings:\n  - role: old\n", "environments:\n  - name: a\n    bindings: {x: y}\nbindings:\n  - role: new\n"},
		{"not there", "version: 1\n\n\n", "version: 1\n\n# Frozen by parity bindings --write; a gate that blocks learns nothing beside them.\nbindings:\n  - role: new\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := replaceSection([]byte(tt.text), []byte(section))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("text (-want +got):\n%s", diff)
			}
			again, err := replaceSection(got, []byte(section))
			if err != nil || string(again) != string(got) {
				t.Errorf("a second time changes it: %v\n%s", err, again)
			}
		})
	}
	for _, text := range []string{"{version: 1}", "- a\n", "", "a: [\n"} {
		if _, err := replaceSection([]byte(text), []byte(section)); err == nil {
			t.Errorf("%q was changed", text)
		}
	}
}

// TestReplaceSectionKeepsEveryOtherKey puts the section among keys in any
// order, with comments and blank lines between them.
func TestReplaceSectionKeepsEveryOtherKey(t *testing.T) {
	chunk := rapid.SampledFrom([]string{
		"version: 1\n", "# a comment\n", "\n", "gate: {mode: block}\n", "services:\n  - name: a\n  # inside\n  - name: b\n",
		"text: |\n  bindings:\n    - no\n", "project: 'bindings: x'\n", "bindings:\n- role: old\n  spellings:\n    a: b\n",
	})
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfDistinct(chunk, rapid.ID).Draw(t, "chunks"), "")
		var before map[string]any
		if err := yaml.Unmarshal([]byte(text), &before); err != nil || len(before) == 0 {
			return
		}
		got, err := replaceSection([]byte(text), []byte("bindings: [1]\n"))
		if err != nil {
			t.Fatal(err)
		}
		var after map[string]any
		if err := yaml.Unmarshal(got, &after); err != nil {
			t.Fatalf("%v\n%s", err, got)
		}
		before["bindings"] = []any{1}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatalf("keys (-want +got):\n%s\n%s", diff, got)
		}
	})
}
