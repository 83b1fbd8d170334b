package spans

import (
	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/measured"
)

// schema is that of the histograms: buckets grow by 2^(1/32), 2.2 %.
const schema = 5

// The bounds of series.
const (
	maxEndpoints = 2_000 // of one service
	maxCells     = 4_000_000
)

// Series is the requests of an endpoint or integration in time.
type Series struct {
	Name string
	measured.Series
	// Left is set where there is more than is kept.
	Left bool
}

// behave counts a span as a request of an endpoint or an integration.
func (v *Service) behave(tree *Tree, i int, cells *int) {
	n := &tree.Nodes[i]
	switch {
	case n.Kind.Serves() && n.Endpoint != "":
		v.series(&v.Endpoints, n.Endpoint).add(n.Span, cells)
	case n.Kind.Calls():
		name := n.Peer
		if !n.PeerIsService {
			if service, _ := tree.Served(i); service != "" {
				name = service
			}
		}
		if name != "" {
			v.series(&v.Integrations, name).add(n.Span, cells)
		}
	}
}

func (v *Service) series(in *map[string]*Series, name string) *Series {
	if s := (*in)[name]; s != nil {
		return s
	}
	if *in == nil {
		*in = map[string]*Series{}
	}
	if len(*in) >= maxEndpoints {
		v.Left = true
		return nil
	}
	s := &Series{Name: name, Series: measured.Series{Schema: schema}}
	(*in)[name] = s
	return s
}

func (s *Series) add(span *Span, cells *int) {
	if s == nil {
		return
	}
	if *cells >= maxCells {
		s.Left = true
		return
	}
	*cells -= s.Cells()
	failed := 0.0
	if span.Failed {
		failed = 1
	}
	s.Count(span.Start, 1, failed)
	s.Duration(span.Start, s.Bucket(span.Duration), 1)
	*cells += s.Cells()
}

// Measured gives the proportion of failed requests and the distribution of
// durations as values. It is false where they cannot be told.
func (s *Series) Measured() (failures, durations parity.Value, ok bool) {
	if s.Left {
		return failures, durations, false
	}
	return s.Values("sampled requests")
}
