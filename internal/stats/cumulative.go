package stats

import (
	"math"
	"slices"
	"sort"
)

// cumulative is the distribution function of a side, its blocks summed up.
type cumulative struct {
	requests float64
	// edges are where it is known, and shares what it is there. Of points,
	// edges are the sorted samples, and shares the positions that they stand
	// for, (i+1/2)/n.
	edges, shares []float64
	points        bool
	// smooth tells that buckets are narrow enough to bound where requests lie
	// in them (see inside).
	smooth bool
	// classic tells that bounds can be added.
	classic       bool
	relativeError float64
	noBound       bool
	// indicator tells the share of requests up to x, an edge unless points,
	// with the residual of each block in units of that share, the variance of
	// independent requests, and the requests of each block.
	indicator func(x float64) indication
	// last is the last indication, of lastX.
	last  *indication
	lastX float64
}

// at is the indicator, computed once for the same x in a row.
func (c *cumulative) at(x float64) indication {
	if c.last == nil || c.lastX != x {
		i := c.indicator(x)
		c.last, c.lastX = &i, x
	}
	return *c.last
}

// indication is what the indicator tells.
type indication struct {
	p, free   float64
	e, weight []float64
}

func (i indication) depend(n float64) Dependence { return depend(i.p, n, i.free, i.e, i.weight) }

// spot bounds where the quantile of a share lies. high is infinite above the
// last bound.
func (c *cumulative) spot(share float64) (low, high float64) {
	if c.points {
		x := c.between(share)
		return x, x
	}
	j := sort.SearchFloat64s(c.shares, share)
	if j > 0 {
		low = max(0, c.edges[j-1])
	}
	if j == len(c.edges) {
		return low, math.Inf(1)
	}
	high = max(0, c.edges[j])
	if c.smooth && low > 0 {
		from, to := c.inside(j, share)
		wide := math.Log(high / low)
		return low * math.Exp(wide*from), low * math.Exp(wide*to)
	}
	return low, high
}

// between is the sample at a share, between two samples by a straight line.
func (c *cumulative) between(share float64) float64 {
	j := sort.SearchFloat64s(c.shares, share)
	switch {
	case j == 0:
		return c.edges[0]
	case j == len(c.edges):
		return c.edges[j-1]
	}
	a, b := c.shares[j-1], c.shares[j]
	return c.edges[j-1] + (c.edges[j]-c.edges[j-1])*(share-a)/(b-a)
}

// inside bounds, as parts of the width of bucket j on a logarithmic scale, where
// the share lies in it. Where the density rises or falls steadily from two buckets
// below to two above, it lies in the bucket between the averages of its two
// neighbours, which bounds the distribution function. Otherwise the bucket may
// hide a spike or an end, a timeout for example, and is bounded by its edges.
func (c *cumulative) inside(j int, share float64) (from, to float64) {
	if !c.steady(j) {
		return 0, 1
	}
	mass := c.mass(j)
	left, right := c.mass(j-1)/mass, c.mass(j+1)/mass
	least, most := min(left, right, 1), max(left, right, 1)
	f := (share - c.shares[j-1]) / mass
	from, to = max(f/most, 1-(1-f)/least), min(f/least, 1-(1-f)/most)
	return max(0, min(from, f)), min(1, max(to, f))
}

// mass is the part of the requests in bucket j.
func (c *cumulative) mass(j int) float64 {
	switch {
	case j < 0 || j >= len(c.shares):
		return 0
	case j == 0:
		return c.shares[0]
	}
	return c.shares[j] - c.shares[j-1]
}

// steady reports whether the masses around bucket j rise or fall steadily, but for
// three standard errors.
func (c *cumulative) steady(j int) bool {
	rises, falls := true, true
	for i := j - 2; i < j+2; i++ {
		a, b := c.mass(i), c.mass(i+1)
		noise := 3 * math.Sqrt((a+b)/c.requests)
		rises = rises && b >= a-noise
		falls = falls && b <= a+noise
	}
	return rises || falls
}

