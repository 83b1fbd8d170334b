package doc

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"
)

// bomb is the billion laughs.
func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [hunter2,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 12; i++ {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9))
	}
	return b.String()
}

func mergeBomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 {k0: hunter2}\n")
	for i := 1; i < 40; i++ {
		fmt.Fprintf(&b, "a%d: &a%d {<<: [*a%d, *a%d], k%d: 1}\n", i, i, i-1, i-1, i)
	}
	return b.String()
}

func TestParseYAMLBombs(t *testing.T) {
	for name, in := range map[string]string{"lists": bomb(), "merges": mergeBomb()} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			docs, err := yamlDocs(in+"---\nafter: 1\n", Limits{Nodes: 100_000})
			var e *Error
			if !asError(err, &e) || e.Line < 2 || e.Col < 1 || !strings.Contains(e.What, "more than 100000 values") {
				t.Errorf("got %v, want the limit with its place", err)
			}
			if len(docs) != 0 {
				t.Error("the stream went on after a limit")
			}
			if took := time.Since(start); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func asError(err error, e **Error) bool {
	got, ok := err.(*Error)
	*e = got
	return ok
}

// TestParseYAMLManySmallBombs holds that a stream cannot expand without end by
// staying below the limit in each of its documents.
func TestParseYAMLManySmallBombs(t *testing.T) {
	one := "---\na: &a [1,2,3,4,5,6,7,8,9]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b]\n"
	docs, err := yamlDocs(strings.Repeat(one, 1000), Limits{Nodes: 1000})
	if err == nil || !strings.Contains(err.Error(), "more than 2000 values together") {
		t.Errorf("got %v", err)
	}
	if len(docs) == 0 || len(docs) > 100 {
		t.Errorf("%d documents were given", len(docs))
	}
}

func TestParseYAMLLimits(t *testing.T) {
	_, err := yamlDocs("a: 1\nb: 2\n", Limits{Bytes: 8})
	wantError(t, err, "1:0", "larger than 8 bytes")
	_, err = yamlDocs("[1,2,3,4]", Limits{Nodes: 4})
	wantError(t, err, "1:8", "more than 4 values")
	if _, err = yamlDocs("[1,2,3,4]", Limits{Nodes: 5}); err != nil {
		t.Error(err)
	}
	_, err = yamlDocs("a:\n  b:\n    c: 1", Limits{Depth: 3})
	wantError(t, err, "3:8", "deeper than 3")
}

// endless gives a text again and again, up to a number of bytes.
type endless struct {
	text, rest []byte
	left       int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	if len(e.rest) == 0 {
		e.rest = e.text
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	e.left -= n
	return n, nil
}

// TestParseYAMLLargeFile reads 50 MiB of documents and holds that memory does
// not grow with the file.
func TestParseYAMLLargeFile(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 50 MiB")
	}
	text := manyObjects(20)
	docs, peak := 0, uint64(0)
	in := &endless{text: text, left: 50 << 20 / len(text) * len(text)}
	err := ParseYAML(in, Limits{}, func(*Node, int) error {
		if docs++; docs%500 == 0 {
			peak = max(peak, heap())
		}
		return nil
	})
	if err != nil || docs < 20_000 {
		t.Fatalf("%d documents, %v", docs, err)
	}
	if peak > 48<<20 {
		t.Errorf("the heap reached %d MiB", peak>>20)
	}
}

// TestParseYAMLLargeDocument holds that one document with too much in it ends
// before the library has built it.
func TestParseYAMLLargeDocument(t *testing.T) {
	for name, text := range map[string]string{"flow": "[],", "block": "- - - -\n", "keys": "? ? ?\n"} {
		t.Run(name, func(t *testing.T) {
			first := map[string]string{"flow": "["}[name]
			in := io.MultiReader(strings.NewReader(first), &endless{text: []byte(text), left: 40 << 20})
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := ParseYAML(in, Limits{Nodes: 20_000}, func(*Node, int) error { return nil })
			runtime.ReadMemStats(&after)
			if err == nil {
				t.Fatal("it was read")
			}
			if total := after.TotalAlloc - before.TotalAlloc; total > 128<<20 {
				t.Errorf("%d MiB were allocated before %v", total>>20, err)
			}
		})
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapInuse
}

// TestChunks holds that no way of cutting the input changes what is read.
func TestChunks(t *testing.T) {
	long := "a: '" + strings.Repeat("äöü€😀", 400) + "'\n"
	in := long + "---\n" + string(manyObjects(3)) + "---\nz: |\n" + strings.Repeat("  line --- of text\n", 100) + long + "---\nb: \"" + strings.Repeat("x", 2000) + "\""
	want, err := yamlDocs(in, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{1, 2, 3, 7, 511, 512, 513} {
		var got []string
		err := ParseYAML(&smallReader{strings.NewReader(in), size}, Limits{}, func(n *Node, _ int) error {
			got = append(got, dump(n))
			return nil
		})
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("in pieces of %d: %v", size, err)
		}
	}
	if !bytes.Contains([]byte(strings.Join(want, "")), []byte("äöü€😀")) {
		t.Error("the long line is not there")
	}
}

type smallReader struct {
	in   io.Reader
	size int
}

func (r *smallReader) Read(p []byte) (int, error) {
	return r.in.Read(p[:min(len(p), r.size)])
}

// TestMergeBounds holds that neither a long chain of merges nor very many of
// them in one map takes more than its share.
func TestMergeBounds(t *testing.T) {
	var chain strings.Builder
	chain.WriteString("a0: &a0 {k: 1}\n")
	for i := 1; i < 20_000; i++ {
		fmt.Fprintf(&chain, "a%d: &a%d {<<: *a%d}\n", i, i, i-1)
	}
	_, err := yamlDocs(chain.String(), Limits{})
	if err == nil || !strings.Contains(err.Error(), "deeper than 200") {
		t.Errorf("got %v", err)
	}
	var wide strings.Builder
	wide.WriteString("a: &a {k: 1}\nb:\n  <<: [" + strings.Repeat("*a,", 20_000) + "]\n")
	for i := range 20_000 {
		fmt.Fprintf(&wide, "  k%d: 1\n", i)
	}
	start := time.Now()
	if _, err := yamlDocs(wide.String(), Limits{}); err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %v", took)
	}
}
