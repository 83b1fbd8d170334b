package policy

import (
	"fmt"
	"strconv"
	"strings"
)

// counted gives "1 fact" or "3 facts".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// listed returns "a, b, c and 3 more", with at most examplesKept items named.
func listed(items []string) string {
	if more := len(items) - examplesKept; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(items[:examplesKept], ", "), more)
	}
	return strings.Join(items, ", ")
}

// joinNote appends a sentence to a note, once.
func joinNote(note, more string) string {
	switch {
	case note == "":
		return more
	case more == "" || strings.Contains(note, more):
		return note
	default:
		return note + "; " + more
	}
}
