package redact

import (
	"slices"
	"strings"
)

// context says what is known of the place of a run.
type context struct {
	// public reports whether what is there is never secret.
	public bool
	// hex reports whether a run of hexadecimal figures may be a secret.
	hex bool
	// path reports whether the run is one of a URL or of a file.
	path bool
}

func (sc *scanner) context(i, end int) context {
	s := sc.s
	var c context
	c.path = i > 0 && (s[i-1] == '/' || s[i-1] == '@')
	name := sc.assignedTo(i)
	if name == "" && sc.at.value && barred(s[:i]) && strings.Trim(s[end:], "= \n") == "" {
		if name = sc.at.name; openName(name) == noKind && openName(sc.at.parent) == digestName {
			name = sc.at.parent // the annotation checksum/config
		}
	}
	c.hex = name != ""
	if digestBefore(s, i) && digestLength(strings.TrimRight(s[i:end], "=")) {
		c.public = true
		return c
	}
	switch openName(name) {
	case digestName:
		c.hex = false
		c.public = digestSized(strings.TrimRight(s[i:end], "="), name)
	case identifierName:
		c.hex = false
		c.public = end-i <= 64
	case publicName:
		c.public = true
	}
	return c
}

// barred reports whether a text is empty, or a short word and a bar of the
// kind that some tokens have behind their number: "17|".
func barred(s string) bool {
	n := len(s)
	return n == 0 || n <= 16 && strings.IndexByte("|!~", s[n-1]) >= 0 && identifier(s[:n-1])
}

// commitLength reports whether a text begins with the 40 figures of a commit.
func commitLength(s string) bool {
	n := 0
	for n < len(s) && n <= 40 && isHex(s[n:n+1]) {
		n++
	}
	return n == 40
}

// assignedTo returns the name that a run is the value of, or "". A colon
// without a space behind it may be one of an image's tag.
func (sc *scanner) assignedTo(i int) string {
	s := sc.s
	at := i - 1
	for at > 0 && i-at < 4 && strings.IndexByte(" \"'\\", s[at]) >= 0 {
		at--
	}
	switch {
	case at <= 0:
		return ""
	case s[at] == '>' && s[at-1] == '=':
		at--
	case s[at] == '>':
		return elementName(s[:at])
	case s[at] != '=' && s[at] != ':':
		return flagName(s[:at+1], i-at)
	}
	begin, end := sc.identBefore(at)
	if begin > 0 && strings.IndexByte("?&#", s[begin-1]) >= 0 && (end-begin > 24 || versionParameters[strings.ToLower(s[begin:end])]) {
		return ""
	}
	if s[at] == ':' && at == i-1 && (begin > 0 && s[begin-1] == '/' || strings.IndexByte(s[begin:end], '.') >= 0 || commitLength(s[i:]) ||
		digestWords[strings.TrimRight(strings.ToLower(s[begin:end]), "0123456789")]) {
		return ""
	}
	return s[begin:end]
}

// elementName returns the name of the element whose tag ends a text.
func elementName(s string) string {
	begin := len(s)
	for begin > 0 && identByte(s[begin-1]) && len(s)-begin < 80 {
		begin--
	}
	if begin == 0 || s[begin-1] != '<' {
		return ""
	}
	return s[begin:]
}

// flagName returns the name of the flag that ends a text, where a space is
// between it and its value.
func flagName(s string, gap int) string {
	if gap < 2 {
		return ""
	}
	begin := len(s)
	for begin > 0 && identByte(s[begin-1]) && len(s)-begin < 80 {
		begin--
	}
	name, ok := strings.CutPrefix(s[begin:], "--")
	if !ok || begin > 0 && strings.IndexByte(" \t\n\"'[,", s[begin-1]) < 0 {
		return ""
	}
	return name
}

// openKind is what a name says of the openness of its value.
type openKind uint8

const (
	noKind openKind = iota
	digestName
	identifierName
	publicName
)

// openName judges a name by its last words.
func openName(name string) openKind {
	if name == "" || len(name) > 200 {
		return noKind
	}
	ws := words(name)
	if slices.Contains(ws[:min(2, len(ws))], "public") {
		return publicName
	}
	for n := range min(2, len(ws)) {
		w := ws[len(ws)-1-n]
		switch {
		case publicWords[w]:
			return publicName
		case digestWords[strings.TrimRight(w, "0123456789")] || digestWords[w]:
			return digestName
		case n == 0 && (w == "id" || w == "ids" || w == "arn" || w == "uid" || w == "guid" || w == "uuid" || w == "zone" || w == "traceparent" || w == "parent"):
			return identifierName
		}
	}
	return noKind
}

// digestSized reports whether a text has the length and the bytes of a digest:
// hexadecimal ones, or base64 where the name speaks of a digest.
func digestSized(s, name string) bool {
	if d := measure(s); d.hexed {
		return true
	}
	if !hashNames(name) {
		return false
	}
	return digestLength(s)
}

// digestLength reports whether a text is as long as a digest in base64.
func digestLength(s string) bool {
	switch len(s) {
	case 22, 27, 43, 64, 86:
		return true
	}
	return false
}

// digestBefore reports whether the name of a digest's algorithm and a colon
// stand before i, as in "SHA256:".
func digestBefore(s string, i int) bool {
	if i < 4 || s[i-1] != ':' {
		return false
	}
	at := i - 1
	for at > 0 && i-at < 8 && alnum(s[at-1]) {
		at--
	}
	return digestAlgorithms[strings.ToLower(s[at:i-1])]
}

var digestAlgorithms = set(`md5 sha1 sha224 sha256 sha384 sha512`)

// versionParameters name in a query what tells a version of a file or of a page.
var versionParameters = set(`v h ver rev ref cb t ts`)

// hashNames reports whether a name ends with a word for a digest, rather than
// with one for a revision.
func hashNames(name string) bool {
	ws := words(name)
	switch w := strings.TrimRight(ws[len(ws)-1], "0123456789"); w {
	case "sha", "hash", "digest", "checksum", "integrity", "fingerprint", "thumbprint", "md", "sum", "etag":
		return true
	}
	return false
}
