package store

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"github.com/envparity/parity"
)

// ours is the key that shop's header names; theirs is another.
var (
	ours   = Key{ID: "0123456789abcdef", Secret: []byte("a secret of the tests")}
	theirs = Key{ID: "fedcba9876543210", Secret: []byte("another secret of the tests")}
)

func seal(t testing.TB, s *parity.Snapshot, key Key) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteAuthentic(&b, s, key); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// reseal gives a file another key's seal, as who changes a file can.
func reseal(t testing.TB, s *parity.Snapshot, key Key) []byte {
	t.Helper()
	key.ID = s.KeyID
	return seal(t, s, key)
}

func changed(change func(*parity.Snapshot)) *parity.Snapshot {
	s := shop()
	change(s)
	s.Digest = s.ContentDigest()
	return s
}

func TestAuthenticity(t *testing.T) {
	var plain bytes.Buffer
	if err := WriteLines(&plain, shop()); err != nil {
		t.Fatal(err)
	}
	recompressed := compress(t, plain.String())
	old, err := os.ReadFile(filepath.Join("testdata", "version1.parity"))
	if err != nil {
		t.Fatal(err)
	}
	another := func(s *parity.Snapshot) { s.KeyID = theirs.ID }
	for _, c := range []struct {
		name string
		data []byte
		key  Key
		want Authenticity
		err  bool
	}{
		{"ours", seal(t, shop(), ours), ours, Authentic, false},
		{"ours, read without a key", seal(t, shop(), ours), Key{}, OtherKey, false},
		{"ours, read with another key", seal(t, shop(), ours), theirs, OtherKey, false},
		{"another's", seal(t, changed(another), theirs), ours, OtherKey, false},
		{"ours in another's name", seal(t, changed(another), ours), theirs, NoTag, true},
		{"no tag in our name", seal(t, shop(), Key{}), ours, NoTag, true},
		{"no tag in another's name", seal(t, changed(another), Key{}), ours, NoTag, false},
		{"another's tag in our name", reseal(t, shop(), theirs), ours, NoTag, true},
		{"another role in our name", reseal(t, changed(func(s *parity.Snapshot) { s.Column.Role = parity.Live }), theirs), ours, NoTag, true},
		{"compressed again", recompressed, ours, NoTag, false},
		{"plain lines", plain.Bytes(), ours, NoTag, false},
		{"of the first format", old, ours, NoTag, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, got, err := ReadAuthentic(bytes.NewReader(c.data), Limits{}, c.key)
			if c.err != errors.Is(err, ErrForged) || !c.err && err != nil {
				t.Fatalf("error is %v, want one: %v", err, c.err)
			}
			if c.err != (s == nil) {
				t.Errorf("a snapshot came with the error %v", err)
			}
			if got != c.want {
				t.Errorf("authenticity is %d, want %d", got, c.want)
			}
		})
	}
}

// TestHeaderIsAuthentic changes each field of the header in the name of a key
// that the one who changes it does not have.
func TestHeaderIsAuthentic(t *testing.T) {
	for name, change := range map[string]func(*parity.Snapshot){
		"environment": func(s *parity.Snapshot) { s.Column.Environment = "production" },
		"instance":    func(s *parity.Snapshot) { s.Column.Instance = "us" },
		"role":        func(s *parity.Snapshot) { s.Column.Role = parity.Live },
		"rank":        func(s *parity.Snapshot) { s.Column.Rank++ },
		"reference":   func(s *parity.Snapshot) { s.Column.Reference = false },
		"time":        func(s *parity.Snapshot) { s.Time = s.Time.Add(1) },
		"tools":       func(s *parity.Snapshot) { s.Tools = nil },
		"gaps":        func(s *parity.Snapshot) { s.Gaps = nil },
		"facts":       func(s *parity.Snapshot) { s.Subjects[0].Facts[1].Value.Raw = "x" },
	} {
		t.Run(name, func(t *testing.T) {
			data := reseal(t, changed(change), Key{Secret: []byte("a guess")})
			if _, _, err := ReadAuthentic(bytes.NewReader(data), Limits{}, ours); !errors.Is(err, ErrForged) {
				t.Errorf("error is %v, want %v", err, ErrForged)
			}
		})
	}
}

