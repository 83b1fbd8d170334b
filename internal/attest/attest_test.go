package attest

import (
	"encoding/base64"
	"strings"
	"testing"
)

const statement = `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"shop-1.4.0.tgz","digest":{"sha256":"aa11"}}],
"predicateType":"https://slsa.dev/provenance/v1","predicate":{"buildDefinition":{"buildType":"https://actions.github.io/buildtypes/workflow/v1",
"externalParameters":{"workflow":{"ref":"refs/heads/main","repository":"https://github.com/acme/shop","path":".github/workflows/release.yml"}},
"internalParameters":{"github":{"event_name":"push","run_id":"77"}},
"resolvedDependencies":[{"uri":"git+https://github.com/acme/shop@refs/heads/main","digest":{"gitCommit":"0123abcd"}}]},
"runDetails":{"builder":{"id":"https://github.com/actions/runner/github-hosted"},"metadata":{"invocationId":"https://github.com/acme/shop/actions/runs/77","startedOn":"2026-01-01T00:00:00Z"}}}}`

func TestWrappings(t *testing.T) {
	envelope := `{"payloadType":"application/vnd.in-toto+json","payload":"` + base64.StdEncoding.EncodeToString([]byte(statement)) + `","signatures":[{"sig":"x"}]}`
	bundle := `{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":{},"dsseEnvelope":` + envelope + `}`
	for name, c := range map[string]struct {
		text              string
		count, signatures int
	}{
		"statement": {statement, 1, 0},
		"envelope":  {envelope, 1, 1},
		"bundle":    {bundle, 1, 1},
		"lines":     {envelope + "\n" + bundle + "\n", 2, 1},
		"list":      {"[" + envelope + "]", 1, 1},
		"registry":  {`{"attestations":[{"predicateType":"x","bundle":` + bundle + `}]}`, 1, 1},
	} {
		all, faults := Parse([]byte(c.text), Limits{})
		if len(faults) > 0 || len(all) != c.count {
			t.Errorf("%s: %d attestations, faults %v", name, len(all), faults)
			continue
		}
		p := all[0].Provenance
		if p == nil || all[0].Signatures != c.signatures || p.Source.Commit != "0123abcd" || p.Source.Repository != "https://github.com/acme/shop" ||
			p.Source.Ref != "refs/heads/main" || !strings.HasSuffix(p.BuilderID, "github-hosted") || all[0].Name() != "shop.tgz" {
			t.Errorf("%s: %+v %+v", name, all[0], p)
		}
	}
}
