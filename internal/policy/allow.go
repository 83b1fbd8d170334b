package policy

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/config"
)

// allowance is an entry of gate.allow made ready.
type allowance struct {
	index    int
	match    config.GapMatcher
	inForce  bool
	decision *parity.Decision
	// covers counts the gaps that it accepts, or would if it were in force.
	covers int
}

func newAllowances(cfg *config.Config, now time.Time) ([]*allowance, error) {
	var out []*allowance
	for i, c := range cfg.Gate.Allow {
		match, err := c.Gap.Compile()
		if err != nil {
			where := position(cfg.Pos, "gate", "allow", strconv.Itoa(i), "gap")
			return nil, &parity.Error{Code: parity.CodeConfig, Where: where, What: "invalid gap", Err: err}
		}
		a := &allowance{index: i, match: match}
		a.decision, a.inForce = acceptedUntil("allow", asException(c), now)
		out = append(out, a)
	}
	return out, nil
}

// allowName names an entry by what it selects, since it has no name of its own.
func allowName(m config.GapMatch) string {
	var parts []string
	for _, x := range [...]struct{ key, text string }{
		{"source", m.Source}, {"kind", m.Kind}, {"scope", m.Scope}, {"path", m.Path},
	} {
		if x.text != "" {
			parts = append(parts, x.key+" "+x.text)
		}
	}
	return strings.Join(parts, ", ")
}

// allow returns the decision of the first entry in force that accepts a gap,
// and nil where none does.
func allow(all []*allowance, g *parity.Gap) *parity.Decision {
	var decision *parity.Decision
	for _, a := range all {
		if !a.match.Gap(g) {
			continue
		}
		a.covers++
		if a.inForce && decision == nil {
			decision = a.decision
		}
	}
	return decision
}

// allowFindings reports entries that ended and those that accept nothing.
func allowFindings(all []*allowance, pos config.Positions) []parity.PolicyFinding {
	var out []parity.PolicyFinding
	for _, a := range all {
		f := parity.PolicyFinding{
			Name: a.decision.Name, Where: position(pos, "gate", "allow", strconv.Itoa(a.index)),
		}
		switch {
		case !a.inForce:
			f.Kind, f.Severity = "allow-expired", parity.High
			f.Message = fmt.Sprintf("this entry of gate.allow ended on %s", a.decision.Until)
			if a.covers > 0 {
				f.Message += fmt.Sprintf("; %s that it accepted %s not accepted any more", counted(a.covers, "gap"), verb(a.covers, "is", "are"))
			} else {
				f.Message += " and names no gap any more; remove it"
			}
		case a.covers == 0:
			f.Kind, f.Severity = "allow-unused", parity.Low
			f.Message = "this entry of gate.allow names no gap any more; remove it"
		default:
			continue
		}
		out = append(out, f)
	}
	return out
}
