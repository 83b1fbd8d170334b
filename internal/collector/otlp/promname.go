package otlp

import (
	"slices"
	"strings"

	otel "github.com/envparity/parity/internal/otlp"
)

// units are those of UCUM that are used, and their words in Prometheus' names.
var units = map[string]string{
	"d": "days", "h": "hours", "min": "minutes", "s": "seconds", "ms": "milliseconds", "us": "microseconds", "ns": "nanoseconds",
	"By": "bytes", "KiBy": "kibibytes", "MiBy": "mebibytes", "GiBy": "gibibytes", "TiBy": "tibibytes", "KBy": "kilobytes",
	"MBy": "megabytes", "GBy": "gigabytes", "TBy": "terabytes", "m": "meters", "V": "volts", "A": "amperes", "J": "joules",
	"W": "watts", "g": "grams", "Cel": "celsius", "Hz": "hertz", "%": "percent",
}

// perUnits are those behind a slash.
var perUnits = map[string]string{"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week", "mo": "month", "y": "year"}

// unitWords gives the words of a unit; an annotation in braces is none.
func unitWords(unit string) []string {
	if strings.ContainsAny(unit, "{}") || unit == "" || unit == "1" {
		return nil
	}
	main, per, _ := strings.Cut(unit, "/")
	var words []string
	if main != "" {
		word, ok := units[main]
		if !ok {
			word = main
		}
		words = tokens(word)
	}
	if per != "" {
		word, ok := perUnits[per]
		if !ok {
			word = per
		}
		words = append(append(words, "per"), tokens(word)...)
	}
	return words
}

// tokens are the runs of letters, digits and colons.
func tokens(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool {
		return r != ':' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	})
}

// promName is the name under which Prometheus has the metric, by the
// translation that OpenTelemetry specifies.
func promName(p *otel.Point) string {
	name := tokens(p.Metric)
	for _, word := range unitWords(p.Unit) {
		if !slices.Contains(name, word) {
			name = append(name, word)
		}
	}
	last := ""
	switch {
	case p.Type == otel.Counter:
		last = "total"
	case p.Type == otel.Gauge && p.Unit == "1":
		last = "ratio"
	}
	if last != "" {
		name = append(slices.DeleteFunc(name, func(s string) bool { return s == last }), last)
	}
	joined := strings.Join(name, "_")
	if joined != "" && joined[0] >= '0' && joined[0] <= '9' {
		joined = "_" + joined
	}
	return joined
}

// promLabel is the name under which Prometheus has a label.
func promLabel(name string) string {
	b := []byte(name)
	for i, c := range b {
		if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_') {
			b[i] = '_'
		}
	}
	if len(b) > 0 && b[0] >= '0' && b[0] <= '9' {
		return "key_" + string(b)
	}
	return string(b)
}
