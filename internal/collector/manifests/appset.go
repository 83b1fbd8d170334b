package manifests

import (
	"errors"
	"slices"
	"strconv"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// appSet is an ApplicationSet of Argo CD that is made into Applications, as
// Argo CD does: see
// https://argo-cd.readthedocs.io/en/stable/operator-manual/applicationset/Generators/.
type appSet struct {
	s    *session
	node *doc.Node
	spec map[string]any
	// goTemplate says in which of the two languages templates are written.
	goTemplate bool
	options    []string
	where      string
}

// params are the values that one Application is made with.
type params = map[string]any

// maxGenerated bounds the Applications of one ApplicationSet.
const maxGenerated = 2000

// maxGenerators bounds generators within generators.
const maxGenerators = 4

// ungenerated is why a generator yields nothing that is known.
type ungenerated struct{ what, hint string }

func (e *ungenerated) Error() string { return e.what }

func newAppSet(s *session, node *doc.Node, where string) *appSet {
	a := &appSet{s: s, node: node, where: where}
	a.spec, _ = plainWhole(node.Get("spec")).(map[string]any)
	a.goTemplate, _ = a.spec["goTemplate"].(bool)
	for _, o := range listAt(a.spec, "goTemplateOptions") {
		if text, ok := o.(string); ok {
			a.options = append(a.options, text)
		}
	}
	return a
}

// applicationSet hands over the Applications that an ApplicationSet makes.
func (s *session) applicationSet(node *doc.Node, origin *parity.Origin) error {
	d := &deployment{node: node, origin: origin}
	a := newAppSet(s, node, d.where())
	left := maxGenerated
	for _, generator := range listAt(a.spec, "generators") {
		all, own, err := a.generate(generator, nil, 0)
		if err == nil && len(all) > left {
			err = errTooMany
		}
		if err != nil {
			if s.ctx.Err() != nil {
				return s.ctx.Err()
			}
			a.gap(err)
			continue
		}
		left -= len(all)
		if err := a.applications(all, own, origin); err != nil {
			return err
		}
	}
	return nil
}

var errTooMany = &ungenerated{
	"it would make more than " + strconv.Itoa(maxGenerated) + " Applications", "split it, or select fewer",
}

// gap records that it is not known which Applications a generator makes.
func (a *appSet) gap(err error) {
	var why *ungenerated
	if !errors.As(err, &why) {
		why = &ungenerated{what: "a generator of it cannot be read"}
	}
	a.s.gapOfObjects(a.where, "not all Applications of the ApplicationSet "+a.node.At("metadata", "name").Str()+" are known: "+why.what, why.hint)
}

// applications makes Applications of parameters and hands them over.
func (a *appSet) applications(all []params, own map[string]any, origin *parity.Origin) error {
	template := merged(tableAt(a.spec, "template"), own)
	patch := textAt(a.spec, "templatePatch")
	made, err := a.render([]any{template, patch}, all)
	if err != nil {
		if a.s.ctx.Err() != nil {
			return a.s.ctx.Err()
		}
		a.gap(err)
		return nil
	}
	failed := 0
	for i, one := range made {
		parts, _ := one.([]any)
		app := a.application(parts)
		if app == nil {
			failed++
			continue
		}
		n := nodeOf(app, a.node.Line, a.node.Col)
		at := *origin
		at.Precision, at.Object = parity.AtObject, objectName(n)
		if !a.s.seen.inner && !a.s.cfg.Applications.selects(n, clusterNames(all[i])...) {
			continue
		}
		if unclustered(n) {
			a.s.seen.clusterless = append(a.s.seen.clusterless, n.At("metadata", "name").Str())
		}
		if err := a.hand(n, &at); err != nil {
			return err
		}
	}
	if failed > 0 {
		a.gap(&ungenerated{"its template makes no Application of " + strconv.Itoa(failed) + " of its parameters", "look for a parameter that is not there, or a function that Argo CD does not have"})
	}
	return nil
}

// application is the Application of a rendered template and its patch; nil where
// it is none.
func (a *appSet) application(parts []any) map[string]any {
	if len(parts) != 2 {
		return nil
	}
	app, _ := parts[0].(map[string]any)
	if patch, _ := parts[1].(string); patch != "" && app != nil {
		n := lenient(patch, a.s.limits())
		if n == nil {
			return nil
		}
		m, _ := plainWhole(n).(map[string]any)
		app = patched(app, m)
	}
	meta := tableAt(app, "metadata")
	if textAt(meta, "name") == "" {
		return nil
	}
	if textAt(meta, "namespace") == "" {
		if ns := a.node.At("metadata", "namespace").Str(); ns != "" {
			meta["namespace"] = ns
		}
	}
	return map[string]any{"apiVersion": "argoproj.io/v1alpha1", "kind": "Application", "metadata": meta, "spec": tableAt(app, "spec")}
}

// hand hands over an Application that was selected, and changed as the
// ApplicationSet was.
func (a *appSet) hand(n *doc.Node, origin *parity.Origin) error {
	after, inner := a.s.after, a.s.seen.inner
	defer func() { a.s.after, a.s.seen.inner = after, inner }()
	a.s.after, a.s.seen.inner = nil, true
	return a.s.add(n, origin)
}

// clusterNames lists the names that parameters give a cluster, besides what an
// Application says of it.
func clusterNames(p params) []string {
	var all []string
	for _, key := range []string{"name", "nameNormalized", "cluster", "server"} {
		if v, ok := p[key].(string); ok {
			all = append(all, v)
		}
	}
	return all
}

// unclustered takes out of an Application what depends on a cluster that is not
// known, and reports whether anything did.
func unclustered(n *doc.Node) bool {
	to := n.At("spec", "destination")
	if to == nil {
		return false
	}
	all := len(to.Fields)
	to.Fields = slices.DeleteFunc(to.Fields, func(f doc.Field) bool { return holdsText(f.Value, unknownValue) })
	return len(to.Fields) < all
}

// merged lays the fields of b that are not empty over those of a.
func merged(a, b map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range a {
		out[k] = v
	}
	for k, v := range b {
		am, aok := out[k].(map[string]any)
		bm, bok := v.(map[string]any)
		switch {
		case aok && bok:
			out[k] = merged(am, bm)
		case v == nil || v == "":
		default:
			out[k] = v
		}
	}
	return out
}

// patched applies a merge patch: maps by key, null takes a key out, all else is
// replaced.
func patched(a, patch map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range a {
		out[k] = v
	}
	for k, v := range patch {
		pm, ok := v.(map[string]any)
		switch {
		case v == nil:
			delete(out, k)
		case ok:
			am, _ := out[k].(map[string]any)
			out[k] = patched(am, pm)
		default:
			out[k] = v
		}
	}
	return out
}

// generatedTargets lists the directories of the repository that an ApplicationSet
// makes Applications for, as far as that is known.
func (s *session) generatedTargets(spec *doc.Node) []string {
	node := &doc.Node{Kind: doc.Map, Fields: []doc.Field{{Key: "spec", Value: spec}}}
	a := newAppSet(s, node, "")
	var found []string
	for _, generator := range listAt(a.spec, "generators") {
		all, own, err := a.generate(generator, nil, 0)
		if err != nil || len(all) > maxGenerated {
			continue
		}
		made, err := a.render([]any{merged(tableAt(a.spec, "template"), own), textAt(a.spec, "templatePatch")}, all)
		if err != nil {
			continue
		}
		for _, one := range made {
			parts, _ := one.([]any)
			if app := a.application(parts); app != nil {
				found = append(found, s.sourceTargets(nodeOf(app, 0, 0).Get("spec"))...)
			}
		}
	}
	return found
}
