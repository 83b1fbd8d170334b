package value

import (
	"testing"

	"pgregory.net/rapid"
)

func TestCompareVersions(t *testing.T) {
	for _, c := range []struct{ older, newer string }{
		{"3.8.2", "3.9.0"},
		{"3.9.0", "3.10.0"},
		{"v1.2.3", "1.2.4"},
		{"1.0.0-rc1", "1.0.0"},
		{"1.0.0-rc.1", "1.0.0-rc.2"},
		{"1.0.0-alpha2", "1.0.0-beta1"},
		{"41", "42"},
		{"20240102", "20240103"},
		{"2024-01-02", "2024-01-10"},
		{"release-1.2.3", "release-1.3.0"},
		{"1.2.3-alpine", "1.3.0-slim"},
		{"1.2.3-4", "1.2.3-5"},
		{"1.9", "2.0.1"},
	} {
		if got, ok := CompareVersions(c.older, c.newer); !ok || got >= 0 {
			t.Errorf("%s against %s gives %d, %v", c.older, c.newer, got, ok)
		}
		if got, ok := CompareVersions(c.newer, c.older); !ok || got <= 0 {
			t.Errorf("%s against %s gives %d, %v", c.newer, c.older, got, ok)
		}
	}
	for _, c := range [][2]string{
		{"latest", "stable"},
		{"1.2", "1.2.3"},
		{"1.2.3-alpine", "1.2.3-slim"},
		{"1.2.3", "1.2.3-alpine"},
		{"4f2a91c", "9c0d1e2"},
		{"1234567", "1234568"},
		{"sha-1234567", "sha-7654321"},
		{"web-1.2.3", "job-1.2.4"},
		{"", "1.2.3"},
		{"1.2.x", "1.2.3"},
	} {
		if got, ok := CompareVersions(c[0], c[1]); ok {
			t.Errorf("%s against %s gives %d, though nothing tells", c[0], c[1], got)
		}
	}
	if got, ok := CompareVersions("v1.2.3", "1.2.3"); got != 0 || !ok {
		t.Errorf("one version in two spellings gives %d, %v", got, ok)
	}
}

func TestCompareVersionsIsAnOrder(t *testing.T) {
	gen := rapid.StringMatching(`(v|rel-)?[0-9]{1,3}(\.[0-9]{1,2}){0,2}(-(rc|beta|alpine|[0-9]))?[0-9]?`)
	rapid.Check(t, func(t *rapid.T) {
		a, b := gen.Draw(t, "a"), gen.Draw(t, "b")
		x, okX := CompareVersions(a, b)
		y, okY := CompareVersions(b, a)
		if okX != okY || okX && x != -y {
			t.Fatalf("%q and %q: %d %v, the other way round %d %v", a, b, x, okX, y, okY)
		}
	})
}

func FuzzCompareVersions(f *testing.F) {
	f.Add("1.2.3", "1.2.3-rc1")
	f.Add("v", "99999999999999999999.1")
	f.Fuzz(func(t *testing.T, a, b string) {
		x, okX := CompareVersions(a, b)
		y, okY := CompareVersions(b, a)
		if okX != okY || okX && x != -y {
			t.Fatalf("%d %v, the other way round %d %v", x, okX, y, okY)
		}
	})
}
