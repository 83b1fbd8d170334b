package redact

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/envparity/parity"
)

func TestFact(t *testing.T) {
	r := New([]byte("k"), []string{"*_pin", "/vault/*"}, []string{"public_token", "/open/*"})
	digest := func(s string) string { return r.digest(s) }
	text := func(s string) parity.Value { return parity.Value{Kind: parity.Text, Raw: s} }
	secret := func(s string) parity.Value {
		return parity.Value{Kind: parity.Secret, Canon: digest(s), Suspected: true}
	}
	known := func(s string) parity.Value { return parity.Value{Kind: parity.Secret, Canon: digest(s)} }
	masked := func(kind parity.ValueKind, raw, canon string) parity.Value {
		return parity.Value{Kind: kind, Raw: raw, Canon: canon}
	}
	for _, c := range []struct {
		name, path string
		in, want   parity.Value
		wantPath   string
	}{
		{"kind", "/data/x", parity.Value{Kind: parity.Secret, Raw: "a"}, known("a"), ""},
		{"kind, digest stays", "/data/x", known("a"), known("a"), ""},
		{"kind, presence alone", "/data/x", parity.Value{Kind: parity.Secret}, parity.Value{Kind: parity.Secret}, ""},
		{"kind, text as canonical form", "/data/x", parity.Value{Kind: parity.Secret, Canon: "a"}, known("a"), ""},
		{"name", "/containers[name=a]/env[name=DB_PASSWORD]/value", text("a"), secret("a"), ""},
		{"name, number", "/db/password", parity.Value{Kind: parity.Number, Raw: "12345"}, secret("12345"), ""},
		{"name, canonical form", "/args[=--token]", parity.Value{Kind: parity.Text, Raw: "--token=abc", Canon: "abc"}, secret("abc"), ""},
		{"name, reference", "/secretKeyRef/name", parity.Value{Kind: parity.Reference, Raw: "a", Canon: "b"}, parity.Value{Kind: parity.Reference, Raw: "a", Canon: "b"}, ""},
		{"name, reference by kind", "/spec/password", parity.Value{Kind: parity.Reference, Raw: "a"}, parity.Value{Kind: parity.Reference, Raw: "a"}, ""},
		{"name, tuple", "/secret", parity.Value{Kind: parity.Tuple, Raw: "get secrets"}, parity.Value{Kind: parity.Tuple, Raw: "get secrets"}, ""},
		{"name, switch", "/automountServiceAccountToken", parity.Value{Kind: parity.Bool, Raw: "true"}, parity.Value{Kind: parity.Bool, Raw: "true"}, ""},
		{"name, switch as text", "/USE_PASSWORD", text("true"), text("true"), ""},
		{"name, empty", "/password", text(""), text(""), ""},
		{"name, variable", "/password", text("${DB_PASSWORD}"), text("${DB_PASSWORD}"), ""},
		{"name, variable with default", "/password", text("${DB_PASSWORD:-hunter2}"), secret("${DB_PASSWORD:-hunter2}"), ""},
		{"name, mode", "/auth", text("basic"), text("basic"), ""},
		{"name, weak with size", "/token", parity.Value{Kind: parity.Duration, Raw: "1h"}, parity.Value{Kind: parity.Duration, Raw: "1h"}, ""},
		{"name of a Secret", "/ingress/secret", text("shop-tls-cert"), text("shop-tls-cert"), ""},
		{"name, secret", "/ingress/secret", text("x9!a"), secret("x9!a"), ""},
		{"map of secrets", "/secrets/MAPS", text("a"), secret("a"), ""},
		{"map of secrets, random", "/secrets/maps", text("a81hs0ak27dh1"), secret("a81hs0ak27dh1"), ""},
		{"map of secrets, plain", "/secrets/provider", text("vault"), text("vault"), ""},
		{"configured name", "/user_PIN", text("a"), secret("a"), ""},
		{"configured path", "/vault/x/y", text("a"), secret("a"), ""},
		{"public name", "/env/PUBLIC_TOKEN", text("AKIAIOSFODNN7EXAMPLE"), text("AKIAIOSFODNN7EXAMPLE"), ""},
		{"public path", "/open/password", text("a"), text("a"), ""},
		{"content", "/url", text("https://u:abc@h/x"), masked(parity.Text, "https://u:"+r.mask("abc", inText, false)+"@h/x", "https://u:[secret]@h/x"), ""},
		{
			"content, both forms", "/url",
			parity.Value{Kind: parity.URL, Raw: "HTTPS://u:abc@h", Canon: "https://u:abc@h"},
			parity.Value{Kind: parity.URL, Raw: "HTTPS://u:" + r.mask("abc", inText, false) + "@h", Canon: "https://u:[secret]@h"},
			"",
		},
		{"content, whole", "/x", text("AKIAIOSFODNN7EXAMPLE"), known("AKIAIOSFODNN7EXAMPLE"), ""},
		{"member by name", "/passwords[=abc]", parity.Value{Kind: parity.Set, Raw: "abc"}, secret("abc"), "/passwords[=" + r.mask("abc", inPath, false) + "]"},
		{"member by content", "/args[=--password=abc]", parity.Value{Kind: parity.Set, Raw: "--password=abc"}, masked(parity.Set, "--password="+r.mask("abc", inText, false), "--password="+r.mask("abc", inCanon, true)), "/args[=--password=" + r.mask("abc", inPath, false) + "]"},
		{
			"member, variable", "/environment[=DB_PASSWORD=abc]",
			parity.Value{Kind: parity.Set, Raw: "DB_PASSWORD=abc"},
			masked(parity.Set, "DB_PASSWORD="+r.mask("abc", inText, false), "DB_PASSWORD="+r.mask("abc", inCanon, true)),
			"/environment[=DB_PASSWORD=" + r.mask("abc", inPath, false) + "]",
		},
		{
			"list", "/args",
			parity.Value{Kind: parity.List, Raw: `["--user","a","--password","abc"]`},
			masked(parity.List, `["--user","a","--password","`+r.mask("abc", inText, false)+`"]`, `["--user","a","--password","`+r.mask("abc", inCanon, true)+`"]`),
			"",
		},
		{"plain image", "/image", parity.Value{Kind: parity.Image, Raw: "a/auth:1", Canon: "docker.io/a/auth:1"}, parity.Value{Kind: parity.Image, Raw: "a/auth:1", Canon: "docker.io/a/auth:1"}, ""},
		{"plain identifier", "/id", parity.Value{Kind: parity.Identifier, Raw: "550e8400-e29b-41d4-a716-446655440000"}, parity.Value{Kind: parity.Identifier, Raw: "550e8400-e29b-41d4-a716-446655440000"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := parity.Fact{Path: c.path, Value: c.in}
			r.Fact(&parity.Subject{}, &f)
			if c.wantPath == "" {
				c.wantPath = c.path
			}
			if diff := cmp.Diff(c.want, f.Value); diff != "" || f.Path != c.wantPath {
				t.Errorf("path %q, value (-want +got):\n%s", f.Path, diff)
			}
		})
	}
}

