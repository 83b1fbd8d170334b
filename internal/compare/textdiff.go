package compare

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/envparity/parity"
)

// Bounds of a note on what differs within a text.
const (
	minWords   = 4    // of a line whose words are told apart
	maxLines   = 2000 // of a text whose lines are
	maxParts   = 3    // that are told
	maxLetters = 60   // of one of them
)

// withinText says which lines of two texts differ, which words of two command
// lines, or which items of two lists. It is empty where the texts are short, or
// have nothing in common.
func withinText(own, ref parity.Value, column, reference string) string {
	if own.Kind == parity.List && ref.Kind == parity.List {
		a, b, ok := twoLists(own.Raw, ref.Raw)
		if !ok {
			return ""
		}
		if i, single := oneDiffers(a, b); single {
			if note := withinText(parity.Value{Raw: a[i]}, parity.Value{Raw: b[i]}, column, reference); note != "" {
				return note
			}
		}
		return parts("item", a, b, column, reference)
	}
	a, b := textOf(own), textOf(ref)
	if strings.Contains(a, "\n") && strings.Contains(b, "\n") {
		return parts("line", strings.Split(a, "\n"), strings.Split(b, "\n"), column, reference)
	}
	x, y := strings.Fields(a), strings.Fields(b)
	if len(x) < minWords || len(y) < minWords || strings.Contains(a+b, "\n") {
		return ""
	}
	return parts("word", x, y, column, reference)
}

// textOf is the text of a value with its lines' ends in one form.
func textOf(v parity.Value) string {
	return strings.TrimRight(strings.ReplaceAll(v.Raw, "\r\n", "\n"), "\n")
}

func twoLists(own, ref string) (a, b []string, ok bool) {
	if json.Unmarshal([]byte(own), &a) != nil || json.Unmarshal([]byte(ref), &b) != nil {
		return nil, nil, false
	}
	return a, b, true
}

// oneDiffers reports whether lists of one length differ in one item.
func oneDiffers(a, b []string) (at int, ok bool) {
	if len(a) != len(b) {
		return 0, false
	}
	at = -1
	for i := range a {
		if a[i] != b[i] {
			if at >= 0 {
				return 0, false
			}
			at = i
		}
	}
	return at, at >= 0
}

// parts tells what two texts that are cut into parts have for themselves. Parts
// meet in their order; what stands elsewhere on the other side is told too.
func parts(what string, own, ref []string, column, reference string) string {
	if len(own) > maxLines || len(ref) > maxLines {
		return ""
	}
	mine, theirs, common := apart(own, ref)
	if common == 0 || len(mine)+len(theirs) == 0 {
		return ""
	}
	var told []string
	for _, side := range []struct {
		name  string
		parts []string
		at    []int
	}{{column, own, mine}, {reference, ref, theirs}} {
		if text := list(what, side.parts, side.at); text != "" {
			told = append(told, "only in "+side.name+": "+text)
		}
	}
	return strings.Join(told, "; ")
}

// list tells some parts: "line 3 'listen 80;', line 9 'gzip on;' and 2 more".
func list(what string, parts []string, at []int) string {
	var told []string
	more := 0
	for _, i := range at {
		text := strings.TrimSpace(parts[i])
		switch {
		case text == "":
		case len(told) == maxParts:
			more++
		case what == "line":
			told = append(told, fmt.Sprintf("line %d %s", i+1, quote(clipped(text))))
		default:
			told = append(told, quote(clipped(text)))
		}
	}
	out := strings.Join(told, ", ")
	if more > 0 {
		out += fmt.Sprintf(" and %d more", more)
	}
	return out
}

func clipped(text string) string {
	if utf8.RuneCountInString(text) <= maxLetters {
		return text
	}
	return string([]rune(text)[:maxLetters-1]) + "…"
}

// apart returns the indices of the parts that each side has for itself, in a
// common order of the others, and how many those are. What both begin and end
// with is set aside first; the rest is matched by a table, or, where that would
// be too large, as a multiset.
func apart(own, ref []string) (mine, theirs []int, common int) {
	head := 0
	for head < len(own) && head < len(ref) && own[head] == ref[head] {
		head++
	}
	tail := 0
	for tail < len(own)-head && tail < len(ref)-head && own[len(own)-1-tail] == ref[len(ref)-1-tail] {
		tail++
	}
	a, b := own[head:len(own)-tail], ref[head:len(ref)-tail]
	keepA, keepB := matchedInOrder(a, b)
	common = head + tail
	for i := range a {
		if !keepA[i] {
			mine = append(mine, head+i)
		} else {
			common++
		}
	}
	for i := range b {
		if !keepB[i] {
			theirs = append(theirs, head+i)
		}
	}
	return mine, theirs, common
}

// maxTableSize bounds the cells of the table of two lists.
const maxTableSize = 250_000

// matchedInOrder marks the longest common subsequence of two lists.
func matchedInOrder(a, b []string) (inA, inB []bool) {
	inA, inB = make([]bool, len(a)), make([]bool, len(b))
	if len(a)*len(b) > maxTableSize {
		at := map[string][]int{}
		for i, s := range b {
			at[s] = append(at[s], i)
		}
		for i, s := range a {
			if free := at[s]; len(free) > 0 {
				inA[i], inB[free[0]] = true, true
				at[s] = free[1:]
			}
		}
		return inA, inB
	}
	width := len(b) + 1
	length := make([]int32, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				length[i*width+j] = length[(i+1)*width+j+1] + 1
			} else {
				length[i*width+j] = max(length[(i+1)*width+j], length[i*width+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i] == b[j]:
			inA[i], inB[j] = true, true
			i, j = i+1, j+1
		case length[(i+1)*width+j] >= length[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return inA, inB
}
