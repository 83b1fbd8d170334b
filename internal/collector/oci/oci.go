// Package oci reads images from their registries: what tags mean, what images
// are made of, and what is attached to them.
package oci

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/parallel"
)

// Config is a source of images.
type Config struct {
	Images      []string `yaml:"images" doc:"Images to read, as registry/repository:tag or @digest; a tag may be a pattern such as 1.* (see latest)."`
	Workloads   *bool    `yaml:"fromWorkloads" doc:"Whether to read the images that the environment's other sources name; true if images is left out."`
	Exclude     []string `yaml:"exclude" doc:"Patterns of references that are not read, such as docker.io/*; * stands for any run of characters."`
	Latest      int      `yaml:"latest" doc:"How many tags of a pattern are read, the newest version first; 1 if left out."`
	Platform    string   `yaml:"platform" doc:"Platform whose image of an index is looked into; linux/amd64 if left out."`
	Insecure    []string `yaml:"insecure" doc:"Registries, as host or host:port, that may be spoken to without TLS; loopback may where images names it, and is asked for an image of fromWorkloads only where it is named."`
	Authorities string   `yaml:"certificateAuthorities" doc:"File of PEM certificates that are trusted besides the system's, relative to the project."`
	Timeout     int      `yaml:"timeout" doc:"Most seconds that one image may take; 30 if left out."`
	Concurrency int      `yaml:"concurrency" doc:"How many images are read at once; 4 if left out."`
	Attached    *bool    `yaml:"attached" doc:"Whether to look for signatures, SBOMs and attestations; true if left out."`
}

// Validate says what is wrong with a config.
func (c *Config) Validate() error {
	os, arch, ok := strings.Cut(cmp.Or(c.Platform, defaultPlatform), "/")
	switch {
	case !ok || os == "" || arch == "":
		return &parity.Error{Code: parity.CodeConfig, What: "the platform is not of the form os/architecture", Hint: "write linux/amd64, or linux/arm/v7"}
	case c.Latest < 0 || c.Timeout < 0 || c.Concurrency < 0:
		return &parity.Error{Code: parity.CodeConfig, What: "latest, timeout and concurrency are numbers from 1", Hint: "leave them out for what is usual"}
	case len(c.Images) == 0 && c.Workloads != nil && !*c.Workloads:
		return &parity.Error{Code: parity.CodeConfig, What: "the source names no images", Hint: "list them under images, or leave fromWorkloads out"}
	}
	return nil
}

// New makes the collector.
func New() collector.Collector {
	return collector.New(collector.Manifest{
		Name:        "oci",
		Summary:     "Reads images from their registries: what tags mean, what images hold, and what is attached to them.",
		Doc:         page,
		AfterOthers: true,
		Kinds:       []kinds.Kind{{Name: parity.ImageSubject, Format: "oci"}},
		Surfaces: []parity.Surface{
			parity.Artifact, parity.Config, parity.Secrets, parity.Resource, parity.Network, parity.IdentitySurface,
			parity.Dependency, parity.Telemetry, parity.Flag, parity.Data, parity.Platform, parity.Delivery, parity.Security,
		},
	}, collect)
}

// The bounds where nothing else is said.
const (
	defaultTimeout     = 30 * time.Second
	defaultConcurrency = 4
	defaultPlatform    = "linux/amd64"
)

func collect(ctx context.Context, in collector.Input, cfg Config, out collector.Sink) error {
	r, err := newReader(ctx, in, cfg)
	if err != nil {
		return err
	}
	defer r.close()
	chosen, err := r.choose(ctx, out)
	if err != nil {
		return err
	}
	found := make([]image, len(chosen))
	err = parallel.ForEach(ctx, r.concurrency, chosen, func(ctx context.Context, i int, w wanted) error {
		found[i] = r.read(ctx, w)
		return nil
	})
	if err != nil {
		return err
	}
	for i := range found {
		found[i].emit(out, found)
	}
	return nil
}
