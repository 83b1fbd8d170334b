package redact

import "testing"

func TestSecretName(t *testing.T) {
	r := New([]byte("k"), []string{"*_PIN", "/vault/*"}, []string{"PUBLIC_TOKEN"})
	secret := []string{
		"PASSWORD", "DB_PASSWORD", "dbPassword", "db-password", "PGPASSWORD", "mysqlpasswd", "POSTGRES_PWD", "DB_PASS",
		"SECRET", "CLIENT_SECRET", "clientSecret", "SECRET_KEY_BASE", "secretKeyBase", "JWT_SECRET_STAGING", "SECRET_1",
		"TOKEN", "GITHUB_TOKEN", "authToken", "x-api-token", "--auth-token", "API_KEY", "APIKEY", "apiKey", "APIKey", "stripeAPIKey", "API_KEY_STRIPE",
		"PRIVATE_KEY", "privateKey", "tls_private_key", "AWS_SECRET_ACCESS_KEY", "ACCESS_KEY", "accessKey",
		"CREDENTIALS", "googleCredentials", "GOOGLE_TAG_MANAGER_AUTH", "SENTRY_DSN", "CONNECTION_STRING", "ConnectionString",
		"PASSWORD_SALT", "SIGNING_KEY", "MASTER_KEY", "PASSWORD_HASH", "USER_PIN", "Authorization", "ENCRYPTION_KEY", "HMAC_KEY",
		"passphrase", "password1", "OLD_PASSWORD", "PASSWORD_PRIMARY",
	}
	for _, name := range secret {
		if !r.SecretName(name) {
			t.Errorf("SecretName(%q) = false, want true", name)
		}
	}
	public := []string{
		"", "name", "secretName", "SECRET_NAME", "DB_SECRET_NAME", "tokenUrl", "TOKEN_URL", "passwordFile", "PASSWORD_FILE", "passwordPath",
		"tokenReviews", "secretKeyRef", "secretRef", "imagePullSecrets", "existingSecret", "pullSecret", "tlsSecret",
		"PASSWORD_MIN_LENGTH", "passwordPolicy", "tokenExpirationSeconds", "TOKEN_TTL", "AUTH_URL", "auth-type", "authType", "maxTokens", "tokens",
		"PUBLIC_KEY", "publicKey", "key", "keys", "PARTITION_KEY", "replicas", "author", "AUTHOR", "authority", "tokenizer", "secretary",
		"PUBLIC_TOKEN", "compass", "bypass", "passenger", "consul", "AWS_ACCESS_KEY_ID", "privateKeySecretRef", "credentialName",
		"CREDENTIALS_PATH", "secretVersion", "TOKEN_ISSUER", "signature", "assign", "design", "keyword", "hotkey", "SECRET_ARN", "authorizationMode",
		"image", "host", "connection", "string", "connectionStringName",
	}
	for _, name := range public {
		if r.SecretName(name) {
			t.Errorf("SecretName(%q) = true, want false", name)
		}
	}
}

func TestPathName(t *testing.T) {
	for _, c := range []struct{ path, name, parent string }{
		{"", "", ""},
		{"/a", "a", ""},
		{"/a/b/c", "c", "b"},
		{"/spec/containers[name=web]/env[name=DB_PASSWORD]/value", "DB_PASSWORD", ""},
		{"/spec/containers[name=web]/env[name=DB_PASSWORD]/valueFrom/secretKeyRef/name", "name", "secretKeyRef"},
		{"/parameters[key=apiKey]/Value", "apiKey", ""},
		{"/auth/password/value", "password", ""},
		{"/args[=--password]", "--password", ""},
		{"/passwords[=x]", "passwords", ""},
		{"/a/list[path=/x/y]/z", "z", "list"},
		{"/env[name=TOKEN]#2/value", "TOKEN", ""},
		{"/passwords[=x]#2", "passwords", ""},
		{"/env[0]/value", "value", "env"},
		{"/metadata/annotations/example.com/token", "token", "example.com"},
	} {
		name, parent := pathName(c.path)
		if name != c.name || parent != c.parent {
			t.Errorf("pathName(%q) = %q, %q, want %q, %q", c.path, name, parent, c.name, c.parent)
		}
	}
}

func TestGlob(t *testing.T) {
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"", "", true},
		{"*", "", true},
		{"*", "a/b", true},
		{"a*c", "abbc", true},
		{"a*c", "abbd", false},
		{"?b", "ab", true},
		{"?b", "b", false},
		{"*a*b*", "xxaxxbxx", true},
		{"*ab", "aab", true},
	} {
		if got := glob(c.pattern, c.s); got != c.want {
			t.Errorf("glob(%q, %q) = %v, want %v", c.pattern, c.s, got, c.want)
		}
	}
}
