package cloud

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
)

// TestFunctionShape: functions of all providers have the same settings, and the
// attributes follow from them.
func TestFunctionShape(t *testing.T) {
	for _, tt := range []struct {
		kind, attributes string
		want             []string
		from             []string // attributes that follow
	}{
		{
			"aws_lambda_function", `{"memory_size":512,"timeout":30,"runtime":"python3.13","architectures":["arm64"],"reserved_concurrent_executions":-1,"image_uri":"","ephemeral_storage":[{"size":1024}],"environment":[{"variables":{"A":"1"}}]}`,
			[]string{"architecture = arm64", "concurrency = -1", "env[name=A]/value = 1", "memory = 512Mi", "runtime = python3.13", "storage = 1024Mi", "timeout = 30s"},
			[]string{"/memory_size", "/timeout", "/environment[0]/variables/A", "/architectures[=arm64]", "/ephemeral_storage[0]/size"},
		},
		{
			"google_cloudfunctions_function", `{"available_memory_mb":512,"timeout":30,"runtime":"python313","min_instances":1,"max_instances":3,"environment_variables":{"A":"1"}}`,
			[]string{"env[name=A]/value = 1", "maxInstances = 3", "memory = 512Mi", "minInstances = 1", "runtime = python313", "timeout = 30s"},
			[]string{"/available_memory_mb", "/environment_variables/A"},
		},
		{
			"google_cloudfunctions2_function", `{"build_config":[{"runtime":"nodejs22"}],"service_config":[{"available_memory":"512Mi","timeout_seconds":30,"max_instance_request_concurrency":8,"environment_variables":{"A":"1"}}]}`,
			[]string{"concurrency = 8", "env[name=A]/value = 1", "memory = 512Mi", "runtime = nodejs22", "timeout = 30s"},
			[]string{"/service_config[0]/available_memory", "/build_config[0]/runtime"},
		},
		{
			"google_cloud_run_v2_service", `{"template":[{"timeout":"30s","scaling":[{"min_instance_count":1}],"containers":[{"image":"a/b:1","resources":[{"limits":{"memory":"512Mi","cpu":"1"}}]}]}]}`,
			[]string{"cpu = 1", "memory = 512Mi", "minInstances = 1", "timeout = 30s"},
			[]string{"/template[0]/timeout", "/template[0]/containers[0]/resources[0]/limits/memory"},
		},
		{
			"google_cloud_run_service", `{"template":[{"metadata":[{"annotations":{"autoscaling.knative.dev/maxScale":"4"}}],"spec":[{"timeout_seconds":30,"container_concurrency":80,"containers":[{"image":"a/b:1"}]}]}]}`,
			[]string{"concurrency = 80", "maxInstances = 4", "timeout = 30s"},
			[]string{"/template[0]/spec[0]/timeout_seconds", "/template[0]/metadata[0]/annotations/autoscaling.knative.dev/maxScale"},
		},
		{
			"azurerm_linux_function_app", `{"app_settings":{"A":"1"},"site_config":[{"elastic_instance_minimum":1,"application_stack":[{"python_version":"3.12","node_version":""}]}]}`,
			[]string{"env[name=A]/value = 1", "minInstances = 1", "runtime = python 3.12"},
			[]string{"/app_settings/A", "/site_config[0]/application_stack[0]/python_version"},
		},
	} {
		facts := read(resource(t, tt.kind, "f", tt.attributes))[tt.kind+".f"]
		if diff := cmp.Diff(tt.want, below(facts, "/function/")); diff != "" {
			t.Errorf("%s:\n%s", tt.kind, diff)
		}
		for _, f := range facts {
			if strings.HasPrefix(f.Path, "/function/") && f.DerivedFrom != nil {
				t.Errorf("%s %s is derived", tt.kind, f.Path)
			}
		}
		for _, path := range tt.from {
			f := at(facts, path)
			if f == nil || f.DerivedFrom == nil || at(facts, f.DerivedFrom.Path) == nil {
				t.Errorf("%s %s: %+v", tt.kind, path, f)
			}
		}
	}
}

