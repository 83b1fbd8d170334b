package stats

// ShareStratum is one endpoint of a service on both sides, by the same blocks as
// its other endpoints. A side without requests does not have the endpoint.
type ShareStratum struct{ Ref, Other Share }

// Table is k of n of both sides in one stratum.
type Table struct{ Ref, RefTotal, Other, OtherTotal float64 }

// MHDifference is Mantel and Haenszel's difference of two shares, other -
// reference, over strata of independent requests, with Sato's variance (1989),
// which holds for few large strata and for many small ones.
func MHDifference(strata []Table) (difference, variance float64) {
	var sum, weights, p, q float64
	for _, t := range strata {
		n := t.RefTotal + t.OtherTotal
		if !(t.RefTotal > 0 && t.OtherTotal > 0) {
			continue
		}
		sum += (t.Other*t.RefTotal - t.Ref*t.OtherTotal) / n
		weights += t.OtherTotal * t.RefTotal / n
		p += (t.OtherTotal*t.OtherTotal*t.Ref - t.RefTotal*t.RefTotal*t.Other +
			t.OtherTotal*t.RefTotal*(t.RefTotal-t.OtherTotal)/2) / (n * n)
		q += (t.Other*(t.RefTotal-t.Ref) + t.Ref*(t.OtherTotal-t.Other)) / (2 * n)
	}
	if !(weights > 0) {
		return 0, 0
	}
	difference = sum / weights
	return difference, max(0, finite((difference*p+q)/(weights*weights)))
}

// MHRatio is Mantel and Haenszel's ratio of two shares, other / reference, with
// Greenland and Robins's variance (1985) of its logarithm. It is 0, without a
// variance, where a side has no event.
func MHRatio(strata []Table) (ratio, logVariance float64) {
	var above, below, spread float64
	for _, t := range strata {
		n := t.RefTotal + t.OtherTotal
		if !(t.RefTotal > 0 && t.OtherTotal > 0) {
			continue
		}
		above += t.Other * t.RefTotal / n
		below += t.Ref * t.OtherTotal / n
		spread += (t.OtherTotal*t.RefTotal*(t.Other+t.Ref) - t.Other*t.Ref*n) / (n * n)
	}
	if !(above > 0 && below > 0) {
		return 0, 0
	}
	return finite(above / below), max(0, finite(spread/(above*below)))
}

// CompareStandardShares compares the shares of a whole service, endpoint by
// endpoint: the weights of the endpoints are Mantel and Haenszel's on both sides,
// so that another mix makes no difference. Each side's variance is that of its
// blocks, all endpoints of a block together, and not below Sato's. Endpoints with
// fewer than two requests on a side are left out; Covered tells how much of the
// reference is compared.
func CompareStandardShares(strata []ShareStratum, m Margin) Result {
	var tables []Table
	var refs, others []Share
	all, covered := 0.0, 0.0
	for _, s := range strata {
		var t Table
		t.Ref, t.RefTotal = s.Ref.sum()
		t.Other, t.OtherTotal = s.Other.sum()
		all += t.RefTotal
		if t.RefTotal >= 2 && t.OtherTotal >= 2 {
			covered += t.RefTotal
			tables, refs, others = append(tables, t), append(refs, s.Ref), append(others, s.Other)
		}
	}
	weights, total := make([]float64, len(tables)), 0.0
	for i, t := range tables {
		weights[i] = t.OtherTotal / (t.RefTotal + t.OtherTotal) * t.RefTotal
		total += weights[i]
	}
	for i := range weights {
		weights[i] /= total
	}
	ref, other := standard(refs, weights), standard(others, weights)
	floor(&ref, &other, tables)
	r := compareShares(ref, other, m)
	r.Covered = share(covered, all)
	return r
}

// standard is the share of one side under the weights of its strata.
func standard(shares []Share, weights []float64) estimate {
	i := indicate(weights, func(i int) (n, k []float64) { return shares[i].clean() })
	var k, n, lone float64
	for j, s := range shares {
		sk, sn := s.sum()
		k, n = k+sk, n+sn
		lone += weights[j] * weights[j] / sn
	}
	if !(n > 0) {
		return estimate{}
	}
	// Without events the weights alone tell how many requests count.
	d := depend(i.p, finite(1/lone), i.free, i.e, i.weight)
	return newEstimate(i.p, k, n, d)
}

// floor widens both sides to Sato's variance where theirs is below it, as it is
// of many strata with few requests each.
func floor(ref, other *estimate, tables []Table) {
	_, sato := MHDifference(tables)
	have := 0.0
	for _, e := range []*estimate{ref, other} {
		if e.Effective > 0 {
			have += e.p * (1 - e.p) / e.Effective
		}
	}
	if !(have > 0) || sato <= have {
		return
	}
	for _, e := range []*estimate{ref, other} {
		d := e.Dependence
		d.Effective *= have / sato
		*e = newEstimate(e.p, e.Events, e.Requests, d)
	}
}

// QuantileStratum is one endpoint of a service on both sides, by the same blocks
// as its other endpoints. A nil side does not have the endpoint.
type QuantileStratum struct{ Ref, Other Distribution }

// CompareStandardQuantile compares the quantile of a whole service at the
// reference's mix of endpoints: on both sides each endpoint's distribution has
// the weight that its requests have among the reference's. Histograms of
// different layouts are taken at the bounds that they share. Endpoints with fewer
// than two requests on a side are left out; Covered tells how much of the
// reference is compared.
func CompareStandardQuantile(strata []QuantileStratum, o QuantileOptions) Result {
	var refs, others []Distribution
	var parts []float64
	all, covered := 0.0, 0.0
	for _, s := range strata {
		ref, other := sum(s.Ref), sum(s.Other)
		if ref == nil {
			continue
		}
		all += ref.requests
		if other != nil && ref.requests >= 2 && other.requests >= 2 {
			covered += ref.requests
			refs, others, parts = append(refs, s.Ref), append(others, s.Other), append(parts, ref.requests)
		}
	}
	for i := range parts {
		parts[i] /= covered
	}
	r := compareQuantile(mixture(refs, parts), mixture(others, parts), o)
	r.Covered = share(covered, all)
	return r
}

// mixture is the distribution of one side with each stratum at its part; nil
// where the strata have no bound in common.
func mixture(side []Distribution, parts []float64) *cumulative {
	var samples []*Samples
	var histograms []*Histogram
	for _, d := range side {
		switch d := d.(type) {
		case *Samples:
			samples = append(samples, d)
		case *Histogram:
			histograms = append(histograms, d)
		}
	}
	switch {
	case len(side) == 0:
		return nil
	case len(histograms) == 0:
		return weighted(samples, parts)
	case len(samples) > 0:
		return nil // a service whose endpoints are measured in two ways
	}
	histograms, err := intersect(histograms)
	if err != nil {
		return nil
	}
	return mixed(histograms, parts)
}
