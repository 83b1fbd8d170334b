package compare

import (
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// opaqueAddress gives the shape of a value that is the address of one thing
// outside and says nothing of whose it is: a contract or an account on a chain,
// an Amazon resource name with an account in it, or an account's number. It is
// empty for all else.
func opaqueAddress(f *parity.Fact) string {
	shape := addressShape(f.Value.Raw)
	if shape == "" || f.Value.Kind == parity.Secret || f.Value.Kind == parity.Image || versionLike(f.Path) {
		return ""
	}
	if shape == "account" && !value.NamesIdentifier(f.Path) {
		return ""
	}
	return shape
}

func addressShape(s string) string {
	const hexDigits = 40
	switch {
	case strings.HasPrefix(s, "0x"):
		hex := s[2:]
		if len(hex) == hexDigits && strings.Trim(hex, "0123456789abcdefABCDEF") == "" && strings.Trim(hex, "0") != "" {
			return "contract"
		}
	case strings.HasPrefix(s, "arn:"):
		const fields, account = 6, 4
		if parts := strings.SplitN(s, ":", fields); len(parts) == fields && isAccount(parts[account]) {
			return "arn"
		}
	case isAccount(s):
		return "account"
	}
	return ""
}

// noteAddress notes a column that has an address of its own for a fact of the
// reference.
func (r *run) noteAddress(e *evidence) {
	if len(r.cols) < 3 {
		return // nothing asks
	}
	if shape := opaqueAddress(e.ref); shape != "" && shape == opaqueAddress(e.own) {
		k := place{e.row, e.ref.Path}
		r.found.addresses[k] = append(r.found.addresses[k], e.col)
	}
}

// judgeAddress looks at an opaque address that two different environments have.
// It is shared; where a third environment has its own, it is a leak.
func (r *run) judgeAddress(n, col int, own, ref *parity.Fact) (ruling, bool) {
	if own.Value.Raw != ref.Value.Raw || opaqueAddress(own) == "" || opaqueAddress(ref) == "" || !r.unlike(col, r.ref.index) {
		return ruling{}, false
	}
	c := r.cols[col]
	k := place{n, ref.Path}
	for _, i := range slices.Concat(r.found.addresses[k], r.found.places[k]) {
		if r.unlike(i, col) && r.unlike(i, r.ref.index) {
			return ruling{
				class: parity.Leak, change: parity.AddressChange,
				note: c.name + " has " + r.ref.name + "'s " + quote(own.Value.Raw) + ", where " + r.cols[i].name + " has its own",
			}, true
		}
	}
	r.found.shareAddress(r.rows[n].aligned.Key, own.Value.Raw, ref.Path, r.ref.name, c.name)
	return ruling{class: parity.Shared}, true
}

// unlike reports whether two columns are different environments of different
// families: two that are both called production may share what is production's.
func (r *run) unlike(a, b int) bool {
	x, y := r.cols[a].family, r.cols[b].family
	return r.apart(a, b) && (x == "" || x != y)
}

// shareAddress notes one address in two environments.
func (f *findings) shareAddress(k parity.Key, text, path, owner, holder string) {
	f.share(k, text, owner, text, path)
	s := f.shared[shareKey{text, owner}]
	for _, name := range []string{owner, holder} {
		if !contains(s.Columns, name) {
			s.Columns = append(s.Columns, name)
		}
	}
}
