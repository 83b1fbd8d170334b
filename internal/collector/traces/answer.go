package traces

import (
	"encoding/json"
	"errors"
	"io"

	"github.com/envparity/parity/internal/spans"
)

// giveFunc takes a trace that was read.
type giveFunc func(*spans.Trace)

// errForm is an answer of another form than was asked for.
var errForm = errors.New("the answer has another form")

// fields reads an object from its beginning to its end, and lets of read the
// value of each key.
func fields(r io.Reader, of func(d *json.Decoder, key string) error) error {
	d := json.NewDecoder(r)
	if err := delim(d, '{'); err != nil {
		return err
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		key, ok := t.(string)
		if !ok {
			return errForm
		}
		if err := of(d, key); err != nil {
			return err
		}
	}
	return delim(d, '}')
}

func delim(d *json.Decoder, want json.Delim) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if t != want {
		return errForm
	}
	return nil
}

// items reads an array, item by item; null is an empty one.
func items(d *json.Decoder, most int, item func(raw json.RawMessage) error) error {
	t, err := d.Token()
	if err != nil {
		return err
	}
	if t == nil {
		return nil
	}
	if t != json.Delim('[') {
		return errForm
	}
	for n := 0; d.More(); n++ {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		if n < most {
			if err := item(raw); err != nil {
				return err
			}
		}
	}
	return delim(d, ']')
}

// skip reads a value and forgets it.
func skip(d *json.Decoder) error {
	var raw json.RawMessage
	return d.Decode(&raw)
}

// mostNames bounds lists of names.
const mostNames = 100_000
