package parity_test

import (
	"bytes"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what is generated instead of comparing it")

const module = "github.com/envparity/parity"

// maxLines is the length above which a file is two files.
const maxLines = 500

// row is one line of the table of direct imports: a package, what it may
// import of this module, and which libraries.
type row struct {
	pkg string
	// why says what the package is, in the table.
	why string
	// pure packages do no I/O and read no clock.
	pure bool
	// imports are packages of this module below internal, ""  the root.
	imports []string
	// libraries are module prefixes outside the standard library.
	libraries []string
}

// sourceFile is one parsed file with what the checks need of it.
type sourceFile struct {
	path  string
	pkg   string // directory, slash-separated; "." the root
	test  bool
	gen   bool
	lines int
	file  *ast.File
}

func parseTree(t *testing.T) (*token.FileSet, []sourceFile) {
	t.Helper()
	fset := token.NewFileSet()
	var files []sourceFile
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if name := d.Name(); p != "." && (name == "testdata" || name == "tools" || strings.HasPrefix(name, ".")) {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(p, ".go") {
			return nil
		}
		text, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(fset, p, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, sourceFile{
			path: filepath.ToSlash(p), pkg: path.Dir(filepath.ToSlash(p)), file: f,
			test: strings.HasSuffix(p, "_test.go"), gen: ast.IsGenerated(f),
			lines: bytes.Count(text, []byte("\n")),
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return fset, files
}

// isLibrary tells a package outside the standard library by the dot in its
// first segment.
func isLibrary(importPath string) bool {
	first, _, _ := strings.Cut(importPath, "/")
	return strings.Contains(first, ".")
}

// short names a package of this module as the table does.
func short(importPath string) string {
	rest := strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/")
	return strings.TrimPrefix(rest, "internal/")
}

func TestArchitectureOfImports(t *testing.T) {
	_, files := parseTree(t)
	rows := make(map[string]row, len(table))
	for _, r := range table {
		rows[r.pkg] = r
	}
	used := map[string]bool{}
	for _, f := range files {
		if f.test {
			continue
		}
		name := short(strings.TrimSuffix(module+"/"+f.pkg, "/."))
		r, ok := rows[name]
		if !ok {
			t.Errorf("%s: package %q has no row in the table of imports", f.path, name)
			continue
		}
		used[name] = true
		for _, imp := range f.file.Imports {
			p, _ := strconv.Unquote(imp.Path.Value)
			allowed := r.imports
			switch {
			case p == module || strings.HasPrefix(p, module+"/"):
				p = short(p)
			case isLibrary(p):
				allowed = r.libraries
			default:
				continue
			}
			i := slices.IndexFunc(allowed, func(a string) bool {
				return p == a || isLibrary(p) && strings.HasPrefix(p, a+"/")
			})
			if i < 0 {
				t.Errorf("%s: %q may not import %q", f.path, name, p)
				continue
			}
			used[name+" "+allowed[i]] = true
		}
	}
	for _, r := range table {
		for _, what := range append(slices.Clone(r.imports), r.libraries...) {
			if !used[r.pkg+" "+what] {
				t.Errorf("the table lets %q import %q, which it does not", r.pkg, what)
			}
		}
		if !used[r.pkg] {
			t.Errorf("the table has a row for %q, which does not exist", r.pkg)
		}
	}
}

// TestArchitectureOfRows holds that lower rows never import higher ones: each
// package's imports stand above it in the table.
func TestArchitectureOfRows(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range table {
		for _, i := range r.imports {
			if !seen[i] {
				t.Errorf("%q imports %q, which does not stand above it", r.pkg, i)
			}
		}
		seen[r.pkg] = true
	}
}

func TestPurePackagesDoNoIO(t *testing.T) {
	fset, files := parseTree(t)
	pure := map[string]bool{}
	for _, r := range table {
		if r.pure {
			pure[r.pkg] = true
		}
	}
	forbidden := []string{"os", "net", "database/sql", "math/rand", "crypto/rand", "io/ioutil", "syscall"}
	for _, f := range files {
		if f.test || !pure[short(strings.TrimSuffix(module+"/"+f.pkg, "/."))] {
			continue
		}
		for _, imp := range f.file.Imports {
			p, _ := strconv.Unquote(imp.Path.Value)
			for _, bad := range forbidden {
				// net/url and net/netip parse text and reach nothing.
				if p == bad || strings.HasPrefix(p, bad+"/") && p != "net/url" && p != "net/netip" {
					t.Errorf("%s: pure, but imports %q", f.path, p)
				}
			}
		}
		ast.Inspect(f.file, func(n ast.Node) bool {
			if sel, ok := n.(*ast.SelectorExpr); ok {
				x, isIdent := sel.X.(*ast.Ident)
				if isIdent && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker"}, sel.Sel.Name) {
					t.Errorf("%s: pure, but reads the clock with time.%s", fset.Position(n.Pos()), sel.Sel.Name)
				}
			}
			return true
		})
	}
}

func TestHouseRules(t *testing.T) {
	fset, files := parseTree(t)
	for _, f := range files {
		if slices.Contains([]string{"util", "utils", "common", "types", "helpers", "helper", "misc", "base"}, strings.TrimSuffix(f.file.Name.Name, "_test")) {
			t.Errorf("%s: the name of package %s says nothing", f.path, f.file.Name.Name)
		}
		if f.gen {
			continue
		}
		if f.lines > maxLines {
			t.Errorf("%s: %d lines, more than %d", f.path, f.lines, maxLines)
		}
		for _, d := range f.file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s: init function; registries are values built in one visible list", fset.Position(fn.Pos()))
			}
		}
	}
}

// TestArchitectureTableIsNotStale holds the table of ARCHITECTURE.md to the
// one that is enforced. With -update it writes it.
func TestArchitectureTableIsNotStale(t *testing.T) {
	const file, begin, end = "ARCHITECTURE.md", "<!-- imports: begin -->\n", "<!-- imports: end -->\n"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, ok1 := strings.Cut(string(text), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok1 || !ok2 {
		t.Fatalf("%s lacks the marks %q and %q", file, begin, end)
	}
	want := head + begin + printTable() + end + tail
	if *update {
		if err := os.WriteFile(file, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("%s is stale, run make generate (-want +got):\n%s", file, diff)
	}
}

func printTable() string {
	var b strings.Builder
	b.WriteString("| package | is | imports of this module | libraries |\n| --- | --- | --- | --- |\n")
	for _, r := range table {
		name := r.pkg
		if name == "" {
			name = "(root)"
		}
		why := r.why
		if r.pure {
			why += " (pure)"
		}
		imports := slices.Clone(r.imports)
		for i := range imports {
			if imports[i] == "" {
				imports[i] = "(root)"
			}
		}
		libraries := slices.Clone(r.libraries)
		sort.Strings(imports)
		sort.Strings(libraries)
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", name, why, strings.Join(imports, ", "), strings.Join(libraries, ", "))
	}
	return b.String()
}

// TestGoroutinesHaveOneHome holds production code to internal/parallel, which
// recovers from panics and waits: a goroutine that panics anywhere else ends the
// process with a trace and the exit code of a wrong configuration.
func TestGoroutinesHaveOneHome(t *testing.T) {
	servers := []string{"internal/component", "internal/sampleshop"} // run in tests only
	fset, files := parseTree(t)
	for _, f := range files {
		if f.test || f.pkg == "internal/parallel" || slices.Contains(servers, f.pkg) || f.pkg == "internal/collector/collectortest" {
			continue
		}
		for _, where := range goroutines(f.file) {
			t.Errorf("%s: starts a goroutine; use internal/parallel", fset.Position(where))
		}
	}
}

// goroutines finds go statements, calls of a method Go with a function, which
// are those of wait groups, and imports of groups of goroutines.
func goroutines(file *ast.File) []token.Pos {
	var found []token.Pos
	for _, imp := range file.Imports {
		if imp.Path.Value == strconv.Quote("golang.org/x/sync/errgroup") {
			found = append(found, imp.Pos())
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			found = append(found, n.Pos())
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Go" && len(n.Args) == 1 {
				found = append(found, n.Pos())
			}
		}
		return true
	})
	return found
}

func TestGoroutinesAreFound(t *testing.T) {
	const text = `package x
import _ "golang.org/x/sync/errgroup"
func f() { go f(); var w sync.WaitGroup; w.Go(f); w.Wait() }`
	file, err := parser.ParseFile(token.NewFileSet(), "x.go", text, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(goroutines(file)); n != 3 {
		t.Errorf("%d of three are found", n)
	}
}
