package place

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// near says what there is where the place is missing: the names most like the
// missing one, or the first few.
func near(p Place) string {
	dir, missing := path.Dir(p.Path), path.Base(p.Path)
	entries, err := fs.ReadDir(p.FS, dir)
	for err != nil && dir != "." {
		missing = path.Base(dir)
		dir = path.Dir(dir)
		entries, err = fs.ReadDir(p.FS, dir)
	}
	if err != nil {
		return ""
	}
	in := " in " + p.Display(dir)
	if names := similar(missing, entries); len(names) > 0 {
		return "did you mean " + strings.Join(names, " or ") + in + "?"
	}
	names := make([]string, 0, shown)
	for _, e := range entries {
		if len(names) == shown {
			break
		}
		if !strings.HasPrefix(e.Name(), ".") {
			names = append(names, entryName(e))
		}
	}
	if len(names) == 0 {
		return "there is nothing" + in
	}
	return "there is " + strings.Join(names, ", ") + in
}

// shown is how many names a hint lists at most.
const shown = 5

func entryName(e fs.DirEntry) string {
	if e.IsDir() {
		return e.Name() + "/"
	}
	return e.Name()
}

// similar gives up to three entries whose names are a few edits away from
// name, nearest first.
func similar(name string, entries []fs.DirEntry) []string {
	type candidate struct {
		name string
		off  int
	}
	var found []candidate
	for _, e := range entries {
		off := distance(strings.ToLower(name), strings.ToLower(e.Name()))
		if off <= max(1, len(name)/3) {
			found = append(found, candidate{entryName(e), off})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return a.off - b.off })
	names := make([]string, 0, 3)
	for _, c := range found[:min(3, len(found))] {
		names = append(names, c.name)
	}
	return names
}

// distance is the edit distance in bytes; names longer than a path's segment
// may be are far from everything.
func distance(a, b string) int {
	if len(a) > 255 || len(b) > 255 {
		return 255
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := diagonal
			if a[i-1] != b[j-1] {
				change++
			}
			diagonal = row[j]
			row[j] = min(change, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
