package attest

import (
	"encoding/base64"
	"os"
	"strings"
	"testing"

	"github.com/envparity/parity"
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

// TestRealAttestations holds what tools wrote (testdata/README.md says which)
// to what they were told.
func TestRealAttestations(t *testing.T) {
	const commit = "5f0c1d2e3b4a59687786a5b4c3d2e1f001122334"
	for file, want := range map[string]struct {
		name, commit string
		signatures   int
		packages     int
	}{
		"buildkit-v0.2.intoto.json":   {"shop/web", "b0943c01bb927ab7a5cbaf7793cffb58209de98f", 0, 0},
		"buildkit-v1.intoto.json":     {"shop/web", "b0943c01bb927ab7a5cbaf7793cffb58209de98f", 0, 0},
		"cosign-statement.json":       {"shop.txt", commit, 0, 0},
		"cosign-provenance.dsse.json": {"shop.txt", commit, 1, 0},
		"cosign.sigstore.json":        {"shop.txt", commit, 1, 0},
		"cosign-old.bundle.json":      {"shop.txt", commit, 1, 0},
		"cosign-cyclonedx.dsse.json":  {"shop.txt", "", 1, 3},
		"cosign-spdx.dsse.json":       {"shop.txt", "", 1, 4},
	} {
		data, err := os.ReadFile("testdata/" + file)
		if err != nil {
			t.Fatal(err)
		}
		all, faults := Parse(data, Limits{})
		if len(all) != 1 || len(faults) > 0 {
			t.Errorf("%s: %d attestations, faults %v", file, len(all), faults)
			continue
		}
		a := &all[0]
		if a.Name() != want.name || a.Signatures != want.signatures || len(a.Artifacts) != 1 || len(a.Artifacts[0].Digests) != 1 {
			t.Errorf("%s is of %q with %d signatures: %+v", file, a.Name(), a.Signatures, a.Artifacts)
		}
		if a.BOM != nil {
			if got := len(a.BOM.Components); got != want.packages {
				t.Errorf("%s lists %d packages, want %d", file, got, want.packages)
			}
		} else if a.Provenance == nil || a.Provenance.Source.Commit != want.commit {
			t.Errorf("%s: %+v", file, a.Provenance)
		}
	}
}

// TestRepeatedParameters holds BuildKit's parameters to count once each.
func TestRepeatedParameters(t *testing.T) {
	data, err := os.ReadFile("testdata/buildkit-v1.intoto.json")
	if err != nil {
		t.Fatal(err)
	}
	all, _ := Parse(data, Limits{})
	key := parity.Key{Kind: "artifact", Name: "x"}
	counted := map[string]int{}
	for _, f := range all[0].Facts(key, "", nil) {
		if f.DerivedFrom == nil {
			counted[f.Value.Raw]++
		}
	}
	if counted["on"] != 1 || counted["b0943c01bb927ab7a5cbaf7793cffb58209de98f"] != 1 || counted["https://github.com/example/shop-web"] != 1 {
		t.Errorf("%v", counted)
	}
}

// TestSources holds the source of a build to what each builder writes of it,
// after their public documentation.
func TestSources(t *testing.T) {
	for name, c := range map[string]struct {
		predicateType, predicate string
		want                     Source
	}{
		"GitHub's generator, 0.2": {
			"https://slsa.dev/provenance/v0.2", `{"builder":{"id":"https://github.com/slsa-framework/slsa-github-generator/.github/workflows/x.yml@refs/tags/v1.9.0"},
			"invocation":{"configSource":{"uri":"git+https://github.com/acme/shop@refs/tags/v1","digest":{"sha1":"aa"},"entryPoint":".github/workflows/release.yml"}}}`,
			Source{"https://github.com/acme/shop", "refs/tags/v1", "aa", ".github/workflows/release.yml"},
		},
		"GitLab's runner, 1": {
			"https://slsa.dev/provenance/v1", `{"buildDefinition":{"externalParameters":{"source":"https://gitlab.example.com/acme/shop","entryPoint":"build","variables":{"CI":"true"}},
			"resolvedDependencies":[{"uri":"https://gitlab.example.com/acme/shop","digest":{"sha256":"bb"}}]}}`,
			Source{"https://gitlab.example.com/acme/shop", "", "bb", "build"},
		},
		"BuildKit from git, 0.2": {
			"https://slsa.dev/provenance/v0.2", `{"invocation":{"configSource":{"uri":"https://github.com/acme/shop.git#refs/heads/main","digest":{"sha1":"cc"},"entryPoint":"Dockerfile"}},
			"materials":[{"uri":"pkg:docker/alpine@3.20?platform=linux%2Famd64","digest":{"sha256":"dd"}}]}`,
			Source{"https://github.com/acme/shop", "refs/heads/main", "cc", "Dockerfile"},
		},
		"materials alone": {
			"https://slsa.dev/provenance/v0.2", `{"materials":[{"uri":"pkg:docker/alpine@3.20","digest":{"sha256":"dd"}},{"uri":"git+ssh://git@example.com/acme/shop.git@main","digest":{"sha1":"ee"}}]}`,
			Source{"ssh://git@example.com/acme/shop", "main", "ee", ""},
		},
		"nothing": {"https://slsa.dev/provenance/v1", `{"buildDefinition":{"resolvedDependencies":[{"uri":"https://example.com/a.tgz","digest":{"sha256":"ff"}}]}}`, Source{}},
	} {
		text := `{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"` + c.predicateType + `","predicate":` + c.predicate + `}`
		all, faults := Parse([]byte(text), Limits{})
		if len(all) != 1 || len(faults) > 0 || all[0].Provenance.Source != c.want {
			t.Errorf("%s: %+v, faults %v", name, all[0].Provenance, faults)
		}
	}
}

// TestFaults holds what states nothing that can be read to say so, and what is
// only of another type to be told of.
func TestFaults(t *testing.T) {
	pack := func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }
	deep := statement
	for range maxLayers + 1 {
		deep = "[" + deep + "]"
	}
	for text, want := range map[string]string{
		`{"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","messageSignature":{}}`: "states nothing about it",
		`{"base64Signature":"` + pack(`"MEQ"`) + `"}`:                                         "states nothing about it",
		`{"base64Signature":"?"}`:                                                             "base64",
		`{"payload":"` + pack(`{"payload":"?"}`) + `"}`:                                       "base64",
		deep: "too many envelopes",
		`7`:  "is no attestation",
		``:   "holds no attestation",
		`{"_type":"https://in-toto.io/Statement/v1","predicate":{}}`:                                                              "does not say what it states",
		`{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://cyclonedx.org/bom","predicate":{"bomFormat":"x"}}`:   "neither CycloneDX",
		`{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://spdx.dev/Document","predicate":{"Data":"{"}}`:        "JSON",
		`{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://slsa.dev/provenance/v1"}`:                            "states nothing",
		`{"_type":"https://in-toto.io/Statement/v1","predicateType":"https://slsa.dev/provenance/v0.1","predicate":{"recipe":1}}`: "version that is not read",
	} {
		_, faults := Parse([]byte(text), Limits{})
		if len(faults) != 1 || !strings.Contains(faults[0].What, want) {
			t.Errorf("%.120s: faults %v, want %q", text, faults, want)
		}
	}
	vex := `{"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"https://openvex.dev/ns","predicate":{"statements":[]}}`
	if all, faults := Parse([]byte(vex), Limits{}); len(faults) > 0 || len(all) != 1 || all[0].PredicateType != "https://openvex.dev/ns" {
		t.Errorf("%+v, faults %v", all, faults)
	}
	data := `{"_type":"https://in-toto.io/Statement/v0.1","subject":[],"predicateType":"https://spdx.dev/Document","predicate":{"Data":"{\"spdxVersion\":\"SPDX-2.2\"}"}}`
	if all, faults := Parse([]byte(data), Limits{}); len(faults) > 0 || len(all) != 1 || all[0].BOM == nil || all[0].BOM.Version != "2.2" {
		t.Errorf("%+v, faults %v", all, faults)
	}
}

