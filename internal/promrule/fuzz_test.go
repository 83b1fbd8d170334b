package promrule

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzExpression holds that any text has a canonical form, which is its own, and
// that blanks between words never matter.
func FuzzExpression(f *testing.F) {
	for _, seed := range []string{
		`sum by (job) (rate(http_requests_total{code=~"5..", x!~'a'}[5m])) > 0.5 # note`, "a == bool b", `{__name__="x"} offset 5m`, "`x`", `"`, `'\`, "#", `a"b"'c'`,
		`"\n"`, `'"'`, `'\''`, "\"\xff\"", "1e3", "-1 ^ 2", "sum(x[90s:1m]) by (a) > 1e+3", "a :1", ": 5 : x", `{"x.y"="z"}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		once := Expression(text, nil)
		if len(once) > 6*len(text)+2 {
			t.Errorf("%d bytes became %d", len(text), len(once))
		}
		if again := Expression(once, nil); again != once {
			t.Errorf("%q became %q, and that %q", text, once, again)
		}
		if utf8.ValidString(text) && !strings.ContainsAny(text, "\"'`#") {
			if wide := Expression(strings.ReplaceAll(text, " ", "\n\t "), nil); wide != once {
				t.Errorf("%q and %q", once, wide)
			}
		}
	})
}
