package compare

import (
	"fmt"
	"strings"
	"testing"

	"github.com/envparity/parity"
)

// held is what a cell of a table holds.
type held struct {
	kind   string // "known", "suspected", "plain", "cipher" for one without a digest
	digest string
}

func (h held) value() parity.Value {
	switch h.kind {
	case "plain":
		return parity.Value{Kind: parity.Text, Raw: h.digest}
	case "cipher":
		return parity.Value{Kind: parity.Secret}
	}
	return parity.Value{Kind: parity.Secret, Canon: h.digest, Suspected: h.kind == "suspected"}
}

func secretIn(name string, rank int, key string, h held) *env {
	e := &env{name: name, keyID: key, rank: rank, reference: name == "production" || name == "production/eu"}
	name, e.instance, _ = strings.Cut(name, "/")
	e.name = name
	e.add("Secret", "shop", "db").fact(parity.Fact{Path: "/data/password", Value: h.value(), Surface: parity.Secrets})
	return e
}

// TestSecretsCrossed crosses what two environments hold with what their digests
// are to each other, whose columns they are, and whether parity.yaml asks for
// secrets of their own.
func TestSecretsCrossed(t *testing.T) {
	kinds := []string{"known", "suspected", "plain"}
	for _, own := range kinds {
		for _, ref := range kinds {
			for _, how := range []string{"equal", "different", "no key", "other key"} {
				for _, columns := range []string{"instances", "two", "three"} {
					for _, isolate := range []string{"no", "known", "selected"} {
						name := strings.Join([]string{own, ref, how, columns, isolate}, " ")
						t.Run(name, func(t *testing.T) { crossed(t, own, ref, how, columns, isolate) })
					}
				}
			}
		}
	}
}

func crossed(t *testing.T, own, ref, how, columns, isolate string) {
	a, b := held{own, "aaaa"}, held{ref, "aaaa"}
	keyA, keyB := "k", "k"
	switch how {
	case "different":
		a.digest = "bbbb"
	case "other key":
		keyA = "l"
	case "no key":
		if own != "plain" {
			a.digest = ""
		}
	}
	names := []string{"staging", "production"}
	if columns == "instances" {
		names = []string{"production/us", "production/eu"}
	}
	envs := []*env{secretIn(names[0], 1, keyA, a), secretIn(names[1], 2, keyB, b)}
	if columns == "three" {
		envs = append(envs, secretIn("dev", 0, keyB, held{"known", "dddd"}))
	}
	opt := Options{}
	switch isolate {
	case "known":
		opt.Isolate.Known = true
	case "selected":
		opt.Isolate.Match = func(k parity.Key, path string) bool { return k.Name == "db" && path == "/data/password" }
	}
	want := wanted(own, ref, how, columns == "instances", isolate)
	c := compareAll(t, opt, envs...)
	cell := c.cells[envs[0].column().String()+" Secret db /data/password"]
	if cell.Class != want {
		t.Errorf("it is %s (%s), want %s", cell.Class, cell.Note, want)
	}
	if want == parity.Changed && (own != "plain" || ref != "plain") && cell.Change != parity.SecretChange {
		t.Errorf("the change is %q", cell.Change)
	}
	shared := 0
	for _, s := range c.Shared {
		if s.Secret {
			shared++
		}
	}
	if (shared == 1) != (want == parity.Shared) || shared > 1 {
		t.Errorf("%d shared secrets where the class is %s", shared, want)
	}
	told := false
	for _, g := range c.Gaps {
		told = told || g.Hides == parity.HidesNothing && g.Facts == 1 && g.Column == envs[0].column().String()
	}
	decides := own == "suspected" || ref == "suspected" // by digest, which is not there
	if asked := own != "plain" && ref != "plain" && (how == "other key" || how == "no key" && decides); told != asked {
		t.Errorf("that it could not be compared is told: %v", told)
	}
}

