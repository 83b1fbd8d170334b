package terminal

import (
	"strings"

	"github.com/envparity/parity/internal/excerpt"
)

func width(s string) int { return excerpt.Width(s) }

func pad(s string, n int) string {
	return s + strings.Repeat(" ", max(n-width(s), 0))
}

func padLeft(s string, n int) string {
	return strings.Repeat(" ", max(n-width(s), 0)) + s
}

// middle shortens s to n cells by cutting its middle.
func middle(s string, n int) string { return excerpt.Middle(s, n) }

// end shortens s to n cells by cutting its end.
func end(s string, n int) string { return excerpt.End(s, n) }

// shortPath shortens a path to n cells. It leaves out segments in the middle
// and keeps the last ones, which say most.
func shortPath(path string, n int) string {
	if width(path) <= n {
		return path
	}
	segments := strings.Split(path, "/")
	head := segments[0]
	if head == "" && len(segments) > 2 {
		head = "/" + segments[1]
	}
	if width(head) > n/3 {
		head = ""
	}
	kept := ""
	for i := len(segments) - 1; i > 1; i-- {
		longer := "/" + segments[i] + kept
		if width(head)+2+width(longer) > n {
			break
		}
		kept = longer
	}
	switch {
	case kept == "":
		return middle(path, n)
	case head == "":
		return "…" + kept
	default:
		return head + "/…" + kept
	}
}

// shortSource leaves out of a source what renderer made it, for where there
// is no room.
func shortSource(source string) string {
	if i := strings.Index(source, " (rendered by "); i > 0 {
		return source[:i] + " (rendered)"
	}
	return source
}

// wrap breaks text into lines of at most n cells, at spaces where it can.
func wrap(text string, n int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		for width(word) > n {
			if line != "" {
				lines, line = append(lines, line), ""
			}
			head := excerpt.Start(word, max(n, 2))
			if head == "" {
				break
			}
			lines, word = append(lines, head), word[len(head):]
		}
		switch {
		case word == "":
		case line == "":
			line = word
		case width(line)+1+width(word) <= n:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// cell is one cell of a table: its text, and how it is painted once it is
// padded.
type cell struct {
	text  string
	paint func(string) string
	left  bool
}

func plain(text string) cell { return cell{text: text} }

func left(text string) cell { return cell{text: text, left: true} }

// table lays out rows under each other. All columns but the first are aligned
// to the right, unless a cell says otherwise; the first gives way where the
// line would be longer than n.
func table(rows [][]cell, n int) []string {
	var sizes []int
	for _, row := range rows {
		for i, c := range row {
			if i == len(sizes) {
				sizes = append(sizes, 0)
			}
			sizes[i] = max(sizes[i], width(c.text))
		}
	}
	rest, gap := 0, 2
	for _, s := range sizes[1:] {
		rest += s + gap
	}
	if rest+12 > n {
		gap, rest = 1, rest-len(sizes)+1
	}
	sizes[0] = max(min(sizes[0], n-rest), 6)
	firsts := make([]string, len(rows))
	for i, row := range rows {
		firsts[i] = row[0].text
	}
	firsts = excerpt.Names(firsts, sizes[0])
	lines := make([]string, len(rows))
	for i, row := range rows {
		var b strings.Builder
		for j, c := range row {
			text := pad(firsts[i], sizes[0])
			if j > 0 {
				b.WriteString(strings.Repeat(" ", gap))
				text = padLeft(c.text, sizes[j])
			}
			if j > 0 && c.left {
				text = pad(c.text, sizes[j])
			}
			if c.paint != nil {
				text = c.paint(text)
			}
			b.WriteString(text)
		}
		lines[i] = strings.TrimRight(b.String(), " ")
	}
	return lines
}
