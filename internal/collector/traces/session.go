package traces

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/naming"
	"github.com/envparity/parity/internal/spans"
	"github.com/envparity/parity/internal/webapi"
)

// slicesOfWindow is into how many parts the window is cut, so that a sample is
// not of the last minutes alone: servers give the newest traces first.
const slicesOfWindow = 6

// maxServices bounds how many services are asked about.
const maxServices = 500

// enough failures in a row end the questions: the server is down.
const enough = 3

// session is one reading of a server.
type session struct {
	cfg    *Config
	in     collector.Input
	out    collector.Sink
	client *webapi.Client
	server server
	window time.Duration

	stats    spans.Stats
	listed   map[string][]string
	unlisted map[string]bool
	// filled tells which slices of the window had any trace.
	filled   [slicesOfWindow]bool
	failures int // in a row
	// broken is set where a question had no answer.
	broken bool
}

// kinds are those of which the source would tell.
func (s *session) kinds() []string {
	kinds := []string{parity.OperationKind, parity.TracesKind}
	if s.cfg.Behaviour {
		kinds = append(kinds, parity.EndpointKind, parity.IntegrationKind)
	}
	return kinds
}

// gap says of each kind that it is not known of a service, or of all.
func (s *session) gap(service, reason, hint string) {
	for _, kind := range s.kinds() {
		g := parity.Gap{Kind: kind, Reason: reason, Hint: hint, Where: s.client.Base()}
		switch {
		case service == "":
		case kind == parity.TracesKind:
			g.Name = parity.LiteralPattern(service)
		default:
			g.Scope = parity.LiteralPattern(service)
		}
		s.out.Gap(g)
	}
}

func explain(err error) (reason, hint string) {
	var f *webapi.Failure
	if errors.As(err, &f) {
		return f.What, f.Hint
	}
	var p *partial
	if errors.As(err, &p) {
		return p.what, "ask for less, see window and traces"
	}
	return "the answer is not what was asked for", "see whether the url and the api are those of the server"
}

// partial is an answer that says of itself that it is not whole.
type partial struct{ what string }

func (p *partial) Error() string { return p.what }

func (s *session) read(ctx context.Context) {
	services, err := s.server.services(ctx)
	if err != nil {
		reason, hint := explain(err)
		s.gap("", "the services cannot be listed: "+reason, hint)
		return
	}
	services = s.chosen(services)
	if len(services) == 0 {
		s.gap("", s.client.Host()+" knows no services that are asked for", "see services, and whether traces are sent to it")
		return
	}
	s.listed, s.unlisted = map[string][]string{}, map[string]bool{}
	for i, service := range services {
		if ctx.Err() != nil {
			return
		}
		if s.failures >= enough {
			for _, left := range services[i:] {
				s.gap(left, left+" was not asked for, as the questions before it had no answers", "try again later")
			}
			services = services[:i]
			break
		}
		if s.service(ctx, service) {
			s.failures = 0
			continue
		}
		s.failures, s.broken = s.failures+1, true
	}
	if ctx.Err() != nil {
		return
	}
	s.reach()
	s.report(services, s.calls(ctx))
}

// chosen are the services of the config, without the trace server's own where
// it names none.
func (s *session) chosen(all []string) []string {
	slices.Sort(all)
	all = slices.DeleteFunc(slices.Compact(all), func(name string) bool {
		if len(s.cfg.Services) == 0 {
			return name == "" || name == "jaeger" || name == "jaeger-query" || name == "jaeger-all-in-one"
		}
		return !slices.ContainsFunc(s.cfg.Services, func(pattern string) bool {
			ok, err := path.Match(pattern, name)
			return pattern == name || err == nil && ok
		})
	})
	if len(all) > maxServices && s.client != nil {
		s.gap("", fmt.Sprintf("%s knows %d services; the first %d were asked for", s.client.Host(), len(all), maxServices), "name those that matter under services")
		all = all[:maxServices]
	}
	return all
}

// service asks for the operations and for a sample of the traces of one. It
// reports whether all was answered.
func (s *session) service(ctx context.Context, service string) bool {
	names, listed, err := s.server.operations(ctx, service)
	if err != nil {
		reason, hint := explain(err)
		s.out.Gap(parity.Gap{
			Kind: parity.OperationKind, Scope: parity.LiteralPattern(service), Where: s.server.search(service),
			Reason: "the operations cannot be listed: " + reason, Hint: hint,
		})
	}
	if listed = listed && err == nil; !listed {
		s.unlisted[service] = true
	}
	if ctx.Err() != nil {
		return false
	}
	whole := s.sample(ctx, service, names)
	if listed {
		s.listed[service] = s.kinded(service, names)
	}
	return whole && err == nil
}

