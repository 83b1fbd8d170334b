package kubernetes

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// TestCommandHandsOutCredentials: a kubeconfig may name a command that hands out
// a token, as clouds' do. One that fails is a gap, which quotes none of it.
func TestCommandHandsOutCredentials(t *testing.T) {
	c := shared.Cluster(t)
	access := c.Admin()
	command := func(body string) *Config {
		dir := t.TempDir()
		script := filepath.Join(dir, "token")
		if err := os.WriteFile(script, []byte("#!/bin/sh\n"+body), 0o700); err != nil {
			t.Fatal(err)
		}
		config := api.NewConfig()
		config.Clusters["c"] = &api.Cluster{Server: access.URL, CertificateAuthorityData: access.CA}
		config.AuthInfos["u"] = &api.AuthInfo{Exec: &api.ExecConfig{
			APIVersion: "client.authentication.k8s.io/v1", Command: script, InteractiveMode: api.NeverExecInteractiveMode,
		}}
		config.Contexts["cloud"] = &api.Context{Cluster: "c", AuthInfo: "u"}
		config.CurrentContext = "cloud"
		file := filepath.Join(dir, "kubeconfig")
		if err := clientcmd.WriteToFile(*config, file); err != nil {
			t.Fatal(err)
		}
		return &Config{Kubeconfig: file, Kinds: Kinds{Include: []string{"Namespace"}}}
	}
	good := fmt.Sprintf(`echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":%q}}'`, access.Token)
	if snap := readWell(t, command(good)); len(snap.Subjects) < 2 {
		t.Errorf("%d subjects were read", len(snap.Subjects))
	}
	snap := read(t, command("echo hunter2MARKER9x >&2; exit 1"))
	if len(snap.Gaps) != 1 || snap.Gaps[0].Reason != "the command that hands out credentials failed" {
		t.Fatalf("a command that fails gives %+v", snap.Gaps)
	}
	if text := fmt.Sprintf("%+v", snap.Gaps); strings.Contains(text, "hunter2") {
		t.Errorf("the gap quotes the command: %s", text)
	}
}
