package acceptance

import (
	"fmt"
	"strings"
	"testing"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/realdata"
)

// govukValues reads the values files as files; names and paths only.
func govukValues(t testing.TB, environments ...string) *parity.Result {
	t.Helper()
	config := "version: 1\nenvironments:\n"
	for _, e := range environments {
		config += fmt.Sprintf("  - {name: %s, sources: [{collector: files, paths: [%q]}]}\n", e, realdata.Path(t, "govuk", "app-config", "values-"+e+".yaml"))
	}
	return result(t, project(t, config), "check")
}

// govukRendered renders the chart with each environment's values.
func govukRendered(t testing.TB, environments ...string) *parity.Result {
	t.Helper()
	config := "version: 1\nenvironments:\n"
	chart := realdata.Path(t, "govuk", "app-config")
	for _, e := range environments {
		config += fmt.Sprintf("  - {name: %s, sources: [{collector: kubernetes-manifests, path: %q, values: [%q]}]}\n", e, chart, chart+"/values-"+e+".yaml")
	}
	return result(t, project(t, config), "check")
}

// known are the real differences that the data's README lists: a subject's
// name, and texts that the path or the values of one of its differences hold.
var known = []struct {
	subject string
	texts   []string
}{
	{"govuk-chat", []string{"BIGQUERY_PROJECT", "gov-uk-chat-integration"}},
	{"mirror", []string{"MIRROR_BACKENDS", "mirrorS3Replica"}},
	{"rdsParquetExports", []string{"enabled"}},
	{"smartanswers", []string{"limits"}},
	{"smartanswers", []string{"requests"}},
	{"link-checker-api", []string{"limits"}},
	{"link-checker-api", []string{"requests"}},
	{"search-api-v2", []string{"limits"}},
	{"*", []string{"GOOGLE_TAG_MANAGER_ID"}},
	{"locations-api", []string{"OS_PLACES_API_POSTCODES_PER_SECOND"}},
	{"bouncer", []string{"limits/memory", "500Mi"}},
	{"release", []string{"workers"}},
	{"govuk-jobs", nil},
	{"frontend", []string{"security-groups"}},
	{"draft-frontend", []string{"security-groups"}},
	{"asset-manager", []string{"security-groups"}},
	{"search-api", []string{"redis"}},
	{"signon", []string{"suspend"}},
	{"podDisruptionBudget", []string{"minAvailable"}},
	{"podDisruptionBudget", []string{"maxUnavailable"}},
}

func TestGovukValues(t *testing.T) {
	r := govukValues(t, "staging", "production")
	checkGovuk(t, r, 60)
	for _, k := range known {
		if !reports(differences(r), k.subject, k.texts, false) {
			t.Errorf("not reported: %s %v", k.subject, k.texts)
		}
	}
	if n := groupsWith(r, "GOOGLE_TAG_MANAGER_ID"); n != 1 {
		t.Errorf("GOOGLE_TAG_MANAGER_ID is in %d groups; it is one cause", n)
	}
}

// TestGovukRendered: the same differences, in the objects that the chart makes
// of the values.
func TestGovukRendered(t *testing.T) {
	r := govukRendered(t, "staging", "production")
	checkGovuk(t, r, 60)
	for _, k := range known {
		switch k.subject {
		case "rdsParquetExports", "podDisruptionBudget":
			continue // values that the chart hands to its child charts, which are not here
		}
		if !reports(differences(r), k.subject, k.texts, true) {
			t.Errorf("not reported: %s %v", k.subject, k.texts)
		}
	}
	registry := 0
	for _, s := range r.Shared {
		if strings.Contains(s.Token, "172025368201") {
			registry++
		}
	}
	if registry != 1 {
		t.Errorf("the registry's account is shared %d times", registry)
	}
}

// TestGovukThree: with three environments, nothing else leaks.
func TestGovukThree(t *testing.T) {
	for name, r := range map[string]*parity.Result{
		"values":   govukValues(t, "integration", "staging", "production"),
		"rendered": govukRendered(t, "integration", "staging", "production"),
	} {
		t.Run(name, func(t *testing.T) { checkLeaks(t, r) })
	}
}

func checkGovuk(t *testing.T, r *parity.Result, most int) {
	t.Helper()
	if n := len(counting(r)); n > most {
		t.Errorf("%d groups count", n)
	}
	checkLeaks(t, r)
	text := ""
	for _, b := range r.Bindings {
		for _, s := range b.Spellings {
			text += s.Text + "\n"
		}
	}
	for _, token := range []string{"696911096973", "172025368201", "staging.publishing.service.gov.uk"} {
		if strings.Count(text, token+"\n") != 1 {
			t.Errorf("%s is bound %d times", token, strings.Count(text, token+"\n"))
		}
	}
	for _, d := range differences(r) {
		for _, s := range d.Sides {
			if d.Class == parity.Changed && s.Value != nil && strings.Contains(*s.Value, "webacl") {
				t.Errorf("the firewall's identifier counts at %s %s", d.Subject.Name, d.Path)
			}
		}
	}
}

// checkLeaks wants the one leak first and no other.
func checkLeaks(t *testing.T, r *parity.Result) {
	t.Helper()
	for i, g := range counting(r) {
		leak := g.Class == parity.Leak
		if leak != (i == 0) {
			t.Errorf("group %d is %v: %s", i, g.Class, g.Summary)
			continue
		}
		if i == 0 && (len(g.Differences) != 1 || !strings.Contains(g.Differences[0].Path, "BIGQUERY_PROJECT")) {
			t.Errorf("the first group is %s", g.Summary)
		}
	}
}

// reports finds a difference of a subject that holds all texts. In rendered
// objects the subject's name may be part of the object's.
func reports(all []parity.Difference, subject string, texts []string, part bool) bool {
	for _, d := range all {
		if subject != "*" && d.Subject.Name != subject && (!part || !strings.Contains(d.Subject.Name, subject)) {
			continue
		}
		text := d.Path
		for _, s := range d.Sides {
			if s.Value != nil {
				text += "\n" + *s.Value
			}
		}
		holds := true
		for _, want := range texts {
			holds = holds && strings.Contains(text, want)
		}
		if holds {
			return true
		}
	}
	return false
}

func groupsWith(r *parity.Result, text string) int {
	n := 0
	for _, g := range counting(r) {
		for _, d := range g.Differences {
			if strings.Contains(d.Path, text) {
				n++
				break
			}
		}
	}
	return n
}
