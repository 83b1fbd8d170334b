package collector

import (
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/place"
)

// Registry is the list of the collectors there are.
type Registry []Collector

// Find gives the collector of a name.
func (r Registry) Find(name string) (Collector, bool) {
	for _, c := range r {
		if c.Name == name {
			return c, true
		}
	}
	return Collector{}, false
}

// Names lists the names in the order of the list.
func (r Registry) Names() []string {
	names := make([]string, len(r))
	for i, c := range r {
		names[i] = c.Name
	}
	return names
}

// Kinds gives what the collectors declare of kinds.
func (r Registry) Kinds() *kinds.Set {
	sources := make([]kinds.Source, len(r))
	for i, c := range r {
		sources[i] = kinds.Source{Collector: c.Name, Kinds: c.Kinds, Complete: c.Complete}
	}
	return kinds.New(sources...)
}

// Detect gives the collector that fits the place best, the first in the list
// of several that fit alike. Only those that can be configured by a path take
// part.
func (r Registry) Detect(p place.Place) (Collector, bool) {
	best, most := Collector{}, 0
	for _, c := range r {
		if c.Detect == nil || c.FromPath == nil {
			continue
		}
		if fit := c.Detect(p); fit > most {
			best, most = c, fit
		}
	}
	return best, most > 0
}
