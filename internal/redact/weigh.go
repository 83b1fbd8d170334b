package redact

import "strings"

// findDrawn finds the first token in a run that was drawn by a machine.
func findDrawn(run string, c context) (start, end int, ok bool) {
	if len(run) > maxDrawn {
		run = run[:maxDrawn]
	}
	if uuidLike(run) || openForm(run) {
		return 0, 0, false
	}
	for start < len(run) {
		end = start
		for end < len(run) && drawnByte(run[end]) {
			end++
		}
		if piece := run[start:end]; len(piece) >= minPrefixed && isDrawn(piece, c) && !hostAfter(run[end:]) && !openForm(piece) {
			return widen(run, start, end, c)
		} else if start > 1 && (start <= 4 && run[start-1] == '+' || start <= 9 && run[start-1] == '.' && !c.path && !hostAfter(run[end:])) && len(piece) >= minPrefixed && drawnBody(piece, "+"+piece, c) {
			return 0, end, true
		}
		start = end + 1
	}
	if !c.path && (drawnBase64(run) || scattered(run)) {
		return 0, len(run), true
	}
	return 0, 0, false
}

// widen takes in what belongs to a token with dots: the prefix and the other
// drawn parts.
func widen(run string, start, end int, c context) (int, int, bool) {
	if !c.path && strings.IndexByte(run, '.') < 0 && strings.ContainsAny(run, "+/") && drawnBase64(run) {
		return 0, len(run), true
	}
	for start > 0 && run[start-1] == '.' {
		at := start - 1
		for at > 0 && drawnByte(run[at-1]) {
			at--
		}
		if part := run[at : start-1]; len(part) > 12 && measure(part).excess < 6 || part == "" {
			break
		}
		start = at
	}
	for end < len(run) && (run[end] == '.' || run[end] == '=' || run[end] == '~') {
		at := end + 1
		for at < len(run) && drawnByte(run[at]) {
			at++
		}
		if part := run[end+1 : at]; run[end] == '.' && measure(part).excess < 0.5*float64(len(part)) {
			break
		}
		end = at
	}
	return start, end, true
}

// bar is the excess from which a token counts as drawn: the longer it is, the
// less does chance matter. Behind a prefix that announces a token less is
// enough.
func (d *drawn) bar(marked bool) float64 {
	switch {
	case marked && d.lower > 0 && d.upper > 0 && d.figures > 0 && d.changes >= 5:
		return 0
	case marked:
		return 0.5 * float64(d.n)
	case d.n < 24:
		return minExcess * float64(d.n)
	case d.n < 32:
		return 0.8 * float64(d.n)
	default:
		return 0.7 * float64(d.n)
	}
}

// isDrawn weighs one piece of letters, figures, '_' and '-'.
func isDrawn(piece string, c context) bool {
	if n := len(piece) - 36; n > 0 && uuidLike(piece[n:]) {
		return tokenPrefix(piece[:n])
	}
	body := unprefixed(piece)
	switch {
	case uuidLike(body):
		return false
	case len(body) == len(piece) && len(piece) < minDrawn:
		return c.hex && drawnShort(piece)
	case len(body) >= minPrefixed && drawnBody(body, piece, c) || grouped(piece):
		return true
	case len(body) < len(piece) && len(piece) >= minDrawn && !measure(body).hexed && drawnBody(piece, piece, c):
		return true // what looked like a prefix was drawn, too
	}
	for part := range strings.FieldsFuncSeq(body, func(r rune) bool { return r == '-' || r == '_' }) {
		if len(part) >= minDrawn && (len(part) < len(body) && drawnBody(part, piece, c) || glued(part)) {
			return true
		}
	}
	return false
}

// drawnShort weighs a piece that is shorter than most tokens: it must have
// letters of both cases and figures, in more places than names have.
func drawnShort(piece string) bool {
	d := measure(piece)
	return d.separator == 0 && d.figures > 0 && d.lower > 0 && d.upper > 0 && d.changes >= 5 && d.excess >= 1.5*float64(d.n)
}

// glued reports whether a part is a word with a drawn run of one alphabet
// behind or before it: "eu01xx5e0…FFFFNRAL".
func glued(part string) bool {
	start, figures := 0, 0
	var seen byte // the case of the run's letters
	for i := 0; i <= len(part); i++ {
		kind := byte(0)
		if i < len(part) {
			switch c := part[i]; {
			case c >= '0' && c <= '9':
				kind = '0'
			case c >= 'a' && c <= 'f':
				kind = 'a'
			case c >= 'A' && c <= 'F':
				kind = 'A'
			}
		}
		if kind != 0 && (kind == '0' || seen == 0 || kind == seen) {
			if kind == '0' {
				figures++
			} else {
				seen = kind
			}
			continue
		}
		if n := i - start; n >= minGlued && n < len(part) && figures > 2 && figures < n-2 && !(start == 1 && part[0] == 'g') {
			return true // "g" stands before the commit of a described version
		}
		start, figures, seen = i+1, 0, 0
		if kind != 0 {
			start, seen = i, kind
		}
	}
	return false
}

