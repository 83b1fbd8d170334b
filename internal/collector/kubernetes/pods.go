package kubernetes

import (
	"encoding/json"
	"slices"
	"strings"
	"sync"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kube"
)

// pods gathers what pods, and what stands between them and their workloads,
// tell of the workloads.
type pods struct {
	mu sync.Mutex
	// groups are pods by what controls them directly, or by themselves.
	groups map[parity.Key]*group
	// owners leads from what controls pods (a ReplicaSet, a Job) to what
	// controls that.
	owners map[parity.Key]parity.Key
	// of finds the group of a pod, for events that name it.
	of map[[2]string]parity.Key
	// past are images of earlier versions, by the object that holds one.
	past map[parity.Key]map[string]bool
	// warnings are the reasons of warnings, by the object that they name.
	warnings map[parity.Key]map[string]bool
}

// group is what some pods have in common.
type group struct {
	pods       int
	sample     string
	containers map[containerKey]*kube.RunningContainer
}

type containerKey struct{ list, name string }

func newPods() *pods {
	return &pods{
		groups: map[parity.Key]*group{}, owners: map[parity.Key]parity.Key{}, of: map[[2]string]parity.Key{},
		past: map[parity.Key]map[string]bool{}, warnings: map[parity.Key]map[string]bool{},
	}
}

// keyOf gives the key of the object itself.
func keyOf(group, kind string, m *metadata) parity.Key {
	return parity.Key{Kind: kind, Group: group, Scope: m.Namespace, Name: m.Name}
}

// container and status are parts of a pod.
type container struct {
	Name  string `json:"name"`
	Image string `json:"image"`
}

type containerStatus struct {
	Name         string `json:"name"`
	ImageID      string `json:"imageID"`
	RestartCount int    `json:"restartCount"`
	State        struct {
		Waiting    reason `json:"waiting"`
		Terminated reason `json:"terminated"`
	} `json:"state"`
	LastState struct {
		Terminated reason `json:"terminated"`
	} `json:"lastState"`
}

type reason struct {
	Reason string `json:"reason"`
}

type podSpec struct {
	Containers          []container `json:"containers"`
	InitContainers      []container `json:"initContainers"`
	EphemeralContainers []container `json:"ephemeralContainers"`
}

type podStatus struct {
	Containers          []containerStatus `json:"containerStatuses"`
	InitContainers      []containerStatus `json:"initContainerStatuses"`
	EphemeralContainers []containerStatus `json:"ephemeralContainerStatuses"`
}

