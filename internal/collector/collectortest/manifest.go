package collectortest

import (
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
)

var nameForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Manifest checks that a collector says all of itself that people are shown.
func Manifest(t *testing.T, c collector.Collector) {
	t.Helper()
	if !nameForm.MatchString(c.Name) {
		t.Errorf("the name %q is not of the form some-name", c.Name)
	}
	if c.Summary == "" || !strings.HasSuffix(c.Summary, ".") || strings.Contains(c.Summary, "\n") {
		t.Errorf("the summary %q is not one sentence", c.Summary)
	}
	if strings.TrimSpace(c.Doc) == "" {
		t.Error("there is no documentation")
	}
	if c.Role != "" && c.Role != parity.Desired && c.Role != parity.Live && c.Role != parity.Observed {
		t.Errorf("the role is %q", c.Role)
	}
	seen := map[parity.Surface]bool{}
	for _, s := range c.Surfaces {
		if seen[s] {
			t.Errorf("the surface %s is listed twice", s)
		}
		seen[s] = true
	}
	if len(seen) == 0 {
		t.Error("it can speak for no surface")
	}
	if len(c.Kinds) == 0 {
		t.Error("it declares no kinds of subjects")
	}
	for i := range c.Kinds {
		if k := &c.Kinds[i]; k.Name == "" || k.Format == "" {
			t.Errorf("the kind %q of the format %q lacks one of the two", k.Name, k.Format)
		}
	}
	config(t, c)
}

// config checks the config's documentation, and that of a bare path.
func config(t *testing.T, c collector.Collector) {
	t.Helper()
	made := reflect.TypeOf(c.NewConfig())
	if made.Kind() != reflect.Pointer || made.Elem().Kind() != reflect.Struct {
		t.Fatalf("the config is %s, want a pointer to a struct", made)
	}
	page := collector.Markdown(c)
	for _, f := range c.Fields() {
		if f.Doc == "" || !strings.HasSuffix(f.Doc, ".") {
			t.Errorf("the key %s is not documented by a sentence: %q", f.Key, f.Doc)
		}
		if !strings.Contains(page, "`"+f.Key+"`") {
			t.Errorf("the page does not list the key %s", f.Key)
		}
	}
	if (c.Detect == nil) != (c.FromPath == nil) {
		t.Error("Detect and FromPath go together: a path that is found must be usable")
	}
	if c.FromPath == nil {
		return
	}
	if got := reflect.TypeOf(c.FromPath("x")); got != made {
		t.Errorf("FromPath gives %s, NewConfig %s", got, made)
	}
}
