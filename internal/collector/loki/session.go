package loki

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/webapi"
)

const (
	seriesPath = "/loki/api/v1/series"
	queryPath  = "/loki/api/v1/query_range"
)

// session is one reading of a server.
type session struct {
	webapi.Queries
	out   collector.Sink
	match []matcher
	// naming are the labels that name a service, the first that is there
	// decides.
	naming     []string
	begin, end time.Time
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
	samples, err := s.samples(ctx, services)
	if err != nil {
		return err
	}
	s.halves(samples)
	for i := range services {
		s.emit(services[i], samples[i])
	}
	return nil
}

// selector writes a selector of streams with the matchers of the config.
func (s *session) selector(more ...string) string {
	parts := more
	for _, m := range s.match {
		parts = append(parts, m.text)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// matched reports whether a matcher of the config is about the label. Such a
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
	g := parity.Gap{Kind: parity.LogsKind, Reason: reason, Where: s.Client.Base() + where, Hint: hint}
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
	s.gap(name, where, fmt.Sprintf("%s could not be asked", s.Client.Host()), "")
}

// partly records that the server says of its own answer that it is not whole.
func (s *session) partly(name, where string) {
	s.gap(name, where, s.Client.Host()+" says that its answer is not the whole one", "see the warnings that it shows for the same question")
}
