package sarif

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/report/view"
)

// locations gives the place to look at first, and those of the other sides.
// The first is that of a side that differs; where none of those is written
// anywhere, that of the last side that is, which is the reference.
func locations(d *parity.Difference) (first, related []location) {
	primary := -1
	for i, s := range d.Sides {
		if s.File == "" {
			continue
		}
		primary = i
		if view.Differs(s) {
			break
		}
	}
	subject := []logicalLocation{{
		Name: view.SubjectName(d.Subject), FullyQualifiedName: view.Title(d), Kind: "resource",
	}}
	if primary < 0 {
		return []location{{Logical: subject}}, nil
	}
	first = []location{{Physical: physical(d.Sides[primary]), Logical: subject}}
	for i, s := range d.Sides {
		if i != primary && s.File != "" {
			id := len(related) + 1
			said := view.ColumnOf(s) + ": " + view.Cut(view.Holds(d, s).Text, view.ValueLength)
			related = append(related, location{ID: &id, Physical: physical(s), Message: &text{Text: noLinks(said)}})
		}
	}
	return first, related
}

func physical(s parity.Side) *physicalLocation {
	p := &physicalLocation{Artifact: artifact(s.File)}
	if s.Line > 0 {
		p.Region = &region{StartLine: s.Line, StartColumn: max(s.Col, 0)}
	}
	return p
}

// artifact points at a file: relative to the project where its path is, and
// without the git revision it was read at, which is told beside it.
func artifact(file string) artifactLocation {
	rev := ""
	if rest, ok := strings.CutPrefix(file, "git:"); ok {
		if r, path, found := strings.Cut(rest, ":"); found {
			rev, file = r, path
		}
	}
	a := artifactLocation{URI: escape(file)}
	switch {
	case strings.HasPrefix(file, "/"):
		a.URI = "file://" + a.URI
	default:
		a.URIBaseID = rootID
	}
	if rev != "" {
		a.Description = &text{Text: "at git revision " + view.Line(rev)}
	}
	return a
}

// escape percent-encodes a path as a relative reference.
func escape(path string) string {
	segments := strings.Split(strings.ReplaceAll(path, `\`, "/"), "/")
	for i, s := range segments {
		segments[i] = strings.ReplaceAll(url.PathEscape(s), ":", "%3A")
	}
	out := strings.Join(segments, "/")
	if strings.HasPrefix(out, "//") { // not an authority
		return "/" + strings.TrimLeft(out, "/")
	}
	return out
}

// whereOf reads "file:line:column", of which line and column may be left out,
// into a location; what is no file is none.
func whereOf(where string) []location {
	file, numbers := where, []int32(nil)
	for range 2 {
		i := strings.LastIndexByte(file, ':')
		if i < 0 {
			break
		}
		n, err := strconv.ParseInt(file[i+1:], 10, 32)
		if err != nil || n <= 0 {
			break
		}
		file, numbers = file[:i], append([]int32{int32(n)}, numbers...)
	}
	if file == "" || len(numbers) == 0 && !strings.ContainsAny(file, "./") || strings.ContainsAny(file, " ") && len(numbers) == 0 {
		return nil
	}
	p := &physicalLocation{Artifact: artifact(file)}
	if len(numbers) > 0 {
		p.Region = &region{StartLine: numbers[0]}
	}
	if len(numbers) > 1 {
		p.Region.StartColumn = numbers[1]
	}
	return []location{{Physical: p}}
}
