package compare

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// A secret part of a text is masked: "[secret 1a2b3c4d]" with the beginning of
// its digest, in Raw, and in Canon where it is only suspected. In Canon a known
// one is "[secret]". Without a key there is no digest: every mask in Raw is
// "[secret]" then, and that of a suspected one in Canon "[secret ?]".
const (
	maskOpen   = "[secret "
	maskPlain  = "[secret]"
	maskUnread = "[secret ?]"
	maskHex    = 8
)

// masks gives the digests of the masks in a text, sorted.
func masks(s string) []string {
	var found []string
	eachMask(s, func(_ int, digest string) { found = append(found, digest) })
	slices.Sort(found)
	return found
}

// eachMask calls f for every mask in a text, with where it begins.
func eachMask(s string, f func(at int, digest string)) {
	for from := 0; ; {
		i := strings.Index(s[from:], maskOpen)
		if i < 0 {
			return
		}
		at := from + i
		from = at + len(maskOpen)
		end := from + maskHex
		if end < len(s) && s[end] == ']' && strings.Trim(s[from:end], "0123456789abcdef") == "" {
			f(at, s[from:end])
			from = end
		}
	}
}

// bare replaces the masks of a text by those that say nothing of the secret.
func bare(s string) string {
	s = strings.ReplaceAll(s, maskUnread, maskPlain)
	var b strings.Builder
	last := 0
	eachMask(s, func(at int, _ string) {
		b.WriteString(s[last:at])
		b.WriteString(maskPlain)
		last = at + len(maskOpen) + maskHex + 1
	})
	if last == 0 {
		return s
	}
	return b.String() + s[last:]
}

// bareFact is a fact whose text says nothing of the secrets in it.
func bareFact(f *parity.Fact) *parity.Fact {
	c := *f
	c.Value.Raw, c.Value.Canon = bare(f.Value.Raw), bare(f.Value.Canon)
	return &c
}

// knownMasks gives the digests of the known secrets in a value, sorted:
// those of Raw that are not in Canon.
func knownMasks(v parity.Value) []string {
	all, suspected := masks(v.Raw), masks(v.Canonical())
	known := all[:0]
	for _, digest := range all {
		if i, ok := slices.BinarySearch(suspected, digest); ok {
			suspected = slices.Delete(suspected, i, i+1)
			continue
		}
		known = append(known, digest)
	}
	return known
}

// firstCommon gives the first text that two sorted lists share.
func firstCommon(a, b []string) string {
	for _, s := range a {
		if _, ok := slices.BinarySearch(b, s); ok {
			return s
		}
	}
	return ""
}

// judgeMasked compares two texts with secrets in them: the rest of them as any
// text, known secrets by presence and suspected ones by digest.
func (r *run) judgeMasked(n, col int, own, ref *parity.Fact, extra parity.RuleSet) ruling {
	mine, theirs := masks(own.Value.Raw), masks(ref.Value.Raw)
	hidden := len(mine) > 0 && len(theirs) > 0
	if hidden && r.oneKey(col) && slices.Equal(masks(r.text(own)), masks(r.text(ref))) {
		x := r.judgeText(n, col, own, ref, extra)
		if !r.apart(col, r.ref.index) {
			return x
		}
		return r.judgeCredential(n, col, own, ref, x)
	}
	x := r.judgeText(n, col, bareFact(own), bareFact(ref), extra)
	switch {
	case x.class.Counts() || x.class.LowersConfidence():
		return x
	case !hidden:
		return r.judgeUnread(col, own, ref, x)
	case !r.oneKey(col):
		return otherKeys
	case slices.Equal(mine, theirs): // known on one side, suspected on the other
		return x
	}
	return ruling{class: parity.Changed, change: parity.SecretChange, note: "the secret in it is another"}
}

// judgeUnread compares two texts that are alike but for secrets, of which one
// text or both have no digest. Known ones without any compare by presence. x is
// what the texts are to each other otherwise.
func (r *run) judgeUnread(col int, own, ref *parity.Fact, x ruling) ruling {
	mine, theirs := len(masks(own.Value.Raw)), len(masks(ref.Value.Raw))
	suspected := func(f *parity.Fact) bool { return strings.Contains(f.Value.Canonical(), maskOpen) }
	decides := r.byDigest() || suspected(own) || suspected(ref)
	switch {
	case mine == 0 && (theirs > 0 || decides):
		return unread(r.cols[col], decides)
	case theirs == 0 && mine > 0:
		return unread(r.ref, decides)
	case x.class == parity.Equal:
		return r.equivalent(parity.SetOf(parity.SecretForm))
	}
	return x
}

// judgeCredential looks whether two texts hold one known secret. x is what the
// texts are to each other otherwise.
func (r *run) judgeCredential(n, col int, own, ref *parity.Fact, x ruling) ruling {
	digest := firstCommon(knownMasks(own.Value), knownMasks(ref.Value))
	if digest == "" || r.byDigest() {
		return x
	}
	held := sameSecret{row: n, holder: r.cols[col], owner: r.ref, own: own, theirs: ref, digest: digest, partial: true}
	if leak, ok := r.leaked(&held); ok {
		return leak
	}
	r.found.shareSecret(r, &held)
	if x.class == parity.Equal || x.class == parity.Equivalent {
		return ruling{class: parity.Shared}
	}
	return x
}
