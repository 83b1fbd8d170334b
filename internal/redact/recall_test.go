package redact

import (
	"encoding/json"
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"strings"
	"testing"

	"github.com/envparity/parity"
)

// drawer draws texts that tests plant as secrets.
type drawer struct{ *rand.Rand }

func newDrawer() drawer { return drawer{rand.New(rand.NewPCG(1, 2))} }

const (
	lowers = "abcdefghijklmnopqrstuvwxyz"
	uppers = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	tens   = "0123456789"
	hexes  = "0123456789abcdef"
)

func (d drawer) of(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[d.IntN(len(alphabet))]
	}
	return string(b)
}

// matching draws a text that an expression matches.
func (d drawer) matching(re *syntax.Regexp) string {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune)
	case syntax.OpCharClass:
		return string(d.member(re))
	case syntax.OpCapture:
		return d.matching(re.Sub[0])
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat: // no more than is needed
		least := map[syntax.Op]int{syntax.OpPlus: 20, syntax.OpRepeat: re.Min}[re.Op]
		var b strings.Builder
		for range least {
			b.WriteString(d.matching(re.Sub[0]))
		}
		return b.String()
	case syntax.OpConcat:
		var b strings.Builder
		for _, sub := range re.Sub {
			b.WriteString(d.matching(sub))
		}
		return b.String()
	case syntax.OpAlternate:
		return d.matching(re.Sub[d.IntN(len(re.Sub))])
	case syntax.OpAnyCharNotNL:
		return "."
	default:
		return ""
	}
}

func (d drawer) member(re *syntax.Regexp) rune {
	var all []rune
	for i := 0; i < len(re.Rune); i += 2 {
		for c := max(re.Rune[i], '!'); c <= min(re.Rune[i+1], 'z'); c++ {
			all = append(all, c)
		}
	}
	return all[d.IntN(len(all))]
}

func (d drawer) token(t *testing.T, expression string) string {
	t.Helper()
	re, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		if s := d.matching(re); regexp.MustCompile(expression).MatchString(s) {
			return s
		}
	}
	t.Fatalf("no text matches %s", expression)
	return ""
}

// hides reports whether a value under a name is hidden, whole.
func hides(r *Redactor, path, value string) (hidden, suspected bool) {
	f := parity.Fact{Path: path, Value: parity.Value{Kind: parity.Text, Raw: value}}
	r.Fact(&parity.Subject{}, &f)
	if f.Value.Kind == parity.Secret {
		return true, f.Value.Suspected
	}
	return !strings.Contains(f.Value.Raw+f.Value.Canon, value), false
}

func TestFormatsAreKnownUnderInnocentNames(t *testing.T) {
	r, d := New([]byte("k"), nil, nil), newDrawer()
	missed, suspected, all := 0, 0, 0
	for line := range strings.Lines(formatTable) {
		columns := strings.Split(strings.TrimSpace(line), "\t")
		if line[0] == '#' {
			continue
		}
		name := "setting"
		if columns[1] == "named" {
			name = strings.Fields(columns[2])[0] + "_value"
		}
		for range 5 {
			token := d.token(t, strings.TrimSuffix(strings.TrimPrefix(strings.ReplaceAll(columns[3], "xoxe.xox", `xoxe\.xox`), "(?:^|[\\\\'\"\\x60\\s>=:(,)])"), "(?:$|[\\\\'\"\\x60\\s<),])"))
			all++
			hidden, guessed := hides(r, "/data/"+name, token)
			if !hidden {
				missed++
				t.Logf("%s: %s stays", columns[0], token)
			}
			if guessed && columns[1] != "named" {
				suspected++
			}
			if columns[1] == "named" {
				continue
			}
			if got := r.Text("see " + token + " there"); strings.Contains(got, token) {
				t.Logf("%s: %s stays in a text", columns[0], token)
				missed++
			}
		}
	}
	t.Logf("%d of %d missed, %d only suspected", missed, all, suspected)
	if missed*100 > all || suspected > 0 {
		t.Errorf("%d of %d missed, %d only suspected", missed, all, suspected)
	}
}

