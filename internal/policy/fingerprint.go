package policy

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"

	"github.com/envparity/parity"
)

// fingerprint identifies a difference over time: the first 8 bytes, in
// hexadecimal, of the SHA-256 over subject, surface, path and class. Each part
// is preceded by its length in bytes, as four bytes, most significant first,
// so that no two lists of parts are one text.
//
// Subject and path are the logical ones, from which environments' spellings
// have been taken out; no value takes part. So it stays while a value moves,
// while an environment is renamed, and while a decision explains the
// difference: the class is compare's, never expected or excepted. The surface
// of a whole subject (path "") is left empty: it would move with the facts
// that the subject happens to have.
//
// Columns take no part either. The same difference in staging and in dev has
// one fingerprint; exceptions and baselines name the columns beside it.
func fingerprint(subject parity.Key, s parity.Surface, path string, c parity.Class) string {
	surface := ""
	if path != "" {
		surface = s.String()
	}
	var buf [512]byte
	b := buf[:0]
	for _, part := range []string{
		"parity/1", subject.Kind, subject.Group, subject.Scope, subject.Name, surface, path, c.String(),
	} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(part)))
		b = append(b, part...)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:8])
}

// logicalPath is the path that takes part in the fingerprint.
func logicalPath(j *parity.Joined) string {
	if j.LogicalPath != "" {
		return j.LogicalPath
	}
	return j.Path
}
