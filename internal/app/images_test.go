package app

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/component"
)

// imagesNow is the time of the tests of images.
var imagesNow = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// pushImage pushes an image whose contents are the text, and gives its digest.
func pushImage(t *testing.T, ref, content string, made time.Time) string {
	t.Helper()
	img := mutate.ConfigMediaType(mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON)
	img, err := mutate.AppendLayers(img, static.NewLayer([]byte(content), types.OCILayer))
	if err != nil {
		t.Fatal(err)
	}
	img, err = mutate.ConfigFile(img, &v1.ConfigFile{
		OS: "linux", Architecture: "amd64", Created: v1.Time{Time: made},
		RootFS: v1.RootFS{Type: "layers"}, Config: v1.Config{User: "65532", Env: []string{"BUILD=" + content}},
	})
	if err != nil {
		t.Fatal(err)
	}
	r, err := name.ParseReference(ref)
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(r, img); err != nil {
		t.Fatal(err)
	}
	digest, err := img.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return digest.String()
}

// deployments writes a manifest of Deployments by name and image.
func deployments(images ...string) string {
	var b strings.Builder
	for i := 0; i < len(images); i += 2 {
		fmt.Fprintf(&b, `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: %[1]s, namespace: shop}
spec:
  selector: {matchLabels: {app: %[1]s}}
  template:
    metadata: {labels: {app: %[1]s}}
    spec:
      containers:
        - {name: app, image: %[2]q}
`, images[i], images[i+1])
	}
	return b.String()
}

const imagesConfig = `version: 1
environments:
  - name: staging
    sources: [{path: staging.yaml}, {collector: oci}]
  - name: production
    reference: true
    sources: [{path: production.yaml}, {collector: oci}]
indicators: {M1: {target: 100, mode: %s}}
secrets: {keyEnv: KEY}
`

