package traces

const page = `Asks a server of traces which services there are, which operations they have, what their spans carry
and what they call.

` + "```yaml" + `
sources:
  - collector: traces
    url: https://jaeger.staging.example.com
    tokenEnv: JAEGER_TOKEN
    services: [shop-*]
    window: 24h
` + "```" + `

## Facts

- An ` + "`operation`" + ` is the kind and the name of a span: ` + "`server GET /cart/{id}`" + `. Identifiers in names
  (numbers, UUIDs, digests) are folded to ` + "`{id}`" + `. Its facts are the names of the attributes that its spans have
  (` + "`/attributes[=http.route]`" + `) and what is called below it (` + "`/calls[=inventory GET /stock]`" + `): the service and
  operation of the server's span under the client's, or what the client's span says of its peer (` + "`peer.service`" + `, the
  host, the database or queue) where the peer has no spans.
- The ` + "`traces`" + ` of a service: names of the attributes of its resource (` + "`/resource[=service.version]`" + `) and how
  traces that begin there are sampled (` + "`/sampling[=0.1 probabilistic]`" + `), where spans tell it: by the tags
  ` + "`sampler.type`" + ` and ` + "`sampler.param`" + `, or by a threshold in the W3C trace state.
- With ` + "`behaviour: true`" + `, errors and durations of ` + "`endpoint`" + ` and ` + "`integration`" + ` subjects, from the spans of the
  sample. Sampling that prefers slow or failed traces makes them wrong, and few spans say little: metrics tell better.

Values of attributes never leave the server, but those that name services, endpoints and peers.

Which operations there are is Jaeger's own list, which is whole as far as its retention goes. All else is from a sample:
at most ` + "`traces`" + ` traces of each service, in equal shares of six parts of the window, the newest of each part. What is
seen so rarely that a sample of that size may miss it carries the rule ` + "`rare`" + `. Below 500 spans of a service, and 230 of
an operation, absence says nothing, which is a gap.

## Questions

| api | asks for | requests |
| --- | --- | --- |
| jaeger | ` + "`/api/services`, `/api/operations`, `/api/traces`" + ` | 1, and 7 for each service |
| jaeger-v3 | ` + "`/api/v3/services`, `/api/v3/operations`, `/api/v3/traces`" + ` | 1, and 7 for each service |
| tempo | ` + "`/api/v2/search/tag/resource.service.name/values`, `/api/search` (TraceQL), `/api/v2/traces/{id}` or `/api/traces/{id}`" + ` | 1, and 6 for each service, and one for each trace |

Nothing is written. A busy server (429, 502, 503) is asked up to four times. When three services in a row have no
answers, the rest are not asked for.

What has no answer is a gap over what it would have told: of one service, or of all. So is a window whose first half
has no traces at all, since the server may not keep them so long.

## Not read

Logs of spans, links to other traces, warnings, and the graph of ` + "`/api/dependencies`" + `, which many servers only have after a
job of its own. Tempo lists no operations with their kinds: there only those of the sample are known. Jaeger's own
services are left out unless ` + "`services`" + ` names them.

Both APIs of Jaeger are tested against a real Jaeger 1.76. Tempo is not: its answers in the tests are made by hand
from its public documentation.
`
