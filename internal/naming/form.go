package naming

import (
	"cmp"
	"slices"
	"strings"
)

// FormPreset is the name under which telemetry.presets asks for metrics that are
// recognised by their form.
const FormPreset = "form"

// Family is a metric as its server shows it.
type Family struct {
	// Name is without the suffixes of the parts of a histogram or summary.
	Name string
	// Type is histogram, summary or counter, as the server's metadata have it.
	Type string
	// Unit is that of the metadata; empty where they have none.
	Unit string
	// Labels are those of its series, without le and quantile.
	Labels []string
}

// ByForm returns the series that count requests or time them, as far as their
// names and labels show it: a name that speaks of requests, calls or operations,
// a label for what was asked, and a label for how it ended. The prefix that a
// program puts before its names does not matter. Of several metrics of the same
// requests it returns those that tell the most, the one that counts first.
func ByForm(families []Family) []Known {
	groups := map[string][]formed{}
	var order []string
	for _, f := range families {
		x, ok := formOf(f)
		if !ok {
			continue
		}
		if groups[x.stem] == nil {
			order = append(order, x.stem)
		}
		groups[x.stem] = append(groups[x.stem], x)
	}
	slices.Sort(order)
	var all []Known
	for _, stem := range order {
		all = append(all, known(groups[stem])...)
	}
	slices.SortStableFunc(all, func(a, b Known) int { return cmp.Compare(a.depth, b.depth) })
	return all
}

// formed is a metric that has the form of requests.
type formed struct {
	Family
	stem  string // of its name, without what tells a metric from others of the same requests
	words words
	what  asked
	codes []string
}

// formOf reports whether a metric has the form of requests.
func formOf(f Family) (formed, bool) {
	w := wordsOf(f)
	x := formed{Family: f, words: w, what: askedOf(f.Labels), codes: codesOf(f.Labels)}
	if strings.Contains(f.Name, ":") || w.other {
		return x, false
	}
	what, code := x.what.any(), len(x.codes) > 0
	if !what && code && w.noun {
		what = len(x.what.kinds) > 0
	}
	switch f.Type {
	case "counter":
		if !w.noun || !what || !code || w.timed {
			return x, false
		}
	case "histogram", "summary":
		if !w.timed || !what || !w.noun && !code {
			return x, false
		}
	default:
		return x, false
	}
	x.stem = strings.Join(w.stem, "_") + " " + w.side()
	return x, true
}

// known chooses among the metrics of the same requests one that times them and,
// where that does not tell how they ended, one that counts them.
func known(group []formed) []Known {
	slices.SortFunc(group, compareFormed)
	timed := slices.IndexFunc(group, func(x formed) bool { return x.words.timed })
	counted := slices.IndexFunc(group, func(x formed) bool { return !x.words.timed })
	var chosen []formed
	if counted >= 0 && (timed < 0 || len(group[timed].codes) == 0) {
		chosen = append(chosen, group[counted])
	}
	if timed >= 0 {
		chosen = append(chosen, group[timed])
	}
	what := chosen[0].what
	if len(chosen) == 2 {
		if common := what.both(chosen[1].what); common.named() || chosen[0].words.side() == "client" {
			what = common
		} else {
			chosen = chosen[:1] // their requests could not be told to be the same
		}
	}
	var out []Known
	for _, x := range chosen {
		out = append(out, x.known(what))
	}
	return out
}

// compareFormed orders metrics of the same requests: those that tell more first.
func compareFormed(a, b formed) int {
	rank := func(x formed) int {
		r := 0
		if len(x.codes) == 0 {
			r += 4
		}
		if !x.words.request {
			r += 2
		}
		if x.Type == "summary" {
			r++
		}
		return r
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(len(a.Name), len(b.Name)), cmp.Compare(a.Name, b.Name))
}

// known makes the series of a metric.
func (x formed) known(what asked) Known {
	s := Series{Metric: x.Name, Type: "counter", Side: x.words.side(), Protocol: FormPreset, Unit: x.words.unit}
	if x.words.timed {
		s.Type = "histogram"
	}
	s.Failed = failedBy(x.codes)
	k := Known{Series: s, By: FormPreset, Group: x.stem}
	if s.Client() {
		k.Peer = append(what.peers(), "="+x.words.peer())
		k.depth = 2
		return k
	}
	k.Endpoint = what.items()
	if k.HTTP = what.http(); !k.HTTP {
		k.depth = 1
		if what.rpcMethod == "" {
			k.Endpoint = slices.Insert(k.Endpoint, 0, "="+strings.Join(x.words.text(), " "))
		}
	}
	return k
}