// checkImages compares two manifests, and what their registries say.
func checkImages(t *testing.T, mode, staging, production string) *parity.Result {
	t.Helper()
	dir := t.TempDir()
	// A registry of this machine is asked only where parity.yaml names it.
	hosts := strings.Join(regexp.MustCompile(`127\.0\.0\.1:\d+`).FindAllString(staging+production, -1), `", "`)
	config := strings.ReplaceAll(fmt.Sprintf(imagesConfig, mode), "{collector: oci}", `{collector: oci, insecure: ["`+hosts+`"]}`)
	for file, text := range map[string]string{"parity.yaml": config, "staging.yaml": staging, "production.yaml": production} {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a := New(Options{WorkDir: dir, Now: imagesNow, Random: rand.Reader, Lookup: func(name string) (string, bool) {
		return "9d41c7a05be8f2363a7f10c4d96be582", name == "KEY"
	}})
	r, err := a.Check(t.Context(), Request{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// summaries are the groups of a result, and the blocks of each that has several.
func summaries(r *parity.Result) []string {
	var out []string
	for _, g := range r.Groups {
		out = append(out, fmt.Sprintf("%s %s: %s", g.Severity, g.Class, g.Summary))
		for i := range g.Blocks {
			if b := &g.Blocks[i]; len(g.Blocks) > 1 {
				out = append(out, fmt.Sprintf("  %s %s: %s", b.Severity, b.Class, b.Title()))
			}
		}
	}
	return out
}

func imageOf(t *testing.T, r *parity.Result, subject string) parity.Difference {
	t.Helper()
	for _, g := range r.Groups {
		for _, d := range g.Differences {
			if d.Subject.Name == subject && d.Image != nil {
				return d
			}
		}
	}
	t.Fatalf("there is no difference of %s's image: %q, gaps %+v", subject, summaries(r), r.Gaps)
	return parity.Difference{}
}

// TestImagesOfARealRegistry is the whole way: manifests name images, a real
// registry tells what they are, and each difference says what it is.
func TestImagesOfARealRegistry(t *testing.T) {
	registry := component.Registry(t)
	at := func(repository string) string { return registry.Host + "/shop/" + repository }
	days := func(n int) time.Time { return imagesNow.AddDate(0, 0, -n) }
	old := pushImage(t, at("catalog:2.0.0"), "catalog as it was", days(30))
	rebuilt := pushImage(t, at("catalog:2.0.0"), "catalog built again", days(2))
	pushImage(t, at("checkout:3.8.2"), "checkout 3.8.2", days(20))
	pushImage(t, at("checkout:3.9.0"), "checkout 3.9.0", days(3))
	pushImage(t, at("orders:1.0.0"), "orders 1.0.0", days(40))
	pushImage(t, at("orders:1.0.1"), "orders 1.0.1", days(1))
	web := pushImage(t, at("web:5.0.0"), "web", days(9))
	staging := deployments("catalog", at("catalog:2.0.0"), "checkout", at("checkout:3.9.0"), "orders", at("orders:1.0.0"), "web", at("web:5.0.0"))
	production := deployments("catalog", at("catalog:2.0.0")+"@"+old, "checkout", at("checkout:3.8.2"), "orders", at("orders:1.0.1"), "web", at("web@"+web))

	r := checkImages(t, "digest", staging, production)
	if len(r.Gaps) > 0 {
		t.Errorf("gaps %+v", r.Gaps)
	}
	for subject, want := range map[string]struct {
		state parity.ImageState
		note  string
	}{
		"catalog":  {parity.ImageRebuild, "that of staging is newer"},
		"checkout": {parity.ImagePending, "pending: staging is ahead, 3.9.0, for 3 days"},
		"orders":   {parity.ImageUnpromoted, "unpromoted: production runs 1.0.1, which staging never had"},
	} {
		d := imageOf(t, r, subject)
		if d.Image.State != want.state || !strings.Contains(d.Note, want.note) {
			t.Errorf("%s is %+v, note %q", subject, d.Image, d.Note)
		}
		if len(d.Explains) == 0 {
			t.Errorf("what the image of %s holds is not explained by it", subject)
		}
	}
	if n := r.Verdict.Counting; n != 3 {
		t.Errorf("%d differences count, want one for each image: %q", n, summaries(r))
	}
	if since := imageOf(t, r, "checkout").Image.Since; !since.Equal(days(3)) {
		t.Errorf("checkout is pending since %s", since)
	}
	got := strings.Join(summaries(r), "\n")
	for _, want := range []string{
		"low changed: Deployment checkout: image shop/checkout 3.9.0", "staging is ahead for 3 days",
		"high changed: Deployment catalog: image shop/catalog 2.0.0", "rebuilt under the same tag in staging for 2 days",
		"high changed: Deployment orders: image shop/orders 1.0.0", "staging has not had what the reference runs for 1 day",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("there is no %q in\n%s", want, got)
		}
	}
	if rebuilt == old {
		t.Error("the rebuild is none")
	}
	m1 := func(r *parity.Result) string {
		for _, i := range r.Indicators {
			if i.ID == "M1" {
				return fmt.Sprintf("%d/%d", i.Numerator, i.Denominator)
			}
		}
		return ""
	}
	if got := m1(r); got != "1/4" {
		t.Errorf("M1 is %s, want 1/4: only web's digest is the same", got)
	}
	if got := m1(checkImages(t, "promoted", staging, production)); got != "2/4" {
		t.Errorf("M1 by promotion is %s, want 2/4: what is pending is no miss", got)
	}
}

// TestImagesOfTwoRegistries: each environment has its own registry; what was
// built again in one of them is a rebuild, what was copied is the same.
func TestImagesOfTwoRegistries(t *testing.T) {
	a, b := component.Registry(t), component.Registry(t)
	for _, host := range []string{a.Host, b.Host} {
		pushImage(t, host+"/shop/web:1.0.0", "copied", imagesNow.AddDate(0, 0, -5))
		pushImage(t, host+"/shop/job:1.0.0", "built for "+host, imagesNow.AddDate(0, 0, -5))
	}
	of := func(host string) string {
		return deployments("web", host+"/shop/web:1.0.0", "job", host+"/shop/job:1.0.0", "gone", host+"/shop/gone:1.0.0")
	}
	r := checkImages(t, "digest", of(a.Host), of(b.Host))
	if d := imageOf(t, r, "job"); d.Image.State != parity.ImageRebuild {
		t.Errorf("the job is %+v", d.Image)
	}
	for _, g := range r.Groups {
		for _, d := range g.Differences {
			if d.Subject.Name == "web" || d.Subject.Kind == parity.ImageSubject {
				t.Errorf("%s %s differs: %s", d.Subject.Name, d.Path, d.Note)
			}
		}
	}
	if len(r.Gaps) != 2 || r.Gaps[0].Name != "shop/gone" || !strings.Contains(r.Gaps[0].Reason, "has no such image (404)") {
		t.Errorf("gaps %+v", r.Gaps)
	}
}

// TestImagesOfEarlierSnapshots: what an environment had is known from earlier
// snapshots of it.
func TestImagesOfEarlierSnapshots(t *testing.T) {
	dir := t.TempDir()
	write := func(file, text string) {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := func(now time.Time) *App {
		return New(Options{WorkDir: dir, Now: now, Random: rand.Reader, Lookup: func(name string) (string, bool) {
			return "9d41c7a05be8f2363a7f10c4d96be582", name == "KEY"
		}})
	}
	write("parity.yaml", strings.ReplaceAll(fmt.Sprintf(imagesConfig, "promoted"), ", {collector: oci}", ""))
	for day, tag := range []string{"3.8.1", "3.8.2", "3.9.0"} {
		write("staging.yaml", deployments("web", "reg.example.com/shop/web:"+tag))
		a := at(imagesNow.AddDate(0, 0, day-5))
		s, err := a.Snapshot(t.Context(), "staging", "")
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("staging-%d.parity", day)))
		if err != nil {
			t.Fatal(err)
		}
		if err := a.WriteSnapshot(f, s); err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
	check := func(production string, history ...string) parity.Difference {
		write("production.yaml", deployments("web", "reg.example.com/shop/web:"+production))
		r, err := at(imagesNow).Check(t.Context(), Request{History: history})
		if err != nil {
			t.Fatal(err)
		}
		return imageOf(t, r, "web")
	}
	if d := check("3.8.2", "*.parity"); d.Image.State != parity.ImagePending || d.Image.Age != "3 days" || !d.Image.Promoted {
		t.Errorf("what staging had is %+v", d.Image)
	}
	if d := check("3.8.2"); d.Image.State != parity.ImagePending || d.Image.Age != "" || d.Image.Promoted {
		t.Errorf("without history it is %+v", d.Image)
	}
	if d := check("3.8.3", "*.parity"); d.Image.State != parity.ImageUnpromoted {
		t.Errorf("what staging skipped is %+v", d.Image)
	}
	if _, err := at(imagesNow).Check(t.Context(), Request{History: []string{"none-*"}}); parity.CodeOf(err) != parity.CodeUsage {
		t.Errorf("a pattern without files gives %v", err)
	}
}

// TestImageGoesWithItsWorkload: an image that only one environment runs is
// told with the workload that runs it.
func TestImageGoesWithItsWorkload(t *testing.T) {
	registry := component.Registry(t)
	web, job := registry.Host+"/shop/web:1.0.0", registry.Host+"/shop/job:1.0.0"
	for _, ref := range []string{web, job} {
		digest := pushImage(t, ref, ref, imagesNow.AddDate(0, 0, -5))
		pushImage(t, ref[:strings.LastIndexByte(ref, ':')]+":"+strings.Replace(digest, ":", "-", 1)+".sig", "signature", imagesNow)
	}
	r := checkImages(t, "digest", deployments("web", web), deployments("web", web, "job", job))
	if got := summaries(r); len(got) != 3 || !strings.Contains(got[0], "Deployment job and image shop/job missing in staging") {
		t.Errorf("%q, gaps %+v", got, r.Gaps)
	}
}

// TestSeveralImagesOfOneRepository: the image that both run meets itself, though
// one environment has another of the same repository beside it.
func TestSeveralImagesOfOneRepository(t *testing.T) {
	registry := component.Registry(t)
	one, two := registry.Host+"/shop/web:1.0.0", registry.Host+"/shop/web:1.1.0"
	for _, ref := range []string{one, two} {
		pushImage(t, ref, ref, imagesNow.AddDate(0, 0, -5))
	}
	r := checkImages(t, "digest", deployments("web", one, "canary", two), deployments("web", one))
	if got := summaries(r); len(got) != 1 || !strings.Contains(got[0], "Deployment canary") || !strings.Contains(got[0], "only in staging") {
		t.Errorf("%q, gaps %+v", got, r.Gaps)
	}
	for _, c := range r.Classes {
		if c.Derived[parity.Missing] > 0 {
			t.Errorf("the image that both run is missing: %+v", c.Derived)
		}
	}
}
