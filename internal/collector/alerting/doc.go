package alerting

const page = `Reads who is told of alerts, and the rules that make them. A source is either an Alertmanager that runs, or files.

` + "```yaml" + `
sources:
  - collector: alerting
    alertmanager: {url: https://alertmanager.example.com, tokenEnv: ALERTMANAGER_TOKEN}
` + "```" + `

` + "```yaml" + `
sources:
  - collector: alerting
    files: [alertmanager.yml, rules/*.yml, grafana/provisioning/alerting]
    checkRunbooks: true
` + "```" + `

What a file is, its keys tell: ` + "`route` and `receivers`" + ` (Alertmanager), ` + "`groups`" + ` (rules of Prometheus, Thanos, Mimir, Loki), the kind
` + "`PrometheusRule`" + `, or ` + "`apiVersion: 1`" + ` (provisioned to Grafana: rules, contact points, policies, mute times). YAML and JSON are read.
Files of a directory or pattern that are none of these are passed over.

- ` + "`receiver`" + `: ` + "`/integrations[=slack]`" + ` for each kind, how many there are of it (` + "`/integrations[name=slack]/count`" + `), and whether it tells
  of the end of an alert (` + "`/sendResolved`" + `; what each kind does by default is known).
- ` + "`route`" + `, called by the matchers on the way from the root: ` + "`team=\"shop\" > severity=\"page\"`" + `. ` + "`/receiver`, `/groupBy[=label]`," + `
  ` + "`/groupWait`, `/groupInterval`, `/repeatInterval`" + ` as they are in force: what a route has from one above is derived from
  that. ` + "`/continue`, `/muteTimeIntervals[=name]`, `/activeTimeIntervals[=name]`" + `. The root has the definitions of times.
  The old ` + "`match` and `match_re`" + ` and the new ` + "`matchers`" + ` are one.
- ` + "`inhibition`" + `, called by what silences what: ` + "`/source`, `/target`, `/equal[=label]`" + `.
- ` + "`alertmanager`" + `, of one that runs: ` + "`/version`, `/cluster`, `/peers`" + `, how many silences are active (` + "`/silences`" + `), and what is muted as
  a whole or for more than 30 days: ` + "`/silences[=alertname=\"Down\"]`" + `. Values of other labels are left out. What ends within a day
  never counts. Files cannot speak of it, and lack nothing by that.
- ` + "`alert` and `recording`" + `, by group and name, in the same form as the collector ` + "`prometheus`" + ` tells them: ` + "`/expr`, `/interval`," + `
  ` + "`/for`, `/keepFiringFor`, `/labels/NAME`, `/annotations/NAME`, `/runbook`" + `. Where a group has a name twice, the labels in which
  those rules differ belong to the name. Rules of Grafana have besides ` + "`/data[name=A]/...`, `/condition`, `/noDataState`," + `
  ` + "`/execErrState`, `/isPaused`" + `; their group is folder/group. ` + "`/data[name=A]/datasource`" + ` is the name of the source of data where
  files with ` + "`datasources`" + ` are read too, and otherwise its uid. Each organisation of Grafana needs a source of its own.

` + "`/runbook`" + ` is none or present. With ` + "`checkRunbooks`" + ` each distinct address is asked for by HEAD (then GET, if the server refuses
or does not know it), without credentials, four at a time, 200 at most, 10 seconds each, two minutes in all. It is
` + "`dead: 404`" + ` or ` + "`dead: 410`" + ` where the server says so. A server that does not answer, or fails, is a gap at that path; one that wants a
login has the page. Redirects are followed five times, and from a public address to none of one's own network.

Not read: addresses, channels, keys and texts of integrations, templates, other silences and their comments, alerts that fire, the order of routes,
and mute times that stand in another file than the policies of Grafana.

### Requests

` + "`/api/v2/status` and `/api/v2/silences`" + ` once; where the first does not tell the configuration, ` + "`/api/v2/receivers`" + ` for the names, and
the rest is a gap. Of files, none but for runbooks. It was run against Alertmanager 0.31, and rules
in files against what Prometheus 3 makes of them. Files for Grafana are read by their documented form; no Grafana was run.
`
