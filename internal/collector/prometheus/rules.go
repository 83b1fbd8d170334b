package prometheus

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/promrule"
	"github.com/envparity/parity/internal/value"
	"github.com/envparity/parity/internal/webapi"
)

const (
	rulesPath = "/api/v1/rules"
	// maxRules bounds the rules that are kept.
	maxRules = 50_000
)

// rule is one rule as the API tells it.
type rule struct {
	Type          string            `json:"type"`
	Name          string            `json:"name"`
	Query         string            `json:"query"`
	Duration      float64           `json:"duration"`
	KeepFiringFor float64           `json:"keepFiringFor"`
	Labels        map[string]string `json:"labels"`
	Annotations   map[string]string `json:"annotations"`
	Health        string            `json:"health"`

	group    string
	interval float64
}

func (r *rule) kind() string {
	if r.Type == "alerting" {
		return parity.AlertKind
	}
	return parity.RecordingKind
}

// rules reads the alerting and recording rules.
func (s *structure) rules(ctx context.Context) {
	var found []*rule
	cut := false
	// Whether an alert fires is no fact of its rule. Servers that do not know
	// exclude_alerts send the alerts, which are not kept.
	partial, err := s.Get(ctx, rulesPath, url.Values{"exclude_alerts": {"true"}}, func(d *json.Decoder) error {
		return webapi.EachField(d, func(key string) error {
			if key != "groups" {
				return webapi.SkipValue(d)
			}
			return webapi.EachItem(d, func() error {
				group, more, err := readGroup(d, maxRules-len(found))
				found, cut = append(found, group...), cut || more
				return err
			})
		})
	})
	if ctx.Err() != nil {
		return
	}
	for _, kind := range []string{parity.AlertKind, parity.RecordingKind} {
		switch {
		case err != nil:
			s.missing(parity.Gap{Kind: kind}, rulesPath, err)
		case partial:
			s.partly(kind, rulesPath)
		case cut:
			s.out.Gap(parity.Gap{Kind: kind, Where: s.Client.Base() + rulesPath, Reason: fmt.Sprintf("the server has more than %d rules; those after them are not read", maxRules)})
		}
	}
	found = slices.DeleteFunc(found, func(r *rule) bool { return !fitting(s.match, r.Labels, true) })
	if err == nil {
		s.ruleKinds, s.recorded = map[string]bool{}, map[string]bool{}
	}
	stated := make([]*promrule.Rule, len(found))
	for i, r := range found {
		stated[i] = r.stated()
	}
	for _, known := range promrule.Names(stated, s.matched) {
		r := found[known.Index]
		s.emitRule(r, stated[known.Index], known.Name)
		if s.ruleKinds != nil {
			s.ruleKinds[r.kind()] = true
			s.recorded[r.Name] = true
		}
	}
}

// readGroup reads one group of rules. Its interval may stand after them.
func readGroup(d *json.Decoder, most int) (found []*rule, cut bool, err error) {
	var name string
	var interval float64
	err = webapi.EachField(d, func(key string) error {
		switch key {
		case "name":
			return d.Decode(&name)
		case "interval":
			return d.Decode(&interval)
		case "rules":
			return webapi.EachItem(d, func() error {
				if len(found) >= most {
					cut = true
					return webapi.SkipValue(d)
				}
				r := &rule{}
				found = append(found, r)
				return d.Decode(r)
			})
		default:
			return webapi.SkipValue(d)
		}
	})
	for _, r := range found {
		r.group, r.interval = name, interval
	}
	if err != nil {
		return nil, cut, err
	}
	return found, cut, nil
}

// stated gives the rule without what its server does with it.
func (r *rule) stated() *promrule.Rule {
	of := func(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }
	return &promrule.Rule{
		Kind: r.kind(), Group: r.group, Name: r.Name, Query: r.Query, Labels: r.Labels, Annotations: r.Annotations,
		Interval: of(r.interval), For: of(r.Duration), KeepFiringFor: of(r.KeepFiringFor),
	}
}

func (s *structure) emitRule(r *rule, stated *promrule.Rule, name string) {
	kind := r.kind()
	o := s.origin(rulesPath + "?" + url.Values{"rule_group[]": {r.group}}.Encode())
	facts := stated.Facts(o, normalExpression(r.Query, s.match), s.matched)
	if r.Health == "ok" || r.Health == "err" {
		facts = append(facts, fact(o, "/health", text(r.Health)))
	} else {
		s.out.Gap(parity.Gap{
			Kind: kind, Scope: parity.LiteralPattern(r.group), Name: parity.LiteralPattern(name), Path: "/health",
			Reason: "the server does not say whether the rule can be evaluated; it may not have been evaluated yet", Where: s.Client.Base() + rulesPath,
		})
	}
	s.out.Subject(parity.Subject{Key: parity.Key{Kind: kind, Scope: r.group, Name: name}, Origin: o}, facts)
}

// guessed makes a fact of a text of people's own.
func guessed(o *parity.Origin, path, v string) parity.Fact {
	val, rules := value.Of(path, v, value.StringScalar)
	return parity.Fact{Path: path, Value: val, Rules: rules, Surface: parity.Telemetry, Origin: o}
}
