package loki

const page = `Reads the logs of services by the HTTP API of Loki.

` + "```yaml" + `
sources:
  - collector: loki
    url: https://loki.example.com
    tokenEnv: LOKI_TOKEN
    headers: {X-Scope-OrgID: shop}
    match: ['env="staging"']
    window: 6h
` + "```" + `

Each service that has a line within the window is a subject of kind ` + "`logs`" + `, called as the first of the labels
` + "`telemetry.service`" + ` of parity.yaml that a stream has says:

- ` + "`/labels[=name]`" + `: the names of its streams' labels, those of all streams. Labels of ` + "`match`" + ` carry the rule
  ` + "`circumstances`" + `: they tell environments apart, and may be missing in one.
- ` + "`/levels[=error]`" + `: the levels of its lines, as the line says (level, severity and their like; Pino's numbers), or its
  metadata, or its labels, or as the server has detected. Spellings of one level are one: WARNING is warn. What is no
  level of a common logger is left out.
- ` + "`/fields[=http.status]`" + `: names of the fields of lines in JSON or logfmt; keys within keys with dots, four deep, and
  nothing within lists. Keys that are ids are ` + "`{id}`" + `, and those that are texts ` + "`{text}`" + `.
- ` + "`/metadata[=trace_id]`" + `: names of the structured metadata.
- ` + "`/format`" + `: json, logfmt or text, whichever most lines are; ` + "`/formats[=text]`" + `: all that there are, so that two members
  are a mixture.
- ` + "`/timestamps[=rfc3339]`" + `: in which form the lines say when they were written (time, ts, timestamp and their like):
  rfc3339, without-zone, unix-s, unix-ms, unix-us, unix-ns, other.
- ` + "`/lines` and `/streams`" + `: how many were seen; they never count.

All but labels are of a sample: the last 500 lines of each quarter of the window, up to 2,000 of a service. What fewer
than 2 % of them have, or fewer than 10 lines, carries the rule ` + "`rare`" + `: its absence elsewhere is no difference. Of a service
with fewer than 500 lines nothing is concluded from what was not seen; that is a gap over the service. With fewer than 50
lines all of it is rare: it may be silent elsewhere by chance.

A service whose logs stopped is missing. That there is no line of any service in one half of the window is a gap over
all logs, as are a server that does not answer, refuses, or knows no stream, and streams without a service are one
under the name ` + "`unknown_service`" + `. At most 1,000,000 streams, 300 services and 200 names of fields of one service are
read, and 20,000 names of services are told apart; what is beyond is a gap.

Not read: values of labels but those that name services, values of fields, and the text of lines, which is looked at and
thrown away.

### Requests

` + "`/loki/api/v1/series`" + ` once, and ` + "`/loki/api/v1/query_range`" + ` four times for each service (and for each label by which
its streams name it), four at the same time, of at most 64 MiB each. After two questions in a row without an answer
nothing more is asked.

It was run against Loki 3.7.
`
