package envname

import (
	"fmt"
	"testing"
)

func TestInName(t *testing.T) {
	for name, want := range map[string]string{
		"shop-staging": "staging shop", "STAGING": "staging ", "prod_eu": "production eu", "team.pre-prod": "preprod team", "stg-shop-web": "staging shop-web",
		"shop": "", "non-prod": "", "dev-to-prod": "", "reproduction": "", "live-view": "", "": "",
	} {
		f, _, rest, ok := InName(name)
		got := ""
		if ok {
			got = f.Name + " " + rest
		}
		if got != want {
			t.Errorf("%q tells of %q, want %q", name, got, want)
		}
	}
}

func TestGroup(t *testing.T) {
	for _, tt := range []struct {
		names []string
		whole bool
		want  string
	}{
		{[]string{"production", "staging"}, true, "[{staging 40 [staging]} {production 50 [production]}]"},
		{[]string{"Prod", "ithc", "stage"}, true, "[{ithc 25 [ithc]} {stage 40 [stage]} {prod 50 [Prod]}]"},
		{[]string{"red", "blue"}, true, "[]"},
		{[]string{"production"}, true, "[]"},
		{[]string{"test", "demo"}, true, "[]"}, // words that mean other things as often
		{[]string{"shop-prod", "shop-stg", "cart-prod", "kube-system", "cart-staging"}, false, "[{staging 40 [cart-staging shop-stg]} {prod 50 [cart-prod shop-prod]}]"},
		{[]string{"shop-prod", "kube-system"}, false, "[]"},
		{nil, true, "[]"},
	} {
		if got := fmt.Sprint(Group(tt.names, tt.whole)); got != tt.want {
			t.Errorf("%q are %s, want %s", tt.names, got, tt.want)
		}
	}
}
