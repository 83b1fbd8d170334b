package compare

import (
	"testing"

	"github.com/envparity/parity"
)

const (
	contractA = "0x92a117aeA74963Cd0CEdF9C50f99435451a291F7"
	contractB = "0xBcEAD54De463C083F348b530305e2471652D59A3"
)

// TestOneAddress: an opaque address that two environments have is shared, and a
// leak where a third has its own.
func TestOneAddress(t *testing.T) {
	tests := []struct {
		name, qa, staging, production string
		want                          parity.Class // staging's
	}{
		{"one in all", contractA, contractA, contractA, parity.Shared},
		{"another's", contractB, contractA, contractA, parity.Leak},
		{"an ARN", "arn:aws:sqs:eu-west-1:111122223333:a", "arn:aws:sqs:eu-west-1:444455556666:b", "arn:aws:sqs:eu-west-1:444455556666:b", parity.Leak},
		{"a managed policy", "arn:aws:iam::aws:policy/A", "arn:aws:iam::aws:policy/B", "arn:aws:iam::aws:policy/B", parity.Equal},
		{"another shape", "none", contractA, contractA, parity.Shared},
		{"zero", "0x0000000000000000000000000000000000000000", "0x0000000000000000000000000000000000000000", "0x0000000000000000000000000000000000000000", parity.Equal},
		{"a hash", "0x12", "0x12", "0x12", parity.Equal},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			qa := (&env{name: "qa"}).add("App", "", "x", "/registry", tt.qa)
			c := compareAll(t, Options{}, qa, staging().add("App", "", "x", "/registry", tt.staging), production().add("App", "", "x", "/registry", tt.production))
			if cell := c.class(t, "App", "x", "/registry"); cell.Class != tt.want {
				t.Errorf("got %v (%s)", cell.Class, cell.Note)
			}
		})
	}
}

// TestSharedAddressIsNamedFirst: the list of shared values begins with it, and
// says who has it and where.
func TestSharedAddressIsNamedFirst(t *testing.T) {
	host := []string{"/a", "db.production.example.com", "/b", "db.production.example.com", "/registry", contractA}
	c := compareAll(t, Options{}, staging().add("App", "", "x", host...), production().add("App", "", "x", host...))
	if len(c.Shared) < 2 {
		t.Fatalf("got %+v", c.Shared)
	}
	s := c.Shared[0]
	if s.Example != contractA || len(s.Columns) != 2 || s.Where[0].Path != "/registry" {
		t.Errorf("got %+v", s)
	}
}

// TestSiblingsShareAddresses: two environments of production are no leak.
func TestSiblingsShareAddresses(t *testing.T) {
	dev := (&env{name: "dev"}).add("App", "", "x", "/registry", contractB)
	next := (&env{name: "prod-next"}).add("App", "", "x", "/registry", contractA)
	c := compareAll(t, Options{}, dev, next, production().add("App", "", "x", "/registry", contractA))
	if got := c.cells["prod-next App x /registry"].Class; got != parity.Equal {
		t.Errorf("got %v", got)
	}
}

// TestDomainBelowTemplate: a host of which a template makes a label is nobody's yet,
// though its domain is what production's own hosts end with.
func TestDomainBelowTemplate(t *testing.T) {
	for host, want := range map[string]bool{
		"x.platform.example.com":                              true,
		"x.{{ .Values.environment }}.platform.example.com":    false,
		"https://x.${ENVIRONMENT}.platform.example.com/login": false,
	} {
		s := fleet(staging(), 6, "/host", "svc-%d.staging.platform.example.com").add("App", "", "x", "/host", host)
		p := fleet(production(), 6, "/host", "svc-%d.platform.example.com").add("App", "", "x", "/host", host)
		cell := compareAll(t, Options{}, s, p).class(t, "App", "x", "/host")
		if got := cell.Class == parity.Leak; got != want {
			t.Errorf("%s: %v (%s), want a leak: %v", host, cell.Class, cell.Note, want)
		}
	}
}
