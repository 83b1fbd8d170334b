package manifests

import (
	"errors"
	"strings"
	"time"

	"sigs.k8s.io/kustomize/api/types"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/render"
)

// kustomizeVersion is that of the module this is built with; a test compares.
const kustomizeVersion = "v0.21.2"

// kustomization renders the kustomization in a directory.
func (s *session) kustomization(dir string) error {
	return s.scanned(s.newScan(), dir)
}

// scanned renders the kustomization in a directory, scanned by sc.
func (s *session) scanned(sc *scan, dir string) error {
	if s.cfg.LoadRestrictor == "" {
		sc.unrestricted = func() bool { return s.fluxReads(dir) }
	}
	root, err := sc.load(dir, nil)
	if err != nil {
		var r *refused
		if errors.As(err, &r) {
			s.gapOfObjects(r.where, "the kustomization cannot be rendered: "+r.what, r.hint)
			return s.ctx.Err()
		}
		return err
	}
	if root.spec.Kind == types.ComponentKind {
		root.spec.Kind, root.spec.APIVersion, root.edited = types.KustomizationKind, types.KustomizationVersion, true
	}
	sc.quiet(root)
	sc.write(root)
	s.out.Tool("kustomize", kustomizeVersion)
	r := &rendering{s: s, sc: sc, root: root}
	objects, err := r.render()
	if s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	s.report(sc, root)
	s.inclusions(sc)
	if err != nil {
		s.gapOfObjects(s.place.Display(root.file), "the kustomization cannot be rendered: "+reasonOf(err), hintOf(err))
		return nil
	}
	return s.rendered(sc, root, objects)
}

func (s *session) newScan() *scan {
	sc := newScan(s.place.FS, s.place.Display, s.limits(), s.cfg.LoadRestrictor != "none")
	sc.charts = s.inflate
	return sc
}

// quiet takes out the notes of kustomize's own doings, which it would write
// into every object.
func (sc *scan) quiet(root *kustomize) {
	meta := root.spec.BuildMetadata
	kept := keepIf(meta, func(m string) bool { return m == types.ManagedByLabelOption })
	if len(kept) < len(meta) {
		root.spec.BuildMetadata, root.edited = kept, true
	}
}

// build runs kustomize once, apart.
func (r *rendering) build() ([]renderedObject, error) {
	if err := r.s.ctx.Err(); err != nil {
		return nil, err
	}
	begin := time.Now()                             //nolint:forbidigo // how long it takes is no input of it
	defer func() { r.spent += time.Since(begin) }() //nolint:forbidigo // as above
	job := &kustomizeJob{
		dir: r.root.dir, rootOnly: r.sc.rootOnly, schema: r.sc.schema, limits: r.s.limits(),
		replaced: r.sc.over.replaced, known: r.sc.known(),
	}
	out, err := r.s.render(kustomizeTask, job.encode(), r.answer)
	if err != nil {
		return nil, err
	}
	return decodeObjects(out)
}

// answer tells kustomize of a file.
func (r *rendering) answer(question []byte) ([]byte, error) {
	if len(question) == 0 {
		return nil, errUnreadable
	}
	a, err := answerFrom(r.sc.over.fsys, r.sc.over.limit, string(question))
	if err != nil {
		return nil, err
	}
	var e render.Encoder
	a.encode(&e)
	return e.Data(), nil
}

// report turns the losses of a scan into gaps, and what is known of remote
// sources into subjects.
func (s *session) report(sc *scan, root *kustomize) {
	for _, l := range sc.losses {
		s.out.Gap(s.lossGap(sc, root, &l))
		origin := &parity.Origin{File: s.place.Display(l.file), Precision: parity.AtLine}
		if l.line == 0 {
			origin.Precision = parity.AtFile
		}
		switch {
		case l.chart != nil:
			s.out.Subject(s.chartSubject(l, origin))
		case l.remote != "":
			s.out.Subject(remoteSubject(l.remote, origin, l.line, l.col))
		}
	}
}

// rendered hands over what kustomize made.
func (s *session) rendered(sc *scan, root *kustomize, objects []renderedObject) error {
	base := s.place.Display(root.file)
	if own := s.ownVariables(root.dir, objects); own != nil {
		after := s.after
		s.after = own.apply
		defer func() { s.after = after }()
	}
	from := map[string]*parity.Origin{"": nil}
	for _, o := range objects {
		n := o.node
		if o.fault != "" {
			s.gapOfObjects(base, "an object of the kustomization cannot be read: "+o.fault, "")
			continue
		}
		file := sc.behind(n.Get("kind").Str(), n.At("metadata", "name").Str())
		if _, ok := from[file]; !ok {
			from[file] = &parity.Origin{File: s.place.Display(file), Precision: parity.AtFile}
		}
		origin := &parity.Origin{
			File: base, Precision: parity.AtObject, Renderer: "kustomize " + kustomizeVersion,
			Object: objectName(n), From: from[file],
		}
		if err := s.add(n, origin); err != nil {
			return err
		}
	}
	return nil
}

func objectName(n *doc.Node) string {
	name := n.At("metadata", "name").Str()
	if ns := n.At("metadata", "namespace").Str(); ns != "" {
		name = ns + "/" + name
	}
	return n.Get("kind").Str() + " " + name
}

// reasonOf says in words of our own why kustomize gave up: its errors quote
// what it read.
func reasonOf(err error) string {
	var known *parity.Error
	if errors.As(err, &known) {
		return known.What
	}
	text := err.Error()
	for _, known := range []struct{ sign, reason string }{
		{"already registered id", "two resources are the same object"},
		{"no matches for Id", "a patch names an object that is not there"},
		{"no resource matches strategic merge patch", "a patch names an object that is not there"},
		{"failed to find unique target for patch", "a patch names an object that is not there once"},
		{"cannot merge or replace", "a generator would change an object that is not there"},
		{"does not match a config with the following GVK", "a replica count names an object that is not there"},
		{"nothing selected by", "a replacement takes its value from an object that is not there"},
		{"missing metadata.name", "a resource has no name"},
		{"unable to parse SM or JSON patch", "a patch is neither a merge patch nor a JSON patch"},
		{"expected kind", "a component stands among the resources, or a kustomization among the components"},
		{"cycle detected", "it includes itself"},
		{"invalid Kustomization", "a kustomization file is not one"},
		{"MalformedYAMLError", "a file is not YAML"},
		{"var '", "a variable takes its value from something that is not there"},
		{errPanic.Error(), errPanic.Error()},
	} {
		if strings.Contains(text, known.sign) {
			return known.reason
		}
	}
	return "kustomize reports an error, which is not quoted here because it may quote what it read"
}

func hintOf(err error) string {
	if hint := parity.HintOf(err); hint != "" {
		return hint
	}
	return "kustomize build tells more"
}
