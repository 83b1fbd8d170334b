package loki

import (
	"regexp"
	"strings"
	"sync"
)

// nameBytes is the longest name of a field that is taken for one.
const nameBytes = 64

var (
	namePattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[@$]?[A-Za-z_][A-Za-z0-9_.@$/:-]*$`)
	})
	idPattern = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^(?:[0-9]+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[0-9a-fA-F]*[0-9][0-9a-fA-F]*)$`)
	})
)

// fieldName is the name of a field, as far as it is one that people gave: ids
// that serve as keys are all {id}, and texts that do {text}.
func fieldName(key string) string {
	switch {
	case isID(key):
		return "{id}"
	case len(key) > nameBytes || !namePattern().MatchString(key):
		return "{text}"
	}
	parts := strings.Split(key, ".")
	for i, part := range parts {
		if isID(part) {
			parts[i] = "{id}"
		}
	}
	return strings.Join(parts, ".")
}

// isID reports whether a name looks made by a machine: a number, a UUID, eight
// hexadecimal digits and more, or twelve characters and more of which a quarter
// are digits between letters.
func isID(s string) bool {
	digits, changes := 0, 0
	for i := range len(s) {
		digit := s[i] >= '0' && s[i] <= '9'
		if digit {
			digits++
		}
		if i > 0 && digit != (s[i-1] >= '0' && s[i-1] <= '9') {
			changes++
		}
	}
	if digits == len(s) && s != "" {
		return true
	}
	if len(s) >= 8 && idPattern().MatchString(s) {
		return true
	}
	return len(s) >= 12 && digits*4 >= len(s) && changes >= 3
}

// fold makes spellings of one name the same: log.level, logLevel, LOG_LEVEL.
func fold(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", ".", "", "-", "", "@", "").Replace(name))
}

// detectedKey is what Loki writes beside a line when it looks for its level.
const detectedKey = "detectedlevel"

// levelKey reports whether a field is one that says the level.
func levelKey(name string) bool {
	switch fold(name) {
	case "level", "lvl", "loglevel", "levelname", "severity", "severitytext", "logseverity":
		return true
	}
	return false
}

// levelWith is the level of a line: as it says itself, as what stands beside it
// says, or as the server has found.
func (l *line) levelWith(labels, metadata map[string]string) string {
	if l.level != "" {
		return l.level
	}
	detected := ""
	for _, beside := range []map[string]string{metadata, labels} {
		level := ""
		for name, v := range beside {
			switch found := levelOf(v); {
			case levelKey(name) && found > level:
				level = found // of several the last by name, so that it is one
			case fold(name) == detectedKey:
				detected = found
			}
		}
		if level != "" {
			return level
		}
	}
	return detected
}

// levelOf gives the level that a text says, in one spelling; empty where the
// text is no level, which may be anything.
func levelOf(s string) string {
	switch strings.ToLower(strings.TrimSpace(s)) {
	case "trace", "finest", "finer", "verbose", "trc":
		return "trace"
	case "debug", "dbg", "fine", "dbug":
		return "debug"
	case "info", "information", "informational", "inf":
		return "info"
	case "notice":
		return "notice"
	case "warn", "warning", "wrn":
		return "warn"
	case "error", "err", "severe", "eror":
		return "error"
	case "critical", "crit":
		return "critical"
	case "fatal", "ftl":
		return "fatal"
	case "panic", "dpanic":
		return "panic"
	case "alert":
		return "alert"
	case "emergency", "emerg":
		return "emergency"
	}
	return ""
}

// levelOfNumber gives the level that a number says, as Pino and Bunyan write
// it.
func levelOfNumber(n float64) string {
	switch n {
	case 10:
		return "trace"
	case 20:
		return "debug"
	case 30:
		return "info"
	case 40:
		return "warn"
	case 50:
		return "error"
	case 60:
		return "fatal"
	}
	return ""
}

// levelOfText finds the level at the head of a line without form: the first
// word in capitals, or in brackets, that is one.
func levelOfText(text string) string {
	head := text[:min(len(text), headBytes)]
	for word := range strings.FieldsFuncSeq(head, func(r rune) bool { return strings.ContainsRune(" \t|,;:()<>", r) }) {
		bare := strings.Trim(word, "[]")
		if level := levelOf(bare); level != "" && (bare != word || bare == strings.ToUpper(bare)) {
			return level
		}
	}
	return ""
}
