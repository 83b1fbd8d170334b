package render

import (
	"encoding/binary"
	"errors"
)

// Encoder writes the fields of a message one after the other. The zero value
// is ready to use.
type Encoder struct{ data []byte }

// Data returns what was written.
func (e *Encoder) Data() []byte { return e.data }

// Uint writes a number.
func (e *Encoder) Uint(n uint64) { e.data = binary.AppendUvarint(e.data, n) }

// Int writes a number that may be negative.
func (e *Encoder) Int(n int64) { e.data = binary.AppendVarint(e.data, n) }

// Bool writes a truth value.
func (e *Encoder) Bool(b bool) {
	n := byte(0)
	if b {
		n = 1
	}
	e.data = append(e.data, n)
}

// String writes a text.
func (e *Encoder) String(s string) {
	e.Uint(uint64(len(s)))
	e.data = append(e.data, s...)
}

// Bytes writes bytes.
func (e *Encoder) Bytes(b []byte) {
	e.Uint(uint64(len(b)))
	e.data = append(e.data, b...)
}

// errMessage says that a message is not what an Encoder wrote.
var errMessage = errors.New("the message is cut off or damaged")

// Decoder reads what an Encoder wrote, in the same order. After a fault it
// returns zero values; Err tells of it.
type Decoder struct {
	data []byte
	err  error
}

// NewDecoder returns a decoder of a message, whose bytes it shares.
func NewDecoder(data []byte) *Decoder { return &Decoder{data: data} }

// Err returns the first fault. Bytes that are left over are one.
func (d *Decoder) Err() error {
	if d.err == nil && len(d.data) > 0 {
		return errMessage
	}
	return d.err
}

// Failed reports whether there was a fault so far.
func (d *Decoder) Failed() bool { return d.err != nil }

// Fail notes a fault that the caller has found.
func (d *Decoder) Fail() { d.fail() }

func (d *Decoder) fail() { d.err, d.data = errMessage, nil }

// Uint reads a number.
func (d *Decoder) Uint() uint64 { return number(d, binary.Uvarint) }

// Int reads a number that may be negative.
func (d *Decoder) Int() int64 { return number(d, binary.Varint) }

func number[N uint64 | int64](d *Decoder, read func([]byte) (N, int)) N {
	v, n := read(d.data)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.data = d.data[n:]
	return v
}

// Count reads the length of a list whose items take at least one byte each: it
// is never more than what can follow.
func (d *Decoder) Count() int {
	n := d.Uint()
	if n > uint64(len(d.data)) {
		d.fail()
		return 0
	}
	return int(n)
}

// Bool reads a truth value.
func (d *Decoder) Bool() bool {
	if len(d.data) == 0 {
		d.fail()
		return false
	}
	b := d.data[0]
	d.data = d.data[1:]
	return b != 0
}

// Bytes reads bytes. They share the memory of the message.
func (d *Decoder) Bytes() []byte {
	n := d.Count()
	if d.err != nil {
		return nil
	}
	b := d.data[:n:n]
	d.data = d.data[n:]
	return b
}

// String reads a text.
func (d *Decoder) String() string { return string(d.Bytes()) }
