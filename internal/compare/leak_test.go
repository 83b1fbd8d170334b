package compare

import (
	"fmt"
	"testing"

	"github.com/envparity/parity"
)

// world is a realistic pair of environments around which leaks and decoys are
// planted: hosts, accounts and projects that are bound in several services.
func world() (s, p *env) {
	s, p = staging(), production()
	for i := range 5 {
		name := fmt.Sprintf("svc-%d", i)
		s.add("App", "shop", name,
			"/env[name=DATABASE_HOST]/value", fmt.Sprintf("db%d.staging.example.com", i),
			"/env[name=API_URL]/value", fmt.Sprintf("https://api%d.staging.example.com/v1", i),
			"/env[name=ROLE_ARN]/value", fmt.Sprintf("arn:aws:iam::111122223333:role/svc%d", i),
			"/env[name=GCP_PROJECT]/value", fmt.Sprintf("shop-%d-staging", i),
			"/env[name=QUEUE_URL]/value", fmt.Sprintf("https://sqs.eu-west-1.amazonaws.com/111122223333/q%d", i),
			"/image", fmt.Sprintf("444455556666.dkr.ecr.eu-west-1.amazonaws.com/svc%d:1.2.3", i),
			"/spec/dataFrom[0]/extract/key", fmt.Sprintf("staging/build/svc%d", i),
		)
		p.add("App", "shop", name,
			"/env[name=DATABASE_HOST]/value", fmt.Sprintf("db%d.production.example.com", i),
			"/env[name=API_URL]/value", fmt.Sprintf("https://api%d.production.example.com/v1", i),
			"/env[name=ROLE_ARN]/value", fmt.Sprintf("arn:aws:iam::444455556666:role/svc%d", i),
			"/env[name=GCP_PROJECT]/value", fmt.Sprintf("shop-%d-production", i),
			"/env[name=QUEUE_URL]/value", fmt.Sprintf("https://sqs.eu-west-1.amazonaws.com/444455556666/q%d", i),
			"/image", fmt.Sprintf("444455556666.dkr.ecr.eu-west-1.amazonaws.com/svc%d:1.2.3", i),
			"/spec/dataFrom[0]/extract/key", fmt.Sprintf("production/build/svc%d", i),
		)
	}
	return s, p
}

func TestLeaksPlanted(t *testing.T) {
	planted := []struct{ name, path, own, ref string }{
		{"database host of production", "/env[name=DATABASE_HOST]/value", "db9.production.example.com", "db9.production.example.com"},
		{"API of production", "/env[name=API_URL]/value", "https://api9.production.example.com/v1", "https://api9.production.example.com/v1"},
		{"role in production's account", "/env[name=ROLE_ARN]/value", "arn:aws:iam::444455556666:role/svc9", "arn:aws:iam::444455556666:role/svc9"},
		{"role in production's account, the rest staging's", "/env[name=ROLE_ARN]/value", "arn:aws:iam::444455556666:role/svc-staging", "arn:aws:iam::444455556666:role/svc-production"},
		{"project of production", "/env[name=GCP_PROJECT]/value", "shop-9-production", "shop-9-production"},
		{"project of integration", "/env[name=GCP_PROJECT]/value", "shop-9-integration", "shop-9-production"},
		{"queue in production's account", "/env[name=QUEUE_URL]/value", "https://sqs.eu-west-1.amazonaws.com/444455556666/q9", "https://sqs.eu-west-1.amazonaws.com/444455556666/q9"},
		{"host of development", "/env[name=SEARCH_HOST]/value", "search.dev.example.com", "search.production.example.com"},
		{"bucket of QA", "/env[name=BUCKET]/value", "shop-assets-qa", "shop-assets-production"},
		{"production's secret read from a vault", "/spec/dataFrom[0]/extract/key", "production/build/svc9", "production/build/svc9"},
		{"staging's secret read by both", "/spec/dataFrom[0]/extract/key", "staging/build/svc9", "staging/build/svc9"},
		{"another queue in production's account", "/env[name=QUEUE_URL]/value", "https://sqs.eu-west-1.amazonaws.com/444455556666/other", "https://sqs.eu-west-1.amazonaws.com/999900001111/q9"},
	}
	for _, tt := range planted {
		t.Run(tt.name, func(t *testing.T) {
			s, p := world()
			s.add("App", "shop", "planted", tt.path, tt.own)
			p.add("App", "shop", "planted", tt.path, tt.ref)
			c := compareAll(t, Options{}, s, p)
			cell := c.class(t, "App", "planted", tt.path)
			if cell.Class != parity.Leak || cell.Note == "" {
				t.Errorf("%q against %q is %v %q", tt.own, tt.ref, cell.Class, cell.Note)
			}
			if n := leaks(c); n != 1 {
				t.Errorf("%d leaks", n)
			}
		})
	}
}

