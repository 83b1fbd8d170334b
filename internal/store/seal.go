package store

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"io"

	"github.com/envparity/parity"
)

// Key authenticates snapshots. The zero Key authenticates none.
type Key struct {
	// ID is the identity that a snapshot's header names.
	ID string
	// Secret is known to those alone who may write snapshots under the ID.
	Secret []byte
}

// Authenticity says what is known of who wrote a snapshot.
type Authenticity uint8

const (
	// NoTag says that the file has no tag: it is of an earlier parity, was compressed
	// again, or holds plain lines.
	NoTag Authenticity = iota
	// OtherKey says that the file was written under a key that the reader does not have.
	OtherKey
	// Authentic says that whoever wrote the file has the reader's key, and no bit of it
	// was changed since.
	Authentic
)

// ErrForged is the cause of the error for a file that claims the reader's key
// and was not written with it.
var ErrForged = errors.New("its tag is not one of the key that it names")

// A sealed file begins with sealedMark and ends with a seal: a skippable zstd
// frame that holds a tag and a checksum. The checksum covers every byte of the
// file before it, whoever reads it; the tag covers those before the seal, for
// who has the key. Without a key the tag is zero.
var (
	sealedMark = skippable(0x50, []byte("parity snapshot, sealed\n"))
	sealHead   = skippable(0x5E, make([]byte, 2*sha256.Size))[:8]
)

// sealSize is the length of a seal.
const sealSize = 8 + 2*sha256.Size

// skippable makes a frame that decompressing leaves out.
func skippable(kind byte, content []byte) []byte {
	b := binary.LittleEndian.AppendUint32([]byte{kind, 0x2A, 0x4D, 0x18}, uint32(len(content)))
	return append(b, content...)
}

// tag gives the tag of a file whose bytes before the seal have the sum. It is
// zero without a secret.
func (k Key) tag(sum []byte) []byte {
	if len(k.Secret) == 0 {
		return make([]byte, sha256.Size)
	}
	mac := hmac.New(sha256.New, k.Secret)
	mac.Write([]byte("parity: a sealed snapshot\x00"))
	mac.Write(sum)
	return mac.Sum(nil)
}

// sealer writes a file and, at its end, the seal.
type sealer struct {
	w   io.Writer
	sum hash.Hash
}

func newSealer(w io.Writer) *sealer { return &sealer{w: w, sum: sha256.New()} }

func (s *sealer) Write(p []byte) (int, error) {
	n, err := s.w.Write(p)
	s.sum.Write(p[:n])
	return n, err
}

func (s *sealer) seal(key Key) error {
	tag := key.tag(s.sum.Sum(nil))
	if _, err := s.Write(append(bytes.Clone(sealHead), tag...)); err != nil {
		return err
	}
	_, err := s.w.Write(s.sum.Sum(nil))
	return err
}

// sealedReader reads a sealed file up to its seal.
type sealedReader struct {
	r   *bufio.Reader // holds more than a seal
	sum hash.Hash
	// seal is what stands where the seal must be, once all else was read.
	seal []byte
}

func (s *sealedReader) Read(p []byte) (int, error) {
	ahead, err := s.r.Peek(sealSize + 1)
	switch {
	case len(ahead) == sealSize && errors.Is(err, io.EOF):
		s.seal = bytes.Clone(ahead)
		return 0, io.EOF
	case errors.Is(err, io.EOF):
		return 0, io.ErrUnexpectedEOF
	case err != nil:
		return 0, err
	}
	n, err := s.r.Read(p[:min(len(p), s.r.Buffered()-sealSize)])
	s.sum.Write(p[:n])
	return n, err
}

// check tells what the seal says of a file whose header names the key keyID.
func (s *sealedReader) check(key Key, keyID string) (Authenticity, error) {
	if len(s.seal) != sealSize {
		return NoTag, broken(0, "the snapshot is cut off", nil)
	}
	want := key.tag(s.sum.Sum(nil))
	covered := len(s.seal) - sha256.Size
	s.sum.Write(s.seal[:covered])
	if !bytes.HasPrefix(s.seal, sealHead) || !bytes.Equal(s.sum.Sum(nil), s.seal[covered:]) {
		return NoTag, broken(0, "the snapshot is damaged: its bytes are not those that were written", nil)
	}
	tag := s.seal[len(sealHead):covered]
	switch {
	case len(key.Secret) > 0 && key.ID == keyID:
		if !hmac.Equal(tag, want) {
			return NoTag, forged()
		}
		return Authentic, nil
	case bytes.Equal(tag, make([]byte, sha256.Size)):
		return NoTag, nil
	}
	return OtherKey, nil
}

func forged() error {
	return &parity.Error{
		Code: parity.CodeConfig, What: "the snapshot was changed, or not written by who it says", Err: ErrForged,
		Hint: "take the snapshot again with parity snapshot, where its key is",
	}
}
