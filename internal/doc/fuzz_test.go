package doc

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pelletier/go-toml/v2"
)

var fuzzLimits = Limits{Nodes: 2000, Depth: 30, Bytes: 1 << 16}

// fuzz holds, for any input: no panic; an error of this package that does not
// quote a line of the input; or trees within the limits with places within the
// input, which flatten to as many leaves as they have.
func fuzz(f *testing.F, format Format, seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lines := 1 + bytes.Count(data, []byte("\n")) + bytes.Count(data, []byte("\r")) +
			bytes.Count(data, []byte("\u0085")) + bytes.Count(data, []byte("\u2028")) + bytes.Count(data, []byte("\u2029"))
		if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
			lines = 1 + len(data)
		}
		err := Parse(format, bytes.NewReader(data), fuzzLimits, func(n *Node, _ int) error {
			checkTree(t, n, fuzzLimits, lines)
			leaves := 0
			Flatten(n, "", func(Leaf) { leaves++ })
			if want := countLeaves(n); leaves != want {
				t.Fatalf("%d leaves of %d", leaves, want)
			}
			return nil
		})
		if err == nil {
			return
		}
		var e *Error
		if !asError(err, &e) {
			t.Fatalf("error %v is a %T", err, err)
		}
		if int(e.Line) > lines {
			t.Fatalf("error %v in %d lines", err, lines)
		}
		quotes(t, e.What, string(data))
	})
}

// quotes fails where a message holds a long word of the input that is not one
// of the package's own.
func quotes(t *testing.T, what, input string) {
	own := notUTF8
	for _, f := range yamlFaults {
		own += " " + f.what
	}
	for _, word := range strings.Fields(input) {
		if len(word) >= 12 && strings.Contains(what, word) && !strings.Contains(own, word) {
			t.Fatalf("%q quotes %q", what, word)
		}
	}
}

func FuzzParseYAML(f *testing.F) {
	fuzz(f, YAML, "a: 1\n---\nb: [x, {c: d}]\n", bomb(), mergeBomb(), "a: &x {b: *x}", "a: &x 1\na: &x 2\n", "!!merge <<: {a: 1}",
		"a:\n\t- b", "\xef\xbb\xbfa: 1", "\xff\xfea\x00", "a: |\n x\n", "? a\n: b\n", "%YAML 1.2\n---\n", "a: 1 # x\n# y\n", "- - - -\n - x", "a: *b", "<<: [*a]", "\"a\\q\"")
}

func FuzzParseJSON(f *testing.F) {
	fuzz(f, JSON, `{"a": [1, null, {"b": "\u00e9"}]}`, `{"a":1}{"a":2}`, `{"a":1,"a":2}`, `[[[[`, `"\ud800"`, `{} x`, "[1,\n")
}

// FuzzJSONAgreesWithTheLibrary holds the parser to what encoding/json takes and
// makes of it, but for keys that are there twice.
func FuzzJSONAgreesWithTheLibrary(f *testing.F) {
	for _, s := range []string{`{"a": [1, -0.5e+3, null, true, {"b": "\u00e9\ud83d\ude00\n"}]}`, `"\ud800x"`, `"\ud800\u0041"`, `01`, `1.`, `[1,]`, `{"a" 1}`, `"\x"`, "\"\t\"", `-`, `nul`, `"\u00G0"`, `"\u00 0"`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 || bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) {
			return
		}
		n, err := ParseJSON(data, fuzzLimits)
		if err != nil {
			if json.Valid(data) && !strings.Contains(err.Error(), "twice") && !strings.Contains(err.Error(), "than") {
				t.Fatalf("%q is JSON: %v", data, err)
			}
			return
		}
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.UseNumber()
		var want any
		if err := dec.Decode(&want); err != nil {
			t.Fatalf("%q is no JSON: %v", data, err)
		}
		if got := plain(n); !reflect.DeepEqual(got, want) {
			t.Fatalf("%q is %v, want %v", data, got, want)
		}
	})
}

