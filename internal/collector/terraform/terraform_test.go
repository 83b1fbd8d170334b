package terraform

import (
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/redact"
)

var update = flag.Bool("update", false, "write the golden files")

const secretState = `{"version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "x",
 "outputs": {"url": {"value": "https://u:%SECRET_URL%@example.com", "type": "string"},
  "admin_password": {"value": "%SECRET_JSON%", "type": "string"},
  "plain": {"value": "%SECRET_WORD%", "type": "string", "sensitive": true},
  "deep": {"value": {"list": ["%SECRET_WORD%"], "%SECRET_WORD%": 1}, "type": "dynamic", "sensitive": true},
  "host": {"value": "db.example.com", "type": "string"}},
 "resources": [
  {"mode": "managed", "type": "aws_db_instance", "name": "main", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"].west",
   "instances": [{"schema_version": 2, "attributes": {"id": "db-1", "password": "%SECRET_JSON%", "username": "shop", "tags": {"note": "%SECRET_WORD%", "team": "shop"}},
    "sensitive_attributes": [[{"type": "get_attr", "value": "tags"}]], "private": "%SECRET_BASE64%"}]},
  {"mode": "managed", "type": "aws_lambda_function", "name": "f", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
   "instances": [{"attributes": {"id": "f", "function_name": "f", "memory_size": 128, "environment": [{"variables": {"A": "%SECRET_WORD%", "API_TOKEN": "%SECRET_JSON%", "B": "b"}}]},
    "sensitive_attributes": [[{"type": "get_attr", "value": "environment"}, {"type": "index", "value": {"value": 0, "type": "number"}}, {"type": "get_attr", "value": "variables"}, {"type": "index", "value": {"value": "A", "type": "string"}}]]}]},
  {"mode": "managed", "type": "aws_s3_bucket_policy", "name": "p", "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
   "instances": [{"attributes": {"id": "b", "policy": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\",\"Condition\":{\"StringEquals\":{\"aws:Referer\":\"%SECRET_WORD%\"}}}]}"}}]},
  {"mode": "managed", "type": "any_thing", "name": "x", "provider": "provider[\"example.com/any/thing\"]",
   "instances": [{"index_key": "k", "attributes": {"list": ["a", "%SECRET_WORD%"], "copy": "%SECRET_WORD%", "client_secret": "%SECRET_WORD%",
     "nested": [{"name": "%SECRET_WORD%", "v": 1}], "json": "{\"password\": \"%SECRET_WORD%\"}", "set": [{"inner": "%SECRET_WORD%"}]},
    "sensitive_attributes": [[{"type": "get_attr", "value": "list"}, {"type": "index", "value": {"value": 1, "type": "number"}}],
     [{"type": "get_attr", "value": "nested"}, {"type": "index", "value": {"value": 0, "type": "number"}}, {"type": "get_attr", "value": "name"}],
     [{"type": "get_attr", "value": "set"}, {"type": "index", "value": {"value": {"inner": "%SECRET_WORD%"}, "type": ["object", {"inner": "string"}]}}]]}]}
 ]}`

const secretPlan = `{"format_version": "1.2", "terraform_version": "1.9.8",
 "variables": {"token_value": {"value": "%SECRET_WORD%"}, "size": {"value": 3}},
 "planned_values": {"outputs": {"o": {"sensitive": true, "value": "%SECRET_WORD%"}}, "root_module": {"resources": [
  {"address": "any_thing.x", "mode": "managed", "type": "any_thing", "name": "x", "provider_name": "example.com/any/thing",
   "values": {"a": "%SECRET_WORD%", "b": {"c": "%SECRET_JSON%"}, "size": 1, "late": "%SECRET_WORD%"}, "sensitive_values": {"a": true, "b": {"c": true}}}]}},
 "resource_changes": [{"address": "any_thing.x", "type": "any_thing", "name": "x", "change": {"actions": ["create"], "after_unknown": {"id": true}, "after_sensitive": {"a": true, "late": true}}}],
 "configuration": {"root_module": {"variables": {"token_value": {"sensitive": true}, "size": {}}}}}`

