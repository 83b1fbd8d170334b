package prometheus

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/webapi"
)

// upSeries tells of targets what the series up does, for servers that scrape
// nothing themselves. why is what became of the question for targets.
func (s *structure) upSeries(ctx context.Context, why error) {
	query := "up" + s.selector()
	if len(s.match) == 0 {
		query = "up"
	}
	set := &targetSet{found: map[targetKey]*target{}}
	form := url.Values{"query": {query}, "time": {unix(s.now)}}
	partial, err := s.Get(ctx, queryPath, form, func(d *json.Decoder) error {
		return eachSeries(d, func(x *seriesAnswer) error {
			one := set.at(targetKey{x.Metric["job"], s.targetName(x.Metric)})
			if one == nil {
				return nil
			}
			if v, ok := x.last(); ok && v == 1 {
				one.up++
			} else {
				one.down++
				one.errors["not told"] = true
			}
			delete(x.Metric, "__name__")
			s.noteLabels(one, x.Metric)
			return nil
		})
	})
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		s.missing(parity.Gap{Kind: parity.TargetKind}, queryPath+"?query="+url.QueryEscape(query), err)
		return
	}
	for _, path := range []string{"/interval", "/timeout", "/path", "/scheme"} {
		g := parity.Gap{Kind: parity.TargetKind, Path: path}
		var f *webapi.Failure
		if errors.As(why, &f) && f.Status == http.StatusNotFound {
			g.Where = s.Client.Base() + targetsPath
			g.Reason = s.Client.Host() + " does not scrape itself, and knows of targets only whether they are up"
			g.Hint = "add the Prometheus that scrapes as a source"
			s.out.Gap(g)
			continue
		}
		s.missing(g, targetsPath, why)
	}
	s.emitTargets(set, s.origin(query), partial)
}

// seriesAnswer is one series of an answer, at one time or at several. Its
// values stay text until they are wanted.
type seriesAnswer struct {
	Metric map[string]string `json:"metric"`
	Value  json.RawMessage   `json:"value"`
	Values json.RawMessage   `json:"values"`
	// Histograms are those of native ones, read only by whom they concern.
	Histograms json.RawMessage `json:"histograms"`
}

// numbers gives the values in order of time. Each stands in quotes behind its
// time; what is no number is left out.
func (x *seriesAnswer) numbers(yield func(float64) bool) {
	for _, text := range [][]byte{x.Value, x.Values} {
		for {
			_, after, ok := bytes.Cut(text, []byte{'"'})
			if !ok {
				break
			}
			v, rest, ok := bytes.Cut(after, []byte{'"'})
			if !ok {
				break
			}
			text = rest
			if n, err := strconv.ParseFloat(string(v), 64); err == nil && !yield(n) {
				return
			}
		}
	}
}

// last gives the newest value.
func (x *seriesAnswer) last() (v float64, ok bool) {
	for v = range x.numbers {
		ok = true
	}
	return v, ok
}

// most gives the largest value.
func (x *seriesAnswer) most() (most float64) {
	for v := range x.numbers {
		if v > most {
			most = v
		}
	}
	return most
}

// eachSeries reads the data of a query's answer, series by series.
func eachSeries(d *json.Decoder, each func(*seriesAnswer) error) error {
	return webapi.EachField(d, func(key string) error {
		if key != "result" {
			return webapi.SkipValue(d)
		}
		return webapi.EachItem(d, func() error {
			var x seriesAnswer
			if err := d.Decode(&x); err != nil {
				return err
			}
			return each(&x)
		})
	})
}

// queryRange asks a query at times a step apart.
func (s *structure) queryRange(ctx context.Context, query string, from, to time.Time, step time.Duration, each func(*seriesAnswer) error) (partial bool, err error) {
	form := url.Values{
		"query": {query}, "start": {unix(from)}, "end": {unix(to)}, "step": {strconv.FormatFloat(step.Seconds(), 'f', -1, 64)},
	}
	return s.Post(ctx, rangePath, form, func(d *json.Decoder) error { return eachSeries(d, each) })
}