func at(facts []parity.Fact, path string) *parity.Fact {
	for i := range facts {
		if facts[i].Path == path {
			return &facts[i]
		}
	}
	return nil
}

const lambda = `{"id":"worker","function_name":"worker","arn":"arn:aws:lambda:eu-west-1:123456789012:function:worker","memory_size":128}`

// TestAroundFunctions: what triggers a function and what is kept ready for it is
// told on it.
func TestAroundFunctions(t *testing.T) {
	config := resource(t, "aws_lambda_provisioned_concurrency_config", "c", `{"function_name":"worker","qualifier":"live","provisioned_concurrent_executions":2}`)
	config.DependsOn = []string{"aws_lambda_function.f"}
	all := read(resource(t, "aws_lambda_function", "f", lambda), config,
		resource(t, "aws_sqs_queue", "q", `{"id":"https://sqs.example.com/q","arn":"arn:aws:sqs:eu-west-1:123456789012:q","name":"q"}`),
		resource(t, "aws_lambda_event_source_mapping", "m", `{"function_name":"arn:aws:lambda:eu-west-1:123456789012:function:worker","event_source_arn":"arn:aws:sqs:eu-west-1:123456789012:q","batch_size":10}`),
		resource(t, "aws_cloudwatch_event_target", "t", `{"rule":"nightly","arn":"arn:aws:lambda:eu-west-1:123456789012:function:worker"}`),
		resource(t, "aws_lambda_permission", "p", `{"function_name":"arn:aws:lambda:eu-west-1:123456789012:function:worker","principal":"s3.amazonaws.com","action":"lambda:InvokeFunction"}`),
	)
	want := []string{
		"memory = 128Mi", "provisionedCapacity[qualifier=live] = 2",
		"triggers[=calls of s3.amazonaws.com] = calls of s3.amazonaws.com",
		"triggers[=events of aws_sqs_queue.q] = events of aws_sqs_queue.q", "triggers[=rule nightly] = rule nightly",
	}
	if diff := cmp.Diff(want, below(all["aws_lambda_function.f"], "/function/")); diff != "" {
		t.Error(diff)
	}
	if f := at(all["aws_lambda_event_source_mapping.m"], "/batch_size"); f == nil || f.DerivedFrom != nil {
		t.Errorf("the size of a batch follows from nothing: %+v", f)
	}
	for _, f := range all["aws_lambda_function.f"] {
		if strings.HasPrefix(f.Path, "/function/triggers") && (f.DerivedFrom == nil || at(all[f.DerivedFrom.Subject.Kind+"."+f.DerivedFrom.Subject.Name], f.DerivedFrom.Path) == nil) {
			t.Errorf("%s counts besides what states it: %+v", f.Path, f.DerivedFrom)
		}
	}
	if f := at(all["aws_cloudwatch_event_target.t"], "/arn"); f == nil || f.Value.Kind != parity.Reference || f.Rules.Has(parity.Allocated) {
		t.Errorf("a target's arn is that of what it calls: %+v", f)
	}
}

