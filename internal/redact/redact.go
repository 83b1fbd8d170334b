// Package redact decides what is secret and turns it into keyed digests.
//
// A value is secret by its kind (the collector says so), by its name (a
// variable, key or flag called PASSWORD) or by its content (a private key, a
// token, a password in a URL). By kind and name the whole value becomes a
// digest; by content only the secret part of it does, so that the rest still
// compares.
package redact

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

	"github.com/envparity/parity"
)

// DigestPrefix begins the canonical form of every secret value.
const DigestPrefix = "hmac-sha256:"

// KeySize is the length of a random key in bytes.
const KeySize = 32

// Redactor replaces secrets. It is safe for concurrent use.
type Redactor struct {
	key    []byte
	names  []pattern
	public []pattern
}

// New makes a redactor. names and public are patterns of names whose values
// are secret, or are not though they look so; '*' stands for any text and '?'
// for one byte, and case does not matter. A pattern with a '/' is held against
// the whole path, any other against the name alone.
//
// Without a key nothing is digested: a secret is then known to be present, and
// no more.
func New(key []byte, names, public []string) *Redactor {
	return &Redactor{key: append([]byte(nil), key...), names: patterns(names), public: patterns(public)}
}

// NewRandomKey reads a key from r, which should be a source of
// cryptographically secure randomness.
func NewRandomKey(r io.Reader) ([]byte, error) {
	key := make([]byte, KeySize)
	if _, err := io.ReadFull(r, key); err != nil {
		return nil, fmt.Errorf("read randomness for a key: %w", err)
	}
	return key, nil
}

// KeyID identifies the key without telling it: 16 hexadecimal digits. It is
// empty without a key.
func (r *Redactor) KeyID() string {
	if len(r.key) == 0 {
		return ""
	}
	return r.sum("parity: the identity of this key", "")[:16]
}

// digest gives a secret's canonical form, empty without a key.
func (r *Redactor) digest(secret string) string {
	if len(r.key) == 0 {
		return ""
	}
	return DigestPrefix + r.sum("parity: a secret value", secret)
}

// Digest returns a keyed digest of a text that may hold secrets, so that two
// texts can be told apart and neither can be guessed. It is empty without a key.
func (r *Redactor) Digest(text string) string {
	if len(r.key) == 0 {
		return ""
	}
	return r.sum("parity: a text", text)
}

// sum is the hexadecimal HMAC of a text in one of the domains that the key is
// used for.
func (r *Redactor) sum(domain, text string) string {
	mac := hmac.New(sha256.New, r.key)
	io.WriteString(mac, domain) //nolint:errcheck // a hash takes everything
	mac.Write([]byte{0})
	io.WriteString(mac, text) //nolint:errcheck // a hash takes everything
	return hex.EncodeToString(mac.Sum(nil))
}

// style is how a mask is written.
type style uint8

const (
	inText  style = iota // with the first digits of the digest, for people
	inCanon              // a known secret by presence alone, a suspected one as in a text
	inPath               // the same without brackets, which have a meaning there
)

// mask stands for a secret part of a larger text.
func (r *Redactor) mask(secret string, st style, suspected bool) string {
	switch {
	case st == inPath:
		return "secret"
	case len(r.key) == 0 && st == inCanon && suspected:
		return "[secret ?]" // its digest would decide, and there is none
	case st == inCanon && !suspected || len(r.key) == 0:
		return "[secret]"
	default:
		return "[secret " + r.sum("parity: a secret value", secret)[:8] + "]"
	}
}

// secret makes the whole value a secret one.
func (r *Redactor) secret(v *parity.Value, text string, suspected bool) {
	*v = parity.Value{Kind: parity.Secret, Canon: r.digest(text), Suspected: suspected}
}
