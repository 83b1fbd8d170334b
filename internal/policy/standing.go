package policy

import (
	"fmt"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// pair is a column's image and the reference's in its place, which differ.
type pair struct {
	*Images
	column, reference parity.Column
	have, want        value.Image
	// bound says that their repositories are one by bindings.
	bound bool
	now   time.Time
}

// standing says what the column's image is to the reference's.
//
// First it is asked whether they can be compared at all: images of other
// repositories are other. One tag with two digests is a rebuild. Then the order
// decides, by version, by the times at which they were made, or by what each
// side had before: a column that is ahead is pending; one that is older either
// had the reference's image and is behind, or never had it, and that is
// unpromoted. A column that is ahead, of which the past is known, and whose past
// begins before the reference's image and does not hold it, or that began to
// run its own before the reference's was made, never had it either.
func (p *pair) standing() parity.ImageStanding {
	s := parity.ImageStanding{Version: versionName(p.have)}
	if p.have.Repository != p.want.Repository && !p.bound {
		s.State, s.Why = parity.ImageOther, "the repositories are not the same"
		return s
	}
	s.Promoted = p.sameBuild(p.have, p.want) || p.had(p.column.String(), p.have, p.want)
	if p.have.Tag == p.want.Tag && p.have.Tag != "" {
		return p.oneTag(s)
	}
	order, why, ok := p.order()
	switch {
	case !ok && p.pastKnown() && !s.Promoted:
		s.State, s.Why = parity.ImageUnpromoted, "it is not among what "+p.column.String()+" ran before"
		s.Version = versionName(p.want)
	case !ok:
		s.State, s.Why = parity.ImageUnordered, "nothing tells which is newer"
	case order == 0:
		s.State, s.Why = parity.ImageUnordered, "they are of one "+why
		if p.have.Digest != "" && p.want.Digest != "" {
			s.State = parity.ImageRebuild
		}
	case order > 0:
		s = p.ahead(s, why)
	default:
		s = p.older(s, why)
	}
	return s
}

// oneTag tells of one tag with two contents.
func (p *pair) oneTag(s parity.ImageStanding) parity.ImageStanding {
	if p.have.Digest == "" || p.want.Digest == "" {
		s.State, s.Why = parity.ImageUnordered, "only one side has a digest"
		return s
	}
	s.State, s.Why = parity.ImageRebuild, "one tag with two digests"
	a, okA := p.madeAt(p.have)
	b, okB := p.madeAt(p.want)
	if okA && okB && !a.Equal(b) {
		newer, where := a, p.column.String()
		if b.After(a) {
			newer, where = b, p.reference.String()
		}
		s.Since, s.Age = newer, age(p.now.Sub(newer))
		s.Why += "; that of " + where + " is newer"
	}
	return s
}

// ahead tells of a column whose image is newer than the reference's.
func (p *pair) ahead(s parity.ImageStanding, why string) parity.ImageStanding {
	if reason := p.neverHad(s.Promoted); reason != "" {
		s.State, s.Why, s.Version = parity.ImageUnpromoted, reason, versionName(p.want)
		return p.since(s, p.want)
	}
	s.State, s.Why = parity.ImagePending, "newer by "+why
	return p.since(s, p.have)
}

// older tells of a column whose image is older than the reference's.
func (p *pair) older(s parity.ImageStanding, why string) parity.ImageStanding {
	s.State, s.Version, s.Why = parity.ImageUnpromoted, versionName(p.want), "newer by "+why
	if s.Promoted || p.column.Rank >= p.reference.Rank {
		s.State = parity.ImageBehind
	}
	return p.since(s, p.want)
}

// since fills in how long the newer image is there.
func (p *pair) since(s parity.ImageStanding, newer value.Image) parity.ImageStanding {
	at, ok := p.madeAt(newer)
	if !ok {
		column := p.column.String()
		if newer == p.want {
			column = p.reference.String()
		}
		at, ok = p.firstSeen(column, newer)
	}
	if ok && !at.After(p.now) {
		s.Since, s.Age = at, age(p.now.Sub(at))
	}
	return s
}

// order reports whether the column's image is newer (1) or older (-1), and by
// what.
func (p *pair) order() (order int, why string, ok bool) {
	if c, ok := value.CompareVersions(p.have.Tag, p.want.Tag); ok && c != 0 {
		return c, "version", true
	} else if ok {
		return 0, "version", true
	}
	a, okA := p.madeAt(p.have)
	b, okB := p.madeAt(p.want)
	if okA && okB && !a.Equal(b) {
		return a.Compare(b), "the time at which they were made", true
	}
	own := p.had(p.column.String(), p.have, p.want)
	theirs := p.had(p.reference.String(), p.want, p.have)
	if own != theirs {
		if own {
			return 1, "what " + p.column.String() + " ran before", true
		}
		return -1, "what " + p.reference.String() + " ran before", true
	}
	return 0, "", false
}

func (p *pair) pastKnown() bool {
	_, known := p.pastOf(p.column.String(), repositoryOf(p.have))
	return known
}

// neverHad says why a column that is ahead cannot have had the reference's
// image; empty where it may have.
func (p *pair) neverHad(promoted bool) string {
	if promoted || p.column.Rank >= p.reference.Rank {
		return ""
	}
	a, okA := p.madeAt(p.have)
	b, okB := p.madeAt(p.want)
	if okA && okB && b.After(a) {
		return "it was made after what " + p.column.String() + " runs"
	}
	past, known := p.pastOf(p.column.String(), repositoryOf(p.have))
	if !known {
		return ""
	}
	for _, seen := range past {
		if c, ok := value.CompareVersions(seen.image.Tag, p.want.Tag); ok && c < 0 {
			return "it is not among what " + p.column.String() + " ran before, which begins earlier"
		}
	}
	return ""
}

// versionName names an image for people: its tag, or the beginning of its
// digest.
func versionName(img value.Image) string {
	const shown = 19 // sha256: and twelve digits
	if img.Tag != "" {
		return img.Tag
	}
	return img.Digest[:min(shown, len(img.Digest))]
}

// age gives a time in words, rounded down.
func age(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d >= day:
		return counted(int(d/day), "day")
	case d >= time.Hour:
		return counted(int(d/time.Hour), "hour")
	default:
		return counted(int(d/time.Minute), "minute")
	}
}

