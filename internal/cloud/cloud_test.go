package cloud

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// resource makes a resource of a type and JSON attributes.
func resource(t testing.TB, kind, name, attributes string) *Resource {
	t.Helper()
	n, err := doc.ParseJSON([]byte(attributes), doc.Limits{})
	if err != nil {
		t.Fatalf("%s: %v", attributes, err)
	}
	return &Resource{Type: kind, Name: name, Address: kind + "." + name, Attributes: n, Origin: &parity.Origin{File: "x", Precision: parity.AtLine}}
}

// read gives the facts by subject.
func read(resources ...*Resource) map[string][]parity.Fact {
	out := map[string][]parity.Fact{}
	Read(resources, Options{}, func(s parity.Subject, facts []parity.Fact) { out[s.Kind+"."+s.Name] = facts })
	return out
}

// below are the facts whose path begins so, as "path = raw", sorted.
func below(facts []parity.Fact, prefix string) []string {
	var out []string
	for _, f := range facts {
		if strings.HasPrefix(f.Path, prefix) {
			out = append(out, fmt.Sprintf("%s = %s", strings.TrimPrefix(f.Path, prefix), f.Value))
		}
	}
	slices.Sort(out)
	return out
}

// members are the tuples of a list, by what stands in the brackets.
func members(facts []parity.Fact, list string) []string {
	var out []string
	for _, f := range facts {
		if rest, ok := strings.CutPrefix(f.Path, list+"[="); ok {
			out = append(out, strings.TrimSuffix(rest, "]"))
			if f.Value.Kind != parity.Tuple || f.Value.Canonical() != strings.TrimSuffix(rest, "]") {
				out = append(out, "but the value is "+f.Value.Canonical())
			}
		}
	}
	slices.Sort(out)
	return out
}

