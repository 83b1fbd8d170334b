package redact

import (
	"encoding/base64"
	"net/url"
	"strings"
	"testing"
	"time"
)

// The texts hold hunter2 where a secret is; it must go, and what is in keep
// must stay.
func TestTextMasks(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	for _, c := range []struct{ text, keep string }{
		{"postgres://app:hunter2@db.example.com:5432/shop?sslmode=off", "db.example.com:5432/shop?sslmode=off"},
		{"postgres://app:hun/hunter2@db.example.com/shop", "db.example.com/shop"},
		{"postgres://app:a@hunter2@db.example.com/shop", "postgres://app:"},
		{`https:\/\/app:hunter2@example.com\/x`, `example.com\/x`},
		{"postgres%3A%2F%2Fapp%3Ahunter2%40db.example.com%2Fshop", "db.example.com%2Fshop"},
		{"app:hunter2@tcp(db:3306)/shop", "@tcp(db:3306)/shop"},
		{"app:hunter2@db.example.com:3306", "@db.example.com:3306"},
		{"host=db password=hunter2 user=app", "user=app"},
		{"host=db;Password=hunter2;Database=shop", "Database=shop"},
		{"password: hunter2\nuser: app\n", "user: app"},
		{"password: \"hunter2 x\"\nuser: app\n", "user: app"},
		{"password: 'it''s hunter2'\nuser: app\n", "user: app"},
		{"password: correct hunter2 horse\nuser: app\n", "user: app"},
		{"password: |\n  a\n  hunter2\nuser: app\n", "user: app"},
		{"  password: >-\n    hunter2\n  user: app\n", "user: app"},
		{"DB_PASSWORD=correct hunter2 horse\nUSER=app\n", "USER=app"},
		{"export API_KEY='hunter2 x'\nUSER=app", "USER=app"},
		{"a=1,password=x,hunter2", "a=1"},
		{`{"password":"hunter2","user":"app"}`, `"user":"app"`},
		{`{"password" : "a\"hunter2","user":"app"}`, `"user":"app"`},
		{`"{\"clientSecret\":\"hunter2\",\"user\":\"app\"}"`, `\"user\":\"app\"`},
		{`{"secretKey": 'hunter2'}`, "secretKey"},
		{"a: 1\nclient.secret=x\"y/@hunter2+z\nside=1\n", "side=1"},
		{`{"app.properties":"client.secret=x\"y/@hunter2+z\nside=1\n"}`, `side=1`},
		{"a: 1\nauth.token:x\"hunter2\nside: 1\n", "side: 1"},
		{`["run","--password","a\"hunter2","--user","app"]`, `"--user","app"`},
		{`"[\"--password\",\"a hunter2\",\"--user\"]"`, `--user`},
		{`sh -c "mysql --password=x'hunter2 db"`, ` db"`},
		{"https://example.com/?user=app&access_token=hunter2&x=1", "&x=1"},
		{"user%3Dapp%26password%3Dhunter2", "user%3Dapp"},
		{"run --password hunter2 --user app", "--user app"},
		{"run --password=hunter2 --user app", "--user app"},
		{`["run","--password","hunter2","--user","app"]`, `"--user","app"`},
		{"curl -u app:hunter2 https://example.com", "https://example.com"},
		{"Authorization: Bearer hunter2hunter2", "Authorization: Bearer "},
		{`-H "Authorization: Token hunter2" https://example.com`, "https://example.com"},
		{"use Bearer hunter2.abcdef.ghijkl now", " now"},
		{`password => "hunter2", user => "app"`, `user => "app"`},
		{"password := \"hunter2\"", "password"},
		{"-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----\nafter", "after"},
		{"-----BEGIN PRIVATE KEY-----\nhunter2", ""},
		{`"-----BEGIN EC PRIVATE KEY-----\nhunter2\n-----END EC PRIVATE KEY-----\n","user":"app"`, `"user":"app"`},
		{"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=hunter2==;EndpointSuffix=core.windows.net", "AccountName=shop"},
		{"sasl.jaas.config=org.apache.Plain required username=\"app\" password=\"hunter2\";", `username="app"`},
	} {
		got := r.Text(c.text)
		if strings.Contains(got, "hunter2") || !strings.Contains(got, c.keep) || !strings.Contains(got, "[secret ") {
			t.Errorf("Text(%q)\n = %q, want no hunter2 and still %q", c.text, got, c.keep)
		}
		if again := r.Text(got); again != got {
			t.Errorf("Text is not stable: %q becomes %q", got, again)
		}
	}
}

func TestTextMasksTokens(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	basic := base64.StdEncoding.EncodeToString([]byte("app:hunter2"))
	config := base64.StdEncoding.EncodeToString([]byte(`{"user":"app","password":"hunter2"}`))
	twice := base64.StdEncoding.EncodeToString([]byte(config))
	pem := base64.StdEncoding.EncodeToString([]byte("-----BEGIN PRIVATE KEY-----\nabcdef\n-----END PRIVATE KEY-----\n"))
	for _, secret := range []string{
		"AKIA" + "IOSFODNN7EXAMPLE", "ghp_" + strings.Repeat("a1B2", 9), "xoxb-" + "123456789012-abcdefghij", "sk_live_" + strings.Repeat("x1", 12),
		"AIza" + strings.Repeat("x1_-Z", 7), "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlLW9m", "glpat-" + strings.Repeat("x1", 10),
		config, twice, pem, "$2y$10$" + strings.Repeat("abcdef", 9), "AGE-SECRET-KEY-1" + strings.Repeat("Q", 40),
	} {
		for _, text := range []string{secret, "use " + secret + " here", "x: \"" + secret + "\"\n", url.PathEscape("a b ") + secret} {
			if strings.Contains(text, secret) && len(secret) < 40 && text != secret && (secret == config || secret == twice) {
				continue // a short run inside a text is not decoded
			}
			if got := r.Text(text); strings.Contains(got, secret[4:]) {
				t.Errorf("Text(%q) = %q", text, got)
			}
		}
	}
	if got := r.Text("Authorization: Basic " + basic); strings.Contains(got, basic) {
		t.Errorf("basic credentials stay: %q", got)
	}
	if got := r.Text("uses basic " + basic); strings.Contains(got, basic) {
		t.Errorf("basic credentials stay: %q", got)
	}
}