// TestReferences: identifiers name the resource; names do so only where the
// attribute is called as the type is and the dependency is known.
func TestReferences(t *testing.T) {
	role := resource(t, "aws_iam_role", "r", `{"id":"worker","name":"worker","arn":"arn:aws:iam::123456789012:role/worker"}`)
	function := resource(t, "aws_lambda_function", "f", lambda)
	user := resource(t, "aws_thing", "t", `{"role":"worker","function_name":"worker","name":"worker","other":"worker","role_arn":"arn:aws:iam::123456789012:role/worker","list":["arn:aws:iam::123456789012:role/worker"],"text":"see arn:aws:iam::123456789012:role/worker"}`)
	user.DependsOn = []string{"aws_iam_role.r", "aws_lambda_function.f"}
	stranger := resource(t, "aws_thing", "s", `{"role":"worker"}`)
	all := read(role, function, user, stranger)
	for path, want := range map[string]string{
		"/role": "aws_iam_role r", "/function_name": "aws_lambda_function f", "/role_arn": "aws_iam_role r", "/list[=aws_iam_role.r]": "aws_iam_role r",
		"/name": "", "/other": "", "/text": "",
	} {
		f := at(all["aws_thing.t"], path)
		if f == nil {
			t.Errorf("nothing at %s", path)
			continue
		}
		got := ""
		if kind, _, name, ok := parity.ParseRefTarget(f.Value.Canon); ok && f.Value.Kind == parity.Reference {
			got = kind + " " + name
		}
		if got != want {
			t.Errorf("%s names %q, want %q", path, got, want)
		}
	}
	if f := at(all["aws_thing.s"], "/role"); f.Value.Kind == parity.Reference {
		t.Error("a name of what is not depended on is a reference")
	}
	// The ARN that ends in the name follows from the name; another is allocated.
	if f := at(all["aws_iam_role.r"], "/arn"); f.DerivedFrom == nil || f.DerivedFrom.Path != "/name" || f.Rules != 0 {
		t.Errorf("%+v", f)
	}
	random := read(resource(t, "aws_lb", "l", `{"name":"web","arn":"arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/50dc6c495c0c9188"}`))["aws_lb.l"]
	if f := at(random, "/arn"); f.DerivedFrom != nil || !f.Rules.Has(parity.Allocated) {
		t.Errorf("%+v", f)
	}
}

// TestSecrets: marks, known attributes, and the same text elsewhere; nothing of
// them stands in a path.
func TestSecrets(t *testing.T) {
	const word = "hunter2hunter2"
	res := resource(t, "any_thing", "x", `{"a":"`+word+`","map":{"`+word+`":"v","w":1},"list":["b","`+word+`"],"items":[{"name":"`+word+`","v":1}],"copy":"`+word+`","json":"{\"k\":\"`+word+`\"}","plain":"b"}`)
	res.Secret = (*Marks)(nil).Mark("a").Mark("map").Mark("list", "1").Mark("items", "0", "name")
	known := resource(t, "random_password", "p", `{"result":"another-secret","length":16}`)
	user := resource(t, "any_thing", "y", `{"list":["another-secret"],"value":"another-secret"}`)
	all := read(res, known, user)
	for name, facts := range all {
		for _, f := range facts {
			if strings.Contains(f.Path, word) || strings.Contains(f.Path, "another-secret") {
				t.Errorf("%s: a secret stands in %s", name, f.Path)
			}
			if (strings.Contains(f.Value.Raw, word) || strings.Contains(f.Value.Raw, "another-secret")) && f.Value.Kind != parity.Secret {
				t.Errorf("%s %s is %s", name, f.Path, f.Value.Kind)
			}
		}
	}
	if f := at(all["any_thing.x"], "/plain"); f == nil || f.Value.Kind == parity.Secret {
		t.Errorf("%+v", f)
	}
	if f := at(all["random_password.p"], "/length"); f == nil || f.Value.Kind == parity.Secret {
		t.Errorf("%+v", f)
	}
}

