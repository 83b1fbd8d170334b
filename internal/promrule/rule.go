// Package promrule knows what rules of alerting and recording state, in the form
// that Prometheus gave them, wherever they are read.
package promrule

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/value"
)

// Rule is one rule.
type Rule struct {
	// Kind is parity.AlertKind or parity.RecordingKind.
	Kind        string
	Group, Name string
	// Query is the expression as it is written.
	Query string
	// Interval is that of the group; 0 where it has none of its own.
	Interval           time.Duration
	For, KeepFiringFor time.Duration
	Labels             map[string]string
	Annotations        map[string]string
}

// Named is the name by which a rule is known in its group.
type Named struct {
	Index int
	Name  string
}

// Names gives rules the names of their subjects, sorted. Where a group has a
// name twice, the labels in which those rules differ belong to the name, but for
// labels that hidden takes out; and where those do not differ, the order.
func Names(rules []*Rule, hidden func(label string) bool) []Named {
	type place struct{ kind, group, name string }
	alike := map[place][]int{}
	for i, r := range rules {
		p := place{r.Kind, r.Group, r.Name}
		alike[p] = append(alike[p], i)
	}
	order := slices.SortedFunc(maps.Keys(alike), func(a, b place) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.group, b.group), cmp.Compare(a.name, b.name))
	})
	var named []Named
	for _, p := range order {
		same := make([]*Rule, len(alike[p]))
		for i, at := range alike[p] {
			same[i] = rules[at]
		}
		labels := telling(same, hidden)
		taken := map[string]int{}
		for _, at := range alike[p] {
			name := nameOf(rules[at], labels)
			if taken[name]++; taken[name] > 1 {
				name += " #" + strconv.Itoa(taken[name])
			}
			named = append(named, Named{at, name})
		}
	}
	return named
}

// telling gives the labels in which rules differ.
func telling(rules []*Rule, hidden func(string) bool) []string {
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
		same := !slices.ContainsFunc(rules, func(r *Rule) bool { return r.Labels[name] != rules[0].Labels[name] })
		return same || hidden(name)
	})
}

func nameOf(r *Rule, labels []string) string {
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

// Facts gives what the rule states. canon is the canonical form of its query.
// Labels that hidden takes out are left out.
func (r *Rule) Facts(o *parity.Origin, canon string, hidden func(label string) bool) []parity.Fact {
	expression := parity.Value{Kind: parity.Text, Raw: r.Query, Canon: canon}
	if expression.Canon == expression.Raw {
		expression.Canon = ""
	}
	facts := []parity.Fact{fact(o, "/expr", expression, parity.TextForm)}
	if r.Interval > 0 {
		facts = append(facts, fact(o, "/interval", Duration(r.Interval)))
	}
	if r.Kind == parity.AlertKind {
		facts = append(facts, fact(o, "/for", Duration(r.For)), fact(o, "/keepFiringFor", Duration(r.KeepFiringFor)))
		state := "none"
		if Runbook(r.Annotations) != "" {
			state = "present"
		}
		facts = append(facts, fact(o, parity.RunbookPath, parity.Value{Kind: parity.Text, Raw: state}))
	}
	for _, key := range slices.Sorted(maps.Keys(r.Labels)) {
		if !hidden(key) {
			facts = append(facts, guessed(o, "/labels/"+key, r.Labels[key]))
		}
	}
	for _, key := range slices.Sorted(maps.Keys(r.Annotations)) {
		facts = append(facts, guessed(o, "/annotations/"+key, r.Annotations[key]))
	}
	return facts
}

// Runbook gives the annotation that says where an alert's runbook is; empty
// where there is none.
func Runbook(annotations map[string]string) string {
	for _, name := range slices.Sorted(maps.Keys(annotations)) {
		switch strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name)) {
		case "runbook", "runbookurl", "playbook", "playbookurl":
			if v := strings.TrimSpace(annotations[name]); v != "" {
				return v
			}
		}
	}
	return ""
}

// Duration makes the value of a duration.
func Duration(d time.Duration) parity.Value {
	v := parity.Value{Kind: parity.Duration, Raw: d.String()}
	if canon, ok := value.Duration(v.Raw); ok {
		v.Raw = canon
	}
	return v
}

// ParseDuration makes a duration of a text that should be one, as Prometheus'
// family spells it. What is none stays a text.
func ParseDuration(s string) parity.Value {
	canon, ok := value.Duration(s)
	if !ok {
		return parity.Value{Kind: parity.Text, Raw: s}
	}
	v := parity.Value{Kind: parity.Duration, Raw: s}
	if canon != s {
		v.Canon = canon
	}
	return v
}

func fact(o *parity.Origin, path string, v parity.Value, rules ...parity.Rule) parity.Fact {
	return parity.Fact{Path: path, Value: v, Rules: parity.SetOf(rules...), Surface: parity.Telemetry, Origin: o}
}

// guessed makes a fact of a text of people's own.
func guessed(o *parity.Origin, path, v string) parity.Fact {
	val, rules := value.Of(path, v, value.StringScalar)
	return parity.Fact{Path: path, Value: val, Rules: rules, Surface: parity.Telemetry, Origin: o}
}
