package prometheus

import (
	"context"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/webapi"
)

// Config is a server that speaks Prometheus' HTTP API.
type Config struct {
	webapi.Config `yaml:",inline"`
	Match         []string `yaml:"match" doc:"Matchers that confine every question to this environment, such as env=\"staging\", for a server that holds several."`
	Window        string   `yaml:"window" doc:"How far back to look, such as 1h or 30m; 1h if left out."`
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
	_, err := c.duration(c.Window, defaultWindow)
	return err
}

func (c *Config) duration(text string, otherwise time.Duration) (time.Duration, error) {
	if text == "" {
		return otherwise, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < time.Second || d > 366*24*time.Hour {
		return 0, &parity.Error{Code: parity.CodeConfig, What: "window is no length of time from a second to a year", Hint: "write it as 1h, 30m or 90s"}
	}
	return d.Round(time.Second), nil
}

// New makes the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:     "prometheus",
		Summary:  "Reads metrics, targets and rules from Prometheus, Thanos, Mimir or VictoriaMetrics.",
		Doc:      structurePage,
		Role:     parity.Observed,
		Surfaces: []parity.Surface{parity.Telemetry},
	}, collect)
}

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	client, err := webapi.New(cfg.Config, in.Lookup, in.Root)
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
	return newStructure(client, in, match, window, out).read(ctx)
}
