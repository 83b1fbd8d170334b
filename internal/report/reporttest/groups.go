package reporttest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/envparity/parity"
)

func fingerprint(of string) string {
	sum := sha256.Sum256([]byte(of))
	return hex.EncodeToString(sum[:16])
}

func change(id, kind, name, path string, class parity.Class, how parity.Change) parity.Difference {
	return parity.Difference{
		Fingerprint: fingerprint(id),
		Subject:     parity.SubjectRef{Kind: kind, Scope: "shop", Name: name, Service: name, Owner: "team-" + name, Alignment: parity.Alignment{Method: "exact", Confidence: 1}},
		Surface:     parity.Config, Path: path, Class: class, Change: how, Columns: []string{"staging"}, Severity: parity.Medium, Facts: 1,
	}
}

// side makes one side; the empty value is an absent one.
func side(environment string, class parity.Class, value, file string, line int32) parity.Side {
	s := parity.Side{Environment: environment, Role: parity.Desired, State: parity.Absent, Class: class}
	if value == "" {
		return s
	}
	s.State, s.Value, s.Kind = parity.Present, &value, parity.Text
	if file != "" {
		s.File, s.Line, s.Source = file, line, file
		if line > 0 {
			s.Col = 7
			s.Source = fmt.Sprintf("%s:%d:%d", file, line, 7)
		}
	}
	return s
}

// sides makes those of dev, staging and production; an empty dev is unknown.
func sides(dev, staging, production, file string, line int32) []parity.Side {
	first := parity.Side{Environment: "dev", Role: parity.Desired, State: parity.UnknownState, Class: parity.Unknown}
	if dev != "" {
		first = side("dev", parity.Equal, dev, "deploy/compose.yaml", 31)
	}
	class := parity.Changed
	if staging == "" {
		class = parity.Missing
	}
	return []parity.Side{first, side("staging", class, staging, file, line), side("production", parity.Equal, production, strings.Replace(file, "staging", "production", 1), line)}
}

func groups() []parity.Group {
	all := []parity.Group{leak(), missing(), images(), toggle(), variables(), text(), excepted(), pending()}
	for i := range all {
		if all[i].Blocks == nil {
			all[i].Blocks = []parity.Block{blockOf(&all[i], all[i].Summary, len(all[i].Differences))}
		}
	}
	return all
}

// blockOf is a block of a group with its first member's class.
func blockOf(g *parity.Group, text string, members int) parity.Block {
	return parity.Block{
		Text: text, Class: g.Class, Change: g.Change, Severity: g.Severity, Columns: g.Columns, Facts: g.Facts, Members: members,
	}
}

func leak() parity.Group {
	d := change("leak", "ConfigMap", "chat", "/data/BIGQUERY_PROJECT", parity.Leak, parity.AddressChange)
	d.Sides = sides("shop-dev", "shop-integration", "shop-production", "deploy/overlays/staging/chat.yaml", 812)
	d.Sides[1].Class, d.Severity = parity.Leak, parity.Critical
	d.Why, d.Note, d.Bindings = "a leak in an address", "\"shop-integration\" is integration's spelling", []string{"environment-1"}
	return parity.Group{
		ID: "a1b2c3d4", Class: parity.Leak, Change: parity.AddressChange, Severity: parity.Critical, Surface: parity.Config,
		Summary: "staging's BIGQUERY_PROJECT is integration's", Cause: "variable", Columns: []string{"staging"},
		Services: []string{"chat"}, Counts: true, Facts: 1, Differences: []parity.Difference{d},
	}
}

func missing() parity.Group {
	d := change("netpol", "NetworkPolicy", "checkout-egress", "", parity.Missing, "")
	d.Surface, d.Severity, d.Facts = parity.Network, parity.High, 3
	d.Subject.Group = "networking.k8s.io"
	d.Why = "a missing subject on the network of a critical service"
	d.Sides = sides("", "", "present", "deploy/overlays/staging/netpol.yaml", 1)
	d.Sides[2].Value = nil
	return parity.Group{
		ID: "b1b2c3d4", Class: parity.Missing, Severity: parity.High, Surface: parity.Network,
		Summary: "NetworkPolicy checkout-egress is missing in staging", Cause: "subject", Columns: []string{"staging"},
		Services: []string{"checkout"}, Counts: true, Facts: 3, Differences: []parity.Difference{d},
	}
}