func TestOtherSecretsOfOneTextAreEquivalent(t *testing.T) {
	a, b := fact("/args[=--url=https://u:abc@h]", parity.Set, "--url=https://u:abc@h"), fact("/args[=--url=https://u:xyz@h]", parity.Set, "--url=https://u:xyz@h")
	New([]byte("key-a"), nil, nil).Fact(&parity.Subject{}, &a)
	New([]byte("key-b"), nil, nil).Fact(&parity.Subject{}, &b)
	if a.Path != b.Path || a.Value.Canon != b.Value.Canon || !a.Rules.Has(parity.SecretForm) {
		t.Errorf("%+v and %+v do not meet", a, b)
	}
	if a.Value.Raw == b.Value.Raw {
		t.Error("the raw texts do not tell the secrets apart")
	}
	plain := fact("/url", parity.URL, "https://h")
	New([]byte("key-a"), nil, nil).Fact(&parity.Subject{}, &plain)
	if plain.Rules != 0 || plain.Value.Canon != "" {
		t.Errorf("a text without a secret becomes %+v", plain)
	}
}

func TestSubjectsNameIsPartOfThePath(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	for _, c := range []struct {
		kind, name, path string
		secret           bool
	}{
		{"section", "stringData", "/other", true},
		{"section", "secrets", "/MAPS", true},
		{"section", "auth", "/user", false},
		{"env", "DB_PASSWORD", "/value", true},
		{"env", "HOST", "/value", false},
		{"section", "password", "/value", true},
		{"env", "DB_PASSWORD", "/valueFrom/secretKeyRef/name", false},
		{"Deployment", "secrets", "/MAPS", false},
		{"section", "auth", "/passwords[=abc]#2", true},
	} {
		f := fact(c.path, parity.Text, "abc")
		r.Fact(&parity.Subject{Key: parity.Key{Kind: c.kind, Name: c.name}}, &f)
		if got := f.Value.Kind == parity.Secret; got != c.secret || c.secret && strings.Contains(f.Path, "abc") {
			t.Errorf("%s %s %s: secret is %v, want %v; path %s", c.kind, c.name, c.path, got, c.secret, f.Path)
		}
	}
}

