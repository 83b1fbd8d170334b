package manifests

import (
	"bytes"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"sigs.k8s.io/kustomize/api/types"
	"sigs.k8s.io/kustomize/kyaml/resid"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/render"
)

// rendering is the rendering of one kustomization. kustomize stops at the
// first fault; a rendering takes faults out, each with the loss it means, as
// long as what remains is rendered as it would have been.
type rendering struct {
	s    *session
	sc   *scan
	root *kustomize
	// loose are the patches that were made to pass over a missing target.
	loose []loss
	// spent is the time of all tries so far.
	spent time.Duration
}

// render gives what can be rendered, or the last error of kustomize where
// nothing can.
func (r *rendering) render() ([]renderedObject, error) {
	out, err := r.build()
	if err == nil || r.final(err) {
		return out, err
	}
	for _, mend := range []func() bool{r.dropBroken, r.loosen} {
		if !mend() {
			continue
		}
		if out, err = r.build(); err == nil || r.final(err) {
			return r.settle(out), err
		}
	}
	if out, ok := r.leaveOutNamed(err); ok {
		return r.settle(out), nil
	}
	if out, ok := r.leaveOut(); ok {
		return r.settle(out), nil
	}
	return nil, err
}

// final reports whether to try again is no use.
func (r *rendering) final(err error) bool {
	return r.s.ctx.Err() != nil || render.Exceeded(err) || r.spent > r.most()
}

// most bounds the time of all tries together.
func (r *rendering) most() time.Duration {
	if t := r.s.in.Limits.Render.Time; t > 0 {
		return t
	}
	return render.DefaultLimits().Time
}

// graph lists the kustomizations below the root, each once, the root first.
func (r *rendering) graph() []*kustomize {
	seen := map[*kustomize]bool{}
	var all []*kustomize
	var visit func(k *kustomize)
	visit = func(k *kustomize) {
		if seen[k] {
			return
		}
		seen[k] = true
		all = append(all, k)
		for _, c := range k.children {
			visit(c)
		}
	}
	visit(r.root)
	return all
}

// dropBroken takes out the files that cannot be read as objects, and tells
// whether there were any.
func (r *rendering) dropBroken() bool {
	found := false
	for _, k := range r.graph() {
		before := len(r.sc.losses)
		k.spec.Resources = r.sc.keep(k.spec.Resources, func(e string) (string, bool) { return e, r.sound(k, e, true) })
		k.spec.Patches = keepIf(k.spec.Patches, func(p types.Patch) bool { return p.Path == "" || r.sound(k, p.Path, false) })
		if len(r.sc.losses) > before {
			found = true
			r.sc.write(k)
		}
	}
	return found
}

// sound reports whether a file can be parsed and, for resources, whether all in
// it are objects with a name.
func (r *rendering) sound(k *kustomize, entry string, resources bool) bool {
	at, ok := within(k.dir, entry)
	if !ok || isDir(r.sc.over.fsys, at) {
		return true
	}
	text, err := r.sc.over.ReadFile(at)
	nameless := false
	if err == nil {
		err = doc.ParseYAML(bytes.NewReader(text), r.sc.limits, func(n *doc.Node, _ int) error {
			nameless = nameless || resources && (!isObject(n) || n.At("metadata", "name").Str() == "" && n.Get("items") == nil)
			return nil
		})
	}
	if err == nil && !nameless {
		return true
	}
	l := loss{hides: parity.HidesParts, reason: "the file " + r.sc.display(at) + " holds something that is no Kubernetes object with a name", hint: "the rest was rendered without it"}
	if resources {
		l.hides = parity.HidesObjects
	}
	if err != nil {
		where, what := whereOf(err, r.sc.display(at))
		l.reason = "the file " + where + " cannot be read: " + what
		l.kind, l.name = soleObject(text)
		if l.name != "" {
			l.name = around(l.name)
		}
	}
	r.sc.lose(k, entry, l)
	return false
}

// loosen rewrites what needs an object by its name so that it passes over one
// that is not there, and reports whether there was anything to rewrite.
func (r *rendering) loosen() bool {
	found := false
	for _, k := range r.graph() {
		changed := r.loosenPatches(k)
		changed = r.loosenReplicas(k) || changed
		changed = r.dropMerging(k) || changed
		if changed {
			found, k.edited = true, true
			r.sc.write(k)
		}
	}
	return found
}

// loosenPatches gives every merge patch a target of its own, one document at
// a time: kustomize passes over a target that selects nothing.
func (r *rendering) loosenPatches(k *kustomize) bool {
	var patches []types.Patch
	changed := false
	for _, p := range k.spec.Patches {
		text := []byte(p.Patch)
		if p.Path != "" {
			at, _ := within(k.dir, p.Path)
			text, _ = r.sc.over.ReadFile(at)
		}
		parts, ok := r.split(k, text)
		if p.Target != nil || !ok {
			patches = append(patches, p)
			continue
		}
		changed = true
		for _, part := range parts {
			part.Options = p.Options
			patches = append(patches, part)
		}
	}
	k.spec.Patches = patches
	return changed
}

