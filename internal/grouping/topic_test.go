package grouping

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
)

// TestSettingsAreApartByTopic: what one commit sets in a file of settings or a
// ConfigMap has names that begin alike, or is a tree that one side lacks.
func TestSettingsAreApartByTopic(t *testing.T) {
	for _, c := range []struct {
		name, kind string
		equal      []string          // paths that both sides have
		differ     map[string]string // by path, the place that differs as a whole
		want       []string          // the paths of each group
	}{
		{
			name: "names that begin alike", kind: "file",
			differ: map[string]string{"/env/SEARCH_URL": "", "/env/SEARCH_LIMIT": "", "/env/MAIL_FROM": "", "/env/LOG_LEVEL": ""},
			want:   []string{"/env/LOG_LEVEL", "/env/MAIL_FROM", "/env/SEARCH_LIMIT /env/SEARCH_URL"},
		},
		{
			name: "names that begin as all do", kind: "file",
			equal:  []string{"/env/APP_A", "/env/APP_B", "/env/APP_C"},
			differ: map[string]string{"/env/APP_MAIL_FROM": "", "/env/APP_MAIL_TO": "", "/env/APP_LEVEL": ""},
			want:   []string{"/env/APP_LEVEL", "/env/APP_MAIL_FROM /env/APP_MAIL_TO"},
		},
		{
			name: "a tree that one side lacks", kind: "ConfigMap",
			differ: map[string]string{
				"/data/host.a.user": "/data/host.a", "/data/host.a.port": "/data/host.a", "/data/host.a.key": "/data/host.a",
				"/data/host.a.zone": "/data/host.a", "/data/level": "",
			},
			want: []string{"/data/host.a.key /data/host.a.port /data/host.a.user /data/host.a.zone", "/data/level"},
		},
		{
			name: "numbers", kind: "ConfigMap",
			differ: map[string]string{"/data/node-1": "", "/data/node-2": "", "/data/node-3": "", "/data/node-14": "", "/data/level": ""},
			want:   []string{"/data/level", "/data/node-1 /data/node-14 /data/node-2 /data/node-3"},
		},
		{
			name: "items without keys", kind: "ConfigMap",
			differ: map[string]string{"/data/rules.json/rules[0]/user": "", "/data/rules.json/rules[1]/role": "", "/data/level": ""},
			want:   []string{"/data/level", "/data/rules.json/rules[0]/user /data/rules.json/rules[1]/role"},
		},
		{
			name: "many without a topic", kind: "ConfigMap",
			differ: map[string]string{"/data/level": "", "/data/size": "", "/data/colour": "", "/data/shape": ""},
			want:   []string{"/data/colour /data/level /data/shape /data/size"},
		},
		{
			name: "an object", kind: "Policy",
			differ: map[string]string{"/spec/level": "", "/spec/size": ""},
			want:   []string{"/spec/level /spec/size"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, topics(c.kind, c.equal, c.differ)); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// topics groups settings of one subject, and returns the paths of each group.
func topics(kind string, equal []string, differ map[string]string) []string {
	side := &parity.SubjectFacts{}
	for _, path := range equal {
		side.Facts = append(side.Facts, parity.Fact{Path: path})
	}
	of := &parity.Aligned{Logical: parity.Key{Kind: kind, Name: "app"}, Sides: []*parity.SubjectFacts{side, side}}
	var ds []parity.Difference
	for path, place := range differ {
		d := two.differ(kind, "app", path, parity.Missing, "", "-", "x")
		d.Aligned = of
		if place != "" {
			d.Cause.Place = place
		}
		ds = append(ds, d)
	}
	var got []string
	for _, g := range Group(ds, known()) {
		var paths []string
		for i := range g.Differences {
			paths = append(paths, g.Differences[i].Path)
		}
		slices.Sort(paths)
		got = append(got, strings.Join(paths, " "))
	}
	slices.Sort(got)
	return got
}

// TestTopicsKeepTheirIdentifiers: a topic is called by the beginning of its names,
// so that what else differs in the subject changes no identifier.
func TestTopicsKeepTheirIdentifiers(t *testing.T) {
	id := func(others ...string) string {
		ds := []parity.Difference{
			two.differ("ConfigMap", "app", "/data/mail-from", parity.Missing, "", "-", "x"),
			two.differ("ConfigMap", "app", "/data/mail-to", parity.Changed, "", "a", "b"),
		}
		for _, path := range others {
			ds = append(ds, two.differ("ConfigMap", "app", path, parity.Missing, "", "-", "x"))
		}
		for _, g := range Group(ds, known()) {
			if strings.HasPrefix(g.Differences[0].Path, "/data/mail") {
				return g.ID
			}
		}
		return ""
	}
	first := id("/data/level")
	for _, others := range [][]string{{"/data/size", "/data/level"}, {"/data/a", "/data/b", "/data/c", "/data/d", "/data/e"}} {
		if got := id(others...); got != first || got == "" {
			t.Errorf("beside %v: %s, want %s", others, got, first)
		}
	}
}

// TestTopicsAreNoConvention: several groups of one subject are not ranked low for
// being many, as are groups of many subjects.
func TestTopicsAreNoConvention(t *testing.T) {
	rank := func(subjects ...string) int {
		var ds []parity.Difference
		for i, word := range []string{"mail", "search", "queue", "cache", "level", "proxy", "audit", "login"} {
			name := subjects[i%len(subjects)]
			ds = append(ds, two.differ("ConfigMap", name, "/data/"+word+"-a", parity.Missing, "", "-", "x"), two.differ("ConfigMap", name, "/data/"+word+"-b", parity.Missing, "", "-", "x"))
		}
		groups := Group(ds, known())
		if len(groups) != 8 {
			t.Fatalf("%d groups", len(groups))
		}
		return groups[0].Rank
	}
	one, many := rank("app"), rank("a", "b", "c", "d", "e", "f", "g", "h")
	if one <= many {
		t.Errorf("rank %d in one subject, %d in eight", one, many)
	}
}
