// Package prometheus reads what servers with the API of Prometheus tell.
package prometheus

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/naming"
	"github.com/envparity/parity/internal/webapi"
)

// sink takes what is found.
type sink interface {
	Subject(s parity.Subject, facts []parity.Fact)
	Gap(g parity.Gap)
}

// structure reads what there is: rules, the server's settings, targets and
// metrics. What of it could not be read is a gap, and does not end the rest.
type structure struct {
	webapi.Queries
	out    sink
	naming naming.Config
	match  []matcher
	now    time.Time
	window time.Duration

	// What one question tells the next: labels that the server puts on all
	// that leaves it, labels of targets by job, which kinds of rules there are,
	// and which metrics are their results.
	external     []string
	targetLabels map[string]map[string]bool
	ruleKinds    map[string]bool
	recorded     map[string]bool
	scraped      map[string]bool // the paths at which targets are scraped
	listed       *metricSet      // nil where the metrics could not be listed
}

// newStructure prepares the questions. The client is the caller's to close.
func newStructure(client *webapi.Client, in collector.Input, match []matcher, window time.Duration, out sink) *structure {
	return &structure{Queries: webapi.Queries{Client: client}, out: out, naming: in.Naming, match: match, now: in.Now, window: window}
}

// read asks everything. The error is the context's.
func (s *structure) read(ctx context.Context) error {
	for _, part := range []func(context.Context){s.rules, s.server, s.targets, s.metrics} {
		if part(ctx); ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// selector writes a selector of series with the matchers of the config.
func (s *structure) selector(more ...string) string {
	parts := more
	for i := range s.match {
		parts = append(parts, s.match[i].text)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// selecting writes a selector of all series with the names.
func (s *structure) selecting(names []string, more ...string) string {
	return s.selector(append([]string{"__name__=~" + strconv.Quote(alternatives(names))}, more...)...)
}

// matched reports whether a matcher of the config is about the label, so that
// the label tells environments apart.
func (s *structure) matched(label string) bool {
	for i := range s.match {
		if s.match[i].name == label {
			return true
		}
	}
	return false
}

// origin is where a fact was read; object is what a person can ask again.
func (s *structure) origin(object string) *parity.Origin {
	return &parity.Origin{File: s.Client.Link("", nil), Precision: parity.AtObject, Object: object}
}

// missing records that a question has no answer. where is the question.
func (s *structure) missing(g parity.Gap, where string, err error) {
	path, _, _ := strings.Cut(where, "?")
	var f *webapi.Failure
	switch {
	case !errors.As(err, &f):
		g.Reason = fmt.Sprintf("%s could not be asked", s.Client.Host())
	case f.Status == http.StatusNotFound:
		g.Reason = fmt.Sprintf("%s does not offer %s (404)", s.Client.Host(), path)
		g.Hint = "check the url and its path prefix; if the server only asks others, add the one that scrapes and evaluates as a source"
	default:
		g.Reason, g.Hint = f.What, f.Hint
	}
	g.Where = s.Client.Base() + where
	s.out.Gap(g)
}

// partly records that the server says of its own answer that it is not whole.
func (s *structure) partly(kind, where string) {
	s.out.Gap(parity.Gap{
		Kind: kind, Where: s.Client.Base() + where,
		Reason: s.Client.Host() + " says that its answer is not the whole one: a part of what it asks itself did not answer",
		Hint:   "see the warnings that it shows for the same question",
	})
}

// fact makes a fact of telemetry.
func fact(o *parity.Origin, path string, v parity.Value, rules ...parity.Rule) parity.Fact {
	return parity.Fact{Path: path, Value: v, Rules: parity.SetOf(rules...), Surface: parity.Telemetry, Origin: o}
}

func text(s string) parity.Value { return parity.Value{Kind: parity.Text, Raw: s} }

// member makes a fact that something is one of a set.
func member(o *parity.Origin, set, name string, rules ...parity.Rule) parity.Fact {
	return fact(o, set+name+"]", parity.Value{Kind: parity.Set, Raw: name}, rules...)
}
