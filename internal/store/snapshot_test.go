package store

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"github.com/envparity/parity"
)

func write(t testing.TB, s *parity.Snapshot) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := WriteSnapshot(&b, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// shop is a snapshot with one of everything.
func shop() *parity.Snapshot {
	file := &parity.Origin{File: "deploy/shop.yaml", Precision: parity.AtLine}
	rendered := &parity.Origin{File: "overlays/staging", Precision: parity.AtObject, Renderer: "kustomize v0.21.2", Object: "Deployment shop", From: file}
	s := &parity.Snapshot{
		Column: parity.Column{Environment: "staging", Instance: "eu", Role: parity.Desired, Rank: 2, Reference: true},
		Time:   time.Date(2026, 8, 1, 12, 30, 0, 5, time.UTC),
		Tools:  map[string]string{"kustomize": "v0.21.2", "kubernetes-manifests": "1"},
		KeyID:  "0123456789abcdef",
		Subjects: []parity.SubjectFacts{{
			Subject: parity.Subject{
				Key: parity.Key{Kind: "Deployment", Group: "apps", Scope: "shop", Name: "web"}, Stem: "w", Origin: rendered, Line: 3, Col: 1,
				Labels: []parity.Label{{Name: "app", Value: "web"}}, IDs: []parity.Identity{{Method: "app", Value: "shop/web"}},
				Traits: []parity.Trait{{Kind: "image", Value: "shop/web"}},
			},
			Facts: []parity.Fact{
				{Path: "", Value: parity.Value{Kind: parity.Null}, Surface: parity.Platform, Origin: rendered},
				{Path: "/a", Value: parity.Value{Kind: parity.Text, Raw: "line\n\"q\" \\ \x00 \xff é \u2028"}, Surface: parity.Config, Origin: file, Line: 7, Col: 9},
				{Path: "/cpu", Value: parity.Value{Kind: parity.Quantity, Raw: "1000m", Canon: "1"}, Rules: parity.SetOf(parity.QuantityForm, parity.DefaultValue), Surface: parity.Resource, Origin: rendered},
				{Path: "/env/A", Value: parity.Value{Kind: parity.Secret, Canon: "hmac-sha256:ab"}, Surface: parity.Secrets, DerivedFrom: &parity.FactRef{
					Subject: parity.Key{Kind: "ConfigMap", Scope: "shop", Name: "c"}, Path: "/data/A",
					Shadows: []parity.FactRef{{Subject: parity.Key{Kind: "Secret", Name: "s"}, Path: "/data/A"}},
				}},
			},
		}, {Subject: parity.Subject{Key: parity.Key{Kind: "Service", Name: "web"}}}},
		Gaps: []parity.Gap{{Source: "staging: files x", Kind: "A*", Scope: "s", Name: "n", Path: "/p", Reason: "it is \"broken\"", Where: "x:1:2", Hint: "mend it"}, {Source: "b"}},
	}
	s.Digest = s.ContentDigest()
	return s
}

var same = cmp.Options{cmpopts.EquateEmpty()}

func TestRoundTrip(t *testing.T) {
	want := shop()
	data := write(t, want)
	if !IsSnapshot(data[:32]) {
		t.Error("IsSnapshot does not know its own")
	}
	got, err := ReadSnapshot(bytes.NewReader(data), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Errorf("snapshot changed (-want +got):\n%s", diff)
	}
	if again := write(t, got); !bytes.Equal(again, data) {
		t.Error("writing what was read gives other bytes")
	}
}

func TestPlainLines(t *testing.T) {
	want := shop()
	var b bytes.Buffer
	if err := WriteLines(&b, want); err != nil {
		t.Fatal(err)
	}
	if !IsSnapshot(b.Bytes()) {
		t.Error("IsSnapshot does not know plain lines")
	}
	got, err := ReadSnapshot(strings.NewReader(strings.ReplaceAll(b.String(), ",", " , ")), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Errorf("snapshot changed (-want +got):\n%s", diff)
	}
}

func TestZstdReadsTheFile(t *testing.T) {
	bin, err := exec.LookPath("zstd")
	if err != nil {
		t.Skip("zstd is not installed")
	}
	cmd := exec.CommandContext(t.Context(), bin, "-dc")
	cmd.Stdin = bytes.NewReader(write(t, shop()))
	got, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := WriteLines(&want, shop()); err != nil {
		t.Fatal(err)
	}
	if string(got) != want.String() {
		t.Errorf("zstd gives\n%s\nwant\n%s", got, want.String())
	}
}

func TestDigestIsComputedWhereLeftOut(t *testing.T) {
	s := shop()
	want := s.Digest
	s.Digest = ""
	got, err := ReadSnapshot(bytes.NewReader(write(t, s)), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Digest != want {
		t.Errorf("digest is %s, want %s", got.Digest, want)
	}
}

func TestBrokenFiles(t *testing.T) {
	good := write(t, shop())
	var plain bytes.Buffer
	if err := WriteLines(&plain, shop()); err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(plain.String(), "\n")
	edit := func(old, to string) []byte { return []byte(strings.Replace(plain.String(), old, to, 1)) }
	for _, c := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "empty"},
		{"other file", []byte("hello"), "not a snapshot"},
		{"other JSON", []byte(`{"a":1}` + "\n"), "not a snapshot"},
		{"other zstd", compress(t, "hello\n"), "not a snapshot"},
		{"truncated", good[:len(good)/2], "cut off"},
		{"only the mark", good[:len(sealedMark)], "cut off"},
		{"flipped bit", flip(good, len(good)-20), "damaged"},
		{"other version", edit(`"version":1`, `"version":9`), "version 9"},
		{"missing line", []byte(strings.Join(slices.Delete(slices.Clone(lines), 3, 4), "")), "cut off"},
		{"missing end", []byte(strings.Join(lines[:len(lines)-2], "")), "cut off"},
		{"half a line", plain.Bytes()[:plain.Len()-5], "within a line"},
		{"changed value", edit(`"1000m"`, `"2000m"`), "digest"},
		{"bad index", edit("[2,4,3,", "[999,4,3,"), "outside of its table"},
		{"unknown kind", edit(`"quantity"`, `"qubit"`), "does not know"},
		{"unknown rule", edit(`["quantity",`, `["magic",`), "does not know"},
		{"unknown field", edit(`"stem"`, `"steam"`), "does not know"},
		{"not JSON", edit(`{"kind":"Service"`, `{"kind";"Service"`), "expected ':'"},
		{"unordered", edit(`"kind":"Service"`, `"kind":"Api"`), "order"},
		{"negative counts", edit(`"facts":4`, `"facts":-4`), "less than nothing"},
		{"more than counted", edit(`"facts":4`, `"facts":3`), "more facts"},
		{"escape", edit(`\u0000`, `\u00g0`), "escape"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadSnapshot(bytes.NewReader(c.data), Limits{})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want one with %q", err, c.want)
			}
			if parity.CodeOf(err) != parity.CodeConfig {
				t.Errorf("code is %s, want %s", parity.CodeOf(err), parity.CodeConfig)
			}
		})
	}
}

