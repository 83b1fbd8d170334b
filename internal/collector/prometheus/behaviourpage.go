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
window. Nothing is averaged. Which metrics these are follows, in this order, from ` + "`telemetry.series`" + ` in parity.yaml, from
presets, and from the form of metrics that neither names; ` + "`telemetry.presets`" + ` narrows both, and
` + "`parity init --prometheus URL`" + ` finds those that fit. Of several metrics that see the same requests the first is taken:

PRESETS
- ` + "`form`" + `: any other metric with the form of requests, whatever prefix its program gives it

A metric has that form if its name speaks of requests, calls, queries, commands or operations (` + "`request`, `rpc`, `handled`" + `),
and a label says what was asked (a route, handler, path, method, verb, resource or operation). A counter must have a
label that says how it ended (a code, status, result, outcome, success or error); a histogram or summary must be one
of durations, and may have such a label in place of a word in its name. What names parts of requests, or what is not
counted by request (` + "`bytes`, `size`, `queue`, `wait`, `connections`, `in_flight`, `errors`" + `), is none. A counter and a histogram
of the same name but for these words are one: the first says which failed, the second how long they took. A name with
` + "`client`, `upstream`" + ` or what keeps data (` + "`cache`, `storage`, `kv`, `db`, `redis`" + `) before what makes it a server's is one of calls.
A request failed that ended with 5xx or 429, with a code of gRPC for what the server could not do or refused to do for
load, or with a word for a failure. A service has one kind of requests to routes; other operations carry the words of
their metric in their name.

` + "`parity collectors explain ENVIRONMENT [SOURCE]`" + ` shows which metrics are read, by what they were recognised, and how; a series
under ` + "`telemetry.series`" + ` takes the place of what is said there of its metric and of those of the same requests.

What nobody asked in the window is no endpoint, although libraries count it from the start of a program; nor is the
path at which targets are scraped.

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
