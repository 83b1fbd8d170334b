package value

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
	"pgregory.net/rapid"
)

func TestQuantity(t *testing.T) {
	for in, want := range map[string]string{
		"1000m": "1", "1": "1", "1.0": "1", "0.1": "0.1", "100m": "0.1", "1Gi": "1073741824", "1024Mi": "1073741824",
		"1.5Gi": "1610612736", "1500Mi": "1572864000", "1k": "1000", "1e3": "1000", "1E3": "1000", "2E": "2000000000000000000",
		"-5": "-5", "+5": "5", "0": "0", "0.0": "0", ".5": "0.5", "5.": "5", "12n": "0.000000012", "100e-2": "1", "010": "10",
		"123456789012345678901234567890": "123456789012345678901234567890",
	} {
		if got, ok := Quantity(in); !ok || got != want {
			t.Errorf("Quantity(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "m", "1.2.3", "1 Gi", "1gi", "1KB", "abc", "1e", "1e-", "--1", "1mm", "0x10", "1e9999"} {
		if got, ok := Quantity(in); ok {
			t.Errorf("Quantity(%q) = %q", in, got)
		}
	}
}

func TestDuration(t *testing.T) {
	for in, want := range map[string]string{
		"60s": "1m", "1m": "1m", "PT1M": "1m", "90s": "1m30s", "1m30s": "1m30s", "1h": "1h", "1d": "24h", "1w": "168h",
		"1d12h": "36h", "P1D": "24h", "P1DT1H": "25h", "0": "0s", "250ms": "250ms", "1.5s": "1.5s", "10m": "10m", "1h10m": "1h10m",
	} {
		if got, ok := Duration(in); !ok || got != want {
			t.Errorf("Duration(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "5", "5 s", "P", "PT", "P1M", "P1Y", "1x", "s", "PT-1S", "99999999d", "1d5"} {
		if got, ok := Duration(in); ok {
			t.Errorf("Duration(%q) = %q", in, got)
		}
	}
}

func TestParseImage(t *testing.T) {
	const digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for in, want := range map[string]string{
		"nginx":                           "docker.io/library/nginx:latest",
		"nginx:1.2":                       "docker.io/library/nginx:1.2",
		"docker.io/nginx:1.2":             "docker.io/library/nginx:1.2",
		"index.docker.io/library/nginx:1": "docker.io/library/nginx:1",
		"r/x:1":                           "docker.io/r/x:1",
		"localhost/x":                     "localhost/x:latest",
		"registry.example:5000/a/b:v1":    "registry.example:5000/a/b:v1",
		"ghcr.io/a/b@" + digest:           "ghcr.io/a/b@" + digest,
		"ghcr.io/a/b:v1@" + digest:        "ghcr.io/a/b:v1@" + digest,
		"registry.example:5000/a/b":       "registry.example:5000/a/b:latest",
	} {
		if i, ok := ParseImage(in); !ok || i.Canonical(nil) != want {
			t.Errorf("ParseImage(%q) = %q, %v, want %q", in, i.Canonical(nil), ok, want)
		}
	}
	for _, in := range []string{"", "a b", "https://x/y", "x:", "x:-1", "A/B", "a@sha256:12", "/x", "x/", "{{ .Values.image }}", "a?b"} {
		if i, ok := ParseImage(in); ok {
			t.Errorf("ParseImage(%q) = %q", in, i.Canonical(nil))
		}
	}
	i, _ := ParseImage("mirror.example/dockerhub/library/nginx:1")
	mirrors := map[string]string{"mirror.example": "other.example", "mirror.example/dockerhub": "docker.io"}
	if got := i.Canonical(mirrors); got != "docker.io/library/nginx:1" {
		t.Errorf("through the longest mirror: %q", got)
	}
	i, _ = ParseImage("mirror.example/dockerhub2/x:1")
	if got := i.Canonical(map[string]string{"mirror.example/dockerhub": "docker.io"}); got != "mirror.example/dockerhub2/x:1" {
		t.Errorf("part of a segment: %q", got)
	}
}

func TestVersionScheduleURL(t *testing.T) {
	for in, want := range map[string]string{"v1.2.3": "1.2.3", "1.2.3": "1.2.3", "1.2.3-rc.1": "1.2.3-rc.1", "v1.2": "1.2", "1.2.3+b5": "1.2.3+b5"} {
		if got, ok := Version(in); !ok || got != want {
			t.Errorf("Version(%q) = %q, %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "1", "v1", "1.2", "1..2", "a.b.c", "1.2.x", "1.2.3.4.5", "version"} {
		if got, ok := Version(in); ok {
			t.Errorf("Version(%q) = %q", in, got)
		}
	}
	for _, in := range []string{"* * * * *", "*/5 1-3 * * 1,2", "0 0 1 JAN SUN", "@daily", "@every 1h", "0 0 12 * * ?"} {
		if !Schedule(in) {
			t.Errorf("%q is no schedule", in)
		}
	}
	for _, in := range []string{"", "* * * *", "one two three four five", "@sometimes", "@every x", "a b c d e f"} {
		if Schedule(in) {
			t.Errorf("%q is a schedule", in)
		}
	}
	for in, want := range map[string]string{
		"HTTPS://A.Example/": "https://a.example", "http://a:80/x": "http://a/x", "http://a:81/x": "http://a:81/x",
		"postgres://h:5432/db": "postgres://h/db", "https://a/?q=1": "https://a/?q=1",
	} {
		if got, ok := CanonicalURL(in); !ok || got != want {
			t.Errorf("CanonicalURL(%q) = %q, %v, want %q", in, got, ok, want)
		}
	}
	for _, in := range []string{"", "://x", "a b://c", "mailto:x", "https://", "x y", "http://[::1"} {
		if got, ok := CanonicalURL(in); ok {
			t.Errorf("CanonicalURL(%q) = %q", in, got)
		}
	}
}

func TestIdentifier(t *testing.T) {
	for in, want := range map[string]string{
		"350c0e9c-6d40-419b-b5f7-ce2f92e64bfe": "uuid", "arn:aws:iam::111122223333:role/x": "arn", "111122223333": "account",
		"5b89509cb7b60f7594b76f364fc2caa3fd5a389f": "hash", "sg-0fbf35ced0d59fd4a": "id", "ami-026ebd4cfe2c043b2": "id",
	} {
		if got, ok := Identifier(in); !ok || got != want {
			t.Errorf("Identifier(%q) = %q, %v", in, got, ok)
		}
	}
	for _, in := range []string{"", "12345678901", "production", "deadbeefdeadbeefdeadbeefdeadbeef", "web-frontend", "arn:aws", "11111111111111111111111111111111"} {
		if got, ok := Identifier(in); ok {
			t.Errorf("Identifier(%q) = %q", in, got)
		}
	}
}

func TestOf(t *testing.T) {
	for _, tt := range []struct {
		path, text string
		scalar     Scalar
		kind       parity.ValueKind
		canon      string
	}{
		{"/a", "", NullScalar, parity.Null, ""},
		{"/a", "True", BoolScalar, parity.Bool, "true"},
		{"/a", "01.50", NumberScalar, parity.Number, "1.5"},
		{"/a", "0x1f", NumberScalar, parity.Number, "0x1f"},
		{"/resources/limits/cpu", "1", NumberScalar, parity.Quantity, "1"},
		{"/resources/limits/cpu", "100m", StringScalar, parity.Quantity, "0.1"},
		{"/resources/limits/cpu", "a lot", StringScalar, parity.Text, "a lot"},
		{"/env[name=CPU]/value", "100m", StringScalar, parity.Text, "100m"},
		{"/x/image", "shop/web:1", StringScalar, parity.Image, "docker.io/shop/web:1"},
		{"/x/image", "web", StringScalar, parity.Text, "web"},
		{"/readTimeout", "60s", StringScalar, parity.Duration, "1m"},
		{"/name", "60s", StringScalar, parity.Text, "60s"},
		{"/url", "https://a/", StringScalar, parity.URL, "https://a"},
		{"/schedule", "1 2 * * *", StringScalar, parity.Schedule, "1 2 * * *"},
		{"/text", "1 2 * * *", StringScalar, parity.Text, "1 2 * * *"},
		{"/appVersion", "v1.2.3", StringScalar, parity.Version, "1.2.3"},
		{"/x", "v1.2.3", StringScalar, parity.Version, "v1.2.3"},
		{"/x", "127.0.0.1", StringScalar, parity.Text, "127.0.0.1"},
		{"/x", "12", StringScalar, parity.Number, "12"},
		{"/x", "111122223333", StringScalar, parity.Identifier, "111122223333"},
	} {
		v, rules := Of(tt.path, tt.text, tt.scalar)
		if v.Kind != tt.kind || v.Canonical() != tt.canon || v.Raw != tt.text {
			t.Errorf("Of(%q, %q) is %v %q", tt.path, tt.text, v.Kind, v.Canonical())
		}
		if (v.Canon != "") != (rules.Effects(parity.Shapes) != 0) {
			t.Errorf("Of(%q, %q): canonical form %q by rules %v", tt.path, tt.text, v.Canon, rules)
		}
	}
}

func TestTail(t *testing.T) {
	for path, want := range map[string]string{
		"/a/b": "b", "/env[name=FOO]/value": "FOO", "/l[=x]": "x", "/l[name=x]": "name=x", "": "", "/a[name=x]/b": "b",
	} {
		if got := Tail(path); got != want {
			t.Errorf("Tail(%q) = %q, want %q", path, got, want)
		}
	}
}

// TestCanonicalIsStable: a canonical form is its own canonical form.
func TestCanonicalIsStable(t *testing.T) {
	forms := map[string]func(string) (string, bool){
		"quantity": Quantity, "duration": Duration, "url": CanonicalURL,
		"image": func(s string) (string, bool) { i, ok := ParseImage(s); return i.Canonical(nil), ok },
	}
	text := rapid.OneOf(rapid.String(), rapid.StringMatching(`[0-9]{1,6}(\.[0-9]{1,4})?(m|k|Mi|Gi|e3)?`),
		rapid.StringMatching(`([0-9]{1,3}[dhms]){1,3}`), rapid.StringMatching(`https?://[a-z.]{1,9}(:80|:443)?/[a-z]{0,3}`),
		rapid.StringMatching(`([a-z]{1,5}\.io/)?[a-z]{1,5}(/[a-z]{1,5})?(:[a-z0-9.]{1,5})?`))
	rapid.Check(t, func(t *rapid.T) {
		s := text.Draw(t, "text")
		for name, form := range forms {
			once, ok := form(s)
			if !ok {
				continue
			}
			if twice, ok := form(once); !ok || twice != once {
				t.Fatalf("%s: %q gives %q, which gives %q, %v", name, s, once, twice, ok)
			}
		}
	})
}

func FuzzValue(f *testing.F) {
	for _, s := range []string{"1000m", "PT1M", "docker.io/x:1@sha256:0", "https://u:p@h:443/?q", "v1.2", "@every 1h", "arn:aws:iam::1:x"} {
		f.Add("/image", s)
		f.Add("/env[name=A]/value", s)
	}
	f.Fuzz(func(t *testing.T, path, s string) {
		for _, scalar := range []Scalar{NullScalar, BoolScalar, NumberScalar, StringScalar} {
			if v, _ := Of(path, s, scalar); v.Raw != s {
				t.Errorf("the raw value changed to %q", v.Raw)
			}
		}
		Quantity(s)
		Duration(s)
		Schedule(s)
		Identifier(s)
		if !strings.Contains(path, Tail(path)) {
			t.Errorf("the tail of %q is no part of it", path)
		}
	})
}
