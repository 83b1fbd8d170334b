package oci

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/surface"
	"github.com/envparity/parity/internal/value"
)

// AttachedPath is where an image says what hangs on it.
const AttachedPath = "/attached"

// emit hands over what was read, and gaps for what was not. all are the images
// of the source.
func (i *image) emit(out collector.Sink, all []image) {
	gap := func(path string, f *failure, of string) {
		out.Gap(parity.Gap{
			Kind: i.key.Kind, Scope: parity.LiteralPattern(i.key.Scope), Name: parity.LiteralPattern(i.key.Name), Path: path,
			Where: i.ref, Reason: f.reason(of), Hint: f.hint,
		})
	}
	if i.whole != nil {
		gap("", i.whole, "the image")
		return
	}
	if i.repeated(all) {
		return
	}
	if i.inside != nil {
		for _, path := range []string{"/config", "/labels", "/platforms"} {
			gap(path, i.inside, "what the image holds")
		}
	}
	if a := &i.attached; a.failure != nil {
		gap(AttachedPath, a.failure, "what is attached to the image")
	} else if a.cut {
		gap(AttachedPath, &failure{what: "there is more than is looked at"}, "all that is attached to the image")
	}
	s := parity.Subject{
		Key: i.key, Stem: i.stem, IDs: i.identities(),
		Origin: &parity.Origin{File: i.ref, Precision: parity.AtObject, Object: i.digest},
	}
	for j := range i.attached.documents {
		for _, fault := range i.attached.documents[j].faults {
			gap(AttachedPath, &failure{what: fault}, "what is attached to the image")
		}
	}
	w := &writer{image: i, origin: s.Origin, origins: i.from}
	if w.origins == nil {
		w.origins = &parity.FactRef{Subject: i.key, Path: parity.ImageDigestPath}
	}
	w.reference()
	w.contents()
	w.hangings()
	w.documents()
	out.Subject(s, w.facts)
}

// identities are what the image meets others by where names do not tell: its
// version, since an environment may have several of one repository, and its
// repository, since environments may have registries of their own.
func (i *image) identities() []parity.Identity {
	ids := []parity.Identity{{Method: "app", Value: i.img.Repository}}
	if i.img.Tag != "" {
		ids = append([]parity.Identity{{Method: "release", Value: i.img.Repository + ":" + i.img.Tag}}, ids...)
	}
	return ids
}

// repeated reports whether the image was asked for by its digest, and by a tag
// that means the same: the tag's subject speaks for both.
func (i *image) repeated(all []image) bool {
	if i.img.Digest == "" {
		return false
	}
	return slices.ContainsFunc(all, func(o image) bool {
		return o.img.Digest == "" && o.whole == nil && o.digest == i.digest &&
			o.img.Registry == i.img.Registry && o.img.Repository == i.img.Repository
	})
}

// writer makes the facts of one image.
type writer struct {
	*image
	origin *parity.Origin
	// origins is what the image's contents follow from: the workload that
	// names the image, or the image's own digest.
	origins *parity.FactRef
	facts   []parity.Fact
}

// content adds a fact that follows from which image it is: that counts, and
// this explains it.
func (w *writer) content(path string, v parity.Value, s parity.Surface, rules parity.RuleSet) {
	w.facts = append(w.facts, parity.Fact{Path: path, Value: v, Surface: s, Rules: rules, Origin: w.origin, DerivedFrom: w.origins})
}

// beside adds a fact that says something of the image and is no part of it.
func (w *writer) beside(path string, v parity.Value, s parity.Surface) {
	w.facts = append(w.facts, parity.Fact{Path: path, Value: v, Surface: s, Origin: w.origin})
}

func text(s string) parity.Value   { return parity.Value{Kind: parity.Text, Raw: s} }
func member(s string) parity.Value { return parity.Value{Kind: parity.Set, Raw: s} }

// reference states what the reference means. The tag is only there where the
// registry was asked for it: what a digest is asked for says nothing of a tag.
func (w *writer) reference() {
	img := w.img
	if img.Digest != "" {
		img.Tag = ""
	}
	img.Digest = w.digest
	raw := w.ref
	if at := strings.IndexByte(raw, '@'); at >= 0 {
		raw = raw[:at]
		if tag := tagOf(raw); tag != "" {
			raw = strings.TrimSuffix(raw, ":"+tag)
		}
	}
	v := parity.Value{Kind: parity.Image, Raw: raw + "@" + w.digest}
	rules := parity.RuleSet(0)
	if canon := img.Canonical(nil); canon != v.Raw {
		v.Canon, rules = canon, parity.SetOf(parity.ImageForm)
	}
	w.facts = append(w.facts, parity.Fact{
		Path: parity.ImageDigestPath, Value: v, Surface: parity.Artifact, Rules: rules, Origin: w.origin, DerivedFrom: w.from,
	})
	follows := parity.SetOf(parity.Derived)
	w.content("/mediaType", text(w.mediaType), parity.Artifact, follows)
	for _, p := range w.platforms {
		w.content("/platforms[="+p.platform+"]", member(p.platform), parity.Artifact, 0)
		if w.isIndex {
			w.content(parity.ImageManifestsPath+p.platform+"]", text(p.digest), parity.Artifact, follows)
		}
	}
}