func TestWithoutVersion(t *testing.T) {
	for in, want := range map[string]string{
		"shop-1.4.0.tgz": "shop.tgz", "shop_v1.4.0_linux_amd64": "shop_linux_amd64", "shop": "shop", "shop-2": "shop-2",
		"shop-1.4.0": "shop", "v1.2-x": "v1.2-x", "a-1.2.3-rc.1.zip": "a-rc.1.zip", "": "", "log4j-1.2-api-2.20.0.jar": "log4j-api-2.20.0.jar",
	} {
		if got := WithoutVersion(in); got != want {
			t.Errorf("%q without its version is %q, want %q", in, got, want)
		}
	}
}

// FuzzParse holds, for any bytes: no panic, a fault or an attestation, no fault
// that quotes what is marked, and every fact at a path below the prefix.
func FuzzParse(f *testing.F) {
	entries, err := os.ReadDir("testdata")
	if err != nil {
		f.Fatal(err)
	}
	for _, e := range entries {
		if data, err := os.ReadFile("testdata/" + e.Name()); err == nil {
			f.Add(data)
		}
	}
	f.Add([]byte(statement))
	f.Add([]byte(`{"payload":"aHVudGVyMg=="}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		all, faults := Parse(data, Limits{Nodes: 20_000, Depth: 50, Components: 500})
		if len(all) == 0 && len(faults) == 0 {
			t.Fatal("nothing comes of it")
		}
		for _, x := range faults {
			if strings.Contains(x.What, "hunter2") {
				t.Fatalf("a fault quotes its input: %s", x.What)
			}
		}
		for i := range all {
			for _, fact := range all[i].Facts(parity.Key{Kind: "artifact", Name: "x"}, "/image", nil) {
				if !strings.HasPrefix(fact.Path, "/image/") {
					t.Fatalf("%+v", fact)
				}
			}
		}
	})
}
