// Command minors runs the generator of defaults against several minor versions
// of Kubernetes and writes one table in which a row says for which of them it
// holds. Each version is built in a module of its own, in a temporary
// directory, from the sources of ../defaults; that takes minutes.
//
// A default that appears between two of the versions is dated to the later.
//
// Usage, in tools/kubetables: go run ./minors v1.31.14 v1.34.4 v1.37.2 > ../../internal/kube/defaults.tsv
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "minors:", err)
		os.Exit(1)
	}
}

func run(versions []string, w io.Writer) error {
	if len(versions) == 0 {
		return fmt.Errorf("name the versions of Kubernetes, oldest first")
	}
	var tables [][]string
	var minors []int
	for _, v := range versions {
		minor, err := strconv.Atoi(strings.Split(v+"..", ".")[1])
		if err != nil {
			return fmt.Errorf("%q is no version such as v1.37.2", v)
		}
		text, err := table(v)
		if err != nil {
			return fmt.Errorf("%s: %w", v, err)
		}
		minors, tables = append(minors, minor), append(tables, text)
	}
	_, err := io.WriteString(w, merge(minors, tables))
	return err
}

// merge joins the rows of all versions: what all hold has no bounds. Comments
// and rows by hand stand in the newest table and are the same in all.
func merge(minors []int, tables [][]string) string {
	first, last := map[string]int{}, map[string]int{}
	var rows []string
	for i, t := range tables {
		for _, row := range t {
			if _, ok := first[row]; !ok {
				first[row] = i
				rows = append(rows, row)
			}
			last[row] = i
		}
	}
	newest := tables[len(tables)-1]
	var old []string
	for _, row := range rows {
		if last[row] < len(tables)-1 {
			old = append(old, row)
		}
	}
	slices.Sort(old)
	var b strings.Builder
	for _, row := range slices.Concat(newest[:2], old, newest[2:]) {
		b.WriteString(row)
		since, until := "", ""
		if first[row] > 0 {
			since = strconv.Itoa(minors[first[row]])
		}
		if last[row] < len(tables)-1 {
			until = strconv.Itoa(minors[last[row]])
		}
		if !strings.HasPrefix(row, "#") && since+until != "" {
			b.WriteString("\t" + since + "\t" + until)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// table builds and runs the generator against one version.
func table(version string) ([]string, error) {
	dir, err := os.MkdirTemp("", "defaults")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	for _, name := range []string{"main.go", "scheme.go", "conditional.tsv"} {
		b, err := os.ReadFile(filepath.Join("defaults", name))
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o600); err != nil {
			return nil, err
		}
	}
	if err := writeModule(dir, version); err != nil {
		return nil, err
	}
	cmd := exec.Command("go", "run", "-mod=mod", "-p", "1", ".")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=")
	var out, notes bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &notes
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, notes.String())
	}
	return strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n"), nil
}

var staged = regexp.MustCompile(`(?m)^\s*(k8s\.io/[a-z0-9-]+) => \./staging`)

// writeModule writes a go.mod in which Kubernetes' parts are the published
// ones of its version.
func writeModule(dir, version string) error {
	out, err := exec.Command("go", "mod", "download", "-json", "k8s.io/kubernetes@"+version).Output()
	if err != nil {
		return err
	}
	var module struct{ GoMod string }
	if err := json.Unmarshal(out, &module); err != nil {
		return err
	}
	gomod, err := os.ReadFile(module.GoMod)
	if err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "module defaults\n\ngo 1.26.0\n\nrequire k8s.io/kubernetes %s\n\nreplace (\n", version)
	for _, m := range staged.FindAllStringSubmatch(string(gomod), -1) {
		fmt.Fprintf(&b, "\t%s => %s v0%s\n", m[1], m[1], strings.TrimPrefix(version, "v1"))
	}
	b.WriteString(")\n")
	return os.WriteFile(filepath.Join(dir, "go.mod"), []byte(b.String()), 0o600)
}
