package kubernetes

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protowire"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"

	"github.com/envparity/parity"
	"github.com/envparity/parity/internal/doc"
)

// FuzzItems holds that no body ends the process, and that what is no whole list
// is an error without the text.
func FuzzItems(f *testing.F) {
	for _, text := range []string{
		`{"kind":"PodList","apiVersion":"v1","metadata":{"continue":"x"},"items":[{"metadata":{"name":"a"}},{"metadata":{"name":"b"}}]}`,
		`{"kind":"PodList","apiVersion":"v1","metadata":{},"items":null}`,
		`{"kind":"PodList","items":[`, `{"items":{}}`, `{"items":[1,null,"x",[]]}`, `[]`, ``, `{"metadata":null,"more":{"a":[1]}}`,
		`<html>`, `{"items":[{]}`, `{"kind":1}`, `{"items":[],"items":[]}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		read := 0
		_, err := items(bytes.NewReader(body), func(p page, raw []byte) error {
			read++
			o, err := decode(p, "Pod", raw, doc.Limits{Nodes: 10_000, Depth: 50, Bytes: maxItem})
			if err != nil {
				return nil // a gap of its own
			}
			o.Meta.controller()
			ps, n := newPods(), newNodeFacts()
			for _, use := range []func(*object) error{ps.pod, ps.replicaSet, ps.job, ps.revision, ps.event, n.node} {
				if err := use(o); err != nil && !errors.Is(err, errBody) {
					t.Errorf("%v", err)
				}
			}
			ps.running(func(string) *parity.Origin { return nil })
			standing(resource{kind: "Secret"}, o)
			standing(resource{kind: "ServiceAccount"}, o)
			return nil
		})
		if err == nil && len(bytes.TrimSpace(body)) == 0 {
			t.Error("nothing is a list")
		}
		if err != nil && !errors.Is(err, errBody) && !errors.Is(err, errBroken) {
			t.Errorf("the error says nothing of the list: %v", err)
		}
		// A body that is cut is never a whole list.
		if err == nil && read > 0 {
			cut := bytes.TrimSpace(body)
			if end := bytes.LastIndexByte(cut, '}'); end > 0 {
				if _, err := items(io.LimitReader(bytes.NewReader(cut), int64(end)), func(page, []byte) error { return nil }); err == nil {
					t.Error("a list that is cut is read as a whole one")
				}
			}
		}
	})
}

// partial is a list in the form in which a server sends it.
func partial(names ...string) []byte {
	list := &metav1.PartialObjectMetadataList{ListMeta: metav1.ListMeta{Continue: "next"}}
	for _, name := range names {
		list.Items = append(list.Items, metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{
			Name: name, Namespace: "n", UID: "uid-of-x", ResourceVersion: "7", Labels: map[string]string{"a": "b"},
		}})
	}
	s := runtime.NewScheme()
	metav1.AddMetaToScheme(s)
	var b bytes.Buffer
	if err := protobuf.NewSerializer(s, s).Encode(list, &b); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// TestMetadataList holds that a list as Kubernetes' own code writes it is read.
func TestMetadataList(t *testing.T) {
	var got []string
	next, err := metadataList(bufio.NewReader(bytes.NewReader(partial("a", "b"))), func(m *objectMeta) error {
		got = append(got, strings.Join([]string{string(m.name), string(m.namespace), string(m.uid), string(m.version)}, " "))
		return nil
	})
	if want := "a n uid-of-x 7,b n uid-of-x 7"; err != nil || next != "next" || strings.Join(got, ",") != want {
		t.Errorf("%q, %v, %q", got, err, next)
	}
}

// TestMetadataListThatIsCut holds that no list that ends early is read as a
// whole one.
func TestMetadataListThatIsCut(t *testing.T) {
	body := partial("a", "b")
	_, size := protowire.ConsumeBytes(bytes.TrimPrefix(body, []byte(string(protobufMagic)+"\n"))) // what kind of list it is
	begin := len(protobufMagic) + 1 + size
	_, size = protowire.ConsumeBytes(body[begin+1:])
	for cut := range begin + 1 + size {
		if cut < len(protobufMagic) {
			continue
		}
		if _, err := metadataList(bufio.NewReader(bytes.NewReader(body[:cut])), func(*objectMeta) error { return nil }); err == nil {
			t.Errorf("%d of %d bytes are read as a list", cut, len(body))
		}
	}
}

// FuzzMetadataList holds that no protobuf ends the process.
func FuzzMetadataList(f *testing.F) {
	f.Add(partial("a", "b"))
	f.Add(append(partial("a"), 0x12, 0x00))
	f.Add([]byte{})
	f.Add([]byte("k8s\x00\x12\xff\xff\xff\xff\x0f"))
	f.Fuzz(func(t *testing.T, body []byte) {
		size := 0
		_, err := metadataList(bufio.NewReader(bytes.NewReader(body)), func(m *objectMeta) error {
			size += len(m.uid) + len(m.version) + len(m.name) + len(m.namespace)
			return nil
		})
		if err != nil && !errors.Is(err, errProtobuf) && !errors.Is(err, errBroken) && !errors.Is(err, errTooLarge) {
			t.Errorf("%v", err)
		}
		if size > len(body)*4 {
			t.Errorf("%d bytes of %d", size, len(body))
		}
	})
}