// wanted is the specification of the table.
func wanted(own, ref, how string, instances bool, isolate string) parity.Class {
	switch {
	case own == "plain" && ref == "plain":
		if how == "different" {
			return parity.Changed
		}
		return parity.Equal
	case own == "plain", ref == "plain":
		return parity.Changed
	case how == "no key", how == "other key":
		return parity.Unknown
	case own == "known" && ref == "known" && how == "different":
		return parity.Equivalent
	case how == "different":
		return parity.Changed
	case instances:
		return parity.Equal
	case isolate == "selected":
		return parity.Leak
	case own != "known" || ref != "known":
		return parity.Equal
	case isolate == "known":
		return parity.Leak
	}
	return parity.Shared
}

// TestCiphertext: what both sources hold encrypted is compared by presence,
// since no key would tell more; beside a digest it is unknown.
func TestCiphertext(t *testing.T) {
	for _, tt := range []struct {
		own, ref string
		want     parity.Class
	}{{"cipher", "cipher", parity.Equivalent}, {"cipher", "known", parity.Unknown}, {"suspected", "cipher", parity.Unknown}} {
		s, p := secretIn("staging", 1, "k", held{tt.own, "a"}), secretIn("production", 2, "k", held{tt.ref, "a"})
		if cell := compareAll(t, Options{}, s, p).class(t, "Secret", "db", "/data/password"); cell.Class != tt.want {
			t.Errorf("%s against %s is %s, want %s", tt.own, tt.ref, cell.Class, tt.want)
		}
	}
}

// TestSecretNames: one secret in two environments is a leak under the other
// environment's name, wherever that name stands, and nothing under both names.
func TestSecretNames(t *testing.T) {
	for _, tt := range []struct {
		own, ref          string // environments
		scope, name, path string
		refScope, refName string
		want              parity.Class
		says              string
	}{
		{"staging", "production", "shop", "db", "/data/PROD_DB_PASSWORD", "", "", parity.Leak, "PROD_DB_PASSWORD is production's own secret in staging"},
		{"staging", "production", "shop", "db", "/data/prodDbPassword", "", "", parity.Leak, "production's own secret in staging"},
		{"staging", "production", "shop", "db-production", "/data/password", "", "", parity.Leak, "password is production's own secret in staging"},
		{"staging", "production", "production", "db", "/data/password", "", "", parity.Leak, "production's own secret in staging"},
		{"staging", "production", "shop", "db", "/data/STG_TOKEN", "", "", parity.Leak, "STG_TOKEN is staging's own secret in production"},
		{"staging", "production", "shop", "db-staging", "/data/password", "shop", "db-production", parity.Shared, ""},
		{"staging", "production", "shop", "sync", "/data/staging-to-production", "", "", parity.Shared, ""},
		{"staging", "production", "shop", "db", "/data/reproduction", "", "", parity.Shared, ""},
		{"staging", "production", "shop", "db", "/data/dev-token", "", "", parity.Shared, ""},
		{"green", "blue", "shop", "db", "/data/BLUE_PASSWORD", "", "", parity.Leak, "BLUE_PASSWORD is blue's own secret in green"},
		{"green", "blue", "shop", "blue-db", "/data/password", "", "", parity.Leak, "blue's own secret in green"},
		{"green", "blue", "shop", "db", "/containers[name=blue]/password", "", "", parity.Shared, ""},
		{"a", "b", "shop", "b", "/data/password", "", "", parity.Shared, ""},
		{"test", "production", "shop", "db", "/data/TEST_RUNNER_TOKEN", "", "", parity.Shared, ""},
	} {
		t.Run(strings.Join([]string{tt.own, tt.ref, tt.scope, tt.name, tt.path}, " "), func(t *testing.T) {
			secret := parity.Fact{Path: tt.path, Value: parity.Value{Kind: parity.Secret, Canon: "same"}, Surface: parity.Secrets}
			own, ref := &env{name: tt.own}, &env{name: tt.ref, reference: true}
			own.add("Secret", tt.scope, tt.name).fact(secret)
			if tt.refName == "" {
				tt.refScope, tt.refName = tt.scope, tt.name
			}
			ref.add("Secret", tt.refScope, tt.refName).fact(secret)
			c := compareAll(t, Options{}, own, ref)
			var cell parity.Cell
			for key, x := range c.cells {
				if strings.HasPrefix(key, tt.own+" ") && x.Fact != nil {
					cell = x
				}
			}
			if cell.Class != tt.want || !strings.Contains(cell.Note, tt.says) {
				t.Errorf("it is %s (%s), want %s", cell.Class, cell.Note, tt.want)
			}
		})
	}
}

