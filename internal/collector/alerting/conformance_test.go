package alerting

import (
	"testing"

	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/component"
	"github.com/envparity/parity/internal/webapi"
)

// secretConfiguration has a secret wherever an integration may have one.
const secretConfiguration = `
global: {slack_api_url: "https://hooks.example.com/%SECRET_WORD%", smtp_smarthost: "h:25", smtp_from: a@b, smtp_auth_username: u, smtp_auth_password: "%SECRET_WORD%"}
route: {receiver: team, routes: [{matchers: ['severity="page"'], continue: true}]}
receivers:
- name: team
  slack_configs: [{channel: "#%SECRET_WORD%", title: "%SECRET_WORD%"}]
  pagerduty_configs: [{routing_key: "%SECRET_WORD%"}]
  webhook_configs: [{url: "https://u:%SECRET_WORD%@h/%SECRET_WORD%", http_config: {authorization: {credentials: "%SECRET_WORD%"}}}]
  email_configs: [{to: "%SECRET_WORD%@h"}]
`

func TestConformance(t *testing.T) {
	at := component.Alertmanager(t, collectortest.Fill(secretConfiguration))
	facts := []string{"/integrations[=slack]", "/integrations[=webhook]", "/integrations[name=email]/sendResolved", "/receiver", "/continue", "/groupWait"}
	collectortest.Run(t, collectortest.Case{
		Name: "alertmanager", Collector: New(), NoFiles: true,
		Config: &Config{Alertmanager: &webapi.Config{URL: at.String()}}, Facts: append([]string{"/version", "/silences"}, facts...),
		Broken: []collectortest.Broken{
			{Name: "refused", Config: &Config{Alertmanager: &webapi.Config{URL: "http://127.0.0.1:1"}}, Reason: "refuses the connection"},
			{Name: "elsewhere", Config: &Config{Alertmanager: &webapi.Config{URL: at.String() + "/x"}}, Reason: "404"},
			{Name: "no address", Config: &Config{Alertmanager: &webapi.Config{URL: "x"}}, Reason: "the url is not one"},
		},
	}, collectortest.Case{
		Name: "files", Collector: New(),
		Files: map[string]string{
			"am.yml":            secretConfiguration,
			"rules/shop.yml":    "groups:\n- name: shop\n  rules:\n  - {alert: Down, expr: 'up{password=\"%SECRET_WORD%\"} == 0', annotations: {runbook_url: \"https://u:%SECRET_URL%@h/down\", password: \"%SECRET_WORD%\"}}\n",
			"grafana/team.yaml": "apiVersion: 1\ncontactPoints:\n- name: team\n  receivers: [{type: slack, settings: {url: \"https://h/%SECRET_WORD%\"}, secureSettings: {token: \"%SECRET_WORD%\"}}]\n",
		},
		Config: &Config{Files: []string{"am.yml", "rules", "grafana/*.yaml"}},
		Facts:  append(facts, "/expr", "/runbook", "/annotations/runbook_url"),
		Broken: []collectortest.Broken{
			{Name: "not YAML", Files: map[string]string{"am.yml": "route: {receiver: \"%SECRET_WORD%\n"}, Reason: "cannot be read", Keeps: true},
			{Name: "something else", Files: map[string]string{"am.yml": "key: \"%SECRET_WORD%\"\n"}, Reason: "it is not a file of Alertmanager", Keeps: true},
			{Name: "gone", Remove: []string{"am.yml"}, Reason: "cannot be read", Keeps: true},
			{Name: "none", Config: &Config{}, Reason: "neither an Alertmanager nor files"},
			{Name: "both", Config: &Config{Alertmanager: &webapi.Config{}, Files: []string{"am.yml"}}, Reason: "or both"},
		},
	})
}