// split cuts the documents of a merge patch apart and aims each at the object
// that it names.
func (r *rendering) split(k *kustomize, text []byte) ([]types.Patch, bool) {
	var targets []*types.Selector
	err := doc.ParseYAML(bytes.NewReader(text), r.sc.limits, func(n *doc.Node, _ int) error {
		kind, name := n.Get("kind").Str(), n.At("metadata", "name").Str()
		if kind == "" || name == "" {
			return errTooLarge
		}
		targets = append(targets, &types.Selector{ResId: resid.ResId{
			Gvk: resid.Gvk{Kind: regexp.QuoteMeta(kind)}, Name: regexp.QuoteMeta(name),
		}})
		r.loose = append(r.loose, loss{kind: kind, name: name, file: k.file})
		return nil
	})
	texts := documentsOf(text)
	if err != nil || len(targets) == 0 || len(texts) != len(targets) {
		return nil, false
	}
	patches := make([]types.Patch, len(targets))
	for i := range targets {
		patches[i] = types.Patch{Patch: texts[i], Target: targets[i]}
	}
	return patches, true
}

// documentsOf cuts a YAML text at its document marks; empty ones fall away.
func documentsOf(text []byte) []string {
	var docs []string
	var b strings.Builder
	content := false
	flush := func() {
		if content {
			docs = append(docs, b.String())
		}
		b.Reset()
		content = false
	}
	for line := range strings.Lines(string(text)) {
		if mark := strings.TrimRight(line, " \t\r\n"); mark == "---" || mark == "..." {
			flush()
			continue
		}
		trimmed := strings.TrimSpace(line)
		content = content || trimmed != "" && trimmed[0] != '#'
		b.WriteString(line)
	}
	flush()
	return docs
}

// loosenReplicas writes replica counts as patches.
func (r *rendering) loosenReplicas(k *kustomize) bool {
	if len(k.spec.Replicas) == 0 {
		return false
	}
	for _, c := range k.spec.Replicas {
		text := "- op: add\n  path: /spec/replicas\n  value: " + strconv.FormatInt(c.Count, 10) + "\n"
		for _, kind := range []string{"Deployment", "ReplicaSet", "ReplicationController", "StatefulSet"} {
			k.spec.Patches = append(k.spec.Patches, types.Patch{Patch: text, Target: &types.Selector{ResId: resid.ResId{
				Gvk: resid.Gvk{Kind: kind}, Name: regexp.QuoteMeta(c.Name),
			}}})
		}
	}
	k.spec.Replicas = nil
	return true
}

// dropMerging takes out the generators that change an object of a base that
// lost something: the object may be what was lost.
func (r *rendering) dropMerging(k *kustomize) bool {
	if !k.lost {
		return false
	}
	before := len(k.spec.ConfigMapGenerator) + len(k.spec.SecretGenerator)
	keep := func(g types.GeneratorArgs, kind string) bool {
		if g.Behavior == "" || g.Behavior == "create" {
			return true
		}
		r.sc.lose(k, g.Name, loss{kind: kind, name: around(g.Name), reason: "a generator changes the " + kind + " " + g.Name + ", which is not there to change"})
		return false
	}
	k.spec.ConfigMapGenerator = keepIf(k.spec.ConfigMapGenerator, func(g types.ConfigMapArgs) bool { return keep(g.GeneratorArgs, "ConfigMap") })
	k.spec.SecretGenerator = keepIf(k.spec.SecretGenerator, func(g types.SecretArgs) bool { return keep(g.GeneratorArgs, "Secret") })
	return len(k.spec.ConfigMapGenerator)+len(k.spec.SecretGenerator) < before
}

// These bound how many renderings are tried to find the one entry that spoils
// all: each costs as much as the files that it reads.
const (
	maxLeftOut      = 60
	maxLeftOutFiles = 3000
)

// leaveOut renders without one entry of the root, or of the one base that the
// root stands on, and takes the first that is enough.
func (r *rendering) leaveOut() ([]renderedObject, bool) {
	tries, most := 0, min(maxLeftOut, max(3, maxLeftOutFiles/(1+len(r.sc.files))))
	for k := r.root; k != nil; k = soleChild(k) {
		all := k.spec.Resources
		for i, entry := range all {
			if tries++; tries > most || r.final(nil) {
				return nil, false
			}
			if len(all) == 1 {
				break
			}
			r.with(k, slices.Delete(slices.Clone(all), i, i+1))
			out, err := r.build()
			if err != nil && r.final(err) {
				return nil, false
			}
			if err == nil {
				r.loseEntry(k, entry)
				return out, true
			}
		}
		r.with(k, all)
	}
	return nil, false
}

func soleChild(k *kustomize) *kustomize {
	if len(k.children) == 1 && len(k.spec.Resources) <= 1 {
		return k.children[0]
	}
	return nil
}

// settle records the patches whose target was not there.
func (r *rendering) settle(out []renderedObject) []renderedObject {
	if out == nil {
		return nil
	}
	for _, l := range r.loose {
		hit := slices.ContainsFunc(out, func(o renderedObject) bool {
			return o.node.Get("kind").Str() == l.kind && strings.Contains(o.node.At("metadata", "name").Str(), l.name)
		})
		if !hit {
			l.reason = "a patch names the " + l.kind + " " + l.name + ", which is not there"
			l.where, l.name = r.sc.display(l.file), around(l.name)
			r.sc.losses = append(r.sc.losses, l)
		}
	}
	return out
}
