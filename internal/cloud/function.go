package cloud

import (
	"slices"
	"strings"
	"time"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
	"github.com/envparity/parity/internal/value"
)

// setting is one part of the shape that functions of all providers share, and
// the attribute that it is taken from.
type setting struct {
	name string // "memory"
	from []string
	// unit is written behind a bare number: "Mi", "s".
	unit string
	// before is written before the text: the language of a version.
	before string
}

// shapes says, by type, where a function has its settings.
//
// "concurrency" is the most requests at once: of the whole function in Lambda,
// of one instance elsewhere.
var shapes = map[string][]setting{
	"aws_lambda_function": {
		{name: "memory", from: []string{"memory_size"}, unit: "Mi"},
		{name: "timeout", from: []string{"timeout"}, unit: "s"},
		{name: "concurrency", from: []string{"reserved_concurrent_executions"}},
		{name: "runtime", from: []string{"runtime"}},
		{name: "image", from: []string{"image_uri"}},
		{name: "architecture", from: []string{"architectures"}},
		{name: "storage", from: []string{"ephemeral_storage", "size"}, unit: "Mi"},
	},
	"google_cloudfunctions_function": {
		{name: "memory", from: []string{"available_memory_mb"}, unit: "Mi"},
		{name: "timeout", from: []string{"timeout"}, unit: "s"},
		{name: "runtime", from: []string{"runtime"}},
		{name: "minInstances", from: []string{"min_instances"}},
		{name: "maxInstances", from: []string{"max_instances"}},
	},
	"google_cloudfunctions2_function": {
		{name: "memory", from: []string{"service_config", "available_memory"}},
		{name: "cpu", from: []string{"service_config", "available_cpu"}},
		{name: "timeout", from: []string{"service_config", "timeout_seconds"}, unit: "s"},
		{name: "concurrency", from: []string{"service_config", "max_instance_request_concurrency"}},
		{name: "runtime", from: []string{"build_config", "runtime"}},
		{name: "minInstances", from: []string{"service_config", "min_instance_count"}},
		{name: "maxInstances", from: []string{"service_config", "max_instance_count"}},
	},
	"google_cloud_run_v2_service": {
		{name: "memory", from: []string{"template", "containers", "resources", "limits", "memory"}},
		{name: "cpu", from: []string{"template", "containers", "resources", "limits", "cpu"}},
		{name: "timeout", from: []string{"template", "timeout"}},
		{name: "concurrency", from: []string{"template", "max_instance_request_concurrency"}},
		{name: "minInstances", from: []string{"template", "scaling", "min_instance_count"}},
		{name: "maxInstances", from: []string{"template", "scaling", "max_instance_count"}},
	},
	"google_cloud_run_service": {
		{name: "memory", from: []string{"template", "spec", "containers", "resources", "limits", "memory"}},
		{name: "cpu", from: []string{"template", "spec", "containers", "resources", "limits", "cpu"}},
		{name: "timeout", from: []string{"template", "spec", "timeout_seconds"}, unit: "s"},
		{name: "concurrency", from: []string{"template", "spec", "container_concurrency"}},
		{name: "minInstances", from: []string{"template", "metadata", "annotations", "autoscaling.knative.dev/minScale"}},
		{name: "maxInstances", from: []string{"template", "metadata", "annotations", "autoscaling.knative.dev/maxScale"}},
	},
}

// azureStacks are the attributes that say what an Azure function app runs.
var azureStacks = []string{"python_version", "node_version", "java_version", "dotnet_version", "powershell_core_version"}

// variableLists says where a function has its environment. Where it runs
// containers, these have theirs, and their images.
var variableLists = map[string][][]string{
	"aws_lambda_function":             {{"environment", "variables"}},
	"google_cloudfunctions_function":  {{"environment_variables"}},
	"google_cloudfunctions2_function": {{"service_config", "environment_variables"}},
	"azurerm_linux_function_app":      {{"app_settings"}},
	"azurerm_windows_function_app":    {{"app_settings"}},
}

