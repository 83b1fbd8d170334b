package kubernetes

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/envparity/parity"
)

// ClusterKind is the kind of the subject that stands for the cluster itself.
const ClusterKind = "Cluster"

// nodeFacts are what nodes say of themselves, gathered over all of them.
type nodeFacts struct {
	mu  *sync.Mutex
	all map[string]map[string]bool
}

func newNodeFacts() nodeFacts {
	return nodeFacts{mu: &sync.Mutex{}, all: map[string]map[string]bool{}}
}

// node adds one node.
func (n nodeFacts) node(o *object) error {
	var body struct {
		Status struct {
			Info struct {
				Kernel       string `json:"kernelVersion"`
				OS           string `json:"osImage"`
				Runtime      string `json:"containerRuntimeVersion"`
				Kubelet      string `json:"kubeletVersion"`
				Architecture string `json:"architecture"`
			} `json:"nodeInfo"`
		} `json:"status"`
	}
	if err := json.Unmarshal(o.raw, &body); err != nil {
		return errBody
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	info := &body.Status.Info
	for name, text := range map[string]string{
		"kernel": info.Kernel, "osImage": info.OS, "containerRuntime": info.Runtime, "kubelet": info.Kubelet,
		"architecture": info.Architecture, "instanceType": o.Meta.Labels.Get("node.kubernetes.io/instance-type").Str(),
	} {
		if text == "" {
			continue
		}
		if n.all[name] == nil {
			n.all[name] = map[string]bool{}
		}
		n.all[name][text] = true
	}
	return nil
}

// names lists what nodes said anything of, and texts what they said.
func (n nodeFacts) names() []string            { return slices.Sorted(maps.Keys(n.all)) }
func (n nodeFacts) texts(name string) []string { return slices.Sorted(maps.Keys(n.all[name])) }

// platform hands over the cluster itself: its version, what it serves, what its
// nodes run, and how much of it was met and is no subject.
func (s *session) platform() {
	origin := s.origin(ClusterKind)
	var facts []parity.Fact
	add := func(path string, v parity.Value, rules parity.RuleSet) {
		facts = append(facts, parity.Fact{Path: path, Value: v, Rules: rules, Surface: parity.Platform, Origin: origin})
	}
	add("/version", parity.Value{Kind: parity.Version, Raw: s.found.version}, 0)
	for _, v := range slices.Sorted(slices.Values(s.found.served)) {
		add("/apis[="+v+"]", parity.Value{Kind: parity.Set, Raw: v}, 0)
	}
	for _, name := range s.nodes.names() {
		for _, text := range s.nodes.texts(name) {
			add("/nodes/"+name+"[="+text+"]", parity.Value{Kind: parity.Set, Raw: text}, 0)
		}
	}
	for _, why := range slices.Sorted(maps.Keys(s.census.skipped)) {
		n := strconv.Itoa(s.census.skipped[why])
		add("/notCompared/"+why, parity.Value{Kind: parity.Number, Raw: n}, parity.SetOf(parity.ServerMetadata))
	}
	s.out.Subject(parity.Subject{Key: parity.Key{Kind: ClusterKind, Group: "parity.dev", Name: "cluster"}, Origin: origin}, facts)
}