func TestSubjectSeesNamesBesideValues(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	text := func(path, raw string) parity.Fact {
		return parity.Fact{Path: path, Value: parity.Value{Kind: parity.Text, Raw: raw}}
	}
	facts := []parity.Fact{
		text("/env[0]/name", "DB_PASSWORD"), text("/env[0]/value", "abc"), text("/env[1]/name", "HOST"), text("/env[1]/value", "abc"),
		text("/env[2]/name", "DB_PASSWORD"), text("/env[2]/value", "${X}"),
	}
	s := parity.Subject{
		Labels: []parity.Label{{Name: "token", Value: "abc"}, {Name: "app", Value: "web"}},
		Traits: []parity.Trait{{Kind: "variable", Value: "DB_PASSWORD"}},
		IDs:    []parity.Identity{{Method: "app", Value: "https://u:abc@h"}},
	}
	labels := s.Labels
	r.Subject(&s, facts)
	var got []string
	for _, f := range facts {
		got = append(got, f.Value.Kind.String()+" "+f.Value.Raw)
	}
	if diff := cmp.Diff([]string{"text DB_PASSWORD", "secret ", "text HOST", "text abc", "text DB_PASSWORD", "text ${X}"}, got); diff != "" {
		t.Error(diff)
	}
	if strings.Contains(fmt.Sprint(s), "abc") || s.Labels[1].Value != "web" || s.Traits[0].Value != "DB_PASSWORD" {
		t.Errorf("subject is %+v", s)
	}
	if labels[0].Value != "abc" {
		t.Error("labels that others may share were changed")
	}
}

func TestDerivedPathsAreRedactedOnACopy(t *testing.T) {
	r := New([]byte("k"), nil, nil)
	ref := &parity.FactRef{Path: "/env[=PASSWORD=abc]", Shadows: []parity.FactRef{{Path: "/env[=TOKEN=abcdef]"}}}
	f := parity.Fact{Path: "/env/PASSWORD", Value: parity.Value{Kind: parity.Text, Raw: "abc"}, DerivedFrom: ref}
	r.Fact(&parity.Subject{}, &f)
	if strings.Contains(fmt.Sprint(f.DerivedFrom.Path, f.DerivedFrom.Shadows), "abc") {
		t.Errorf("it is derived from %+v", f.DerivedFrom)
	}
	if ref.Path != "/env[=PASSWORD=abc]" || ref.Shadows[0].Path != "/env[=TOKEN=abcdef]" {
		t.Error("a reference that others may share was changed")
	}
}

func TestKeys(t *testing.T) {
	a, b, none := New([]byte("key-a"), nil, nil), New([]byte("key-b"), nil, nil), New(nil, nil, nil)
	if a.KeyID() == b.KeyID() || len(a.KeyID()) != 16 || none.KeyID() != "" {
		t.Errorf("key identities are %q, %q, %q", a.KeyID(), b.KeyID(), none.KeyID())
	}
	if a.KeyID() != New([]byte("key-a"), []string{"x"}, nil).KeyID() {
		t.Error("one key has two identities")
	}
	if strings.Contains(a.digest(""), a.KeyID()) || a.digest("x") == b.digest("x") {
		t.Error("digests tell of keys, or do not depend on them")
	}
	f := parity.Fact{Path: "/password", Value: parity.Value{Kind: parity.Text, Raw: "abc"}}
	none.Fact(&parity.Subject{}, &f)
	if diff := cmp.Diff(parity.Value{Kind: parity.Secret, Suspected: true}, f.Value); diff != "" {
		t.Errorf("without a key (-want +got):\n%s", diff)
	}
	if got := none.Text("password=abc"); got != "password=[secret]" {
		t.Errorf("without a key a text is %q", got)
	}
	for text, canon := range map[string]string{
		"say password=abc12 once": "say password=[secret ?] once", // no digest that could decide
		"see db://u:pa55@db/ now": "see db://u:[secret]@db/ now",
	} {
		f = parity.Fact{Path: "/note", Value: parity.Value{Kind: parity.Text, Raw: text}}
		for range 2 { // what is masked stays
			none.Fact(&parity.Subject{}, &f)
			if f.Value.Canon != canon || strings.Contains(f.Value.Raw, "?") || !f.Rules.Has(parity.SecretForm) {
				t.Errorf("without a key %q is %+v", text, f)
			}
		}
	}
	key, err := NewRandomKey(strings.NewReader(strings.Repeat("r", KeySize)))
	if err != nil || len(key) != KeySize {
		t.Errorf("a random key has %d bytes, %v", len(key), err)
	}
	if _, err := NewRandomKey(strings.NewReader("r")); err == nil {
		t.Error("too little randomness makes a key")
	}
}

// marker is what must not be found again.
const marker = "Zq7hunter2Marker"

