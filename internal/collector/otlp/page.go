package otlp

const page = `Reads what services export when there is no server to ask: files in the JSON of OTLP, as the file exporter
of the OpenTelemetry Collector writes them (one request a line), or single documents over many lines; compressed by gzip
or not.

` + "```yaml" + `
sources:
  - collector: otlp
    path: telemetry/staging/*.jsonl.gz
` + "```" + `

` + "`parity diff before.jsonl after.jsonl`" + ` compares two of them without a parity.yaml.

## Facts

- A ` + "`metric`" + ` of a service: its type, unit, labels, form and bounds of buckets. It is called as Prometheus calls it,
  ` + "`http_server_request_duration_seconds`" + ` with the label ` + "`http_route`" + `, by the translation that OpenTelemetry specifies, so that
  a laptop with a file can be compared with an environment that has a Prometheus. ` + "`names: otel`" + ` keeps
  ` + "`http.server.request.duration`" + ` and ` + "`http.route`" + `.
- The errors and durations of ` + "`endpoint`" + ` and ` + "`integration`" + ` subjects, from the histograms of the semantic conventions:
  ` + "`http.server.request.duration`, `http.client.request.duration`" + ` and their older names in milliseconds,
  ` + "`rpc.*.duration`, `db.client.operation.duration`, `messaging.client.operation.duration`, `messaging.process.duration`" + `.
  Cumulative and delta counts, explicit and exponential buckets and restarts of the process are understood. The first
  export of a process that is older than two minutes says only where its counts begin.
- Traces: as the collector ` + "`traces`" + ` tells them, but that all operations are from the files: what is rare carries
  the rule ` + "`rare`" + `, and below 500 spans of a service nothing is said by absence. With ` + "`behaviour: true`" + ` endpoints and
  integrations that no metric measures are measured from spans.

Values of attributes never leave the file, but those that name services, endpoints and peers.

A damaged line is a gap that names the file and the line, and the rest is read. Files are read in one pass: memory grows
with the number of series and names and with the longest line, not with the file. Spans of one trace may stand apart,
by up to 200,000 spans.

## Not read

Logs, exemplars, and events and links of spans. Of sums and gauges only what they are, not their values. Metrics that
the section telemetry of parity.yaml describes are read from Prometheus only.
`
