package oci

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/collectortest"
)

// sink keeps what a collector hands over, as it is.
type sink struct {
	subjects []parity.SubjectFacts
	gaps     []parity.Gap
}

func (s *sink) Subject(subject parity.Subject, facts []parity.Fact) {
	s.subjects = append(s.subjects, parity.SubjectFacts{Subject: subject, Facts: facts})
}
func (s *sink) Gap(g parity.Gap)    { s.gaps = append(s.gaps, g) }
func (s *sink) Tool(string, string) {}

// dump writes facts, with the registry's host and digests replaced.
func (s *sink) dump(replace ...string) []string {
	r := strings.NewReplacer(replace...)
	var out []string
	for i := range s.subjects {
		sf := &s.subjects[i]
		out = append(out, r.Replace(sf.Subject.Key.String()))
		for j := range sf.Facts {
			f := &sf.Facts[j]
			line := fmt.Sprintf("%s = %s (%s)", f.Path, f.Value, f.Surface)
			if f.Rules != 0 {
				line += " " + f.Rules.String()
			}
			if f.DerivedFrom != nil {
				line += " from " + f.DerivedFrom.Subject.Name
			}
			out = append(out, r.Replace(line))
		}
	}
	for _, g := range s.gaps {
		out = append(out, r.Replace(fmt.Sprintf("gap %s %s %s %s: %s", g.Kind, g.Scope, g.Name, g.Path, g.Reason)))
	}
	return out
}

func release(c *v1.ConfigFile) {
	c.Config.User = "65532"
	c.Config.Entrypoint = []string{"/web"}
	c.Config.Env = []string{"PATH=/bin", "LOG_LEVEL=info", "DB_PASSWORD=hunter2hunter2"}
	c.Config.ExposedPorts = map[string]struct{}{"8080/tcp": {}}
	c.Config.Labels = map[string]string{
		"org.opencontainers.image.source": "https://git.example.com/shop/web", "org.opencontainers.image.revision": "4f2a91c", "team": "web",
	}
}

func TestImage(t *testing.T) {
	host, _ := newRegistry(t, true)
	ref := host + "/shop/web:1.2.3"
	digest := push(t, ref, build(t, "one", release))
	out := run(t, collector.Input{}, Config{Images: []string{ref}})
	config := factOf(t, out, "/configDigest").Value.Raw
	want := []string{
		"image HOST/shop/web",
		"/digest = HOST/shop/web:1.2.3@DIGEST (artifact)",
		"/mediaType = application/vnd.oci.image.manifest.v1+json (artifact) derived from shop/web",
		"/platforms[=linux/amd64] = linux/amd64 (artifact) from shop/web",
		"/size = " + factOf(t, out, "/size").Value.Raw + " (artifact) derived from shop/web",
		"/layers = 1 (artifact) derived from shop/web",
		"/configDigest = CONFIG (artifact) derived from shop/web",
		"/created = 2026-11-20T08:30:00Z (artifact) derived from shop/web",
		"/config/user = 65532 (security) from shop/web",
		`/config/entrypoint = ["/web"] (config) from shop/web`,
		"/config/ports[=8080/tcp] = 8080/tcp (network) from shop/web",
		"/config/env[name=PATH]/value = /bin (config) from shop/web",
		"/config/env[name=LOG_LEVEL]/value = info (telemetry) from shop/web",
		"/config/env[name=DB_PASSWORD]/value = hunter2hunter2 (secret) from shop/web",
		"/labels/org.opencontainers.image.revision = 4f2a91c (delivery) derived from shop/web",
		"/labels/org.opencontainers.image.source = https://git.example.com/shop/web (delivery) from shop/web",
		"/labels/team = web (artifact) from shop/web",
	}
	if diff := cmp.Diff(want, out.dump(host, "HOST", digest, "DIGEST", config, "CONFIG")); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func factOf(t testing.TB, s *sink, path string) parity.Fact {
	t.Helper()
	for i := range s.subjects {
		for j := range s.subjects[i].Facts {
			if s.subjects[i].Facts[j].Path == path {
				return s.subjects[i].Facts[j]
			}
		}
	}
	t.Fatalf("there is no fact at %s: %v %+v", path, s.dump(), s.gaps)
	return parity.Fact{}
}

func TestIndex(t *testing.T) {
	host, _ := newRegistry(t, false)
	arm := func(c *v1.ConfigFile) { c.Architecture = "arm64" }
	one, two := build(t, "amd", nil), build(t, "arm", arm)
	ref := host + "/shop/web:1.2.3"
	digest := pushIndex(t, ref, platforms(t, map[string]v1.Image{"linux/amd64": one, "linux/arm64": two}))
	amd, _ := one.Digest()
	armDigest, _ := two.Digest()
	out := run(t, collector.Input{}, Config{Images: []string{ref}})
	got := strings.Join(out.dump(host, "HOST", digest, "INDEX", amd.String(), "AMD", armDigest.String(), "ARM"), "\n")
	for _, want := range []string{
		"/digest = HOST/shop/web:1.2.3@INDEX", "/manifests[linux/amd64] = AMD", "/manifests[linux/arm64] = ARM",
		"/platforms[=linux/amd64]", "/platforms[=linux/arm64]", "/config/user = root", "/created = 2026-11-20T08:30:00Z",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %q in\n%s", want, got)
		}
	}
	if len(out.gaps) > 0 {
		t.Errorf("gaps %+v", out.gaps)
	}
}

