package prometheus

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

const (
	rulesPath = "/api/v1/rules"
	// mostRules bounds the rules that are kept.
	mostRules = 50_000
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
	partial, err := s.ask(ctx, false, rulesPath, url.Values{"exclude_alerts": {"true"}}, func(d *json.Decoder) error {
		return eachField(d, func(key string) error {
			if key != "groups" {
				return skipValue(d)
			}
			return eachItem(d, func() error {
				group, more, err := readGroup(d, mostRules-len(found))
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
			s.out.Gap(parity.Gap{Kind: kind, Where: s.client.Base() + rulesPath, Reason: fmt.Sprintf("the server has more than %d rules; those after them are not read", mostRules)})
		}
	}
	found = slices.DeleteFunc(found, func(r *rule) bool { return !fitting(s.match, r.Labels, true) })
	if err == nil {
		s.ruleKinds, s.recorded = map[string]bool{}, map[string]bool{}
	}
	for _, key := range ruleKeys(found, s.matched) {
		s.emitRule(key.rule, key.name)
		if s.ruleKinds != nil {
			s.ruleKinds[key.rule.kind()] = true
			s.recorded[key.rule.Name] = true
		}
	}
}

// readGroup reads one group of rules. Its interval may stand after them.
func readGroup(d *json.Decoder, most int) (found []*rule, cut bool, err error) {
	var name string
	var interval float64
	err = eachField(d, func(key string) error {
		switch key {
		case "name":
			return d.Decode(&name)
		case "interval":
			return d.Decode(&interval)
		case "rules":
			return eachItem(d, func() error {
				if len(found) >= most {
					cut = true
					return skipValue(d)
				}
				r := &rule{}
				found = append(found, r)
				return d.Decode(r)
			})
		default:
			return skipValue(d)
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

// namedRule is a rule with the name by which it is known in its group.
type namedRule struct {
	rule *rule
	name string
}

// ruleKeys gives rules the names of their subjects. Where a group has a name
// twice, the labels in which those rules differ belong to the name, but for
// labels that hidden takes out; and where those do not differ, the order.
func ruleKeys(rules []*rule, hidden func(label string) bool) []namedRule {
	type place struct{ kind, group, name string }
	alike := map[place][]*rule{}
	for _, r := range rules {
		p := place{r.kind(), r.group, r.Name}
		alike[p] = append(alike[p], r)
	}
	order := slices.SortedFunc(maps.Keys(alike), func(a, b place) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.group, b.group), cmp.Compare(a.name, b.name))
	})
	var named []namedRule
	for _, p := range order {
		labels := telling(alike[p], hidden)
		taken := map[string]int{}
		for _, r := range alike[p] {
			name := ruleName(r, labels)
			if taken[name]++; taken[name] > 1 {
				name += " #" + strconv.Itoa(taken[name])
			}
			named = append(named, namedRule{r, name})
		}
	}
	return named
}

// telling gives the labels in which rules differ.
func telling(rules []*rule, hidden func(string) bool) []string {
	if len(rules) < 2 {
		return nil
	}
	all := map[string]bool{}
	for _, r := range rules {
		for name := range r.Labels {
			all[name] = true
		}
	}
	return slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(name string) bool {
		same := !slices.ContainsFunc(rules, func(r *rule) bool { return r.Labels[name] != rules[0].Labels[name] })
		return same || hidden(name)
	})
}

func ruleName(r *rule, labels []string) string {
	var parts []string
	for _, name := range labels {
		if v := r.Labels[name]; v != "" {
			parts = append(parts, name+"="+v)
		}
	}
	if len(parts) == 0 {
		return r.Name
	}
	return r.Name + "{" + strings.Join(parts, ",") + "}"
}

func (s *structure) emitRule(r *rule, name string) {
	kind := r.kind()
	o := s.origin(rulesPath + "?" + url.Values{"rule_group[]": {r.group}}.Encode())
	expression := parity.Value{Kind: parity.Text, Raw: r.Query, Canon: normalExpression(r.Query, s.match)}
	if expression.Canon == expression.Raw {
		expression.Canon = ""
	}
	facts := []parity.Fact{fact(o, "/expr", expression, parity.TextForm), fact(o, "/interval", seconds(r.interval))}
	if kind == parity.AlertKind {
		facts = append(facts, fact(o, "/for", seconds(r.Duration)), fact(o, "/keepFiringFor", seconds(r.KeepFiringFor)))
		facts = append(facts, fact(o, parity.RunbookPath, text(runbook(r.Annotations))))
	}
	for key, v := range r.Labels {
		if !s.matched(key) {
			facts = append(facts, guessed(o, "/labels/"+key, v))
		}
	}
	for key, v := range r.Annotations {
		facts = append(facts, guessed(o, "/annotations/"+key, v))
	}
	if r.Health == "ok" || r.Health == "err" {
		facts = append(facts, fact(o, "/health", text(r.Health)))
	} else {
		s.out.Gap(parity.Gap{
			Kind: kind, Scope: parity.LiteralPattern(r.group), Name: parity.LiteralPattern(name), Path: "/health",
			Reason: "the server does not say whether the rule can be evaluated; it may not have been evaluated yet", Where: s.client.Base() + rulesPath,
		})
	}
	s.out.Subject(parity.Subject{Key: parity.Key{Kind: kind, Scope: r.group, Name: name}, Origin: o}, facts)
}

// guessed makes a fact of a text of people's own.
func guessed(o *parity.Origin, path, v string) parity.Fact {
	val, rules := value.Of(path, v, value.StringScalar)
	return parity.Fact{Path: path, Value: val, Rules: rules, Surface: parity.Telemetry, Origin: o}
}

// seconds makes a duration.
func seconds(n float64) parity.Value {
	v := parity.Value{Kind: parity.Duration, Raw: strconv.FormatFloat(n, 'g', -1, 64) + "s"}
	if n >= 0 && n < 1e9 {
		v.Raw = time.Duration(n * float64(time.Second)).String()
	}
	if canon, ok := value.Duration(v.Raw); ok {
		v.Raw = canon
	}
	return v
}

// runbook tells whether an alert says what to do about it.
func runbook(annotations map[string]string) string {
	for name, v := range annotations {
		switch strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name)) {
		case "runbook", "runbookurl", "playbook", "playbookurl":
			if strings.TrimSpace(v) != "" {
				return "present"
			}
		}
	}
	return "none"
}
