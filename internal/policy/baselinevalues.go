package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/envparity/parity"
)

// maxKnownValue is the longest value that a baseline holds as it is, in bytes; of
// a longer one it holds a digest.
const maxKnownValue = 200

// secretValue stands for a secret whose value is not compared.
const secretValue = "[secret]"

// secretPrefix begins the keyed digest of a secret.
const secretPrefix = "[secret] "

// isDigest reports whether a known value is the keyed digest of a secret.
func isDigest(value string) bool { return strings.HasPrefix(value, secretPrefix) }

// keepsValues reports whether differences need their values.
func (g *Judge) keepsValues() bool { return g.opts.KeepValues || g.opts.Baseline != nil }

// knownValues returns what the record's columns and the reference hold, by
// column.
func (g *Judge) knownValues(x *record, cells []parity.Cell) map[string]string {
	out := make(map[string]string, len(x.columns)+1)
	both := x.Class != parity.Missing && x.Class != parity.Extra
	for _, c := range append([]int{g.ref}, x.columns...) {
		if f := cells[c].Fact; f != nil {
			out[g.names[c]] = knownValue(f.Value, both)
		}
	}
	return out
}

// knownValue is a value as a baseline holds it: canonical, so that another
// spelling is no other value. Of a secret it is the keyed digest where two sides
// have one, and else only that it is set.
func knownValue(v parity.Value, both bool) string {
	if v.Kind == parity.Secret {
		if !both || v.Canon == "" {
			return secretValue
		}
		return secretPrefix + v.Canon
	}
	text := v.Canonical()
	if v.Kind == parity.Null {
		text = "null"
	}
	if len(text) <= maxKnownValue {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	return fmt.Sprintf("sha256:%s (%d bytes)", hex.EncodeToString(sum[:]), len(text))
}
