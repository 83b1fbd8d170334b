package reporttest

import "github.com/envparity/parity"

// proposals are families of differences that look meant; one names a hostile path.
func proposals() []parity.Proposal {
	return []parity.Proposal{
		{
			ID: "sizes", What: "sizes of resources", Differences: 12, Groups: []string{"1a2b3c4d"}, Fingerprints: []string{fingerprint("size")},
			Expectation: parity.ProposedExpectation{Name: "sizes", Matches: []parity.ProposedMatch{{Kind: "Deployment", Path: "limits/memory"}}, Expect: "compared <= reference", Reason: "each environment is sized for its load"},
			Lines:       "  - name: sizes\n    match:\n      - {kind: Deployment, path: limits/memory}\n    expect: compared <= reference\n    reason: each environment is sized for its load\n",
		},
		{
			ID: "addresses", What: "addresses", Differences: 1, Groups: []string{"1a2b3c4d", "5e6f7a8b"}, Fingerprints: []string{fingerprint("host")},
			Expectation: parity.ProposedExpectation{Name: "addresses", Matches: []parity.ProposedMatch{{Kind: "ConfigMap", Path: Hostile}}, Reason: "each environment has its own hosts"},
			Lines:       "  - name: addresses\n    match:\n      - {kind: ConfigMap, path: \"" + Hostile + "\"}\n    reason: each environment has its own hosts\n",
		},
	}
}
