package policy

import (
	"slices"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// Images is what is known of images besides what stands side by side: when
// they were made, and what each column ran before.
type Images struct {
	columns map[string]*columnImages
	// made is when an image was made, by digest and by reference: that is the
	// same for every column.
	made map[string]time.Time
	// indexes are those that hold a manifest, by its digest.
	indexes map[string][]string
}

// columnImages is what one column had and has, by repository.
type columnImages struct {
	runs map[string][]seenImage
	// past tells of which repositories it is known what ran before.
	past map[string]bool
}

type seenImage struct {
	image value.Image
	// first is when it was first seen; zero where nothing was seen before now.
	first time.Time
}

// NewImages reads what the snapshots that are compared say of images.
func NewImages(now []*parity.Snapshot) *Images {
	x := &Images{columns: map[string]*columnImages{}, made: map[string]time.Time{}, indexes: map[string][]string{}}
	for _, s := range now {
		x.add(s, false)
	}
	return x
}

// AddEarlier reads an earlier snapshot of one of the columns, in any order. It
// keeps nothing of it but its images.
func (x *Images) AddEarlier(s *parity.Snapshot) { x.add(s, true) }

func (x *Images) add(s *parity.Snapshot, earlier bool) {
	c := x.columns[s.Column.String()]
	if c == nil {
		c = &columnImages{runs: map[string][]seenImage{}, past: map[string]bool{}}
		x.columns[s.Column.String()] = c
	}
	for i := range s.Subjects {
		sf := &s.Subjects[i]
		if sf.Subject.Kind == parity.ImageSubject {
			x.image(sf)
			continue
		}
		for j := range sf.Facts {
			f := &sf.Facts[j]
			if f.Value.Kind != parity.Image || f.DerivedFrom != nil {
				continue
			}
			img, ok := value.ParseImage(f.Value.Canonical())
			if !ok {
				continue
			}
			first := time.Time{}
			if earlier {
				first = s.Time
			}
			c.see(img, first, earlier || strings.HasPrefix(f.Path, parity.ImageHistoryPath))
		}
	}
}

// image notes when an image was made.
func (x *Images) image(sf *parity.SubjectFacts) {
	var ref, made string
	var manifests []string
	for i := range sf.Facts {
		switch f := &sf.Facts[i]; {
		case f.Path == parity.ImageDigestPath:
			ref = f.Value.Canonical()
		case f.Path == parity.ImageCreatedPath:
			made = f.Value.Raw
		case strings.HasPrefix(f.Path, parity.ImageManifestsPath):
			manifests = append(manifests, f.Value.Raw)
		}
	}
	img, ok := value.ParseImage(ref)
	for _, m := range manifests {
		if ok && !slices.Contains(x.indexes[m], img.Digest) {
			x.indexes[m] = append(x.indexes[m], img.Digest)
		}
	}
	at, err := time.Parse(time.RFC3339, made)
	if !ok || err != nil {
		return
	}
	for _, digest := range append(manifests, img.Digest) {
		x.made[digest] = at
	}
	if img.Tag != "" {
		img.Digest = ""
		x.made[img.Canonical(nil)] = at
	}
}

// see notes an image that a column has or had.
func (c *columnImages) see(img value.Image, first time.Time, past bool) {
	repository := repositoryOf(img)
	if past {
		c.past[repository] = true
	}
	list := c.runs[repository]
	at := slices.IndexFunc(list, func(s seenImage) bool { return s.image.Tag == img.Tag && s.image.Digest == img.Digest })
	if at < 0 {
		c.runs[repository] = append(list, seenImage{img, first})
		return
	}
	if list[at].first.IsZero() || !first.IsZero() && first.Before(list[at].first) {
		list[at].first = first
	}
}

func repositoryOf(img value.Image) string { return img.Registry + "/" + img.Repository }

// had reports whether a column has or had an image, in the repository of the one
// that it runs. What is known by its tag alone says nothing where the column
// runs other contents under the tag.
func (x *Images) had(column string, runs, want value.Image) bool {
	c := x.columns[column]
	if c == nil {
		return false
	}
	repository := repositoryOf(runs)
	other := want.Digest != "" && runs.Digest != "" && runs.Tag == want.Tag && !x.sameBuild(runs, want)
	return slices.ContainsFunc(c.runs[repository], func(s seenImage) bool {
		return x.sameBuild(s.image, want) && (s.image.Digest != "" || !other)
	})
}

// sameBuild reports whether two images of one repository are the same: by digest
// where both have one, and else by tag. An index and its manifests are one.
func (x *Images) sameBuild(a, b value.Image) bool {
	if a.Digest != "" && b.Digest != "" {
		of, other := x.indexes[a.Digest], x.indexes[b.Digest]
		return a.Digest == b.Digest || slices.Contains(of, b.Digest) || slices.Contains(other, a.Digest) ||
			slices.ContainsFunc(of, func(index string) bool { return slices.Contains(other, index) })
	}
	return a.Tag != "" && a.Tag == b.Tag
}

// pastOf gives what else a column has or had of a repository, and whether it
// is known what it had.
func (x *Images) pastOf(column, repository string) ([]seenImage, bool) {
	c := x.columns[column]
	if c == nil || !c.past[repository] {
		return nil, false
	}
	return c.runs[repository], true
}

// madeAt is when an image was made.
func (x *Images) madeAt(img value.Image) (time.Time, bool) {
	if img.Digest != "" {
		if at, ok := x.made[img.Digest]; ok || img.Tag == "" {
			return at, ok
		}
	}
	img.Digest = ""
	at, ok := x.made[img.Canonical(nil)]
	return at, ok
}

// firstSeen is when a column was first seen with an image.
func (x *Images) firstSeen(column string, img value.Image) (time.Time, bool) {
	c := x.columns[column]
	if c == nil {
		return time.Time{}, false
	}
	for _, s := range c.runs[repositoryOf(img)] {
		if x.sameBuild(s.image, img) && !s.first.IsZero() {
			return s.first, true
		}
	}
	return time.Time{}, false
}
