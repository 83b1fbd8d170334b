package sidebyside

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// Verdict is what is said of a path.
type Verdict string

// The verdicts.
const (
	Same        Verdict = "same"
	Missing     Verdict = "missing" // called in the reference only
	Extra       Verdict = "extra"   // called in the other only
	MoreOften   Verdict = "more-often"
	LessOften   Verdict = "less-often"
	NotTellable Verdict = "not-tellable"
)

// The numbers by which paths are judged.
const (
	// fewest requests of each side are needed for anything.
	fewest = 30
	// missedBy is the chance with which a path that is there may be missed.
	missedBy = 0.01
	// oneSided is the quantile of the lower bound of a share, 95 %.
	oneSided = 1.6448536269514722
	// sure is the number of standard errors from which counts and times are
	// different: many paths are looked at.
	sure = 3.3
	// often is the ratio from which a count is called another, and nTimes that
	// from which repeated calls are called an N+1.
	often  = 1.5
	nTimes = 3
	// resolution is that of the clocks of most tracers.
	resolution = time.Microsecond
)

// Figures are one environment's of a path.
type Figures struct {
	// Share is the share of requests that have the path.
	Share float64 `json:"share"`
	// PerRequest is how often it is there a request, Most in one request.
	PerRequest float64 `json:"perRequest"`
	Deviation  float64 `json:"deviation"`
	Most       int     `json:"most"`
	// Self is the time a request in which nothing below it ran.
	Self time.Duration `json:"selfNanoseconds"`
	P50  time.Duration `json:"p50Nanoseconds"`
	P95  time.Duration `json:"p95Nanoseconds"`
}

// PathResult is one path in both environments.
type PathResult struct {
	Path    []Step  `json:"path"`
	Verdict Verdict `json:"verdict"`
	// NPlusOne is set where a call is made again and again for one request.
	NPlusOne bool `json:"nPlusOne,omitempty"`
	// Follows is set where the path above already differs in the same way.
	Follows   bool    `json:"follows,omitempty"`
	Reference Figures `json:"reference"`
	Other     Figures `json:"other"`
	// Needed is how many requests the side without the path must have before
	// its absence says anything.
	Needed int `json:"needed,omitempty"`
	// SelfDifference is Other.Self less Reference.Self, SelfShare its share of
	// all that became slower, or of all that became faster. TimeTellable is set
	// where it is more than chance.
	SelfDifference time.Duration `json:"selfDifferenceNanoseconds"`
	SelfShare      float64       `json:"selfShare"`
	TimeTellable   bool          `json:"timeTellable"`
}

// Side is one environment.
type Side struct {
	Name     string         `json:"name"`
	Requests int            `json:"requests"`
	Services []string       `json:"services"`
	Failed   float64        `json:"failed"`
	Mean     time.Duration  `json:"meanNanoseconds"`
	P50      time.Duration  `json:"p50Nanoseconds"`
	P95      time.Duration  `json:"p95Nanoseconds"`
	Sampling map[string]int `json:"sampling"`
}

// Result is the endpoint in both.
type Result struct {
	Endpoint  string       `json:"endpoint"`
	Service   string       `json:"service,omitempty"`
	Reference Side         `json:"reference"`
	Other     Side         `json:"other"`
	Tellable  bool         `json:"tellable"`
	Paths     []PathResult `json:"paths"`
	Notes     []string     `json:"notes"`
}

// Compare sets two samples side by side. All numbers are a request, so that
// environments that keep another share of their traces compare.
func Compare(reference, other *Sample, referenceName, otherName string) *Result {
	r := &Result{
		Endpoint: reference.Endpoint, Service: reference.Service,
		Reference: reference.side(referenceName), Other: other.side(otherName),
		Paths: []PathResult{}, Notes: []string{},
	}
	r.Tellable = reference.requests >= fewest && other.requests >= fewest
	r.notes(reference, other)
	keys := map[string]bool{}
	for _, s := range []*Sample{reference, other} {
		for key := range s.paths {
			keys[key] = true
		}
	}
	verdicts := map[string]*PathResult{}
	for _, key := range slices.Sorted(maps.Keys(keys)) { // what is above comes before what is below
		p := judge(reference, other, key, r.Tellable)
		if above := verdicts[parentOf(key)]; above != nil {
			p.follow(above)
		}
		verdicts[key] = &p
		r.Paths = append(r.Paths, p)
	}
	r.shares()
	return r
}