func TestTextKeeps(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	for _, text := range []string{
		"", "web", "db.example.com:5432", "https://example.com:8443/path?x=1&y=2", "https://packages.example.com/@scope/x", "ssh://git@github.com/a/b.git",
		"git@github.com:org/repo.git", "postgres://app@db.example.com/shop", "redis://cache:6379/0", "http://localhost:8080/users/a@b.example.com",
		"nginx:1.25@sha256:6f4e2f0d8a8e0c4f8f2b7d2a8e0c4f8f2b7d2a8e0c4f8f2b7d2a8e0c4f8f2b7d",
		"registry.example.com:5000/team/auth-token:1.2.3", "registry.example.com/secret:v1", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
		"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b", "550e8400-e29b-41d4-a716-446655440000", "arn:aws:iam::172025368201:role/app-token-reader",
		"arn:aws:secretsmanager:eu-west-1:172025368201:secret:shop/db-AbCdEf", "someone@example.com", "PT1H", "*/5 * * * *",
		"-----BEGIN CERTIFICATE-----\nMIIBszCCAVmgAwIBAgIUabc\n-----END CERTIFICATE-----\n", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ key@host",
		"password: ${DB_PASSWORD}", "password=$DB_PASSWORD", "--password=$(DB_PASSWORD)", "password: {{ .Values.password }}", `password = os.getenv("DB_PASSWORD")`,
		"tokenUrl: https://login.example.com/token", "password_file: /run/secrets/db", "password: null", "passwordRequired: true", "secretName: shop-db-credentials",
		"password:\n  secretKeyRef:\n    name: shop\n    key: db\n", "the password is not set", "no such key: password", `invalid token at line 3`,
		"auth: none", "auth_type=basic", "Basic usage", "bearer token", "author=someone", "https://token.example.com/auth?client_id=shop",
		"npm:left-pad@1.3.0", "if password == \"\" then", "user 1000:1000", "docker run -u 1000:1000 shop", "log4j2.formatMsgNoLookups=true", "--tls-private-key-file=/etc/tls/tls.key",
		"secret", "[secret 0123abcd]", "password=[secret 0123abcd]", `{"auths":{}}`, "token: [secret]", "x-amz-date", "a-b--c", "-----", "=", ":", "%3D", "@tcp(", "user:@tcp(", "$2y$", "eyJ.", "Bearer ", "Basic dGVzdA",
		"invalid token: unexpected end of file", "secret: not found in this namespace",
	} {
		if got := r.Text(text); got != text {
			t.Errorf("Text(%q) = %q, want it unchanged", text, got)
		}
	}
}

// TestTextTakesLinearTime ends only if the time that a text takes grows as its
// length does: a MiB of what begins a secret at each byte would take hours
// otherwise, and the test is ended for that.
func TestTextTakesLinearTime(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	for _, unit := range []string{"a://", "tokens=|", "eyJ-", "password=$(|", "--token ", "%3A%2F%2F", "x:@tcp(", "-----BEGIN ", "$5$", "<token>", "password: |\n ", `\"password\":`, "AKIA", "@", "YWJj/", "basic ", `"password",`, "pass:x ", "| token |", "user: a", "-p x ", "{SHA}", "name: token ", "cookie: a", "sk-", "password ", "a\n"} {
		text := strings.Repeat(unit, 1<<20/len(unit))
		begin := time.Now()
		_ = r.Text(text)
		t.Logf("%q takes %s", unit, time.Since(begin))
	}
}

// TestTextWithAnEmptyBlock holds texts whose block scalar has no line that says
// anything.
func TestTextWithAnEmptyBlock(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	for _, s := range []string{"password:|\n ", "password: |\n  \n    \n", "secret: >-\n \n\n", "x:\n  token: |\n      "} {
		if got := r.Text(s); got != s {
			t.Errorf("%q becomes %q, though it holds no secret", s, got)
		}
	}
	if got := r.Text("password: |\n \n  hunter2\n"); strings.Contains(got, "hunter2") {
		t.Errorf("a value after an empty line stays: %q", got)
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"password: |\n  a\n b", "a://b:c@d", "--token \"", "eyJabc.def", "x%3A%2F%2Fa%3Ab%40c", "password='a''", `"password\":\"x`, "a:b@tcp(", "password:|\n "} {
		f.Add(s)
	}
	r := New([]byte("k"), nil, nil)
	f.Fuzz(func(t *testing.T, s string) {
		got := r.replace(s, place{name: "x", value: true, path: []string{"/x", "/args[=" + s + "]"}[len(s)%2]}, inText)
		if got.whole && got.text == s {
			t.Errorf("%q is said to be one secret and stays", s)
		}
		_ = r.replace(s, place{}, inPath)
	})
}
