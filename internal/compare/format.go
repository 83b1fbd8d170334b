package compare

import (
	"slices"

	"github.com/envparity/parity"
)

// speaks reports whether the column's sources can speak of a format that the
// subject may have been stated in.
func (c *column) speaks(r *run, s *parity.Subject) bool {
	return slices.ContainsFunc(r.opt.Kinds.Formats(s), func(f string) bool { return c.formats[f] })
}

// noteFormats notes the formats that a column's sources can speak of: those of its
// subjects, and those of the collectors that read all that is declared in them.
func (r *run) noteFormats(c *column) {
	kind, format := "", ""
	for i := range c.snap.Subjects {
		s := &c.snap.Subjects[i].Subject
		if s.Kind == kind && s.Format == format {
			continue
		}
		kind, format = s.Kind, s.Format
		c.images = c.images || kind == parity.ImageSubject
		for _, f := range r.opt.Kinds.Formats(s) {
			c.formats[f] = true
		}
	}
	if c.index >= len(r.opt.Collectors) {
		return
	}
	for _, name := range r.opt.Collectors[c.index] {
		for _, f := range r.opt.Kinds.Complete(name) {
			c.formats[f] = true
		}
	}
}
