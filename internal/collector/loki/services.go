package loki

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

	"github.com/envparity/parity/internal/webapi"
)

// The bounds of what is read of streams.
const (
	maxStreams  = 1_000_000
	maxServices = 300
	maxFound    = 20_000 // names of services that are told apart
	maxLabels   = 200
)

// unnamed is what Loki calls a service that it has no name for, and what
// streams without any name of a service go by in gaps.
const unnamed = "unknown_service"

// service is what streams tell of one service.
type service struct {
	name string
	// by are the labels that name it. A stream with several is named by the
	// first.
	by      map[string]bool
	labels  map[string]bool
	streams int
}

// services asks which streams there are. ok is false where that is not known,
// for which there is a gap.
func (s *session) services(ctx context.Context) (all []*service, ok bool) {
	query := span(url.Values{}, s.begin, s.end)
	if len(s.match) > 0 {
		query.Set("match[]", s.selector())
	}
	where := seriesPath
	if len(s.match) > 0 {
		where += "?" + url.Values{"match[]": {s.selector()}}.Encode()
	}
	found := map[string]*service{}
	streams, nameless, beyond := 0, 0, false
	partial, err := s.Get(ctx, seriesPath, query, func(d *json.Decoder) error {
		return webapi.EachItem(d, func() error {
			if streams++; streams > maxStreams {
				return webapi.SkipValue(d)
			}
			var labels map[string]string
			if err := d.Decode(&labels); err != nil {
				return err
			}
			switch s.stream(found, labels) {
			case isNameless:
				nameless++
			case isBeyond:
				beyond = true
			}
			return nil
		})
	})
	switch {
	case ctx.Err() != nil:
		return nil, false
	case err != nil:
		s.missing("", where, err)
		return nil, false
	case streams == 0:
		s.gap("", where, s.Client.Host()+" knows no stream that fits, within the window", "see match, window, and whether the tenant's header is set")
		return nil, false
	case partial:
		s.partly("", where)
	}
	if streams > maxStreams {
		s.gap("", where, fmt.Sprintf("there are more than %d streams; those after them are not read", maxStreams), "confine the source with match, or shorten window")
	}
	if nameless > 0 {
		s.gap(unnamed, where, strconv.Itoa(nameless)+" streams have no label that names a service", "name the label under telemetry.service")
	}
	all = slices.SortedFunc(maps.Values(found), func(a, b *service) int { return cmp.Compare(a.name, b.name) })
	if len(all) > maxServices {
		more := ""
		if beyond {
			more = "more than "
		}
		s.gap("", where, fmt.Sprintf("there are %s%d services, of which %d are read", more, len(all), maxServices), "split them over sources with match, or see telemetry.service: a label may hold ids")
		all = all[:maxServices]
	}
	return all, true
}

// standing is what became of a stream.
type standing uint8

const (
	isKnown standing = iota
	// isNameless is one without a name of a service.
	isNameless
	// isBeyond is one of a service that is not among those told apart.
	isBeyond
)

// stream adds a stream to its service, if it has one.
func (s *session) stream(found map[string]*service, labels map[string]string) standing {
	for _, label := range s.naming {
		name := labels[label]
		if name == "" {
			continue
		}
		if name == unnamed || strings.HasPrefix(name, unnamed+":") {
			return isNameless
		}
		svc := found[name]
		if svc == nil {
			if len(found) >= maxFound {
				return isBeyond
			}
			svc = &service{name: name, by: map[string]bool{}, labels: map[string]bool{}}
			found[name] = svc
		}
		svc.streams++
		svc.by[label] = true
		for l := range labels {
			if !strings.HasPrefix(l, "__") && (len(svc.labels) < maxLabels || svc.labels[l]) {
				svc.labels[l] = true
			}
		}
		return isKnown
	}
	return isNameless
}

// selectors give the queries for a service's lines: one for each label that
// names it, without the streams that a label before it names otherwise.
func (s *session) selectors(svc *service) []string {
	var all []string
	for i, label := range s.naming {
		if !svc.by[label] {
			continue
		}
		parts := []string{label + "=" + strconv.Quote(svc.name)}
		for _, before := range s.naming[:i] {
			parts = append(parts, before+`=""`)
		}
		all = append(all, s.selector(parts...))
	}
	return all
}
