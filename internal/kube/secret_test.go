package kube

import (
	"strings"
	"testing"

	"github.com/envparity/parity"
)

func TestSecrets(t *testing.T) {
	all, _ := read(t, Options{}, `
apiVersion: v1
kind: Secret
metadata: {name: s, namespace: n, annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"data":{"k":"aHVzaA=="}}'}}
data: {k: aHVzaA==, both: b2xk, odd: "not base64!"}
stringData: {both: new}
---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: sealed, namespace: n}
spec: {encryptedData: {k: AgBxyz}, template: {metadata: {labels: {a: b}}}}
---
apiVersion: v1
kind: Secret
metadata: {name: sops, namespace: n}
data: {k: 'ENC[AES256_GCM,data:xx,iv:yy,tag:zz,type:str]'}
sops: {mac: 'ENC[AES256_GCM,data:mm]', lastmodified: '2026-01-01T00:00:00Z', age: [{recipient: age1abc, enc: blob}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c, namespace: n}
data:
  e: ENC[AES256_GCM,data:xx]
  key.pem: |
    -----BEGIN EC PRIVATE KEY-----
    hush
    -----END EC PRIVATE KEY-----
`)
	secret := func(subject, path, raw string) {
		t.Helper()
		f := find(all[subject].Facts, path)
		if f == nil || f.Value.Kind != parity.Secret || f.Value.Raw != raw || f.Value.Canon != "" {
			t.Errorf("%s %s: %+v", subject, path, f)
		}
	}
	secret("Secret n/s", "/data/k", "hush")
	secret("Secret n/s", "/data/both", "new")
	secret("Secret n/s", "/data/odd", "not base64!")
	secret("Secret n/s", "/metadata/annotations/kubectl.kubernetes.io/last-applied-configuration", "")
	secret("SealedSecret n/sealed", "/spec/encryptedData/k", "")
	secret("Secret n/sops", "/data/k", "")
	secret("Secret n/sops", "/sops", "")
	secret("ConfigMap n/c", "/data/e", "")
	for _, f := range all["Secret n/sops"].Facts {
		if strings.HasPrefix(f.Path, "/sops") && !f.Rules.Has(parity.ControllerNotes) {
			t.Errorf("what SOPS keeps of itself is compared: %+v", f)
		}
	}
	if f := find(all["ConfigMap n/c"].Facts, "/data/key.pem"); f == nil || f.Value.Kind != parity.Secret || !strings.Contains(f.Value.Raw, "hush") {
		t.Errorf("a key is a secret wherever it stands: %+v", f)
	}
}

func TestExternalSecrets(t *testing.T) {
	all, _ := read(t, Options{}, `
apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata: {name: e, namespace: n}
spec:
  secretStoreRef: {name: vault, kind: ClusterSecretStore}
  target: {name: made}
  data: [{secretKey: password, remoteRef: {key: staging/db, property: password}}]
`)
	facts := all["ExternalSecret n/e"].Facts
	if f := find(facts, "/apiVersion"); f == nil || f.Value.Canon != "external-secrets.io/v1" {
		t.Errorf("%+v", f)
	}
	found := false
	for _, f := range facts {
		found = found || strings.HasSuffix(f.Path, "/remoteRef/key") && f.Value.Raw == "staging/db" && f.Surface == parity.Secrets
	}
	if !found {
		t.Errorf("the remote reference is a fact: %+v", facts)
	}
}

func TestSecretsInOddPlaces(t *testing.T) {
	for _, text := range []string{
		object("v1", "Secret", "data: [aHVzaA==]\nstringData: hush"),
		object("v1", "Secret", "data: hush"),
		object("odd.example/v1", "Secret", "data: {k: aHVzaA==}\nstringData: {l: hush}"),
		object("template.openshift.io/v1", "Template", "objects: [{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {k: aHVzaA==}, stringData: {k: hush}}]"),
		"apiVersion: v1\nkind: SecretList\nitems: [{metadata: {name: a}, stringData: {k: hush}}]",
		"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, annotations: {kapp.k14s.io/original: 'hush aHVzaA=='}}",
	} {
		all, gaps := read(t, Options{}, text)
		for _, s := range all {
			for _, f := range s.Facts {
				shown := f.Path
				if f.Value.Kind != parity.Secret {
					shown += f.Value.Raw + f.Value.Canon
				}
				if strings.Contains(shown, "hush") || strings.Contains(shown, "aHVzaA") {
					t.Errorf("%s shows %+v", text, f)
				}
			}
		}
		if len(all) != 1 || len(gaps) > 0 {
			t.Errorf("%s: %d subjects, %v", text, len(all), gaps)
		}
	}
}
