package loki

import (
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/envparity/parity/internal/parallel"
	"github.com/envparity/parity/internal/webapi"
)

// A service's sample is the last lines of each of the parts of the window.
const (
	parts     = 4
	partLines = 500
	// enough is how many lines a sample has from whose silence one may conclude.
	enough = 500
	// askers ask at the same time.
	askers = 4
)

// sample is what lines of a service tell.
type sample struct {
	lines [parts]int
	// of lines, by what they have.
	fields, metadata, levels, formats, clocks map[string]int
	// full is set where there are more names than are counted.
	full bool
	// partial and err tell of parts that are not known.
	partial bool
	err     error
}

func newSample() *sample {
	return &sample{fields: map[string]int{}, metadata: map[string]int{}, levels: map[string]int{}, formats: map[string]int{}, clocks: map[string]int{}}
}

func (s *sample) total() int {
	n := 0
	for _, lines := range s.lines {
		n += lines
	}
	return n
}

// samples asks for lines of each service.
func (s *session) samples(ctx context.Context, services []*service) ([]*sample, error) {
	all := make([]*sample, len(services))
	err := parallel.ForEach(ctx, askers, services, func(ctx context.Context, i int, svc *service) error {
		all[i] = s.sample(ctx, svc)
		return nil
	})
	return all, err
}

// sample asks for the lines of one service, part by part. A part that cannot be
// read does not end the others, unless the server does not answer at all.
func (s *session) sample(ctx context.Context, svc *service) *sample {
	found := newSample()
	step := s.end.Sub(s.begin) / parts
	for _, selector := range s.selectors(svc) {
		for part := range parts {
			from := s.begin.Add(step * time.Duration(part))
			to := from.Add(step)
			if part == parts-1 {
				to = s.end
			}
			query := span(url.Values{"query": {selector}, "limit": {strconv.Itoa(partLines)}, "direction": {"backward"}}, from, to)
			partial, err := s.Get(ctx, queryPath, query, func(d *json.Decoder) error {
				return readStreams(d, svc, part, found)
			})
			if ctx.Err() != nil {
				return found
			}
			found.partial = found.partial || partial
			if err != nil {
				found.err = err
			}
		}
	}
	return found
}

// readStreams reads the data of an answer with lines.
func readStreams(d *json.Decoder, svc *service, part int, into *sample) error {
	left := partLines
	return webapi.EachField(d, func(key string) error {
		switch key {
		case "resultType":
			var kind string
			if err := d.Decode(&kind); err != nil {
				return err
			}
			if kind != "streams" {
				return webapi.ErrForm
			}
			return nil
		case "result":
			return webapi.EachItem(d, func() error { return readStream(d, svc, part, &left, into) })
		default:
			return webapi.SkipValue(d)
		}
	})
}

// readStream reads one stream of an answer. Its labels stand before its lines.
func readStream(d *json.Decoder, svc *service, part int, left *int, into *sample) error {
	var labels map[string]string
	return webapi.EachField(d, func(key string) error {
		switch key {
		case "stream":
			return d.Decode(&labels)
		case "values":
			return webapi.EachItem(d, func() error {
				if *left--; *left < 0 {
					return webapi.SkipValue(d)
				}
				text, metadata, err := readLine(d)
				if err != nil {
					return err
				}
				for name, v := range labels {
					if !svc.labels[name] && !strings.HasPrefix(name, "__") {
						metadata[name] = v
					}
				}
				into.lines[part]++
				into.add(text, labels, metadata)
				return nil
			})
		default:
			return webapi.SkipValue(d)
		}
	})
}

// readLine reads one line: its time, its text, and what stands beside it.
func readLine(d *json.Decoder) (text string, metadata map[string]string, err error) {
	at := 0
	metadata = map[string]string{}
	err = webapi.EachItem(d, func() error {
		at++
		switch at {
		case 2:
			return d.Decode(&text)
		case 3:
			return webapi.EachField(d, func(key string) error {
				if key != "structuredMetadata" {
					return webapi.SkipValue(d)
				}
				return d.Decode(&metadata)
			})
		default:
			return webapi.SkipValue(d)
		}
	})
	if err == nil && at < 2 {
		err = webapi.ErrForm
	}
	if metadata == nil {
		metadata = map[string]string{}
	}
	return text, metadata, err
}
