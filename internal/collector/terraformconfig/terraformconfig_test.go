package terraformconfig

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/collector"
	"github.com/envparity/parity/internal/collector/collectortest"
	"github.com/envparity/parity/internal/place"
)

const secretModule = `
variable "token_value" { sensitive = true }
variable "db_password" { default = "%SECRET_WORD%" }
variable "size" { default = 2 }
locals { url = "https://u:%SECRET_URL%@example.com" }
resource "aws_db_instance" "main" {
  password = var.token_value
  username = "shop"
  class    = "c${var.size}"
}
resource "any_thing" "x" {
  count = 2
  text  = "n${count.index}"
  env   = { API_TOKEN = "%SECRET_WORD%", copy = var.token_value }
  ref   = aws_db_instance.main.id
}
data "any_data" "d" { filter = "f" }
module "remote" {
  source  = "example.com/any/thing"
  version = "1.2.3"
  secret  = var.token_value
}
output "o" {
  value     = var.token_value
  sensitive = true
}
`

func TestConformance(t *testing.T) {
	collectortest.Run(t,
		collectortest.Case{
			Name: "root module", Collector: New(), Config: &Config{Path: "m", VarFiles: []string{"v.tfvars"}},
			Files: map[string]string{"m/main.tf": secretModule, "v.tfvars": "token_value = \"%SECRET_WORD%\"\n"},
			Facts: []string{"/password", "/env/copy", "/token_value", "/outputs/o", "/arguments/secret", "/filter", "/ref", "/text"},
			Broken: []collectortest.Broken{
				{Name: "syntax", Files: map[string]string{"m/more.tf": "locals { a = \"%SECRET_WORD%"}, Keeps: true, Reason: "cannot be parsed"},
				{Name: "no such path", Config: &Config{Path: "absent"}, Reason: "no such file"},
				{Name: "no such variables", Config: &Config{Path: "m", VarFiles: []string{"absent.tfvars"}}, Keeps: true, Reason: "no such file"},
				{Name: "nothing said", Config: &Config{}, Reason: "no path"},
				{Name: "wrong type", Files: map[string]string{"m/more.tf": "variable \"n\" {\n type = number\n default = \"%SECRET_WORD%\"\n}"}, Keeps: true, Reason: "does not fit"},
			},
		},
		collectortest.Case{
			Name: "variables", Collector: New(), Config: &Config{Path: "vars"},
			Files:  map[string]string{"vars/a.tfvars": "x = 1\npassword = \"%SECRET_WORD%\"\n", "vars/b.tfvars.json": `{"y": {"api_key": "%SECRET_WORD%"}}`},
			Facts:  []string{"/x", "/password", "/y/api_key"},
			Broken: []collectortest.Broken{{Name: "syntax", Files: map[string]string{"vars/a.tfvars": "x = %SECRET_WORD% y"}, Keeps: true, Reason: "cannot be parsed"}},
		},
		collectortest.Case{
			Name: "terragrunt", Collector: New(), Config: &Config{Path: "live"},
			Files: map[string]string{
				"live/a/terragrunt.hcl": "terraform { source = \"example.com/m?ref=v1\" }\ninputs = {\n password = \"%SECRET_WORD%\"\n n = 1\n}",
				"live/b/terragrunt.hcl": "terraform { source = \"../../m\" }\ninputs = { n = 2 }", "m/main.tf": "variable \"n\" {}\nresource \"a_b\" \"c\" { n = var.n }",
			},
			Facts:  []string{"/password", "/n", "/source/ref"},
			Broken: []collectortest.Broken{{Name: "syntax", Files: map[string]string{"live/a/terragrunt.hcl": "inputs = { password = \"%SECRET_WORD% "}, Keeps: true, Reason: "cannot be parsed"}},
		},
	)
}

// sink keeps what is handed over.
type sink struct {
	facts map[string]parity.Fact
	gaps  []parity.Gap
}

