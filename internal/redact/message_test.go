package redact

import (
	"strings"
	"testing"
)

// TestErrorsKeepTheirWords holds that a message that wraps an error behind a
// secret name keeps the error, and that a value which it quotes is hidden.
func TestErrorsKeepTheirWords(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	for _, text := range []string{
		"read token: 401 Unauthorized",
		"auth: HTTP 403 Forbidden",
		`read the password: Get "https://vault.example.com/v1/a": dial tcp 10.0.0.1:443: connect: connection refused`,
		`refresh token: oauth2: "invalid_grant" "Token has been expired or revoked."`,
		"Secret shop/db: data.password: illegal base64 data at input byte 4",
		`executing "x" at <.Values.password>: nil pointer evaluating interface {}.password`,
		"ExternalSecret shop/db-2x: unknown store",
	} {
		if got := r.Text(text); got != text {
			t.Errorf("%s\nbecomes %s", text, got)
		}
	}
	for text, secret := range map[string]string{
		"token: wrong value river90817abcd":                              "river90817abcd",
		"pwd: Sommer2026! is too short":                                  "Sommer2026!",
		`password: invalid value "tR0ub4dor&3" for user`:                 "tR0ub4dor&3",
		"password: correct horse battery":                                "horse",
		"password: hunter2":                                              "hunter2",
		"env DB_PASSWORD: map[a:hunter2x]":                               "hunter2x",
		"read token: bad token ghp_0123456789abcdefghijABCDEFGHIJ012345": "ghp_",
	} {
		if got := r.Text(text); strings.Contains(got, secret) {
			t.Errorf("%s\nbecomes %s", text, got)
		}
	}
}
