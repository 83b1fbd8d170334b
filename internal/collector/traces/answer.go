package traces

import (
	"encoding/json"
	"io"

	"github.com/envparity/parity/internal/spans"
	"github.com/envparity/parity/internal/webapi"
)

// giveFunc takes a trace that was read.
type giveFunc func(*spans.Trace)

// fields reads an object from its beginning to its end, and lets of read the
// value of each key. Unlike webapi.EachField it takes null for no answer.
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
			return webapi.ErrForm
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
		return webapi.ErrForm
	}
	return nil
}

// items reads an array, item by item, at most so many; null is an empty one.
func items(d *json.Decoder, most int, item func(raw json.RawMessage) error) error {
	n := 0
	return webapi.EachItem(d, func() error {
		if n++; n > most {
			return webapi.SkipValue(d)
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return err
		}
		return item(raw)
	})
}

// maxNames bounds lists of names.
const maxNames = 100_000