func images() parity.Group {
	g := parity.Group{
		ID: "c1b2c3d4", Class: parity.Changed, Change: parity.VersionChange, Severity: parity.High, Surface: parity.Artifact,
		Summary: "staging runs payments 1.2.2, production 1.2.3", Cause: "image", Columns: []string{"staging"},
		Services: []string{"payments", "worker"}, Counts: true, Facts: 2,
	}
	for i, name := range []string{"payments", "payments-worker"} {
		d := change(fmt.Sprintf("image-%d", i), "Deployment", name, "/spec/template/spec/containers[name="+name+"]/image", parity.Changed, parity.VersionChange)
		d.Surface, d.Severity, d.OddOneOut, d.Subject.Group = parity.Artifact, parity.High, "staging", "apps"
		d.Sides = sides("registry.example.com/shop/payments:1.2.3", "registry.example.com/shop/payments:1.2.2", "registry.example.com/shop/payments:1.2.3", "deploy/overlays/staging/kustomization.yaml", 0)
		d.Sides[1].Source = "deploy/overlays/staging/kustomization.yaml (rendered by kustomize v0.21.2)"
		d.Sides[2].Source = "git:main:deploy/overlays/production/kustomization.yaml (rendered by kustomize v0.21.2)"
		d.Sides[2].File = "git:main:deploy/overlays/production/kustomization.yaml"
		d.Image = &parity.ImageStanding{
			State: parity.ImageUnpromoted, Version: "1.2.3", Since: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Age: "3 days", Why: "newer by version",
		}
		d.Explains = []parity.FactRef{{Subject: parity.Key{Kind: "Pod", Scope: "shop", Name: name}, Path: "/image"}}
		g.Differences = append(g.Differences, d)
	}
	return g
}

func toggle() parity.Group {
	d := change("flag", "Deployment", "web", "/spec/template/spec/containers[name=web]/env[name=FEATURE_NEW_CHECKOUT]/value", parity.Changed, parity.ToggleChange)
	d.Surface, d.OddOneOut = parity.Flag, "production"
	d.Sides = sides("true", "true", "false", "deploy/overlays/staging/web patch, 日本語.yaml", 44)
	d.Sides[0].Class = parity.Changed
	d.Columns = []string{"dev", "staging"}
	d.Subject.Alignment = parity.Alignment{Method: "similar", Confidence: 0.74, Why: []string{"same images"}, Names: map[string]string{"staging": "web-staging", "production": "web"}}
	return parity.Group{
		ID: "d1b2c3d4", Class: parity.Changed, Change: parity.ToggleChange, Severity: parity.Medium, Surface: parity.Flag,
		Summary: "FEATURE_NEW_CHECKOUT is on everywhere but in production", Cause: "variable", Columns: []string{"dev", "staging"},
		Services: []string{"web"}, Counts: true, Facts: 1, Differences: []parity.Difference{d},
	}
}

func variables() parity.Group {
	g := parity.Group{
		ID: "e1b2c3d4", Class: parity.Missing, Severity: parity.Low, Surface: parity.Config,
		Summary: "GOOGLE_TAG_MANAGER_ID is missing in staging in 42 applications", Cause: "variable",
		Columns: []string{"staging"}, Counts: true, Facts: 42,
	}
	for i := range 42 {
		d := change(fmt.Sprintf("gtm-%d", i), "section", fmt.Sprintf("app-%02d", i), "/appEnv[name=GOOGLE_TAG_MANAGER_ID]/value", parity.Missing, "")
		d.Severity = parity.Low
		d.Sides = sides("", "", "GTM-MG7HG5W", "charts/app-config/values-staging.yaml", int32(100+17*i))
		g.Services = append(g.Services, fmt.Sprintf("app-%02d", i))
		g.Differences = append(g.Differences, d)
	}
	return g
}

