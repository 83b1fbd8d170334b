package kubernetes

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxPage bounds one page of a list in bytes; items are read one by one.
const maxPage = 1 << 30

// maxItem bounds one object in bytes, and whatever else stands between two of
// them. The API server takes no request of more than 3 MiB.
const maxItem = 16 << 20

// metered reads no more at a time than one object may have: a decoder keeps all
// of a value until it ends.
type metered struct {
	r    io.Reader
	left int
}

var errTooLarge = fmt.Errorf("%w: an object is larger than %d bytes", errBody, maxItem)

func (m *metered) Read(b []byte) (int, error) {
	if m.left <= 0 {
		return 0, errTooLarge
	}
	n, err := m.r.Read(b[:min(len(b), m.left)])
	m.left -= n
	return n, err
}

// items reads the body of a list and gives each of its items to the function,
// which must not keep the bytes.
func items(body io.Reader, each func(p page, item []byte) error) (page, error) {
	var p page
	in := &metered{r: io.LimitReader(body, maxPage), left: maxItem}
	dec := json.NewDecoder(in)
	if err := expect(dec, '{'); err != nil {
		return p, err
	}
	for dec.More() {
		key, err := dec.Token()
		if err != nil {
			return p, broken(err)
		}
		switch key {
		case "kind":
			err = dec.Decode(&p.kind)
		case "apiVersion":
			err = dec.Decode(&p.version)
		case "metadata":
			var meta struct {
				Continue string `json:"continue"`
			}
			err = dec.Decode(&meta)
			p.next = meta.Continue
		case "items":
			if err := array(dec, in, p, each); err != nil {
				return p, err
			}
		default:
			var skip json.RawMessage
			err = dec.Decode(&skip)
		}
		if err != nil {
			return p, broken(err)
		}
	}
	return p, expect(dec, '}')
}

// array reads the items of a list. An empty list of a custom resource may be
// null.
func array(dec *json.Decoder, in *metered, p page, each func(page, []byte) error) error {
	open, err := dec.Token()
	if err != nil {
		return broken(err)
	}
	if open == nil {
		return nil
	}
	if open != json.Delim('[') {
		return fmt.Errorf("%w: its items are no list", errBody)
	}
	var item json.RawMessage
	for dec.More() {
		in.left = maxItem
		if err := dec.Decode(&item); err != nil {
			return broken(err)
		}
		if err := each(p, item); err != nil {
			return err
		}
	}
	in.left = maxItem
	return expect(dec, ']')
}

func expect(dec *json.Decoder, want json.Delim) error {
	got, err := dec.Token()
	if err != nil {
		return broken(err)
	}
	if got != want {
		return fmt.Errorf("%w: it is no list of objects", errBody)
	}
	return nil
}

// broken keeps what tells of the connection, and nothing of the text.
func broken(err error) error {
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	if errors.Is(err, errTooLarge) {
		return errTooLarge
	}
	if errors.As(err, &syntax) || errors.As(err, &typ) {
		return fmt.Errorf("%w: it is not valid JSON", errBody)
	}
	return fmt.Errorf("%w: %w", errBroken, err)
}
