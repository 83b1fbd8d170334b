package kubernetes

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// endless is a list whose one object never ends.
type endless struct{ read int }

func (e *endless) Read(b []byte) (int, error) {
	if e.read == 0 {
		e.read = copy(b, `{"kind":"ConfigMapList","items":[{"data":{"a":"`)
		return e.read, nil
	}
	for i := range b {
		b[i] = 'x'
	}
	e.read += len(b)
	return len(b), nil
}

// TestItemsAreBounded: a list may be long, an object may not.
func TestItemsAreBounded(t *testing.T) {
	body := &endless{}
	_, err := items(body, func(page, []byte) error { return nil })
	if !errors.Is(err, errTooLarge) {
		t.Errorf("an endless object gives %v", err)
	}
	if body.read > 2*maxItem {
		t.Errorf("%d bytes were read of an endless object", body.read)
	}
	object := `{"data":{"a":"` + strings.Repeat("x", maxItem/2) + `"}},`
	long := io.MultiReader(strings.NewReader(`{"items":[`), strings.NewReader(object), strings.NewReader(object),
		strings.NewReader(object), strings.NewReader(`{}]}`))
	read := 0
	if _, err := items(long, func(page, []byte) error { read++; return nil }); err != nil || read != 4 {
		t.Errorf("a long list gives %d objects and %v, want 4", read, err)
	}
}
