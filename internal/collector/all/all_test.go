package all_test

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/envparity/parity/internal/collector/all"
	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/kinds"
)

// TestEveryCollectorIsRegisteredAndHeldToTheSuite looks at the folders beside
// this one.
func TestEveryCollectorIsRegisteredAndHeldToTheSuite(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "all.go", nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	registered := map[string]bool{}
	for _, imp := range file.Imports {
		p, _ := strconv.Unquote(imp.Path.Value)
		if _, folder, ok := strings.Cut(p, "/internal/collector/"); ok {
			registered[folder] = true
		}
	}
	folders, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for _, f := range folders {
		if !f.IsDir() || f.Name() == "all" || f.Name() == "collectortest" || f.Name() == "testdata" {
			continue
		}
		count++
		if !registered[f.Name()] {
			t.Errorf("the collector in %s is not registered", f.Name())
		}
		if !mentions(t, filepath.Join("..", f.Name()), "collectortest.Run(") {
			t.Errorf("no test in %s runs the conformance suite", f.Name())
		}
	}
	if got := len(all.Collectors()); got != count {
		t.Errorf("%d collectors are registered, and there are %d folders", got, count)
	}
}

// mentions reports whether a test file of the folder holds the text.
func mentions(t *testing.T, dir, text string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(data), text) {
			return true
		}
	}
	return false
}

func TestManifests(t *testing.T) {
	names := map[string]bool{}
	for _, c := range all.Collectors() {
		t.Run(c.Name, func(t *testing.T) { collectortest.Manifest(t, c) })
		if names[c.Name] {
			t.Errorf("two collectors are called %s", c.Name)
		}
		names[c.Name] = true
	}
}

// TestKindsAreDeclaredAlike holds that a kind means one thing, whoever emits it: a
// name belongs to one format, and what several collectors declare of it is the
// same.
func TestKindsAreDeclaredAlike(t *testing.T) {
	first := map[string]kinds.Kind{}
	translated := map[string]bool{}
	for _, c := range all.Collectors() {
		for _, k := range c.Kinds {
			translates := k.Common != nil
			k.Common = nil // functions cannot be compared
			have, again := first[k.Name]
			if again && (translated[k.Name] != translates || !reflect.DeepEqual(have, k)) {
				t.Errorf("%s: the kind %s is declared in two ways", c.Name, k.Name)
			}
			first[k.Name], translated[k.Name] = k, translates
		}
	}
}
