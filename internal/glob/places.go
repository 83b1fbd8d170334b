package glob

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
)

// Match is a file or directory that fits a pattern.
type Match struct {
	// Path is its path as a config would write it.
	Path string
	// Stars are what each * and ** of the pattern stands for, in order.
	Stars []string
}

// maxMatches bounds what one pattern stands for where each match is read for
// itself.
const maxMatches = 2_000

// IsPattern reports whether a path of a config is a pattern, unless there is
// something of that very name.
func IsPattern(root place.Root, name string) bool {
	if !strings.ContainsAny(name, "*?[{") {
		return false
	}
	_, err := root.Resolve(name)
	return err != nil
}

// Places gives the files and directories that fit a pattern, sorted by path.
// None at all is an error.
func Places(ctx context.Context, root place.Root, pattern string) ([]Match, error) {
	base, rest := split(pattern)
	p, err := root.Resolve(base)
	if err != nil {
		return nil, err
	}
	m, err := newMatcher(rest)
	if err != nil {
		return nil, err
	}
	w := &walker{ctx: ctx, fsys: p.FS, prefix: base, pattern: pattern, seen: map[string]bool{}}
	for _, segments := range m.alternatives {
		if err := w.into(p.Path, "", segments, nil); err != nil {
			return nil, err
		}
	}
	if len(w.found) == 0 {
		return nil, &parity.Error{Code: parity.CodeConfig, Where: pattern, What: "nothing fits the pattern", Hint: "a * stands for any part of one name, ** for any directories"}
	}
	slices.SortFunc(w.found, func(a, b Match) int { return strings.Compare(a.Path, b.Path) })
	return w.found, nil
}

type walker struct {
	ctx     context.Context
	fsys    fs.FS
	prefix  string
	pattern string
	seen    map[string]bool
	found   []Match
}

// into matches the rest of a pattern against what a directory holds. at is the
// directory in the file system, below its path under the pattern's base.
func (w *walker) into(at, below string, segments, stars []string) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if len(segments) == 0 {
		return w.add(below, stars)
	}
	if segments[0] == "**" {
		return w.anywhere(at, below, segments, stars, nil)
	}
	entries, err := w.list(at)
	if err != nil {
		return err
	}
	for _, e := range entries {
		got, ok := starsOf(segments[0], e.Name())
		if !ok {
			continue
		}
		err := w.into(path.Join(at, e.Name()), path.Join(below, e.Name()), segments[1:], slices.Concat(stars, got))
		if err != nil {
			return err
		}
	}
	return nil
}

// list reads a directory; a file holds nothing.
func (w *walker) list(at string) ([]fs.DirEntry, error) {
	if info, err := fs.Stat(w.fsys, at); err == nil && !info.IsDir() {
		return nil, nil
	}
	entries, err := fs.ReadDir(w.fsys, at)
	if err != nil {
		return nil, &parity.Error{Code: parity.CodeUnavailable, Where: w.pattern, What: "a directory under the pattern cannot be read: " + path.Base(at), Err: Cause(err)}
	}
	return entries, nil
}

// anywhere lets ** stand for the directories skipped, and for more of them.
func (w *walker) anywhere(at, below string, segments, stars, skipped []string) error {
	const deepest = 32
	if err := w.into(at, below, segments[1:], append(slices.Clip(stars), path.Join(skipped...))); err != nil || len(skipped) == deepest {
		return err
	}
	entries, err := w.list(at)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		err := w.anywhere(path.Join(at, e.Name()), path.Join(below, e.Name()), segments, stars, append(slices.Clip(skipped), e.Name()))
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *walker) add(below string, stars []string) error {
	name := below
	switch {
	case w.prefix == "." || below == "":
	case strings.HasSuffix(w.prefix, ":."):
		name = strings.TrimSuffix(w.prefix, ".") + below
	default:
		name = strings.TrimSuffix(w.prefix, "/") + "/" + below
	}
	if below == "" || w.seen[name] {
		return nil
	}
	if len(w.found) == maxMatches {
		return &parity.Error{Code: parity.CodeConfig, Where: w.pattern, What: fmt.Sprintf("more than %d files and directories fit the pattern", maxMatches)}
	}
	w.seen[name] = true
	w.found = append(w.found, Match{Path: name, Stars: stars})
	return nil
}

// starsOf matches one name, and gives what each * stands for.
func starsOf(pattern, name string) ([]string, bool) {
	if !matchSegment(pattern, name) {
		return nil, false
	}
	if !strings.Contains(pattern, "*") {
		return nil, true
	}
	var form strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch c := pattern[i]; c {
		case '*':
			form.WriteString("(.*)")
		case '?':
			form.WriteString(".")
		case '[':
			end := i + 1 + strings.IndexByte(pattern[i+1:], ']')
			form.WriteString(".")
			i = max(end, i)
		default:
			form.WriteString(regexp.QuoteMeta(string(c)))
		}
	}
	exp, err := regexp.Compile("^(?s:" + form.String() + ")$")
	if err != nil {
		return nil, true
	}
	if all := exp.FindStringSubmatch(name); all != nil {
		return all[1:], true
	}
	return nil, true
}
