package policy

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

// The modes of a gate, as parity.yaml spells them.
const (
	modeBlock  = "block"
	modeReport = "report-only"
	modeIgnore = "ignore"
)

// defaultMinConfidence applies where no parity.yaml was loaded.
const defaultMinConfidence = 0.5

// Gate says what decides a verdict: the gate of parity.yaml with its defaults
// and with what the command line adds. It is resolved once and never changes.
type Gate struct {
	mode          string
	surfaces      [surfaces]string
	failOn        parity.Severity
	minConfidence float64
	require       []parity.Surface
	indicators    bool
}

// ResolveGate returns the gate of a project. failOn is the severity that the
// command line gives; it makes the mode block. Nil leaves both to parity.yaml,
// and a nil cfg is an empty one.
//
// Where the gate blocks on some surface, the verdict is over the surfaces that
// block: those that only report decide nothing. Where it blocks on none, the
// verdict says what a gate would say.
func ResolveGate(cfg *config.Config, failOn *parity.Severity) Gate {
	if cfg == nil {
		cfg = &config.Config{}
	}
	c := cfg.Gate
	x := Gate{mode: c.Mode, failOn: parity.Medium, minConfidence: c.MinConfidence, require: c.Require, indicators: c.Indicators}
	if x.mode == "" {
		x.mode = modeReport
	}
	if cfg.Version == 0 { // no parity.yaml was loaded
		x.minConfidence = max(x.minConfidence, defaultMinConfidence)
	}
	if c.FailOn != nil {
		x.failOn = *c.FailOn
	}
	if failOn != nil {
		x.mode, x.failOn = modeBlock, *failOn
	}
	overall := x.mode
	for s := range x.surfaces {
		x.surfaces[s] = overall
		if m, ok := c.Surfaces[parity.Surface(s)]; ok {
			x.surfaces[s] = m
			if m == modeBlock {
				x.mode = modeBlock
			}
		}
	}
	return x
}

// Blocks reports whether a verdict that is not "pass" fails the command, for
// whatever reason: the mode, the command line, or a surface.
func (x *Gate) Blocks() bool { return x.mode == modeBlock }

// decides reports whether differences on a surface decide the verdict.
func (x *Gate) decides(s parity.Surface) bool {
	return x.surfaces[min(int(s), surfaces-1)] == x.mode
}
