package loki

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/webapi"
)

const (
	seriesPath = "/loki/api/v1/series"
	queryPath  = "/loki/api/v1/query_range"
)

// silences is how many questions in a row may have no answer before the server
// is taken to be down. One may be the question's fault.
const silences = 2

// session is one reading of a server.
type session struct {
	client *webapi.Client
	out    collector.Sink
	match  []matcher
	// naming are the labels that name a service, the first that is there
	// decides.
	naming     []string
	begin, end time.Time

	mu     sync.Mutex // guards what follows
	silent int
	down   *webapi.Failure
}

// read asks everything. The error is the context's.
func (s *session) read(ctx context.Context) error {
	services, ok := s.services(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if !ok {
		return nil
	}
	samples := s.samples(ctx, services)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	s.halves(samples)
	for i := range services {
		s.emit(services[i], samples[i])
	}
	return nil
}

// ask asks one question. data reads the answer's data. partial tells that the
// server says itself that its answer is not the whole one.
func (s *session) ask(ctx context.Context, path string, query url.Values, data func(*json.Decoder) error) (partial bool, err error) {
	s.mu.Lock()
	down := s.down
	s.mu.Unlock()
	if down != nil {
		return false, down
	}
	err = s.client.Get(ctx, path, query, func(r io.Reader) (err error) {
		partial, err = readAnswer(r, data)
		return err
	})
	var f *webapi.Failure
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case ctx.Err() != nil, !errors.As(err, &f), f.Status != 0:
		s.silent = 0
	default:
		if s.silent++; s.silent >= silences {
			s.down = f
		}
	}
	return partial, err
}

// readAnswer reads the envelope that every question is answered in.
func readAnswer(r io.Reader, data func(*json.Decoder) error) (partial bool, err error) {
	d := json.NewDecoder(r)
	success := false
	err = webapi.EachField(d, func(key string) error {
		switch key {
		case "status":
			var status string
			err := d.Decode(&status)
			success = status == "success"
			return err
		case "data":
			return data(d)
		case "warnings":
			return webapi.EachItem(d, func() error { partial = true; return webapi.SkipValue(d) })
		default:
			return webapi.SkipValue(d)
		}
	})
	if err == nil && !success {
		err = webapi.ErrForm
	}
	if err != nil {
		return false, err
	}
	// What is left is drained, so that the connection can be used again.
	_, err = io.Copy(io.Discard, io.LimitReader(r, 1<<16))
	return partial, err
}

// selector writes a selector of streams with the matchers of the config.
func (s *session) selector(more ...string) string {
	parts := more
	for _, m := range s.match {
		parts = append(parts, m.text)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// matched tells whether a matcher of the config is about the label. Such a
// label tells environments apart, each by its own perhaps, and so may be missing
// in one of them.
func (s *session) matched(label string) bool {
	for _, m := range s.match {
		if m.label == label {
			return true
		}
	}
	return false
}

// span adds a time's bounds to a question.
func span(query url.Values, from, to time.Time) url.Values {
	query.Set("start", strconv.FormatInt(from.UnixNano(), 10))
	query.Set("end", strconv.FormatInt(to.UnixNano(), 10))
	return query
}

// gap records one over logs; what names the service's pattern, empty for all.
func (s *session) gap(name, where, reason, hint string) {
	g := parity.Gap{Kind: parity.LogsKind, Reason: reason, Where: s.client.Base() + where, Hint: hint}
	if name != "" {
		g.Name = parity.LiteralPattern(name)
	}
	s.out.Gap(g)
}

// missing records that a question has no answer.
func (s *session) missing(name, where string, err error) {
	var f *webapi.Failure
	if errors.As(err, &f) {
		s.gap(name, where, f.What, f.Hint)
		return
	}
	s.gap(name, where, fmt.Sprintf("%s could not be asked", s.client.Host()), "")
}

// partly records that the server says of its own answer that it is not whole.
func (s *session) partly(name, where string) {
	s.gap(name, where, s.client.Host()+" says that its answer is not the whole one", "see the warnings that it shows for the same question")
}
