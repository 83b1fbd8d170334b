// Package exec reads the standard output of a command as settings or as
// Kubernetes objects.
package exec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/command"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/kube"
	"github.com/envparity/parity/internal/settings"
)

const page = `Runs a command and reads what it writes to its standard output: for what only its own tool can render, such as
helmfile, jsonnet, cue or timoni.

` + "```yaml" + `
sources:
  - collector: exec
    command: [helmfile, --environment, staging, template]
    format: kubernetes
    timeout: 120
    env: [KUBECONFIG]
  - collector: exec
    command: [cue, export, ./settings, -t, env=staging]
    format: json
  - collector: exec
    command: [kubectl, get, deployments, --namespace, shop, --output, yaml, --show-managed-fields]
    format: kubernetes
    role: live
    env: [KUBECONFIG]
` + "```" + `

It never runs unless parity.yaml names it, so check who may change that file before a pipeline runs it on changes that
others propose.

The command is run directly, without a shell, in ` + "`dir`" + `. Of the environment it gets
` + "`PATH`, `HOME`, `USER`, `LANG`, `TMPDIR`" + ` and what ` + "`env`" + ` lists. Its standard input is empty. What it writes to its standard error is not kept: it
may hold secrets; run the command yourself to see it.

It is a gap over everything the command could have said when the command cannot be started, ends with another exit code
than 0, writes more than a file may hold, takes longer than ` + "`timeout`" + `, or writes what cannot be parsed. When
Parity is interrupted, or the command takes too long, it ends with its process group. On Linux so does what has left the
group, such as a daemon with a session of its own: it is found by its parents, and by the variable ` + "`PARITY_COMMAND`" + `, which
every command is given and what it starts inherits. A process that has both lost its parents and cleared its environment
survives. On other systems what leaves the group survives. What a command leaves running when it ends by itself is left
alone.

Values point to the command; there is no file whose line would be theirs.
`

// Kubernetes is the format of Kubernetes objects in YAML.
const Kubernetes = "kubernetes"

// Config is a source that is a command's output.
type Config struct {
	Command []string `yaml:"command" required:"true" doc:"The command and its arguments, run without a shell."`
	Format  string   `yaml:"format" required:"true" doc:"Format of the output: kubernetes, yaml, json, toml, ini, properties or dotenv."`
	Dir     string   `yaml:"dir" doc:"Directory to run it in, relative to the project; the project's if left out."`
	Timeout int      `yaml:"timeout" doc:"Most seconds it may take; 60 if left out."`
	Env     []string `yaml:"env" doc:"Names of the environment variables that it may see."`
	Name    string   `yaml:"name" doc:"Scope of the subjects, for output that is no Kubernetes objects; empty if left out."`
	Role    string   `yaml:"role" enum:"desired,live" default:"desired" doc:"What the output speaks of: what is declared (desired, if left out) or what runs (live), as of kubectl get -o yaml."`
}

// Roles are those that the output speaks of.
func (c *Config) Roles() []parity.Role {
	if c.Role == string(parity.Live) {
		return []parity.Role{parity.Live}
	}
	return []parity.Role{parity.Desired}
}

// Speaks is the format whose other sources the output stands in for; empty
// where it is of its own.
func (c *Config) Speaks() string {
	if c.Format == Kubernetes {
		return Kubernetes
	}
	return ""
}

