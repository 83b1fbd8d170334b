package kube

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// Running is what the pods of one workload tell of it.
type Running struct {
	// Pods is how many there are.
	Pods       int
	Containers []RunningContainer
	// Warnings are the reasons of warnings about the workload and its pods:
	// "Unhealthy" of a failing probe, "FailedScheduling".
	Warnings []string
	// Past are the images that earlier versions of the workload ran.
	Past []string
	// Origin is where this was read.
	Origin *parity.Origin
}

// RunningContainer is one container of a workload over all of its pods.
type RunningContainer struct {
	// List is the list of the pod that it stands in: "containers",
	// "initContainers" or "ephemeralContainers".
	List, Name string
	// Images are the images as the pods name them, each with the digests that
	// run under that name ("sha256:..."), sorted.
	Images map[string][]string
	// Restarts are those of all pods together.
	Restarts int
	// Waiting and Ended are the reasons why pods wait to run it, and why it
	// ended without being done: "CrashLoopBackOff", "OOMKilled".
	Waiting, Ended []string
}

// Running tells the reader what runs of a workload that it was given.
func (r *Reader) Running(k parity.Key, run Running) {
	if r.running == nil {
		r.running = map[parity.Key]Running{}
	}
	r.running[k] = run
}

// lift puts what runs on the record of its workload.
func (r *Reader) lift(rec *record, run *Running) {
	for i := range run.Containers {
		c := &run.Containers[i]
		declared := "/" + c.List + "[name=" + c.Name + "]/image"
		at := slices.IndexFunc(rec.facts, func(f parity.Fact) bool {
			return f.Value.Kind == parity.Image && strings.HasSuffix(f.Path, declared) && !strings.HasPrefix(f.Path, "/running/")
		})
		if at >= 0 {
			r.liftDigest(rec, at, c, run.Origin)
		} else {
			r.liftOther(rec, c, run.Origin)
		}
		liftState(rec, c, run)
	}
	for _, reason := range run.Warnings {
		rec.add("/running/warnings[="+reason+"]", parity.Value{Kind: parity.Set, Raw: reason}, 0, parity.Incident, run.Origin)
	}
	for _, image := range run.Past {
		v := parity.Value{Kind: parity.Image, Raw: image}
		if img, ok := value.ParseImage(image); ok {
			v.Canon = img.Canonical(r.options.Mirrors)
		}
		rec.add("/history/images[="+image+"]", v, parity.SetOf(parity.History), parity.Artifact, run.Origin)
	}
}

func (rec *record) add(path string, v parity.Value, rules parity.RuleSet, on parity.Surface, origin *parity.Origin) {
	rec.facts = append(rec.facts, parity.Fact{Path: path, Value: v, Rules: rules, Surface: on, Origin: origin})
}

// liftDigest adds to a declared image the digest that its pods run under it.
// Where they run several, each is a fact of its own: which one counts cannot
// be told.
func (r *Reader) liftDigest(rec *record, at int, c *RunningContainer, origin *parity.Origin) {
	rec.others(rec.facts[at].Value.Raw, c, origin)
	f := &rec.facts[at]
	digests := c.Images[f.Value.Raw]
	img, ok := value.ParseImage(f.Value.Raw)
	if !ok || len(digests) == 0 || img.Digest != "" {
		return
	}
	if len(digests) > 1 {
		for _, d := range digests {
			rec.add("/running/"+c.List+"[name="+c.Name+"]/digests[="+d+"]", parity.Value{Kind: parity.Set, Raw: d}, 0, parity.Artifact, origin)
		}
		return
	}
	img.Digest = digests[0]
	f.Value = parity.Value{Kind: parity.Image, Raw: f.Value.Raw + "@" + digests[0], Canon: img.Canonical(r.options.Mirrors)}
	f.Rules = f.Rules.With(parity.RunningDigest)
}

// others adds the images that pods run in place of the declared one: while it
// rolls out, or as something rewrites them.
func (rec *record) others(declared string, c *RunningContainer, origin *parity.Origin) {
	want, _ := value.ParseImage(declared)
	for _, image := range slices.Sorted(maps.Keys(c.Images)) {
		if img, ok := value.ParseImage(image); ok && img != want {
			rec.add("/running/"+c.List+"[name="+c.Name+"]/others[="+image+"]", parity.Value{Kind: parity.Set, Raw: image}, 0, parity.Artifact, origin)
		}
	}
}

// liftOther adds a container that the workload does not declare: one that is
// injected, or attached for a while.
func (r *Reader) liftOther(rec *record, c *RunningContainer, origin *parity.Origin) {
	rules, on := parity.RuleSet(0), parity.Artifact
	if sidecars[c.Name] {
		rules, on = parity.SetOf(parity.Sidecar), parity.Platform
	}
	for i, image := range slices.Sorted(maps.Keys(c.Images)) {
		img, ok := value.ParseImage(image)
		if !ok {
			continue
		}
		path := "/running/" + c.List + "[name=" + c.Name + "]/image"
		if i > 0 {
			path += "#" + strconv.Itoa(i+1)
		}
		if digests := c.Images[image]; len(digests) == 1 && img.Digest == "" {
			img.Digest = digests[0]
			image += "@" + digests[0]
		}
		rec.add(path, parity.Value{Kind: parity.Image, Raw: image, Canon: img.Canonical(r.options.Mirrors)},
			rules.With(parity.ImageForm), on, origin)
	}
}

// liftState adds what happened to a container. What is well says nothing.
func liftState(rec *record, c *RunningContainer, run *Running) {
	path := "/running/" + c.List + "[name=" + c.Name + "]"
	if size := restartSize(c.Restarts, run.Pods); size != "" {
		v := parity.Value{Kind: parity.Text, Raw: strconv.Itoa(c.Restarts), Canon: size}
		rec.add(path+"/restarts", v, parity.SetOf(parity.RunningState), parity.Incident, run.Origin)
	}
	for _, reason := range c.Waiting {
		rec.add(path+"/waiting[="+reason+"]", parity.Value{Kind: parity.Set, Raw: reason}, 0, parity.Incident, run.Origin)
	}
	for _, reason := range c.Ended {
		rec.add(path+"/ended[="+reason+"]", parity.Value{Kind: parity.Set, Raw: reason}, 0, parity.Incident, run.Origin)
	}
}

// restartSize gives restarts by their order of size for each pod. A few are no
// news: nodes are drained and images pulled again.
func restartSize(restarts, pods int) string {
	switch each := float64(restarts) / float64(max(pods, 1)); {
	case each < 3:
		return ""
	case each < 30:
		return "repeated"
	default:
		return "constant"
	}
}
