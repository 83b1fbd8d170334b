package prometheus

import (
	"context"
	"slices"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/telemetry"
	"github.com/envparity/parity/internal/webapi"
)

// Config is a server that speaks Prometheus' HTTP API.
type Config struct {
	webapi.Config `yaml:",inline"`
	Match         []string `yaml:"match" doc:"Matchers that confine every question to this environment, such as env=\"staging\", for a server that holds several."`
	Window        string   `yaml:"window" doc:"How far back to look, such as 1h or 30m; 1h if left out."`
	Step          string   `yaml:"step" doc:"How long the parts of the window are that requests are counted in, such as 1m; a sixtieth of the window if left out, and never less than two scrapes."`
	Behaviour     *bool    `yaml:"behaviour" doc:"Whether to count requests, errors and durations of endpoints and integrations; true if left out."`
}

// defaultWindow is how far back one looks where nothing else is said.
const defaultWindow = time.Hour

// Validate says what is wrong with a config.
func (c *Config) Validate() error {
	if err := c.Config.Validate(); err != nil {
		return err
	}
	if _, err := parseMatchers(c.Match); err != nil {
		return err
	}
	window, err := c.duration(c.Window, defaultWindow)
	if err != nil {
		return err
	}
	step, err := c.duration(c.Step, window/60)
	if err == nil && window < 2*step {
		err = &parity.Error{Code: parity.CodeConfig, What: "the window holds less than two steps", Hint: "lengthen window, or leave step out"}
	}
	return err
}

func (c *Config) duration(text string, otherwise time.Duration) (time.Duration, error) {
	if text == "" {
		return otherwise, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Second || d > 366*24*time.Hour {
		return 0, &parity.Error{Code: parity.CodeConfig, What: "window or step is no length of time from a second to a year", Hint: "write it as 1h, 30m or 90s"}
	}
	return d.Round(time.Second), nil
}

// New makes the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:    "prometheus",
		Summary: "Reads metrics, targets, rules and the behaviour of endpoints from Prometheus, Thanos, Mimir or VictoriaMetrics.",
		Doc:     behaviourPage() + structurePage,
		Role:    parity.Observed,
		Kinds: slices.Concat(telemetry.Requests(), telemetry.Metrics(), telemetry.Rules(),
			telemetry.Kinds("metrics", parity.TargetKind, parity.MetricsServerKind)),
		Surfaces: []parity.Surface{parity.Telemetry, parity.Behaviour},
	}, collect)
}

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	client, err := webapi.New(cfg.Config, in.Lookup, in.Allow, in.Root)
	if err != nil {
		return err
	}
	defer client.Close()
	match, err := parseMatchers(cfg.Match)
	if err != nil {
		return err
	}
	window, err := cfg.duration(cfg.Window, defaultWindow)
	if err != nil {
		return err
	}
	s := newStructure(client, in, match, window, out)
	if err := s.read(ctx); err != nil {
		return err
	}
	if cfg.Behaviour != nil && !*cfg.Behaviour {
		return nil
	}
	step, err := cfg.duration(cfg.Step, 0)
	if err != nil {
		return err
	}
	return newRequests(s, step).read(ctx)
}