// TestPolicyDocuments: what a document states follows from the resource that
// holds it, and stands for itself where none does.
func TestPolicyDocuments(t *testing.T) {
	const policy = `{"Statement":[{"Effect":"Allow","Action":"s3:Get","Resource":"x"}]}`
	document := func() *Resource {
		d := resource(t, "aws_iam_policy_document", "d", `{"json":`+quoted(t, policy)+`,"minified_json":`+quoted(t, policy)+`,"statement":[{"actions":["s3:Get"]}]}`)
		d.Data = true
		return d
	}
	all := read(document(), resource(t, "aws_iam_policy", "p", `{"policy":`+quoted(t, strings.ToLower(policy[:14])+policy[14:])+`}`), resource(t, "aws_iam_policy", "q", `{"policy":`+quoted(t, policy)+`}`))
	f := at(all["data.aws_iam_policy_document.d"], "/json[=allow s3:get on x]")
	if f == nil || f.DerivedFrom == nil || f.DerivedFrom.Subject.Kind != "aws_iam_policy" || f.DerivedFrom.Path != "/policy[=allow s3:get on x]" {
		t.Errorf("%+v", f)
	}
	alone := read(document())["data.aws_iam_policy_document.d"]
	for _, f := range alone {
		if (f.DerivedFrom == nil) != (f.Value.Kind == parity.Tuple) {
			t.Errorf("%s: %+v", f.Path, f.DerivedFrom)
		}
	}
	other := resource(t, "aws_caller_identity", "c", `{"account_id":"123456789012"}`)
	other.Data = true
	if all := read(other); len(all) > 0 {
		t.Errorf("a data source is a subject: %v", all)
	}
}

// TestTable: every row of the table can be read, and says what it should.
func TestTable(t *testing.T) {
	if _, bad := readTable(computedText); bad > 0 {
		t.Errorf("%d rows cannot be read", bad)
	}
	if _, bad := readTable("a\tb\n*\tx\tno-such-rule\n[\ty\tsecret\n"); bad != 3 {
		t.Errorf("%d rows are bad, want 3", bad)
	}
	for _, tt := range []struct {
		kind, attribute  string
		computed, secret bool
	}{
		{"aws_vpc", "id", true, false},
		{"aws_vpc", "cidr_block", false, false},
		{"aws_db_instance", "endpoint", true, false},
		{"aws_vpc_endpoint_service", "endpoint", false, false},
		{"aws_db_instance", "password", false, true},
		{"aws_cloudwatch_event_target", "arn", false, false},
		{"azurerm_storage_account", "primary_access_key", false, true},
		{"kubernetes_secret", "data", false, true},
		{"kubernetes_config_map", "data", false, false},
	} {
		if got := Computed(tt.kind, tt.attribute); got != tt.computed {
			t.Errorf("%s.%s is computed: %v", tt.kind, tt.attribute, got)
		}
		if got := knownSecret(tt.kind, tt.attribute); got != tt.secret {
			t.Errorf("%s.%s is a secret: %v", tt.kind, tt.attribute, got)
		}
	}
}

// TestDynamic: a value that a state keeps with its type is read as the value.
func TestDynamic(t *testing.T) {
	facts := read(resource(t, "terraform_data", "d", `{"input":{"type":["object",{"a":"string"}],"value":{"a":"b"}},"output":{"type":"string","value":"x"}}`))["terraform_data.d"]
	if at(facts, "/input/a") == nil || at(facts, "/output") == nil || at(facts, "/output").DerivedFrom == nil {
		t.Errorf("%+v", facts)
	}
	plain := read(resource(t, "any_thing", "d", `{"rule":{"type":"forward","value":"x"}}`))["any_thing.d"]
	if at(plain, "/rule/value") == nil {
		t.Errorf("%+v", plain)
	}
}

func TestOpaque(t *testing.T) {
	for text, want := range map[string]bool{
		"sg-0a1b2c3d4e5f60718": true, "sg-01234567890123456": true, "sg-12345678": true, "arn:aws:iam::123456789012:role/x": true,
		"/subscriptions/x/y": true, "projects/p/topics/t": true, "worker": false, "web-1": false, "a-1234567": false, "Sg-12345678": false,
	} {
		if got := opaque(text); got != want {
			t.Errorf("%s is opaque: %v", text, got)
		}
	}
}

func TestWithoutIndexes(t *testing.T) {
	for in, want := range map[string]string{
		`module.a["x.y[0]"].aws_vpc.b[0]`: "module.a.aws_vpc.b", "aws_vpc.b": "aws_vpc.b", `a.b["\"]"]`: "a.b", "a[": "a",
	} {
		if got := WithoutIndexes(in); got != want {
			t.Errorf("%s is %s", in, got)
		}
	}
}
