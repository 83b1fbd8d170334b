package tfconfig

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTerragrunt reads a unit with an included file, files that others read, and a
// module of the repository.
func TestTerragrunt(t *testing.T) {
	dir, _ := unpack(t, "testdata/terragrunt.txtar")
	u := ReadUnit(Files{FS: os.DirFS(dir)}, "live/staging/app", Options{})
	if len(u.Config.Problems) > 0 {
		t.Fatalf("%+v", u.Config.Problems)
	}
	got := map[string]string{"dir": u.Dir}
	for _, in := range u.Inputs {
		got["input "+in.Name], _, _ = Expressions(jsonText(in.Node))
	}
	got["state"], _, _ = Expressions(jsonText(u.RemoteState.Node))
	for _, r := range u.Config.Modules[0].Resources {
		got[r.Name], _, _ = Expressions(jsonText(r.Attributes))
	}
	want := map[string]string{
		"dir":             "modules/app",
		"input common":    `"of the parent"`,
		"input env":       `"staging"`,
		"input from_tier": `"tier-staging"`,
		"input name":      `"app-staging"`,
		"input over":      `"of the unit"`,
		"input vpc":       `"${dependency.vpc.outputs.id}"`,
		"input who":       `"${get_env(\"WHO\", \"me\")}"`,
		"state":           `{"backend":"s3","config":{"bucket":"state-staging","key":"staging/app/terraform.tfstate"}}`,
		"it":              `{"env":"staging","extra":"of a file","name":"app-staging","vpc":"${dependency.vpc.outputs.id}"}`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
