package compare

import (
	"fmt"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// Isolation says which secrets each environment must have of its own.
type Isolation struct {
	// Known asks for it of every secret that is known to be one.
	Known bool
	// Match asks for it of single secrets, suspected ones too; nil asks for
	// none.
	Match func(k parity.Key, path string) bool
}

// otherKeys is the ruling on digests that say nothing about each other.
var otherKeys = ruling{class: parity.Unknown, note: "the secrets were digested under different keys"}

// judgeSecret compares two secrets. Known ones compare by presence, and where
// both are one secret each environment should perhaps have its own; suspected
// ones compare by digest, and so do all under Options.SecretContents.
func (r *run) judgeSecret(n, col int, own, ref *parity.Fact) ruling {
	a, b := own.Value.Canon, ref.Value.Canon
	suspected := own.Value.Suspected || ref.Value.Suspected
	presence := r.equivalent(parity.SetOf(parity.SecretForm))
	switch {
	case a == "" && b == "" && !suspected:
		return presence // both sources hold ciphertext, and no key would tell more
	case a == "":
		return unread(r.cols[col], suspected || r.byDigest())
	case b == "":
		return unread(r.ref, suspected || r.byDigest())
	case !r.oneKey(col):
		return otherKeys
	case suspected || r.byDigest():
		return r.judgeDigest(n, col, own, ref)
	case a != b:
		return presence
	case !r.apart(col, r.ref.index):
		return ruling{class: parity.Equal}
	}
	held := sameSecret{row: n, holder: r.cols[col], owner: r.ref, own: own, theirs: ref, digest: a}
	if x, ok := r.leaked(&held); ok {
		return x
	}
	r.found.shareSecret(r, &held)
	return ruling{class: parity.Shared}
}

// byDigest reports whether known secrets compare by digest, as suspected ones
// do: where parity.yaml asks for it, or switches the rule off by which presence
// is enough.
func (r *run) byDigest() bool { return r.opt.SecretContents || r.opt.Off.Has(parity.SecretForm) }

// judgeDigest compares two secrets by their digests.
func (r *run) judgeDigest(n, col int, own, ref *parity.Fact) ruling {
	if own.Value.Canon != ref.Value.Canon {
		return ruling{class: parity.Changed, change: parity.SecretChange}
	}
	held := sameSecret{row: n, holder: r.cols[col], owner: r.ref, own: own, theirs: ref, digest: ref.Value.Canon}
	if r.apart(col, r.ref.index) && r.asked(&held) {
		return held.leak(r.ref, r.cols[col], isolationForbids)
	}
	return ruling{class: parity.Equal}
}

// unread is the ruling on a secret of which a column has no digest. decides
// reports whether the digest would tell if the two differ.
func unread(c *column, decides bool) ruling {
	x := ruling{class: parity.Unknown, note: "the secret's value was not read in " + c.name}
	if decides {
		x.lacks = c
	}
	return x
}

// oneKey reports whether a column's digests can be compared with those of the
// reference.
func (r *run) oneKey(col int) bool { return r.cols[col].snap.KeyID == r.ref.snap.KeyID }

// apart reports whether two columns are of different environments: instances
// and roles of one environment may share their secrets.
func (r *run) apart(a, b int) bool {
	return !r.opt.OneEnvironment && r.cols[a].snap.Column.Environment != r.cols[b].snap.Column.Environment
}

// sameSecret is one secret in two environments. The owner's is taken to be the
// one that the holder has as well.
type sameSecret struct {
	row           int
	holder, owner *column
	own, theirs   *parity.Fact
	digest        string
	// partial is set where the secret is a part of a text.
	partial bool
}

// subject is what a column calls the secret's subject.
func (h *sameSecret) subject(r *run, c *column) *parity.Subject {
	return &r.rows[h.row].aligned.Sides[c.index].Subject
}

const (
	isolationForbids = "though secrets.isolate asks for one of its own"
	namedAfter       = "under a name that says so"
	othersHaveTheirs = "where other subjects have their own"
)

// leaked gives the ruling on one secret in two environments, where the holder
// ought to have its own: its name says whose it is, parity.yaml asks for it,
// or other subjects have their own there.
func (r *run) leaked(h *sameSecret) (ruling, bool) {
	switch {
	case r.named(h, h.holder, h.owner):
		return h.leak(h.owner, h.holder, namedAfter), true
	case r.named(h, h.owner, h.holder):
		return h.leak(h.holder, h.owner, namedAfter), true
	case r.opt.Isolate.Known || r.asked(h):
		return h.leak(h.owner, h.holder, isolationForbids), true
	case h.owner == r.ref && r.secretsDifferElsewhere(h.row, h.holder.index, h.theirs.Path):
		return h.leak(h.owner, h.holder, othersHaveTheirs), true
	}
	return ruling{}, false
}

// leak is the ruling on a secret of owner's that holder has.
func (h *sameSecret) leak(owner, holder *column, why string) ruling {
	what := value.Tail(h.theirs.Path)
	if h.partial {
		what = "the credential in " + what
	}
	return ruling{
		class: parity.Leak, change: parity.SecretChange,
		note: fmt.Sprintf("%s is %s's own secret in %s, %s", what, owner.name, holder.name, why),
	}
}

// asked reports whether a selector of secrets.isolate fits the secret, by
// either environment's name for it.
func (r *run) asked(h *sameSecret) bool {
	match := r.opt.Isolate.Match
	return match != nil && (match(h.subject(r, h.holder).Key, h.own.Path) || match(h.subject(r, h.owner).Key, h.theirs.Path))
}

// secretsDifferElsewhere reports whether enough other subjects have different
// secrets at the end of this path, and more of them than have one on both
// sides: what most share is shared by design.
func (r *run) secretsDifferElsewhere(n, col int, path string) bool {
	k := positionKey{col, value.Tail(path)}
	others := besides(r.found.secrets[k], n)
	return others >= r.opt.MinSupport && others > len(r.found.sameSecrets[k])
}

// noteSecret notes whether two aligned facts hold one secret or two.
func (r *run) noteSecret(n, col int, own, ref *parity.Fact) {
	if !r.oneKey(col) || !r.apart(col, r.ref.index) {
		return
	}
	differ, same := false, false
	switch {
	case own.Value.Kind == parity.Secret && ref.Value.Kind == parity.Secret:
		a, b := own.Value.Canon, ref.Value.Canon
		differ, same = a != "" && b != "" && a != b, a != "" && a == b
	case own.Rules.Has(parity.SecretForm) && ref.Rules.Has(parity.SecretForm):
		a, b := knownMasks(own.Value), knownMasks(ref.Value)
		same = firstCommon(a, b) != ""
		differ = len(a) > 0 && len(b) > 0 && !same
	}
	k := positionKey{col, value.Tail(ref.Path)}
	if differ {
		addPosition(r.found.secrets, k, n)
	}
	if same {
		addPosition(r.found.sameSecrets, k, n)
	}
}

// between looks for one secret in two environments that are not the reference:
// the higher one is the owner. What each is against the reference stays, unless
// it is a leak.
func (j *joiner) between(n int, cells []parity.Cell) {
	for a := range cells {
		var owner *column
		for b := range cells {
			if j.oneKnown(cells, a, b) && (owner == nil || above(j.cols[b], owner)) {
				owner = j.cols[b]
			}
		}
		if owner == nil || !above(owner, j.cols[a]) {
			continue
		}
		f := cells[a].Fact
		held := sameSecret{row: n, holder: j.cols[a], owner: owner, own: f, theirs: cells[owner.index].Fact, digest: f.Value.Canon}
		if x, ok := j.leaked(&held); ok {
			cells[a].Class, cells[a].Change, cells[a].Note, cells[a].Rules = x.class, x.change, x.note, 0
			continue
		}
		j.found.shareSecret(j.run, &held)
	}
}

// oneKnown reports whether two cells of different environments, neither of them
// the reference's, hold one known secret that the reference does not.
func (j *joiner) oneKnown(cells []parity.Cell, a, b int) bool {
	x, y := &cells[a], &cells[b]
	if a == b || j.cols[a] == j.ref || j.cols[b] == j.ref || !j.apart(a, b) || j.byDigest() {
		return false
	}
	known := func(c *parity.Cell) bool {
		return c.Class == parity.Equivalent && c.Fact != nil && c.Fact.Value.Kind == parity.Secret && !c.Fact.Value.Suspected
	}
	return known(x) && known(y) && x.Fact.Value.Canon != "" && x.Fact.Value.Canon == y.Fact.Value.Canon &&
		j.cols[a].snap.KeyID == j.cols[b].snap.KeyID
}

// above orders environments: those of a higher rank first.
func above(a, b *column) bool {
	x, y := a.snap.Column, b.snap.Column
	if x.Rank != y.Rank {
		return x.Rank > y.Rank
	}
	return a.name < b.name
}
