package doc

import "fmt"

// Limits bound what a parser builds, whatever the input. A zero field means
// the default.
type Limits struct {
	// Nodes is the most nodes of one document after aliases are expanded;
	// 2,000,000 by default.
	Nodes int
	// Depth is the deepest nesting; 200 by default.
	Depth int
	// Bytes is the most bytes of one input; 64 MiB by default.
	Bytes int64
}

// filled gives l with the defaults in place of what is zero.
func (l Limits) filled() Limits {
	if l.Nodes <= 0 {
		l.Nodes = 2_000_000
	}
	if l.Depth <= 0 {
		l.Depth = 200
	}
	if l.Bytes <= 0 {
		l.Bytes = 64 << 20
	}
	return l
}

// check refuses data that is longer than the limit or not UTF-8.
func (l Limits) check(data []byte) error {
	if int64(len(data)) > l.Bytes {
		return &Error{What: fmt.Sprintf("is larger than %d bytes", l.Bytes)}
	}
	return checkText(data)
}

// Error says what is wrong in a document and where. It never quotes the
// document.
type Error struct {
	// Line and Col are 1-based; 0 where they are not known.
	Line, Col int32
	// What is a phrase such as "the key is there twice".
	What string
}

// Error gives "line 3, column 5: what".
func (e *Error) Error() string {
	switch {
	case e.Line > 0 && e.Col > 0:
		return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Col, e.What)
	case e.Line > 0:
		return fmt.Sprintf("line %d: %s", e.Line, e.What)
	default:
		return e.What
	}
}

// In gives the place within the named file: "file:3:5", "file:3" or "file".
func (e *Error) In(file string) string {
	switch {
	case e.Line > 0 && e.Col > 0:
		return fmt.Sprintf("%s:%d:%d", file, e.Line, e.Col)
	case e.Line > 0:
		return fmt.Sprintf("%s:%d", file, e.Line)
	default:
		return file
	}
}

func (l Limits) tooDeep(line, col int32) error {
	return &Error{line, col, fmt.Sprintf("is nested deeper than %d levels", l.Depth)}
}

// documents bounds the nodes of all documents of one stream, as a multiple of
// Limits.Nodes: whoever reads a stream may keep all that it holds.
const documents = 2

// streamFull ends a stream that holds more than all of its documents may.
func (l Limits) streamFull(line, col int32) error {
	return &Error{line, col, fmt.Sprintf("its documents hold more than %d values together", documents*l.Nodes)}
}

func (l Limits) tooMany(line, col int32) error {
	return &Error{line, col, fmt.Sprintf("the document holds more than %d values once its aliases are expanded", l.Nodes)}
}
