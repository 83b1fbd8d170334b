package config

import (
	"cmp"
	"maps"
	"slices"

	"github.com/envparity/parity"
)

// ColumnConfig is one column with all that is configured for it.
type ColumnConfig struct {
	Column  parity.Column
	Sources []Source
	// Namespaces and Bindings are the environment's with the instance's over
	// them; nil where there are none.
	Namespaces map[string]string
	Bindings   map[string]string
	// Candidate is set on the instances of the reference environment where
	// parity.yaml does not say which of several is the reference: what they hold
	// decides. Until then it is the first.
	Candidate bool
	// Aliases are the environment's and the instance's other names.
	Aliases []string
}

// Columns gives the columns of a config that Load returned: one for every
// environment, or for every instance where it has some, in order of rank and
// then of the file, with the reference last. The other instances of the
// reference environment are compared against it like any other column.
func Columns(c *Config) []ColumnConfig {
	var out []ColumnConfig
	for i := range c.Environments {
		out = append(out, columnsOf(&c.Environments[i])...)
	}
	slices.SortStableFunc(out, func(a, b ColumnConfig) int {
		if a.Column.Reference != b.Column.Reference {
			if a.Column.Reference {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.Column.Rank, b.Column.Rank)
	})
	return out
}

func columnsOf(e *Environment) []ColumnConfig {
	column := parity.Column{Environment: e.Name, Role: parity.Desired, Reference: e.Reference}
	if e.Rank != nil {
		column.Rank = *e.Rank
	}
	if len(e.Instances) == 0 {
		return []ColumnConfig{{Column: column, Sources: e.Sources, Namespaces: e.Namespaces, Bindings: e.Bindings, Aliases: e.Aliases}}
	}
	chosen := slices.IndexFunc(e.Instances, func(in Instance) bool { return in.Reference })
	out := make([]ColumnConfig, len(e.Instances))
	for i, in := range e.Instances {
		column.Instance = in.Name
		column.Reference = e.Reference && i == max(chosen, 0)
		out[i] = ColumnConfig{
			Column:     column,
			Sources:    slices.Concat(e.Sources, in.Sources),
			Namespaces: over(e.Namespaces, in.Namespaces),
			Bindings:   over(e.Bindings, in.Bindings),
			Candidate:  e.Reference && chosen < 0 && len(e.Instances) > 1,
			Aliases:    slices.Concat(e.Aliases, in.Aliases),
		}
	}
	return out
}

func over(base, top map[string]string) map[string]string {
	if len(top) == 0 {
		return base
	}
	out := maps.Clone(base)
	if out == nil {
		out = make(map[string]string, len(top))
	}
	maps.Copy(out, top)
	return out
}