// parentOf gives the key of the path above.
func parentOf(key string) string {
	return key[:strings.LastIndexByte(strings.TrimSuffix(key, "\x1f"), '\x1f')+1]
}

// judge compares one path.
func judge(reference, other *Sample, key string, tellable bool) PathResult {
	a, b := reference.paths[key], other.paths[key]
	p := PathResult{Verdict: Same, Reference: reference.figures(a), Other: other.figures(b)}
	calls := false
	for _, side := range []*path{a, b} {
		if side != nil {
			p.Path, calls = side.steps, side.calls
		}
	}
	switch {
	case a != nil && b == nil:
		p.absent(Missing, a, reference, other)
	case a == nil && b != nil:
		p.absent(Extra, b, other, reference)
	default:
		p.counts(a, b, reference, other, calls)
	}
	if !tellable {
		p.Verdict, p.NPlusOne = NotTellable, false
		return p
	}
	_, da := reference.mean(sumOf(a))
	_, db := other.mean(sumOf(b))
	apart := (p.Other.Self - p.Reference.Self).Abs()
	p.TimeTellable = apart >= resolution && apart.Seconds() > sure*math.Hypot(da, db)
	return p
}

func sumOf(p *path) sum {
	if p == nil {
		return sum{}
	}
	return p.self
}

// absent judges a path that one side has among its requests and the other has
// not: by chance alone the other misses it with (1-share)^n.
func (p *PathResult) absent(verdict Verdict, has *path, from, without *Sample) {
	low := lower(has.presentPlain/float64(from.requests), from.effective())
	p.Needed = int(min(math.Ceil(math.Log(missedBy)/math.Log1p(-min(low, 1-1e-9))), 1e9))
	if p.Verdict = NotTellable; without.effective() >= float64(p.Needed) {
		p.Verdict, p.Needed = verdict, 0
	}
}

// lower is the lower bound of a share among n, by Wilson.
func lower(share, n float64) float64 {
	if n <= 0 {
		return 0
	}
	z := oneSided
	centre := share + z*z/(2*n)
	spread := z * math.Sqrt(share*(1-share)/n+z*z/(4*n*n))
	return max((centre-spread)/(1+z*z/n), 1e-12)
}

// counts judges how often a path is there a request.
func (p *PathResult) counts(a, b *path, reference, other *Sample, calls bool) {
	ma, da := reference.mean(a.count)
	mb, db := other.mean(b.count)
	if math.Abs(mb-ma) <= sure*math.Hypot(da, db) || max(ma, mb) < often*min(ma, mb) {
		return
	}
	if mb < ma {
		p.Verdict = LessOften
		return
	}
	p.Verdict = MoreOften
	// A call for each of a list's items: many times as often, or as often as
	// the request has items, which differs from request to request.
	grows := p.Other.Deviation > 2*p.Reference.Deviation+0.5
	p.NPlusOne = calls && b.most >= nTimes && mb >= 2 && (mb >= nTimes*ma || grows)
}

// follow marks what differs only because the path above does.
func (p *PathResult) follow(above *PathResult) {
	switch {
	case p.Verdict == Same || above.Verdict != p.Verdict && !above.Follows:
	case p.Verdict == Missing, p.Verdict == Extra, p.Verdict == NotTellable:
		p.Follows = above.Verdict == p.Verdict
	case above.Verdict == p.Verdict:
		own := ratio(p.Other.PerRequest, p.Reference.PerRequest)
		its := ratio(above.Other.PerRequest, above.Reference.PerRequest)
		p.Follows = own < often*its && its < often*own
		p.NPlusOne = p.NPlusOne && !p.Follows
	}
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return math.Inf(1)
	}
	return a / b
}