// Formats that no table has: a word, an environment and something drawn.
func TestUnknownFormatsAreSuspected(t *testing.T) {
	r, d := New([]byte("k"), nil, nil), newDrawer()
	prefixes := []string{"zyx_", "qrs-", "acme_live_", "acme_test_", "acme-v1-", "vnd.", "acmepat_", "AC", "tok_", "acme_sk_", "x1_", "acme.pt."}
	commit := func(token string) bool {
		return len(token) > 40 && isHex(token[len(token)-40:]) && strings.ContainsAny(token, "-.")
	}
	bodies := []struct {
		alphabet string
		n        int
	}{{lowers + uppers + tens, 24}, {lowers + uppers + tens, 40}, {lowers + tens, 32}, {hexes, 40}, {hexes, 64}, {uppers + tens, 26}, {lowers + uppers + tens + "-_", 43}, {uppers + "234567", 32}}
	missed, all := 0, 0
	for _, p := range prefixes {
		for _, b := range bodies {
			for range 10 {
				token := p + d.of(b.alphabet, b.n)
				for path, value := range map[string]string{"/data/setting": token, "/data/text": "use " + token + " now", "/data/url": "https://api.example.com/x/" + token + "/send"} {
					if path != "/data/setting" && commit(token) {
						continue // as in the tag of an image
					}
					all++
					if hidden, _ := hides(r, path, value); !hidden && path != "/data/url" || strings.Contains(r.Text(value), token) && path == "/data/url" {
						missed++
						if missed < 60 {
							t.Logf("%s: %s", path, value)
						}
					}
				}
			}
		}
	}
	t.Logf("%d of %d missed", missed, all)
	if missed*100 > 3*all {
		t.Errorf("%d of %d missed", missed, all)
	}
}

func TestDrawnValuesAreSuspected(t *testing.T) {
	r, d := New([]byte("k"), nil, nil), newDrawer()
	missed, all := 0, 0
	for _, b := range []struct {
		alphabet string
		n        int
		end      string
	}{{lowers + uppers + tens, 20, ""}, {lowers + uppers + tens, 32, ""}, {lowers + uppers + tens + "+/", 40, ""}, {lowers + uppers + tens + "+/", 43, "="}, {lowers + uppers + tens + "+/", 86, "=="}, {hexes, 32, ""}, {hexes, 64, ""}, {lowers + tens, 24, ""}, {lowers + tens, 52, ""}} {
		for range 50 {
			all++
			value := d.of(b.alphabet, b.n) + b.end
			if hidden, _ := hides(r, "/data/setting", value); !hidden {
				missed++
				t.Logf("%s", value)
			}
		}
	}
	t.Logf("%d of %d missed", missed, all)
	if missed*100 > 5*all {
		t.Errorf("%d of %d missed", missed, all)
	}
}

// TestDrawnShapesAreSuspected holds shapes in which values are drawn, whoever
// draws them: parameters of URLs, and codes in groups.
func TestDrawnShapesAreSuspected(t *testing.T) {
	r, d := New([]byte("k"), nil, nil), newDrawer()
	groups := func(alphabet string, width int, end string) string {
		var list []string
		for range 5 {
			list = append(list, d.of(alphabet, width))
		}
		return strings.Join(list, "-") + end
	}
	for shape, value := range map[string]func() string{
		"parameter":                  func() string { return "https://files.example.com/a.png?w=2&s=" + d.of(hexes, 32) },
		"first parameter":            func() string { return "https://files.example.com/a.png?seal=" + d.of(hexes, 40) },
		"groups":                     func() string { return groups(uppers+tens, 6, "") },
		"groups, a shorter last one": func() string { return groups(uppers+tens, 6, "-Q4") },
		"groups of both cases":       func() string { return groups(lowers+uppers+tens, 7, "") },
	} {
		shown := 0
		for range 50 {
			text := value()
			if hidden, _ := hides(r, "/data/setting", text); !hidden && r.Text(text) == text {
				shown++
			}
		}
		if shown > 5 {
			t.Errorf("%s: %d of 50 stay", shape, shown)
		}
	}
}

// TestTokensInNamedPlacesAreSuspected holds that the name of a value inside of a
// text is seen wherever it stands: what is hexadecimal is a secret under a name
// only.
func TestTokensInNamedPlacesAreSuspected(t *testing.T) {
	r, d := New([]byte("k"), nil, nil), newDrawer()
	for _, text := range []string{
		"HANDLE=%s MODE=fast /usr/bin/relay", "/usr/bin/relay --handle=%s --x", "/usr/bin/relay --handle %s --x", "relay.handle=%s\nspeed=3", "a=1,handle=%s,b=2",
		"'handle' => '%s',", "<handle>%s</handle>", "https://app.example.com/#handle=%s",
	} {
		shown := 0
		for range 40 {
			token := d.of(hexes, 32)
			if strings.Contains(r.Text(strings.Replace(text, "%s", token, 1)), token) {
				shown++
			}
		}
		if shown > 2 {
			t.Errorf("%s: %d of 40 stay", text, shown)
		}
	}
}

