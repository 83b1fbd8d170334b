package policy

import (
	"slices"
	"strings"
)

// columnNotes are what several columns say of one difference. What they say in the
// same words, but for their own name, is said once.
type columnNotes []columnNote

type columnNote struct {
	before, after string // around the column's name; all of it is in before where there is none
	named         bool
	columns       []string
}

// add adds what a column says.
func (n *columnNotes) add(note, column string) {
	if note == "" {
		return
	}
	before, after, named := cutName(note, column)
	*n = n.join(columnNotes{{before, after, named, []string{column}}})
}

// join adds what other columns say.
func (n columnNotes) join(others columnNotes) columnNotes {
	for _, o := range others {
		i := slices.IndexFunc(n, func(x columnNote) bool { return x.before == o.before && x.after == o.after && x.named == o.named })
		if i < 0 {
			n = append(n, o)
		} else {
			n[i].columns = append(n[i].columns, o.columns...)
		}
	}
	return n
}

// cutName cuts a note at the first place where it names the column as a word.
func cutName(note, column string) (before, after string, named bool) {
	for from := 0; column != ""; {
		i := strings.Index(note[from:], column)
		if i < 0 {
			break
		}
		i += from
		end := i + len(column)
		if (i == 0 || note[i-1] == ' ') && (end == len(note) || strings.IndexByte(" :,;.", note[end]) >= 0) {
			return note[:i], note[end:], true
		}
		from = end
	}
	return note, "", false
}

// text joins the notes.
func (n columnNotes) text() string {
	var out string
	for _, x := range n {
		s := x.before
		if x.named {
			s += listed(x.columns) + x.verb()
		}
		out = joinNote(out, s)
	}
	return out
}

// verb is what follows the names, with its verb in the plural for several names.
func (n columnNote) verb() string {
	if len(n.columns) > 1 && n.before == "" {
		for one, several := range map[string]string{" has ": " have ", " includes ": " include ", " holds ": " hold ", " carries ": " carry "} {
			if rest, ok := strings.CutPrefix(n.after, one); ok {
				return several + rest
			}
		}
	}
	return n.after
}