// pod adds one pod to its group.
func (p *pods) pod(o *object) error {
	var body struct {
		Spec   podSpec   `json:"spec"`
		Status podStatus `json:"status"`
	}
	if err := json.Unmarshal(o.raw, &body); err != nil {
		return errBody
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	key, ok := o.Meta.controller()
	if !ok {
		key = keyOf("", "Pod", &o.Meta)
	}
	p.of[[2]string{o.Meta.Namespace, o.Meta.Name}] = key
	g := p.groups[key]
	if g == nil {
		g = &group{containers: map[containerKey]*kube.RunningContainer{}}
		p.groups[key] = g
	}
	g.pods++
	if name := o.Meta.named(); g.sample == "" || name < g.sample {
		g.sample = name
	}
	g.list("containers", body.Spec.Containers, body.Status.Containers)
	g.list("initContainers", body.Spec.InitContainers, body.Status.InitContainers)
	g.list("ephemeralContainers", body.Spec.EphemeralContainers, body.Status.EphemeralContainers)
	return nil
}

// list adds one pod's containers of a list.
func (g *group) list(list string, declared []container, states []containerStatus) {
	for _, d := range declared {
		k := containerKey{list, d.Name}
		c := g.containers[k]
		if c == nil {
			c = &kube.RunningContainer{List: list, Name: d.Name, Images: map[string][]string{}}
			g.containers[k] = c
		}
		digests := c.Images[d.Image]
		i := slices.IndexFunc(states, func(s containerStatus) bool { return s.Name == d.Name })
		if i >= 0 {
			if digest := digestOf(states[i].ImageID); digest != "" {
				digests = insert(digests, digest)
			}
			note(c, &states[i])
		}
		c.Images[d.Image] = digests
	}
}

// digestOf gives the manifest's digest of an image ID such as
// "registry/web@sha256:…". An ID without a repository names the local
// configuration of an image, which no registry knows.
func digestOf(imageID string) string {
	_, digest, ok := strings.Cut(imageID, "@")
	if !ok || !strings.HasPrefix(digest, "sha256:") && !strings.HasPrefix(digest, "sha512:") {
		return ""
	}
	return digest
}

// passing are reasons to wait that every container has for a moment.
var passing = map[string]bool{"": true, "ContainerCreating": true, "PodInitializing": true}

// usual are the ends that say nothing: the exit code of a process that was told
// to stop is one.
var usual = map[string]bool{"": true, "Completed": true, "Error": true}

func note(c *kube.RunningContainer, s *containerStatus) {
	c.Restarts += s.RestartCount
	if !passing[s.State.Waiting.Reason] {
		c.Waiting = insert(c.Waiting, s.State.Waiting.Reason)
	}
	for _, r := range []string{s.State.Terminated.Reason, s.LastState.Terminated.Reason} {
		if !usual[r] {
			c.Ended = insert(c.Ended, r)
		}
	}
}

// insert adds a text to a sorted set.
func insert(set []string, text string) []string {
	i, ok := slices.BinarySearch(set, text)
	if ok {
		return set
	}
	return slices.Insert(set, i, text)
}

// replicaSet notes whose a ReplicaSet is, and the images of its template.
func (p *pods) replicaSet(o *object) error { return p.template(o, "apps", "ReplicaSet") }

// job notes whose a Job is.
func (p *pods) job(o *object) error { return p.template(o, "batch", "Job") }

func (p *pods) template(o *object, group, kind string) error {
	var body struct {
		Spec struct {
			Template struct {
				Spec podSpec `json:"spec"`
			} `json:"template"`
		} `json:"spec"`
	}
	if err := json.Unmarshal(o.raw, &body); err != nil {
		return errBody
	}
	owner, ok := o.Meta.controller()
	if !ok {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.owners[keyOf(group, kind, &o.Meta)] = owner
	p.ran(owner, body.Spec.Template.Spec)
	return nil
}

// revision notes the images that a version of a StatefulSet or DaemonSet had.
func (p *pods) revision(o *object) error {
	var body struct {
		Data struct {
			Spec struct {
				Template struct {
					Spec podSpec `json:"spec"`
				} `json:"template"`
			} `json:"spec"`
		} `json:"data"`
	}
	owner, ok := o.Meta.controller()
	if !ok || json.Unmarshal(o.raw, &body) != nil {
		return nil // what a revision holds is its controller's own affair
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ran(owner, body.Data.Spec.Template.Spec)
	return nil
}

func (p *pods) ran(owner parity.Key, spec podSpec) {
	for _, c := range slices.Concat(spec.Containers, spec.InitContainers) {
		put(p.past, owner, c.Image)
	}
}

func put(sets map[parity.Key]map[string]bool, k parity.Key, text string) {
	if text == "" {
		return
	}
	if sets[k] == nil {
		sets[k] = map[string]bool{}
	}
	sets[k][text] = true
}

// often is how often a warning must have been given to be news.
const often = 3

// event notes a warning that was given several times.
func (p *pods) event(o *object) error {
	var body struct {
		Reason   string `json:"reason"`
		Count    int    `json:"count"`
		Involved struct {
			APIVersion string `json:"apiVersion"`
			Kind       string `json:"kind"`
			Name       string `json:"name"`
		} `json:"involvedObject"`
		Series struct {
			Count int `json:"count"`
		} `json:"series"`
	}
	if err := json.Unmarshal(o.raw, &body); err != nil {
		return errBody
	}
	gv, err := schema.ParseGroupVersion(body.Involved.APIVersion)
	if err != nil || max(body.Count, body.Series.Count) < often || body.Reason == "" {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	k := parity.Key{Kind: body.Involved.Kind, Group: gv.Group, Scope: o.Meta.Namespace, Name: body.Involved.Name}
	put(p.warnings, k, body.Reason)
	return nil
}
