package view

import "github.com/envparity/parity"

// Proposal says what a proposal would explain.
func Proposal(p parity.Proposal) string {
	return Line(p.What) + ": " + Count(p.Differences, "difference", "differences") + " in " + Count(len(p.Groups), "group", "groups")
}

// AcceptCommand is the command that accepts a proposal.
func AcceptCommand(p parity.Proposal) string { return "parity accept " + Line(p.ID) + " --reason TEXT" }

// Proposals returns the proposals to show: none where paths were compared without a
// parity.yaml, which they could be written to.
func Proposals(r *parity.Result) []parity.Proposal {
	if r.Project == "" {
		return nil
	}
	return r.Proposals
}
