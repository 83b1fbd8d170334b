package app

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/policy"
)

// Settings are what a run goes by: parity.yaml with the command line's flags
// applied. They are resolved once, before anything is read, and never change,
// so that comparing and judging, a check, an explanation and a cached result
// cannot go by different ones.
type Settings struct {
	gate   policy.Gate
	frozen bool
	off    parity.RuleSet
	// secretContents compares secrets by their digests.
	secretContents bool
}

// resolve applies the flags to parity.yaml. failOn is the severity of
// --fail-on, nil where it is not given; learn asks for bindings beside those
// that are frozen.
//
// A gate that blocks, for whatever reason, learns nothing beside frozen
// bindings, so that what passes cannot change by statistics.
func resolve(cfg *config.Config, failOn *parity.Severity, learn bool) Settings {
	s := Settings{
		gate: policy.ResolveGate(cfg, failOn),
		off:  parity.SetOf(cfg.Rules.Off...), secretContents: cfg.Rules.SecretContents,
	}
	s.frozen = !learn && s.gate.Blocks() && len(cfg.Bindings) > 0
	return s
}
