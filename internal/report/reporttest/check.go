package reporttest

import (
	"bytes"
	"hash/fnv"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
)

// Golden compares got with testdata/name; with update it writes the file.
func Golden(t *testing.T, name string, got []byte, update bool) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v; run go test with -update", err)
	}
	if !bytes.Equal(want, got) {
		t.Errorf("%s is not what it was; run go test with -update and look at the change\n%s", name, cmp.Diff(string(want), string(got)))
	}
}

// Poison is Shop, with few members a group, and with s appended to every text
// in it, however deep: names, paths, values, reasons, enumerated words and
// keys of maps.
func Poison(s string) *parity.Result {
	r := Shop()
	for i := range r.Groups {
		g := &r.Groups[i]
		g.Differences = g.Differences[:min(3, len(g.Differences))]
		for j := range g.Blocks {
			g.Blocks[j].Members = min(g.Blocks[j].Members, len(g.Differences)-j)
		}
	}
	poison(reflect.ValueOf(r).Elem(), s)
	return r
}

// PoisonFew is Poison with one group of one member and one element of each
// other list that stands for itself, for fuzz targets: they write many
// thousands of results. Which element it is follows from s, so that a target
// meets each of them.
func PoisonFew(s string) *parity.Result {
	hash := fnv.New32a()
	hash.Write([]byte(s))
	pick := int(hash.Sum32() >> 1)
	r := Shop()
	r.Rules, r.Bindings, r.Shared, r.Gaps = one(r.Rules, pick), one(r.Bindings, pick), one(r.Shared, pick), one(r.Gaps, pick)
	r.Groups, r.Proposals, r.Findings = one(r.Groups, pick), one(r.Proposals, pick), one(r.Findings, pick)
	r.Ambiguities, r.Behaviours, r.Instruments = one(r.Ambiguities, pick), one(r.Behaviours, pick), one(r.Instruments, pick)
	for i := range r.Groups {
		g := &r.Groups[i]
		g.Differences = one(g.Differences, pick)
		g.Blocks = g.Blocks[:min(1, len(g.Blocks))]
		for j := range g.Blocks {
			g.Blocks[j].Members = len(g.Differences)
		}
	}
	poison(reflect.ValueOf(r).Elem(), s)
	return r
}

// one is list with no element but the one that pick chooses.
func one[T any](list []T, pick int) []T {
	if len(list) == 0 {
		return list
	}
	return []T{list[pick%len(list)]}
}

func poison(v reflect.Value, s string) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(v.String() + s)
	case reflect.Pointer:
		if !v.IsNil() {
			fresh := reflect.New(v.Type().Elem())
			fresh.Elem().Set(v.Elem())
			poison(fresh.Elem(), s)
			v.Set(fresh)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				poison(v.Field(i), s)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			poison(v.Index(i), s)
		}
	case reflect.Map:
		if v.Type().Key().Kind() == reflect.String && !v.IsNil() {
			v.SetMapIndex(reflect.ValueOf("key"+s).Convert(v.Type().Key()), reflect.ValueOf(s).Convert(v.Type().Elem()))
		}
	}
}

// Harmless fails where data holds a byte or a character that could steer a
// terminal or hide text: control characters other than line feed and tab,
// direction overrides, invalid UTF-8.
func Harmless(t testing.TB, data []byte) {
	t.Helper()
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		bad := r == utf8.RuneError && size == 1 || unicode.Is(unicode.Cf, r) || r == 0x2028 || r == 0x2029
		if bad || unicode.IsControl(r) && r != '\n' && r != '\t' {
			t.Fatalf("byte %d is %#x (%U), near %q", i, data[i], r, data[max(i-40, 0):min(i+40, len(data))])
		}
		i += size
	}
}