// plain gives a tree as encoding/json does.
func plain(n *Node) any {
	switch n.Kind {
	case Map:
		m := map[string]any{}
		for i := range n.Fields {
			m[n.Fields[i].Key] = plain(n.Fields[i].Value)
		}
		return m
	case List:
		l := []any{}
		for _, item := range n.Items {
			l = append(l, plain(item))
		}
		return l
	case Number:
		return json.Number(n.Text)
	case Bool:
		return n.Text == "true"
	case String:
		return n.Text
	}
	return nil
}

func FuzzParseTOML(f *testing.F) {
	fuzz(f, TOML, "a = 1\n[b]\nc.d = {e = [1, 2]}\n[[f]]\ng = 'x'\n", "a = 1\na = 2", "[a]\n[a]", "a.b = 1\n[a]\nc = 2", "[[a]]\n[a.b]\n[[a]]\n", "a = [[[[", "a = \"\"\"\nx\"\"\"")
}

func FuzzParseINI(f *testing.F) {
	fuzz(f, INI, "a = 1\n[b]\nc = 'x' ; y\n c\n", "[a\n", "= 1", "[a]\nx=1\nx=2\n[a]\n", "a:b=c")
}

func FuzzParseProperties(f *testing.F) {
	fuzz(f, Properties, "a=1\nb : \\u00e9 \\\n c\n", "\\", "a\\", "=\\u12", "!x\n#y\n", "a=\\ud83d\\u")
}

func FuzzParseDotenv(f *testing.F) {
	fuzz(f, Dotenv, "A=1\nexport B='x'\nC=\"${A:-${B}} \\n\"\n", "A=${A}${A}\nA=${A}${A}\n", "A=\"", "A", "A=${", "A=$", "A:1 #x", "A=${A:-${A:-${A:-x}}}")
}

func FuzzEmbedded(f *testing.F) {
	f.Add("app.yaml", "a: 1\n")
	f.Add("x", "a: 1\nb: 2\n")
	f.Add("x.json", "{}")
	f.Add("empty.yaml", "# nothing but a comment\n")
	f.Fuzz(func(t *testing.T, key, text string) {
		n, format, ok := Embedded(key, text, fuzzLimits)
		if ok != (n != nil) || ok != format.Valid() {
			t.Fatalf("%v, %q, %v", n != nil, format, ok)
		}
		if ok && n.Kind != Map && n.Kind != List && (n.Kind != Null || byName(key) == Unknown) {
			t.Fatalf("kind %d", n.Kind)
		}
	})
}

// FuzzTOMLAlike holds that what the library's own decoder takes is read here
// too, to the same keys: it knows TOML's rules by another way.
func FuzzTOMLAlike(f *testing.F) {
	for _, tt := range tomlTables {
		f.Add([]byte(tt.in))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var want map[string]any
		if toml.Unmarshal(data, &want) != nil || bytes.IndexByte(data, 0) >= 0 {
			return
		}
		n, err := ParseTOML(data, Limits{})
		if err != nil {
			t.Fatalf("%v, where the decoder takes it", err)
		}
		alike(t, n, want)
	})
}

func alike(t *testing.T, n *Node, want any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		if n.Kind != Map || len(n.Fields) != len(want) {
			t.Fatalf("got %s, want %v", dump(n), want)
		}
		for _, f := range n.Fields {
			v, ok := want[f.Key]
			if !ok {
				t.Fatalf("no key %q in %v", f.Key, want)
			}
			alike(t, f.Value, v)
		}
	case []any:
		if n.Kind != List || len(n.Items) != len(want) {
			t.Fatalf("got %s, want %v", dump(n), want)
		}
		for i, item := range n.Items {
			alike(t, item, want[i])
		}
	case string:
		if n.Kind != String || n.Text != want {
			t.Fatalf("got %s, want %q", dump(n), want)
		}
	}
}
