package acceptance

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"k8s.io/client-go/rest"
	"sigs.k8s.io/yaml"

	"github.com/envparity/parity/internal/component"
)

// clusterObjects is how many objects the benchmark puts into the API server,
// half of them for each environment.
const clusterObjects = 50_000

// BenchmarkCluster prints what it costs to read 50,000 objects from a real API
// server and compare them, and what a second check costs when nothing changed:
// CPU of the program, its peak memory, requests and bytes as sent. The objects
// are created once, which takes minutes.
func BenchmarkCluster(b *testing.B) {
	cluster := component.Kubernetes(b)
	client, err := rest.HTTPClientFor(cluster.Config())
	if err != nil {
		b.Fatal(err)
	}
	files := scaleProject(b, clusterObjects/2)
	for _, env := range []string{"staging", "production"} {
		stream, err := os.ReadFile(filepath.Join(files, env+".yaml"))
		if err != nil {
			b.Fatal(err)
		}
		fill(b, client, cluster.Config().Host, env, stream)
	}
	proxy := cluster.Proxy()
	kubeconfig := cluster.KubeconfigFor("cluster", proxy.Through(cluster.Admin()))
	bin := binary(b)
	for b.Loop() {
		dir := clusterProject(b, kubeconfig)
		proxy.Reset()
		first := measure(b, dir, nil, bin, "check", dir)
		all := component.Sum(proxy.Requests())
		if lists := component.Unpaged(proxy.Requests()); len(lists) > 0 {
			b.Fatalf("%d lists without a limit, such as %s", len(lists), lists[0].Path)
		}
		proxy.Reset()
		second := measure(b, dir, nil, bin, "check", dir)
		again := component.Sum(proxy.Requests())
		b.ReportMetric(first.cpu, "check-cpu-s")
		b.ReportMetric(first.mib, "check-MiB")
		b.ReportMetric(float64(all.Requests), "check-requests")
		b.ReportMetric(float64(all.Bytes)/(1<<20), "check-sent-MiB")
		b.ReportMetric(second.cpu, "again-cpu-s")
		b.ReportMetric(second.cpu/first.cpu, "again/check")
		b.ReportMetric(second.mib, "again-MiB")
		b.ReportMetric(float64(again.Requests), "again-requests")
		b.ReportMetric(float64(again.Bytes)/(1<<20), "again-sent-MiB")
		b.ReportMetric(0, "ns/op")
	}
}

// collections are where objects of the generator are created, by kind.
var collections = map[string]string{
	"Deployment": "/apis/apps/v1/namespaces/%s/deployments", "NetworkPolicy": "/apis/networking.k8s.io/v1/namespaces/%s/networkpolicies",
	"Service": "/api/v1/namespaces/%s/services", "ConfigMap": "/api/v1/namespaces/%s/configmaps",
	"ServiceAccount": "/api/v1/namespaces/%s/serviceaccounts",
}

// fill creates the objects of a YAML stream, in namespaces that begin with the
// environment's name.
func fill(b *testing.B, client *http.Client, host, env string, stream []byte) {
	b.Helper()
	f := &filler{b: b, client: client, host: host, env: env, made: map[string]bool{}}
	queue := make(chan []byte)
	var creating sync.WaitGroup
	for range 16 {
		creating.Go(func() {
			for doc := range queue {
				if err := f.create(doc); err != nil {
					b.Error(err)
				}
			}
		})
	}
	scanner := bufio.NewScanner(bytes.NewReader(stream))
	var doc bytes.Buffer
	for scanner.Scan() {
		if scanner.Text() != "---" {
			doc.Write(scanner.Bytes())
			doc.WriteByte('\n')
			continue
		}
		queue <- bytes.Clone(doc.Bytes())
		doc.Reset()
	}
	queue <- doc.Bytes()
	close(queue)
	creating.Wait()
	if b.Failed() {
		b.FailNow()
	}
}

type filler struct {
	b         *testing.B
	client    *http.Client
	host, env string
	mu        sync.Mutex
	made      map[string]bool
}

func (f *filler) create(doc []byte) error {
	var obj map[string]any
	if err := yaml.Unmarshal(doc, &obj); err != nil {
		return err
	}
	if len(obj) == 0 {
		return nil
	}
	meta := obj["metadata"].(map[string]any)
	namespace := f.env + "-" + meta["namespace"].(string)
	meta["namespace"] = namespace
	path, ok := collections[obj["kind"].(string)]
	if !ok {
		return fmt.Errorf("no place for objects of kind %v", obj["kind"])
	}
	if err := f.namespace(namespace); err != nil {
		return err
	}
	return f.post(fmt.Sprintf(path, namespace), obj)
}

func (f *filler) namespace(name string) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.made[name] {
		return nil
	}
	f.made[name] = true
	return f.post("/api/v1/namespaces", map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{"name": name}})
}

func (f *filler) post(path string, obj any) error {
	body, err := json.Marshal(obj)
	if err != nil {
		return err
	}
	resp, err := f.client.Post(strings.TrimSuffix(f.host, "/")+path, "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusCreated {
		return fmt.Errorf("create at %s: %s: %s", path, resp.Status, text)
	}
	return err
}
