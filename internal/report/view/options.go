// Package view is what every report shares: its options, and how text from
// outside, values, sides, places and numbers are put into words.
//
// Text from an environment is hostile until shown otherwise: every string of
// a result passes through Text or Line before a person sees it.
package view

// Options is how a report is to look. The zero value gives a plain report of
// 80 columns that shows what counts.
type Options struct {
	// Width is the number of columns of the terminal; 80 if 0. Formats other
	// than the terminal's do not look at it.
	Width int
	// Color allows ANSI colours on the terminal.
	Color bool
	// All shows what does not count against parity too: groups that are
	// equivalent, bound, expected or excepted, and identifiers.
	All bool
	// Verbose shows every member of a group and every line of a list.
	Verbose bool
	// Members is the most members of one group that the terminal and Markdown
	// show; 0 stands for 5. Verbose lifts it.
	Members int
	// MaxBytes is the most bytes of a Markdown report; 65,000 if 0, which a
	// comment on a pull request can hold.
	MaxBytes int
}

// Defaults of Options.
const (
	DefaultWidth    = 80
	DefaultMembers  = 5
	DefaultMaxBytes = 65_000
	minWidth        = 60
)

// Columns is Width, or its default, and never too narrow to hold a line.
func (o Options) Columns() int {
	if o.Width <= 0 {
		return DefaultWidth
	}
	return max(o.Width, minWidth)
}

// Shown is how many of n members a group shows.
func (o Options) Shown(n int) int {
	limit := o.Members
	if limit <= 0 {
		limit = DefaultMembers
	}
	if o.Verbose || n <= limit {
		return n
	}
	return limit
}

// Bytes is MaxBytes, or its default.
func (o Options) Bytes() int {
	if o.MaxBytes <= 0 {
		return DefaultMaxBytes
	}
	return o.MaxBytes
}