// TestKnownByPrefix holds which drawn tokens are known and which are suspected.
func TestKnownByPrefix(t *testing.T) {
	r, d := New([]byte("k"), nil, nil), newDrawer()
	base62 := lowers + uppers + tens
	for prefix, want := range map[string]bool{"acme_sk_": true, "zkx_": true, "acme_api_": true, "": false, "pk_": false, "price_": false} {
		n := 40
		if prefix == "price_" {
			n = 24 // as identifiers are long
		}
		known := 0
		for range 40 {
			if hidden, suspected := hides(r, "/data/setting", prefix+d.of(base62, n)); hidden && !suspected {
				known++
			}
		}
		if want != (known > 36) || !want && known > 0 {
			t.Errorf("%q: %d of 40 are known, want %v", prefix, known, want)
		}
	}
}

func TestOpenValuesStay(t *testing.T) {
	r, d := New([]byte("k"), nil, nil), newDrawer()
	jsonText, _ := json.Marshal(map[string]string{"level": "info", "format": "json"})
	for path, value := range map[string]string{
		"/data/commit": d.of(hexes, 40), "/data/gitRevision": d.of(hexes, 40), "/data/checksum": d.of(hexes, 64), "/data/etag": d.of(hexes, 32), "/data/configHash": d.of(hexes, 64),
		"/data/image": "registry.example.com/shop/web:main-" + d.of(hexes, 40), "/data/digest": "sha256:" + d.of(hexes, 64), "/data/id": "0c8e7e2c-58ba-4a2a-9f0e-6d1c3f8e9b1a",
		"/data/integrity": "sha512-" + d.of(lowers+uppers+tens, 86) + "==", "/data/role": "arn:aws:iam::172025368201:role/aws-service-role/AWSServiceRoleForAmazonEKS",
		"/data/stylesheet": "https://cdn.example.com/app.css?v=" + d.of(hexes, 32), "/data/page": "https://example.com/page?id=" + d.of(hexes, 32),
		"/data/contract": "0x" + d.of(hexes, 40), "/data/hostFingerprint": "SHA256:" + d.of(lowers+uppers+tens+"+/", 43), "/data/sshHost": "SHA256:" + d.of(lowers+uppers+tens+"+/", 43),
		"/data/pod": "web-7d4b9c6f5d-x2x9z", "/data/settings": string(jsonText), "/data/logLevelOverridesByPackageName": "info",
		"/data/class": "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration", "/data/flag": "enableExperimentalKubernetesEndpointSliceProxying2",
		"/data/PASSWORD_HASHER": "argon2", "/data/PASSWORD_ENCODER": "bcrypt", "/data/AUTH_USER_MODEL": "accounts.User", "/data/SALT_MASTER": "salt.example.com",
		"/data/DSN": "db.example.com", "/data/ACCOUNT_KEY": "customer_id", "/data/STORAGE_KEY": "cart_items", "/data/SESSION_KEY": "user_session", "/data/WEBHOOK_KEY": "order.created",
		"/data/PAD_TOKEN": "<pad>", "/data/EOS_TOKEN": "</s>", "/data/SECRET": "vault", "/data/DB_SECRET": "db-secret-a", "/data/PASSWORD_DB": "keycloak", "/data/MAX_TOKENS": "4096",
		"/data/TOKEN_TTL": "3600", "/data/AUTH_URL": "https://login.example.com/oauth2", "/data/CACHE_KEY": "v2:products", "/data/tlsSecret": "web-tls", "/data/ROUTING_KEY": "orders.created",
		"/data/AWS_CREDENTIAL_SOURCE": "Ec2InstanceMetadata", "/data/DB_CREDENTIALS_SECRET": "shop-db-credentials", "/data/PIN": "17", "/data/topologyKey": "topology.kubernetes.io/zone",
		"/data/AUTHOR": "someone", "/data/BYPASS": "none", "/data/LED_PIN": "17", "/data/TOKEN_PATH": "/var/run/secrets/tokens/vault", "/data/PASSWORD_FILE": "/run/secrets/db_password",
		"/data/uri": "postgresql://app@db.internal:5432/shop", "/data/asyncUri": "mysql+asyncmy://app@db.internal:3306/", "/metadata/annotations/checksum/config": d.of(hexes, 64),
		"/metadata/annotations/checksum/secret": d.of(hexes, 64), "/data/db.password": "${ENV:DB_PASSWORD}", "/spec/templates/password": "{% .Secrets.password %}",
		"/spec/list[secretKey=domain]/secretKey": "domain", "/spec/data[secretKey=DEX_SECRET]/remoteRef/key": "shop/dex", "/data/NEXT_PUBLIC_SEARCH_KEY": "orders",
		"/data/AUTH_ROLE_ADMIN": "Admin", "/data/password": "${DB_PASSWORD:-}", "/data/header": `proxy_set_header Authorization "Bearer __BEARER__TOKEN__";`,
		"/data/script": "password = form.get(\"password\")\nsecret: settings.SECRET,\ntoken=$token\n", "/data/checksumAddress": "0x95bEFe8E08a56dCEBBa8d40BE3e9c3cb2fF81806",
		"/data/scopes/user:token": "Can create tokens of the user", "/data/PASSWORD_MIN_LENGTH": "12", "/data/PARTITION_KEY": "tenantId", "/spec/secret/secretName": "web-tls", "/auth/type": "oauth2", "/password/minLength": "8",
	} {
		f := parity.Fact{Path: path, Value: parity.Value{Kind: parity.Text, Raw: value}}
		if r.Fact(&parity.Subject{}, &f); f.Value.Kind != parity.Text || f.Value.Raw != value {
			t.Errorf("%s: %q becomes %+v", path, value, f.Value)
		}
	}
}

