package files

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/place"
	"github.com/envparity/parity/internal/realdata"
)

// govuk reads the values of one environment.
func govuk(t *testing.T, environment string) *parity.Snapshot {
	t.Helper()
	dir := realdata.Path(t, "govuk")
	_, snap := read(t, place.Dir(dir), Config{Paths: []string{"app-config/values-" + environment + ".yaml"}})
	for _, g := range snap.Gaps {
		t.Errorf("%s: %+v", environment, g)
	}
	return snap
}

func factAt(t *testing.T, snap *parity.Snapshot, key parity.Key, path string) *parity.Fact {
	t.Helper()
	for i := range snap.Subjects {
		sf := &snap.Subjects[i]
		if sf.Subject.Key != key {
			continue
		}
		if j := slices.IndexFunc(sf.Facts, func(f parity.Fact) bool { return f.Path == path }); j >= 0 {
			return &sf.Facts[j]
		}
	}
	t.Errorf("no fact %s %s", key, path)
	return &parity.Fact{}
}

func TestGovukValues(t *testing.T) {
	for _, environment := range []string{"integration", "staging", "production"} {
		t.Run(environment, func(t *testing.T) {
			snap := govuk(t, environment)
			apps := 0
			for i := range snap.Subjects {
				if snap.Subjects[i].Subject.Kind == "govukApplications" {
					apps++
				}
			}
			if apps < 50 || snap.Facts() < 2500 {
				t.Errorf("%d applications, %d facts", apps, snap.Facts())
			}
		})
	}
}

func TestGovukFacts(t *testing.T) {
	staging := govuk(t, "staging")
	chat := parity.Key{Kind: "govukApplications", Name: "govuk-chat"}
	tests := []struct {
		key     parity.Key
		path    string
		kind    parity.ValueKind
		value   string
		surface parity.Surface
	}{
		{parity.Key{Kind: "values", Name: "top-level"}, "/govukEnvironment", parity.Text, "staging", parity.Config},
		{parity.Key{Kind: "section", Name: "appResources"}, "/limits/memory", parity.Quantity, "1500Mi", parity.Resource},
		{parity.Key{Kind: "section", Name: "rdsParquetExports"}, "/enabled", parity.Bool, "true", parity.Config},
		{chat, "/helmValues/extraEnv[name=BIGQUERY_PROJECT]/value", parity.Text, "gov-uk-chat-integration", parity.Config},
		{parity.Key{Kind: "section", Name: "_alb-ingress-group-backend"}, "/alb.ingress.kubernetes.io/group.name", parity.Text, "backend", parity.Network},
	}
	for _, tt := range tests {
		f := factAt(t, staging, tt.key, tt.path)
		if f.Value.Kind != tt.kind || f.Value.Raw != tt.value {
			t.Errorf("%s %s is %s %q, want %s %q", tt.key, tt.path, f.Value.Kind, f.Value.Raw, tt.kind, tt.value)
		}
		if !strings.HasPrefix(f.Source(), "app-config/values-staging.yaml:") || f.Line < 1 {
			t.Errorf("%s %s is from %s", tt.key, tt.path, f.Source())
		}
	}
}

// TestGovukLines holds the provenance against the file itself.
func TestGovukLines(t *testing.T) {
	dir := realdata.Path(t, "govuk")
	text, err := os.ReadFile(filepath.Join(dir, "app-config", "values-production.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	checked := 0
	snap := govuk(t, "production")
	for i := range snap.Subjects {
		for j := range snap.Subjects[i].Facts {
			f := &snap.Subjects[i].Facts[j]
			if f.Value.Raw == "" || f.Value.Kind == parity.Null || strings.ContainsAny(f.Value.Raw, "\n\"'[") || f.Rules.Has(parity.EmbeddedText) {
				continue
			}
			line := lines[f.Line-1]
			if strings.HasSuffix(strings.TrimSpace(line), ">-") || strings.HasSuffix(strings.TrimSpace(line), ">") || strings.HasSuffix(strings.TrimSpace(line), "|") {
				continue
			}
			at := line[min(int(f.Col)-1, len(line)):]
			if i := strings.Index(at, " "); strings.HasPrefix(at, "&") && i > 0 {
				at = at[i+1:]
			}
			first := strings.Fields(f.Value.Raw)[0]
			if !strings.HasPrefix(strings.TrimLeft(at, `"'`), first) {
				t.Errorf("%s %s says %q, the line %q", f.Source(), f.Path, first, at)
			}
			checked++
		}
	}
	if checked < 2000 {
		t.Errorf("only %d facts were checked", checked)
	}
}
