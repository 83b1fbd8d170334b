package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
)

// Recognised is a metric of requests of one service.
type Recognised struct {
	Service, Metric string
	// How says by what it is known and how it is read.
	How string
	// Endpoints and Integrations are how many of each were read from it.
	Endpoints, Integrations int
}

// Recognised reads the sources of an environment that measure how services
// behave, or the one of them with the name, and returns which metrics count or
// time requests, with the gaps over how services behave.
func (a *App) Recognised(ctx context.Context, environment, source string) ([]Recognised, []parity.Gap, error) {
	cfg, err := a.Config()
	if err != nil {
		return nil, nil, err
	}
	column, err := columnNamed(cfg, environment)
	if err != nil {
		return nil, nil, err
	}
	root := a.root(ctx, cfg)
	defer root.Close()
	p, err := a.planColumn(column, cfg, Selection{}, root)
	if err != nil {
		return nil, nil, err
	}
	all := p.sources
	p.sources = nil
	for _, s := range all {
		if measures(s) && (source == "" || source == s.Collector.Name || source == s.Name) {
			p.sources = append(p.sources, s)
		}
	}
	if len(p.sources) == 0 {
		return nil, nil, noMeasuring(all, environment, source)
	}
	r, err := a.redactor(cfg, true)
	if err != nil {
		return nil, nil, err
	}
	w := newReading(&plan{columns: []planned{p}}, a.Progress)
	defer w.log(a.Log)
	s, err := a.read(ctx, &p, root, r, w.begin)
	if err != nil {
		return nil, nil, err
	}
	gaps := slices.DeleteFunc(slices.Clone(s.Gaps), func(g parity.Gap) bool {
		return g.Kind != parity.EndpointKind && g.Kind != parity.IntegrationKind && g.Kind != ""
	})
	return recognisedIn(s), gaps, nil
}

// measures reports whether a source may measure how services behave.
func measures(s collector.Configured) bool {
	for _, k := range s.Collector.Kinds {
		if k.Name == parity.EndpointKind {
			return true
		}
	}
	return false
}

// noMeasuring says that no source fits, and which there are.
func noMeasuring(all []collector.Configured, environment, source string) error {
	var names []string
	for _, s := range all {
		if measures(s) {
			names = append(names, s.Name)
		}
	}
	e := &parity.Error{Code: parity.CodeUsage, What: environment + " has no source that measures how services behave", Hint: "add one, such as prometheus"}
	if len(names) > 0 {
		e.What = fmt.Sprintf("%s has no such source %q", environment, source)
		e.Hint = "there are " + strings.Join(names, ", ")
	}
	return e
}

// recognisedIn lists the metrics of requests of a snapshot.
func recognisedIn(s *parity.Snapshot) []Recognised {
	var out []Recognised
	for i := range s.Subjects {
		x := &s.Subjects[i]
		if x.Subject.Kind != parity.MetricKind {
			continue
		}
		for k := range x.Facts {
			if f := &x.Facts[k]; f.Path == parity.RequestsPath {
				out = append(out, Recognised{Service: x.Subject.Scope, Metric: x.Subject.Name, How: f.Value.Raw})
			}
		}
	}
	for i := range s.Subjects {
		x := &s.Subjects[i]
		if x.Subject.Kind != parity.EndpointKind && x.Subject.Kind != parity.IntegrationKind {
			continue
		}
		for k := range out {
			if out[k].Service != x.Subject.Scope || !readFrom(x, out[k].Metric) {
				continue
			}
			if x.Subject.Kind == parity.EndpointKind {
				out[k].Endpoints++
			} else {
				out[k].Integrations++
			}
		}
	}
	slices.SortFunc(out, func(a, b Recognised) int {
		return cmp.Or(strings.Compare(a.Service, b.Service), strings.Compare(a.Metric, b.Metric))
	})
	return out
}

// instruments lists the metrics from which requests were read, with the columns.
func instruments(snapshots []*parity.Snapshot) []parity.Instrument {
	var out []parity.Instrument
	for _, s := range snapshots {
		for _, x := range recognisedIn(s) {
			if x.Endpoints+x.Integrations == 0 {
				continue
			}
			i := slices.IndexFunc(out, func(in parity.Instrument) bool {
				return in.Service == x.Service && in.Metric == x.Metric && in.How == x.How
			})
			if i < 0 {
				i = len(out)
				out = append(out, parity.Instrument{Service: x.Service, Metric: x.Metric, How: x.How})
			}
			out[i].Columns = append(out[i].Columns, s.Column.String())
		}
	}
	slices.SortStableFunc(out, func(a, b parity.Instrument) int {
		return cmp.Or(strings.Compare(a.Service, b.Service), strings.Compare(a.Metric, b.Metric))
	})
	return out
}

// readFrom reports whether one of a subject's measurements is the answer to a
// question about a metric.
func readFrom(x *parity.SubjectFacts, metric string) bool {
	return slices.ContainsFunc(x.Facts, func(f parity.Fact) bool {
		if f.Origin == nil {
			return false
		}
		for _, part := range []string{"", "_count", "_bucket"} {
			name := metric + part
			if strings.Contains(f.Origin.Object, "("+name+"{") || strings.Contains(f.Origin.Object, "({"+strconv.Quote(name)) {
				return true
			}
		}
		return false
	})
}
