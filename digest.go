package parity

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math/bits"
)

// ContentDigest computes what Digest holds: "sha256:" and 64 hexadecimal
// digits over subjects, facts and gaps in their order. Time, column, tools and
// provenance take no part, and rules, surfaces and kinds take part by name.
func (s *Snapshot) ContentDigest() string {
	d := digester{hash: sha256.New(), buf: make([]byte, 0, digestBuffer)}
	d.number(len(s.Subjects))
	for i := range s.Subjects {
		d.subject(&s.Subjects[i].Subject)
		facts := s.Subjects[i].Facts
		d.number(len(facts))
		for j := range facts {
			d.fact(&facts[j])
		}
	}
	d.number(len(s.Gaps))
	for _, g := range s.Gaps {
		for _, text := range []string{g.Source, g.Kind, g.Scope, g.Name, g.Path, g.Reason, g.Where, g.Hint} {
			d.text(text)
		}
		// These came later than the others, which keep their digests.
		if g.Group != "" {
			d.text("\x00group")
			d.text(g.Group)
		}
		if g.Hides != HidesAnything {
			d.text("\x00hides")
			d.text(string(g.Hides))
		}
		for _, later := range [][2]string{{"\x00place", g.Place}, {"\x00remote", g.Remote}, {"\x00revision", g.Revision}, {"\x00use", g.Use}, {"\x00given", g.Given}, {"\x00unset", g.Unset}} {
			if later[1] != "" {
				d.text(later[0])
				d.text(later[1])
			}
		}
	}
	d.flush()
	return "sha256:" + hex.EncodeToString(d.hash.Sum(nil))
}

// digestBuffer is how much is gathered before it is hashed.
const digestBuffer = 32 << 10

// digester writes length-prefixed fields, so that no two contents have the
// same bytes.
type digester struct {
	hash hash.Hash
	buf  []byte
}

func (d *digester) flush() {
	d.hash.Write(d.buf)
	d.buf = d.buf[:0]
}

func (d *digester) number(n int) {
	d.buf = binary.AppendUvarint(d.buf, uint64(n))
}

func (d *digester) text(s string) {
	if len(d.buf)+len(s) > digestBuffer {
		d.flush()
	}
	d.number(len(s))
	d.buf = append(d.buf, s...)
}

func (d *digester) key(k *Key) {
	d.text(k.Kind)
	d.text(k.Group)
	d.text(k.Scope)
	d.text(k.Name)
}

func (d *digester) subject(s *Subject) {
	d.key(&s.Key)
	if s.Format != "" { // it came later than the others, which keep their digests
		d.text("\x00format")
		d.text(s.Format)
	}
	d.text(s.Stem)
	d.number(len(s.Labels))
	for i := range s.Labels {
		d.text(s.Labels[i].Name)
		d.text(s.Labels[i].Value)
	}
	d.number(len(s.IDs))
	for i := range s.IDs {
		d.text(s.IDs[i].Method)
		d.text(s.IDs[i].Value)
	}
	d.number(len(s.Traits))
	for i := range s.Traits {
		d.text(s.Traits[i].Kind)
		d.text(s.Traits[i].Value)
	}
}

func (d *digester) fact(f *Fact) {
	d.text(f.Path)
	if f.Value.Kind == Secret && f.Value.Suspected {
		d.text("suspected " + f.Value.Kind.String())
	} else {
		d.text(f.Value.Kind.String())
	}
	d.text(f.Value.Raw)
	d.text(f.Value.Canon)
	d.text(f.Surface.String())
	d.number(bits.OnesCount64(uint64(f.Rules)))
	for set := uint64(f.Rules); set != 0; set &= set - 1 {
		d.text(Rule(bits.TrailingZeros64(set)).String())
	}
	if f.DerivedFrom == nil {
		d.number(0)
		return
	}
	d.number(1)
	d.ref(f.DerivedFrom)
}

func (d *digester) ref(r *FactRef) {
	d.key(&r.Subject)
	d.text(r.Path)
	d.number(len(r.Shadows))
	for i := range r.Shadows {
		d.ref(&r.Shadows[i])
	}
}
