package render

import (
	"encoding/binary"
	"errors"
	"io"
)

// kind says what a frame carries.
type kind byte

const (
	kindJob      kind = 1 + iota // a rendering to do
	kindQuestion                 // what a rendering asks while it runs
	kindAnswer                   // the answer to a question
	kindRefusal                  // a question that has no answer
	kindResult                   // what was rendered
	kindFailure                  // why nothing was
)

// headBytes are the kind and the length that a frame begins with.
const headBytes = 5

// chunk bounds what is allocated before it has arrived.
const chunk = 1 << 20

var (
	errFrameTooLarge = errors.New("the frame is larger than its bound")
	errFrameKind     = errors.New("the frame is of no known kind")
)

// writeFrame writes one frame.
func writeFrame(w io.Writer, k kind, payload []byte) error {
	if int64(len(payload)) > maxFrame {
		return errFrameTooLarge
	}
	var head [headBytes]byte
	head[0] = byte(k)
	binary.BigEndian.PutUint32(head[1:], uint32(len(payload)))
	if _, err := w.Write(head[:]); err != nil {
		return err
	}
	_, err := w.Write(payload)
	return err
}

// maxFrame is the longest payload that a frame's head can tell of.
const maxFrame = 1<<32 - 1

// readFrame reads one frame whose payload must not be longer than most bytes.
// It never allocates more than twice of what has arrived, and one chunk.
func readFrame(r io.Reader, most int64) (kind, []byte, error) {
	var head [headBytes]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, nil, err
	}
	k := kind(head[0])
	if k < kindJob || k > kindFailure {
		return 0, nil, errFrameKind
	}
	n := int64(binary.BigEndian.Uint32(head[1:]))
	if n > most {
		return k, nil, errFrameTooLarge
	}
	payload := make([]byte, 0, min(n, chunk))
	for int64(len(payload)) < n {
		if len(payload) == cap(payload) {
			payload = append(make([]byte, 0, min(n, int64(2*cap(payload)))), payload...)
		}
		part := payload[len(payload):cap(payload)]
		if _, err := io.ReadFull(r, part); err != nil {
			return k, nil, io.ErrUnexpectedEOF
		}
		payload = payload[:cap(payload)]
	}
	return k, payload, nil
}
