package loki

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"github.com/envparity/parity"
)

const (
	// maxNames are the names of fields that are kept of one service.
	maxNames = 200
	// rare is one in how many lines something is that its absence says nothing,
	// and few are so few lines that it says nothing whatever their share.
	rare = 50
	few  = 10
	// quiet is how many lines a service must have for its silence elsewhere to
	// say something.
	quiet = 50
)

// halves records that there is nothing of a half of the window while there is
// of the other: then it is the server that has no lines of it.
func (s *session) halves(samples []*sample) {
	first, second := 0, 0
	for _, found := range samples {
		for part, n := range found.lines {
			if part < parts/2 {
				first += n
			} else {
				second += n
			}
		}
	}
	failed := slices.ContainsFunc(samples, func(found *sample) bool { return found.err != nil })
	switch {
	case first > 0 && second == 0 && !failed:
		s.gap("", queryPath, "there is no line of any service in the second half of the window; lines may come late, or not at all",
			"see what ships the logs")
	case first == 0 && second > 0:
		s.gap("", queryPath, "there is no line of any service in the first half of the window; it may be before what the server keeps",
			"shorten window, or see retention")
	case first == 0 && second == 0 && !failed:
		s.gap("", queryPath, "there is no line of any service within the window", "see match and window")
	}
}

// emit hands over what is known of one service.
func (s *session) emit(svc *service, found *sample) {
	selector := s.selectors(svc)[0]
	if found.err != nil {
		s.missing(svc.name, queryPath, found.err)
	}
	if found.partial {
		s.partly(svc.name, queryPath)
	}
	total := found.total()
	if total == 0 {
		return // its streams are of before the window, or nothing of it is known
	}
	if total < enough {
		s.gap(svc.name, queryPath, fmt.Sprintf("fewer than %d lines of the service were seen: %d", enough, total), "choose a longer window")
	}
	o := &parity.Origin{File: s.Client.Base(), Precision: parity.AtObject, Object: selector}
	facts := []parity.Fact{
		fact(o, "/format", parity.Value{Kind: parity.Text, Raw: mostCounted(found.formats)}),
		fact(o, "/lines", number(total), parity.Circumstances),
		fact(o, "/streams", number(svc.streams), parity.Circumstances),
	}
	for _, label := range slices.Sorted(maps.Keys(svc.labels)) {
		f := member(o, "/labels[=", label, total, total)
		if s.matched(label) {
			f.Rules = f.Rules.With(parity.Circumstances) // it tells environments apart
		}
		facts = append(facts, f)
	}
	for _, set := range []struct {
		path   string
		counts map[string]int
	}{{"/formats[=", found.formats}, {"/levels[=", found.levels}, {"/timestamps[=", found.clocks}} {
		for _, name := range slices.Sorted(maps.Keys(set.counts)) {
			facts = append(facts, member(o, set.path, name, set.counts[name], total))
		}
	}
	for _, set := range []struct {
		path   string
		counts map[string]int
	}{{"/fields[=", found.fields}, {"/metadata[=", found.metadata}} {
		names := s.kept(svc, set.path, set.counts, found.full)
		for _, name := range names {
			facts = append(facts, member(o, set.path, name, set.counts[name], total))
		}
	}
	if total < quiet {
		for i := range facts {
			facts[i].Rules = facts[i].Rules.With(parity.Rare)
		}
	}
	s.out.Subject(parity.Subject{
		Key: parity.Key{Kind: parity.LogsKind, Name: svc.name}, Origin: o,
		Labels: parity.ServiceLabels(svc.name),
	}, facts)
}

// kept gives the names that are kept, those seen most often, and records that
// there are more.
func (s *session) kept(svc *service, path string, counts map[string]int, full bool) []string {
	names := slices.Collect(maps.Keys(counts))
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	if len(names) > maxNames || full {
		s.out.Gap(parity.Gap{
			Kind: parity.LogsKind, Name: parity.LiteralPattern(svc.name), Path: path, Where: s.Client.Base() + queryPath,
			Reason: fmt.Sprintf("the lines have more than %d names; those seen most often are kept", maxNames),
			Hint:   "a map whose keys are data is better written as a list",
		})
	}
	names = names[:min(len(names), maxNames)]
	slices.Sort(names)
	return names
}

// mostCounted gives the name with the highest count.
func mostCounted(counts map[string]int) string {
	best := ""
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		if best == "" || counts[name] > counts[best] {
			best = name
		}
	}
	return best
}

func fact(o *parity.Origin, path string, v parity.Value, rules ...parity.Rule) parity.Fact {
	return parity.Fact{Path: path, Value: v, Rules: parity.SetOf(rules...), Surface: parity.Telemetry, Origin: o}
}

func number(n int) parity.Value { return parity.Value{Kind: parity.Number, Raw: strconv.Itoa(n)} }

// member makes a fact that something was seen in so many of all lines.
func member(o *parity.Origin, set, name string, seen, all int) parity.Fact {
	f := fact(o, set+name+"]", parity.Value{Kind: parity.Set, Raw: name})
	if seen*rare < all || seen < few {
		f.Rules = f.Rules.With(parity.Rare)
	}
	return f
}
