// Package surface says which surface a fact belongs to, by tables that are data.
// Each format has rows of its own, beside those that all share.
package surface

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/envparity/parity"
)

// The rows that all formats share: those of objects, and those of names.
var (
	//go:embed objects.tsv
	objects string
	//go:embed names.tsv
	names string
)

// Common returns the table of a format that has no rows of its own.
func Common() *Table { return common() }

var common = Lazy("", "")

// Shared returns the rows that all formats share as text: a kind, a path and a
// surface on each line, separated by tabs.
func Shared() string { return objects + names }

// Lazy returns a function that returns the table of a format, which is built when
// it is first asked: the rows before, the shared rows of objects, the rows between,
// and the shared rows of names. Rows that cannot be read leave the table empty; New
// says which.
func Lazy(before, between string) func() *Table {
	return sync.OnceValue(func() *Table {
		t, err := New(before + objects + between + names)
		if err != nil {
			return &Table{}
		}
		return t
	})
}

// Table is a list of rows; the first that fits decides. It never changes.
type Table struct {
	rows []row
	// some lists the rows that fit a kind, for each kind that a row names as it
	// is and for the common ones; other has the rows that may fit any other.
	some  map[string][]int32
	other []int32
}

// frequent are kinds that have many facts, or many objects.
var frequent = []string{
	"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Pod", "Job", "CronJob", "Rollout", "ConfigMap",
}

type row struct {
	kinds   []pattern
	loose   []pattern // those of kinds that are no names
	every   bool      // it fits all kinds
	path    pattern
	tail    bool // the pattern is for the last name of the path
	surface parity.Surface
}

// New reads a table; an error names the line.
func New(text string) (*Table, error) {
	t := &Table{some: map[string][]int32{}}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if line == "" || line[0] == '#' {
			continue
		}
		parts := strings.Split(line, "\t")
		if len(parts) != 3 || parts[1] == "" {
			return nil, fmt.Errorf("line %d: want kind, path and surface", n)
		}
		var r row
		if err := r.surface.UnmarshalText([]byte(parts[2])); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		for k := range strings.SplitSeq(parts[0], "|") {
			r.kinds = append(r.kinds, compile(k))
		}
		path, tail := strings.CutPrefix(parts[1], "~")
		if tail {
			path = strings.ToLower(path)
		}
		r.path, r.tail = compile(path), tail
		t.rows = append(t.rows, r)
	}
	t.index()
	return t, nil
}

// index lists the rows by the kinds that they name.
func (t *Table) index() {
	for i := range t.rows {
		r := &t.rows[i]
		for _, k := range r.kinds {
			if k.how == whole {
				t.some[k.text] = nil
			} else {
				r.loose = append(r.loose, k)
				r.every = r.every || k.how == all
			}
		}
		if len(r.loose) > 0 {
			t.other = append(t.other, int32(i))
		}
	}
	for _, kind := range frequent {
		t.some[kind] = nil
	}
	for kind := range t.some {
		t.some[kind] = t.fitting(kind)
	}
}

func (t *Table) fitting(kind string) []int32 {
	var fit []int32
	for i := range t.rows {
		if anyFits(t.rows[i].kinds, kind) {
			fit = append(fit, int32(i))
		}
	}
	return fit
}

func anyFits(patterns []pattern, s string) bool {
	for _, p := range patterns {
		if p.fits(s) {
			return true
		}
	}
	return false
}

// Of gives the surface of a fact.
func (t *Table) Of(kind, path string) parity.Surface {
	rows, known := t.some[kind]
	if !known {
		rows = t.other
	}
	var lower string
	for _, i := range rows {
		r := &t.rows[i]
		if !known && !r.every && !anyFits(r.loose, kind) {
			continue
		}
		subject := path
		if r.tail {
			if lower == "" {
				lower = strings.ToLower(tail(path))
			}
			subject = lower
		}
		if r.path.fits(subject) {
			return r.surface
		}
	}
	return parity.Config
}

// tail is the last name of a path: a map key, or what the last brackets hold;
// "[name=FOO]/value" gives FOO, for that is the name of the value.
func tail(path string) string {
	if rest, ok := strings.CutSuffix(path, "]/value"); ok {
		if i := strings.LastIndexByte(rest, '='); i >= 0 {
			return rest[i+1:]
		}
	}
	if rest, ok := strings.CutSuffix(path, "]"); ok {
		if i := strings.LastIndexByte(rest, '['); i >= 0 {
			rest = rest[i+1:]
			return rest[strings.IndexByte(rest, '=')+1:]
		}
	}
	return path[strings.LastIndexByte(path, '/')+1:]
}

// pattern is a text with a "*" at its beginning, its end, in the middle, or
// none.
type pattern struct {
	how  how
	text string
	more string // behind a "*" in the middle
}

type how uint8

const (
	whole how = iota
	prefix
	suffix
	contains
	around // text at the beginning, more at the end
	within // text somewhere, more at the end
	all
)

func compile(s string) pattern {
	head, tail := strings.HasPrefix(s, "*"), strings.HasSuffix(s, "*")
	switch trimmed := strings.Trim(s, "*"); {
	case trimmed == "":
		return pattern{how: all}
	case strings.Contains(trimmed, "*"):
		text, more, _ := strings.Cut(trimmed, "*")
		if head {
			return pattern{how: within, text: text, more: more}
		}
		return pattern{how: around, text: text, more: more}
	case head && tail:
		return pattern{how: contains, text: trimmed}
	case head:
		return pattern{how: suffix, text: trimmed}
	case tail:
		return pattern{how: prefix, text: trimmed}
	default:
		return pattern{how: whole, text: s}
	}
}

func (p pattern) fits(s string) bool {
	switch p.how {
	case whole:
		return s == p.text
	case prefix:
		return strings.HasPrefix(s, p.text)
	case suffix:
		return strings.HasSuffix(s, p.text)
	case contains:
		return strings.Contains(s, p.text)
	case around:
		return len(s) >= len(p.text)+len(p.more) && strings.HasPrefix(s, p.text) && strings.HasSuffix(s, p.more)
	case within:
		rest, ok := strings.CutSuffix(s, p.more)
		return ok && strings.Contains(rest, p.text)
	default:
		return true
	}
}