func (s *Sample) figures(p *path) Figures {
	if p == nil || s.weight == 0 {
		return Figures{}
	}
	count, _ := s.mean(p.count)
	self, _ := s.mean(p.self)
	plain := p.counts.total / float64(s.requests)
	return Figures{
		Share: p.present / s.weight, PerRequest: count, Most: p.most,
		Deviation: math.Sqrt(max(0, p.counts.squares/float64(s.requests)-plain*plain)),
		Self:      time.Duration(self * float64(time.Second)).Round(resolution), P50: p.quantile(0.5), P95: p.quantile(0.95),
	}
}

// side gives the endpoint itself.
func (s *Sample) side(name string) Side {
	side := Side{Name: name, Requests: s.requests, Services: slices.Sorted(maps.Keys(s.services)), Sampling: s.sampling}
	if s.requests == 0 {
		side.Services, side.Sampling = []string{}, map[string]int{}
		return side
	}
	side.Failed = s.failed / s.weight
	all, mean := &path{durations: map[int32]float64{}}, 0.0
	for _, p := range s.paths {
		self, _ := s.mean(p.self)
		mean += self
		if len(p.steps) == 1 {
			for b, n := range p.durations {
				all.durations[b] += n
			}
		}
	}
	side.Mean, side.P50, side.P95 = time.Duration(mean*float64(time.Second)), all.quantile(0.5), all.quantile(0.95)
	return side
}

// shares tells how much of all that became slower, or faster, each path is.
func (r *Result) shares() {
	var slower, faster time.Duration
	for i := range r.Paths {
		p := &r.Paths[i]
		p.SelfDifference = p.Other.Self - p.Reference.Self
		slower, faster = slower+max(0, p.SelfDifference), faster+max(0, -p.SelfDifference)
	}
	for i := range r.Paths {
		switch p := &r.Paths[i]; {
		case p.SelfDifference > 0:
			p.SelfShare = p.SelfDifference.Seconds() / slower.Seconds()
		case p.SelfDifference < 0:
			p.SelfShare = -p.SelfDifference.Seconds() / faster.Seconds()
		}
	}
	slices.SortStableFunc(r.Paths, func(a, b PathResult) int {
		return cmp.Compare(b.SelfDifference.Abs(), a.SelfDifference.Abs())
	})
}

// notes say what weakens the comparison.
func (r *Result) notes(reference, other *Sample) {
	note := func(format string, args ...any) { r.Notes = append(r.Notes, fmt.Sprintf(format, args...)) }
	for _, s := range []struct {
		*Sample
		name string
	}{{reference, r.Reference.Name}, {other, r.Other.Name}} {
		if s.requests < fewest {
			note("%s has %d requests of the endpoint in the sample; nothing is told below %d", s.name, s.requests, fewest)
		}
		if s.tail {
			note("%s keeps traces by what happened in them (tail sampling): its durations and its share of failed requests are not those of all requests", s.name)
		}
		if s.torn > 0 {
			note("%d of %d traces of %s lack spans, so that some of what was called is not seen", s.torn, s.traces, s.name)
		}
		if s.left {
			note("the traces of %s have more paths, or deeper ones, than are kept", s.name)
		}
	}
	failed := func(s *Sample) float64 { return s.failedPlain / float64(max(1, s.requests)) }
	for _, s := range [][2]*Sample{{reference, other}, {other, reference}} {
		if name := r.nameOf(s[0], reference); !s[0].tail && failed(s[0]) >= 0.2 && failed(s[0]) >= 3*failed(s[1]) && s[0].requests >= fewest {
			note("%.0f %% of the requests of %s failed: it may prefer failed traces when it samples, and then its durations are not those of all requests", 100*failed(s[0]), name)
		}
	}
	if !reference.tail && !other.tail {
		note("spans do not tell whether traces are chosen by their errors or durations; where they are, durations are not those of all requests")
	}
}

func (r *Result) nameOf(s, reference *Sample) string {
	if s == reference {
		return r.Reference.Name
	}
	return r.Other.Name
}
