package grouping

import (
	"iter"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/kinds"
)

const (
	// maxTopic is how many settings of one subject a topic may have: a beginning
	// that more names share is a convention.
	maxTopic = 3
	// maxAlone is how many settings without a topic are a group each: more of one
	// class and change are one group.
	maxAlone = 3
)

// splitTopics takes the settings of one subject apart by what they are about.
// Settings whose names begin alike are one group, whatever their classes, if few
// settings of the subject begin so, equal ones included. A tree of settings that
// one side lacks is one group. Of what is left, up to maxAlone are a group each.
func splitTopics(all []parity.Difference, homes []home, known *kinds.Set) {
	subjects := map[string][]setting{}
	for i := range homes {
		d := &all[i]
		if homes[i].kind != "parent" || apart(d) != "" {
			continue
		}
		if section := sectionOf(d, known); section >= 0 {
			key := subjectKey(d)
			subjects[key] = append(subjects[key], setting{index: i, unit: unitOf(d), section: section})
		}
	}
	for key, settings := range subjects {
		if len(settings) > 1 {
			assignTopics(all, homes, settings, key)
		}
	}
}

// setting is a difference of a setting.
type setting struct {
	index int // of the difference
	// unit is the place that differs as a whole.
	unit string
	// section is where in the unit the setting's name begins.
	section int
	topic   string
}

// sectionOf returns where in a path the name of a setting begins; -1 where the path
// is not that of a setting.
func sectionOf(d *parity.Difference, known *kinds.Set) int {
	switch {
	case known.OfDifference(d).Settings:
		return len("/")
	case strings.HasPrefix(d.Path, "/data/"):
		return len("/data/")
	}
	return -1
}

// assignTopics gives each topic of one subject's settings a group of its own.
func assignTopics(all []parity.Difference, homes []home, settings []setting, key string) {
	counts := countBeginnings(all, settings)
	paths := map[string]map[string]bool{} // by topic
	for n := range settings {
		s := &settings[n]
		s.topic = topicOf(s, counts)
		if paths[s.topic] == nil {
			paths[s.topic] = map[string]bool{}
		}
		paths[s.topic][all[s.index].Path] = true
	}
	if len(paths) == 1 {
		return
	}
	alone := map[string]int{}
	for _, s := range settings {
		if len(paths[s.topic]) == 1 {
			alone[homes[s.index].group]++
		}
	}
	for _, s := range settings {
		h := &homes[s.index]
		if len(paths[s.topic]) > 1 || alone[h.group] <= maxAlone {
			h.group = join("object", key, "topic", s.topic)
		}
	}
}

// unitOf returns the place that differs as a whole: the highest one that a side
// lacks, else the path. It is never within an item of a list that has no key, as
// such items move.
func unitOf(d *parity.Difference) string {
	if place := d.Cause.Place; place != "" && strings.HasPrefix(d.Path, place) {
		return beforePosition(place)
	}
	return beforePosition(d.Path)
}

// beforePosition cuts a path before its first item that is chosen by position.
func beforePosition(path string) string {
	for at := range len(path) {
		if path[at] != '[' {
			continue
		}
		rest := strings.TrimLeft(path[at+1:], "0123456789")
		if len(rest) < len(path[at+1:]) && strings.HasPrefix(rest, "]") {
			return path[:at]
		}
	}
	return path
}

// countBeginnings counts the settings of a subject, by each beginning of their
// names. What differs as a whole counts once, and so do names that are the same
// but for numbers.
func countBeginnings(all []parity.Difference, settings []setting) map[string]int {
	units, seen, counts := map[string]bool{}, map[string]bool{}, map[string]int{}
	for _, s := range settings {
		units[s.unit] = true
	}
	add := func(path string) {
		for word := range beginnings(path) {
			if units[word] {
				path = word
				break
			}
		}
		name := unnumbered(path)
		if seen[name] {
			return
		}
		seen[name] = true
		for word := range beginnings(name) {
			counts[word]++
		}
	}
	for unit := range units {
		add(unit)
	}
	if of := all[settings[0].index].Aligned; of != nil {
		for _, side := range of.Sides {
			if side == nil {
				continue
			}
			for i := range side.Facts {
				add(beforePosition(side.Facts[i].Path))
			}
		}
	}
	return counts
}

// topicOf returns the shortest beginning of a setting's name that few settings
// have; the whole name where it is alone with each.
func topicOf(s *setting, counts map[string]int) string {
	name := unnumbered(s.unit)
	for word := range beginnings(name) {
		if len(word) > s.section && counts[word] <= maxTopic {
			return word
		}
	}
	return name
}

// beginnings yields the beginnings of a path that end where a word ends, from the
// shortest to the path itself.
func beginnings(path string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for i := 1; i < len(path); i++ {
			if strings.IndexByte("/[]_-.=,", path[i]) >= 0 && !yield(path[:i]) {
				return
			}
		}
		yield(path)
	}
}

// unnumbered replaces each number in a path by a mark.
func unnumbered(path string) string {
	if !strings.ContainsAny(path, "0123456789") {
		return path
	}
	var b strings.Builder
	inNumber := false
	for i := range len(path) {
		digit := path[i] >= '0' && path[i] <= '9'
		switch {
		case !digit:
			b.WriteByte(path[i])
		case !inNumber:
			b.WriteByte('#')
		}
		inNumber = digit
	}
	return b.String()
}