// grouped reports whether a piece is a code in groups of one length, as
// licences and recovery codes are: "X7K2M-9QWRT-…".
// The last group may be shorter.
func grouped(piece string) bool {
	width := strings.IndexByte(piece, '-')
	if last := strings.LastIndexByte(piece, '-'); last > width && len(piece)-last-1 < width {
		piece = piece[:last]
	}
	if width < 4 || width > 8 || len(piece) < minDrawn || (len(piece)+1)%(width+1) != 0 || len(piece) < 4*width+3 {
		return false
	}
	for i := range len(piece) {
		if (i%(width+1) == width) != (piece[i] == '-') {
			return false
		}
	}
	d := measure(piece)
	least := 0.7
	if d.upper > 0 && d.lower > 0 {
		least = minExcess // names have letters of both cases, too
	}
	return d.figures > 2 && d.changes > 3 && d.excess >= least*float64(d.n)
}

// drawnBody weighs the part of a piece behind its prefix.
func drawnBody(body, piece string, c context) bool {
	d, prefix := measure(body), piece[:len(piece)-len(body)]
	marked := prefix != "" && hasMark(prefix)
	if d.excess < d.bar(marked) || longest(body) < d.minPart() && !wordless(body, &d, c) || d.separator > 0 && d.upper == 0 && d.figures*2 > d.n {
		return false
	}
	switch {
	case d.hexed:
		return d.figures > 0 && d.figures < d.n && (d.n >= minDrawn && c.hex || capitals(prefix) || prefix != "" && d.n >= 32 && !imageTag(piece, body))
	case d.figures == 0 && (d.lower == 0 || d.upper == 0):
		return (d.n >= minLetters || marked) && d.excess >= 1.2*float64(d.n)
	case d.figures == d.n:
		return false
	default:
		return d.changes >= 3 || d.n >= minLetters && d.excess >= 1.5*float64(d.n)
	}
}

// wordless reports whether a body with short parts has none that people write:
// the names of what was generated begin with a word.
func wordless(body string, d *drawn, c context) bool {
	if !c.hex || d.n < minDrawn || d.figures < 2 || d.excess < 2*float64(d.n) {
		return false
	}
	for part := range strings.FieldsFuncSeq(body, func(r rune) bool { return r == '-' || r == '_' }) {
		if p := measure(part); p.n > 3 && p.excess < float64(p.n) {
			return false
		}
	}
	return true
}

// capitals reports whether a prefix is made of capitals, as many services write
// theirs: "NRBR-".
func capitals(prefix string) bool {
	word := strings.TrimRight(prefix, "-_")
	return len(word) > 1 && len(word) < len(prefix) && strings.Trim(word, uppercase) == ""
}

// minPart is how long the longest part without '-' and '_' must be: names that
// are generated have short ones, in small letters.
func (d *drawn) minPart() int {
	if d.lower > 0 && d.upper > 0 {
		return minMixedPart
	}
	return minPart
}

// longest gives the length of the longest part without '-' and '_'.
func longest(s string) int {
	best, n := 0, 0
	for i := range len(s) {
		if n++; s[i] == '-' || s[i] == '_' {
			n = 0
		}
		best = max(best, n)
	}
	return best
}

// drawnBase64 weighs a run with '+' and '/' as a whole: each part of it alone
// may be short.
func drawnBase64(run string) bool {
	run = strings.TrimRight(run, "=")
	if at := strings.LastIndexByte(run, '.'); at > 0 && at <= 12 {
		run = run[at+1:] // behind a version or the name of a service
	}
	if len(run) < minDrawn || strings.IndexByte(run, '.') >= 0 || !strings.ContainsAny(run, "+/") {
		return false
	}
	d := measure(run)
	return d.lower > 0 && d.upper > 0 && d.figures > 0 && (d.excess >= minExcess*float64(d.n) && d.changes*4 >= d.n || d.excess >= d.bar(false) && d.changes*3 >= d.n)
}

// scattered weighs a run whose separators stand where they were drawn, so that
// each part of it alone may be short.
func scattered(run string) bool {
	if len(run) < minScattered || !strings.ContainsAny(run, "._-~") || strings.ContainsAny(run, "/=") {
		return false
	}
	d := measure(run)
	return d.lower > 0 && d.upper > 0 && d.figures > 2 && d.excess >= 1.2*float64(d.n) && d.changes*4 >= d.n
}

// hostAfter reports whether what follows a label is the rest of a host's name.
func hostAfter(rest string) bool {
	if rest == "" || rest[0] != '.' {
		return false
	}
	host, _, _ := strings.Cut(rest, "/")
	at := strings.LastIndexByte(host, '.')
	return topDomains[strings.ToLower(host[at+1:])]
}
