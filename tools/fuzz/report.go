package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

const (
	beginMark = "<!-- fuzz: begin -->\n"
	endMark   = "<!-- fuzz: end -->"
)

// writeReport puts the sums of the log between the marks of a Markdown page.
func writeReport(file string, all entries, renders func(pkg string) bool) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	before, rest, ok := bytes.Cut(text, []byte(beginMark))
	_, after, closed := bytes.Cut(rest, []byte(endMark))
	if !ok || !closed {
		return fmt.Errorf("%s: the marks %q and %q are not there", file, strings.TrimSpace(beginMark), endMark)
	}
	out := slices.Concat(before, []byte(beginMark), report(all, renders), []byte(endMark), after)
	return os.WriteFile(file, out, 0o644)
}

// report renders the sums by target and by commit.
func report(all entries, renders func(pkg string) bool) []byte {
	var buf bytes.Buffer
	type name struct{ pkg, target string }
	sums := map[name]int64{}
	commits := map[string]int64{}
	var order []string
	failed := 0
	for _, e := range all {
		sums[name{e.pkg, e.target}] += e.executions
		if commits[e.commit] == 0 {
			order = append(order, e.commit)
		}
		commits[e.commit] += e.executions
		if e.outcome == "failed" {
			failed++
		}
	}
	fmt.Fprintf(&buf, "%d targets were executed %d times in all.\n\n", len(sums), all.total())
	if failed > 0 {
		fmt.Fprintf(&buf, "%d runs found a fault; its input is kept as a test.\n\n", failed)
	}
	buf.WriteString("| package | target | executions |\n| --- | --- | ---: |\n")
	names := slices.SortedFunc(maps.Keys(sums), func(a, b name) int {
		return strings.Compare(a.pkg+"\t"+a.target, b.pkg+"\t"+b.target)
	})
	for _, n := range names {
		note := ""
		if renders(n.pkg) {
			note = " (renders)"
		}
		fmt.Fprintf(&buf, "| `%s` | `%s`%s | %d |\n", short(n.pkg), n.target, note, sums[n])
	}
	buf.WriteString("\n| commit | executions |\n| --- | ---: |\n")
	for _, c := range order {
		fmt.Fprintf(&buf, "| `%s` | %d |\n", c, commits[c])
	}
	return buf.Bytes()
}

// short is the package's path below the module.
func short(pkg string) string {
	if _, below, ok := strings.Cut(pkg, "/parity/"); ok {
		return strings.TrimPrefix(below, "internal/")
	}
	return "(root)"
}