// guess interpolates the quantile, for people: on a straight line within a
// classic bucket, as Prometheus does, and the last bound above it.
func (c *cumulative) guess(share float64) float64 {
	if c.points {
		return c.between(share)
	}
	j := sort.SearchFloat64s(c.shares, share)
	if j == len(c.edges) {
		return max(0, c.edges[j-1])
	}
	low, start := 0.0, 0.0
	if j > 0 {
		low, start = max(0, c.edges[j-1]), c.shares[j-1]
	}
	high, part := max(0, c.edges[j]), 1.0
	if c.shares[j] > start {
		part = (share - start) / (c.shares[j] - start)
	}
	if !c.classic && low > 0 {
		return low * math.Exp(math.Log(high/low)*part)
	}
	return low + (high-low)*part
}

// nearest is where to look at the indicator for the q-quantile: the sample
// there, or the edge whose share, neither 0 nor 1, is nearest to q.
func (c *cumulative) nearest(q float64) float64 {
	if c.points {
		return c.between(q)
	}
	j := sort.SearchFloat64s(c.shares, q)
	best, distance := 0, math.Inf(1)
	for i := max(0, j-1); i < len(c.edges) && i <= j; i++ {
		s := c.shares[i]
		if d := math.Abs(s - q); s > 0 && s < 1 && d < distance {
			best, distance = i, d
		}
	}
	return c.edges[best]
}

// cumulative sums the samples up.
func (s *Samples) cumulative() *cumulative { return weighted([]*Samples{s}, []float64{1}) }

// weighted is the mixture of samples in the given parts, which sum to 1.
func weighted(samples []*Samples, parts []float64) *cumulative {
	c := &cumulative{points: true}
	type point struct{ x, weight float64 }
	var all []point
	for i, s := range samples {
		before := len(all)
		for b := range s.Ends {
			for _, x := range s.block(b) {
				if x >= 0 && x <= longest {
					all = append(all, point{x: x})
				}
			}
		}
		n := float64(len(all) - before)
		c.requests += n
		for k := before; k < len(all); k++ {
			all[k].weight = parts[i] / n
		}
	}
	if len(all) == 0 {
		return nil
	}
	slices.SortFunc(all, func(a, b point) int {
		if a.x < b.x {
			return -1
		} else if a.x > b.x {
			return 1
		}
		return 0
	})
	c.edges, c.shares = make([]float64, len(all)), make([]float64, len(all))
	sum := 0.0
	for i, p := range all {
		c.edges[i], c.shares[i] = p.x, sum+p.weight/2
		sum += p.weight
	}
	c.indicator = func(x float64) indication {
		return indicate(parts, func(i int) (n, k []float64) { return samples[i].upTo(x) })
	}
	return c
}

// upTo counts the samples of each block, and those up to x.
func (s *Samples) upTo(x float64) (n, k []float64) {
	n, k = make([]float64, len(s.Ends)), make([]float64, len(s.Ends))
	for b := range s.Ends {
		for _, v := range s.block(b) {
			if v >= 0 && v <= longest {
				n[b]++
				if v <= x {
					k[b]++
				}
			}
		}
	}
	return n, k
}

// indicate makes an indication from the counts of each stratum by block: its
// requests, and those with the property, which it may overwrite. parts are the
// strata's, summing to 1.
func indicate(parts []float64, counts func(i int) (n, k []float64)) indication {
	var out indication
	for i, part := range parts {
		n, k := counts(i)
		var all, with float64
		for b := range n {
			all += n[b]
			with += k[b]
		}
		if !counted(all) {
			continue
		}
		p := min(1, with/all)
		// A stratum of few requests hides some of its own spread.
		hidden := 1.0
		if len(parts) > 1 {
			hidden = all / max(1, all-1)
		}
		out.p += part * p
		out.free += part * part * p * (1 - p) / all * hidden
		scale := part / all * math.Sqrt(hidden)
		for b := range n {
			k[b] = scale * (k[b] - p*n[b])
		}
		out.add(k, n)
	}
	out.p = min(1, out.p)
	out.compact()
	return out
}

// add adds a stratum's residuals and requests.
func (i *indication) add(e, weight []float64) {
	if len(i.e) < len(e) {
		i.e, i.weight, e, weight = e, weight, i.e, i.weight
	}
	for b := range e {
		i.e[b] += e[b]
		i.weight[b] += weight[b]
	}
}

// compact leaves out the blocks without requests.
func (i *indication) compact() {
	at := 0
	for b, n := range i.weight {
		if n > 0 {
			i.e[at], i.weight[at] = i.e[b], n
			at++
		}
	}
	i.e, i.weight = i.e[:at], i.weight[:at]
}
