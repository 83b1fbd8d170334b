// Package traces reads servers of traces: which operations services have, what
// their spans carry, and what they call.
package traces

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/telemetry"
	"github.com/envparity/parity/internal/webapi"
)

// Config is a server of traces.
type Config struct {
	webapi.Config `yaml:",inline"`
	API           string   `yaml:"api" enum:"jaeger,jaeger-v3,tempo" doc:"Which API the server has: jaeger (if left out), jaeger-v3 or tempo."`
	Services      []string `yaml:"services" doc:"Services to read, by name or pattern such as shop-*; all if left out."`
	Window        string   `yaml:"window" doc:"How far back traces are taken from, such as 6h; 24h if left out."`
	Traces        int      `yaml:"traces" min:"0" doc:"Most traces that are taken of each service; 1000 if left out, 200 of Tempo, where each is a request."`
	Behaviour     bool     `yaml:"behaviour" doc:"Whether durations and errors of endpoints and integrations are taken from the sampled spans; metrics tell them better where there are any."`
}

// The values of api.
const (
	apiJaeger   = "jaeger"
	apiJaegerV3 = "jaeger-v3"
	apiTempo    = "tempo"
)

// Validate says what is wrong with a config.
func (c *Config) Validate() error {
	if err := c.Config.Validate(); err != nil {
		return err
	}
	if _, err := c.window(); err != nil {
		return err
	}
	switch c.API {
	case "", apiJaeger, apiJaegerV3, apiTempo:
	default:
		return &parity.Error{Code: parity.CodeConfig, What: "the api is not known", Hint: "use one of jaeger, jaeger-v3 and tempo"}
	}
	if c.Traces < 0 {
		return &parity.Error{Code: parity.CodeConfig, What: "traces is a number from 1", Hint: "leave it out for what is usual"}
	}
	return nil
}

const defaultWindow = 24 * time.Hour

func (c *Config) window() (time.Duration, error) {
	if c.Window == "" {
		return defaultWindow, nil
	}
	w, err := time.ParseDuration(c.Window)
	if err != nil || w < time.Minute || w > 90*24*time.Hour {
		return 0, &parity.Error{Code: parity.CodeConfig, What: "the window is not a time between a minute and 90 days", Hint: "write it as 6h or 30m"}
	}
	return w, nil
}

// most is how many traces are taken of each service.
func (c *Config) most() int {
	switch {
	case c.Traces > 0:
		return c.Traces
	case c.API == apiTempo:
		return 200
	default:
		return 1000
	}
}

// New makes the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:     "traces",
		Summary:  "Reads Jaeger and Tempo: the operations of services, what their spans carry, and what they call.",
		Doc:      page,
		Role:     parity.Observed,
		Kinds:    slices.Concat(telemetry.Requests(), telemetry.Traces()),
		Surfaces: []parity.Surface{parity.Telemetry, parity.Behaviour},
	}, collect)
}

// server is an API of traces.
type server interface {
	// services lists the services that there are.
	services(ctx context.Context) ([]string, error)
	// operations lists those of a service, as spans.Span.Operation names them.
	// listed is false where the server has no such list.
	operations(ctx context.Context, service string) (names []string, listed bool, err error)
	// traces gives at most so many traces in which the service took part. only
	// is the name of an operation, or empty. A part that could not be had is an
	// error after the others were given.
	traces(ctx context.Context, q question, give giveFunc) error
	// search is what a person would ask for a service.
	search(service string) string
}

// question is for the traces of a service.
type question struct {
	service, operation string
	from, to           time.Time
	most               int
}

func newServer(cfg *Config, in collector.Input) (server, *webapi.Client, error) {
	if err := cfg.Validate(); err != nil {
		return nil, nil, err
	}
	client, err := webapi.New(cfg.Config, in.Lookup, in.Allow, in.Root)
	if err != nil {
		return nil, nil, err
	}
	client.AnswerBytes = answerBytes
	switch cfg.API {
	case apiJaegerV3:
		return &jaegerV3{client: client, naming: in.Naming}, client, nil
	case apiTempo:
		return &tempo{client: client, naming: in.Naming}, client, nil
	default:
		return &jaeger{client: client, naming: in.Naming}, client, nil
	}
}

// answerBytes bounds one answer: memory grows with the largest trace in it.
const answerBytes = 128 << 20

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	from, client, err := newServer(&cfg, in)
	if parity.CodeOf(err) == parity.CodeUnavailable {
		unavailable(&cfg, err, out)
		return nil
	}
	if err != nil {
		return err
	}
	defer client.Close()
	window, err := cfg.window()
	if err != nil {
		return err
	}
	s := &session{cfg: &cfg, in: in, out: out, client: client, server: from, window: window}
	s.stats.Behaviour = cfg.Behaviour
	s.read(ctx)
	if err := ctx.Err(); err != nil {
		return err
	}
	in.Log.Debug("traces were read", "requests", client.Requests(), "traces", s.stats.Traces, "spans", s.stats.Spans)
	out.Tool("traces", fmt.Sprintf("%d requests", client.Requests()))
	return nil
}

// unavailable says that what it takes to ask the server is not there.
func unavailable(cfg *Config, err error, out collector.Sink) {
	g := parity.Gap{Reason: "the server cannot be asked: " + err.Error(), Hint: parity.HintOf(err), Where: cfg.URL}
	for _, g.Kind = range (&session{cfg: cfg}).kinds() {
		out.Gap(g)
	}
}
