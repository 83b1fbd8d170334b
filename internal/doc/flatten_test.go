package doc

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestFlatten(t *testing.T) {
	tests := []struct {
		name, in string
		want     []string
	}{
		{"maps", "a: 1\nb: {c.d: x, e/f: y}", []string{"/a=1", "/b/c.d=x", "/b/e/f=y"}},
		{"empty", "a: {}\nb: []\nc: ~", []string{"/a={}", "/b={}", "/c="}},
		{"members", "a: [x, 1, true, x]", []string{"/a[=x]=x!", "/a[=1]=1!", "/a[=true]=true!", "/a[=x]#2=x!"}},
		{"by name", "env:\n- {name: A, value: 1}\n- {value: 2, name: B}", []string{"/env[name=A]/name=A", "/env[name=A]/value=1", "/env[name=B]/value=2", "/env[name=B]/name=B"}},
		{"by the next field where one item has no name", "a:\n- {name: x, port: 1}\n- {port: 2}", []string{"/a[port=1]/name=x", "/a[port=1]/port=1", "/a[port=2]/port=2"}},
		{"not by a field that does not tell apart", "a:\n- {name: x, v: 1}\n- {name: x, v: 2}", []string{"/a[0]/name=x", "/a[0]/v=1", "/a[1]/name=x", "/a[1]/v=2"}},
		{"nearly apart", "a: [{id: 1}, {id: 2}, {id: 3}, {id: 3}]", []string{"/a[id=1]/id=1", "/a[id=2]/id=2", "/a[id=3]/id=3", "/a[id=3]#2/id=3"}},
		{"by kind and name", "a:\n- {kind: Role, name: x}\n- {kind: User, name: x}\n- {kind: Team, name: x}", []string{
			"/a[kind/name=Role/x]/kind=Role", "/a[kind/name=Role/x]/name=x",
			"/a[kind/name=User/x]/kind=User", "/a[kind/name=User/x]/name=x",
			"/a[kind/name=Team/x]/kind=Team", "/a[kind/name=Team/x]/name=x",
		}},
		{"not by a name that is a map", "a: [{name: {x: 1}}]", []string{"/a[0]/name/x=1"}},
		{"lists in lists", "a: [[1, 2], [3]]", []string{"/a[0][=1]=1!", "/a[0][=2]=2!", "/a[1][=3]=3!"}},
		{"mixed", "a: [1, {b: 2}]", []string{"/a[0]=1", "/a[1]/b=2"}},
		{"a list at the top", "- {name: x, v: 1}", []string{"[name=x]/name=x", "[name=x]/v=1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			err := ParseYAML(strings.NewReader(tt.in), Limits{}, func(n *Node, _ int) error {
				Flatten(n, "", func(l Leaf) { got = append(got, l.Path+"="+leafText(l)) })
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func leafText(l Leaf) string {
	switch l.Kind {
	case Empty:
		return "{}"
	case Member:
		return l.Node.Text + "!"
	default:
		return l.Node.Text
	}
}

func TestFlattenPrefix(t *testing.T) {
	var got []string
	visit := func(l Leaf) { got = append(got, l.Path) }
	Flatten(&Node{Kind: Map, Fields: []Field{{Key: "a", Value: &Node{Kind: String}}}}, "/p", visit)
	Flatten(&Node{Kind: String}, "/p", visit)
	Flatten(nil, "/p", visit)
	if diff := cmp.Diff([]string{"/p/a", "/p"}, got); diff != "" {
		t.Error(diff)
	}
}

// TestFlattenAll holds, for trees of any shape, that every scalar and every
// empty map or list gives one leaf, and that the paths are all different where
// no key holds a character that paths use.
func TestFlattenAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := drawNode(t, 0)
		want, got := countLeaves(n), 0
		paths := map[string]bool{}
		Flatten(n, "", func(l Leaf) {
			got++
			if paths[l.Path] {
				t.Fatalf("%s is there twice in %s", l.Path, dump(n))
			}
			paths[l.Path] = true
		})
		if got != want {
			t.Fatalf("%d leaves of %d in %s", got, want, dump(n))
		}
	})
}

func drawNode(t *rapid.T, depth int) *Node {
	kind := Kind(rapid.IntRange(0, 5).Draw(t, "kind"))
	if depth > 3 && kind >= Map {
		kind = String
	}
	n := &Node{Kind: kind}
	size := rapid.IntRange(0, 4).Draw(t, "size")
	switch kind {
	case Map:
		for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"name", "kind", "a", "id", "port"}), 0, 4, rapid.ID).Draw(t, "keys") {
			n.Fields = append(n.Fields, Field{Key: key, Value: drawNode(t, depth+1)})
		}
	case List:
		for range size {
			n.Items = append(n.Items, drawNode(t, depth+1))
		}
	case Null:
	default:
		n.Text = rapid.SampledFrom([]string{"x", "y", "z", "1"}).Draw(t, "text")
	}
	return n
}

func countLeaves(n *Node) int {
	if len(n.Fields)+len(n.Items) == 0 {
		return 1
	}
	total := 0
	for _, f := range n.Fields {
		total += countLeaves(f.Value)
	}
	for _, item := range n.Items {
		total += countLeaves(item)
	}
	return total
}
