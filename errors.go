package parity

import (
	"errors"
	"fmt"
)

// Code says what kind of failure an error is. It is mapped to an exit code and
// an HTTP status in one place each.
type Code string

// The codes.
const (
	// CodeUsage: the command was called wrongly.
	CodeUsage Code = "usage"
	// CodeConfig: parity.yaml or another input of the user's is wrong.
	CodeConfig Code = "config"
	// CodeUnavailable: something could not be read or reached.
	CodeUnavailable Code = "unavailable"
	// CodeInternal: a fault of Parity's own.
	CodeInternal Code = "internal"
)

// Error is an error with a code, a place and a hint for people.
type Error struct {
	Code Code
	// Where is file:line:column or an object; may be empty.
	Where string
	// What says what is wrong, in a sentence without a full stop.
	What string
	// Hint says what to do about it; may be empty.
	Hint string
	Err  error
}

// Error gives "where: what: cause".
func (e *Error) Error() string {
	s := e.What
	if e.Where != "" {
		s = e.Where + ": " + s
	}
	if e.Err != nil {
		s = fmt.Sprintf("%s: %v", s, e.Err)
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf gives the code of the first Error in err's chain, or CodeInternal.
func CodeOf(err error) Code {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}

// HintOf gives the first hint in err's chain.
func HintOf(err error) string {
	var e *Error
	for errors.As(err, &e) {
		if e.Hint != "" {
			return e.Hint
		}
		err = e.Err
	}
	return ""
}
