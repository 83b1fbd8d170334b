// Package kubernetes collects what runs in a cluster from its API server. It
// lists and never writes.
package kubernetes

import (
	"context"
	"errors"
	"fmt"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/kube"
	"github.com/envparity/parity/internal/parallel"
)

// Config is the configuration of one kubernetes source.
type Config struct {
	Context           string   `yaml:"context" doc:"Context of the kubeconfig; its current one if left out."`
	Kubeconfig        string   `yaml:"kubeconfig" doc:"File with the cluster's address and credentials, relative to the project; the files of KUBECONFIG, or .kube/config of the home directory, if left out."`
	InCluster         bool     `yaml:"inCluster" doc:"Use the identity of the pod that Parity runs in, in place of a kubeconfig."`
	Namespaces        []string `yaml:"namespaces" doc:"Namespaces to read, as names or patterns; all if left out. Where all are names, each is listed by itself, so that rights in these are enough."`
	ExcludeNamespaces []string `yaml:"excludeNamespaces" doc:"Namespaces that are not read, as names or patterns; kube-system, kube-public and kube-node-lease if left out."`
	Kinds             Kinds    `yaml:"kinds" doc:"Which kinds are read."`
	Timeout           int      `yaml:"timeout" min:"1" doc:"Most seconds that one request may take with its retries; 30 if left out."`
	PageSize          int      `yaml:"pageSize" min:"10" max:"5000" default:"500" doc:"Objects asked for at once; 500 if left out."`
	Concurrency       int      `yaml:"concurrency" min:"1" max:"32" default:"4" doc:"Lists that are read at the same time; 4 if left out."`
}

// Kinds chooses kinds by patterns such as Deployment, apps/Deployment or
// *.cert-manager.io/*.
type Kinds struct {
	Include []string `yaml:"include" doc:"Kinds to read, as Kind or group/Kind, patterns; all that the server lists if left out. A kind that is left out otherwise is read if it is named here."`
	Exclude []string `yaml:"exclude" doc:"Kinds that are not read, as Kind or group/Kind, patterns."`
}

// The defaults.
const (
	defaultTimeout     = 30 // seconds
	defaultPageSize    = 500
	defaultConcurrency = 4
)

// Validate is asked by the loader of parity.yaml.
func (c *Config) Validate() error {
	if c.InCluster && (c.Context != "" || c.Kubeconfig != "") {
		return fmt.Errorf("inCluster takes no context and no kubeconfig")
	}
	return validPatterns(c.Namespaces, c.ExcludeNamespaces, c.Kinds.Include, c.Kinds.Exclude)
}

// New gives the collector.
func New() collector.Collector {
	return collector.NewTracked(collector.Manifest{
		Name:    "kubernetes",
		Summary: "What runs in a Kubernetes cluster, as its API server tells.",
		Doc:     manual,
		Role:    parity.Live,
		Format:  kube.Format,
		Kinds:   kube.Kinds(),
		Surfaces: []parity.Surface{
			parity.Artifact, parity.Config, parity.Secrets, parity.Resource, parity.Network, parity.IdentitySurface,
			parity.Dependency, parity.Telemetry, parity.Flag, parity.Data, parity.Platform, parity.Delivery,
			parity.Security, parity.Incident,
		},
	}, collect, fingerprint)
}

// collect reads a cluster. One that cannot be reached is a gap over everything
// of Kubernetes, and over nothing else that the environment's sources say.
func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	c, err := connect(in, cfg)
	defer c.close()
	if err == nil {
		err = c.read(ctx, out)
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if fault := (*parallel.PanicError)(nil); errors.As(err, &fault) {
		return err
	}
	if err != nil {
		g := gapOf(err, c.display())
		g.Kind = anyKind
		out.Gap(g)
	}
	return nil
}

// anyKind is the pattern of every Kubernetes kind.
const anyKind = "[A-Z]*"

// read reads what the discovery of the cluster offers.
func (c *cluster) read(ctx context.Context, out collector.Sink) error {
	found, err := c.discover(ctx)
	if err != nil {
		return err
	}
	s := newSession(c, out, found)
	s.settle()
	fault := s.lists(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if fault != nil { // what was read stays, and nothing is said to be missing
		for _, t := range s.tasks() {
			s.census.lose(t.kind, t.namespace)
		}
	}
	s.finish()
	return fault
}

// session is the reading of one cluster.
type session struct {
	*cluster
	out     collector.Sink
	found   *discovery
	scopes  scopes
	objects *kube.Reader
	// held counts the facts that objects holds.
	held   *collector.Held
	census *census
	pods   *pods
	nodes  nodeFacts
	prints *prints
}

func newSession(c *cluster, out collector.Sink, found *discovery) *session {
	s := &session{cluster: c, out: out, found: found, census: newCensus(), pods: newPods(), nodes: newNodeFacts(), prints: newPrints()}
	s.held = collector.NewHeld(c.in.Limits)
	s.objects = kube.NewReader(kube.Options{Kubernetes: found.minor(), Live: true, Unread: s.census.unread, Added: s.held.Add})
	return s
}

// finish hands over what was read once all of it is there.
func (s *session) finish() {
	for key, run := range s.pods.running(s.origin) {
		s.objects.Running(key, run)
	}
	s.objects.Finish(s.out.Subject)
	for _, g := range s.objects.Gaps() {
		s.out.Gap(g)
	}
	s.platform()
	if track, ok := s.out.(collector.Tracker); ok && s.complete() {
		track.Fingerprint(s.print())
	}
	s.out.Tool("kubernetes "+s.name, s.found.version)
}