func quoted(t testing.TB, s string) string {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestPolicyForms: what is the same policy in any form has the same tuples, and
// what is another has others.
func TestPolicyForms(t *testing.T) {
	for _, tt := range []struct {
		name  string
		want  []string
		forms []string
	}{
		{"one action", []string{"allow s3:getobject on arn:aws:s3:::a/*"}, []string{
			`{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject"],"Resource":["arn:aws:s3:::a/*"]}]}`,
			`{"Statement":{"Resource":"arn:aws:s3:::a/*","Action":"s3:getobject","Effect":"Allow","Sid":"Read"},"Id":"x"}`,
			"{\n  \"Statement\": [\n {\"Sid\": \"\", \"Effect\": \"Allow\",\n\"Action\": \"S3:GetObject\", \"Resource\": [\"arn:aws:s3:::a/*\", \"arn:aws:s3:::a/*\"]} ] }\n",
			`{"statement":[{"effect":"Allow","action":"s3:GetObject","resource":"arn:aws:s3:::a/*","condition":{}}]}`,
			`{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"},{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::a/*"}]}`,
		}},
		{"two by two", []string{"allow s3:a on x", "allow s3:a on y", "allow s3:b on x", "allow s3:b on y"}, []string{
			`{"Statement":[{"Effect":"Allow","Action":["s3:a","s3:b"],"Resource":["y","x"]}]}`,
			`{"Statement":[{"Effect":"Allow","Action":"s3:b","Resource":["x","y"]},{"Effect":"Allow","Action":"s3:a","Resource":["x","y"]}]}`,
		}},
		{"anyone", []string{"allow s3:get on x to *"}, []string{
			`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:get","Resource":"x"}]}`,
			`{"Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"s3:get","Resource":"x"}]}`,
			`{"Statement":[{"Effect":"Allow","Principal":{"AWS":["*"]},"Action":"s3:get","Resource":"x"}]}`,
		}},
		{"an account", []string{"allow s3:get on x to arn:aws:iam::123456789012:root"}, []string{
			`{"Statement":[{"Effect":"Allow","Principal":{"AWS":"123456789012"},"Action":"s3:get","Resource":"x"}]}`,
			`{"Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::123456789012:root"]},"Action":"s3:get","Resource":"x"}]}`,
		}},
		{"a service and a provider", []string{"allow sts:assumerole on this to federated:example.com", "allow sts:assumerole on this to service:lambda.amazonaws.com"}, []string{
			`{"Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com","Federated":["example.com"]},"Action":"sts:AssumeRole"}]}`,
			`{"Statement":[{"Effect":"Allow","Principal":{"Federated":"example.com"},"Action":"sts:AssumeRole"},{"Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com"]},"Action":["sts:AssumeRole"]}]}`,
		}},
		{"what is left out", []string{"deny not(iam:get,sts:*) on not(a,b) to not(arn:aws:iam::123456789012:root)"}, []string{
			`{"Statement":[{"Effect":"Deny","NotPrincipal":{"AWS":"123456789012"},"NotAction":["sts:*","iam:Get"],"NotResource":["b","a"]}]}`,
			`{"Statement":{"Effect":"Deny","NotPrincipal":{"AWS":["arn:aws:iam::123456789012:root"]},"NotAction":["iam:Get","sts:*"],"NotResource":["a","b"]}}`,
		}},
		{"conditions", []string{"allow s3:get on x if aws:region stringequals eu,us and aws:securetransport bool true"}, []string{
			`{"Statement":[{"Effect":"Allow","Action":"s3:get","Resource":"x","Condition":{"StringEquals":{"aws:Region":["us","eu"]},"Bool":{"aws:SecureTransport":"true"}}}]}`,
			`{"Statement":[{"Effect":"Allow","Action":"s3:get","Resource":"x","Condition":{"bool":{"AWS:securetransport":[true]},"stringEquals":{"AWS:REGION":["eu","us"]}}}]}`,
		}},
		{"a value of a condition keeps its case", []string{"allow s3:get on x if k stringequals Eu"}, []string{
			`{"Statement":[{"Effect":"Allow","Action":"s3:get","Resource":"x","Condition":{"StringEquals":{"k":"Eu"}}}]}`,
		}},
		{"a resource keeps its case", []string{"allow s3:get on X"}, []string{`{"Statement":[{"Effect":"Allow","Action":"s3:get","Resource":"X"}]}`}},
		{"members of Google", []string{"allow roles/viewer on this to user:a", "allow roles/viewer on this to user:b"}, []string{
			`{"bindings":[{"role":"roles/viewer","members":["user:b","user:a"]}]}`,
			`{"version":1,"bindings":[{"role":"roles/viewer","members":["user:a"]},{"members":["user:b"],"role":"roles/viewer"}]}`,
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			for _, form := range tt.forms {
				got := read(resource(t, "aws_iam_policy", "p", `{"policy":`+quoted(t, form)+`}`))["aws_iam_policy.p"]
				if diff := cmp.Diff(tt.want, members(got, "/policy")); diff != "" {
					t.Errorf("%s:\n%s", form, diff)
				}
			}
		})
	}
}

// TestNoPolicy: what is not understood is read as it is written, not as less.
func TestNoPolicy(t *testing.T) {
	for _, text := range []string{
		`{"Statement":[{"Effect":"Allow","Action":"s3:get","Resource":"x","Surprise":1}]}`,
		`{"Statement":[{"Effect":"Maybe","Action":"s3:get","Resource":"x"}]}`,
		`{"Statement":[{"Effect":"Allow","Action":"a","NotAction":"b","Resource":"x"}]}`,
		`{"Statement":[{"Effect":"Allow","Action":[],"Resource":"x"}]}`,
		`{"Statement":[{"Effect":"Allow","Action":"a","Resource":"x","Condition":{"Bool":{"k":{}}}}]}`,
		`{"Statement":[],"More":1}`,
	} {
		facts := read(resource(t, "aws_iam_policy", "p", `{"policy":`+quoted(t, text)+`}`))["aws_iam_policy.p"]
		if len(members(facts, "/policy")) > 0 || len(below(facts, "/policy/")) == 0 {
			t.Errorf("%s: %v", text, facts)
		}
	}
	many := `{"Statement":[{"Effect":"Allow","Action":[` + strings.Repeat(`"a",`, 200) + `"a"],"Resource":[` + strings.Repeat(`"x",`, 200) + `"x"]}]}`
	if got := members(read(resource(t, "aws_iam_policy", "p", `{"policy":`+quoted(t, many)+`}`))["aws_iam_policy.p"], "/policy"); len(got) > 0 {
		t.Errorf("a policy of 40,000 tuples is expanded")
	}
}

const group = `{"id":"sg-0a1b2c3d4e5f60718","arn":"arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0a1b2c3d4e5f60718","name":"g","ingress":%s,"egress":[]}`

func inlineRule(more string) string {
	base := map[string]any{"cidr_blocks": []string{}, "ipv6_cidr_blocks": []string{}, "prefix_list_ids": []string{}, "security_groups": []string{}, "description": "", "self": false, "from_port": 443, "to_port": 443, "protocol": "tcp"}
	var own map[string]any
	if err := json.Unmarshal([]byte(more), &own); err != nil {
		return err.Error()
	}
	for k, v := range own {
		base[k] = v
	}
	b, _ := json.Marshal(base) //nolint:errchkjson // a test
	return string(b)
}

// TestSecurityGroups: inline rules, rules of both kinds of resources, and lists
// cut in other ways have the same tuples on the group.
func TestSecurityGroups(t *testing.T) {
	const id = "sg-0a1b2c3d4e5f60718"
	other := resource(t, "aws_security_group", "other", `{"id":"sg-0fedcba9876543210","arn":"arn:aws:ec2:eu-west-1:123456789012:security-group/sg-0fedcba9876543210","ingress":[]}`)
	old := func(name, more string) *Resource {
		return resource(t, "aws_security_group_rule", name, `{"type":"ingress","security_group_id":"`+id+`",`+more+`}`)
	}
	newer := func(name, more string) *Resource {
		return resource(t, "aws_vpc_security_group_ingress_rule", name, `{"security_group_id":"`+id+`",`+more+`}`)
	}
	for _, tt := range []struct {
		name   string
		want   []string
		inline []string
		apart  [][]*Resource
	}{
		{"two networks", []string{"ingress tcp 443 from 10.0.0.0/16", "ingress tcp 443 from fd00::/8"}, []string{
			"[" + inlineRule(`{"cidr_blocks":["10.0.0.0/16"],"ipv6_cidr_blocks":["fd00::/8"]}`) + "]",
			"[" + inlineRule(`{"ipv6_cidr_blocks":["fd00::/8"],"protocol":"6"}`) + "," + inlineRule(`{"cidr_blocks":["10.0.3.4/16"],"description":"x"}`) + "]",
		}, [][]*Resource{
			{old("a", `"cidr_blocks":["10.0.0.0/16"],"ipv6_cidr_blocks":["fd00::/8"],"from_port":443,"to_port":443,"protocol":"tcp"`)},
			{newer("a", `"cidr_ipv4":"10.0.0.0/16","from_port":443,"to_port":443,"ip_protocol":"tcp"`), newer("b", `"cidr_ipv6":"fd00::/8","from_port":443,"to_port":443,"ip_protocol":"tcp"`)},
		}},
		{"everything", []string{"ingress all from 0.0.0.0/0"}, []string{"[" + inlineRule(`{"cidr_blocks":["0.0.0.0/0"],"from_port":0,"to_port":0,"protocol":"-1"}`) + "]"}, [][]*Resource{
			{newer("a", `"cidr_ipv4":"0.0.0.0/0","ip_protocol":"-1"`)}, {old("a", `"cidr_blocks":["0.0.0.0/0"],"from_port":0,"to_port":65535,"protocol":"all"`)},
		}},
		{"ports that touch", []string{"ingress tcp 8000-8100 from 10.0.0.0/8"}, []string{
			"[" + inlineRule(`{"cidr_blocks":["10.0.0.0/8"],"from_port":8000,"to_port":8050}`) + "," + inlineRule(`{"cidr_blocks":["10.0.0.0/8"],"from_port":8051,"to_port":8100}`) + "]",
			"[" + inlineRule(`{"cidr_blocks":["10.0.0.0/8"],"from_port":8000,"to_port":8100}`) + "," + inlineRule(`{"cidr_blocks":["10.0.0.0/8"],"from_port":8080,"to_port":8080}`) + "]",
		}, nil},
		{"halves of a network", []string{"ingress tcp 443 from 10.0.0.0/16"}, []string{
			"[" + inlineRule(`{"cidr_blocks":["10.0.128.0/17","10.0.0.0/17"]}`) + "]", "[" + inlineRule(`{"cidr_blocks":["10.0.0.0/16","10.0.7.0/24"]}`) + "]",
			"[" + inlineRule(`{"cidr_blocks":["10.0.0.0/18","10.0.64.0/18","10.0.128.0/18","10.0.192.0/18"]}`) + "]",
		}, nil},
		{"groups, lists and itself", []string{"ingress tcp 443 from aws_security_group.other", "ingress tcp 443 from itself", "ingress tcp 443 from pl-12ab34cd"}, []string{
			"[" + inlineRule(`{"security_groups":["sg-0fedcba9876543210"],"prefix_list_ids":["pl-12ab34cd"],"self":true}`) + "]",
		}, [][]*Resource{
			{old("a", `"source_security_group_id":"sg-0fedcba9876543210","from_port":443,"to_port":443,"protocol":"tcp"`), old("b", `"self":true,"prefix_list_ids":["pl-12ab34cd"],"from_port":443,"to_port":443,"protocol":"tcp"`)},
			{
				newer("a", `"referenced_security_group_id":"sg-0fedcba9876543210","from_port":443,"to_port":443,"ip_protocol":"tcp"`),
				newer("b", `"referenced_security_group_id":"`+id+`","from_port":443,"to_port":443,"ip_protocol":"tcp"`),
				newer("c", `"prefix_list_id":"pl-12ab34cd","from_port":443,"to_port":443,"ip_protocol":"tcp"`),
			},
		}},
		{"icmp", []string{"ingress icmp 8/0 from 0.0.0.0/0", "ingress icmp any from 10.0.0.0/8", "ingress icmpv6 128 from ::/0"}, []string{
			"[" + inlineRule(`{"cidr_blocks":["0.0.0.0/0"],"protocol":"icmp","from_port":8,"to_port":0}`) + "," + inlineRule(`{"cidr_blocks":["10.0.0.0/8"],"protocol":"1","from_port":-1,"to_port":-1}`) + "," + inlineRule(`{"ipv6_cidr_blocks":["::/0"],"protocol":"58","from_port":128,"to_port":-1}`) + "]",
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			check := func(how string, resources ...*Resource) {
				t.Helper()
				all := read(append(resources, other)...)
				if diff := cmp.Diff(tt.want, members(all["aws_security_group.g"], "/network")); diff != "" {
					t.Errorf("%s:\n%s", how, diff)
				}
				for name, facts := range all {
					if !strings.Contains(name, "_rule.") {
						continue
					}
					for _, f := range facts {
						if f.DerivedFrom == nil || f.DerivedFrom.Subject.Kind != "aws_security_group" || !slices.ContainsFunc(all["aws_security_group.g"], func(g parity.Fact) bool { return g.Path == f.DerivedFrom.Path }) {
							t.Errorf("%s %s does not follow from a tuple of the group: %+v", name, f.Path, f.DerivedFrom)
						}
					}
				}
			}
			for _, form := range tt.inline {
				check(form, resource(t, "aws_security_group", "g", fmt.Sprintf(group, form)))
			}
			for i, rules := range tt.apart {
				check(fmt.Sprint("rules apart ", i), append([]*Resource{resource(t, "aws_security_group", "g", fmt.Sprintf(group, "[]"))}, rules...)...)
			}
		})
	}
}

// TestRuleOfAnUnknownGroup: the tuple is told on the rule.
func TestRuleOfAnUnknownGroup(t *testing.T) {
	all := read(resource(t, "aws_security_group_rule", "r", `{"type":"egress","security_group_id":"sg-0a1b2c3d4e5f60718","cidr_blocks":["10.0.0.0/8","11.1.0.0/16"],"from_port":1,"to_port":2,"protocol":"udp"}`))
	got := all["aws_security_group_rule.r"]
	if diff := cmp.Diff([]string{"egress udp 1-2 to 10.0.0.0/8", "egress udp 1-2 to 11.1.0.0/16"}, members(got, "/network")); diff != "" {
		t.Error(diff)
	}
	for _, f := range got {
		if (f.DerivedFrom == nil) != (f.Value.Kind == parity.Tuple) {
			t.Errorf("%s: %+v", f.Path, f.DerivedFrom)
		}
	}
}

// TestNetworkACL: numbers count only where rules allow and deny.
func TestNetworkACL(t *testing.T) {
	const acl = `{"id":"acl-0a1b2c3d4e5f60718","arn":"arn:aws:ec2:eu-west-1:123456789012:network-acl/acl-0a1b2c3d4e5f60718","ingress":%s,"egress":[]}`
	rule := func(no int, action, protocol, cidr string, from, to int) string {
		return fmt.Sprintf(`{"rule_no":%d,"action":%q,"protocol":%q,"cidr_block":%q,"ipv6_cidr_block":"","from_port":%d,"to_port":%d,"icmp_type":0,"icmp_code":0}`, no, action, protocol, cidr, from, to)
	}
	separate := func(name string, no int, action string) *Resource {
		return resource(t, "aws_network_acl_rule", name, fmt.Sprintf(`{"network_acl_id":"acl-0a1b2c3d4e5f60718","rule_number":%d,"rule_action":%q,"egress":false,"protocol":"tcp","cidr_block":"10.0.0.0/8","from_port":22,"to_port":22}`, no, action))
	}
	for name, tt := range map[string]struct {
		in   []*Resource
		want []string
	}{
		"all allow":   {[]*Resource{resource(t, "aws_network_acl", "a", fmt.Sprintf(acl, "["+rule(100, "allow", "tcp", "10.0.0.0/8", 22, 22)+"]"))}, []string{"ingress tcp 22 from 10.0.0.0/8"}},
		"apart":       {[]*Resource{resource(t, "aws_network_acl", "a", fmt.Sprintf(acl, "[]")), separate("r", 7, "allow")}, []string{"ingress tcp 22 from 10.0.0.0/8"}},
		"a denial":    {[]*Resource{resource(t, "aws_network_acl", "a", fmt.Sprintf(acl, "["+rule(200, "allow", "-1", "0.0.0.0/0", 0, 0)+"]")), separate("r", 100, "deny")}, []string{"ingress 100 deny tcp 22 from 10.0.0.0/8", "ingress 200 allow all from 0.0.0.0/0"}},
		"all denials": {[]*Resource{resource(t, "aws_network_acl", "a", fmt.Sprintf(acl, "[]")), separate("r", 1, "DENY")}, []string{"ingress deny tcp 22 from 10.0.0.0/8"}},
	} {
		if diff := cmp.Diff(tt.want, members(read(tt.in...)["aws_network_acl.a"], "/network")); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
}

func TestOtherFirewalls(t *testing.T) {
	fw := read(resource(t, "google_compute_firewall", "f", `{"name":"f","direction":"INGRESS","priority":900,"source_ranges":["10.0.0.0/8"],"source_tags":["web"],"allow":[{"protocol":"tcp","ports":["80","81-90"]},{"protocol":"icmp","ports":[]}],"deny":[]}`))["google_compute_firewall.f"]
	want := []string{
		"ingress icmp any from 10.0.0.0/8", "ingress icmp any from tag:web",
		"ingress tcp 80-90 from 10.0.0.0/8", "ingress tcp 80-90 from tag:web",
	}
	if diff := cmp.Diff(want, members(fw, "/network")); diff != "" {
		t.Error(diff)
	}
	if got := below(fw, "/priority"); len(got) != 1 {
		t.Errorf("the priority is gone: %v", got)
	}
	deny := read(resource(t, "google_compute_firewall", "f", `{"name":"f","direction":"EGRESS","deny":[{"protocol":"all"}]}`))["google_compute_firewall.f"]
	if diff := cmp.Diff([]string{"egress deny all to 0.0.0.0/0"}, members(deny, "/network")); diff != "" {
		t.Error(diff)
	}
	nsg := read(resource(t, "azurerm_network_security_group", "g", `{"name":"g","resource_group_name":"r","security_rule":[
		{"name":"a","priority":100,"direction":"Inbound","access":"Allow","protocol":"Tcp","source_port_range":"*","destination_port_range":"443","source_address_prefixes":["10.0.0.0/8","Internet"],"destination_address_prefix":"*"},
		{"name":"b","priority":200,"direction":"Inbound","access":"Deny","protocol":"*","source_port_range":"*","destination_port_range":"*","source_address_prefix":"*","destination_address_prefix":"10.1.0.0/16"}]}`),
		resource(t, "azurerm_network_security_rule", "o", `{"name":"o","resource_group_name":"r","network_security_group_name":"g","priority":100,"direction":"Outbound","access":"Allow","protocol":"Udp","source_port_range":"*","destination_port_ranges":["53"],"source_address_prefix":"*","destination_address_prefix":"AzureCloud"}`),
	)["azurerm_network_security_group.g"]
	want = []string{
		"egress udp 53 to AzureCloud", "ingress 100 allow tcp 443 from 10.0.0.0/8", "ingress 100 allow tcp 443 from Internet",
		"ingress 200 deny all from any at 10.1.0.0/16",
	}
	if diff := cmp.Diff(want, members(nsg, "/network")); diff != "" {
		t.Error(diff)
	}
}

// TestAccess: a binding is its members, a role assignment who has what.
func TestAccess(t *testing.T) {
	member := func(name, who string) *Resource {
		return resource(t, "google_project_iam_member", name, `{"project":"p","role":"roles/viewer","member":"`+who+`","condition":[]}`)
	}
	apart := read(member("a", "user:a"), member("b", "user:b"))
	bound := read(resource(t, "google_project_iam_binding", "x", `{"project":"p","role":"roles/viewer","members":["user:b","user:a"],"condition":[]}`))
	want := []string{"allow roles/viewer on this to user:a", "allow roles/viewer on this to user:b"}
	for how, all := range map[string]map[string][]parity.Fact{"apart": apart, "bound": bound} {
		if diff := cmp.Diff(want, members(all["google_project_iam.p"], "/iam")); diff != "" {
			t.Errorf("%s:\n%s", how, diff)
		}
		for name, facts := range all {
			for _, f := range facts {
				if name != "google_project_iam.p" && f.DerivedFrom == nil {
					t.Errorf("%s %s counts again", name, f.Path)
				}
			}
		}
	}
	definition := read(resource(t, "azurerm_role_definition", "d", `{"name":"d","permissions":[{"actions":["*/read"],"not_actions":["Secrets/read"],"data_actions":["Blobs/read"],"not_data_actions":[]}]}`))["azurerm_role_definition.d"]
	if diff := cmp.Diff([]string{"allow */read on this", "allow data:blobs/read on this", "except secrets/read on this"}, members(definition, "/permissions")); diff != "" {
		t.Error(diff)
	}
	assignment := read(resource(t, "azurerm_role_assignment", "a", `{"scope":"/subscriptions/x","role_definition_name":"Reader","principal_id":"7a1b2c3d-0000-4000-a000-111122223333"}`))["azurerm_role_assignment.a"]
	if diff := cmp.Diff([]string{"allow reader on /subscriptions/x to 7a1b2c3d-0000-4000-a000-111122223333"}, members(assignment, "/assignment")); diff != "" {
		t.Error(diff)
	}
}

// TestUnsureRules: what is not known yet is not told as if it were all, and
// what is sensitive only as being there.
func TestUnsureRules(t *testing.T) {
	firewall := resource(t, "google_compute_firewall", "f", `{"direction":"INGRESS","allow":[{"protocol":"tcp","ports":["80"]}]}`)
	firewall.Unknown = map[string]bool{"source_ranges": true, "id": true}
	if got := members(read(firewall)["google_compute_firewall.f"], "/network"); len(got) > 0 {
		t.Errorf("from where is not known: %v", got)
	}
	g := resource(t, "aws_security_group", "g", fmt.Sprintf(group, `[{"cidr_blocks":["10.0.0.0/8"],"protocol":"tcp","to_port":80},`+inlineRule(`{"cidr_blocks":["11.0.0.0/8"]}`)+`]`))
	g.Unknown = map[string]bool{"ingress": true}
	for text, want := range map[string]bool{
		`{"from_port":1,"to_port":1,"protocol":"tcp"}`: false, `{"from_port":1,"to_port":1}`: true, `{"from_port":1,"protocol":"tcp"}`: true,
		`{"priority":1,"access":"Allow","direction":"Inbound","protocol":"*"}`: false, `{"priority":1,"access":"Allow","direction":"Inbound"}`: true,
	} {
		if got := partly(resource(t, "x", "y", text).Attributes); got != want {
			t.Errorf("%s is known in part: %v", text, got)
		}
	}
	rule := func(name, unknown string) *Resource {
		r := resource(t, "aws_security_group_rule", name, `{"type":"ingress","security_group_id":"sg-0a1b2c3d4e5f60718","cidr_blocks":["12.0.0.0/8"],"protocol":"tcp","from_port":1}`)
		r.Unknown = map[string]bool{unknown: true}
		return r
	}
	want := []string{"ingress tcp 1 from 12.0.0.0/8", "ingress tcp 443 from 11.0.0.0/8"}
	if diff := cmp.Diff(want, members(read(g, rule("a", "to_port"), rule("b", "id"))["aws_security_group.g"], "/network")); diff != "" {
		t.Error(diff)
	}
	secret := resource(t, "aws_security_group", "g", fmt.Sprintf(group, `[`+inlineRule(`{"cidr_blocks":["10.1.2.3/32"]}`)+`,`+inlineRule(`{"cidr_blocks":["11.0.0.0/8"]}`)+`]`))
	secret.Secret = (*Marks)(nil).Mark("ingress", "0", "cidr_blocks", "0")
	facts := read(secret)["aws_security_group.g"]
	if diff := cmp.Diff([]string{"ingress tcp 443 from 11.0.0.0/8", "ingress tcp hidden from hidden"}, members(facts, "/network")); diff != "" {
		t.Error(diff)
	}
	if got := fmt.Sprint(facts); strings.Contains(got, "10.1.2.3") {
		t.Errorf("a sensitive network comes through: %s", got)
	}
	member := resource(t, "google_project_iam_member", "m", `{"project":"p","role":"roles/viewer","member":"user:secret@example.com"}`)
	member.Secret = (*Marks)(nil).Mark("member")
	if diff := cmp.Diff([]string{"allow roles/viewer on this to hidden"}, members(read(member)["google_project_iam.p"], "/iam")); diff != "" {
		t.Error(diff)
	}
}
