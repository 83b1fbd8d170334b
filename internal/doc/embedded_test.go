package doc

import "testing"

func TestEmbedded(t *testing.T) {
	tests := []struct {
		name, key, text string
		format          Format
		want            string
	}{
		{"yaml by name", "app.yaml", "a: 1\n", YAML, `{a:number(1)}`},
		{"several documents", "all.yml", "a: 1\n---\nb: 2\n", YAML, `[{a:number(1)} {b:number(2)}]`},
		{"json by name", "config.json", `{"a":1}`, JSON, `{a:number(1)}`},
		{"properties", "x.properties", "a.b=1\nc=2\n", Properties, `{a.b:"1" c:"2"}`},
		{"toml", "x.toml", "[a]\nb = 1\n", TOML, `{a:{b:number(1)}}`},
		{"ini", "x.ini", "[a]\nb = 1\n", INI, `{a:{b:"1"}}`},
		{"dotenv", "prod.env", "A=1\n", Dotenv, `{A:"1"}`},
		{"unnamed yaml", "config", "a: 1\nb:\n  c: 2\n", YAML, `{a:number(1) b:{c:number(2)}}`},
		{"unnamed list", "rules", "- a: 1\n  b: 2\n- a: 3\n", YAML, `[{a:number(1) b:number(2)} {a:number(3)}]`},
		{"unnamed json", "policy", "{\n\"a\": 1\n}\n", JSON, `{a:number(1)}`},
		{"json in an unknown extension", "x.conf", "{\n\"a\": 1\n}\n", JSON, `{a:number(1)}`},

		{"one word", "config", "on", Unknown, ""},
		{"one line that could be a map", "note", "note: this is text", Unknown, ""},
		{"one line of json", "x", `{"a":1}`, Unknown, ""},
		{"prose", "README", "Attention: this is prose.\nIt goes on: like this.\n", Unknown, ""},
		{"prose with a list", "notes", "To do:\n- one\n- two: three\nand more\n", Unknown, ""},
		{"shell", "run", "#!/bin/sh\nset -e\nA=1\n", Unknown, ""},
		{"shell that looks like keys", "run", "#!/bin/sh\ncase: x\nb: y\n", Unknown, ""},
		{"shell by name", "run.sh", "a: 1\nb: 2\n", Unknown, ""},
		{"nginx", "nginx.conf", "server {\n  listen 80;\n}\n", Unknown, ""},
		{"nginx without a name", "site", "server {\n  listen 80;\n}\n", Unknown, ""},
		{"haproxy", "haproxy.cfg", "global\n  log 127.0.0.1 local0\n  maxconn 2000\n", Unknown, ""},
		{"lua", "x", "function f()\n  return 1\nend\n", Unknown, ""},
		{"python", "x", "def f():\n  return 1\nclass A:\n  b = 1\n", Unknown, ""},
		{"certificate", "ca", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", Unknown, ""},
		{"host list", "hosts", "10.0.0.1 a\n10.0.0.2 b\n", Unknown, ""},
		{"template", "app.yaml", "{{ if x }}\na: 1\n{{ end }}\n", Unknown, ""},
		{"broken", "config.json", `{"a":`, Unknown, ""},
		{"scalar", "x.yaml", "just words", Unknown, ""},
		{"blank json", "x.json", "", JSON, "null"},
		{"blank", "x", " ", Unknown, ""},
		{"comments without a name", "x", "# one\n# two\n", Unknown, ""},
		{"blank by name", "x.yaml", "", YAML, "null"},
		{"comments by name", "x.yaml", "# one\n# two\n", YAML, "null"},
		{"comments in properties", "x.properties", "# one\n", Properties, "{}"},
		{"empty map", "x.json", "{}", JSON, "{}"},
		{"empty list behind a comment", "x.yaml", "# none\n[]\n", YAML, "[]"},
		{"empty list without a name", "x", "# none\n[]\n", YAML, "[]"},
		{"empty list in one line", "x", "[]", JSON, "[]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			n, format, ok := Embedded(tt.key, tt.text, Limits{})
			if ok != (tt.want != "") || format != tt.format {
				t.Fatalf("got %q, %v", format, ok)
			}
			if ok && dump(n) != tt.want {
				t.Errorf("got %s, want %s", dump(n), tt.want)
			}
		})
	}
}