// functions tells what functions have in common in one shape. It is told once:
// the attributes that it is taken from follow from it.
func (r *reader) functions() {
	for _, rec := range slices.Clone(r.records) {
		t := rec.res.Type
		settings := shapes[t]
		if strings.HasPrefix(t, "azurerm_") && strings.HasSuffix(t, "_function_app") {
			settings = azureShape()
		}
		for _, s := range settings {
			rec.setting(s)
		}
		for _, list := range variableLists[t] {
			rec.variables(list)
		}
		r.around(rec)
	}
	for _, rec := range r.records {
		rec.deriveShape()
	}
}

func azureShape() []setting {
	all := []setting{
		{name: "minInstances", from: []string{"site_config", "elastic_instance_minimum"}},
		{name: "maxInstances", from: []string{"site_config", "app_scale_limit"}},
	}
	for _, stack := range azureStacks {
		language, _, _ := strings.Cut(stack, "_")
		all = append(all, setting{name: "runtime", from: []string{"site_config", "application_stack", stack}, before: language})
	}
	return all
}

// setting tells one setting. The attribute follows from it.
func (rec *record) setting(s setting) {
	n := rec.attr(s.from...)
	if n != nil && n.Kind == doc.List && len(n.Items) == 1 {
		n = n.Items[0]
	}
	if n == nil || n.Text == "" || n.Kind == doc.Map || n.Kind == doc.List {
		return
	}
	path := "/function/" + s.name
	text := strings.TrimSpace(s.before + " " + n.Text)
	if n.Kind == doc.Number || value.IsNumber(n.Text) {
		text += s.unit
	}
	v, rules := shaped(s.name, text, n)
	rec.add(n, path, v, rules)
	rec.told = withPath(rec.told, path)
	rec.shape = append(rec.shape, follows{attributePath(rec.res.Attributes, s.from), rec.ref(path)})
}

// follows says that the facts at a path follow from another.
type follows struct {
	path string
	from parity.FactRef
}

func withPath(m map[string]bool, path string) map[string]bool {
	if m == nil {
		m = map[string]bool{}
	}
	m[path] = true
	return m
}

// shaped types a setting by its name.
func shaped(name, text string, n *doc.Node) (parity.Value, parity.RuleSet) {
	switch name {
	case "memory", "cpu", "storage":
		if q, ok := value.Quantity(text); ok {
			v := parity.Value{Kind: parity.Quantity, Raw: text}
			if q != text {
				v.Canon = q
				return v, parity.SetOf(parity.QuantityForm)
			}
			return v, 0
		}
		return parity.Value{Kind: parity.Text, Raw: text}, 0
	case "timeout":
		if d, ok := value.Duration(text); ok {
			v := parity.Value{Kind: parity.Duration, Raw: text}
			if d != text {
				v.Canon = d
				return v, parity.SetOf(parity.DurationForm)
			}
			return v, 0
		}
	}
	return value.Of("/function/"+name, text, scalarOf(n.Kind))
}

// attributePath is the path of an attribute as the walker writes it: single
// blocks stand in lists.
func attributePath(n *doc.Node, names []string) string {
	path := ""
	for _, name := range names {
		if n != nil && n.Kind == doc.List && len(n.Items) > 0 {
			path += listItem(n)
			n = n.Items[0]
		}
		path += "/" + name
		n = n.Get(name)
	}
	return path
}

// listItem is how the walker names the first item of a list.
func listItem(n *doc.Node) string {
	if names, field := itemNames(n); field != "" {
		return "[" + field + "=" + names[0] + "]"
	}
	return "[0]"
}

// variables tells the environment of a function.
func (rec *record) variables(list []string) {
	n, m := rec.res.Attributes, rec.res.Secret
	for _, name := range list {
		if n != nil && n.Kind == doc.List && len(n.Items) > 0 {
			n, m = n.Items[0], m.item(0)
		}
		n, m = n.Get(name), m.field(name)
	}
	if n == nil || m.whole() {
		return
	}
	base := attributePath(rec.res.Attributes, list)
	for i := range n.Fields {
		f := &n.Fields[i]
		rec.variable(f.Key, f.Value, m.field(f.Key), base+"/"+f.Key)
	}
}

