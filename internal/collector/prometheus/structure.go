// Package prometheus reads what servers with the API of Prometheus tell.
package prometheus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
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

// silences is how many questions in a row may have no answer before the server
// is taken to be down. One may be the question's fault.
const silences = 2

// structure reads what there is: rules, the server's settings, targets and
// metrics. What of it could not be read is a gap, and does not end the rest.
type structure struct {
	client *webapi.Client
	out    sink
	naming naming.Config
	match  []matcher
	now    time.Time
	window time.Duration

	// silent counts the questions in a row that had no answer at all. The
	// second sets down, which ends all questions after it.
	silent int
	down   *webapi.Failure

	// What one question tells the next: labels that the server puts on all
	// that leaves it, labels of targets by job, which kinds of rules there are,
	// and which metrics are their results.
	external     []string
	targetLabels map[string]map[string]bool
	ruleKinds    map[string]bool
	recorded     map[string]bool
}

// newStructure prepares the questions. The client is the caller's to close.
func newStructure(client *webapi.Client, in collector.Input, match []matcher, window time.Duration, out sink) *structure {
	return &structure{client: client, out: out, naming: in.Naming, match: match, now: in.Now, window: window}
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

// ask asks one question with GET, or with POST where a form is too long for an
// address. data reads the answer's data.
func (s *structure) ask(ctx context.Context, post bool, path string, query url.Values, data func(*json.Decoder) error) (partial bool, err error) {
	if s.down != nil {
		return false, s.down
	}
	question := s.client.Get
	if post {
		question = s.client.Post
	}
	err = question(ctx, path, query, func(r io.Reader) (err error) {
		partial, err = readAnswer(r, data)
		return err
	})
	var f *webapi.Failure
	switch {
	case ctx.Err() != nil, !errors.As(err, &f), f.Status != 0:
		s.silent = 0
	default:
		if s.silent++; s.silent == silences {
			s.down = f
		}
	}
	return partial, err
}

// selector writes a selector of series with the matchers of the config.
func (s *structure) selector(more ...string) string {
	parts := more
	for i := range s.match {
		parts = append(parts, s.match[i].text)
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// matched tells whether a matcher of the config is about the label, so that
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
	return &parity.Origin{File: s.client.Base(), Precision: parity.AtObject, Object: object}
}

// missing records that a question has no answer. where is the question.
func (s *structure) missing(g parity.Gap, where string, err error) {
	path, _, _ := strings.Cut(where, "?")
	var f *webapi.Failure
	switch {
	case !errors.As(err, &f):
		g.Reason = fmt.Sprintf("%s could not be asked", s.client.Host())
	case f.Status == http.StatusNotFound:
		g.Reason = fmt.Sprintf("%s does not offer %s (404)", s.client.Host(), path)
		g.Hint = "check the url and its path prefix; if the server only asks others, add the one that scrapes and evaluates as a source"
	default:
		g.Reason, g.Hint = f.What, f.Hint
	}
	g.Where = s.client.Base() + where
	s.out.Gap(g)
}

// partly records that the server says of its own answer that it is not whole.
func (s *structure) partly(kind, where string) {
	s.out.Gap(parity.Gap{
		Kind: kind, Where: s.client.Base() + where,
		Reason: s.client.Host() + " says that its answer is not the whole one: a part of what it asks itself did not answer",
		Hint:   "see the warnings that it shows for the same question",
	})
}

// appLabel makes a subject belong to the service.
func appLabel(service string) []parity.Label {
	if service == "" {
		return nil
	}
	return []parity.Label{{Name: "app.kubernetes.io/name", Value: service}}
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
