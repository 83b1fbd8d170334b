package webapi

import (
	"encoding/json"
	"errors"
)

// ErrForm says that an answer has not the form that it must have.
var ErrForm = errors.New("the answer has another form")

// EachField calls field for each key of the object that comes next; field
// reads the key's value. Null is an object without keys.
func EachField(d *json.Decoder, field func(key string) error) error {
	open, err := opens(d, '{')
	if err != nil || !open {
		return err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		name, ok := key.(string)
		if !ok {
			return ErrForm
		}
		if err := field(name); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// EachItem calls item for each item of the array that comes next; item reads
// it. Null is an array without items.
func EachItem(d *json.Decoder, item func() error) error {
	open, err := opens(d, '[')
	if err != nil || !open {
		return err
	}
	for d.More() {
		if err := item(); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

func opens(d *json.Decoder, want json.Delim) (bool, error) {
	t, err := d.Token()
	if err != nil {
		return false, err
	}
	if t == nil {
		return false, nil
	}
	if delim, ok := t.(json.Delim); !ok || delim != want {
		return false, ErrForm
	}
	return true, nil
}

// maxDepth is how deep a value is nested that is read over. The decoder
// remembers each level, so that it must have a bound.
const maxDepth = 1000

// SkipValue reads over the value that comes next, token by token, so that its
// size does not matter.
func SkipValue(d *json.Decoder) error {
	for depth := 0; ; {
		t, err := d.Token()
		if err != nil {
			return err
		}
		if delim, ok := t.(json.Delim); ok {
			if delim == '{' || delim == '[' {
				depth++
			} else {
				depth--
			}
		}
		switch {
		case depth == 0:
			return nil
		case depth > maxDepth:
			return ErrForm
		}
	}
}
