package app

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

// TestRandomKeysPass draws keys of every usual spelling.
func TestRandomKeysPass(t *testing.T) {
	for range 5_000 {
		raw := make([]byte, 32)
		if _, err := rand.Read(raw); err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{
			hex.EncodeToString(raw), hex.EncodeToString(raw[:16]), strings.ToUpper(hex.EncodeToString(raw[:16])),
			base64.StdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw[:24]), string(raw[:16]),
		} {
			if _, err := checkKey("", key); err != nil {
				t.Fatalf("a key drawn at random is refused (%.0f bits): %q", keyBits(key), key)
			}
		}
	}
}

// TestHexDigitsPass looks for 32 hexadecimal digits that are refused, among
// those that no counting, repeating or spelling hand has made.
func TestHexDigitsPass(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		seed := rapid.Uint64().Draw(rt, "seed")
		key := make([]byte, 32)
		for i := range key { // splitmix64
			seed += 0x9E3779B97F4A7C15
			z := seed
			z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
			z = (z ^ z>>27) * 0x94D049BB133111EB
			key[i] = "0123456789abcdef"[(z^z>>31)&15]
		}
		if b := keyBits(string(key)); b < minKeyBits {
			rt.Errorf("%s has %.0f bits", key, b)
		}
	})
}

func TestWeakKeysAreRefused(t *testing.T) {
	for _, key := range []string{
		"short", "aaaaaaaaaaaaaaaa", strings.Repeat("f", 64), strings.Repeat("ab", 32), strings.Repeat("0123", 8),
		"0123456789abcdef0123456789abcdef", "1234567890123456", "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba",
		"changemechangeme", "passwordpassword", "correct horse battery staple", "envparity/parity", "refs/heads/main-2024",
		"my-secret-key-123", "00000000-0000-0000-0000-000000000000", "deadbeefdeadbeefdeadbeef", "Password123456789",
		"/home/runner/work/shop/shop", "https://github.com", strings.Repeat("a", 1<<20),
	} {
		if _, err := checkKey("here", key); err == nil {
			t.Errorf("%.40q passes with %.0f bits", key, keyBits(key))
		} else if parity.CodeOf(err) != parity.CodeConfig || len(key) > 5 && strings.Contains(err.Error(), key) {
			t.Errorf("%.40q: %v", key, err)
		}
	}
}

func TestPublicVariables(t *testing.T) {
	cfg := config.Default()
	a := New(Options{WorkDir: t.TempDir(), Random: iotest.ErrReader(nil), Lookup: func(name string) (string, bool) {
		return "4f1d9c0be62a7758930c5ad1e8b7f264", name == "GITHUB_SHA" || name == "RENAMED"
	}})
	for _, name := range []string{"GITHUB_REPOSITORY", "CI_COMMIT_SHA", "RUNNER_NAME", "GITLAB_USER_ID", "HOME", "path", "PWD", "HOSTNAME", "LANG", "LC_ALL", "RENAMED"} {
		cfg.Secrets.KeyEnv = name
		if _, err := a.key(cfg); parity.CodeOf(err) != parity.CodeConfig || !strings.Contains(err.Error(), "others can know") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range []string{"PARITY_KEY", "SHOP_DIGEST_KEY", "CIPHER", "HOMEPAGE_KEY"} {
		if publicVariable(name) {
			t.Errorf("%s is refused", name)
		}
	}
}