func TestNamesOfSecrets(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	human := []string{"sommer12345xqab", "River-Stone-4", "hunter2Marker"}
	names := strings.Fields(`OPENAI_KEY OKTA_KEY CF_KEY FERNET_KEY TLS_KEY SSL_KEY CERT_KEY UNSEAL_KEY PRESHARED_KEY ACME_ADMIN_KEY
		ADMIN_PW rootPw BIND_PW PSK WIFI_PSK GITHUB_PAT GH_PAT OTP_SEED MNEMONIC SEED_PHRASE PEPPER BEARER CONNSTR SNMP_COMMUNITY ERLANG_COOKIE
		MOT_DE_PASSE DB_KENNWORT contraseña CONTRASENA SENHA wachtwoord haslo PAROLA lozinka heslo MY_SECRET TLS_SECRET CREATE_SECRET EXTERNAL_SECRET
		password_v2 pass_word passWort userPassword2 PASSWORT API_KEY_V2 clientSecret jwtSecret`)
	for _, name := range names {
		for _, value := range human {
			if hidden, suspected := hides(r, "/data/"+name, value); !hidden || !suspected {
				t.Errorf("%s=%s: hidden %v, suspected %v", name, value, hidden, suspected)
			}
		}
	}
	for name, value := range map[string]string{
		"clientSecret": "river-stone-lamp-four", "jwtSecret": "my-super-secret", "credentials": "river-stone-lamp-four", "DB_PASSWORD": "/etc/hunter2",
		"password": "vault:hunter2", "PASSWORD": "$HUNTER2", "adminPassword": "op://hunter2", "AUTH_TOKEN": "/slash-token", "OPENAI_KEY": "river-stone-lamp-four", "PIN": "482913",
	} {
		if hidden, _ := hides(r, "/data/"+name, value); !hidden {
			t.Errorf("%s=%s stays", name, value)
		}
	}
}

func TestValuesBelowSecretNames(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	for _, path := range []string{
		"/password/production", "/db/password/eu/production", "/token/github", "/secrets/db/pw", "/apiKeys/other", "/secret/conf", "/secrets/items[name=db]/x", "/passwords/users[0]/x",
		"/secrets/items[name=token]/value", "/credentials/db/production",
	} {
		if hidden, _ := hides(r, path, "Hunter2x"); !hidden {
			t.Errorf("%s stays", path)
		}
	}
	for _, fields := range [][2]string{{"Name", "Value"}, {"ParameterKey", "ParameterValue"}, {"variable", "val"}, {"option_name", "option_value"}, {"name", "value"}} {
		for _, around := range []string{"/a", "/a/list[0]", "/a/list[3]/x"} {
			facts := []parity.Fact{fact(around+"/"+fields[1], parity.Text, "Hunter2x"), fact(around+"/"+fields[0], parity.Text, "DB_PASSWORD")}
			r.Subject(&parity.Subject{}, facts)
			if facts[0].Value.Kind != parity.Secret || facts[1].Value.Raw != "DB_PASSWORD" {
				t.Errorf("%v below %s: %+v", fields, around, facts)
			}
		}
	}
}
