package prometheus

import (
	"encoding/json"
	"errors"
	"io"
)

// errForm says that an answer has not the form that it must have.
var errForm = errors.New("the answer has another form")

// readAnswer reads the envelope that every question is answered in. data reads
// the value of its key "data" and nothing more. partial tells that the server
// says itself that its answer is not the whole one.
func readAnswer(r io.Reader, data func(*json.Decoder) error) (partial bool, err error) {
	d := json.NewDecoder(r)
	success := false
	err = eachField(d, func(key string) error {
		switch key {
		case "status":
			var status string
			err := d.Decode(&status)
			success = status == "success"
			return err
		case "data":
			return data(d)
		case "warnings":
			n := 0
			err := eachItem(d, func() error { n++; return skipValue(d) })
			partial = n > 0
			return err
		default:
			return skipValue(d)
		}
	})
	if err == nil && !success {
		err = errForm
	}
	if err != nil {
		return false, err
	}
	// What is left is drained, so that the connection can be used again.
	_, err = io.Copy(io.Discard, io.LimitReader(r, 1<<16))
	return partial, err
}

// eachField calls field for each key of the object that comes next; field
// reads the key's value. Null is an object without keys.
func eachField(d *json.Decoder, field func(key string) error) error {
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
			return errForm
		}
		if err := field(name); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// eachItem calls item for each item of the array that comes next; item reads
// it. Null is an array without items.
func eachItem(d *json.Decoder, item func() error) error {
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
		return false, errForm
	}
	return true, nil
}

// skipValue reads over the value that comes next, token by token, so that its
// size does not matter.
func skipValue(d *json.Decoder) error {
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
		if depth == 0 {
			return nil
		}
	}
}

// strings of one array, at most so many.
func readStrings(d *json.Decoder, most int) (list []string, more bool, err error) {
	err = eachItem(d, func() error {
		if len(list) >= most {
			more = true
			return skipValue(d)
		}
		var s string
		err := d.Decode(&s)
		list = append(list, s)
		return err
	})
	return list, more, err
}
