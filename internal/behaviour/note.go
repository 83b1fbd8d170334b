package behaviour

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/stats"
)

// fill puts a result into a judgement.
func (c *columnJudge) fill(b *parity.Judged, r *stats.Result, latency bool) {
	switch r.Verdict {
	case stats.Equivalent:
		b.Answer = parity.AnswerEquivalent
	case stats.Different:
		b.Answer = parity.AnswerDifferent
	default:
		b.Answer, b.Reason = parity.AnswerInconclusive, string(r.Reason)
	}
	b.Effect, b.Margin = "difference", [2]float64{r.Margin.Low, r.Margin.High}
	if latency {
		b.Effect, b.Unit = "ratio", "s"
	}
	if r.Ref.Requests > 0 && r.Other.Requests > 0 && r.Reason != stats.Load && r.Reason != stats.NoBound && r.Reason != stats.Support {
		b.Reference, b.Value = number(r.Ref.Estimate), number(r.Other.Estimate)
		if r.Reason != stats.FewBlocks { // of which nothing but the two is worked out
			p := r.P
			b.Estimate, b.PValue = number(r.Estimate), &p
			if !r.Interval.Unbounded {
				b.Interval = &[2]float64{r.Interval.Low, r.Interval.High}
			}
		}
		b.Effective = parity.Requests{Reference: r.Ref.Effective, Column: r.Other.Effective}
	}
	if r.Verdict == stats.Inconclusive && r.Reason == stats.FewRequests {
		b.Needed = &parity.Requests{Reference: math.Ceil(r.Needed.Ref), Column: math.Ceil(r.Needed.Other)}
	}
	b.Boundaries = r.Boundaries
}

func number(x float64) *float64 { return &x }

// note says in one sentence what was seen.
func (c *columnJudge) note(b *parity.Judged, r *stats.Result, ref, own *sample) string {
	latency := b.Path == parity.LatencyPath
	switch {
	case r.Verdict != stats.Inconclusive, r.Reason == stats.FewRequests:
		if latency {
			return c.durationNote(r)
		}
		return c.shareNote(r)
	case r.Reason == stats.FewBlocks && b.Value != nil:
		s := fmt.Sprintf("%s fail, %s in the reference", percent(r.Other.Estimate), percent(r.Ref.Estimate))
		if latency {
			s = fmt.Sprintf("%s is %s, %s in the reference", c.quantileName(), seconds(r.Other.Estimate), seconds(r.Ref.Estimate))
		}
		return s + "; too few parts of the window had requests to tell how sure that is: a longer window may"
	case r.Reason == stats.FewBlocks:
		return "too few parts of the window had requests to tell anything: a longer window may"
	case r.Reason == stats.Instrument:
		return c.instrumentNote(r)
	case r.Reason == stats.Load:
		return loadNote(ref, own)
	case r.Reason == stats.NoBound:
		why := "the source tells no distribution whose error is bounded"
		for _, s := range []*sample{own, ref} {
			if s.unbounded != "" {
				why = s.unbounded
			}
		}
		return why + shownNote(ref, own)
	default:
		return "there were no requests on one of the sides"
	}
}

// durationNote: "p95 is 0.151 s, 26 % above the reference's 0.12 s (19 to 33 %
// above by the 90 % interval; 15 % is alike)".
func (c *columnJudge) durationNote(r *stats.Result) string {
	s := fmt.Sprintf("%s is %s, %s the reference's %s", c.quantileName(), seconds(r.Other.Estimate), beside(r.Estimate), seconds(r.Ref.Estimate))
	if r.Interval.Unbounded {
		return s + fmt.Sprintf(" (no upper limit can be told; %s is alike)", percent(c.o.Latency))
	}
	return s + fmt.Sprintf(" (90 %% interval %s to %s; %s is alike)", signed(r.Interval.Low-1), signed(r.Interval.High-1), percent(c.o.Latency))
}

// shareNote: "1.2 % fail, 1 % in the reference (90 % interval of the difference
// -0.4 to +0.9 points; 0.5 are alike)".
func (c *columnJudge) shareNote(r *stats.Result) string {
	return fmt.Sprintf("%s fail, %s in the reference (90 %% interval of the difference %s to %s points; %s are alike)",
		percent(r.Other.Estimate), percent(r.Ref.Estimate), points(r.Interval.Low), points(r.Interval.High), strings.TrimPrefix(points(r.Margin.High), "+"))
}

// instrumentNote says what the histogram lacks, and what can be said in its
// stead.
func (c *columnJudge) instrumentNote(r *stats.Result) string {
	s := fmt.Sprintf("the instrument cannot resolve %s at %s", percent(c.o.Latency), c.quantileName())
	switch len(r.Boundaries) {
	case 0:
		s += ": a finer histogram is needed"
	case 1:
		s += ": add a boundary at " + seconds(r.Boundaries[0])
	default:
		var list []string
		for _, x := range r.Boundaries {
			list = append(list, seconds(x))
		}
		s += ": add boundaries at " + strings.Join(list, ", ")
	}
	if r.Shared == nil {
		return s
	}
	x := r.Shared.Result
	return s + fmt.Sprintf("; meanwhile %s take longer than %s, %s in the reference: %s",
		percent(x.Other.Estimate), seconds(r.Shared.Bound), percent(x.Ref.Estimate), x.Verdict)
}

func loadNote(ref, own *sample) string {
	return fmt.Sprintf("the load per instance does not overlap: %s requests per second here, %s in the reference", spread(own.load), spread(ref.load))
}

// spread is the range of the known loads.
func spread(load []float64) string {
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range load {
		if x >= 0 {
			low, high = min(low, x), max(high, x)
		}
	}
	if high < low {
		return "an unknown number of"
	}
	return short(low) + " to " + short(high)
}

func shownNote(ref, own *sample) string {
	if !(own.shown > 0) || !(ref.shown > 0) || math.IsInf(own.shown, 0) || math.IsInf(ref.shown, 0) {
		return ""
	}
	return fmt.Sprintf("; it tells %s here and %s in the reference", seconds(own.shown), seconds(ref.shown))
}

func (c *columnJudge) quantileName() string {
	return "p" + strconv.FormatFloat(math.Round(c.o.Quantile*1e5)/1e3, 'f', -1, 64)
}

// beside says how a ratio stands to one: "26 % above".
func beside(ratio float64) string {
	switch d := ratio - 1; {
	case math.Abs(d) < 0.0005:
		return "the same as"
	case d > 0:
		return percent(d) + " above"
	default:
		return percent(-d) + " below"
	}
}

func short(x float64) string { return strconv.FormatFloat(x, 'g', 3, 64) }

// seconds gives a duration with three digits: "12 ms", "1.5 s".
func seconds(x float64) string {
	switch {
	case x >= 1:
		return short(x) + " s"
	case x >= 1e-3:
		return short(x*1e3) + " ms"
	case x > 0:
		return short(x*1e6) + " µs"
	}
	return "0 s"
}

func percent(share float64) string {
	return strconv.FormatFloat(math.Round(share*1e4)/1e2, 'f', -1, 64) + " %"
}

func signed(x float64) string {
	s := percent(x)
	if x >= 0 && s != "0 %" {
		return "+" + s
	}
	return s
}

func points(share float64) string {
	s := strconv.FormatFloat(math.Round(share*1e4)/1e2, 'f', -1, 64)
	if share >= 0 && s != "0" {
		return "+" + s
	}
	return s
}
