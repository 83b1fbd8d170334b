package redact

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"
)

// uuidLike reports whether the text is a UUID.
func uuidLike(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		dash := i == 8 || i == 13 || i == 18 || i == 23
		if dash != (s[i] == '-') || !dash && !isHex(string(lowerByte(s[i]))) {
			return false
		}
	}
	return true
}

// openForm reports whether a run has a form of something that is public:
// certificates, public keys, digests with their algorithm, compressed files.
func openForm(run string) bool {
	if run == "" {
		return false
	}
	for _, p := range openFormsBy[run[0]] {
		if strings.HasPrefix(run, p) {
			return true
		}
	}
	return strings.HasPrefix(run, "MI") && publicDER(run) || chainAddress(run)
}

// chainAddress reports whether a text is "0x" and the 40 figures of an account
// or a contract on a block chain. Private keys have 64.
func chainAddress(s string) bool {
	return len(s) == 42 && s[0] == '0' && s[1] == 'x' && isHex(strings.ToLower(s[2:]))
}

// openForms begin what is public or a file's content.
var openForms = []string{
	"AAAAB3NzaC1yc2E", "AAAAC3NzaC1lZDI1", "AAAAE2VjZHNh", "H4sI", "iVBORw0KGgo", "R0lGOD", "/9j/", "JVBERi0", "UEsDB", "d09GR", "AGFzbQ",
	"sha1-", "sha256-", "sha384-", "sha512-", "h1:", "sha256:", "sha512:", "bafy", "bafk", "PHN2Zy", "QVJST1cx",
}

// openFormsBy finds the forms by their first byte.
var openFormsBy = func() (t [256][]string) {
	for _, p := range openForms {
		t[p[0]] = append(t[p[0]], p)
	}
	return t
}()

// publicDER reports whether base64 text begins a certificate or a public key
// rather than a private one, which has a version in front.
func publicDER(run string) bool {
	if len(run) < 24 {
		return false
	}
	head, err := base64.StdEncoding.DecodeString(run[:24])
	if err != nil || head[0] != 0x30 {
		return false
	}
	at := 2
	if head[1] >= 0x80 {
		at += int(head[1] & 0x7f)
	}
	return at < len(head) && head[at] == 0x30
}

// readable reports whether a run is base64 of text, which was looked into
// before.
func readable(run string) bool {
	run = strings.TrimRight(run, "=")
	if len(run)%4 == 1 {
		return false
	}
	enc := base64.RawStdEncoding
	if strings.ContainsAny(run, "-_") {
		enc = base64.RawURLEncoding
	}
	data, err := enc.DecodeString(run)
	return err == nil && len(data) >= 12 && utf8.Valid(data[:min(len(data), 64)/2]) && printable(data)
}