func TestWorkloadsNameImages(t *testing.T) {
	host, _ := newRegistry(t, true)
	ref := host + "/shop/web:1.2.3"
	digest := push(t, ref, build(t, "one", nil))
	from := parity.FactRef{Subject: parity.Key{Kind: "Deployment", Scope: "shop", Name: "web"}, Path: "/image"}
	images := []collector.NamedImage{
		{Ref: ref, Canonical: "reg.example.com/shop/web:1.2.3", From: from},
		{Ref: ref + "@" + digest, Canonical: "reg.example.com/shop/web:1.2.3@" + digest, From: from},
		{Ref: "ignored.example.com/a:1", Canonical: "ignored.example.com/a:1"},
	}
	// A registry of this machine is not asked because a manifest says so.
	refused := run(t, collector.Input{Images: images}, Config{Exclude: []string{"ignored.example.com/*"}})
	if len(refused.subjects) != 0 || len(refused.gaps) == 0 || !strings.Contains(refused.gaps[0].Reason, "only if parity.yaml names it") {
		t.Errorf("%v %+v", refused.dump(), refused.gaps)
	}
	out := run(t, collector.Input{Images: images}, Config{Exclude: []string{"ignored.example.com/*"}, Insecure: []string{host}})
	if len(out.subjects) != 1 || len(out.gaps) != 0 {
		t.Fatalf("%v %+v", out.dump(), out.gaps)
	}
	f := factOf(t, out, parity.ImageDigestPath)
	if f.DerivedFrom == nil || f.DerivedFrom.Subject != from.Subject {
		t.Errorf("the digest is derived from %+v", f.DerivedFrom)
	}
	if f.Value.Raw != ref+"@"+digest || f.Value.Canon != "reg.example.com/shop/web:1.2.3@"+digest {
		t.Errorf("the digest is %+v", f.Value)
	}
}

func TestSubjectsOfOneRepository(t *testing.T) {
	host, _ := newRegistry(t, true)
	for _, tag := range []string{"1.9.0", "1.10.0", "1.2.0", "latest", "2.0.0"} {
		push(t, host+"/shop/web:"+tag, build(t, tag, nil))
	}
	out := run(t, collector.Input{}, Config{Images: []string{host + "/shop/web:1.*"}, Latest: 2})
	var names []string
	for _, sf := range out.subjects {
		names = append(names, sf.Subject.Name+" "+sf.Subject.Stem)
	}
	if diff := cmp.Diff([]string{"shop/web:1.10.0 shop/web", "shop/web:1.9.0 shop/web"}, names); diff != "" {
		t.Error(diff)
	}
	out = run(t, collector.Input{}, Config{Images: []string{host + "/shop/web:9.*", host + "/shop/web:latest"}})
	if len(out.subjects) != 1 || len(out.gaps) != 2 || !strings.Contains(out.gaps[0].Reason, "no tag of the repository fits") {
		t.Errorf("%v", out.dump())
	}
}

// provenance is a statement as a build attaches it.
const provenance = `{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://slsa.dev/provenance/v1","subject":[],` +
	`"predicate":{"runDetails":{"builder":{"id":"https://ci.example.com/builder"}}}}`

// components is a bill of materials.
const components = `{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":"lodash","version":"4.17.21","purl":"pkg:npm/lodash@4.17.21"}]}`

func TestAttached(t *testing.T) {
	for _, referrers := range []bool{true, false} {
		t.Run(fmt.Sprintf("referrers API %v", referrers), func(t *testing.T) {
			host, _ := newRegistry(t, referrers)
			ref := host + "/shop/web:1.2.3"
			digest := push(t, ref, build(t, "one", nil))
			referring(t, ref, "application/vnd.cncf.notary.signature", static.NewLayer([]byte("{}"), "application/jose+json"))
			referring(t, ref, "application/vnd.cyclonedx+json", static.NewLayer([]byte(components), "application/vnd.cyclonedx+json"))
			referring(t, ref, "application/vnd.in-toto+json", static.NewLayer([]byte(provenance), "application/vnd.in-toto+json"))
			sig := attach(t, "application/vnd.oci.image.config.v1+json", static.NewLayer([]byte("{}"), "application/vnd.dev.cosign.simplesigning.v1+json"), nil, v1.Descriptor{})
			push(t, host+"/shop/web:"+strings.Replace(digest, ":", "-", 1)+".sig", sig)
			out := run(t, collector.Input{}, Config{Images: []string{ref}})
			var got []string
			for _, line := range out.dump() {
				if strings.Contains(line, AttachedPath) {
					got = append(got, line)
				}
			}
			want := []string{
				"/attached/signatures[=cosign] = cosign (security)", "/attached/signatures[=notation] = notation (security)",
				"/attached/sboms[=cyclonedx] = cyclonedx (delivery)",
				"/attached/document/format = cyclonedx 1.5 (dependency) circumstances from shop/web",
				"/attached/packages[purl=pkg:npm/lodash] = 4.17.21 (dependency) from shop/web",
				"/attached/attestations[=https://slsa.dev/provenance/v1] = https://slsa.dev/provenance/v1 (delivery) set",
				"/attached/attestations[=https://slsa.dev/provenance/v1]/signed = false (delivery)",
				"/attached/builder/id = https://ci.example.com/builder (delivery)",
			}
			if diff := cmp.Diff(want, got); diff != "" || len(out.gaps) > 0 {
				t.Errorf("(-want +got)\n%s%+v", diff, out.gaps)
			}
			if out := run(t, collector.Input{}, Config{Images: []string{ref}, Attached: new(bool)}); strings.Contains(strings.Join(out.dump(), "\n"), AttachedPath) {
				t.Error("attachments were read though nobody wants them")
			}
		})
	}
}