// TestNoBitFlips flips every bit of a file, and one of every byte for readers
// without the key: all are refused.
func TestNoBitFlips(t *testing.T) {
	for _, c := range []struct {
		write, read Key
		bits        int
	}{{ours, ours, 8}, {ours, Key{}, 1}, {Key{}, Key{}, 1}} {
		data := seal(t, shop(), c.write)
		for i := range data {
			for bit := range c.bits {
				data[i] ^= 1 << bit
				if _, _, err := ReadAuthentic(bytes.NewReader(data), Limits{}, c.read); err == nil {
					t.Errorf("bit %d of byte %d of %d is flipped, and the file is read", bit, i, len(data))
				}
				data[i] ^= 1 << bit
			}
		}
	}
}

// TestNoBitFlipsInAnySnapshot is TestNoBitFlips with any snapshot, and with
// files that are cut or go on.
func TestNoBitFlipsInAnySnapshot(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := anySnapshot(rt)
		s.KeyID = ours.ID
		good := seal(t, s, ours)
		data := bytes.Clone(good)
		i := rapid.IntRange(0, len(data)-1).Draw(rt, "byte")
		switch rapid.IntRange(0, 2).Draw(rt, "how") {
		case 0:
			data[i] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
		case 1:
			data = data[:i]
		default:
			data = append(data, rapid.SliceOfN(rapid.Byte(), 1, 100).Draw(rt, "more")...)
		}
		if _, _, err := ReadAuthentic(bytes.NewReader(data), Limits{}, ours); err == nil {
			rt.Errorf("the file is read")
		}
		if _, a, err := ReadAuthentic(bytes.NewReader(good), Limits{}, ours); err != nil || a != Authentic {
			rt.Errorf("what was not changed is %d: %v", a, err)
		}
	})
}

// TestZstdFramesAround reads a file in which zstd frames stand that
// decompressing leaves out, or that hold a second snapshot.
func TestZstdFramesAround(t *testing.T) {
	good := seal(t, shop(), ours)
	end := len(good) - sealSize
	for name, between := range map[string][]byte{
		"skippable frame": skippable(0x51, []byte("x")),
		"empty frame":     compress(t, ""),
		"second seal":     good[end:],
	} {
		data := append(append(bytes.Clone(good[:end]), between...), good[end:]...)
		if _, _, err := ReadAuthentic(bytes.NewReader(data), Limits{}, ours); err == nil {
			t.Errorf("a file with a %s in it is read", name)
		}
	}
}

func TestSuspectedAndHidesRoundTrip(t *testing.T) {
	want := changed(func(s *parity.Snapshot) {
		s.Subjects[0].Facts[3].Value.Suspected = true
		s.Gaps[1].Hides = parity.HidesNothing
	})
	if want.Digest == shop().Digest {
		t.Error("the digest does not cover what is suspected")
	}
	got, err := ReadSnapshot(bytes.NewReader(write(t, want)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Errorf("snapshot changed (-want +got):\n%s", diff)
	}
	var b bytes.Buffer
	if err := WriteLines(&b, want); err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(b.String(), `"hides":"nothing"`, `"hides":"everything"`, 1)
	if _, err := ReadSnapshot(strings.NewReader(other), Limits{}); err == nil || !strings.Contains(err.Error(), "does not know") {
		t.Errorf("error is %v", err)
	}
}

// TestFirstFormatStaysReadable reads a compressed file that is never written
// anew: what parity wrote before files had seals.
func TestFirstFormatStaysReadable(t *testing.T) {
	file, err := os.Open(filepath.Join("testdata", "version1.parity"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got, err := ReadSnapshot(file, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(shop(), got, same); diff != "" {
		t.Errorf("it says something else (-want +got):\n%s", diff)
	}
}

// TestSealIsLeftOut reads a sealed file with a decompressor that knows nothing
// of seals.
func TestSealIsLeftOut(t *testing.T) {
	z, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	got, err := z.DecodeAll(seal(t, shop(), ours), nil)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := WriteLines(&want, shop()); err != nil {
		t.Fatal(err)
	}
	if string(got) != want.String() {
		t.Errorf("it gives\n%s\nwant\n%s", got, want.String())
	}
}

func BenchmarkReadAuthentic(b *testing.B) {
	s := large()
	s.KeyID = ours.ID
	data := seal(b, s, ours)
	b.ReportAllocs()
	for b.Loop() {
		if _, a, err := ReadAuthentic(bytes.NewReader(data), Limits{}, ours); err != nil || a != Authentic {
			b.Fatal(a, err)
		}
	}
}

func BenchmarkWriteAuthentic(b *testing.B) {
	s := large()
	s.KeyID = ours.ID
	b.ReportAllocs()
	for b.Loop() {
		if err := WriteAuthentic(&bytes.Buffer{}, s, ours); err != nil {
			b.Fatal(err)
		}
	}
}
