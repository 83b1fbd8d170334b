package doc

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseYAMLValues(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"kinds", "a: 1\nb: x\nc: true\nd: ~\ne: null\nf:\ng: ''\nh: \"1\"", `{a:number(1) b:"x" c:bool(true) d:null e:null f:null g:"" h:"1"}`},
		{"numbers keep their spelling", "[0x1F, 0o17, 017, 1_000, .inf, 1e3, -0.50]", `[number(0x1F) number(0o17) number(017) number(1_000) number(.inf) number(1e3) number(-0.50)]`},
		{"booleans of YAML 1.1 are text", "[yes, no, on, off, y, True]", `["yes" "no" "on" "off" "y" bool(True)]`},
		{"dates are text", "a: 2026-01-02", `{a:"2026-01-02"}`},
		{"unknown tags", "a: !vault x\nb: !reference [c, d]\ne: !Ref {f: 1}", `{a:"x" b:["c" "d"] e:{f:number(1)}}`},
		{"known tags", "a: !!str 1\nb: !!int \"2\"\nc: !!binary aGk=", `{a:"1" b:number(2) c:"aGk="}`},
		{"keys that are not text", "1: a\ntrue: b\n~: c", `{1:"a" true:"b" ~:"c"}`},
		{"aliases", "a: &x {b: 1}\nc: *x", `{a:{b:number(1)} c:{b:number(1)}}`},
		{"an alias as a key", "a: &x k\n*x : v", `{a:"k" k:"v"}`},
		{"redefined anchor", "a: &x 1\nb: *x\nc: &x 2\nd: *x", `{a:number(1) b:number(1) c:number(2) d:number(2)}`},
		{"merge", "a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3", `{a:{b:number(1) c:number(2)} d:{c:number(3) b:number(1)}}`},
		{"tagged merge", "a: &x {b: 1}\nd:\n  !!merge <<: *x\n  c: 3", `{a:{b:number(1)} d:{c:number(3) b:number(1)}}`},
		{"merge of a list, first wins", "a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne:\n  <<: [*x, *y]", `{a:{b:number(1)} c:{b:number(2) d:number(3)} e:{b:number(1) d:number(3)}}`},
		{"two merges", "a: &x {b: 1}\nc: &y {b: 2, d: 3}\ne:\n  <<: *x\n  <<: *y", `{a:{b:number(1)} c:{b:number(2) d:number(3)} e:{b:number(1) d:number(3)}}`},
		{"merge within a merge", "a: &x {b: 1}\nc: &y {<<: *x, d: 2}\ne: {<<: *y}", `{a:{b:number(1)} c:{d:number(2) b:number(1)} e:{d:number(2) b:number(1)}}`},
		{"quoted << is a key", "\"<<\": 1", `{<<:number(1)}`},
		{"CRLF", "a: 1\r\nb:\r\n- x\r\n", `{a:number(1) b:["x"]}`},
		{"BOM", "\xef\xbb\xbfa: 1", `{a:number(1)}`},
		{"UTF-16", "\xff\xfea\x00:\x00 \x001\x00", `{a:number(1)}`},
		{"block of text", "a: |\n  x\n  y\nb: >-\n  x\n  y\n", `{a:"x\ny\n" b:"x y"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			docs, err := yamlDocs(tt.in, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{tt.want}, docs); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseYAMLErrors(t *testing.T) {
	deep := strings.Repeat("[", 300) + strings.Repeat("]", 300)
	tests := []struct{ name, in, place, what string }{
		{"duplicate key", "hunter2: 1\nb: 2\nhunter2: 3", "3:1", "twice"},
		{"duplicate key in flow", "a: {hunter2: 1, hunter2: 2}", "1:17", "twice"},
		{"map as a key", "{hunter2: 1}: 2", "1:1", "only scalars can be keys"},
		{"tab as indentation", "a:\n\t- hunter2", "2:0", "tab"},
		{"list not closed", "a: [hunter2, 2\nb: 3", "2:0", "brackets"},
		{"map not closed", "ok: 1\na: {hunter2: 1\n", "2:0", "braces"},
		{"quote not closed", "a: \"hunter2\nb: 1\n", "2:0", "quote"},
		{"value after a value", "a: hunter2\n b: 2", "2:0", "second value"},
		{"item at the wrong column", "a:\n  b: 1\nx:\n  - 1\n  # note\n - hunter2\n", "6:0", "indentation"},
		{"key at the wrong column", "a:\n    b: hunter2\n    c: 1\n  d: 1\n", "4:0", "indentation"},
		{"key in a list", "- a\n- b\nhunter2: 1\n", "3:0", "indentation"},
		{"unknown alias", "a: 1\nb: *hunter2", "2:4", "no anchor"},
		{"alias within its anchor", "a: &hunter2\n  b: *hunter2", "2:6", "contains it"},
		{"merge of a scalar", "<<: hunter2", "1:5", "merged"},
		{"merge of a list of scalars", "<<: [hunter2]", "1:6", "merged"},
		{"not UTF-8", "a: hunter2\nb: \xff\xfe", "2:4", "UTF-8"},
		{"Latin-1", "a: hunter2\nb: caf\xe9\n", "2:7", "UTF-8"},
		{"control character", "a: 1\nb: hunter2\x01\n", "2:11", "control character"},
		{"NUL", "a: 1\nb: hunter2\x00\n", "2:11", "control character"},
		{"deep", deep, "1:201", "deeper than 200"},
		{"very deep", strings.Repeat("[", 20000), "1:0", "deep"},
		{"bad escape", `a: "hunter2\q"`, "1:0", "escape"},
		{"reserved indicator", "a: @hunter2", "1:0", "cannot begin a value"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := yamlDocs(tt.in, Limits{})
			wantError(t, err, tt.place, tt.what)
		})
	}
}

func TestParseYAMLStream(t *testing.T) {
	t.Run("documents before a fault of syntax are given", func(t *testing.T) {
		docs, err := yamlDocs("a: 1\n---\nb: 2\n---\nc: [hunter2\n---\nd: 4\n", Limits{})
		wantError(t, err, "5:0", "brackets")
		if diff := cmp.Diff([]string{"{a:number(1)}", "{b:number(2)}"}, docs); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a duplicate key costs its own document only", func(t *testing.T) {
		docs, err := yamlDocs("a: 1\n---\nb: 2\nb: hunter2\n---\nc: 3\n", Limits{})
		wantError(t, err, "4:1", "twice")
		if diff := cmp.Diff([]string{"{a:number(1)}", "{c:number(3)}"}, docs); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("empty documents count but are not given", func(t *testing.T) {
		var got []int
		in := "# nothing\n---\na: 1\n---\n---\n# nothing\n---\nb: 2\n...\n"
		err := ParseYAML(strings.NewReader(in), Limits{}, func(_ *Node, i int) error {
			got = append(got, i)
			return nil
		})
		if diff := cmp.Diff([]int{0, 3}, got); diff != "" || err != nil {
			t.Error(err, diff)
		}
	})
	t.Run("an error of the function ends the stream", func(t *testing.T) {
		stop, calls := errors.New("stop"), 0
		err := ParseYAML(strings.NewReader("a: 1\n---\nb: 2\n"), Limits{}, func(*Node, int) error {
			calls++
			return stop
		})
		if !errors.Is(err, stop) || calls != 1 {
			t.Errorf("got %v after %d calls", err, calls)
		}
	})
	t.Run("an error of the reader comes through", func(t *testing.T) {
		broken := errors.New("disk on fire")
		r := &brokenReader{strings.NewReader("a: 1\n---\nb: "), broken}
		err := ParseYAML(r, Limits{}, func(*Node, int) error { return nil })
		if !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	})
}

type brokenReader struct {
	in  *strings.Reader
	err error
}

func (r *brokenReader) Read(p []byte) (int, error) {
	if r.in.Len() == 0 {
		return 0, r.err
	}
	return r.in.Read(p)
}

func TestParseYAMLPositions(t *testing.T) {
	in := "---\nfirst: 1\n---\nä: &x\n  - 'a'\n  - {k: v}\nb: *x\n"
	var last *Node
	if err := ParseYAML(strings.NewReader(in), Limits{}, func(n *Node, _ int) error { last = n; return nil }); err != nil {
		t.Fatal(err)
	}
	at := func(n *Node) [2]int32 { return [2]int32{n.Line, n.Col} }
	list := last.Get("ä")
	for _, tt := range []struct {
		what      string
		got, want [2]int32
	}{
		{"document", at(last), [2]int32{4, 1}},
		{"first item", at(list.Items[0]), [2]int32{5, 5}},
		{"value in flow", at(list.Items[1].Get("k")), [2]int32{6, 9}},
		{"key", [2]int32{last.Fields[1].Line, last.Fields[1].Col}, [2]int32{7, 1}},
		{"an alias is where its anchor is", at(last.Get("b").Items[0]), [2]int32{5, 5}},
	} {
		if tt.got != tt.want {
			t.Errorf("%s is at %v, want %v", tt.what, tt.got, tt.want)
		}
	}
}