// New makes the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:    "exec",
		Summary: "Reads what a command writes, as settings or Kubernetes objects; runs only if parity.yaml names it.",
		Doc:     page,
		Kinds:   slices.Concat(kube.Kinds(), settings.Kinds()),
		Role:    parity.Desired,
		Surfaces: []parity.Surface{
			parity.Artifact, parity.Config, parity.Secrets, parity.Resource, parity.Network, parity.IdentitySurface,
			parity.Dependency, parity.Telemetry, parity.Flag, parity.Data, parity.Platform, parity.Delivery, parity.Security,
		},
	}, collect)
}

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	if err := cfg.check(); err != nil {
		return err
	}
	dir := cfg.Dir
	if dir == "" {
		dir = "."
	}
	p, err := in.Root.Resolve(dir)
	if err != nil {
		return err
	}
	if p.OnDisk == "" {
		return &parity.Error{Code: parity.CodeConfig, Where: dir, What: "a command cannot run in a git revision"}
	}
	limits := in.Limits
	if limits == (collector.Limits{}) {
		limits = collector.DefaultLimits()
	}
	r := command.Run{
		Command: cfg.Command, Dir: p.OnDisk, Env: cfg.Env, Most: limits.FileBytes,
		Timeout: time.Duration(cfg.Timeout) * time.Second,
	}
	if cfg.Timeout <= 0 {
		r.Timeout = time.Minute
	}
	output, err := r.Output(ctx)
	if err != nil {
		return err
	}
	w := &reading{
		ctx: ctx, name: r.Name(), cfg: cfg, out: out, namespace: in.Namespace, kubernetes: in.Kubernetes,
		limits: doc.Limits{Nodes: limits.Nodes, Depth: limits.Depth, Bytes: limits.FileBytes},
	}
	return w.read(output)
}

func (c *Config) check() error {
	switch {
	case len(c.Command) == 0 || c.Command[0] == "":
		return &parity.Error{Code: parity.CodeConfig, What: "the source names no command", Hint: "list the command and its arguments under command"}
	case c.Format != Kubernetes && !doc.Format(c.Format).Valid():
		return &parity.Error{
			Code: parity.CodeConfig, What: fmt.Sprintf("the format %q is not known", c.Format),
			Hint: "use kubernetes, yaml, json, toml, ini, properties or dotenv",
		}
	}
	return nil
}

// reading turns one output into facts.
type reading struct {
	ctx       context.Context //nolint:containedctx // it lives as long as one call
	name      string
	cfg       Config
	out       collector.Sink
	namespace string
	// kubernetes is the minor version whose defaults apply.
	kubernetes string
	limits     doc.Limits
}

func (w *reading) read(output []byte) error {
	origin := &parity.Origin{File: "exec:" + w.name, Precision: parity.AtFile, Renderer: w.name}
	documents := 0
	var objects *kube.Reader
	if w.cfg.Format == Kubernetes {
		objects = kube.NewReader(kube.Options{Namespace: w.namespace, Kubernetes: w.kubernetes, Live: w.cfg.Role == string(parity.Live)})
	}
	err := doc.Parse(w.format(), bytes.NewReader(output), w.limits, func(n *doc.Node, index int) error {
		documents++
		switch {
		case objects != nil:
			objects.Add(n, origin)
		case n.Kind == doc.Map || n.Kind == doc.List:
			settings.Read(n, w.options(index), origin, w.out.Subject)
		default:
			w.out.Gap(w.gap(&doc.Error{Line: n.Line, Col: n.Col, What: "a document is a single value, no settings"}))
		}
		return w.ctx.Err()
	})
	if objects != nil {
		objects.Finish(w.out.Subject)
		for _, g := range objects.Gaps() {
			w.out.Gap(g)
		}
	}
	switch {
	case w.ctx.Err() != nil:
		return w.ctx.Err()
	case err != nil:
		w.out.Gap(w.gap(err))
	case documents == 0:
		return &parity.Error{Code: parity.CodeUnavailable, Where: w.name, What: "the command wrote nothing", Hint: "run it yourself to see why"}
	}
	return nil
}

func (w *reading) format() doc.Format {
	if w.cfg.Format == Kubernetes {
		return doc.YAML
	}
	return doc.Format(w.cfg.Format)
}

func (w *reading) options(index int) settings.Options {
	o := settings.Options{Scope: w.cfg.Name, Limits: doc.Limits{Nodes: w.limits.Nodes / 10, Depth: w.limits.Depth, Bytes: 4 << 20}}
	if index > 0 {
		o.Scope += "#" + strconv.Itoa(index+1)
	}
	if w.format() == doc.Dotenv {
		o.Surface = settings.VariableSurface
	}
	return o
}

func (w *reading) gap(err error) parity.Gap {
	g := parity.Gap{
		Where: w.name, Hint: "run the command yourself and look at what it writes",
		Reason: "the output of the command " + w.name + " cannot be read as " + w.cfg.Format,
	}
	var e *doc.Error
	if errors.As(err, &e) {
		g.Reason += ": " + e.Error()
	}
	return g
}
