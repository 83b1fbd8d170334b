package render

import (
	"bytes"
	"reflect"
	"runtime"
	"testing"

	"pgregory.net/rapid"
)

func anyValue() *rapid.Generator[any] {
	var value *rapid.Generator[any]
	value = rapid.OneOf(
		rapid.Just[any](nil),
		rapid.Map(rapid.Bool(), func(v bool) any { return v }),
		rapid.Map(rapid.String(), func(v string) any { return v }),
		rapid.Map(rapid.Int(), func(v int) any { return v }),
		rapid.Map(rapid.Int64(), func(v int64) any { return v }),
		rapid.Map(rapid.Uint64(), func(v uint64) any { return v }),
		rapid.Map(rapid.Float32(), func(v float32) any { return v }),
		rapid.Map(rapid.Float64(), func(v float64) any { return v }),
		rapid.Map(rapid.SliceOfN(rapid.Deferred(func() *rapid.Generator[any] { return value }), 0, 3), func(v []any) any { return v }),
		rapid.Map(rapid.MapOfN(rapid.String(), rapid.Deferred(func() *rapid.Generator[any] { return value }), 0, 3), func(v map[string]any) any { return v }),
	)
	return value
}

// TestValuesKeepTheirTypes holds that a value comes back as it went, so that a
// template prints a number as it would in one process.
func TestValuesKeepTheirTypes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := anyValue().Draw(t, "value")
		var e Encoder
		e.Value(v)
		d := NewDecoder(e.Data())
		if got := d.Value(); d.Err() != nil || !reflect.DeepEqual(got, v) {
			t.Fatalf("%#v became %#v: %v", v, got, d.Err())
		}
	})
}

// FuzzFrame holds the reader of frames to memory in proportion to what has
// arrived, whatever a length claims.
func FuzzFrame(f *testing.F) {
	var whole bytes.Buffer
	_ = writeFrame(&whole, kindResult, []byte("text"))
	f.Add(whole.Bytes())
	f.Add([]byte{byte(kindJob), 0xff, 0xff, 0xff, 0xff})
	f.Add([]byte{0, 0, 0, 0, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		k, payload, err := readFrame(bytes.NewReader(data), maxFrame)
		runtime.ReadMemStats(&after)
		if most := uint64(4*len(data) + 2*chunk + 1<<20); after.TotalAlloc-before.TotalAlloc > most {
			t.Errorf("%d bytes took %d of memory", len(data), after.TotalAlloc-before.TotalAlloc)
		}
		if err != nil {
			return
		}
		var again bytes.Buffer
		if err := writeFrame(&again, k, payload); err != nil || !bytes.Equal(again.Bytes(), data[:again.Len()]) {
			t.Errorf("%x reads as %x: %v", data, again.Bytes(), err)
		}
	})
}

// FuzzValue holds the decoder to memory in proportion to the message.
func FuzzValue(f *testing.F) {
	var e Encoder
	e.Value(map[string]any{"a": []any{1, 2.5, "x", nil, true}})
	f.Add(e.Data())
	f.Add([]byte{isList, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Add(bytes.Repeat([]byte{isList, 1}, 20_000))
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		d := NewDecoder(data)
		v := d.Value()
		runtime.ReadMemStats(&after)
		if most := uint64(4096*len(data) + 1<<20); after.TotalAlloc-before.TotalAlloc > most {
			t.Errorf("%d bytes took %d of memory", len(data), after.TotalAlloc-before.TotalAlloc)
		}
		if d.Err() != nil {
			return
		}
		var e Encoder
		e.Value(v)
		again := NewDecoder(e.Data())
		if again.Value(); again.Err() != nil {
			t.Errorf("%x: %v", data, again.Err())
		}
	})
}
