package doc

import (
	"testing"

	"github.com/pelletier/go-toml/v2"
)

// tomlTables are the ways in which tables come about, right and wrong.
var tomlTables = []struct{ name, in, want string }{
	{"a table on the way, defined later", "[a.b]\nx = 1\n[a]\ny = 2\n", `{a:{b:{x:number(1)} y:number(2)}}`},
	{"a table below a dotted one", "[f]\na.x = 1\n[f.a.t]\ny = 2\n", `{f:{a:{x:number(1) t:{y:number(2)}}}}`},
	{"dots twice", "a.b = 1\na.c = 2\n", `{a:{b:number(1) c:number(2)}}`},
	{"tables of the items of a list", "[[a]]\n[a.b]\nx = 1\n[[a]]\n[a.b]\nx = 2\n[[a.c]]\ny = 3\n", `{a:[{b:{x:number(1)}} {b:{x:number(2)} c:[{y:number(3)}]}]}`},
	{"dots in an inline table", "a = {b.c = 1, b.d = 2}\n", `{a:{b:{c:number(1) d:number(2)}}}`},
	{"inline tables in a list", "a = [{b = 1}, {b = 2}]\n", `{a:[{b:number(1)} {b:number(2)}]}`},

	{"a key twice", "a = 1\na = 2\n", ""},
	{"a table twice", "[a]\n[b]\n[a]\n", ""},
	{"a table over a dotted one", "[f]\na.x = 1\n[f.a]\ny = 2\n", ""},
	{"a table over a value", "a = 1\n[a]\n", ""},
	{"a table below a value", "a = 1\n[a.b]\n", ""},
	{"dots into a table", "[a.b]\nx = 1\n[a]\nb.y = 2\n", ""},
	{"dots into a value", "a = 1\na.b = 2\n", ""},
	{"a table over an inline one", "a = {}\n[a]\n", ""},
	{"a table below an inline one", "a = {b = {}}\n[a.b.c]\n", ""},
	{"dots into an inline one", "a = {}\na.b = 1\n", ""},
	{"a list over a table", "[a]\n[[a]]\n", ""},
	{"a table over a list", "[[a]]\n[a]\n", ""},
	{"a list over an array", "a = []\n[[a]]\n", ""},
	{"a key twice in an inline table", "a = {b = 1, b = 2}\n", ""},
}

func TestTOMLTables(t *testing.T) {
	for _, tt := range tomlTables {
		t.Run(tt.name, func(t *testing.T) {
			n, err := ParseTOML([]byte(tt.in), Limits{})
			var decoded map[string]any
			if lib := toml.Unmarshal([]byte(tt.in), &decoded); (lib == nil) != (tt.want != "") {
				t.Fatalf("the decoder says %v: is the test right?", lib)
			}
			if (err == nil) != (tt.want != "") {
				t.Fatalf("got error %v", err)
			}
			if err == nil && dump(n) != tt.want {
				t.Errorf("got %s, want %s", dump(n), tt.want)
			}
		})
	}
}
