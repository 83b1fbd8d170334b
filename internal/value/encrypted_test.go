package value

import (
	"testing"

	"github.com/envparity/parity"
)

func TestEncrypted(t *testing.T) {
	for text, want := range map[string]bool{
		"ENC[AES256_GCM,data:8Q==,iv:a,tag:b,type:str]": true,
		"ENC[PKCS7,MIIB]": true,
		"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END": true,
		"-----BEGIN PGP MESSAGE-----\n\nhQ\n":                true,
		"$ANSIBLE_VAULT;1.1;AES256\n6631\n":                  true,
		"age-encryption.org/v1\n-> X25519 abc\n":             true,
		"ENC[":                                               false,
		"ENCODING[x]":                                        false,
		"-----BEGIN CERTIFICATE-----\nMIIB\n":                false,
		"aged":                                               false,
		"$HOME/bin":                                          false,
		"":                                                   false,
		"see ENC[AES256_GCM,data:8Q==] in the manual, or ask them": false,
	} {
		if got := Encrypted(text); got != want {
			t.Errorf("%q: %v", text, got)
		}
		if v, _ := Of("/x", text, StringScalar); (v.Kind == parity.Secret) != want || want && v.Raw != "" {
			t.Errorf("%q is read as %s", text, v.Kind)
		}
	}
}