// encodings are the forms in which a secret stands in files.
var encodings = map[string]func(string) string{
	"plain":  func(s string) string { return s },
	"base64": func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"url":    url.QueryEscape,
	"json": func(s string) string {
		b, _ := json.Marshal(s)
		return strings.Trim(string(b), `"`)
	},
}

func TestNoEncodingOfASecretSurvives(t *testing.T) {
	names := rapid.SampledFrom([]string{"PASSWORD", "dbPassword", "client-secret", "API_KEY", "apiToken", "authToken", "connectionString", "SENTRY_DSN", "privateKey", "secretKeyBase"})
	noise := rapid.StringMatching(`[ -~éü]{0,6}`)
	forms := rapid.SampledFrom([]string{"plain", "base64", "url", "json"})
	carriers := map[string]func(name, value string) parity.Fact{
		"key": func(n, v string) parity.Fact { return fact("/a/"+n, parity.Text, v) },
		"variable": func(n, v string) parity.Fact {
			return fact("/containers[name=web]/env[name="+n+"]/value", parity.Text, v)
		},
		"flag": func(n, v string) parity.Fact {
			return parity.Fact{Path: "/args[=--" + n + "]", Value: parity.Value{Kind: parity.Text, Raw: "--" + n + "=" + v, Canon: v}}
		},
		"member": func(n, v string) parity.Fact { return fact("/"+n+"[="+v+"]", parity.Set, v) },
		"list":   func(n, v string) parity.Fact { return fact("/a/"+n, parity.List, `["`+v+`"]`) },
	}
	kinds := rapid.SampledFrom([]string{"key", "variable", "flag", "member", "list"})
	r := New([]byte("k"), nil, nil)
	rapid.Check(t, func(rt *rapid.T) {
		secret := noise.Draw(rt, "before") + marker + noise.Draw(rt, "after")
		encoded := encodings[forms.Draw(rt, "form")](secret)
		f := carriers[kinds.Draw(rt, "carrier")](names.Draw(rt, "name"), encoded)
		r.Fact(&parity.Subject{}, &f)
		if out := f.Path + f.Value.Raw + f.Value.Canon; strings.Contains(out, marker) || strings.Contains(out, encoded) || f.Value.Kind != parity.Secret {
			rt.Errorf("%q becomes %+v at %q", encoded, f.Value, f.Path)
		}
	})
}

func fact(path string, kind parity.ValueKind, raw string) parity.Fact {
	return parity.Fact{Path: path, Value: parity.Value{Kind: kind, Raw: raw}}
}

func TestNoSecretSurvivesInText(t *testing.T) {
	names := rapid.SampledFrom([]string{"PASSWORD", "dbPassword", "client-secret", "API_KEY", "passwd"})
	templates := rapid.SampledFrom([]string{
		"%s=%s", "%s: %s", "%s: \"%s\"", "{\"%s\":\"%s\"}", "a: 1\n%s: '%s'\nb: 2", "export %s=%s\n", "--%s=%s --x", "--%s %s", `["--%s","%s"]`,
		"https://h/?a=1&%s=%s&b=2", `"{\"%s\":\"%s\"}"`, "host=a;%s=%s;x=y", "<a><%s>%s</a>",
	})
	forms := rapid.SampledFrom([]string{"plain", "base64", "url", "json"})
	r := New([]byte("k"), nil, nil)
	rapid.Check(t, func(rt *rapid.T) {
		encoded := encodings[forms.Draw(rt, "form")](marker)
		text := fmt.Sprintf(templates.Draw(rt, "template"), names.Draw(rt, "name"), encoded)
		if rapid.Bool().Draw(rt, "wrapped") {
			text = base64.StdEncoding.EncodeToString([]byte(text + strings.Repeat(" ", 30)))
		}
		out := r.Text(text)
		if strings.Contains(out, encoded) || strings.Contains(out, text) {
			rt.Errorf("Text(%q) = %q", text, out)
		}
	})
}

func BenchmarkSubject(b *testing.B) {
	r := New([]byte("k"), nil, nil)
	facts := make([]parity.Fact, 0, 15)
	for j, raw := range []string{"https://web-1.example.com/path", "registry.example.com/shop/web:1.2.3", "true", "512Mi", "info", "db.example.com:5432", "production", "3", "/var/lib/data", "8080", "a-b-c", "web", "arn:aws:iam::172025368201:role/app", "some text of several words", "x"} {
		facts = append(facts, fact(fmt.Sprintf("/spec/template/spec/containers[name=web]/env[name=SETTING_%02d]/value", j), parity.Text, raw))
	}
	s := parity.Subject{Key: parity.Key{Kind: "Deployment", Scope: "shop", Name: "web"}, Labels: []parity.Label{{Name: "app", Value: "web"}}}
	b.ReportAllocs()
	for b.Loop() {
		r.Subject(&s, facts)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(facts)), "ns/fact")
}
