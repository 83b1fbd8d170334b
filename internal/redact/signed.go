package redact

import "strings"

// signature is a text that stands at a fixed place of a vendor's keys, so that
// scanners can tell them.
type signature struct {
	text string
	// fromEnd is how many bytes from its begin to the key's end.
	fromEnd int
	length  int
}

// signatures are those of the identifiable keys of Azure, as Microsoft's
// security utilities list them.
var signatures = [...]signature{
	{"JQQJ99", 32, 84},
	{"ASt", 11, 88},
	{"ACDb", 12, 88},
	{"ABa", 11, 88},
	{"AMC", 11, 88},
	{"APIM", 12, 88},
	{"ARm", 10, 44},
	{"AEh", 10, 44},
	{"ASb", 10, 44},
	{"AIoT", 11, 44},
	{"AzCa", 11, 44},
	{"AZEG", 11, 44},
	{"ACR", 9, 52},
	{"AzSe", 10, 52},
	{"AzFu", 12, 56},
}

// signedKey reports whether a drawn token has a vendor's signature at its place.
func signedKey(token string) bool {
	for _, x := range signatures {
		if len(token) == x.length && strings.HasPrefix(token[len(token)-x.fromEnd:], x.text) {
			return true
		}
	}
	return false
}
