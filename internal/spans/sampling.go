package spans

import (
	"math"
	"strconv"
	"strings"
)

// Sampling says how a span came to be kept.
type Sampling struct {
	// Ratio is the share that is kept, above 0 and at most 1; 0 where the span
	// does not tell.
	Ratio float64
	// How names the sampler: "probabilistic", "const", "threshold".
	How string
}

// Weight is the inverse of the ratio, 1 where that is not known.
func (s Sampling) Weight() float64 {
	if s.Ratio > 0 && s.Ratio < 1 {
		return 1 / s.Ratio
	}
	return 1
}

// String is the ratio and the sampler, as "0.1 probabilistic"; empty where
// the span does not tell.
func (s Sampling) String() string {
	ratio := ""
	if s.Ratio > 0 {
		ratio = strconv.FormatFloat(s.Ratio, 'g', 4, 64)
	}
	return strings.TrimSpace(ratio + " " + s.How)
}

// SamplingOf reads what the tags of Jaeger's samplers and the W3C trace state
// tell; each may be empty. The trace state is of OpenTelemetry's vendor entry,
// as "ot=th:c" or the older "ot=p:2".
func SamplingOf(samplerType, samplerParam, traceState string) Sampling {
	if s, ok := stateOf(traceState); ok {
		return s
	}
	param, err := strconv.ParseFloat(samplerParam, 64)
	switch {
	case samplerParam == "true":
		param, err = 1, nil
	case math.IsNaN(param):
		param = 0
	}
	switch samplerType {
	case "probabilistic", "traceidratio", "parentbased_traceidratio":
		if err == nil && param > 0 && param <= 1 {
			return Sampling{Ratio: param, How: "probabilistic"}
		}
	case "const":
		if err == nil && param > 0 {
			return Sampling{Ratio: 1, How: "const"}
		}
	case "ratelimiting", "lowerbound", "adaptive", "remote":
		return Sampling{How: samplerType}
	}
	return Sampling{}
}

// stateOf reads the entry of OpenTelemetry in a trace state.
func stateOf(state string) (Sampling, bool) {
	for entry := range strings.SplitSeq(state, ",") {
		list, ok := strings.CutPrefix(strings.TrimSpace(entry), "ot=")
		if !ok {
			continue
		}
		for field := range strings.SplitSeq(list, ";") {
			switch name, value, _ := strings.Cut(field, ":"); name {
			case "th":
				if ratio, ok := thresholdRatio(value); ok {
					return Sampling{Ratio: ratio, How: "threshold"}, true
				}
			case "p":
				if p, err := strconv.Atoi(value); err == nil && p >= 0 && p < 63 {
					return Sampling{Ratio: math.Ldexp(1, -p), How: "threshold"}, true
				}
			}
		}
	}
	return Sampling{}, false
}

// thresholdRatio gives the share that a rejection threshold leaves: up to 14
// hexadecimal digits of 56 bits, trailing zeros left out.
func thresholdRatio(text string) (float64, bool) {
	if text == "" || len(text) > 14 {
		return 0, false
	}
	t, err := strconv.ParseUint(text+strings.Repeat("0", 14-len(text)), 16, 64)
	if err != nil {
		return 0, false
	}
	return 1 - float64(t)/math.Ldexp(1, 56), true
}