func flip(data []byte, at int) []byte {
	data = slices.Clone(data)
	data[at] ^= 0x10
	return data
}

func compress(t *testing.T, text string) []byte {
	t.Helper()
	z, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return z.EncodeAll([]byte(text), nil)
}

func TestLimits(t *testing.T) {
	data := write(t, shop())
	bomb := compress(t, strings.Repeat("x", 10<<20)+"\n")
	for _, c := range []struct {
		name   string
		data   []byte
		limits Limits
		want   string
	}{
		{"bytes", data, Limits{Bytes: 100}, "larger than is allowed"},
		{"line", data, Limits{LineBytes: 100}, "longer than is allowed"},
		{"facts", data, Limits{Facts: 3}, "more facts than is allowed"},
		{"bomb", bomb, Limits{LineBytes: 1 << 20}, "longer than is allowed"},
	} {
		if _, err := ReadSnapshot(bytes.NewReader(c.data), c.limits); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error is %v, want one with %q", c.name, err, c.want)
		}
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("the disk is gone") }

func TestUnreadable(t *testing.T) {
	_, err := ReadSnapshot(io.MultiReader(bytes.NewReader(write(t, shop())[:40]), brokenReader{}), Limits{})
	if parity.CodeOf(err) != parity.CodeUnavailable {
		t.Errorf("code is %s of %v, want %s", parity.CodeOf(err), err, parity.CodeUnavailable)
	}
}

