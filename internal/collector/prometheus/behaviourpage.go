package prometheus

import (
	"fmt"
	"strings"

	"github.com/envparity/parity/internal/naming"
)

// behaviourPage is what the collector's page says of behaviour, with the presets.
func behaviourPage() string {
	var list strings.Builder
	for _, p := range naming.Presets() {
		fmt.Fprintf(&list, "- `%s`: %s\n", p.Name, p.Summary)
	}
	return strings.Replace(behaviourText, "PRESETS", strings.TrimSpace(list.String()), 1)
}

const behaviourText = `## How it behaves

Of each endpoint (by service and name, such as ` + "`GET /cart/{id}`" + `) and each integration (by the service that calls and
what it calls): ` + "`/errors`" + `, how many of its requests failed, and ` + "`/latency`" + `, how long they took, in steps of the
window. Nothing is averaged. Which metrics these are follows from presets; ` + "`telemetry.presets`" + ` in parity.yaml narrows them,
` + "`parity init --prometheus URL`" + ` finds those that fit, and ` + "`telemetry.series`" + ` names metrics that no preset knows. Of several
metrics that see the same requests the first is taken:

PRESETS

Native histograms are preferred to classic ones. Summaries are counted, and their quantiles decide nothing. Native
histograms with custom buckets, or in another unit than seconds, are not read; their classic form is. Growth is
taken over each step and one scrape more, and what the server extrapolates is taken back, so that each request is
counted once; a counter that begins anew loses no more than what lies between two scrapes.

The load is the service's requests per second and instance. Where the server has samples of less than nine tenths of
the window's steps, calls its own answer incomplete, or fails in the middle, endpoints and integrations are unknown; so
are those of a service of which it tells instances and no requests for a part of the window.

Requests: one for the names of metrics, mostly one to tell how often they are scraped, one for the window as a whole, and for each metric of requests that is there four for each of counts, classic buckets, native
histograms and instances. A source with ` + "`match: ['env=\"staging\"']`" + ` asks one server of several environments.

`
