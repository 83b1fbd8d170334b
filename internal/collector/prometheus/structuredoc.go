package prometheus

// structurePage is what the collector's page says of the structure.
const structurePage = `## What there is

Subjects and facts besides those of behaviour, all of the surface telemetry:

- ` + "`metric`" + `, by service and name: ` + "`/type`" + ` and ` + "`/unit`" + ` as the server's metadata have them, ` + "`/labels[=name]`" + ` for each
  label, and of histograms ` + "`/form[=classic]`, `/form[=native]` and `/bounds`" + `, the bounds of their buckets. The parts of
  histograms and summaries (` + "`_bucket`, `_sum`, `_count`, `_created`" + `) belong to their metric, by the metadata, and
  where they are silent by the names that stand beside each other. The number of series (` + "`/series`" + `) never counts.
- ` + "`target`" + `, by job and what is scraped: the service that its labels name where that is not the job, else the host of
  ` + "`instance`" + ` where it is a name that people gave (no address, no name of a machine; the number of a replica is left
  out), else the job. ` + "`/health`" + ` is up, down, or partly up; ` + "`/interval`, `/timeout`, `/path`, `/scheme`, `/labels[=name]`" + `.
  Of an error only the category is told, and it never counts; nor does the number of targets. An exporter that
  one environment lacks is a missing target that names it.
- ` + "`alert` and `recording`" + `, by rule group and name: ` + "`/expr`, `/interval`, `/for`, `/keepFiringFor`, `/labels/NAME`," + `
  ` + "`/annotations/NAME`, `/health`" + `, and ` + "`/runbook`" + `, which says whether an alert names one. Where a group has a name twice,
  the labels in which those rules differ belong to the name. Whether an alert fires is no fact.
- ` + "`metrics-server metrics`" + `: version, retention, whether its configuration is loaded, intervals of the section global,
  names of external labels, flags that change what it keeps or answers, and whether it has alert managers, alerts
  and recording rules at all.

Labels that say where something runs or which server tells it are not read as a metric's: those of its targets,
external ones, and ` + "`instance`, `job`, `pod`, `container`, `namespace`, `node`, `cluster`" + ` and their like; nor are those
that name the service, and those of ` + "`match`" + `. Values of labels are read only where they name services. Expressions
are compared without their layout, and the value that ` + "`match`" + ` has for a label stands for that label in them. A rule with
a label that contradicts ` + "`match`" + ` belongs to another environment. A metric is there if it has a sample at one of five
times that part the window evenly; ` + "`up`, `scrape_*` and `ALERTS`" + ` follow from targets and rules and are left out.
The type is what the server knows under the metric's name, whichever target says it; where targets
differ, it is asked for by job.

Not read: values of external labels, the address and parameters of targets, discovered labels, dropped targets, texts
of errors, help texts, and of the server's configuration anything but the section global.

### Requests

` + "`/api/v1/rules`, `/targets`, `/status/buildinfo`, `/status/runtimeinfo`, `/status/flags`, `/status/config`," + `
` + "`/alertmanagers`, `/label/__name__/values`, `/metadata` and `/labels`" + ` are asked once each. ` + "`/targets/metadata`" + ` is asked once
for each metric on whose type targets differ, up to 100. Which service has which metric is asked by ` + "`/query_range`" + `
at five times for up to 100 names, or 3,000 bytes of names, in one question. Which labels they have is asked by
` + "`/labels`" + ` once for each 100 names or 50,000 series, and then by ` + "`/query_range`" + ` for up to 20 labels, or 15,000 bytes, in one
question. A question that is too much for the server (422, 503, or too slow) is halved. So the number of requests
grows with names, and neither with series nor with services: 1,000,000 series under 2,521 names of 40 services
take 99 requests and 1.5 MiB as sent, and 0.12 GiB at most for 75,640 metrics with their facts.

A server that does not scrape itself (Thanos, Mimir) has no ` + "`/targets`" + `: targets are told from the series ` + "`up`" + ` then, and their
interval, timeout, path and scheme are gaps. What else such a server does not know is a gap for just that. After two
questions in a row without an answer nothing more is asked. An answer with warnings is not taken for the whole
one.
`
