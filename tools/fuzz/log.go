package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
)

// entry counts the executions of one target at one commit.
type entry struct {
	commit, pkg, target string
	executions          int64
	seconds             float64
	outcome             string
}

// entries has at most one entry for a commit, target and outcome.
type entries []entry

const header = "# commit\tpackage\ttarget\texecutions\tseconds\toutcome\n"

// readLog reads what write wrote; a file that does not exist is empty.
func readLog(file string) (entries, error) {
	if file == "" {
		return nil, nil
	}
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all entries
	lines := bufio.NewScanner(bytes.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		if lines.Text() == "" || strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		e, err := parseEntry(lines.Text())
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", file, n, err)
		}
		all.add(e)
	}
	return all, lines.Err()
}

func parseEntry(line string) (entry, error) {
	f := strings.Split(line, "\t")
	if len(f) != 6 {
		return entry{}, fmt.Errorf("%d columns, want 6", len(f))
	}
	n, err := strconv.ParseInt(f[3], 10, 64)
	if err != nil {
		return entry{}, err
	}
	seconds, err := strconv.ParseFloat(f[4], 64)
	if err != nil {
		return entry{}, err
	}
	return entry{commit: f[0], pkg: f[1], target: f[2], executions: n, seconds: seconds, outcome: f[5]}, nil
}

// add adds to the entry of the same commit, target and outcome.
func (e *entries) add(x entry) {
	for i := range *e {
		have := &(*e)[i]
		if have.commit == x.commit && have.pkg == x.pkg && have.target == x.target && have.outcome == x.outcome {
			have.executions += x.executions
			have.seconds += x.seconds
			return
		}
	}
	*e = append(*e, x)
}

func (e entries) executions(pkg, target string) (n int64) {
	for _, x := range e {
		if x.pkg == pkg && x.target == target {
			n += x.executions
		}
	}
	return n
}

func (e entries) total() (n int64) {
	for _, x := range e {
		n += x.executions
	}
	return n
}

// write replaces the file.
func (e entries) write(file string) error {
	sorted := slices.Clone(e)
	slices.SortStableFunc(sorted, func(a, b entry) int {
		return strings.Compare(a.pkg+"\t"+a.target, b.pkg+"\t"+b.target)
	})
	var buf bytes.Buffer
	buf.WriteString(header)
	for _, x := range sorted {
		fmt.Fprintf(&buf, "%s\t%s\t%s\t%d\t%.0f\t%s\n", x.commit, x.pkg, x.target, x.executions, x.seconds, x.outcome)
	}
	if err := os.WriteFile(file+".new", buf.Bytes(), 0o644); err != nil {
		return err
	}
	return os.Rename(file+".new", file)
}
