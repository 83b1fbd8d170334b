package stats

// Share is k of n requests by block: Events among Total. Blocks are in time
// order; one without requests has Total 0.
type Share struct{ Events, Total []float64 }

// Keep gives the blocks that keep names, as Overlap chose them.
func (s Share) Keep(keep []bool) Share {
	return Share{Events: kept(s.Events, 1, keep), Total: kept(s.Total, 1, keep)}
}

// sum gives events and requests of all blocks.
func (s Share) sum() (k, n float64) {
	for b := range min(len(s.Events), len(s.Total)) {
		if counted(s.Total[b]) {
			n += s.Total[b]
			k += among(s.Events[b], s.Total[b])
		}
	}
	return finite(k), finite(n)
}

// clean gives requests and events by block, with what is no count left out.
func (s Share) clean() (n, k []float64) {
	blocks := min(len(s.Events), len(s.Total))
	both := make([]float64, 2*blocks)
	n, k = both[:blocks], both[blocks:]
	for b := range blocks {
		if counted(s.Total[b]) {
			n[b] = s.Total[b]
			k[b] = among(s.Events[b], s.Total[b])
		}
	}
	return n, k
}

// Distribution is what a quantile is read from: a *Histogram or *Samples. The
// two sides of a comparison need not be of one kind or layout.
type Distribution interface {
	// cumulative sums the blocks up; nil where there is no measurement.
	cumulative() *cumulative
}

// Histogram holds counts of requests in buckets by block.
type Histogram struct {
	// Bounds are the inclusive upper bounds of the buckets, ascending and
	// finite. What is below the first is taken to be at least 0.
	Bounds []float64
	// Counts hold Width numbers for each block: one for each bound and, of a
	// classic histogram, one for what is above the last.
	Counts []float64
	// Exponential tells that Bounds are those of a native histogram of Schema
	// (see NativeBounds), which has no bucket above the last bound.
	Exponential bool
	Schema      int
	// RelativeError bounds how far off each bound may be, as a share of it
	// (DDSketch, HDR).
	RelativeError float64
	// NoBound tells that nothing bounds the error (t-digest), so that the
	// histogram decides nothing.
	NoBound bool
}

// Width is how many numbers of Counts a block has.
func (h *Histogram) Width() int {
	if h.Exponential {
		return len(h.Bounds)
	}
	return len(h.Bounds) + 1
}

// Blocks is how many blocks there are, those without requests included.
func (h *Histogram) Blocks() int { return len(h.Counts) / max(1, h.Width()) }

// Keep gives the blocks that keep names, as Overlap chose them.
func (h *Histogram) Keep(keep []bool) *Histogram {
	out := *h
	out.Counts = kept(h.Counts, h.Width(), keep)
	return &out
}

// Samples are single durations by block: Values[Ends[b-1]:Ends[b]] are those of
// block b, in any order. Those below 0 and those that are no numbers are left
// out.
type Samples struct {
	Values []float64
	Ends   []int
}

// block gives the values of block b.
func (s *Samples) block(b int) []float64 {
	start, end := 0, min(max(0, s.Ends[b]), len(s.Values))
	if b > 0 {
		start = min(max(0, s.Ends[b-1]), len(s.Values))
	}
	return s.Values[start:max(start, end)]
}

// Keep gives the blocks that keep names, as Overlap chose them.
func (s *Samples) Keep(keep []bool) *Samples {
	out := &Samples{}
	for b := range min(len(s.Ends), len(keep)) {
		if keep[b] {
			out.Values = append(out.Values, s.block(b)...)
			out.Ends = append(out.Ends, len(out.Values))
		}
	}
	return out
}

// kept gives the blocks, of width numbers each, that keep names.
func kept(cells []float64, width int, keep []bool) []float64 {
	out := make([]float64, 0, len(cells))
	for b := range min(len(cells)/max(1, width), len(keep)) {
		if keep[b] {
			out = append(out, cells[b*width:(b+1)*width]...)
		}
	}
	return out
}

// PoolInstances adds up the instances of each step: cell s*instances+i, of width
// numbers, is that of instance i in step s. What it gives are blocks.
func PoolInstances(cells []float64, instances, width int) []float64 {
	if instances < 1 || width < 1 {
		return nil
	}
	steps := len(cells) / (instances * width)
	out := make([]float64, steps*width)
	for cell := range steps * instances {
		into := out[cell/instances*width:][:width]
		for i, n := range cells[cell*width:][:width] {
			into[i] += n
		}
	}
	return out
}

// among is the part of n that k may be.
func among(k, n float64) float64 {
	if !(k > 0) {
		return 0
	}
	return min(k, n)
}