func text() parity.Group {
	values := [][2]string{
		{Hostile, "plain"},
		{strings.Repeat("eine sehr lange Zeile, ", 200), strings.Repeat("eine noch längere Zeile; ", 300)},
		{" padded ", "{\"json\": [1, 2, {\"a\": \"b\"}]}"},
		{"日本語の値 with 漢字 and 🙂 emoji that are wide, wide, wide, wide, wide", "naïve café"},
	}
	g := parity.Group{
		ID: "f1b2c3d4", Class: parity.Changed, Change: parity.TextChange, Severity: parity.Info, Surface: parity.Config,
		Summary: "other text in " + Hostile, Cause: "path", Columns: []string{"staging"},
		Services: []string{"web", Hostile}, Counts: true, Facts: len(values),
	}
	for i, v := range values {
		d := change(fmt.Sprintf("text-%d", i), "ConfigMap", "banner", fmt.Sprintf("/data/banner.%d/a.very.long.key.that.does.not.fit/%s/end", i, strings.Repeat("segment/", 12)), parity.Changed, parity.TextChange)
		d.Severity, d.Sides = parity.Info, sides("", v[0], v[1], "deploy/overlays/staging/banner.yaml", int32(3+i))
		g.Differences = append(g.Differences, d)
	}
	secret := change("secret", "Secret", "api", "/data/password", parity.Changed, parity.SecretChange)
	secret.Surface, secret.Baseline = parity.Secrets, true
	secret.Sides = sides("", "x", "y", "deploy/overlays/staging/secret.yaml", 9)
	for i := range secret.Sides {
		secret.Sides[i].Kind = parity.Secret
		secret.Sides[i].Value = nil
	}
	g.Differences = append(g.Differences, secret)
	g.Blocks = []parity.Block{blockOf(&g, "text "+Hostile, len(values)), blockOf(&g, "password another secret in staging", 1)}
	g.Blocks[0].Object, g.Blocks[1].Object = "ConfigMap banner", "Secret api"
	return g
}

func excepted() parity.Group {
	d := change("excepted", "Deployment", "worker", "/spec/replicas", parity.Excepted, parity.SizingChange)
	d.Surface, d.Severity = parity.Resource, parity.Medium
	d.Sides = sides("", "1", "6", "deploy/overlays/staging/worker.yaml", 8)
	d.Sides[1].Class = parity.Excepted
	d.Decision = &parity.Decision{Kind: "exception", Name: "small worker", Reason: "the budget of this quarter", Until: "2026-06-30", Owner: "team-worker", Approver: "cto"}
	return parity.Group{
		ID: "01b2c3d4", Class: parity.Excepted, Change: parity.SizingChange, Severity: parity.Medium, Surface: parity.Resource,
		Summary: "worker has 1 replica in staging, 6 in production", Cause: "path", Columns: []string{"staging"},
		Services: []string{"worker"}, Facts: 1, Differences: []parity.Difference{d},
	}
}

func pending() parity.Group {
	d := change("unknown", "NetworkPolicy", "default", "", parity.Unknown, "")
	d.Surface, d.Severity, d.Facts = parity.Network, parity.Info, 9
	d.Sides = sides("", "", "present", "deploy/overlays/staging/default.yaml", 1)
	d.Sides[1].State, d.Sides[1].Class, d.Sides[2].Value = parity.UnknownState, parity.Unknown, nil
	return parity.Group{
		ID: "11b2c3d4", Class: parity.Unknown, Severity: parity.Info, Surface: parity.Network,
		Summary: "NetworkPolicy default could not be looked at in staging", Cause: "subject", Columns: []string{"staging"},
		Facts: 9, Differences: []parity.Difference{d},
	}
}
