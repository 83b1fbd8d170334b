package prometheus

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/envparity/parity/internal/envname"
	"github.com/envparity/parity/internal/naming"
	"github.com/envparity/parity/internal/webapi"
)

// Survey is what a first look at a server tells of how to read it.
type Survey struct {
	// Presets are those of which the server has a metric; see naming.Presets.
	Presets []string
	// Match are the matchers that select each environment's series, by
	// environment; those of which the server has none are not in it. All are of
	// one label, and empty where no label tells environments apart.
	Match map[string]string
}

// EnvironmentLabels are those that may tell environments apart, the clearest
// first.
func EnvironmentLabels() []string {
	return []string{
		"env", "environment", "deployment_environment_name", "deployment_environment", "stage", "tier", "cluster", "k8s_cluster_name", "kubernetes_namespace", "k8s_namespace_name", "namespace",
	}
}

const (
	// maxValues bounds the values of a label that are looked at.
	maxValues = 10_000
	// surveyed is how far back a first look goes.
	surveyed = time.Hour
)

// Look asks a server which presets fit and which label tells environments
// apart. It takes one question for the presets' metrics and, until one fits, one
// for each label. The error is a *webapi.Failure, or the context's.
func Look(ctx context.Context, client *webapi.Client, now time.Time, environments []string) (Survey, error) {
	values := labelValues(ctx, client, now)
	var known []string
	for _, p := range naming.Presets() {
		for _, s := range p.Series {
			known = append(known, s.Metrics()...)
		}
	}
	there, err := values("__name__", new(structure).selecting(known))
	if err != nil {
		return Survey{}, err
	}
	found := Survey{Presets: naming.Detect(func(metric string) bool { return slices.Contains(there, metric) })}
	for _, label := range EnvironmentLabels() {
		list, err := values(label, "")
		if err != nil {
			return Survey{}, err
		}
		if found.Match = matches(label, list, environments); len(found.Match) > 1 {
			return found, nil
		}
	}
	found.Match = nil
	return found, nil
}

// matches finds the environments among the values of a label.
func matches(label string, values, environments []string) map[string]string {
	out := map[string]string{}
	for _, env := range environments {
		i := slices.IndexFunc(values, func(v string) bool { return strings.EqualFold(v, env) })
		if i >= 0 {
			out[env] = label + "=" + strconv.Quote(values[i])
		}
	}
	return out
}

// labelValues asks for the values that a label had of late, of the series that
// match.
func labelValues(ctx context.Context, client *webapi.Client, now time.Time) func(label, match string) ([]string, error) {
	q := &webapi.Queries{Client: client}
	return func(label, match string) ([]string, error) {
		form := url.Values{"start": {unix(now.Add(-surveyed))}, "end": {unix(now)}}
		if match != "" {
			form.Set("match[]", match)
		}
		var list []string
		_, err := q.Get(ctx, "/api/v1/label/"+label+"/values", form, func(d *json.Decoder) (err error) {
			list, _, err = readStrings(d, maxValues)
			return err
		})
		return list, err
	}
}

// wholeLabels are the labels whose values are environments and nothing else.
const wholeLabels = 5

// Environments asks a server for the label that tells environments apart, the
// clearest first, and for the environments that its values are. Both are empty
// where there is none. The error is a *webapi.Failure, or the context's.
func Environments(ctx context.Context, client *webapi.Client, now time.Time) (label string, found []envname.Named, err error) {
	values := labelValues(ctx, client, now)
	for i, label := range EnvironmentLabels() {
		list, err := values(label, "")
		if err != nil {
			return "", nil, err
		}
		if found := envname.Group(list, i < wholeLabels); len(found) > 1 {
			return label, found, nil
		}
	}
	return "", nil, nil
}

// Matcher selects the series whose label has one of the values.
func Matcher(label string, values []string) string {
	if len(values) == 1 {
		return label + "=" + strconv.Quote(values[0])
	}
	return label + "=~" + strconv.Quote(alternatives(values))
}
