package kinds

import (
	"slices"
	"testing"

	"github.com/envparity/parity"
)

func declared() *Set {
	return New(
		Source{Collector: "objects", Kinds: []Kind{{Name: "[A-Z]*", Format: "objects"}, {Name: "Pod", Format: "objects", Runs: true}}, Complete: true},
		Source{Collector: "settings", Kinds: []Kind{{Name: "*", Format: "settings"}, {Name: "section", Format: "settings"}}},
		Source{Collector: "resources", Kinds: []Kind{{Name: "*_*", Format: "resources", Unsure: true}}},
		Source{Collector: "services", Kinds: []Kind{{Name: "service", Format: "services", Family: "workload"}}},
		Source{Collector: "both", Kinds: []Kind{{Name: "service", Format: "services", Family: "workload"}, {Name: "[A-Z]*", Format: "objects"}}},
	)
}

func TestFormatsOfSubjects(t *testing.T) {
	for _, c := range []struct {
		kind, says string
		want       []string
	}{
		{"Pod", "", []string{"objects"}},
		{"Unheard", "", []string{"objects"}},
		{"My_Kind", "", []string{"objects"}},
		{"service", "", []string{"services"}},
		{"service", "settings", []string{"settings"}},
		{"Volumes", "settings", []string{"settings"}},
		{"users", "", []string{"settings"}},
		{"a/b", "", []string{"settings"}},
		{"aws_queue", "", []string{"resources", "settings"}},
		{"aws_queue", "resources", []string{"resources"}},
		{"aws_queue", "unheard", []string{"unheard"}},
	} {
		s := &parity.Subject{Key: parity.Key{Kind: c.kind}, Format: c.says}
		if got := declared().Formats(s); !slices.Equal(got, c.want) {
			t.Errorf("%s (%s): formats %v, want %v", c.kind, c.says, got, c.want)
		}
		if got := declared().Format(s); got != c.want[0] {
			t.Errorf("%s (%s): format %s, want %s", c.kind, c.says, got, c.want[0])
		}
	}
}

// What nobody declares is of a format of its own, so that no column is taken to be
// able to speak of it that has nothing like it.
func TestUndeclaredKind(t *testing.T) {
	for name, set := range map[string]*Set{
		"empty": New(), "nil": nil, "others": New(Source{Collector: "x", Kinds: []Kind{{Name: "section", Format: "settings"}}}),
	} {
		s := &parity.Subject{Key: parity.Key{Kind: "gadget"}}
		if got := set.Formats(s); !slices.Equal(got, []string{"gadget"}) || set.Format(s) != "gadget" {
			t.Errorf("%s: formats %v", name, got)
		}
		if k := set.Of(s); k == nil || k.Format != "" || k.Telemetry {
			t.Errorf("%s: %+v", name, k)
		}
	}
}

func TestKindOfASubjectThatSaysItsFormat(t *testing.T) {
	s := &parity.Subject{Key: parity.Key{Kind: "service"}}
	if k := declared().Of(s); k.Family != "workload" {
		t.Errorf("a service is %+v", k)
	}
	s.Format = "settings"
	if k := declared().Of(s); k.Family != "" || k.Format != "settings" {
		t.Errorf("a list called service is %+v", k)
	}
}

func TestKindOfAGap(t *testing.T) {
	for _, c := range []struct {
		source, kind, format string
		named                bool
	}{
		{"staging: services a.yaml", "service", "services", true},
		{"staging: settings a.yaml", "service", "settings", true},
		{"staging: unheard a.yaml", "service", "services", true},
		{"", "Pod", "objects", true},
		{"staging: objects a.yaml", "[A-Z]*", "", false},
		{"staging: objects a.yaml", "", "", false},
	} {
		k, name, named := declared().OfGap(&parity.Gap{Source: c.source, Kind: c.kind})
		if named != c.named || named && (k.Format != c.format || name != c.kind) {
			t.Errorf("%+v: %+v, %s, %v", c, k, name, named)
		}
	}
}

func TestFormatsOfCollectors(t *testing.T) {
	set := declared()
	if got, known := set.Spoken("both"); !known || !slices.Equal(got, []string{"services", "objects"}) {
		t.Errorf("both speak %v", got)
	}
	if _, known := set.Spoken("unheard"); known {
		t.Error("an unheard collector is known")
	}
	if got := set.Complete("objects"); !slices.Equal(got, []string{"objects"}) {
		t.Errorf("objects show %v", got)
	}
	if got := set.Complete("both"); got != nil {
		t.Errorf("what is not complete shows %v", got)
	}
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern, kind string
		want          bool
	}{
		{"*", "", true},
		{"[A-Z]*", "", false},
		{"[A-Z]*", "Pod", true},
		{"[A-Z]*", "pod", false},
		{"[A-Z]ob", "Job", true},
		{"*_*", "a_b", true},
		{"*_*", "ab", false},
		{"a*b*c", "aXbYc", true},
		{"a*b*c", "ac", false},
		{"a*", "b", false},
		{"*a", "ba", true},
		{"a*a", "a", false},
	} {
		if got := fits(c.pattern, c.kind); got != c.want {
			t.Errorf("%q fits %q: %v", c.pattern, c.kind, got)
		}
	}
}