// secretRules has one of each kind of permission and network rule.
const secretRules = `{"version": 4, "resources": [
 {"mode": "managed", "type": "aws_security_group", "name": "g", "instances": [{"attributes": {"id": "sg-0a1b2c3d4e5f60718", "ingress": [{"cidr_blocks": ["10.0.0.0/8", "::/0"], "from_port": 1, "to_port": 2, "protocol": "tcp", "self": true}]}}]},
 {"mode": "managed", "type": "aws_security_group_rule", "name": "r", "instances": [{"attributes": {"type": "egress", "security_group_id": "sg-0a1b2c3d4e5f60718", "cidr_blocks": ["10.0.0.0/9", "10.128.0.0/9"], "from_port": 0, "to_port": 0, "protocol": "-1"}}]},
 {"mode": "managed", "type": "aws_network_acl", "name": "a", "instances": [{"attributes": {"ingress": [{"rule_no": 1, "action": "deny", "protocol": "icmp", "cidr_block": "10.0.0.0/8", "icmp_type": 8, "icmp_code": 0}]}}]},
 {"mode": "managed", "type": "azurerm_network_security_group", "name": "n", "instances": [{"attributes": {"name": "n", "security_rule": [{"priority": 1, "direction": "Inbound", "access": "Allow", "protocol": "*", "destination_port_range": "1-2", "source_address_prefix": "*"}]}}]},
 {"mode": "managed", "type": "google_project_iam_binding", "name": "b", "instances": [{"attributes": {"project": "p", "role": "r", "members": ["user:a b"], "condition": [{"expression": "x == \"y\""}]}}]},
 {"mode": "managed", "type": "google_cloud_run_v2_service", "name": "c", "instances": [{"attributes": {"template": [{"timeout": "3s", "containers": [{"env": [{"name": "A", "value": "b"}]}]}]}}]},
 {"mode": "managed", "type": "aws_iam_policy", "name": "p", "instances": [{"attributes": {"policy": "{\"Statement\":[{\"Effect\":\"Deny\",\"NotAction\":[\"a\",\"b c\"],\"NotResource\":\"x\",\"NotPrincipal\":{\"AWS\":\"123456789012\"},\"Condition\":{\"Bool\":{\"k\":true}}}]}"}}]}
]}`