func TestAnySnapshotRoundTrips(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := anySnapshot(rt)
		got, err := ReadSnapshot(bytes.NewReader(write(t, want)), Limits{})
		if err != nil {
			rt.Fatal(err)
		}
		if diff := cmp.Diff(want, got, same); diff != "" {
			rt.Errorf("snapshot changed (-want +got):\n%s", diff)
		}
	})
}

// anySnapshot draws texts of any bytes.
func anySnapshot(rt *rapid.T) *parity.Snapshot {
	text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }), rapid.SampledFrom([]string{"", "a", "web"}))
	var origins []*parity.Origin
	for range rapid.IntRange(0, 3).Draw(rt, "origins") {
		o := &parity.Origin{File: text.Draw(rt, "file"), Precision: rapid.SampledFrom([]parity.Precision{parity.AtLine, parity.AtObject, parity.AtFile, ""}).Draw(rt, "precision"), Renderer: text.Draw(rt, "renderer")}
		if rapid.Bool().Draw(rt, "written") {
			o.Writer = &parity.Writer{Manager: text.Draw(rt, "manager"), Operation: "Update", Time: time.Unix(rapid.Int64Range(0, 1<<32).Draw(rt, "written at"), 0).UTC()}
			o.Writer.Also = &parity.Writer{Manager: "helm", Operation: "Apply", Subresource: "scale"}
		}
		if len(origins) > 0 {
			o.From = origins[len(origins)-1]
		}
		origins = append(origins, o)
	}
	origin := rapid.SampledFrom(append(origins, nil))
	number := rapid.Int32Range(0, 999_999_999)
	key := rapid.Custom(func(rt *rapid.T) parity.Key {
		return parity.Key{Kind: text.Draw(rt, "kind"), Group: text.Draw(rt, "group"), Scope: text.Draw(rt, "scope"), Name: text.Draw(rt, "name")}
	})
	ref := rapid.Custom(func(rt *rapid.T) parity.FactRef {
		r := parity.FactRef{Subject: key.Draw(rt, "ref"), Path: text.Draw(rt, "path")}
		for range rapid.IntRange(0, 2).Draw(rt, "shadows") {
			r.Shadows = append(r.Shadows, parity.FactRef{Subject: key.Draw(rt, "shadow"), Path: text.Draw(rt, "path")})
		}
		return r
	})
	s := &parity.Snapshot{Column: parity.Column{Environment: "a"}, Time: time.Unix(rapid.Int64Range(0, 1<<32).Draw(rt, "time"), 0).UTC()}
	for range rapid.IntRange(0, 5).Draw(rt, "subjects") {
		sf := parity.SubjectFacts{Subject: parity.Subject{Key: key.Draw(rt, "key"), Stem: text.Draw(rt, "stem"), Format: text.Draw(rt, "format"), Origin: origin.Draw(rt, "origin"), Line: number.Draw(rt, "line")}}
		for range rapid.IntRange(0, 2).Draw(rt, "labels") {
			sf.Subject.Labels = append(sf.Subject.Labels, parity.Label{Name: text.Draw(rt, "label"), Value: text.Draw(rt, "value")})
		}
		for _, path := range rapid.SliceOfDistinct(text, func(s string) string { return s }).Draw(rt, "paths") {
			f := parity.Fact{
				Path: path, Origin: origin.Draw(rt, "origin"), Line: number.Draw(rt, "line"), Col: number.Draw(rt, "col"),
				Value:   parity.Value{Kind: parity.ValueKind(rapid.IntRange(0, int(parity.Secret)).Draw(rt, "kind")), Raw: text.Draw(rt, "raw"), Canon: text.Draw(rt, "canon")},
				Surface: rapid.SampledFrom(parity.Surfaces()).Draw(rt, "surface"),
				Rules:   parity.SetOf(rapid.SliceOf(rapid.SampledFrom(parity.Rules())).Draw(rt, "rules")...),
			}
			f.Value.Suspected = f.Value.Kind == parity.Secret && rapid.Bool().Draw(rt, "suspected")
			if rapid.Bool().Draw(rt, "derived") {
				r := ref.Draw(rt, "from")
				f.DerivedFrom = &r
			}
			sf.Facts = append(sf.Facts, f)
		}
		slices.SortFunc(sf.Facts, func(a, b parity.Fact) int { return strings.Compare(a.Path, b.Path) })
		s.Subjects = append(s.Subjects, sf)
	}
	slices.SortStableFunc(s.Subjects, func(a, b parity.SubjectFacts) int { return a.Subject.Key.Compare(b.Subject.Key) })
	for range rapid.IntRange(0, 2).Draw(rt, "gaps") {
		s.Gaps = append(s.Gaps, parity.Gap{
			Source: text.Draw(rt, "source"), Reason: text.Draw(rt, "reason"), Where: text.Draw(rt, "where"), Hides: rapid.SampledFrom([]parity.Hides{parity.HidesAnything, parity.HidesNothing, parity.HidesObjects, parity.HidesParts}).Draw(rt, "hides"),
			Place: text.Draw(rt, "place"), Remote: text.Draw(rt, "remote"), Revision: text.Draw(rt, "revision"), Use: text.Draw(rt, "use"), Given: text.Draw(rt, "given"), Unset: text.Draw(rt, "unset"),
		})
	}
	s.Digest = s.ContentDigest()
	return s
}