// variable tells one variable. What it is, the attribute says.
func (rec *record) variable(name string, n *doc.Node, m *Marks, origin string) {
	path := "/function/env[name=" + name + "]/value"
	if name == "" || rec.told[path] || n.Kind == doc.Map || n.Kind == doc.List {
		return
	}
	v, rules := value.Of(path, n.Text, scalarOf(n.Kind))
	for i := range rec.facts {
		// A secret or a reference stays one.
		if f := &rec.facts[i]; f.Path == origin {
			v, rules = f.Value, f.Rules
		}
	}
	if m.any() {
		v, rules = parity.Value{Kind: parity.Secret, Raw: n.Text}, 0
	}
	rec.add(n, path, v, rules)
	rec.told = withPath(rec.told, path)
	rec.shape = append(rec.shape, follows{origin, rec.ref(path)})
}

func (rec *record) deriveShape() {
	for _, s := range rec.shape {
		rec.derive(s.path, s.from)
	}
}

// around tells on functions what stands in resources of their own: capacity
// that is kept ready, and what triggers them.
func (r *reader) around(rec *record) {
	switch rec.res.Type {
	case "aws_lambda_provisioned_concurrency_config":
		n := rec.attr("provisioned_concurrent_executions")
		if f := r.function(rec, "function_name"); f != nil && n != nil {
			path := "/function/provisionedCapacity[qualifier=" + rec.text("qualifier") + "]"
			f.stateBy(rec, n, path, parity.Value{Kind: parity.Number, Raw: n.Text}, 0)
			rec.deriveAll(f.ref(path))
		}
	case "aws_lambda_event_source_mapping":
		r.trigger(rec, "function_name", "events of ", "event_source_arn")
	case "aws_cloudwatch_event_target":
		r.trigger(rec, "arn", "rule ", "rule")
	case "aws_lambda_permission":
		r.trigger(rec, "function_name", "calls of ", "principal")
	case "google_cloudfunctions2_function":
		if n := rec.attr("event_trigger", "event_type"); n != nil {
			text := strings.TrimSpace(n.Text + " " + rec.text("event_trigger", "pubsub_topic"))
			rec.addTrigger(rec, n, text)
			for _, attribute := range [...]string{"event_type", "pubsub_topic"} {
				rec.shape = append(rec.shape, follows{"/event_trigger[0]/" + attribute, rec.ref(triggerPath(text))})
			}
		}
	}
}

func triggerPath(text string) string { return "/function/triggers[=" + text + "]" }

// trigger tells one trigger on the function that an attribute names. It follows
// from the resource that states it, which has settings of its own.
func (r *reader) trigger(rec *record, function, what, source string) {
	f, n := r.function(rec, function), rec.attr(source)
	if f == nil || n == nil {
		return
	}
	text := what + r.called(rec, source, n.Text)
	if f.told[triggerPath(text)] {
		return
	}
	f.addTrigger(rec, n, text)
	from := rec.ref("/" + source)
	f.facts[len(f.facts)-1].DerivedFrom = &from
}

func (rec *record) addTrigger(by *record, n *doc.Node, text string) {
	path := triggerPath(text)
	if !rec.told[path] {
		rec.stateBy(by, n, path, parity.Value{Kind: parity.Set, Raw: text}, 0)
	}
}

// stateBy adds what another resource states of this one.
func (rec *record) stateBy(by *record, n *doc.Node, path string, v parity.Value, rules parity.RuleSet) {
	own := rec.res.Origin
	rec.res.Origin = by.res.Origin
	rec.add(n, path, v, rules)
	rec.res.Origin = own
	rec.told = withPath(rec.told, path)
}

// function is the function that an attribute names by ARN, identifier or name.
func (r *reader) function(rec *record, attribute string) *record {
	text := rec.text(attribute)
	to := r.index.find(rec.res, attribute, text)
	if to == nil || to.Type != "aws_lambda_function" {
		return nil
	}
	return r.byAddress[to.Scope+"\x1f"+to.Type+"\x1f"+to.Name]
}

// certificate tells how long a certificate is valid for: its dates are its own.
func (r *reader) certificate(rec *record) {
	from, to := rec.attr("not_before"), rec.attr("not_after")
	if from == nil {
		from, to = rec.attr("validity_start_time"), rec.attr("validity_end_time")
	}
	begin, errB := time.Parse(time.RFC3339, from.Str())
	end, errE := time.Parse(time.RFC3339, to.Str())
	if errB == nil && errE == nil && end.After(begin) {
		rec.add(to, "/validity", parity.Value{Kind: parity.Duration, Raw: end.Sub(begin).String()}, 0)
	}
}
