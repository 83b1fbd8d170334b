package drift

import (
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity"
)

// owner is somebody else than the desired source who decides a value.
type owner struct {
	kind parity.DriftOwner
	name string
	why  string
	// sure is false where the data only suggests it.
	sure bool
}

// owners knows who decides what in one instance.
type owners struct {
	scaled   map[parity.Key]scaler // workloads whose replicas are an autoscaler's
	sized    map[parity.Key]scaler // workloads whose requests are an autoscaler's
	mutators []string              // what rewrites objects as they are admitted
	managers []Owner
}

// scaler is an autoscaler that targets a workload.
type scaler struct {
	kind, scope, name string
	// toZero is set where it scales to nothing and back by itself.
	toZero bool
}

func (s scaler) String() string {
	return parity.Key{Kind: s.kind, Scope: s.scope, Name: s.name}.String()
}

func newOwners(o Options, desired, live *parity.Snapshot) *owners {
	w := &owners{
		scaled: map[parity.Key]scaler{}, sized: map[parity.Key]scaler{},
		managers: slices.Concat(o.Owners, knownManagers),
	}
	for _, s := range []*parity.Snapshot{live, desired} {
		for i := range s.Subjects {
			w.learn(&s.Subjects[i])
		}
	}
	for i := range live.Subjects {
		if name := mutator(&live.Subjects[i]); name != "" {
			w.mutators = append(w.mutators, name)
		}
	}
	return w
}

// learn notes what a subject decides for others, if it is an autoscaler. Of
// several on one workload, one that scales to zero is taken: it made the other.
func (w *owners) learn(s *parity.SubjectFacts) {
	k := s.Subject.Key
	ref, into := "/spec/scaleTargetRef", w.scaled
	switch k.Kind {
	case "HorizontalPodAutoscaler", "ScaledObject":
	case "VerticalPodAutoscaler":
		ref, into = "/spec/targetRef", w.sized
		switch textAt(s.Facts, "/spec/updatePolicy/updateMode") {
		case "Off", "Initial":
			return
		}
	default:
		return
	}
	name := factAt(s.Facts, ref+"/name")
	if name == nil {
		return
	}
	kind := textAt(s.Facts, ref+"/kind")
	if kind == "" {
		kind = "Deployment"
	}
	x := scaler{kind: k.Kind, scope: k.Scope, name: k.Name, toZero: k.Kind == "ScaledObject"}
	target := parity.Key{Kind: kind, Scope: k.Scope, Name: name.Value.Raw}
	if have, ok := into[target]; !ok || x.toZero && !have.toZero {
		into[target] = x
	}
}

// target is a workload as an autoscaler names it.
func target(a *parity.Aligned) parity.Key {
	k := a.Key
	if s := a.Sides[liveColumn]; s != nil {
		k = s.Subject.Key
	}
	return parity.Key{Kind: k.Kind, Scope: k.Scope, Name: k.Name}
}

// of tells who decides what a finding is about, if it is somebody else.
func (w *owners) of(a *parity.Aligned, f *finding) (owner, bool) {
	for _, ask := range []func(*parity.Aligned, *finding) (owner, bool){
		w.autoscaler, aggregation, w.controller, patched, w.rewritten, podAdmission, injected,
	} {
		if o, ok := ask(a, f); ok {
			return o, true
		}
	}
	return owner{}, false
}

// autoscaler answers for replicas and for requests, whoever wrote them last:
// what a person sets there is gone at the autoscaler's next look. A
// HorizontalPodAutoscaler does not look at a workload that is scaled to zero.
func (w *owners) autoscaler(a *parity.Aligned, f *finding) (owner, bool) {
	if f.path == "/spec/replicas" {
		s, ok := w.scaled[target(a)]
		if !ok {
			return owner{}, false
		}
		if !s.toZero && f.have != nil && f.have.Value.Canonical() == "0" {
			f.note = s.String() + " does nothing while there are no replicas"
			return owner{}, false
		}
		return owner{parity.AutoscalerOwner, s.String(), "it sets how many replicas there are", true}, true
	}
	if !strings.Contains(f.path, "/resources/") {
		return owner{}, false
	}
	if s, ok := w.sized[target(a)]; ok {
		return owner{parity.AutoscalerOwner, s.String(), "it sets what the pods request, whatever the template says", true}, true
	}
	return owner{}, false
}

// aggregation answers for the rules of a ClusterRole that gathers others'.
func aggregation(a *parity.Aligned, f *finding) (owner, bool) {
	if a.Key.Kind != "ClusterRole" || f.path != "/rules" && !strings.HasPrefix(f.path, "/rules[") {
		return owner{}, false
	}
	for _, s := range a.Sides {
		if s != nil && factsBelow(s.Facts, "/aggregationRule") {
			return owner{parity.ControllerOwner, "clusterrole-aggregation-controller", "it gathers the rules of the roles that the aggregationRule selects", true}, true
		}
	}
	return owner{}, false
}

// controller answers where a known controller wrote last.
func (w *owners) controller(_ *parity.Aligned, f *finding) (owner, bool) {
	by := writerOf(f.have)
	if by == nil {
		return owner{}, false
	}
	for i := range w.managers {
		m := &w.managers[i]
		if !managed(m.Manager, by.Manager) {
			continue
		}
		kind := parity.ControllerOwner
		if by.Subresource == "scale" {
			kind = parity.AutoscalerOwner
		}
		return owner{kind, m.Name, m.Why, true}, true
	}
	if vague[by.Manager] && by.Operation != "Apply" {
		f.note = fmt.Sprintf("the writer calls itself %q, which may be a controller: name it under drift.owners in parity.yaml if it decides here", by.Manager)
	}
	return owner{}, false
}

func managed(pattern, manager string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "*"); ok {
		return strings.HasPrefix(manager, prefix)
	}
	return pattern == manager
}

// ofMissing reports whether a subject is not meant to stay where it was applied.
func (w *owners) ofMissing(a *parity.Aligned) (owner, bool) {
	s := a.Sides[desiredColumn]
	notes := "/metadata/annotations/"
	switch {
	case factAt(s.Facts, notes+"helm.sh/hook") != nil:
		return owner{parity.LifecycleOwner, "Helm hook", "it is made and deleted around an installation", true}, true
	case factAt(s.Facts, notes+"argocd.argoproj.io/hook") != nil:
		return owner{parity.LifecycleOwner, "Argo CD hook", "it is made and deleted around a sync", true}, true
	case a.Key.Kind == "Job" && factAt(s.Facts, "/spec/ttlSecondsAfterFinished") != nil:
		return owner{parity.LifecycleOwner, "ttl-after-finished controller", "a finished Job is deleted after ttlSecondsAfterFinished", false}, true
	}
	return owner{}, false
}
