package doc

import "testing"

func TestStripSOPS(t *testing.T) {
	for _, c := range []struct {
		name   string
		format Format
		text   string
		want   string
		done   bool
	}{
		{"yaml", YAML, "a: 1\nsops:\n  mac: x\n  version: 3.9.0\n", "{a:number(1)}", true},
		{"json", JSON, `{"a": 1, "sops": {"mac": "x"}}`, "{a:number(1)}", true},
		{"dotenv", Dotenv, "A=1\nsops_mac=x\nsops_version=3.9.0\nsops_age__list_0__map_enc=y\n", `{A:"1"}`, true},
		{"ini", INI, "[a]\nb = 1\n[sops]\nmac = x\n", `{a:{b:"1"}}`, true},
		{"another sops", YAML, "sops: {version: 3}\n", "{sops:{version:number(3)}}", false},
		{"another prefix", Dotenv, "sops_version=3\n", `{sops_version:"3"}`, false},
		{"a list", YAML, "[1]\n", "[number(1)]", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := embeddedTree(c.format, c.text, Limits{}.filled())
			if done := StripSOPS(n); done != c.done || dump(n) != c.want {
				t.Errorf("%v: got %s, want %s", done, dump(n), c.want)
			}
		})
	}
	if StripSOPS(nil) {
		t.Error("nothing was stripped of nothing")
	}
}
