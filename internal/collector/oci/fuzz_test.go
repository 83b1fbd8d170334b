package oci

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/sbom"
	"github.com/envparity/parity/internal/value"
)

// FuzzImage holds for whatever a registry answers: no panic, every fact below
// the subject with a path, and no gap that quotes.
func FuzzImage(f *testing.F) {
	f.Add(`{"config":{"digest":"sha256:`+strings.Repeat("a", 64)+`","size":9},"layers":[{"size":-1}]}`, `{"created":"2026-01-02T03:04:05Z","config":{"Env":["A","=","B=C=D"],"User":"root"}}`, `{"predicateType":"x"}`)
	f.Add(`{"manifests":[]}`, `{"config":{"Labels":{"":""},"ExposedPorts":{"":{}}}}`, components)
	f.Add(`[]`, `null`, provenance)
	f.Fuzz(func(t *testing.T, manifest, config, doc string) {
		ref := "reg.example.com/shop/web:1"
		img, _ := value.ParseImage(ref)
		i := image{wanted: wanted{ref: ref, img: img, key: parity.Key{Kind: parity.ImageSubject, Name: "shop/web"}}, digest: "sha256:" + strings.Repeat("a", 64)}
		if m, err := parseManifest([]byte(manifest)); err == nil {
			i.manifest = m
		}
		if index, err := parseIndex([]byte(manifest)); err == nil && len(index.Manifests) > maxManifests {
			t.Fatal("an index is larger than is read")
		}
		c := &configFile{}
		if json.Unmarshal([]byte(config), c) == nil {
			i.config = c
		}
		for _, mediaType := range []string{"application/spdx+json", "application/vnd.in-toto+json"} {
			d := parseDocument(mediaType, mediaType, []byte(doc), sbom.Limits{Bytes: 1 << 20, Nodes: 10000, Depth: 50})
			i.attached.note(mediaType, d)
		}
		out := &sink{}
		i.emit(out, nil)
		if len(out.subjects) != 1 {
			t.Fatalf("%d subjects", len(out.subjects))
		}
		for _, fact := range out.subjects[0].Facts {
			if !strings.HasPrefix(fact.Path, "/") || fact.Origin == nil {
				t.Fatalf("%+v", fact)
			}
		}
	})
}

// FuzzDockerConfig holds for any file of credentials: no panic, and no error
// that quotes.
func FuzzDockerConfig(f *testing.F) {
	f.Add(`{"auths":{"reg.example.com":{"auth":"YTpi"}}}`)
	f.Add(`{"auths":{"https://index.docker.io/v1/":{"auth":"%%%"}}}`)
	f.Fuzz(func(t *testing.T, text string) {
		var c dockerConfig
		if json.Unmarshal([]byte(text), &c) != nil {
			return
		}
		for _, repository := range []string{"reg.example.com/shop/web", "index.docker.io/library/web", ""} {
			if auth, ok := c.written(repository); ok {
				if _, err := auth.authenticator(); err != nil && err.Error() != "the credentials of the registry are broken" {
					t.Fatal(err)
				}
			}
		}
	})
}

func FuzzReference(f *testing.F) {
	f.Add("reg.example.com/shop/web:1.*", "*")
	f.Add("a@sha256:", "a*b*")
	f.Fuzz(func(t *testing.T, ref, pattern string) {
		tagOf(ref)
		if fits(pattern, ref) && !strings.Contains(pattern, "*") && pattern != ref {
			t.Fatalf("%q fits %q", pattern, ref)
		}
	})
}
