package oci

import (
	"errors"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/attest"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/sbom"
)

// document is an attached SBOM or attestation, read.
type document struct {
	digest string
	// bom is a bill of materials, bare or the subject of a statement.
	bom        *sbom.Document
	statements []attest.Attestation
	// faults are what could not be read of it.
	faults []string
}

// parseDocument reads a document by its media type. What it holds is foreign: a fault
// quotes nothing of it.
func parseDocument(mediaType, digest string, data []byte, l sbom.Limits) document {
	d := document{digest: digest}
	if sbomFormat(mediaType) == "" {
		statements, faults := attest.Parse(data, l)
		d.statements = statements
		for _, f := range faults {
			d.faults = append(d.faults, "an attestation cannot be read: "+f.What)
		}
		return d
	}
	bom, err := sbom.Parse("", data, l)
	if err != nil {
		what := "it is in no format that is known"
		var at *doc.Error
		if errors.As(err, &at) {
			what = at.What
		}
		d.faults = append(d.faults, "a list of components cannot be read: "+what)
		return d
	}
	d.bom = bom
	return d
}

// note adds what a document says of the image to what is attached to it.
func (a *attached) note(mediaType string, d document) {
	a.documents = append(a.documents, d)
	if format := sbomFormat(mediaType); format != "" {
		a.sboms = append(a.sboms, format)
	}
	for i := range d.statements {
		s := &d.statements[i]
		if s.PredicateType == cosignSign {
			a.signatures = append(a.signatures, "sigstore")
		}
		if s.BOM != nil {
			a.sboms = append(a.sboms, sbomFormat(string(s.BOM.Format)))
		}
	}
}

// bom gives the list that has the most components: one image may have several
// that say the same in other forms.
func (a *attached) bom() *sbom.Document {
	var best *sbom.Document
	better := func(b *sbom.Document) {
		if b != nil && (best == nil || len(b.Components) > len(best.Components)) {
			best = b
		}
	}
	for i := range a.documents {
		better(a.documents[i].bom)
		for j := range a.documents[i].statements {
			better(a.documents[i].statements[j].BOM)
		}
	}
	return best
}

// follows are the parts of a provenance that are others for each build, below
// AttachedPath. Who builds, from where, and how, is the same from one release
// to the next, and counts.
var follows = []string{"/source/commit", "/source/ref", "/artifacts[", "/materials[", "/parameters/", "/run/"}

// documents states what the attached documents say.
func (w *writer) documents() {
	seen := map[string]bool{}
	add := func(facts []parity.Fact, each func(f *parity.Fact)) {
		for i := range facts {
			f := facts[i]
			if seen[f.Path] {
				continue
			}
			seen[f.Path] = true
			each(&f)
			w.facts = append(w.facts, f)
		}
	}
	if bom := w.attached.bom(); bom != nil {
		add(bom.Facts(w.key, AttachedPath, w.origin), w.follow)
	}
	for i := range w.attached.documents {
		for j := range w.attached.documents[i].statements {
			s := &w.attached.documents[i].statements[j]
			if s.PredicateType == cosignSign {
				continue
			}
			add(s.Facts(w.key, AttachedPath, w.origin), func(f *parity.Fact) {
				path := strings.TrimPrefix(f.Path, AttachedPath)
				if slices.ContainsFunc(follows, func(p string) bool { return strings.HasPrefix(path, p) }) {
					w.follow(f)
				}
			})
		}
	}
}

// follow makes a fact follow from the image, unless it follows from something
// else.
func (w *writer) follow(f *parity.Fact) {
	if f.DerivedFrom == nil {
		f.DerivedFrom = w.origins
	}
}
