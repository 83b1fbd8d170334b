package grouping

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// imageText names the images of a block and what they are to the reference's. All
// members are in one state; versions and ages are told where they are the same
// for all.
func imageText(ds []parity.Difference) string {
	d := &ds[0]
	version, age := d.Image.Version, d.Image.Age
	for i := range ds {
		if x := ds[i].Image; x != nil {
			if x.Version != version {
				version = ""
			}
			if x.Age != age {
				age = ""
			}
		}
	}
	label := d.Cause.Label
	if repository := imageOf(d); len(ds) == 1 && repository != "" {
		label = "image " + repository // one image is no release
	}
	text := label + " " + values(d)
	if version == "" && len(ds) > 1 && d.Cause.Kind != "image" {
		text = label
	}
	if state := standing(d.Image.State, wholes(d, d.Columns)); state != "" {
		text += ", " + state
	}
	if age != "" {
		text += " for " + age
	}
	return text
}

// standing says what a state of images means.
func standing(state parity.ImageState, columns []string) string {
	is, has := " is ", " has "
	if len(columns) > 1 {
		is, has = " are ", " have "
	}
	switch state {
	case parity.ImagePending:
		return names(columns) + is + "ahead"
	case parity.ImageBehind:
		return names(columns) + is + "behind"
	case parity.ImageUnpromoted:
		return names(columns) + has + "not had what the reference runs"
	case parity.ImageRebuild:
		return "rebuilt under the same tag in " + names(columns)
	}
	return ""
}

// imageOf is the repository of the reference's image.
func imageOf(d *parity.Difference) string {
	for _, s := range d.Sides {
		if s.Class != parity.Equal || s.Value == nil {
			continue
		}
		if img, ok := value.ParseImage(*s.Value); ok {
			return img.Repository
		}
	}
	return ""
}
