package prometheus

// behaviourPage is what the collector's page says of behaviour.
const behaviourPage = `## How it behaves

Of each endpoint (by service and name, such as ` + "`GET /cart/{id}`" + `) and each integration (by the service that calls and
what it calls): ` + "`/errors`" + `, how many of its requests failed, and ` + "`/latency`" + `, how long they took, in steps of the
window. Nothing is averaged. Which metrics these are follows from presets for OpenTelemetry's semantic conventions
(HTTP, RPC, databases, messaging), Spring, common HTTP and gRPC middleware, Django, Istio, ingress-nginx and Envoy;
` + "`telemetry.series`" + ` in parity.yaml names others. Of several metrics that see the same requests the first is taken.

Native histograms are preferred to classic ones. Summaries are counted, and their quantiles decide nothing. Native
histograms with custom buckets, or in another unit than seconds, are not read; their classic form is. Growth is
taken over each step and one scrape more, and what the server extrapolates is taken back, so that each request is
counted once; a counter that begins anew loses no more than what lies between two scrapes.

The load is the service's requests per second and instance. Where the server has samples of less than nine tenths of
the window's steps, or calls its own answer incomplete, endpoints and integrations are unknown.

Requests: one for the names of metrics, mostly one to tell how often they are scraped, one for the window as a whole, and for each metric of requests that is there four for each of counts, classic buckets, native
histograms and instances. A source with ` + "`match: ['env=\"staging\"']`" + ` asks one server of several environments.

`
