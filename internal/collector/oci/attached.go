package oci

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"

	"github.com/envparity/parity/internal/sbom"
)

// Annotations by which a build's attestations stand in its index.
const (
	attestationType     = "vnd.docker.reference.type"
	attestationManifest = "attestation-manifest"
	attestationSubject  = "vnd.docker.reference.digest"
	bundlePredicate     = "dev.sigstore.bundle.predicateType"
)

// attached is what hangs on an image.
type attached struct {
	// built are the attestation manifests of its index.
	built []v1.Descriptor
	// signatures and sboms are the kinds that were found.
	signatures, sboms []string
	documents         []document
	// failure is why not everything could be read.
	failure *failure
	// cut is set where there was more than is looked at.
	cut bool
}

// The most that is looked at of what hangs on one image.
const (
	maxReferrers  = 200
	maxDocuments  = 20
	documentBytes = 32 << 20
)

// attachments looks for what hangs on the image: in the referrers API or the
// tag that stands for it, under cosign's tags, and in the index itself.
func (s *session) attachments(ctx context.Context) {
	a := &s.found.attached
	for _, step := range []func(context.Context) error{s.referrers, s.cosign, s.built} {
		if err := step(ctx); err != nil {
			f := s.failed(ctx, err, s.ref)
			a.failure = &f
		}
	}
	for _, list := range []*[]string{&a.signatures, &a.sboms} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
}

// subjects are the digests that something may hang on: that of the index, and
// of the platform's manifest.
func (s *session) subjects() []name.Digest {
	repository := s.ref.Context()
	out := []name.Digest{repository.Digest(s.found.digest)}
	for _, p := range s.found.platforms {
		if p.platform == s.platform && p.digest != s.found.digest {
			out = append(out, repository.Digest(p.digest))
			break
		}
	}
	return out
}

// referrers asks for what refers to the image.
func (s *session) referrers(ctx context.Context) error {
	for _, subject := range s.subjects() {
		list, err := remote.Referrers(subject, remote.Reuse(s.puller), remote.WithContext(ctx))
		if err != nil {
			return err
		}
		index, err := list.IndexManifest()
		if err != nil {
			return errBroken
		}
		if err := s.listed(ctx, index.Manifests); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) listed(ctx context.Context, all []v1.Descriptor) error {
	slices.SortFunc(all, func(a, b v1.Descriptor) int { return strings.Compare(a.Digest.String(), b.Digest.String()) })
	if len(all) > maxReferrers {
		all, s.found.attached.cut = all[:maxReferrers], true
	}
	for i := range all {
		if err := s.referrer(ctx, &all[i]); err != nil {
			return err
		}
	}
	return nil
}

// referrer notes one thing that refers to the image.
func (s *session) referrer(ctx context.Context, d *v1.Descriptor) error {
	a := &s.found.attached
	kind := cmp.Or(d.ArtifactType, string(d.MediaType))
	switch {
	case strings.HasPrefix(kind, "application/vnd.dev.sigstore.bundle"):
		if d.Annotations[bundlePredicate] != "" && d.Annotations[bundlePredicate] != cosignSign {
			return s.manifestDocuments(ctx, d)
		}
		a.signatures = append(a.signatures, "sigstore")
	case strings.HasPrefix(kind, "application/vnd.dev.cosign.artifact.sig"), kind == "application/vnd.dev.cosign.simplesigning.v1+json":
		a.signatures = append(a.signatures, "cosign")
	case kind == "application/vnd.cncf.notary.signature":
		a.signatures = append(a.signatures, "notation")
	case sbomFormat(kind) != "", strings.Contains(kind, "in-toto"), strings.Contains(kind, "dsse"), strings.HasPrefix(kind, "application/vnd.dev.cosign.artifact.att"):
		return s.manifestDocuments(ctx, d)
	}
	return nil
}

// cosignSign is the predicate of a bundle that signs and says nothing else.
const cosignSign = "https://sigstore.dev/cosign/sign/v1"

// sbomFormat names the format of a software bill of materials by its media
// type; empty where it is none.
func sbomFormat(mediaType string) string {
	switch {
	case strings.Contains(mediaType, "spdx"):
		return "spdx"
	case strings.Contains(mediaType, "cyclonedx"):
		return "cyclonedx"
	case strings.Contains(mediaType, "syft"):
		return "syft"
	}
	return ""
}

// cosign looks under the tags that cosign makes where no referrers are known.
func (s *session) cosign(ctx context.Context) error {
	for _, subject := range s.subjects() {
		tag := strings.Replace(subject.DigestStr(), ":", "-", 1)
		for _, suffix := range []string{".sig", ".att", ".sbom"} {
			desc, err := s.puller.Head(ctx, subject.Context().Tag(tag+suffix))
			if missing(err) {
				continue
			}
			if err != nil {
				return err
			}
			if suffix == ".sig" {
				s.found.attached.signatures = append(s.found.attached.signatures, "cosign")
				continue
			}
			if err := s.manifestDocuments(ctx, desc); err != nil {
				return err
			}
		}
	}
	return nil
}

func missing(err error) bool {
	var answer *transport.Error
	return errors.As(err, &answer) && answered(answer.StatusCode, "").absent
}

// built reads the attestations that stand in the index, for the platform.
func (s *session) built(ctx context.Context) error {
	subjects := s.subjects()
	for i := range s.found.attached.built {
		d := &s.found.attached.built[i]
		if of := d.Annotations[attestationSubject]; of != "" && !slices.ContainsFunc(subjects, func(x name.Digest) bool { return x.DigestStr() == of }) {
			continue
		}
		if err := s.manifestDocuments(ctx, d); err != nil {
			return err
		}
	}
	return nil
}

// manifestDocuments reads the documents that a manifest holds as its layers.
func (s *session) manifestDocuments(ctx context.Context, d *v1.Descriptor) error {
	desc, err := s.puller.Get(ctx, s.ref.Context().Digest(d.Digest.String()))
	if missing(err) {
		return nil // listed, and gone
	}
	if err != nil {
		return err
	}
	m, err := parseManifest(desc.Manifest)
	if err != nil {
		return err
	}
	for i := range m.Layers {
		if err := s.document(ctx, &m.Layers[i]); err != nil {
			return err
		}
	}
	return nil
}

// document reads one document, unless it was read before.
func (s *session) document(ctx context.Context, layer *v1.Descriptor) error {
	a := &s.found.attached
	digest := layer.Digest.String()
	if slices.ContainsFunc(a.documents, func(x document) bool { return x.digest == digest }) {
		return nil
	}
	if len(a.documents) >= maxDocuments {
		a.cut = true
		return nil
	}
	limits := sbom.Limits{Bytes: min(documentBytes, max(s.in.Limits.FileBytes, 1)), Nodes: s.in.Limits.Nodes, Depth: s.in.Limits.Depth}
	data, err := s.blob(ctx, *layer, limits.Bytes)
	if err != nil {
		return err
	}
	a.note(string(layer.MediaType), parseDocument(string(layer.MediaType), digest, data, limits))
	return nil
}
