package kubernetes

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kube"
)

// top follows owners up to the workload that is a subject.
func (p *pods) top(k parity.Key) parity.Key {
	for range 8 { // no chain of controllers is as long
		owner, ok := p.owners[k]
		if !ok {
			break
		}
		k = owner
	}
	return k
}

// running gives what runs of each workload. It is called when all was read.
func (p *pods) running(origin func(object string) *parity.Origin) map[parity.Key]kube.Running {
	all := map[parity.Key]*group{}
	for k, g := range p.groups {
		top := p.top(k)
		if all[top] == nil {
			all[top] = &group{containers: map[containerKey]*kube.RunningContainer{}}
		}
		all[top].merge(g)
	}
	warnings := p.warningsOf()
	out := map[parity.Key]kube.Running{}
	for _, k := range keys(all, p.past, warnings) {
		run := kube.Running{Warnings: slices.Sorted(maps.Keys(warnings[k])), Past: slices.Sorted(maps.Keys(p.past[k]))}
		run.Origin = origin(k.String())
		if g := all[k]; g != nil {
			run.Pods, run.Containers = g.pods, g.sorted()
			run.Origin = origin("Pod " + g.sample)
		}
		out[k] = run
	}
	return out
}

// warningsOf gathers the warnings of pods and of what stands between at the
// workloads.
func (p *pods) warningsOf() map[parity.Key]map[string]bool {
	out := map[parity.Key]map[string]bool{}
	for k, reasons := range p.warnings {
		if k.Kind == "Pod" && k.Group == "" {
			of, ok := p.of[[2]string{k.Scope, k.Name}]
			if !ok {
				continue // the pod is gone
			}
			k = of
		}
		for r := range reasons {
			put(out, p.top(k), r)
		}
	}
	return out
}

func keys(groups map[parity.Key]*group, sets ...map[parity.Key]map[string]bool) []parity.Key {
	all := map[parity.Key]bool{}
	for k := range groups {
		all[k] = true
	}
	for _, s := range sets {
		for k := range s {
			all[k] = true
		}
	}
	return slices.SortedFunc(maps.Keys(all), parity.Key.Compare)
}

func (g *group) merge(other *group) {
	g.pods += other.pods
	if g.sample == "" || other.sample < g.sample {
		g.sample = other.sample
	}
	for k, c := range other.containers {
		have := g.containers[k]
		if have == nil {
			have = &kube.RunningContainer{List: c.List, Name: c.Name, Images: map[string][]string{}}
			g.containers[k] = have
		}
		have.Restarts += c.Restarts
		for _, r := range c.Waiting {
			have.Waiting = insert(have.Waiting, r)
		}
		for _, r := range c.Ended {
			have.Ended = insert(have.Ended, r)
		}
		for image, digests := range c.Images {
			merged := have.Images[image]
			for _, d := range digests {
				merged = insert(merged, d)
			}
			have.Images[image] = merged
		}
	}
}

func (g *group) sorted() []kube.RunningContainer {
	out := make([]kube.RunningContainer, 0, len(g.containers))
	for _, c := range g.containers {
		out = append(out, *c)
	}
	slices.SortFunc(out, func(a, b kube.RunningContainer) int {
		return cmp.Or(strings.Compare(a.List, b.List), strings.Compare(a.Name, b.Name))
	})
	return out
}
