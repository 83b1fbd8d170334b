package app

import (
	"bufio"
	"bytes"
	"context"
	"strings"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/all"
	"github.com/envparity/parity/internal/kinds"
	"github.com/envparity/parity/internal/surface"
	"github.com/envparity/parity/internal/value"
)

// gadgetsConfig is the config of a made-up collector.
type gadgetsConfig struct {
	File string `yaml:"file" doc:"File to read."`
}

func gadgetSurfaces() *surface.Table {
	t, err := surface.New("*\t/lock\tsecurity\n*\t/picture\tartifact\n*\t/count\tresource\n")
	if err != nil {
		return nil
	}
	return t
}

// gadgets is a collector of its own format: each line of a file is a kind, a name
// and settings. Nothing but this declaration knows of it.
func gadgets() collector.Collector {
	return collector.New(collector.Manifest{
		Name: "gadgets", Summary: "Reads gadgets.", Doc: "Gadgets.", FilesOnly: true, Role: parity.Desired,
		Surfaces: []parity.Surface{parity.Artifact, parity.Security, parity.Resource, parity.Config},
		Complete: true,
		Kinds: []kinds.Kind{
			{
				Name: "gadget", Format: "gadgets", Family: "workload", Common: gadgetPaths, Rank: kinds.RankLead,
				Replicas: "/count", Surfaces: gadgetSurfaces(),
				Reapply: []kinds.Reapply{
					{Prefix: "/count", Effect: kinds.EffectScales},
					{Prefix: "/lock", LowRisk: true, Why: "the lock turns at once"},
				},
				Made: "a gadget is built",
			},
			{Name: "casing", Format: "gadgets", Rank: kinds.RankPart, Surfaces: gadgetSurfaces()},
			{Name: "dial", Format: "gadgets", Telemetry: true, Also: []parity.Surface{parity.Telemetry}},
		},
	}, collectGadgets)
}

func gadgetPaths(*parity.SubjectFacts) func(path string) string {
	return func(path string) string {
		switch path {
		case "/picture":
			return "/image"
		case "/count":
			return "/deploy/replicas"
		}
		return ""
	}
}

func collectGadgets(_ context.Context, in collector.Input, cfg gadgetsConfig, out collector.Sink) error {
	p, err := in.Root.Resolve(cfg.File)
	if err != nil {
		return err
	}
	data, err := p.Read(1 << 20)
	if err != nil {
		return err
	}
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		words := strings.Fields(lines.Text())
		key := parity.Key{Kind: words[0], Name: words[1]}
		if words[0] == "unread" {
			out.Gap(parity.Gap{Kind: "gadget", Path: words[1], Reason: "the file says that it is unread"})
			continue
		}
		var facts []parity.Fact
		for _, w := range words[2:] {
			name, text, _ := strings.Cut(w, "=")
			v, rules := value.Of("/"+name, text, value.StringScalar)
			facts = append(facts, parity.Fact{Path: "/" + name, Value: v, Rules: rules, Surface: gadgetSurfaces().Of(key.Kind, "/"+name)})
		}
		out.Subject(parity.Subject{Key: key}, facts)
	}
	return nil
}

// withGadgets is the list of collectors with one more.
func withGadgets() collector.Registry {
	return append(all.Collectors()[:len(all.Collectors()):len(all.Collectors())], gadgets())
}
