package compare

import (
	"testing"

	"github.com/envparity/parity"
)

// TestNumbersThatIdentify: a number whose name says that it is an identifier is
// no size, and does not count where each environment has its own.
func TestNumbersThatIdentify(t *testing.T) {
	tests := []struct {
		path, own, ref string
		class          parity.Class
		change         parity.Change
	}{
		{"/data/SHOP_APP_ID", "823885921293850", "1415638158583454", parity.IdentifierClass, ""},
		{"/projectId", "4510956654100480", "4510956671467520", parity.IdentifierClass, ""},
		{"/TOKEN_ID", "6", "1", parity.Changed, parity.IdentifierChange},
		{"/TOKEN_ID", "", "1547288284064903", parity.Changed, parity.TextChange},
		{"/CACHE_SIZE", "823885921", "1415638158", parity.Changed, parity.SizingChange},
		{"/MAX_ACCOUNT_ID", "823885921", "1415638158", parity.Changed, parity.SizingChange},
		{"/replicas", "1", "3", parity.Changed, parity.SizingChange},
	}
	for _, tt := range tests {
		cell := between(t, Options{}, tt.own, tt.ref, tt.path)
		if cell.Class != tt.class || cell.Change != tt.change {
			t.Errorf("%s: %q against %q is %v (%v)", tt.path, tt.own, tt.ref, cell.Class, cell.Change)
		}
	}
}

// TestOneNumberForSeveral: one number where the other environment has two is a
// difference.
func TestOneNumberForSeveral(t *testing.T) {
	s := staging().add("App", "", "x", "/A_APP_ID", "11111111", "/B_APP_ID", "11111111")
	p := production().add("App", "", "x", "/A_APP_ID", "22222222", "/B_APP_ID", "33333333")
	c := compareAll(t, Options{}, s, p)
	for _, path := range []string{"/A_APP_ID", "/B_APP_ID"} {
		if cell := c.class(t, "App", "x", path); cell.Class != parity.Changed || cell.Change != parity.IdentifierChange {
			t.Errorf("%s is %v (%v)", path, cell.Class, cell.Change)
		}
	}
}