// sample asks for traces of each slice of the window, until one has no answer.
func (s *session) sample(ctx context.Context, service string, names []string) bool {
	began, step := s.in.Now.Add(-s.window), s.window/slicesOfWindow
	whole := true
	for i := range slicesOfWindow {
		if s.stats.Enough(service, s.cfg.most(), names) {
			break // the traces of its callers are its own as well
		}
		q := question{service: service, from: began.Add(time.Duration(i) * step), to: began.Add(time.Duration(i+1) * step), most: max(1, s.cfg.most()/slicesOfWindow)}
		err := s.server.traces(ctx, q, func(t *spans.Trace) { s.filled[i] = true; s.stats.Add(t) })
		if ctx.Err() != nil {
			return false
		}
		if err == nil {
			continue
		}
		if whole {
			s.unsampled(service, err)
		}
		whole = false
		var p *partial
		if !errors.As(err, &p) {
			break
		}
	}
	return whole
}

// unsampled says what is not known without the traces of a service. Which
// operations there are is known from their list, where there is one.
func (s *session) unsampled(service string, err error) {
	reason, hint := explain(err)
	g := parity.Gap{Reason: "a part of the traces of " + service + " cannot be read: " + reason, Hint: hint, Where: s.server.search(service)}
	pattern := parity.LiteralPattern(service)
	for _, kind := range s.kinds() {
		g.Kind, g.Scope, g.Name = kind, pattern, ""
		paths := []string{""}
		switch {
		case kind == parity.TracesKind:
			g.Scope, g.Name, paths = "", pattern, []string{"/resource", "/sampling"}
		case kind == parity.OperationKind && !s.unlisted[service]:
			paths = []string{"/attributes", "/calls"}
		}
		for _, g.Path = range paths {
			s.out.Gap(g)
		}
	}
}

// kinded leaves out operations of which a server does not know the kind, where
// spans tell it.
func (s *session) kinded(service string, names []string) []string {
	seen := map[string]bool{}
	if v := s.stats.Service(service); v != nil {
		for _, op := range v.Operations {
			seen[strings.TrimPrefix(op.Name, op.Kind.String()+" ")] = op.Kind != naming.AnySpan
		}
	}
	return slices.DeleteFunc(names, func(name string) bool {
		plain, ok := strings.CutPrefix(name, naming.AnySpan.String()+" ")
		return ok && seen[plain]
	})
}

// reach says that traces do not reach back to where the window begins.
func (s *session) reach() {
	empty := slices.Index(s.filled[:], true)
	switch {
	case s.broken: // what is missing is under gaps already
	case empty < 0:
		s.gap("", fmt.Sprintf("%s has no traces of the last %s", s.client.Host(), s.window), "see window, and whether traces are sent to it")
	case empty >= slicesOfWindow/2:
		since := s.window - time.Duration(empty)*s.window/slicesOfWindow
		s.gap("", fmt.Sprintf("%s has traces of at most the last %s only", s.client.Host(), since), "shorten window, or keep traces for longer")
	}
}

// calls asks which services call which, where the server can tell.
func (s *session) calls(ctx context.Context) map[string][]string {
	graph, ok := s.server.(interface {
		calls(ctx context.Context, until time.Time, window time.Duration) (map[string][]string, error)
	})
	if !ok {
		return nil
	}
	var calls map[string][]string
	var err error = &webapi.Failure{What: "it was not asked for, as the questions before it had no answers", Hint: "try again later"}
	if s.failures < enough {
		calls, err = graph.calls(ctx, s.in.Now, s.window)
	}
	g := parity.Gap{Kind: parity.TracesKind, Path: parity.CallsPath, Where: s.client.Base()}
	switch {
	case err != nil:
		reason, hint := explain(err)
		g.Reason, g.Hint = "which services call which cannot be read: "+reason, hint
		s.out.Gap(g)
	case len(calls) == 0 && s.crossing():
		g.Reason = s.client.Host() + " does not know which services call which, though traces show that some do"
		g.Hint = "run the job that computes dependencies, or widen window"
		s.out.Gap(g)
	}
	return calls
}

// crossing reports whether a trace went from one service to another.
func (s *session) crossing() bool {
	for _, v := range s.stats.Services() {
		for name := range v.Calls {
			if s.stats.Service(name) != nil {
				return true
			}
		}
	}
	return false
}

func (s *session) report(services []string, calls map[string][]string) {
	for _, service := range services {
		origin := &parity.Origin{File: s.client.Base(), Precision: parity.AtObject, Object: s.server.search(service)}
		listed := map[string][]string{}
		if names, ok := s.listed[service]; ok {
			listed[service] = names
		}
		s.stats.Report(spans.Report{
			Only: service, Origin: origin, Where: s.server.search(service), Hint: "widen window, or raise traces",
			Listed: listed, Unlisted: s.unlisted, Calls: calls, Behaviour: s.cfg.Behaviour,
		}, s.out)
	}
}