func FuzzReadSnapshot(f *testing.F) {
	var plain bytes.Buffer
	if err := WriteLines(&plain, shop()); err != nil {
		f.Fatal(err)
	}
	f.Add(plain.Bytes())
	f.Add(write(f, shop()))
	f.Add(seal(f, shop(), ours))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, _, err := ReadAuthentic(bytes.NewReader(data), Limits{Bytes: 1 << 20, LineBytes: 1 << 16, Facts: 1000}, ours)
		if err != nil {
			return
		}
		again, err := ReadSnapshot(bytes.NewReader(write(t, s)), Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s, again, same); diff != "" {
			t.Errorf("what was read does not round-trip:\n%s", diff)
		}
	})
}

// large has 10,000 subjects and 150,000 facts.
func large() *parity.Snapshot {
	s := &parity.Snapshot{Column: parity.Column{Environment: "production"}, Time: time.Unix(0, 0).UTC()}
	for i := range 10_000 {
		name := fmt.Sprintf("service-%05d", i)
		o := &parity.Origin{File: "overlays/production/" + name + ".yaml", Precision: parity.AtLine}
		sf := parity.SubjectFacts{Subject: parity.Subject{
			Key: parity.Key{Kind: "Deployment", Group: "apps", Scope: "shop", Name: name}, Origin: o, Line: 1, Col: 1,
			Labels: []parity.Label{{Name: "app", Value: name}}, Traits: []parity.Trait{{Kind: "image", Value: "registry.example.com/" + name}},
		}}
		for j := range 15 {
			f := parity.Fact{
				Path: fmt.Sprintf("/spec/template/spec/containers[name=web]/env[name=SETTING_%02d]/value", j), Surface: parity.Config, Origin: o, Line: int32(j + 10), Col: 12,
				Value: parity.Value{Kind: parity.Text, Raw: fmt.Sprintf("https://%s-%d.example.com/path", name, j*i)},
			}
			if j%3 == 0 {
				f.Value = parity.Value{Kind: parity.Quantity, Raw: "1000m", Canon: "1"}
				f.Rules = parity.SetOf(parity.QuantityForm)
			}
			sf.Facts = append(sf.Facts, f)
		}
		s.Subjects = append(s.Subjects, sf)
	}
	s.Digest = s.ContentDigest()
	return s
}

func BenchmarkReadSnapshot(b *testing.B) {
	s := large()
	data := write(b, s)
	b.ReportMetric(float64(len(data)), "file-bytes")
	b.ReportMetric(float64(s.Facts()), "facts")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadSnapshot(bytes.NewReader(data), Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriteSnapshot(b *testing.B) {
	s := large()
	b.ReportAllocs()
	for b.Loop() {
		if err := WriteSnapshot(io.Discard, s); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkContentDigest(b *testing.B) {
	s := large()
	for b.Loop() {
		_ = s.ContentDigest()
	}
}

// TestVersion1StaysReadable reads a file that is never written anew: what this
// version of the format has once written.
func TestVersion1StaysReadable(t *testing.T) {
	file, err := os.Open(filepath.Join("testdata", "version1.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	got, err := ReadSnapshot(file, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(shop(), got, same); diff != "" {
		t.Errorf("it says something else (-want +got):\n%s", diff)
	}
}
