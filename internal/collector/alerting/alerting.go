// Package alerting reads who is told of alerts and when, and the rules that
// make them: from an Alertmanager, and from files for Alertmanager, Prometheus
// and Grafana.
package alerting

import (
	"context"
	"slices"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/telemetry"
	"github.com/envparity/parity/internal/webapi"
)

// Config is a source of alerting: an Alertmanager, or files.
type Config struct {
	Alertmanager  *webapi.Config `yaml:"alertmanager" doc:"An Alertmanager that runs; either this or files."`
	Files         []string       `yaml:"files" doc:"Files, directories and patterns (*, ?, [ab], {a,b}, **), relative to the project, or git:REV:path: configurations of Alertmanager, rules of Prometheus, what is provisioned to Grafana."`
	CheckRunbooks bool           `yaml:"checkRunbooks" doc:"Ask once for the address of each runbook that the rules in files name, without credentials; not if left out."`
}

// Roles tells what the source speaks of: an Alertmanager is what is seen, files
// are what is declared.
func (c Config) Roles() []parity.Role {
	if c.Alertmanager != nil {
		return []parity.Role{parity.Observed}
	}
	return []parity.Role{parity.Desired}
}

// FilesOnly leaves out what asks a server.
func (c *Config) FilesOnly() (only any, leftOut string) {
	switch {
	case c.Alertmanager != nil:
		return nil, "it asks an Alertmanager"
	case c.CheckRunbooks:
		left := *c
		left.CheckRunbooks = false
		return &left, "the addresses of runbooks are not asked for"
	}
	return c, ""
}

// New makes the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:      "alerting",
		Summary:   "Reads receivers, routes and inhibitions from an Alertmanager or its file, and rules from files of Prometheus and Grafana.",
		Doc:       page,
		FilesOnly: true,
		Format:    "alerting",
		Kinds:     declared(),
		Surfaces:  []parity.Surface{parity.Telemetry},
	}, collect)
}

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	switch {
	case (cfg.Alertmanager != nil) == (len(cfg.Files) > 0):
		return &parity.Error{Code: parity.CodeConfig, What: "the source names neither an Alertmanager nor files, or both", Hint: "write a source for each"}
	case cfg.Alertmanager != nil:
		return readManager(ctx, in, *cfg.Alertmanager, out)
	}
	r := &reader{in: in, out: out, limits: doc.Limits{Nodes: in.Limits.Nodes, Depth: in.Limits.Depth, Bytes: in.Limits.FileBytes}}
	if err := r.files(ctx, cfg.Files); err != nil {
		return err
	}
	var state map[string]runbookState
	if cfg.CheckRunbooks {
		var err error
		if state, err = checkRunbooks(ctx, r.runbooks(), in.Allow); err != nil {
			return err
		}
	}
	r.emitRules(state)
	return nil
}

// declared are the kinds of all of these. That of a server that runs is of a format
// of its own: files cannot speak of it.
func declared() []kinds.Kind {
	return slices.Concat(telemetry.Rules(), telemetry.Kinds("alerting", settingKinds()...), telemetry.Kinds("alertmanager", parity.AlertmanagerKind))
}

// settingKinds are what a configuration of Alertmanager tells of, managerKinds
// what one that runs tells of, and fileKinds what a file may.
func settingKinds() []string {
	return []string{parity.ReceiverKind, parity.RouteKind, parity.InhibitionKind}
}

func managerKinds() []string { return append(settingKinds(), parity.AlertmanagerKind) }

func fileKinds() []string { return append(settingKinds(), parity.AlertKind, parity.RecordingKind) }
