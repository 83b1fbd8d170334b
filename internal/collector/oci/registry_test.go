package oci

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/envparity/parity/internal/collector"
)

// newRegistry runs go-containerregistry's registry, with the referrers API or
// without, and gives its host.
func newRegistry(t testing.TB, referrers bool) (host string, handler http.Handler) {
	t.Helper()
	handler = registry.New(registry.Logger(log.New(io.Discard, "", 0)), registry.WithReferrersSupport(referrers))
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://"), handler
}

// madeAt is when the images of tests were made.
var madeAt = time.Date(2026, 11, 20, 8, 30, 0, 0, time.UTC)

// build makes an image: what differs between two is in the text of its layer.
func build(t testing.TB, content string, change func(*v1.ConfigFile)) v1.Image {
	t.Helper()
	img := mutate.MediaType(empty.Image, types.OCIManifestSchema1)
	img = mutate.ConfigMediaType(img, types.OCIConfigJSON)
	img, err := mutate.AppendLayers(img, static.NewLayer([]byte(content), types.OCILayer))
	if err != nil {
		t.Fatal(err)
	}
	c, err := img.ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	c = c.DeepCopy()
	c.OS, c.Architecture, c.Created = "linux", "amd64", v1.Time{Time: madeAt}
	if change != nil {
		change(c)
	}
	if img, err = mutate.ConfigFile(img, c); err != nil {
		t.Fatal(err)
	}
	return img
}

// platforms makes an index of images by platform.
func platforms(t testing.TB, images map[string]v1.Image) v1.ImageIndex {
	t.Helper()
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, platform := range []string{"linux/amd64", "linux/arm64"} {
		if img, ok := images[platform]; ok {
			p, err := v1.ParsePlatform(platform)
			if err != nil {
				t.Fatal(err)
			}
			index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: img, Descriptor: v1.Descriptor{Platform: p}})
		}
	}
	return index
}

func reference(t testing.TB, ref string) name.Reference {
	t.Helper()
	r, err := name.ParseReference(ref)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func push(t testing.TB, ref string, img v1.Image) string {
	t.Helper()
	if err := remote.Write(reference(t, ref), img); err != nil {
		t.Fatal(err)
	}
	digest, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return digest.String()
}

func pushIndex(t testing.TB, ref string, index v1.ImageIndex) string {
	t.Helper()
	if err := remote.WriteIndex(reference(t, ref), index); err != nil {
		t.Fatal(err)
	}
	digest, err := index.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return digest.String()
}

// attach makes an artifact of one layer that refers to a digest.
func attach(t testing.TB, artifactType string, layer v1.Layer, annotations map[string]string, subject v1.Descriptor) v1.Image {
	t.Helper()
	img := mutate.MediaType(empty.Image, types.OCIManifestSchema1)
	img = mutate.ConfigMediaType(img, types.MediaType(artifactType))
	img, err := mutate.Append(img, mutate.Addendum{Layer: layer, Annotations: annotations})
	if err != nil {
		t.Fatal(err)
	}
	if subject.Digest.Hex == "" {
		return img
	}
	return mutate.Subject(img, subject).(v1.Image)
}

// referring pushes an artifact that refers to what a reference means.
func referring(t testing.TB, ref, artifactType string, layer v1.Layer) {
	t.Helper()
	r := reference(t, ref)
	desc, err := remote.Get(r)
	if err != nil {
		t.Fatal(err)
	}
	img := attach(t, artifactType, layer, nil, desc.Descriptor)
	digest, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(r.Context().Digest(digest.String()), img); err != nil {
		t.Fatal(err)
	}
}

// run is one source with nothing around it.
func run(t testing.TB, in collector.Input, cfg Config) *sink {
	t.Helper()
	if in.Lookup == nil {
		in.Lookup = func(string) (string, bool) { return "", false }
	}
	in.Limits = collector.DefaultLimits()
	out := &sink{}
	if err := New().Collect(context.Background(), in, &cfg, out); err != nil {
		t.Fatal(err)
	}
	return out
}

// withAttestation adds an attestation to an index as BuildKit does.
func withAttestation(index v1.ImageIndex, att v1.Image, of string) v1.ImageIndex {
	return mutate.AppendManifests(index, mutate.IndexAddendum{Add: att, Descriptor: v1.Descriptor{
		Platform:    &v1.Platform{OS: "unknown", Architecture: "unknown"},
		Annotations: map[string]string{attestationType: attestationManifest, attestationSubject: of},
	}})
}
