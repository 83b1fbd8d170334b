package discover

import (
	"slices"
	"strconv"
)

// leftOut is something that is in no environment, with the reason.
type leftOut struct{ path, reason string }

// leave records what is left out.
func (a *assignment) leave(at, reason string) {
	if n := (leftOut{at, reason}); !slices.Contains(a.left, n) {
		a.left = append(a.left, n)
	}
}

// remarks gives the notes as sentences: one for each reason, with the first of
// what it holds for.
func (a *assignment) remarks() []string {
	var reasons []string
	paths := map[string][]string{}
	for _, n := range a.left {
		if paths[n.reason] == nil {
			reasons = append(reasons, n.reason)
		}
		paths[n.reason] = append(paths[n.reason], n.path)
	}
	const shown = 2
	out := slices.Clone(a.notes)
	for _, r := range reasons {
		all := paths[r]
		text, verb := all[0], " was left out: "
		if len(all) > 1 {
			text, verb = all[0]+" and "+all[1], " were left out: "
		}
		if n := len(all) - shown; n > 0 {
			text = all[0] + ", " + all[1] + " and " + strconv.Itoa(n) + " more"
		}
		out = append(out, text+verb+r)
	}
	return out
}
