package app

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/envparity/parity/internal/collector/prometheus"
	"github.com/envparity/parity/internal/discover"
	"github.com/envparity/parity/internal/webapi"
)

// survey asks a server of metrics how it is to be read, and adds it to the plan.
func (a *App) survey(ctx context.Context, plan *discover.Plan, at string) error {
	client, err := webapi.New(webapi.Config{URL: at}, a.Lookup, a.Allow, nil)
	if err != nil {
		return err
	}
	defer client.Close()
	var names []string
	for _, e := range plan.Environments {
		names = append(names, e.Name)
	}
	found, err := prometheus.Look(ctx, client, a.Now, names)
	if err != nil {
		return unanswered(client, err)
	}
	plan.Presets = presetsFor(found.Presets)
	if len(found.Presets) == 0 {
		plan.Notes = append(plan.Notes, client.Host()+" has no metric that a preset knows; metrics of requests are recognised by their form.")
	} else {
		plan.Notes = append(plan.Notes, fmt.Sprintf("%s has metrics of the presets %s.", client.Host(), strings.Join(found.Presets, ", ")))
	}
	if len(found.Match) == 0 {
		plan.Notes = append(plan.Notes, client.Host()+" has no label that tells the environments apart; add a source prometheus with match to each environment, or a server each.")
		return nil
	}
	for i := range plan.Environments {
		e := &plan.Environments[i]
		match, ok := found.Match[e.Name]
		if !ok {
			plan.Notes = append(plan.Notes, fmt.Sprintf("%s has no series of %s.", client.Host(), e.Name))
			continue
		}
		if len(e.Instances) > 0 {
			plan.Notes = append(plan.Notes, fmt.Sprintf("%s has instances; add a source prometheus with match to each.", e.Name))
			continue
		}
		e.Sources = append(slices.Clip(e.Sources), metricsSource(client.Base(), match))
	}
	return nil
}
