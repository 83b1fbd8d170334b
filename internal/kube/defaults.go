package kube

import (
	_ "embed"
	"strconv"
	"strings"

	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// defaultsTable says what a field holds when it is left out: type, field, the
// condition, the value, and the first and last minor version for which the row
// holds, where it does not for all.
//
//go:embed defaults.tsv
var defaultsTable string

// defaultRow is one default of one field.
type defaultRow struct {
	// when is the condition: empty for always, "a=x|y" for a sibling's value
	// ("" among them for absent), "?a" and "!a" for its presence, or one by
	// name; "&" joins two.
	when string
	// value is the default in canonical form; "=a" is that of a sibling.
	value string
	// since and until are minor versions; 0 for no bound.
	since, until int
}

// readDefaults attaches the rows of the table to the fields of the schema.
func (s *schema) readDefaults(table string) {
	for line := range strings.Lines(table) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || line[0] == '#' {
			continue
		}
		parts := strings.Split(line+"\t\t\t\t", "\t")
		f := s.named(parts[0]).fields[parts[1]]
		if f == nil {
			continue
		}
		row := defaultRow{when: parts[2], value: parts[3]}
		row.since, _ = strconv.Atoi(parts[4])
		row.until, _ = strconv.Atoi(parts[5])
		f.defaults = append(f.defaults, row)
	}
}

// isDefault reports whether a field of parent would hold the value if it were
// left out.
func (w *walker) isDefault(f *field, canonical string, parent *doc.Node) bool {
	for i := range f.defaults {
		row := &f.defaults[i]
		if row.since != 0 && w.r.minor < row.since || row.until != 0 && w.r.minor > row.until {
			continue
		}
		want := row.value
		if sibling, ok := strings.CutPrefix(want, "="); ok {
			want = parent.Get(sibling).Str()
			if want == "" {
				continue
			}
		}
		if want == canonical && w.holds(row.when, parent) {
			return true
		}
	}
	return false
}

func (w *walker) holds(when string, parent *doc.Node) bool {
	if one, rest, ok := strings.Cut(when, "&"); ok {
		return w.holds(one, parent) && w.holds(rest, parent)
	}
	switch when {
	case "":
		return true
	case "latest":
		return latest(parent)
	case "tagged":
		return !latest(parent)
	case "hostNetwork":
		return w.hostNetwork
	}
	if name, ok := strings.CutPrefix(when, "?"); ok {
		return parent.Get(name) != nil
	}
	if name, ok := strings.CutPrefix(when, "!"); ok {
		return parent.Get(name) == nil
	}
	name, want, ok := strings.Cut(when, "=")
	if !ok {
		return false
	}
	have := parent.Get(name).Str()
	for alternative := range strings.SplitSeq(want, "|") {
		if have == alternative {
			return true
		}
	}
	return false
}

// latest reports whether Kubernetes pulls the container's or volume's image each
// time.
func latest(parent *doc.Node) bool {
	image := parent.Get("image").Str()
	if image == "" {
		image = parent.Get("reference").Str()
	}
	img, ok := value.ParseImage(image)
	return ok && img.Tag == "latest"
}