// TestSharedByMost: where most subjects have one secret on both sides, that is
// so by design.
func TestSharedByMost(t *testing.T) {
	s, p := staging(), production()
	secret := func(e *env, name, digest string) {
		e.add("Secret", "shop", name).fact(parity.Fact{Path: "/data/ca", Value: parity.Value{Kind: parity.Secret, Canon: digest}})
	}
	for i := range 3 {
		secret(s, fmt.Sprint("own", i), fmt.Sprint("s", i))
		secret(p, fmt.Sprint("own", i), fmt.Sprint("p", i))
	}
	for i := range 3 {
		secret(s, fmt.Sprint("same", i), "vendor")
		secret(p, fmt.Sprint("same", i), "vendor")
	}
	c := compareAll(t, Options{}, s, p)
	if n := leaks(c); n != 0 {
		t.Errorf("%d leaks", n)
	}
	if len(c.Shared) != 1 || !c.Shared[0].Secret || c.Shared[0].Facts != 3 || strings.Join(c.Shared[0].Columns, ",") != "production,staging" {
		t.Errorf("shared: %+v", c.Shared)
	}
}

// TestSecretsOfLowerEnvironments: a secret that two environments share is told
// though the reference has its own.
func TestSecretsOfLowerEnvironments(t *testing.T) {
	three := func(opt Options) compared {
		return compareAll(t, opt, secretIn("dev", 0, "k", held{"known", "low"}), secretIn("staging", 1, "k", held{"known", "low"}), secretIn("production", 2, "k", held{"known", "own"}))
	}
	c := three(Options{})
	if len(c.Shared) != 1 || c.Shared[0].Owner != "staging" || strings.Join(c.Shared[0].Columns, ",") != "dev,staging" {
		t.Errorf("shared: %+v", c.Shared)
	}
	if leaks(c) != 0 {
		t.Error("it is a leak")
	}
	c = three(Options{Isolate: Isolation{Known: true}})
	if cell := c.cells["dev Secret db /data/password"]; cell.Class != parity.Leak || !strings.Contains(cell.Note, "staging's own secret in dev") {
		t.Errorf("it is %s (%s)", cell.Class, cell.Note)
	}
	if leaks(c) != 1 {
		t.Errorf("%d leaks", leaks(c))
	}
}

