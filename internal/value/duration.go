package value

import (
	"strconv"
	"strings"
	"time"
)

// Duration gives the canonical form of a duration in the spelling of Go
// ("1m30s"), of Prometheus ("1d", "2w") or of ISO 8601 ("PT1M30S"): Go's form
// without zero parts, so that "60s", "1m" and "PT1M" are all "1m". A bare
// number is no duration, except "0".
func Duration(s string) (canon string, ok bool) {
	if s == "" || len(s) > 40 {
		return "", false
	}
	d, ok := parseDuration(s)
	if !ok {
		return "", false
	}
	return trimZero(d.String()), true
}

func parseDuration(s string) (time.Duration, bool) {
	if s[0] == 'P' {
		return isoDuration(s[1:])
	}
	if c := s[len(s)-1]; s != "0" && c >= '0' && c <= '9' {
		return 0, false
	}
	if d, err := time.ParseDuration(s); err == nil {
		return d, true
	}
	return longDuration(s)
}

// longDuration reads Go's grammar with days, weeks and years besides, as
// Prometheus has them.
func longDuration(s string) (time.Duration, bool) {
	units := map[byte]time.Duration{'y': 365 * 24 * time.Hour, 'w': 7 * 24 * time.Hour, 'd': 24 * time.Hour}
	var total time.Duration
	for s != "" {
		i := 0
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		if i == 0 || i == len(s) {
			return 0, false
		}
		unit, ok := units[s[i]]
		if !ok {
			rest, err := time.ParseDuration(s)
			return total + rest, err == nil
		}
		n, err := strconv.Atoi(s[:i])
		if err != nil || n > 10_000 {
			return 0, false
		}
		total, s = total+time.Duration(n)*unit, s[i+1:]
	}
	return total, true
}

// isoDuration reads what follows the P of an ISO 8601 duration: days, hours,
// minutes and seconds. Years and months have no fixed length and are none.
func isoDuration(s string) (time.Duration, bool) {
	date, clock, hasClock := strings.Cut(s, "T")
	if date == "" && clock == "" || hasClock && clock == "" {
		return 0, false
	}
	var days time.Duration
	if date != "" {
		n, err := strconv.Atoi(strings.TrimSuffix(date, "D"))
		if err != nil || !strings.HasSuffix(date, "D") || n < 0 || n > 100_000 {
			return 0, false
		}
		days = time.Duration(n) * 24 * time.Hour
	}
	if clock == "" {
		return days, true
	}
	if strings.ContainsAny(clock, "+-") || strings.ToUpper(clock) != clock {
		return 0, false
	}
	rest, err := time.ParseDuration(strings.ToLower(clock))
	return days + rest, err == nil
}

// trimZero drops the zero minutes and seconds that time.Duration writes.
func trimZero(s string) string {
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}
