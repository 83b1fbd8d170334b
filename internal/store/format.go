// Package store keeps snapshots in files that another machine can read.
//
// A snapshot file is JSON Lines, compressed with zstd: `zstdcat FILE | jq`
// shows it. The first line is the header. Lines of tables follow, then a line
// for each subject with its facts, then one for each gap. Facts are arrays,
// since a large snapshot holds hundreds of thousands:
//
//	[path, kind, surface, raw, canon, rules, line, column, origin, derived]
//
// Elements at the end that are 0 or empty are left out. path is an index into
// the lines of paths, kind into the header's kinds, surface into its surfaces,
// rules into its ruleSets and origin into the lines of origins, where 0 is
// none; an origin that is left out is the subject's. derived is
// [kind, group, scope, name, path, shadows...]. An origin is
//
//	[file, precision, renderer, object, from, writers...]
//
// with four texts for each writer: manager, operation, subresource and time.
//
// A suspected secret is of the kind "suspected-secret", which no other value
// has.
//
// The file begins with a frame by which it is known and ends with a seal, a tag
// and a checksum over all of it. Decompressing leaves out both.
package store

import (
	"bytes"
	"time"

	"github.com/envparity/parity"
)

// Version is the version of the format. A reader refuses any other.
const Version = 1

// Limits bound what reading takes, whatever the file says.
type Limits struct {
	Bytes     int64 // most bytes after decompression; default 512 MiB
	LineBytes int   // longest line in bytes; default 128 MiB
	Facts     int   // most facts; default 5,000,000
}

// DefaultLimits are the bounds where nothing else is said.
func DefaultLimits() Limits { return Limits{Bytes: 512 << 20, LineBytes: 128 << 20, Facts: 5_000_000} }

func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	if l.Bytes > 0 {
		d.Bytes = l.Bytes
	}
	if l.LineBytes > 0 {
		d.LineBytes = l.LineBytes
	}
	if l.Facts > 0 {
		d.Facts = l.Facts
	}
	return d
}

// header is the first line.
type header struct {
	Parity   string            `json:"parity"`
	Version  int               `json:"version"`
	Column   parity.Column     `json:"column"`
	Time     time.Time         `json:"time"`
	Tools    map[string]string `json:"tools,omitempty"`
	KeyID    string            `json:"keyId,omitempty"`
	Digest   string            `json:"digest"`
	Counts   counts            `json:"counts"`
	Kinds    []string          `json:"kinds"`
	Surfaces []string          `json:"surfaces"`
	RuleSets [][]string        `json:"ruleSets"`
}

type counts struct {
	Subjects int `json:"subjects"`
	Facts    int `json:"facts"`
	Gaps     int `json:"gaps"`
}

// suspectedSecret is the name of the kind of suspected secrets.
const suspectedSecret = "suspected-secret"

const (
	formatName = "snapshot"
	plainHead  = `{"parity":"snapshot"`
)

// oldMark and sealedMark are skippable zstd frames at the beginning of a file,
// by which it is recognised without decompressing it. Files with oldMark have
// no seal and are not written any more.
var oldMark = skippable(0x50, []byte("parity snapshot\n"))

var zstdMagic = []byte{0x28, 0xB5, 0x2F, 0xFD}

// IsSnapshot reports whether a file that begins with head is a snapshot: one
// that WriteSnapshot wrote, the same recompressed, or its plain lines. 32
// bytes are enough.
func IsSnapshot(head []byte) bool {
	return bytes.HasPrefix(head, sealedMark) || bytes.HasPrefix(head, oldMark) || bytes.HasPrefix(head, zstdMagic) || bytes.HasPrefix(head, []byte(plainHead))
}
