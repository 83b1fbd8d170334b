package grouping

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
)

// known are the kinds of the tests.
func known() *kinds.Set {
	return kinds.New(kinds.Source{Collector: "files", Kinds: []kinds.Kind{
		{Name: "[A-Z]*", Format: "objects", Uniform: true}, {Name: "file", Format: "settings", Settings: true},
	}})
}

// TestSettingsAreNoObject: all that differs in a file of settings is no one cause.
func TestSettingsAreNoObject(t *testing.T) {
	groups := Group([]parity.Difference{
		two.differ("file", "app", "/a", parity.Missing, "", "-", "1"), two.differ("file", "app", "/b", parity.Missing, "", "-", "2"),
		two.differ("file", "app", "/c", parity.Changed, parity.AddressChange, "https://a.example.com", "https://b.example.com"),
	}, known())
	if len(groups) != 2 || len(groups[0].Blocks) != 2 {
		t.Errorf("%+v", groups)
	}
}

// columns are the columns of the tests, the reference last.
type columns []string

// differ makes a difference of a subject at a path; a value "-" is absent.
func (c columns) differ(kind, name, path string, class parity.Class, change parity.Change, values ...string) parity.Difference {
	d := parity.Difference{
		Subject: parity.SubjectRef{Kind: kind, Name: name, Alignment: parity.Alignment{Confidence: 1}}, Path: path,
		Class: class, Change: change, Severity: parity.Medium, Surface: parity.Config, Facts: 1,
		Cause: parity.Cause{Kind: "path", Key: name + path, Label: path, Place: path},
	}
	reference := values[len(values)-1]
	for i, v := range values {
		s := parity.Side{Environment: c[i], Role: parity.Desired, State: parity.Present, Kind: parity.Text, Value: &values[i]}
		if v == "-" {
			s.State, s.Value = parity.Absent, nil
		}
		if v != reference {
			s.Class = class
			d.Columns = append(d.Columns, c[i])
		}
		d.Sides = append(d.Sides, s)
	}
	return d
}

var two = columns{"staging", "production"}

