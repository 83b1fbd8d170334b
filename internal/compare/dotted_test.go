package compare

import (
	"testing"

	"github.com/envparity/parity"
)

func TestDottedAbsent(t *testing.T) {
	facts := func(paths ...string) []parity.Fact {
		var out []parity.Fact
		for _, p := range paths {
			out = append(out, parity.Fact{Path: p})
		}
		return out
	}
	own := facts("/data/host.a.address", "/data/host.a.user", "/data/host.b.user", "/data/single.key")
	for _, c := range []struct {
		path  string
		other []parity.Fact
		want  string
	}{
		{"/data/host.a.user", facts("/data/host.b.user"), "/data/host.a"},
		{"/data/host.a.user", facts("/data/x"), "/data/host"},
		{"/data/host.a.user", facts("/data/host.a.address"), "/data/host.a.user"},
		{"/data/single.key", facts("/data/x"), "/data/single.key"},
		{"/data/host.b.user", facts("/data/host.a.user"), "/data/host.b.user"},
		{"/items[name=a.b]", facts(), "/items[name=a.b]"},
	} {
		if got := dottedAbsent(c.path, own, c.other); got != c.want {
			t.Errorf("%s: %s, want %s", c.path, got, c.want)
		}
	}
}
