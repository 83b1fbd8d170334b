package app

import (
	"cmp"
	"slices"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/behaviour"
	"github.com/envparity/parity/internal/config"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/policy"
	"github.com/envparity/parity/internal/suspect"
)

// behaviourOptions turns what parity.yaml says of M6 to M8 into margins.
func behaviourOptions(cfg *config.Config) behaviour.Options {
	const percent = 100
	return behaviour.Options{
		Quantile: cfg.Indicators["M7"].Quantile, Latency: cfg.Indicators["M7"].Margin / percent,
		Errors: cfg.Indicators["M8"].Margin / percent, Floor: cfg.Indicators["M8"].Floor / percent,
		Integrations: cfg.Indicators["M6"].Margin / percent, LoadTolerance: cfg.Telemetry.LoadTolerance,
	}
}

// behaviours puts the judgements in the order of reports, names the differences
// that they became, and ranks what may be their cause.
func behaviours(judged []parity.Judged, snapshots []*parity.Snapshot, j *policy.Judgement, declared *kinds.Set) []parity.Judged {
	if len(judged) == 0 {
		return nil
	}
	out := slices.Clone(judged)
	identify(out, j.Differences)
	order := map[parity.Answer]int{parity.AnswerDifferent: 0, parity.AnswerInconclusive: 1, parity.AnswerEquivalent: 2}
	slices.SortStableFunc(out, func(a, b parity.Judged) int {
		return cmp.Or(cmp.Compare(order[a.Answer], order[b.Answer]), strings.Compare(a.Column, b.Column), a.Subject.Compare(b.Subject), strings.Compare(a.Path, b.Path))
	})
	if out[0].Answer == parity.AnswerDifferent {
		suspect.Rank(suspect.Input{Kinds: declared, Behaviours: out, Candidates: candidates(snapshots, j.Differences, declared), Calls: calls(snapshots)})
	}
	return out
}

// identify gives the judgements the fingerprints of the differences that they are.
func identify(judged []parity.Judged, differences []parity.Difference) {
	type place struct {
		subject parity.Key
		path    string
	}
	found := map[place]*parity.Difference{}
	for i := range differences {
		if d := &differences[i]; d.Surface == parity.Behaviour {
			found[place{d.Subject.Key(), d.Path}] = d
		}
	}
	for i := range judged {
		b := &judged[i]
		if d := found[place{b.Subject, b.Path}]; d != nil && b.Answer == parity.AnswerDifferent && slices.Contains(d.Columns, b.Column) {
			b.Fingerprint = d.Fingerprint
		}
	}
}

// candidates are the differences that may be the cause of another behaviour,
// accepted ones too: that a difference is meant does not make it harmless.
func candidates(snapshots []*parity.Snapshot, differences []parity.Difference, declared *kinds.Set) []suspect.Candidate {
	refer := referrers(snapshots)
	var out []suspect.Candidate
	for i := range differences {
		d := &differences[i]
		if declared.OfDifference(d).Telemetry || !d.Class.Counts() && d.Decision == nil {
			continue
		}
		owners := []string{d.Subject.Service, d.Subject.Name}
		if d.Aligned != nil {
			for _, side := range d.Aligned.Sides {
				if side != nil {
					owners = append(owners, owner(&side.Subject))
					owners = append(owners, refer[side.Subject.Key]...)
				}
			}
		}
		for _, e := range d.Explains {
			owners = append(owners, e.Subject.Name)
		}
		slices.Sort(owners)
		owners = slices.DeleteFunc(slices.Compact(owners), func(s string) bool { return s == "" })
		out = append(out, suspect.Candidate{Difference: d, Owners: owners})
	}
	return out
}

// owner is the service that a subject says it is of, or its own name.
func owner(s *parity.Subject) string {
	for _, label := range []string{"app.kubernetes.io/name", "app", "k8s-app", "app.kubernetes.io/instance"} {
		if v, ok := s.Label(label); ok && v != "" {
			return v
		}
	}
	return s.Name
}

// referrers are the services whose workloads refer to a subject: a ConfigMap is
// of those that read it.
func referrers(snapshots []*parity.Snapshot) map[parity.Key][]string {
	out := map[parity.Key][]string{}
	for _, s := range snapshots {
		for i := range s.Subjects {
			from := &s.Subjects[i]
			for k := range from.Facts {
				v := &from.Facts[k].Value
				if v.Kind != parity.Reference {
					continue
				}
				kind, scope, name, ok := parity.ParseRefTarget(v.Canon)
				if !ok {
					continue
				}
				to := parity.Key{Kind: kind, Scope: cmp.Or(scope, from.Subject.Scope), Name: name}
				if by := owner(&from.Subject); !slices.Contains(out[to], by) {
					out[to] = append(out[to], by)
				}
			}
		}
	}
	return out
}

// calls are what services call, by what telemetry saw in any environment.
func calls(snapshots []*parity.Snapshot) map[string][]string {
	out := map[string][]string{}
	add := func(from, to string) {
		if from != "" && to != "" && from != to && !slices.Contains(out[from], to) {
			out[from] = append(out[from], to)
		}
	}
	for _, s := range snapshots {
		for i := range s.Subjects {
			switch x := &s.Subjects[i]; x.Subject.Kind {
			case parity.IntegrationKind:
				add(x.Subject.Scope, x.Subject.Name)
			case parity.OperationKind:
				for k := range x.Facts {
					if service, _, ok := parity.ParseCall(x.Facts[k].Path); ok {
						add(x.Subject.Scope, service)
					}
				}
			}
		}
	}
	return out
}
