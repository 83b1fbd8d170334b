package redact

import (
	"fmt"
	"testing"
)

func TestScratchTwo(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	for _, v := range []string{
		"read token: open /run/secrets/token: no such file or directory",
		"read token: permission denied",
		"read token: EOF",
		"read the password: Get \"https://vault.example.com/v1/a\": dial tcp 10.0.0.1:443: connect: connection refused",
		"refresh token: oauth2: \"invalid_grant\" \"Token has been expired or revoked.\"",
		"token: 401 Unauthorized",
		"decode secret: json: cannot unmarshal string into Go value of type int",
		"decode secret db: illegal base64 data at input byte 4",
		"parse credentials: yaml: line 3: mapping values are not allowed in this context",
		"read private key: x509: failed to parse private key (use ParsePKCS8PrivateKey instead for this key format)",
		"load password file: stat x.txt: file name too long",
		"authentication: x509: certificate signed by unknown authority",
		"auth: HTTP 403 Forbidden",
		"get secret: context deadline exceeded",
		"get secret: unexpected status 500 of https://api.example.com/x",
		"exec: \"get-token\": executable file not found in $PATH",
		"get credentials: exec: executable aws not found",
		"getting credentials: exec: executable gke-gcloud-auth-plugin failed with exit code 1",
		"password: must have 8 characters",
		"token: invalid character 'x' looking for beginning of value",
		"Secret shop/db: data.password: illegal base64 data at input byte 4",
		"key \"password\": value is a map, text was expected",
		"API_TOKEN: the variable is not set",
		"tokenEnv: PARITY_TOKEN is not set",
		"kustomize: secretGenerator: file not found: creds.env",
		"template: chart/templates/secret.yaml:3:12: executing \"x\" at <.Values.password>: nil pointer evaluating interface {}.password",
		"login failed with password hunter2marker99", "password: hunter2", "token: abc123def456ghi", "the password is Sommer2026!", "password \"river90817abcd\" refused", "token: wrong value river90817abcd", "pwd: Sommer2026! is too short", "password: correct horse battery",
		"env DB_PASSWORD: map[a:hunter2x]", "value river90817abcd of password: must be a map",
	} {
		fmt.Println(v, "\n  ", r.Text(v))
	}
}
