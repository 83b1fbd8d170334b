package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/cli"
	"github.com/envparity/parity/internal/collector/all"
	"github.com/envparity/parity/internal/render"
	"github.com/envparity/parity/internal/report/view"
)

var update = flag.Bool("update", false, "write what is generated instead of comparing it")

// now is the time of every run in these tests.
var now = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)

// fixed is randomness that gives the same key every time.
type fixed struct{}

func (fixed) Read(p []byte) (int, error) {
	sum := sha256.Sum256([]byte("the randomness of the tests"))
	for i := range p {
		p[i] = sum[i%len(sum)]
	}
	return len(p), nil
}

// TestMain lets the test binary be the process that renders, as the program is.
func TestMain(m *testing.M) {
	if render.IsWorker(os.Args) {
		render.Serve(os.Stdin, os.Stdout, all.Tasks())
	}
	runAsProgram()
	os.Exit(m.Run())
}

// process gives a command what a test decides, and nothing of the machine.
func process(dir string, lookup func(string) (string, bool), stdin io.Reader, stdout, stderr io.Writer) cli.Process {
	return cli.Process{
		Dir: dir, Stdin: stdin, Stdout: stdout, Stderr: stderr, Lookup: lookup,
		Now: func() time.Time { return now }, Random: fixed{}, Version: "v0.0.0-test",
		Worker: worker(),
	}
}

func nothing(string) (string, bool) { return "", false }

// TestScripts runs the specification of the command line, in this process:
//
//	parity ARG...       runs the command; ! where its exit code is not 0
//	status N            holds that the last command's exit code was N
//	absent TEXT PATH... holds that no file, or file of a directory, has the text
//	big FILE BYTES      writes a YAML file of about that size
//	many DIR N          writes N small manifests
//	copy DIR FROM       copies a directory of the project
//	acceptof RESULT PATH what FLAG...  accepts a difference at a path: its group or its fingerprint
//	explainfirst RESULT PATH...  explains the first difference of a result
func TestScripts(t *testing.T) {
	root := projectRoot(t)
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: *update,
		Setup: func(env *testscript.Env) error {
			env.Values[statusKey{}] = new(int)
			// Projects are in repositories, and read what is below their tops.
			return os.Mkdir(filepath.Join(env.WorkDir, ".git"), 0o750)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"parity": runParity,
			"status": checkStatus,
			"absent": checkAbsent,
			"big":    writeBig,
			"many":   writeMany,

			"acceptof":     acceptOf,
			"explainfirst": explainFirst,
			"copy": func(ts *testscript.TestScript, _ bool, args []string) {
				ts.Check(os.CopyFS(ts.MkAbs(args[0]), os.DirFS(filepath.Join(root, filepath.FromSlash(args[1])))))
			},
		},
	})
}

func projectRoot(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return root
}

type statusKey struct{}

func runParity(ts *testscript.TestScript, neg bool, args []string) {
	lookup := func(name string) (string, bool) {
		v := ts.Getenv(name)
		return v, v != ""
	}
	p := process(ts.MkAbs("."), lookup, strings.NewReader(""), ts.Stdout(), ts.Stderr())
	p.ConfigDir, p.CacheDir = ts.Getenv("XDG_CONFIG_HOME"), ts.Getenv("XDG_CACHE_HOME")
	if w := ts.Getenv("TERMINAL_WIDTH"); w != "" {
		width, err := strconv.Atoi(w)
		ts.Check(err)
		p.Width = width
	}
	code := cli.Run(context.Background(), args, p)
	*ts.Value(statusKey{}).(*int) = code
	if (code != 0) != neg {
		ts.Fatalf("parity %s: exit code %d", strings.Join(args, " "), code)
	}
}

func checkStatus(ts *testscript.TestScript, _ bool, args []string) {
	if got := strconv.Itoa(*ts.Value(statusKey{}).(*int)); len(args) != 1 || got != args[0] {
		ts.Fatalf("exit code %s, want %s", got, strings.Join(args, " "))
	}
}

func checkAbsent(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: absent TEXT PATH...")
	}
	text := []byte(args[0])
	for _, name := range args[1:] {
		if name == "stdout" || name == "stderr" {
			if bytes.Contains([]byte(ts.ReadFile(name)), text) {
				ts.Fatalf("%s holds %q", name, text)
			}
			continue
		}
		ts.Check(filepath.WalkDir(ts.MkAbs(name), func(p string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(p)
			if err == nil && bytes.Contains(data, text) {
				ts.Fatalf("%s holds %q", p, text)
			}
			return err
		}))
	}
}

// writeBig writes one ConfigMap of about so many bytes.
func writeBig(ts *testscript.TestScript, _ bool, args []string) {
	size, err := strconv.Atoi(args[1])
	ts.Check(err)
	var b bytes.Buffer
	b.WriteString("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: big}\ndata:\n")
	for i := 0; b.Len() < size; i++ {
		b.WriteString("  key" + strconv.Itoa(i) + ": " + strings.Repeat("x", 1000) + "\n")
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o644))
}

func writeMany(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[1])
	ts.Check(err)
	dir := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(dir, 0o755))
	for i := range n {
		name := "c" + strconv.Itoa(i)
		text := "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: " + name + "}\ndata: {a: \"1\"}\n"
		ts.Check(os.WriteFile(filepath.Join(dir, name+".yaml"), []byte(text), 0o644))
	}
}

// explainFirst explains the first difference of a result by the fingerprint
// that a report shows of it.
func explainFirst(ts *testscript.TestScript, _ bool, args []string) {
	var r parity.Result
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &r))
	if len(r.Groups) == 0 {
		ts.Fatalf("%s has no group", args[0])
	}
	call := []string{"explain", view.Short(r.Groups[0].Differences[0].Fingerprint)}
	for _, path := range args[1:] {
		call = append(call, "--of", path)
	}
	runParity(ts, false, call)
}

// acceptOf accepts the difference at a path of a result, by the identifier of its
// group or by its fingerprint.
func acceptOf(ts *testscript.TestScript, neg bool, args []string) {
	var r parity.Result
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &r))
	for _, g := range r.Groups {
		for _, d := range g.Differences {
			if d.Path != args[1] {
				continue
			}
			id := d.Fingerprint
			if args[2] == "group" {
				id = g.ID
			}
			runParity(ts, neg, append([]string{"accept", id}, args[3:]...))
			return
		}
	}
	ts.Fatalf("%s has no difference at %s", args[0], args[1])
}
