package loki

import (
	"strconv"
	"strings"
	"time"
)

// The forms in which lines say when they were written.
const (
	zonedClock   = "rfc3339"
	unzonedClock = "without-zone"
	otherClock   = "other"
)

// clockKey reports whether a field is one that says when the line was written.
func clockKey(name string) bool {
	switch fold(name) {
	case "time", "ts", "timestamp", "eventtime", "asctime", "datetime":
		return true
	}
	return false
}

// clockOf gives the form of a time; empty where there is nothing.
func clockOf(s string) string {
	s = strings.TrimSpace(s)
	if n, err := strconv.ParseFloat(s, 64); err == nil {
		return clockOfNumber(n)
	}
	if s == "" {
		return ""
	}
	if _, err := time.Parse(time.RFC3339, s); err == nil {
		return zonedClock
	}
	// A comma or a point before fractions, a blank or a T between: it is the
	// zone that is missing.
	day, clock, ok := strings.Cut(strings.Replace(s, "T", " ", 1), " ")
	if ok && len(clock) >= len(time.TimeOnly) {
		_, err := time.Parse(time.DateTime, day+" "+clock[:len(time.TimeOnly)])
		if err == nil && strings.Trim(clock[len(time.TimeOnly):], ".,0123456789") == "" {
			return unzonedClock
		}
	}
	return otherClock
}

// clockOfNumber gives the unit of a time since 1970, by its size: each is right
// from 2001 on, for longer than anyone logs.
func clockOfNumber(n float64) string {
	switch {
	case n < 1e9 || n >= 1e20:
		return otherClock
	case n < 1e11:
		return "unix-s"
	case n < 1e14:
		return "unix-ms"
	case n < 1e17:
		return "unix-us"
	default:
		return "unix-ns"
	}
}