func TestConformance(t *testing.T) {
	broken := []collectortest.Broken{
		{Name: "cut off", Files: map[string]string{"s/terraform.tfstate": secretState[:1200]}, Reason: "does not end"},
		{Name: "no JSON", Files: map[string]string{"s/terraform.tfstate": "password = %SECRET_WORD%"}, Reason: "not valid JSON"},
		{Name: "older", Files: map[string]string{"s/terraform.tfstate": `{"version": 3, "modules": [{"x": "%SECRET_WORD%"}]}`}, Reason: "version 4"},
		{Name: "encrypted", Files: map[string]string{"s/terraform.tfstate": `{"meta": {"x": "%SECRET_WORD%"}, "encrypted_data": "%SECRET_BASE64%", "encryption_version": "v0"}`}, Reason: "encrypted"},
		{Name: "a backend", Files: map[string]string{"s/terraform.tfstate": `{"version": 3, "backend": {"config": {"secret_key": "%SECRET_WORD%"}}}`}, Reason: "backend"},
		{Name: "a list", Files: map[string]string{"s/terraform.tfstate": `["%SECRET_WORD%"]`}, Reason: "no object"},
		{Name: "half a resource", Files: map[string]string{"s/terraform.tfstate": strings.Replace(secretState, `"resources": [`, `"resources": [{"%SECRET_WORD%": 1},`, 1)}, Keeps: true, Reason: "has no type"},
		{Name: "flat attributes", Files: map[string]string{"s/terraform.tfstate": strings.Replace(secretState, `"resources": [`, `"resources": [{"type": "a", "name": "b", "instances": [{"attributes_flat": {"password": "%SECRET_WORD%"}}]},`, 1)}, Keeps: true, Reason: "no attributes"},
		{Name: "gone", Remove: []string{"s/terraform.tfstate"}, Reason: "no state"},
		{Name: "nothing said", Config: &Config{}, Reason: "no state and no plan"},
		{Name: "no such workspace", Config: &Config{State: "s", Workspace: "blue"}, Reason: "workspace"},
		{Name: "desired of a state", Config: &Config{State: "s", Role: "desired"}, Reason: "declared"},
		{Name: "no plan", Config: &Config{Plan: "s/terraform.tfstate"}, Reason: "no plan"},
	}
	collectortest.Run(t,
		collectortest.Case{
			Name: "state", Collector: New(), Config: &Config{State: "s"},
			Files:  map[string]string{"s/terraform.tfstate": secretState},
			Facts:  []string{"/password", "/function/env[name=API_TOKEN]/value", "/function/memory", "/outputs/plain", "/outputs/host", "/list", "/tags"},
			Broken: broken,
		},
		collectortest.Case{
			Name: "plan", Collector: New(), Config: &Config{Plan: "plan.json", Role: "desired"},
			Files: map[string]string{"plan.json": strings.Replace(secretPlan, `"after_unknown": {"id": true}`, `"after_unknown": {}`, 1)},
			Facts: []string{"/variables/token_value", "/variables/size", "/outputs/o", "/a", "/b/c", "/late"},
			Broken: []collectortest.Broken{
				{Name: "binary", Files: map[string]string{"plan.json": "PK\x03\x04%SECRET_WORD%"}, Reason: "binary plan"},
				{Name: "no values", Files: map[string]string{"plan.json": `{"format_version": "1.2", "resource_changes": [], "x": "%SECRET_WORD%"}`}, Reason: "no planned values"},
				{Name: "nothing before", Config: &Config{Plan: "plan.json", Role: "live"}, Reason: "no prior state"},
				{Name: "a plan as state", Config: &Config{State: "plan.json"}, Reason: "plan, not a state"},
				{Name: "known later", Files: map[string]string{"plan.json": strings.Replace(secretPlan, `{"id": true}`, `{"more": [true]}`, 1)}, Keeps: true, Reason: "after apply"},
				{Name: "ended early", Files: map[string]string{"plan.json": strings.Replace(secretPlan, `"format_version"`, `"errored": true, "format_version"`, 1)}, Keeps: true, Reason: "not whole"},
			},
		},
		collectortest.Case{
			Name: "several states", Collector: New(), Config: &Config{State: "env/*/terraform.tfstate"},
			Files: map[string]string{"env/a/terraform.tfstate": secretState, "env/b/terraform.tfstate": strings.ReplaceAll(secretState, "any_thing", "any_other")},
			Facts: []string{"/password", "/copy"},
			Broken: []collectortest.Broken{
				{Name: "one of them", Files: map[string]string{"env/b/terraform.tfstate": "%SECRET_WORD%"}, Keeps: true, Reason: "not valid JSON"},
			},
		},
	)
}

