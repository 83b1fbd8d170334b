package value

import "strings"

// armours begin texts that are encrypted as a whole.
var armours = []string{
	"-----BEGIN AGE ENCRYPTED FILE-----", "-----BEGIN PGP MESSAGE-----", "age-encryption.org/", "$ANSIBLE_VAULT;",
}

// Encrypted reports whether a text is a ciphertext of SOPS, age, PGP, eyaml or
// Ansible's vault. It says nothing of the value behind it, and is another each
// time the value is encrypted.
func Encrypted(text string) bool {
	if len(text) < 5 {
		return false
	}
	switch text[0] {
	case 'E':
		return strings.HasPrefix(text, "ENC[") && strings.HasSuffix(text, "]")
	case '-', 'a', '$':
		for _, a := range armours {
			if strings.HasPrefix(text, a) {
				return true
			}
		}
	}
	return false
}
