package cloud

import (
	"fmt"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// BenchmarkRead reads 10,000 resources: groups with rules of their own, policies
// and functions.
func BenchmarkRead(b *testing.B) {
	var all []*Resource
	for i := range 1000 {
		id := fmt.Sprintf("sg-%017x", i+1<<60)
		all = append(all, resource(b, "aws_security_group", fmt.Sprint("g", i), fmt.Sprintf(`{"id":%q,"arn":"arn:aws:ec2:eu-west-1:123456789012:security-group/%s","name":"g","ingress":[],"egress":[]}`, id, id)))
		for j := range 7 {
			all = append(all, resource(b, "aws_vpc_security_group_ingress_rule", fmt.Sprint("r", i, "-", j), fmt.Sprintf(`{"security_group_id":%q,"cidr_ipv4":"10.%d.0.0/16","from_port":%d,"to_port":%d,"ip_protocol":"tcp"}`, id, j, 100*j, 100*j+5)))
		}
		all = append(all,
			resource(b, "aws_iam_policy", fmt.Sprint("p", i), `{"name":"p","policy":"{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:a\",\"s3:b\",\"s3:c\"],\"Resource\":[\"x\",\"y\"]}]}"}`),
			resource(b, "aws_lambda_function", fmt.Sprint("f", i), `{"function_name":"f","memory_size":128,"timeout":3,"environment":[{"variables":{"A":"1","B":"2"}}]}`),
		)
	}
	b.ReportAllocs()
	for b.Loop() {
		facts := 0
		Read(all, Options{Limits: doc.Limits{}}, func(_ parity.Subject, f []parity.Fact) { facts += len(f) })
		if facts < 50_000 {
			b.Fatal(facts)
		}
	}
}