func TestAttestationsOfABuild(t *testing.T) {
	host, _ := newRegistry(t, false)
	img := build(t, "one", nil)
	digest, _ := img.Digest()
	att := attach(t, "application/vnd.oci.image.config.v1+json", static.NewLayer([]byte(provenance), "application/vnd.in-toto+json"),
		nil, v1.Descriptor{})
	index := platforms(t, map[string]v1.Image{"linux/amd64": img})
	index = withAttestation(index, att, digest.String())
	ref := host + "/shop/web:1.2.3"
	pushIndex(t, ref, index)
	out := run(t, collector.Input{}, Config{Images: []string{ref}})
	got := strings.Join(out.dump(), "\n")
	if !strings.Contains(got, "/attached/attestations[=https://slsa.dev/provenance/v1]") || strings.Contains(got, "unknown") {
		t.Errorf("%s", got)
	}
}

func TestConformance(t *testing.T) {
	host, _ := newRegistry(t, true)
	ref := host + "/shop/web:1.2.3"
	push(t, ref, build(t, "one", func(c *v1.ConfigFile) {
		release(c)
		c.Config.Env = []string{"LOG_LEVEL=info", "API_TOKEN=hunter2MARKER9x", "URL=https://u:hunter2MARKER9x@example.com"}
	}))
	collectortest.Run(t, collectortest.Case{
		Name: "one image", Collector: New(), NoFiles: true,
		Config: &Config{Images: []string{ref}},
		Facts:  []string{"/digest", "/config/env[name=API_TOKEN]/value", "/config/env[name=URL]/value"},
		Broken: []collectortest.Broken{
			{Name: "no such tag", Config: &Config{Images: []string{ref + "4"}}, Reason: "no such image"},
			{Name: "one of two", Config: &Config{Images: []string{ref, host + "/shop/other:1"}}, Keeps: true, Reason: "no such image"},
			{Name: "no reference", Config: &Config{Images: []string{"a b"}}, Reason: "no reference of an image"},
			{Name: "no images", Config: &Config{Workloads: new(bool)}, Reason: "names no images"},
			{Name: "no platform", Config: &Config{Images: []string{ref}, Platform: "linux"}, Reason: "platform"},
		},
	})
}

func TestBrokenDocumentIsAGapOfWhatIsAttached(t *testing.T) {
	host, _ := newRegistry(t, true)
	ref := host + "/shop/web:1.2.3"
	push(t, ref, build(t, "one", nil))
	for _, x := range []struct{ mediaType, text string }{
		{"application/vnd.cyclonedx+json", "hunter2 {"}, {"application/vnd.in-toto+json", `{"hunter2":1}`},
	} {
		referring(t, ref, x.mediaType, static.NewLayer([]byte(x.text), types.MediaType(x.mediaType)))
	}
	out := run(t, collector.Input{}, Config{Images: []string{ref}})
	if len(out.gaps) != 2 || factOf(t, out, "/size").Value.Raw == "" {
		t.Fatalf("%v", out.dump())
	}
	for _, g := range out.gaps {
		if g.Path != AttachedPath || g.Name != "shop/web" || strings.Contains(g.Reason, "hunter2") {
			t.Errorf("%+v", g)
		}
	}
}

func BenchmarkImages(b *testing.B) {
	host, _ := newRegistry(b, true)
	cfg := Config{}
	for i := range 50 {
		ref := fmt.Sprintf("%s/shop/web-%d:1.2.3", host, i)
		push(b, ref, build(b, ref, release))
		cfg.Images = append(cfg.Images, ref)
	}
	b.ReportAllocs()
	for b.Loop() {
		if out := run(b, collector.Input{}, cfg); len(out.subjects) != 50 || len(out.gaps) != 0 {
			b.Fatal(out.gaps)
		}
	}
}
