package doc

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseFormats(t *testing.T) {
	tests := []struct {
		name   string
		format Format
		in     string
		want   []string
	}{
		{"json", JSON, `{"a": 1.50, "b": [true, null, "x\u00e9\n"], "c": {}}`, []string{`{a:number(1.50) b:[bool(true) null "xé\n"] c:{}}`}},
		{"json: large numbers keep their digits", JSON, `[12345678901234567890, 1E400]`, []string{`[number(12345678901234567890) number(1E400)]`}},
		{"json stream", JSON, "{\"a\":1}\n{\"b\":2} [3]", []string{`{a:number(1)}`, `{b:number(2)}`, `[number(3)]`}},
		{"json with BOM and CRLF", JSON, "\xef\xbb\xbf{\r\n\"a\": 1}\r\n", []string{`{a:number(1)}`}},
		{
			"toml", TOML, "a = 1_000\nb = \"x\"\n[c]\nd = [1, 2]\n[c.e]\nf = true\n[[g]]\nh = 1979-05-27T07:32:00Z\n[[g]]\nh = 2\n",
			[]string{`{a:number(1_000) b:"x" c:{d:[number(1) number(2)] e:{f:bool(true)}} g:[{h:"1979-05-27T07:32:00Z"} {h:number(2)}]}`},
		},
		{
			"toml: dotted and inline", TOML, "a.b.c = 1\na.d = {e = 2, f.g = 'x'}\n[[h]]\n[h.i]\nj = \"\"\"\nx\ny\"\"\"\n",
			[]string{`{a:{b:{c:number(1)} d:{e:number(2) f:{g:"x"}}} h:[{i:{j:"x\ny"}}]}`},
		},
		{"toml: CRLF and BOM", TOML, "\xef\xbb\xbfa = 1\r\n[b]\r\nc = 2\r\n", []string{`{a:number(1) b:{c:number(2)}}`}},
		{
			"ini", INI, "; note\nglobal = 1\n[a]\nx = one two ; note\ny: 2\nz = \"q ; q\"\n# note\n[b.c]\nflag\nurl = http://h:1/a#b\n",
			[]string{`{global:"1" a:{x:"one two" y:"2" z:"q ; q"} b.c:{flag:null url:"http://h:1/a#b"}}`},
		},
		{"ini: again", INI, "[a]\nx = 1\nx = 2\n[b]\ny = 1\n[a]\nx = 3\nz = 4\n", []string{`{a:{x:["1" "2" "3"] z:"4"} b:{y:"1"}}`}},
		{"ini: continued value", INI, "[a]\nx = 1\n  2\n\t3\ny = 4\n", []string{`{a:{x:"1\n2\n3" y:"4"}}`}},
		{"ini: CRLF and BOM", INI, "\xef\xbb\xbf[a]\r\nx = 1\r\n", []string{`{a:{x:"1"}}`}},
		{"ini: a colon in a value", INI, "a = b: c\nd=e:f\n", []string{`{a:"b: c" d:"e:f"}`}},
		{
			"properties", Properties, "# note\n! note\na.b=1\nc : two words  \nd\\ e\\=f\\:g h\nlong = x, \\\n    y\nu=\\u00e9\\n\\t\\\\\nempty\n  indented=1\n",
			[]string{`{a.b:"1" c:"two words  " d e=f:g:"h" long:"x, y" u:"é\n\t\\" empty:"" indented:"1"}`},
		},
		{"properties: the last value counts", Properties, "a=1\nb=2\na=3\n", []string{`{a:"3" b:"2"}`}},
		{"properties: surrogates and CRLF", Properties, "a=\\ud83d\\ude00\r\nb = 1\\\r\n  2\r\n", []string{`{a:"😀" b:"12"}`}},
		{
			"dotenv", Dotenv, "# note\nA=1\nexport B = two words # note\nC='single $A \\n'\nD=\"double $A \\n\\\"q\\\"\"\nE: yaml\nF=\nG\nH=a#b\n",
			[]string{`{A:"1" B:"two words" C:"single $A \\n" D:"double 1 \n\"q\"" E:"yaml" F:"" G:null H:"a#b"}`},
		},
		{"dotenv: several lines", Dotenv, "KEY=\"-----BEGIN\nline\n-----END\"\nB='x\ny'\nC=3", []string{`{KEY:"-----BEGIN\nline\n-----END" B:"x\ny" C:"3"}`}},
		{
			"dotenv: references", Dotenv, "HOST=db\nPORT=\nA=${HOST}:$HOST\nB=${PORT:-5432}\nC=${PORT-5432}\nD=${NONE:-${HOST}.x}\nE=${HOST:+set}\nF=${NONE:+set}\nG=\\$HOST $$HOST\nH=${NONE} $NONE ${NONE:?x}\nI=$1 ${ }\n",
			[]string{`{HOST:"db" PORT:"" A:"db:db" B:"5432" C:"" D:"db.x" E:"set" F:"" G:"$HOST $HOST" H:"${NONE} $NONE ${NONE:?x}" I:"$1 ${ }"}`},
		},
		{"dotenv: the last value counts", Dotenv, "A=1\nB=$A\nA=2\n", []string{`{A:"2" B:"1"}`}},
		{"dotenv: CRLF and BOM", Dotenv, "\xef\xbb\xbfA=1\r\nB=\"x\r\ny\"\r\n\r\nC='z' # note\r\n", []string{`{A:"1" B:"x\ny" C:"z"}`}},
		{"yaml", YAML, "a: 1\n---\nb: 2\n", []string{`{a:number(1)}`, `{b:number(2)}`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			err := Parse(tt.format, strings.NewReader(tt.in), Limits{}, func(n *Node, i int) error {
				if i != len(got) {
					t.Errorf("index is %d, want %d", i, len(got))
				}
				got = append(got, dump(n))
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

func TestParseFormatErrors(t *testing.T) {
	tests := []struct {
		name            string
		format          Format
		in, place, what string
	}{
		{"json: duplicate key", JSON, "{\"hunter2\": 1,\n  \"hunter2\": 2}", "2:3", "twice"},
		{"json: not closed", JSON, "{\"a\": [\"hunter2\"", "1:17", "does not end"},
		{"json: trailing comma", JSON, "{\"a\": \"hunter2\",\n}", "2:1", "not valid JSON"},
		{"json: bad literal", JSON, "{\"a\":\n  hunter2}", "2:3", "not valid JSON"},
		{"json: two documents of which one is broken", JSON, "{} x", "1:4", "not valid JSON"},
		{"json: deep", JSON, strings.Repeat("[", 300), "1:201", "deeper than 200"},
		{"json: not UTF-8", JSON, "{\"a\": \"hunter2\",\n\"b\": \"\xff\"}", "2:7", "UTF-8"},
		{"toml: duplicate key", TOML, "a = 1\nb = 2\na = 'hunter2'\n", "3:1", "twice"},
		{"toml: broken value", TOML, "a = 1\nb = hunter2\n", "2:5", "TOML"},
		{"toml: deep", TOML, "a = " + strings.Repeat("[", 300) + strings.Repeat("]", 300), "1:204", "deeper than 200"},
		{"toml: deep table", TOML, "[a" + strings.Repeat(".a", 300) + "]\n", "1:400", "deeper than 200"},
		{"toml: not UTF-8", TOML, "a = 'hunter2\xff'", "1:13", "UTF-8"},
		{"ini: section", INI, "[a]\nb = 1\n[hunter2\n", "3:1", "]"},
		{"ini: no key", INI, "[a]\n = hunter2\n", "2:2", "no key"},
		{"ini: prose", INI, "[a]\nthe secret is hunter2\n", "2:1", "neither"},
		{"ini: not UTF-8", INI, "a = \xff", "1:5", "UTF-8"},
		{"properties: escape", Properties, "a=1\nb=hunter2\\u12\n", "2:1", `\u`},
		{"properties: not UTF-8", Properties, "a=1\nb=hunter2\xe9\n", "2:10", "UTF-8"},
		{"dotenv: no name", Dotenv, "A=1\n=hunter2\n", "2:1", "name"},
		{"dotenv: no =", Dotenv, "A=1\nthe password is hunter2\n", "2:5", "="},
		{"dotenv: quote", Dotenv, "A=1\nB=\"hunter2\n", "2:3", "quote"},
		{"dotenv: after the quote", Dotenv, "A=\"x\"hunter2\n", "1:6", "closing quote"},
		{"dotenv: not UTF-8", Dotenv, "A=hunter2\xff\n", "1:10", "UTF-8"},
		{"unknown", Unknown, "hunter2", "0:0", "no format"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := Parse(tt.format, strings.NewReader(tt.in), Limits{}, func(*Node, int) error { return nil })
			wantError(t, err, tt.place, tt.what)
		})
	}
	for _, f := range Formats() {
		t.Run(string(f)+": too large", func(t *testing.T) {
			err := Parse(f, strings.NewReader("a = 1\nb = 2\n"), Limits{Bytes: 5}, func(*Node, int) error { return nil })
			var e *Error
			if !asError(err, &e) || !strings.Contains(e.What, "larger than 5 bytes") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestPositions(t *testing.T) {
	tests := []struct {
		format     Format
		in         string
		path       []string
		key, value [2]int32
	}{
		{JSON, "{\n  \"é\": {\"b\" : \"x\"}\n}", []string{"é", "b"}, [2]int32{2, 9}, [2]int32{2, 15}},
		{TOML, "# note\na = 1\n[b]\nc  =  \"x\"\n", []string{"b", "c"}, [2]int32{4, 1}, [2]int32{4, 7}},
		{TOML, "a.b = {c = 1, d = 22}\n", []string{"a", "b", "d"}, [2]int32{1, 15}, [2]int32{1, 19}},
		{INI, "[a]\n  b = x\n", []string{"a", "b"}, [2]int32{2, 3}, [2]int32{2, 7}},
		{Properties, "# note\n\n a.b : x\n", []string{"a.b"}, [2]int32{3, 2}, [2]int32{3, 8}},
		{Dotenv, "A=\"1\n2\"\nexport B= x\n", []string{"B"}, [2]int32{3, 8}, [2]int32{3, 11}},
	}
	for _, tt := range tests {
		t.Run(string(tt.format), func(t *testing.T) {
			err := Parse(tt.format, strings.NewReader(tt.in), Limits{}, func(n *Node, _ int) error {
				parent, last := n.At(tt.path[:len(tt.path)-1]...), tt.path[len(tt.path)-1]
				for _, f := range parent.Fields {
					if f.Key != last {
						continue
					}
					if got := [2]int32{f.Line, f.Col}; got != tt.key {
						t.Errorf("the key is at %v, want %v", got, tt.key)
					}
					if got := [2]int32{f.Value.Line, f.Value.Col}; got != tt.value {
						t.Errorf("the value is at %v, want %v", got, tt.value)
					}
					return nil
				}
				t.Errorf("no %v in %s", tt.path, dump(n))
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestParseJSON(t *testing.T) {
	if n, err := ParseJSON([]byte(` {"a": 1} `), Limits{}); err != nil || dump(n) != "{a:number(1)}" {
		t.Errorf("got %v, %v", n, err)
	}
	_, err := ParseJSON([]byte("{}\n hunter2"), Limits{})
	wantError(t, err, "2:2", "JSON")
	_, err = ParseJSON([]byte("{}\n {}"), Limits{})
	wantError(t, err, "2:2", "more follows")
	_, err = ParseJSON([]byte(" "), Limits{})
	wantError(t, err, "1:1", "no JSON value")
}

func TestDotenvBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("A0=xxxxxxxxxxxxxxxx\n")
	for i := 1; i < 40; i++ {
		b.WriteString("A" + strings.Repeat("1", i) + "=")
		for range 8 {
			if i == 1 {
				b.WriteString("${A0}")
			} else {
				b.WriteString("${A" + strings.Repeat("1", i-1) + "}")
			}
		}
		b.WriteByte('\n')
	}
	_, err := ParseDotenv([]byte(b.String()), Limits{Bytes: 1 << 20})
	var e *Error
	if !asError(err, &e) || e.Line < 2 || !strings.Contains(e.What, "too large") {
		t.Errorf("got %v", err)
	}
}

// TestLinearTime holds that no parser takes far longer for one long value, or
// for very many of a kind, than for other input of the size.
func TestLinearTime(t *testing.T) {
	tests := []struct {
		name   string
		format Format
		in     string
		fails  bool
	}{
		{"ini: a value of many lines", INI, "a = 1\n" + strings.Repeat(" continued here\n", 200_000), false},
		{"ini: a key many times", INI, strings.Repeat("a = 1\n", 200_000), false},
		{"dotenv: one large value many times", Dotenv, "A=" + strings.Repeat("x", 1<<20) + "\nB=" + strings.Repeat("$A", 200_000) + "\n", true},
		{"dotenv: open references", Dotenv, "A=" + strings.Repeat("${", 500_000) + "\n", false},
		{"dotenv: nested references", Dotenv, "A=" + strings.Repeat("${x:-", 100_000) + strings.Repeat("}", 100_000) + "\n", false},
		{"properties: a value of many lines", Properties, "a = 1\\\n" + strings.Repeat(" more\\\n", 200_000), false},
		{"json: many keys", JSON, "{\"k\":1" + manyKeys(100_000) + "}", false},
		{"toml: many keys", TOML, strings.ReplaceAll(strings.ReplaceAll(manyKeys(100_000), ",", "\n"), ":", "="), false},
		{"yaml: many keys", YAML, strings.ReplaceAll(strings.ReplaceAll(manyKeys(50_000), ",", "\n"), ":", ": "), false},
		{"yaml: many items of a name", YAML, strings.Repeat("- {name: x}\n", 50_000), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			start := time.Now()
			err := Parse(tt.format, strings.NewReader(tt.in), Limits{}, func(n *Node, _ int) error {
				Flatten(n, "", func(Leaf) {})
				return nil
			})
			if (err != nil) != tt.fails {
				t.Errorf("got %v", err)
			}
			if took := time.Since(start); took > 15*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(",\"key" + strconv.Itoa(i) + "\":1")
	}
	return b.String()
}

func TestDotenvLookup(t *testing.T) {
	lookup := func(name string) (string, bool) { return "from-" + name, name == "BASE" }
	n, err := ParseDotenvWith([]byte("A=$BASE\nBASE=own\nB=${BASE}\nC=${OTHER:-d}\n"), Limits{}, lookup)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := dump(n), `{A:"from-BASE" BASE:"own" B:"own" C:"d"}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestDetect(t *testing.T) {
	tests := []struct {
		name, head string
		want       Format
	}{
		{"a/b.yaml", "", YAML},
		{"b.YML", "", YAML},
		{"c.json", "", JSON},
		{"d.toml", "", TOML},
		{"e.ini", "", INI},
		{"my.cnf", "", INI},
		{"f.properties", "", Properties},
		{".env", "", Dotenv},
		{"x/.env.staging", "", Dotenv},
		{"prod.env", "", Dotenv},
		{"env", "", Dotenv},
		{".env.production.local", "", Dotenv},
		{".env-prod", "", Dotenv},
		{".env_staging", "", Dotenv},
		{"env.prod", "", Dotenv},
		{".envrc", "", Dotenv},
		{"env.ts", "", Unknown},
		{"env.d.ts", "", Unknown},
		{"env.yaml", "", YAML},
		{"env-setup.sh", "", Unknown},
		{"main.go", "package main", Unknown},
		{"README", "Words", Unknown},
		{"script.sh", "---\n", Unknown},
		{"settings", "{\n \"a\": 1}", JSON},
		{"deploy", "\xef\xbb\xbf---\na: 1", YAML},
		{"pod", "apiVersion: v1", YAML},
	}
	for _, tt := range tests {
		if got := Detect(tt.name, []byte(tt.head)); got != tt.want {
			t.Errorf("%s is %q, want %q", tt.name, got, tt.want)
		}
	}
}
