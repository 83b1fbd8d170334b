package compare

import (
	"testing"

	"github.com/envparity/parity"
)

// stated says the format of the subject that was added last.
func (e *env) stated(format string) *env {
	e.last().Subject.Format = format
	return e
}

// A column can speak of a format if one of its subjects is stated in it, or if a
// collector reads all that is declared in it.
func TestFormatsThatAColumnSpeaks(t *testing.T) {
	for _, c := range []struct {
		name       string
		kind, says string // of what production has
		staging    *env
		collectors []string
		want       parity.Class
	}{
		{"another format", "ConfigMap", "", staging().add("service", "", "api", "/image", "a"), nil, parity.Unknown},
		{"the format", "ConfigMap", "", staging().add("Secret", "", "api", "/data/A", "a"), nil, parity.Missing},
		{"a collector of the format", "ConfigMap", "", staging().add("service", "", "api", "/image", "a"), []string{"compose", "kubernetes-manifests"}, parity.Missing},
		{"a collector that reads a part", "software", "", staging().add("service", "", "api", "/image", "a"), []string{"compose", "sbom"}, parity.Unknown},
		{"resources beside settings", "aws_queue", "terraform", staging().add("section", "", "api", "/a", "a").stated("files"), nil, parity.Unknown},
		{"resources beside services", "aws_queue", "terraform", staging().add("service", "", "api", "/a", "a"), nil, parity.Unknown},
		{"resources beside others", "aws_queue", "terraform", staging().add("aws_topic", "", "api", "/a", "a").stated("terraform"), nil, parity.Missing},
		{"a list of settings that is called as another kind", "service", "files", staging().add("service", "", "api", "/image", "a"), nil, parity.Unknown},
		{"a model beside settings", "model", "", staging().add("section", "", "api", "/a", "a").stated("files"), nil, parity.Unknown},
		{"a kind that nobody declares", "gizmo", "gizmos", staging().add("section", "", "api", "/a", "a").stated("files"), nil, parity.Unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := production().add(c.kind, "", "queue", "/delay", "4").stated(c.says)
			got := compareAll(t, Options{Collectors: [][]string{c.collectors, nil}}, c.staging, p)
			if cell := got.class(t, c.kind, "queue", "/delay"); cell.Class != c.want {
				t.Errorf("%v, want %v: %s", cell.Class, c.want, cell.Note)
			}
		})
	}
}

// Snapshots of earlier versions do not say the formats of subjects.
func TestSubjectsThatDoNotSayTheirFormat(t *testing.T) {
	for _, kind := range []string{"aws_queue", "users", "section"} {
		format := "files"
		if kind == "aws_queue" {
			format = "terraform"
		}
		now := staging().add(kind, "", "a", "/size", "4", "/delay", "5").stated(format)
		now.add(kind, "", "b", "/size", "4").stated(format)
		before := production().add(kind, "", "a", "/size", "4", "/delay", "6").add(kind, "", "c", "/size", "4")
		got := compareAll(t, Options{}, now, before)
		for path, want := range map[string]parity.Class{"a /size": parity.Equal, "a /delay": parity.Changed, "b /size": parity.Extra, "c /size": parity.Missing} {
			if cell := got.class(t, kind, path[:1], path[2:]); cell.Class != want {
				t.Errorf("%s %s: %v, want %v", kind, path, cell.Class, want)
			}
		}
	}
}