// snapshot reads a source in a role.
func snapshot(t testing.TB, role parity.Role, cfg *Config) *parity.Snapshot {
	t.Helper()
	root := place.Dir("testdata")
	t.Cleanup(func() { _ = root.Close() })
	s, err := collector.Run(t.Context(), collector.RunInput{
		Column:   parity.Column{Environment: "staging", Role: role},
		Sources:  []collector.Configured{{Collector: New(), Config: cfg, Name: "staging"}},
		Root:     root,
		Redactor: redact.New([]byte("0123456789abcdef0123456789abcdef"), nil, nil),
		Now:      time.Unix(0, 0).UTC(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// dump writes all that a snapshot says.
func dump(s *parity.Snapshot) string {
	var b strings.Builder
	for _, g := range s.Gaps {
		fmt.Fprintf(&b, "gap %q %q %q %q %s (%s)\n", g.Kind, g.Scope, g.Name, g.Path, g.Reason, g.Where)
	}
	for _, x := range s.Subjects {
		fmt.Fprintf(&b, "%s (%d:%d)\n", x.Subject.Key, x.Subject.Line, x.Subject.Col)
		for i := range x.Facts {
			f := &x.Facts[i]
			fmt.Fprintf(&b, "  %s = %s %s", f.Path, f.Value.Kind, f.Value)
			if f.Value.Canon != "" && f.Value.Kind != parity.Secret {
				fmt.Fprintf(&b, " = %s", strings.ReplaceAll(f.Value.Canon, "\x1f", " "))
			}
			fmt.Fprintf(&b, " [%s] %s", f.Rules, f.Surface)
			if f.DerivedFrom != nil {
				fmt.Fprintf(&b, " <- %s %s", f.DerivedFrom.Subject, f.DerivedFrom.Path)
			}
			if f.Origin.Object != "" {
				fmt.Fprintf(&b, " (%s, by %s)", f.Origin.Object, f.Origin.Writer.Manager)
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

// TestRealFiles reads what OpenTofu wrote; testdata/make.sh made it.
func TestRealFiles(t *testing.T) {
	for _, tt := range []struct {
		name string
		role parity.Role
		cfg  Config
	}{
		{"staging-state", parity.Live, Config{State: "staging"}},
		{"production-state", parity.Live, Config{State: "production/terraform.tfstate"}},
		{"staging-first-desired", parity.Desired, Config{Plan: "staging/first.json"}},
		{"staging-first-live", parity.Live, Config{Path: "staging/first.json"}},
		{"staging-drift-desired", parity.Desired, Config{Path: "staging/drift.json"}},
		{"staging-drift-live", parity.Live, Config{Plan: "staging/drift.json"}},
		{"workspace-default", parity.Live, Config{State: "workspaces"}},
		{"workspace-big", parity.Live, Config{State: "workspaces", Workspace: "big"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := dump(snapshot(t, tt.role, &tt.cfg))
			for _, secret := range []string{"battery", "tok-", "license-of"} {
				if strings.Contains(got, secret) {
					t.Errorf("%q comes through", secret)
				}
			}
			golden := filepath.Join("testdata", "golden", tt.name+".txt")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestShownState: terraform show -json says the same of a state as its file,
// but for what the tools themselves put there.
func TestShownState(t *testing.T) {
	facts := func(cfg Config) map[string]string {
		all := map[string]string{}
		for _, x := range snapshot(t, parity.Live, &cfg).Subjects {
			for _, f := range x.Facts {
				all[x.Subject.Key.String()+" "+f.Path] = f.Value.Kind.String() + " " + f.Value.Canonical()
			}
		}
		return all
	}
	if diff := cmp.Diff(facts(Config{State: "staging"}), facts(Config{Path: "staging/show.json"})); diff != "" {
		t.Error(diff)
	}
}

// TestDrift: what somebody changed in the cloud is what a plan says runs, and
// each such fact says so; what was deleted is not there.
func TestDrift(t *testing.T) {
	drifted := map[string]string{}
	for _, x := range snapshot(t, parity.Live, &Config{Plan: "staging/drift.json"}).Subjects {
		if x.Subject.Kind == "aws_cloudwatch_event_target" {
			t.Error("what was deleted is still there")
		}
		for _, f := range x.Facts {
			if f.Origin.Writer != nil && f.DerivedFrom == nil {
				drifted[f.Origin.Object+" "+f.Path] = f.Value.String()
			}
		}
	}
	want := map[string]string{
		"drift: aws_lambda_function.worker /function/memory":                      "512Mi",
		"drift: aws_lambda_function.worker /function/env[name=LOG_LEVEL]/value":   "debug",
		"drift: aws_lambda_function.worker /function/env[name=DB_PASSWORD]/value": "[secret]",
		"drift: aws_security_group.db /network[=ingress tcp 5432 from 0.0.0.0/0]": "ingress tcp 5432 from 0.0.0.0/0",
	}
	if diff := cmp.Diff(want, drifted); diff != "" {
		t.Error(diff)
	}
}

func TestRoles(t *testing.T) {
	both, live := []parity.Role{parity.Desired, parity.Live}, []parity.Role{parity.Live}
	for _, tt := range []struct {
		cfg  Config
		want []parity.Role
	}{
		{Config{State: "x"}, live},
		{Config{Path: "x.tfstate"}, live},
		{Config{Path: "dir"}, live},
		{Config{Plan: "x"}, both},
		{Config{State: "x", Plan: "y"}, both},
		{Config{Path: "plan.json"}, both},
		{Config{Plan: "x", Role: "desired"}, []parity.Role{parity.Desired}},
	} {
		if diff := cmp.Diff(tt.want, tt.cfg.Roles()); diff != "" {
			t.Errorf("%+v: %s", tt.cfg, diff)
		}
	}
	// A state beside a plan says what runs.
	cfg := &Config{State: "staging", Plan: "production/first.json"}
	for role, want := range map[parity.Role]string{parity.Live: "staging/terraform.tfstate", parity.Desired: "production/first.json"} {
		if got := snapshot(t, role, cfg).Subjects[0].Subject.Origin.File; got != want {
			t.Errorf("%s is read from %s", role, got)
		}
	}
}

// TestStateIsNotDeclared: a state that is asked what is declared is a gap.
func TestStateIsNotDeclared(t *testing.T) {
	for _, cfg := range []Config{{Path: "staging/show.json"}, {State: "staging"}} {
		s := snapshot(t, parity.Desired, &cfg)
		if len(s.Subjects) > 0 || len(s.Gaps) != 1 || !strings.Contains(s.Gaps[0].Reason, "declared") {
			t.Errorf("%+v: %d subjects, %+v", cfg, len(s.Subjects), s.Gaps)
		}
	}
}

func TestDetect(t *testing.T) {
	for name, want := range map[string]int{
		"staging/terraform.tfstate": 95, "staging/drift.json": 95, "staging/show.json": 95, "workspaces": 60, "staging": 60, "golden": 0,
		"make.sh": 0, "src/staging/main.tf": 0,
	} {
		p, err := place.Dir("testdata").Resolve(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := detect(p); got != want {
			t.Errorf("%s fits with %d, want %d", name, got, want)
		}
	}
}

// memory is a Root in memory.
type memory struct{ fs fs.FS }

func (m memory) Resolve(path string) (place.Place, error) {
	if _, err := fs.Stat(m.fs, path); err != nil {
		return place.Place{}, err
	}
	return place.Place{FS: m.fs, Path: path, Display: func(p string) string { return p }}, nil
}

func TestFind(t *testing.T) {
	const state = `{"version": 4}`
	m := fstest.MapFS{}
	for _, name := range []string{
		"live/network/terraform.tfstate", "live/app/terraform.tfstate", "live/app/terraform.tfstate.d/blue/terraform.tfstate",
		"live/app/.terraform/terraform.tfstate", "live/app/terraform.tfstate.backup", "flat/a.tfstate", "flat/b.tfstate", "deep/x/y/z.tfstate",
	} {
		m[name] = &fstest.MapFile{Data: []byte(state)}
	}
	for _, tt := range []struct {
		state, workspace string
		want             []string
	}{
		{"live/app", "", []string{"live/app/terraform.tfstate as "}},
		{"live/app", "default", []string{"live/app/terraform.tfstate as "}},
		{"live/app", "blue", []string{"live/app/terraform.tfstate.d/blue/terraform.tfstate as "}},
		{"live", "", []string{"live/app/terraform.tfstate as app", "live/network/terraform.tfstate as network"}},
		{"live", "blue", []string{"live/app/terraform.tfstate.d/blue/terraform.tfstate as app"}},
		{"live/*/terraform.tfstate", "", []string{"live/app/terraform.tfstate as app", "live/network/terraform.tfstate as network"}},
		{"flat/*.tfstate", "", []string{"flat/a.tfstate as a", "flat/b.tfstate as b"}},
		{"flat/[a].tfstate", "", []string{"flat/a.tfstate as "}},
		{"deep/**/*.tfstate", "", []string{"deep/x/y/z.tfstate as "}},
		{"flat/a.tfstate", "", []string{"flat/a.tfstate as "}},
		{"flat", "", nil},
		{"none/*.tfstate", "", nil},
		{"live", "../../x", nil},
	} {
		files, err := find(t.Context(), memory{m}, tt.state, tt.workspace)
		var got []string
		for _, f := range files {
			got = append(got, f.place.Path+" as "+f.name)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" || (err == nil) == (tt.want == nil) {
			t.Errorf("%s, workspace %q: %v\n%s", tt.state, tt.workspace, err, diff)
		}
	}
}

// sink keeps what a collector hands over, as it is.
type sink struct {
	subjects []parity.Subject
	facts    []parity.Fact
	gaps     []parity.Gap
}

func (s *sink) Subject(subject parity.Subject, facts []parity.Fact) {
	s.subjects = append(s.subjects, subject)
	s.facts = append(s.facts, facts...)
}
func (s *sink) Gap(g parity.Gap)    { s.gaps = append(s.gaps, g) }
func (s *sink) Tool(string, string) {}

func collectText(t testing.TB, text string, cfg Config, limits collector.Limits) *sink {
	t.Helper()
	out := &sink{}
	err := New().Collect(t.Context(), collector.Input{
		Root: memory{fstest.MapFS{"x.json": &fstest.MapFile{Data: []byte(text)}}}, Limits: limits, Log: slog.New(slog.DiscardHandler),
		Column: parity.Column{Role: parity.Role(cfg.Role)},
	}, &cfg, out)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestStatus: what is tainted or has a former object left says so; a former
// object is no subject of its own.
func TestStatus(t *testing.T) {
	out := collectText(t, `{"version": 4, "resources": [{"mode": "managed", "type": "x", "name": "y", "instances": [
		{"index_key": 0, "status": "tainted", "attributes": {"a": 1}}, {"index_key": 0, "deposed": "00000001", "attributes": {"a": 2}}, {"index_key": 1, "attributes": {"a": 3}}]}]}`,
		Config{Path: "x.json"}, collector.DefaultLimits())
	var got []string
	for _, f := range out.facts {
		got = append(got, f.Path+" = "+f.Value.Raw)
	}
	want := []string{"/status[=tainted] = tainted", "/status[=deposed] = deposed", "/a = 1", "/a = 3"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestLimits: a file beyond the bounds is a gap.
func TestLimits(t *testing.T) {
	text := `{"version": 4, "resources": [` + strings.TrimSuffix(strings.Repeat(`{"type": "a", "name": "b", "instances": []},`, 100), ",") + `]}`
	for name, l := range map[string]collector.Limits{
		"bytes": {FileBytes: 1000, Nodes: 10_000, Depth: 10}, "nodes": {FileBytes: 1 << 20, Nodes: 100, Depth: 10}, "depth": {FileBytes: 1 << 20, Nodes: 10_000, Depth: 2},
	} {
		if out := collectText(t, text, Config{Path: "x.json"}, l); len(out.gaps) != 1 || len(out.subjects) != 0 {
			t.Errorf("%s: %+v", name, out.gaps)
		}
	}
}

// FuzzCollect holds, for any file: no panic, a gap or something read, every
// subject with a kind and a name, and no sensitive text in what is not a secret.
func FuzzCollect(f *testing.F) {
	b, err := os.ReadFile("testdata/workspaces/terraform.tfstate") // the larger files are too slow to begin from
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(b), true)
	f.Add(secretRules, true)
	f.Add(strings.Replace(secretPlan, `"planned_values"`, `"prior_state": {"values": {"root_module": {"child_modules": [{"address": "module.a", "resources": [{"type": "x", "name": "y", "index": 1, "address": "module.a.x.y[1]", "values": {"a": 1}}]}]}}}, "resource_drift": [{"address": "module.a.x.y[1]", "change": {"before": {"a": 2}}}], "planned_values"`, 1), true)
	f.Add(secretState, true)
	f.Add(secretPlan, false)
	f.Fuzz(func(t *testing.T, text string, live bool) {
		cfg := Config{Path: "x.json", Role: string(parity.Desired)}
		if live {
			cfg.Role = string(parity.Live)
		}
		out := collectText(t, text, cfg, collector.Limits{FileBytes: 1 << 20, Nodes: 20_000, Depth: 40})
		if len(out.gaps)+len(out.subjects) == 0 {
			t.Fatal("nothing is said of the file")
		}
		for _, s := range out.subjects {
			if s.Kind == "" || s.Name == "" {
				t.Fatalf("%+v", s.Key)
			}
		}
		for _, fact := range out.facts {
			if fact.Path == "" || fact.Path[0] != '/' || fact.Origin == nil || fact.Line < 0 {
				t.Fatalf("%+v", fact)
			}
		}
		if slices.ContainsFunc(out.gaps, func(g parity.Gap) bool { return g.Reason == "" || g.Where == "" }) {
			t.Fatalf("%+v", out.gaps)
		}
	})
}
