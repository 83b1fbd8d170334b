package webapi

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

func TestEachField(t *testing.T) {
	for text, want := range map[string]struct {
		keys string
		ok   bool
	}{
		`{"a":1,"b":{"c":[1,{"d":2}]},"e":null}`: {"a b e", true},
		`{}`:                                     {"", true},
		`null`:                                   {"", true},
		`[]`:                                     {"", false},
		`"a"`:                                    {"", false},
		`1`:                                      {"", false},
		``:                                       {"", false},
		`{"a":1`:                                 {"a", false},
		`{"a":`:                                  {"a", false},
		`{"a":[1}`:                               {"a", false},
		`{"a":1,"b" 2`:                           {"a b", false},
		`{1:2}`:                                  {"", false},
	} {
		var keys []string
		d := json.NewDecoder(strings.NewReader(text))
		err := EachField(d, func(key string) error { keys = append(keys, key); return SkipValue(d) })
		if (err == nil) != want.ok || strings.Join(keys, " ") != want.keys {
			t.Errorf("%s: %q, %v", text, keys, err)
		}
	}
	stop := errors.New("enough")
	d := json.NewDecoder(strings.NewReader(`{"a":1,"b":2}`))
	if err := EachField(d, func(string) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
}

func TestEachItem(t *testing.T) {
	for text, want := range map[string]struct {
		items []int
		ok    bool
	}{
		`[1,2,3]`: {[]int{1, 2, 3}, true}, `[]`: {nil, true}, `null`: {nil, true}, `{}`: {nil, false}, `[1,2`: {[]int{1, 2}, false}, `[1,"x"]`: {[]int{1}, false}, `2`: {nil, false},
	} {
		var items []int
		d := json.NewDecoder(strings.NewReader(text))
		err := EachItem(d, func() error {
			n := 0
			if err := d.Decode(&n); err != nil {
				return err
			}
			items = append(items, n)
			return nil
		})
		if (err == nil) != want.ok || !slices.Equal(items, want.items) {
			t.Errorf("%s: %v, %v", text, items, err)
		}
	}
}

// endless gives one byte for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

// TestSkipDeep holds that a value without a bottom is refused, and does not fill
// the memory first.
func TestSkipDeep(t *testing.T) {
	deep := func(n int) io.Reader { return strings.NewReader(strings.Repeat("[", n) + strings.Repeat("]", n)) }
	if err := SkipValue(json.NewDecoder(deep(maxDepth))); err != nil {
		t.Error(err)
	}
	if err := SkipValue(json.NewDecoder(deep(maxDepth + 1))); !errors.Is(err, ErrForm) {
		t.Error(err)
	}
	if err := SkipValue(json.NewDecoder(endless('['))); !errors.Is(err, ErrForm) {
		t.Error(err)
	}
}

// FuzzStream holds that any bytes are read or refused, and that what is read is
// JSON, of which nothing is left out.
func FuzzStream(f *testing.F) {
	for _, seed := range []string{`{"a":[1,{"b":null}],"c":"d"}`, `{"a":1}{"b":2}`, `{"a" 1}`, `{`, `[1,2]`, `{"a":[}]}`, "{\"a\\u0000\":1e999}", `{"a":1,"a":2}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d := json.NewDecoder(strings.NewReader(text))
		keys := map[string]bool{}
		err := EachField(d, func(key string) error { keys[key] = true; return SkipValue(d) })
		var raw map[string]json.RawMessage
		first := json.NewDecoder(strings.NewReader(text)).Decode(&raw)
		if err == nil && first != nil {
			t.Errorf("what is no object is read: %v", first)
		}
		if err == nil && len(keys) != len(raw) {
			t.Errorf("%d keys, want %d", len(keys), len(raw))
		}
	})
}