func TestLeaksDecoys(t *testing.T) {
	decoys := []struct{ name, path, own, ref string }{
		{"registry in production's account", "/image", "444455556666.dkr.ecr.eu-west-1.amazonaws.com/x:1", "444455556666.dkr.ecr.eu-west-1.amazonaws.com/x:1"},
		{"registry, other tag", "/image", "444455556666.dkr.ecr.eu-west-1.amazonaws.com/x:1.2.3", "444455556666.dkr.ecr.eu-west-1.amazonaws.com/x:1.2.4"},
		{"database name", "/env[name=DATABASE_NAME]/value", "shop_production", "shop_production"},
		{"table of a database", "/tables[=shop_production.public.orders]", "shop_production.public.orders", "shop_production.public.orders"},
		{"vendor with the word", "/env[name=VENDOR_URL]/value", "https://api.production-line.com/", "https://api.production-line.com/"},
		{"vendor's staging for all", "/env[name=PAYMENTS_URL]/value", "https://staging.vendor.com/", "https://staging.vendor.com/"},
		{"word inside a word", "/env[name=PAPER_HOST]/value", "reproduction.example.org", "reproduction.example.net"},
		{"own host", "/env[name=DATABASE_HOST]/value", "db9.staging.example.com", "db9.production.example.com"},
		{"another host of one's own", "/env[name=DATABASE_HOST]/value", "main.staging.example.com", "db9.production.example.com"},
		{"common parent domain", "/env[name=DOCS_URL]/value", "https://docs.example.com/", "https://docs.example.com/"},
		{"shared vendor", "/env[name=API_URL]/value", "https://api.stripe.com/v1", "https://api.stripe.com/v1"},
		{"mode by the name of an environment", "/env[name=RAILS_ENV]/value", "production", "production"},
		{"level", "/env[name=LOG_LEVEL]/value", "debug", "info"},
		{"prose", "/description", "Runs as production does.", "Runs in production."},
		{"prose with an account", "/env[name=NOTE]/value", "ask 444455556666 for it", "ask 444455556666 for it"},
		{"third party's account", "/env[name=ROLE_ARN]/value", "arn:aws:iam::777788889999:role/vendor", "arn:aws:iam::777788889999:role/vendor"},
		{"next stage", "/nextEnvironment", "production", ""},
		{"time zone", "/env[name=TZ]/value", "Europe/London", "UTC"},
		{"path to a file", "/env[name=CONFIG]/value", "/etc/shop/production.yaml", "/etc/shop/production.yaml"},
		{"feature by another's name", "/env[name=FEATURE_QA]/value", "true", "false"},
	}
	for _, tt := range decoys {
		t.Run(tt.name, func(t *testing.T) {
			s, p := world()
			s.add("App", "shop", "decoy", tt.path, tt.own)
			p.add("App", "shop", "decoy", tt.path, tt.ref)
			if c := compareAll(t, Options{}, s, p); leaks(c) != 0 {
				cell := c.class(t, "App", "decoy", tt.path)
				t.Errorf("%q against %q is %v: %s", tt.own, tt.ref, cell.Class, cell.Note)
			}
		})
	}
}

// TestLeakedSecret: one secret on both sides is a leak where other subjects
// have their own, and nothing otherwise.
func TestLeakedSecret(t *testing.T) {
	build := func(others int) compared {
		s, p := staging(), production()
		secret := func(e *env, name, digest string) {
			e.add("Secret", "shop", name).fact(parity.Fact{Path: "/data/api-key", Value: parity.Value{Kind: parity.Secret, Canon: digest}})
		}
		for i := range others {
			secret(s, fmt.Sprint(i), fmt.Sprintf("s%d", i))
			secret(p, fmt.Sprint(i), fmt.Sprintf("p%d", i))
		}
		secret(s, "x", "same")
		secret(p, "x", "same")
		return compareAll(t, Options{}, s, p)
	}
	if c := build(3); c.class(t, "Secret", "x", "/data/api-key").Class != parity.Leak {
		t.Error("production's secret in staging is no leak")
	}
	if c := build(2); leaks(c) != 0 {
		t.Error("a leak without support")
	}
}

func leaks(c compared) int {
	n := 0
	for _, j := range c.joined {
		for _, cell := range j.Cells {
			if cell.Class == parity.Leak {
				n++
			}
		}
	}
	return n
}