// standingNote says in a sentence what a standing means for columns that share
// it.
func standingNote(s parity.ImageStanding, columns []string, reference string) string {
	made := ""
	if s.Age != "" {
		made = ", for " + s.Age
	}
	names, is := strings.Join(columns, ", "), verb(len(columns), "is", "are")
	switch s.State {
	case parity.ImageRebuild:
		return fmt.Sprintf("rebuild: %s is not the same in %s and %s (%s)", s.Version, names, reference, s.Why)
	case parity.ImagePending:
		return fmt.Sprintf("pending: %s %s ahead, %s%s (%s)", names, is, s.Version, made, s.Why)
	case parity.ImageUnpromoted:
		return fmt.Sprintf("unpromoted: %s runs %s, which %s never had as far as is known (%s)", reference, s.Version, names, s.Why)
	case parity.ImageBehind:
		return fmt.Sprintf("behind: %s %s behind %s, which runs %s%s (%s)", names, is, reference, s.Version, made, s.Why)
	case parity.ImageOther:
		return "another image: " + s.Why
	default:
		return "unordered: " + s.Why
	}
}

// place says of two images that differ what they are to each other.
func (g *Judge) place(r *ruling, j *parity.Joined, column int) {
	if c := g.columns[column]; c.Environment == g.columns[g.ref].Environment && c.Role != g.columns[g.ref].Role {
		return // what is declared is not promoted to what runs
	}
	cell := &j.Cells[column]
	have, want := cell.Fact, j.Cells[g.ref].Fact
	if have == nil || want == nil || have.Value.Kind != parity.Image || want.Value.Kind != parity.Image {
		return
	}
	p := pair{Images: g.opts.Images, column: g.columns[column], reference: g.columns[g.ref], bound: cell.Rules.Has(parity.BindingRule), now: g.now}
	var okA, okB bool
	p.have, okA = value.ParseImage(have.Value.Canonical())
	p.want, okB = value.ParseImage(want.Value.Canonical())
	if !okA || !okB {
		return
	}
	s := p.standing()
	r.image = &s
}

// sameStanding reports whether two columns' images are the same to the
// reference's.
func sameStanding(a, b *parity.ImageStanding) bool {
	return a == b || a != nil && b != nil && a.State == b.State && a.Version == b.Version
}