// TestCredentialsInTexts: the password in a URL is one secret in two
// environments where both have it, whatever else the URLs say.
func TestCredentialsInTexts(t *testing.T) {
	url := func(host, digest string, suspected bool) parity.Value {
		mask := "[secret]"
		if suspected {
			mask = "[secret " + digest + "]"
		}
		return parity.Value{Kind: parity.URL, Raw: "db://u:[secret " + digest + "]@" + host + "/", Canon: "db://u:" + mask + "@" + host + "/"}
	}
	const a, b = "aaaaaaaa", "bbbbbbbb"
	for _, tt := range []struct {
		name     string
		own, ref parity.Value
		path     string
		key      string
		isolate  bool
		want     parity.Class
		shared   int
		change   parity.Change
	}{
		{"one credential", url("db", a, false), url("db", a, false), "/URL", "k", false, parity.Shared, 1, ""},
		{"one credential, other hosts", url("db.staging", a, false), url("db.production", a, false), "/URL", "k", false, parity.Bound, 1, ""},
		{"two credentials", url("db", a, false), url("db", b, false), "/URL", "k", false, parity.Equivalent, 0, ""},
		{"one credential under another's name", url("db", a, false), url("db", a, false), "/PROD_URL", "k", false, parity.Leak, 0, parity.SecretChange},
		{"one credential, isolated", url("db.staging", a, false), url("db.production", a, false), "/URL", "k", true, parity.Leak, 0, parity.SecretChange},
		{"other keys", url("db", a, false), url("db", a, false), "/URL", "l", false, parity.Unknown, 0, ""},
		{"other keys, suspected", url("db", a, true), url("db", b, true), "/URL", "l", false, parity.Unknown, 0, ""},
		{"other keys, other text", url("x", a, true), url("y", b, true), "/URL", "l", false, parity.Changed, 0, parity.AddressChange},
		{"suspected, equal", url("db", a, true), url("db", a, true), "/URL", "k", false, parity.Equal, 0, ""},
		{"suspected, equal, isolated", url("db", a, true), url("db", a, true), "/URL", "k", true, parity.Equal, 0, ""},
		{"suspected, different", url("db", a, true), url("db", b, true), "/URL", "k", false, parity.Changed, 0, parity.SecretChange},
		{"suspected, different, other hosts", url("db.staging", a, true), url("db.production", b, true), "/URL", "k", false, parity.Changed, 0, parity.SecretChange},
		{"known and suspected, equal", url("db", a, false), url("db", a, true), "/URL", "k", false, parity.Equal, 0, ""},
		{"known and suspected, different", url("db", a, false), url("db", b, true), "/URL", "k", false, parity.Changed, 0, parity.SecretChange},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, p := staging(), production()
			s.keyID, p.keyID = "k", tt.key
			s.add("App", "", "a").fact(parity.Fact{Path: tt.path, Value: tt.own, Rules: parity.SetOf(parity.SecretForm)})
			p.add("App", "", "a").fact(parity.Fact{Path: tt.path, Value: tt.ref, Rules: parity.SetOf(parity.SecretForm)})
			c := compareAll(t, Options{Isolate: Isolation{Known: tt.isolate}}, s, p)
			if cell := c.class(t, "App", "a", tt.path); cell.Class != tt.want || cell.Change != tt.change {
				t.Errorf("it is %s %s (%s), want %s %s", cell.Class, cell.Change, cell.Note, tt.want, tt.change)
			}
			if len(c.Shared) != tt.shared {
				t.Errorf("shared: %+v", c.Shared)
			}
			for _, shared := range c.Shared {
				if strings.Contains(fmt.Sprint(shared), a) {
					t.Errorf("it shows a digest: %+v", shared)
				}
			}
		})
	}
}

// TestDigestsTeachNothing: what environments' secrets look like is no name for
// anything, however often it recurs.
func TestDigestsTeachNothing(t *testing.T) {
	s, p := staging(), production()
	for i := range 6 {
		for e, digest := range map[*env]string{s: "aaaaaaaa", p: "bbbbbbbb"} {
			text := fmt.Sprintf("key%d [secret %s] at line %d", i, digest, i)
			e.add("App", "", fmt.Sprint("a", i)).fact(parity.Fact{
				Path: fmt.Sprintf("/note%d", i), Rules: parity.SetOf(parity.SecretForm), Value: parity.Value{Kind: parity.Text, Raw: text, Canon: text},
			})
		}
	}
	c := compareAll(t, Options{}, s, p)
	for i := range 6 {
		if cell := c.class(t, "App", fmt.Sprint("a", i), fmt.Sprintf("/note%d", i)); cell.Class != parity.Changed || cell.Change != parity.SecretChange {
			t.Errorf("%d is %s %s", i, cell.Class, cell.Change)
		}
	}
	if len(c.Bindings)+len(c.IDs) > 0 {
		t.Errorf("it learned %+v %+v", c.Bindings, c.IDs)
	}
}

func FuzzMasks(f *testing.F) {
	f.Add("db://u:[secret 1a2b3c4d]@h", "db://u:[secret]@h")
	f.Add("[secret [secret 1a2b3c4d]", "[secret 1a2b3c4]")
	f.Fuzz(func(t *testing.T, raw, canon string) {
		if n := len(masks(bare(raw))); n > 0 {
			t.Errorf("%q still holds %d digests", bare(raw), n)
		}
		v := parity.Value{Kind: parity.Text, Raw: raw, Canon: canon}
		if len(knownMasks(v)) > len(masks(raw)) {
			t.Errorf("%q against %q has more known secrets than secrets", raw, canon)
		}
	})
}