func TestTitles(t *testing.T) {
	const container = "/spec/template/spec/containers[name=watcher]"
	five := columns{"a", "b", "c", "d", "production"}
	for _, c := range []struct {
		want string
		d    parity.Difference
	}{
		{
			"Deployment watcher: -store_deadline 30m, production 240m",
			two.differ("Deployment", "watcher", container+"/args[=-store_deadline]", parity.Changed, parity.TextChange, "-store_deadline 30m", "-store_deadline 240m"),
		},
		{
			"Deployment other: container watcher LOG_LEVEL debug, production info",
			two.differ("Deployment", "other", container+"/env[name=LOG_LEVEL]/value", parity.Changed, parity.TextChange, "debug", "info"),
		},
		{
			"ConfigMap app: config.yaml server/tls/enabled true missing in staging",
			two.differ("ConfigMap", "app", "/data/config.yaml/a/server/tls/enabled", parity.Missing, "", "-", "true"),
		},
		{
			"ConfigMap app: clients web/redirects https://a.example.com only in staging",
			two.differ("ConfigMap", "app", "/data/clients[name=web]#2/redirects[=https://a.example.com]", parity.Extra, "", "https://a.example.com", "-"),
		},
		{"Service web missing in staging", two.differ("Service", "web", "", parity.Missing, "", "-", "x")},
		{"ConfigMap app: MODE on in b, off elsewhere", five.differ("ConfigMap", "app", "/data/MODE", parity.Changed, parity.TextChange, "off", "on", "off", "off", "off")},
		{"ConfigMap app: MODE on missing in b", five.differ("ConfigMap", "app", "/data/MODE", parity.Missing, "", "on", "-", "on", "on", "on")},
		{"ConfigMap app: MODE on only in production", five.differ("ConfigMap", "app", "/data/MODE", parity.Missing, "", "-", "-", "-", "-", "on")},
		{
			"ConfigMap app: URL …/long/path/of/an/address/that/differs/a, production …/long/path/of/an/address/that/differs/b",
			two.differ("ConfigMap", "app", "/data/URL", parity.Changed, parity.TextChange, "https://example.com/a/very/long/path/of/an/address/that/differs/a", "https://example.com/a/very/long/path/of/an/address/that/differs/b"),
		},
	} {
		groups := Group([]parity.Difference{c.d}, known())
		if got := groups[0].Summary; !matches(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// matches compares titles; where the wanted one begins values with an ellipsis, the
// end of each decides.
func matches(got, want string) bool {
	if !strings.Contains(want, "…") {
		return got == want
	}
	return strings.Contains(got, "…") && strings.HasSuffix(got, want[len(want)-10:]) && strings.Contains(got, "differs/a, production ")
}

// TestSecretsAreInNoTitle: not even where a result carries the value.
func TestSecretsAreInNoTitle(t *testing.T) {
	for _, class := range []parity.Class{parity.Missing, parity.Extra, parity.Changed} {
		values := map[parity.Class][]string{parity.Missing: {"-", "hunter2"}, parity.Extra: {"hunter2", "-"}, parity.Changed: {"hunter2", "hunter3"}}[class]
		for _, change := range []parity.Change{parity.SecretChange, parity.TextChange} {
			d := two.differ("Secret", "db", "/data/password", class, change, values...)
			for i := range d.Sides {
				d.Sides[i].Kind = parity.Secret
			}
			if got := Group([]parity.Difference{d}, known())[0].Summary; strings.Contains(got, "hunter") || !strings.Contains(got, "Secret db: password") {
				t.Errorf("%s %s: %q", class, change, got)
			}
		}
	}
}

// TestOneSubjectIsOneGroup: what is missing, extra and changed of one subject is
// one group with a block for each place, and one list's member that is another on
// each side is one block.
func TestOneSubjectIsOneGroup(t *testing.T) {
	const list = "/data/redirects"
	missing := two.differ("ConfigMap", "app", list+"[=https://a.one.example.com/callback]", parity.Missing, "", "-", "https://a.one.example.com/callback")
	extra := two.differ("ConfigMap", "app", list+"[=https://a.two.example.com/callback]", parity.Extra, "", "https://a.two.example.com/callback", "-")
	missing.Cause.Place, extra.Cause.Place = list, list
	groups := Group([]parity.Difference{
		two.differ("ConfigMap", "app", "/data/disabled", parity.Changed, parity.ToggleChange, "true", "false"),
		two.differ("ConfigMap", "app", "/data/schedule", parity.Missing, "", "-", "daily"), missing, extra,
		two.differ("ConfigMap", "other", "/data/x", parity.Missing, "", "-", "y"),
	}, known())
	var got []string
	for i := range groups {
		for j := range groups[i].Blocks {
			got = append(got, groups[i].Blocks[j].Title())
		}
		got = append(got, "")
	}
	want := []string{
		"ConfigMap app: redirects https://a.two.example.com/callback, production https://a.one.example.com/callback",
		"ConfigMap app: schedule daily missing in staging",
		"ConfigMap app: disabled true, production false", "",
		"ConfigMap other: x y missing in staging", "",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestIdentifiersAreOfCauses: other values, another order and other groups beside
// it leave a group its identifier.
func TestIdentifiersAreOfCauses(t *testing.T) {
	form := regexp.MustCompile(`^[0-9a-f]{8}$`)
	make2 := func(a, b string) []parity.Difference {
		var all []parity.Difference
		for _, name := range []string{"web", "api"} {
			d := two.differ("Deployment", name, "/spec/template/spec/containers[name=app]/env[name=LOG_LEVEL]/value", parity.Changed, parity.TextChange, a, b)
			d.Cause.Kind, d.Cause.Key, d.Cause.Label = "variable", "LOG_LEVEL "+a+b, "LOG_LEVEL"
			all = append(all, d)
		}
		return append(all, two.differ("ConfigMap", "app", "/data/size", parity.Changed, parity.TextChange, a, b))
	}
	ids := func(all []parity.Difference) (out []string) {
		for _, g := range Group(all, known()) {
			if !form.MatchString(g.ID) {
				t.Errorf("%q is not eight hexadecimal digits", g.ID)
			}
			out = append(out, g.ID)
		}
		slices.Sort(out)
		return out
	}
	first := ids(make2("debug", "info"))
	second := make2("trace", "warn")
	slices.Reverse(second)
	if diff := cmp.Diff(first, ids(second)); diff != "" || len(first) != 2 {
		t.Errorf("%v: (-first +second)\n%s", first, diff)
	}
	more := ids(append(second, two.differ("Service", "x", "", parity.Missing, "", "-", "x")))
	for _, id := range first {
		if !slices.Contains(more, id) {
			t.Errorf("%s is not among %v", id, more)
		}
	}
}

// TestOrder holds what comes first to what engineers repair first.
func TestOrder(t *testing.T) {
	on := func(d parity.Difference, s parity.Surface, severity parity.Severity) parity.Difference {
		d.Surface, d.Severity = s, severity
		return d
	}
	groups := Group([]parity.Difference{
		on(two.differ("Deployment", "address", "/spec/url", parity.Changed, parity.AddressChange, "https://a.example.com", "https://b.example.com"), parity.Config, parity.Medium),
		on(two.differ("Deployment", "toggle", "/spec/enabled", parity.Changed, parity.ToggleChange, "true", "false"), parity.Config, parity.High),
		on(two.differ("Deployment", "label", "/metadata/labels/x", parity.Missing, "", "-", "b"), parity.Network, parity.Info),
		on(two.differ("Deployment", "policy", "/spec/ingress", parity.Missing, "", "-", "b"), parity.Network, parity.Medium),
		on(two.differ("Deployment", "word", "/spec/environment", parity.Changed, parity.TextChange, "qa", "production"), parity.Config, parity.Medium),
		on(two.differ("Deployment", "leak", "/spec/host", parity.Leak, parity.AddressChange, "db.production", "db.production.x"), parity.Config, parity.Critical),
	}, known())
	var got []string
	for i := range groups {
		got = append(got, groups[i].Differences[0].Subject.Name)
	}
	if diff := cmp.Diff([]string{"leak", "policy", "word", "toggle", "label", "address"}, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestGroupsKeepEveryDifference: over any differences, each is in one block of one
// group, and no title holds the syntax of paths.
func TestGroupsKeepEveryDifference(t *testing.T) {
	name := rapid.StringMatching(`[a-z]{1,4}`)
	segment := rapid.SampledFrom([]string{"/spec", "/data", "/args[=--x]", "/containers[name=c]", "/list[=a]#2", "/env[name=V]/value", "/items[3]", "/m[k=v,l=w]"})
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "n")
		var all []parity.Difference
		for range n {
			path := strings.Join(rapid.SliceOfN(segment, 0, 4).Draw(t, "path"), "")
			class := rapid.SampledFrom([]parity.Class{parity.Missing, parity.Extra, parity.Changed, parity.Leak, parity.Unknown}).Draw(t, "class")
			values := []string{"-", "b"}
			if class != parity.Missing {
				values[0] = "a"
			}
			if class == parity.Extra {
				values[1] = "-"
			}
			d := two.differ("Kind", name.Draw(t, "name"), path, class, "", values...)
			d.Cause.Key, d.Note = path, "a note"
			if path == "" {
				d.Cause = parity.Cause{Kind: "subject", Key: d.Subject.Name}
			}
			all = append(all, d)
		}
		found := 0
		for _, g := range Group(all, known()) {
			members := 0
			for i := range g.Blocks {
				members += len(g.MembersOf(i))
				if title := g.Blocks[i].Title(); strings.Contains(title, "[") || strings.Contains(title, "#2") || !strings.Contains(title, "Kind ") {
					t.Fatalf("%q", title)
				}
			}
			if members != len(g.Differences) {
				t.Fatalf("%d members of %d are in blocks", members, len(g.Differences))
			}
			found += members
		}
		if found != n {
			t.Fatalf("%d of %d differences", found, n)
		}
	})
}

// TestOwnValues: what nearly each of many columns has for itself ranks below what
// one value in many divides.
func TestOwnValues(t *testing.T) {
	nine := columns{"a", "b", "c", "d", "e", "f", "g", "h", "production"}
	rank := func(values ...string) int {
		d := nine.differ("Deployment", "web", "/spec/x", parity.Changed, parity.TextChange, values...)
		return Group([]parity.Difference{d}, known())[0].Rank
	}
	own := rank("1", "2", "3", "4", "5", "6", "7", "7", "8")
	divided := rank("1", "1", "1", "1", "2", "2", "2", "2", "8")
	if own >= divided {
		t.Errorf("its own value in nearly each column has rank %d, two values %d", own, divided)
	}
}

// TestOneLineIsOneBlock: what a reader would read twice in the same words is one
// block, and nothing else is.
func TestOneLineIsOneBlock(t *testing.T) {
	sides := []parity.Side{{Environment: "dev"}, {Environment: "staging"}, {Environment: "production"}}
	first := parity.Block{Object: "Deployment web", Text: "image 1 in dev, 2 in staging", Class: parity.Changed, Change: parity.VersionChange, Columns: []string{"staging"}, Members: 2, Facts: 2, Severity: parity.Low}
	same := first
	same.Change, same.Columns, same.Members, same.Facts, same.Severity = parity.TextChange, []string{"dev", "staging"}, 1, 3, parity.High
	got := first
	if !extend(&got, &same, sides) || got.Members != 3 || got.Facts != 5 || got.Severity != parity.High || got.Change != "" || !slices.Equal(got.Columns, []string{"dev", "staging"}) {
		t.Errorf("%+v", got)
	}
	for _, other := range []parity.Block{
		{Object: "Deployment api", Text: first.Text, Class: first.Class}, {Object: first.Object, Text: "image 1", Class: first.Class}, {Object: first.Object, Text: first.Text, Class: parity.Leak},
	} {
		if to := first; extend(&to, &other, sides) {
			t.Errorf("%+v is the same line as %+v", other, first)
		}
	}
}