// contents states what the image holds.
func (w *writer) contents() {
	if w.manifest == nil {
		return
	}
	follows := parity.SetOf(parity.Derived)
	size := w.manifest.Config.Size
	for i := range w.manifest.Layers {
		size += w.manifest.Layers[i].Size
	}
	number := func(n int64) parity.Value {
		return parity.Value{Kind: parity.Number, Raw: strconv.FormatInt(n, 10)}
	}
	w.content("/size", number(size), parity.Artifact, follows)
	w.content("/layers", number(int64(len(w.manifest.Layers))), parity.Artifact, follows)
	w.content("/configDigest", text(w.manifest.Config.Digest.String()), parity.Artifact, follows)
	c := w.config
	if c == nil {
		return
	}
	if c.Created != nil && c.Created.After(epoch) {
		w.content(parity.ImageCreatedPath, text(c.Created.UTC().Format(time.RFC3339)), parity.Artifact, follows)
	}
	w.user(c.Config.User)
	w.list("/config/entrypoint", c.Config.Entrypoint)
	w.list("/config/cmd", c.Config.Cmd)
	if c.Config.WorkingDir != "" {
		w.content("/config/workingDir", text(c.Config.WorkingDir), parity.Config, 0)
	}
	for _, port := range slices.Sorted(maps.Keys(c.Config.ExposedPorts)) {
		w.content("/config/ports[="+port+"]", member(port), parity.Network, 0)
	}
	for _, volume := range slices.Sorted(maps.Keys(c.Config.Volumes)) {
		w.content("/config/volumes[="+volume+"]", member(volume), parity.Config, 0)
	}
	for _, variable := range c.Config.Env {
		name, v, _ := strings.Cut(variable, "=")
		path := "/config/env[name=" + name + "]/value"
		val, rules := value.Of("/"+name, v, value.StringScalar)
		w.content(path, val, surface.Common().Of(parity.ImageSubject, "/"+name), rules)
	}
	w.labels(c.Config.Labels)
}

// epoch is before any image: builds that are to be the same each time say that
// they were made at the beginning of a calendar.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// user states whom the image runs as. None is root, in any spelling.
func (w *writer) user(user string) {
	v, rules := text(user), parity.RuleSet(0)
	switch user {
	case "", "root", "0", "0:0", "root:root":
		v.Canon, rules = "root", parity.SetOf(parity.ScalarForm)
	}
	if v.Raw == "" {
		v.Raw = "root"
	}
	w.content("/config/user", v, parity.Security, rules)
}

func (w *writer) list(path string, items []string) {
	if len(items) == 0 {
		return
	}
	data, err := json.Marshal(items)
	if err != nil {
		return // texts are always JSON
	}
	w.content(path, parity.Value{Kind: parity.List, Raw: string(data)}, parity.Config, 0)
}

// volatile are the labels that change with each build, and so follow from the
// image itself.
var volatile = map[string]bool{
	"org.opencontainers.image.created": true, "org.opencontainers.image.revision": true, "org.opencontainers.image.version": true,
	"org.opencontainers.image.ref.name": true, "org.opencontainers.image.base.digest": true,
	"org.label-schema.build-date": true, "org.label-schema.vcs-ref": true, "org.label-schema.version": true,
	"build-date": true, "vcs-ref": true, "version": true, "release": true,
}

func (w *writer) labels(labels map[string]string) {
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		s, rules := parity.Artifact, parity.RuleSet(0)
		if volatile[name] {
			rules = parity.SetOf(parity.Derived)
		}
		if name == "org.opencontainers.image.source" || name == "org.opencontainers.image.revision" {
			s = parity.Delivery
		}
		w.content("/labels/"+name, text(labels[name]), s, rules)
	}
}

// hangings states what hangs on the image.
func (w *writer) hangings() {
	for _, x := range w.attached.signatures {
		w.beside(AttachedPath+"/signatures[="+x+"]", member(x), parity.Security)
	}
	for _, x := range w.attached.sboms {
		w.beside(AttachedPath+"/sboms[="+x+"]", member(x), parity.Delivery)
	}
}
