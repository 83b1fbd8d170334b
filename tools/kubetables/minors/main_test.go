package main

import "testing"

func TestMerge(t *testing.T) {
	got := merge([]int{30, 33, 37}, [][]string{
		{"# made", "# head", "a\tx\t\t1", "gone\tx\t\t1", "hand\tx\ty\t1"},
		{"# made", "# head", "a\tx\t\t1", "b\tx\t\t1", "gone\tx\t\t1", "hand\tx\ty\t1"},
		{"# made", "# head", "a\tx\t\t1", "b\tx\t\t1", "c\tx\t\t1", "hand\tx\ty\t1"},
	})
	want := "# made\n# head\ngone\tx\t\t1\t\t33\na\tx\t\t1\nb\tx\t\t1\t33\t\nc\tx\t\t1\t37\t\nhand\tx\ty\t1\n"
	if got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}