func (s *sink) Subject(subject parity.Subject, facts []parity.Fact) {
	for _, f := range facts {
		s.facts[subject.Key.String()+" "+f.Path] = f
	}
}
func (s *sink) Gap(g parity.Gap)    { s.gaps = append(s.gaps, g) }
func (s *sink) Tool(string, string) {}

func read(t *testing.T, dir string, cfg Config) *sink {
	t.Helper()
	root := place.Dir(dir)
	t.Cleanup(func() { _ = root.Close() })
	out := &sink{facts: map[string]parity.Fact{}}
	in := collector.Input{Root: root, Log: slog.New(slog.DiscardHandler), Limits: collector.DefaultLimits()}
	if err := collect(t.Context(), in, cfg, out); err != nil {
		t.Fatal(err)
	}
	return out
}

// TestFacts: a resource has the facts that a state has, what shows in it follows
// from there, and what is not known says so.
func TestFacts(t *testing.T) {
	s := read(t, "testdata/app", Config{Path: "stack", VarFiles: []string{"staging.tfvars"}})
	if len(s.gaps) > 0 {
		t.Errorf("%+v", s.gaps)
	}
	for key, want := range map[string]string{
		"aws_instance web[0] /instance_type":                                        "text t3.small",
		"aws_instance web[1] /subnet_id":                                            "reference ${aws_subnet.a.id}",
		"aws_instance web[0] /user_data":                                            "text ${data.aws_ssm_parameter.p.value} [open-expression]",
		"aws_subnet a /vpc_id":                                                      "reference ${aws_vpc.main.id}",
		"aws_vpc main /tags/Name":                                                   "text vpc-staging",
		"terraform-variables root /unset":                                           "text ${var.unset} [open-expression]",
		"terraform-variables root /instance_type":                                   "text t3.small derived",
		"terraform-variables root /create":                                          "bool true",
		"terraform-module remote /source":                                           "text example.com/any/thing",
		"terraform-settings root /backend/s3/bucket":                                "text states",
		"terraform-settings root /required_version":                                 "text >= 1.5",
		"terraform-provider aws /region":                                            "text eu-west-1",
		"terraform root /outputs/url":                                               "text ${aws_instance.web[0].public_dns} [expression]",
		"data.aws_ssm_parameter p /name":                                            "text /app/staging",
		"aws_iam_policy p /policy[=allow s3:getobject on ${aws_s3_bucket.b.arn}/*]": "tuple allow s3:GetObject on ${aws_s3_bucket.b.arn}/* [expression]",
	} {
		f, ok := s.facts[key]
		if !ok {
			t.Errorf("%s is not there", key)
			continue
		}
		got := f.Value.Kind.String() + " " + f.Value.Raw
		for _, rule := range []parity.Rule{parity.Expression, parity.OpenExpression} {
			if f.Rules.Has(rule) {
				got += " [" + rule.String() + "]"
			}
		}
		if f.DerivedFrom != nil {
			got += " derived"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
	if t.Failed() {
		for key, f := range s.facts {
			if !strings.Contains(key, "/provider") {
				t.Log(key, f.Value.Kind, f.Value.Raw)
			}
		}
	}
}

// TestModulesOfAPattern: a module that another calls is no root, and one for which
// the environment has no variables is left out.
func TestModulesOfAPattern(t *testing.T) {
	s := read(t, "testdata/many", Config{Path: "stacks/*", VarFiles: []string{"vars/$MODULE.tfvars"}})
	for key, want := range map[string]bool{
		"a_b stacks:x": false, "a_b one/it /size": true, "a_b one:module.shared/it /n": true, "a_b two/it /size": false, "a_b shared/it /n": false,
	} {
		if _, ok := s.facts[key]; ok != want {
			t.Errorf("%s: %v", key, ok)
		}
	}
	if t.Failed() {
		for key := range s.facts {
			t.Log(key)
		}
	}
}
