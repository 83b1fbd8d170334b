// Package sidebyside compares how two environments serve one endpoint: what is
// called below it, how often, and where the time goes.
package sidebyside

import (
	"math"
	"slices"
	"strings"
	"time"

	"github.com/envparity/parity/internal/measured"
	"github.com/envparity/parity/internal/spans"
)

// The bounds of a sample.
const (
	maxPaths    = 5_000
	deepest     = 40
	maxSampling = 6
	schema      = 4 // buckets of durations grow by 4.4 %
)

// Step is one span on the way from the endpoint down.
type Step struct {
	Service string `json:"service"`
	Kind    string `json:"kind"`
	Name    string `json:"operation"`
	// Peer is what a call reaches, where no span of its own tells.
	Peer string `json:"peer,omitempty"`
}

// String is the step for people.
func (s Step) String() string {
	text := s.Service + " " + s.Kind + " " + s.Name
	if s.Peer != "" && !strings.Contains(s.Name, s.Peer) {
		text += " (" + s.Peer + ")"
	}
	return text
}

// Sample is the requests of one endpoint in one environment.
type Sample struct {
	spans.Wanted

	paths    map[string]*path
	services map[string]int
	sampling map[string]int
	// requests, and the sums of their weights and of the weights' squares.
	requests            int
	weight, squares     float64
	failed, failedPlain float64
	tail                bool
	torn, traces        int
	left                bool
	seen                map[spans.TraceID]struct{}
}

// path is what is known of one place in the trees.
type path struct {
	steps []Step
	calls bool
	// present sums the weights of the requests that have it.
	present, presentPlain float64
	count, counts         sum // spans a request
	self                  sum // seconds a request
	most                  int
	durations             map[int32]float64
}

// sum gathers a number of each request, weighted.
type sum struct{ total, squares float64 }

func (s *sum) add(x, weight float64) {
	s.total += weight * x
	s.squares += weight * x * x
}

// Add takes a trace. One that came before is left out.
func (s *Sample) Add(t *spans.Trace) {
	if _, ok := s.seen[t.ID]; ok {
		return
	}
	if s.seen == nil {
		s.seen, s.paths, s.services, s.sampling = map[spans.TraceID]struct{}{}, map[string]*path{}, map[string]int{}, map[string]int{}
	}
	s.seen[t.ID] = struct{}{}
	tree := spans.Grow(t)
	found := false
	for i := range tree.Nodes {
		if s.Fits(tree.Nodes[i].Span) {
			found = true
			s.request(tree, i)
		}
	}
	if found {
		s.traces++
		if tree.Orphans > 0 || tree.Cycles > 0 {
			s.torn++
		}
	}
}

// seenOnce is what one request has of one path.
type seenOnce struct {
	n    int
	self time.Duration
}

// request counts one request with all that is below it.
func (s *Sample) request(tree *spans.Tree, root int) {
	top := &tree.Nodes[root]
	weight := 1.0
	if at := slices.IndexFunc(tree.Roots, func(r int) bool { return !tree.Nodes[r].Orphan }); at >= 0 {
		weight = tree.Nodes[tree.Roots[at]].Weight()
		s.sampled(tree.Nodes[tree.Roots[at]].Sampling.String())
	}
	s.requests++
	s.weight, s.squares = s.weight+weight, s.squares+weight*weight
	s.services[top.Service]++
	if top.Failed {
		s.failed, s.failedPlain = s.failed+weight, s.failedPlain+1
	}
	type visit struct {
		node, depth int
		key         string
		steps       []Step
	}
	once := map[*path]*seenOnce{}
	todo := []visit{{node: root}}
	for len(todo) > 0 {
		v := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		n := &tree.Nodes[v.node]
		s.tail = s.tail || tailSampled(n.Attributes)
		step := stepOf(tree, v.node)
		// The peer explains and is no part of the path: it may be an address.
		v.key += step.Service + "\x1e" + step.Kind + "\x1e" + step.Name + "\x1f"
		p := s.path(v.key, v.steps, step)
		if p == nil {
			continue
		}
		p.durations[s.bucket(n.Duration)] += weight
		o := once[p]
		if o == nil {
			o = &seenOnce{}
			once[p] = o
		}
		o.n, o.self = o.n+1, o.self+n.Self
		if v.depth++; v.depth >= deepest {
			s.left = s.left || len(n.Children) > 0
			continue
		}
		for _, c := range n.Children {
			todo = append(todo, visit{c, v.depth, v.key, p.steps})
		}
	}
	for p, o := range once {
		p.present, p.presentPlain = p.present+weight, p.presentPlain+1
		p.count.add(float64(o.n), weight)
		p.counts.add(float64(o.n), 1)
		p.self.add(o.self.Seconds(), weight)
		p.most = max(p.most, o.n)
	}
}

func (s *Sample) bucket(d time.Duration) int32 {
	b := measured.Series{Schema: schema}
	return b.Bucket(d)
}

func stepOf(tree *spans.Tree, i int) Step {
	n := &tree.Nodes[i]
	step := Step{Service: n.Service, Kind: n.Kind.String(), Name: n.Name}
	if service, _ := tree.Served(i); n.Kind.Calls() && len(n.Children) == 0 {
		step.Peer = service
	}
	return step
}

// path gives the place for a key; nil where there are more than are kept.
func (s *Sample) path(key string, above []Step, step Step) *path {
	if p := s.paths[key]; p != nil {
		return p
	}
	if len(s.paths) >= maxPaths {
		s.left = true
		return nil
	}
	steps := append(slices.Clone(above), step)
	p := &path{steps: steps, calls: step.Kind == "client" || step.Kind == "producer", durations: map[int32]float64{}}
	s.paths[key] = p
	return p
}

func (s *Sample) sampled(how string) {
	if how == "" {
		how = "not told"
	}
	if _, ok := s.sampling[how]; !ok && len(s.sampling) >= maxSampling {
		how = "several ratios"
	}
	s.sampling[how]++
}

// tailSampled reports whether a sampler that chose after the trace was whole left
// its mark.
func tailSampled(attributes []string) bool {
	for _, name := range attributes {
		if strings.HasPrefix(name, "tailsampling.") || strings.HasPrefix(name, "meta.refinery.") || name == "sampling.policy" {
			return true
		}
	}
	return false
}

// effective is how many requests of equal weight would say as much.
func (s *Sample) effective() float64 {
	if s.squares == 0 {
		return 0
	}
	return s.weight * s.weight / s.squares
}

// mean gives a sum's mean a request and the standard error of it.
func (s *Sample) mean(x sum) (mean, deviation float64) {
	if s.weight == 0 {
		return 0, math.Inf(1)
	}
	mean = x.total / s.weight
	variance := max(0, x.squares/s.weight-mean*mean)
	n := s.effective()
	if n < 2 {
		return mean, math.Inf(1)
	}
	return mean, math.Sqrt(variance / (n - 1))
}

// quantile is the end of the bucket in which a quantile of the durations is.
func (p *path) quantile(q float64) time.Duration {
	total := 0.0
	order := make([]int32, 0, len(p.durations))
	for b, n := range p.durations {
		total += n
		order = append(order, b)
	}
	slices.Sort(order)
	sum := 0.0
	for _, b := range order {
		if sum += p.durations[b]; sum >= q*total*(1-1e-12) {
			if b == measured.Zero {
				return 0
			}
			return time.Duration(math.Exp2(float64(b)/(1<<schema)) * float64(time.Second))
		}
	}
	return 0
}
